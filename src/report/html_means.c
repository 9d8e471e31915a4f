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

static void put_exposure(struct html_page *p, const struct impact_item *item, const struct impact_exposure *e)
{
    struct buf b = BUF_INIT(4096);
    impact_exposure_text(e, &b);
    html(&p->h, "<tr><th scope=\"row\"><a href=\"#c-%s\">%s</a></th><td data-is=\"Comes to\">%s%s</td><td data-is=\"Rests on\">%s<code>%s</code></td></tr>\n", item->check->id, item->check->title,
         item->unknown ? "not excluded, for nobody could see it: " : "", buf_str(&b), e->missing ? "it lacks " : "", "profile.patient_records");
    buf_clear(&b);
}

/* Day 1: which share of the visits each check that stops it touches. */
static void put_shares(struct html_page *p, const struct impact_day1 *d)
{
    struct buf b = BUF_INIT(4096);
    html(&p->h, "<h3>Day 1, as the clinic is</h3>\n<p>What has to hold before day 1 and does not, or could not be seen. Shares may lie over each other, so at least the largest counts and at most their sum. "
                "Assumed: the visits are spread evenly over rooms and people.</p>\n<ul>\n");
    for (size_t i = 0; i < d->n_shares; i++) {
        const struct impact_share *s = &d->shares[i];
        if (!s->known && !s->missing)
            continue;
        buf_reset(&b);
        impact_share_text(s, &b);
        html(&p->h, "<li><a href=\"#c-%s\">%s</a>: %s", s->check->id, s->check->title, buf_str(&b));
        if (s->missing)
            html(&p->h, "; it lacks <code>%s</code>", s->missing);
        html(&p->h, "</li>\n");
    }
    html(&p->h, "</ul>\n");
    if (d->n_without)
        html(&p->h, "<p>Of %zu failures that stop day 1, %zu have no share: nobody has said how many visits they touch.</p>\n", d->n_failing, d->n_without);
    buf_clear(&b);
}

void html_means(struct html_page *p)
{
    const struct impact *m = p->r->impact;
    if (impact_day1_told(&m->day1))
        put_shares(p, &m->day1);
    if (m->n_items == 0) {
        if (p->f->means.none)
            html(&p->h, "<p>%s</p>\n", p->f->means.none);
        return;
    }
    html(&p->h, "<h3>Check by check</h3>\n");
    html(&p->h, "<p>Each figure is a range: the low end takes every low input, the high end every high one. What the site's file says under the name given replaces what is assumed. "
                "Of one cause only the largest figure counts.</p>\n");
    html(&p->h, "<table class=\"stack\">\n<thead><tr><th scope=\"col\">What should hold, and does not</th><th scope=\"col\">What it comes to</th><th scope=\"col\">What that rests on</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < m->n_items; i++) {
        const struct impact_item *item = &m->items[i];
        for (size_t k = 0; k < item->n_figures; k++)
            put_figure(p, item, &item->figures[k]);
        if (item->n_figures == 0)
            put_exposure(p, item, &m->exposure);
    }
    html(&p->h, "</tbody></table>\n");
}
