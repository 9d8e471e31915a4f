/* What it means for patients and staff, check by check: each figure with everything that it rests on. Parent. */
#include <string.h>

#include "report/html_parts.h"

/* The key is for those who keep the site's folder: it overrides what is assumed. */
static void put_values(struct html_page *p, const struct impact_figure *f)
{
    struct buf b = BUF_INIT(16384);
    html(&p->h, "<ul>");
    for (size_t i = 0; i < f->n_values; i++) {
        const struct impact_value *v = &f->values[i];
        if (!v->key)
            continue;
        buf_reset(&b);
        impact_value_text(v, &b);
        html(&p->h, "<li>%s%s%s <code>%s</code></li>", v->how >= CLASS_C ? "assumed: " : "", buf_str(&b),
             f->narrow && strcmp(f->narrow, v->key) == 0 ? "; to know this better would narrow it most" : "", v->key);
    }
    if (f->counted && f->missing)
        html(&p->h, "<li>no money, for it lacks <code>%s</code></li>", f->missing);
    html(&p->h, "</ul>");
    buf_clear(&b);
}

static void put_figure(struct html_page *p, const struct impact_item *item, const struct impact_figure *f)
{
    struct buf b = BUF_INIT(16384);
    if (f->counted)
        impact_figure_text(p->r, f, &b);
    else
        impact_lack_text(f, &b);
    html(&p->h, "<tr><th scope=\"row\"><a href=\"#c-%s\">%s</a></th><td data-is=\"Comes to\">%s%s", item->check->id, item->check->title,
         item->unknown && f->counted ? "not excluded, for nobody could see it: " : "", buf_str(&b));
    if (f->contained_in)
        html(&p->h, "; not added, for <a href=\"#c-%s\">%s</a> has the same cause and is larger", f->contained_in, f->contained_in);
    html(&p->h, "</td><td data-is=\"Rests on\">");
    if (f->counted)
        put_values(p, f);
    else if (f->missing)
        html(&p->h, "it lacks <code>%s</code>", f->missing);
    html(&p->h, "</td></tr>\n");
    buf_clear(&b);
}

void html_means(struct html_page *p)
{
    const struct impact *m = p->r->impact;
    if (m->n_items == 0) {
        html(&p->h, "<p>%s</p>\n", p->f->means.none);
        return;
    }
    html(&p->h, "<p>Each figure is a range: the low end takes every low input, the high end every high one. What the site's file says under the name given replaces what is assumed. "
                "Of one cause only the largest figure counts.</p>\n");
    html(&p->h, "<table class=\"stack\">\n<thead><tr><th scope=\"col\">What should hold, and does not</th><th scope=\"col\">What it comes to</th><th scope=\"col\">What that rests on</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < m->n_items; i++) {
        const struct impact_item *item = &m->items[i];
        for (size_t k = 0; k < item->n_figures; k++)
            put_figure(p, item, &item->figures[k]);
        if (item->n_figures == 0)
            html(&p->h, "<tr><th scope=\"row\"><a href=\"#c-%s\">%s</a></th><td data-is=\"Comes to\">rare and large: words, no figure</td><td></td></tr>\n", item->check->id, item->check->title);
    }
    html(&p->h, "</tbody></table>\n");
}
