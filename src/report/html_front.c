/* The first page: asked, milestones, what stands in the way, money, patients and staff, how sure, since, to decide; in this order. Parent. */
#include <string.h>

#include "report/html_parts.h"
#include "report/parts.h"

#define MOST_OBSTACLES 8
#define MOST_ASSUMED 5

static const char *frame_class(const char *verdict)
{
    static const char *const classes[] = { [INK_GOOD] = "v-good", [INK_BAD] = "v-bad", [INK_WARN] = "v-warn" };
    return classes[verdict_ink(verdict)];
}

static void put_asked(struct html_page *p)
{
    const struct front *f = p->f;
    html(&p->h, "<div class=\"asked %s\"><p class=\"q\">%s</p>\n", f->asked ? frame_class(f->asked->verdict) : "", f->question);
    if (f->asked) {
        html(&p->h, "<p>");
        html_status(&p->h, f->asked->verdict);
        html(&p->h, ": %s</p>", f->answer);
    }
    html(&p->h, "</div>\n");
}

static void put_gates(struct html_page *p)
{
    const struct front *f = p->f;
    html(&p->h, "<h3>Each step of the deal</h3>\n");
    if (f->n_gates == 0) {
        html(&p->h, "<p>No milestone is set.</p>\n");
        return;
    }
    html(&p->h, "<table class=\"stack\">\n<thead><tr><th scope=\"col\">Step</th><th scope=\"col\">Date</th><th scope=\"col\">Verdict</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < f->n_gates; i++) {
        const struct front_gate *g = &f->gates[i];
        html(&p->h, "<tr><th scope=\"row\">%s</th><td class=\"nw\" data-is=\"Date\">%s</td><td>", g->name, g->date);
        html_status(&p->h, g->verdict);
        html(&p->h, "</td><td>%s</td></tr>\n", g->note);
    }
    html(&p->h, "</tbody></table>\n");
}

/* A refusal is no answer, and it is told like what was found. */
static void put_refused(struct html_page *p)
{
    const struct front *f = p->f;
    if (f->n_refused == 0)
        return;
    html(&p->h, "<p>%zu %s for which a step waits %s refused (<a href=\"#requests\">all requests</a>):</p>\n<ul>\n", f->n_refused, plural(f->n_refused, "answer", "answers"),
         plural(f->n_refused, "was", "were"));
    for (size_t i = 0; i < f->n_refused_lines; i++)
        html(&p->h, "<li>%s</li>\n", f->refused[i]);
    if (f->n_refused > f->n_refused_lines)
        html(&p->h, "<li>and %zu more</li>\n", f->n_refused - f->n_refused_lines);
    html(&p->h, "</ul>\n");
}

static void put_obstacles(struct html_page *p)
{
    const struct front *f = p->f;
    html(&p->h, "<h3>What stands in the way</h3>\n");
    if (f->n_obstacles == 0)
        html(&p->h, "<p>Nothing that was found blocks a step.</p>\n");
    else
        html(&p->h, "<table class=\"stack\">\n<thead><tr><th scope=\"col\">What should hold, and does not</th><th scope=\"col\">Step</th><th scope=\"col\">Who owns it</th><th scope=\"col\">By when</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < f->n_obstacles && i < MOST_OBSTACLES; i++) {
        const struct front_obstacle *o = &f->obstacles[i];
        html(&p->h, "<tr><th scope=\"row\"><a href=\"#c-%s\">%s</a> <span class=\"what\">%s</span></th><td data-is=\"Step\">%s</td><td data-is=\"Owner\">%s</td><td>%s</td></tr>\n",
             o->c->def->id, o->title, o->what, o->milestone, o->owner, o->by);
    }
    if (f->n_obstacles)
        html(&p->h, "</tbody></table>\n");
    if (f->n_obstacles > MOST_OBSTACLES)
        html(&p->h, "<p>And %zu more: <a href=\"#checks\">every check</a>.</p>\n", f->n_obstacles - MOST_OBSTACLES);
    put_refused(p);
    if (f->n_missing == 0)
        return;
    html(&p->h, "<p>%zu %s that must hold %s no answer. What would settle most of what is unknown:</p>\n<ul>\n", f->n_missing, plural(f->n_missing, "check", "checks"),
         plural(f->n_missing, "has", "have"));
    for (size_t i = 0; i < f->n_missing_lines; i++)
        html(&p->h, "<li>%s</li>\n", f->missing[i]);
    html(&p->h, "</ul>\n");
}

static void put_money(struct html_page *p)
{
    html(&p->h, "<h3>Money</h3>\n");
    if (html_is_left_out(p, MATTER_PRICES))
        return;
    html(&p->h, "<p>To mend what was found: <strong>%s</strong>. %s</p>\n", p->f->money, p->f->money_without ? p->f->money_without : "");
}

static void put_list(struct html_page *p, const char *before, const char *const *list, size_t n, size_t most)
{
    html(&p->h, "%s ", before);
    for (size_t i = 0; i < n && i < most; i++)
        html(&p->h, "%s%s", i ? "; " : "", list[i]);
    if (n > most)
        html(&p->h, "; and %zu more", n - most);
    html(&p->h, ". ");
}

/* Bounds, what they rest on, and what nobody has said; each check's part has a section of its own. */
static void put_means(struct html_page *p)
{
    const struct impact_words *w = &p->f->means;
    html(&p->h, "<h3>What it means for patients and staff</h3>\n");
    if (w->n_lines) {
        html(&p->h, "<ul>\n");
        for (size_t i = 0; i < w->n_lines; i++)
            html(&p->h, "<li>%s</li>\n", w->lines[i]);
        html(&p->h, "</ul>\n");
    }
    html(&p->h, "<p class=\"%s\">", w->none ? "" : "dim");
    if (w->none)
        html(&p->h, "%s ", w->none);
    else
        html(&p->h, "Bounds, no forecast; hours, visits and money are never added. ");
    if (w->n_lines && w->n_assumed)
        put_list(p, "Assumed:", w->assumed, w->n_assumed, MOST_ASSUMED);
    if (w->n_lacks)
        put_list(p, "Nobody has said", w->lacks, w->n_lacks, MOST_ASSUMED);
    html(&p->h, "<a href=\"#means\">Each figure with what it rests on</a></p>\n");
}

static void put_decide(struct html_page *p)
{
    html(&p->h, "<h3>To decide</h3>\n");
    if (html_is_left_out(p, MATTER_DECISIONS))
        return;
    if (p->f->n_decide == 0)
        html(&p->h, "<p>Nothing is asked.</p>\n");
    else
        html(&p->h, "<ul class=\"ticks\">\n");
    for (size_t i = 0; i < p->f->n_decide; i++) {
        const char *text = p->f->decide[i];
        size_t len = strlen(text);
        html(&p->h, "<li><span class=\"box\" aria-hidden=\"true\"></span>%s", text);
        if (len && text[len - 1] == ':')
            html(&p->h, " <span class=\"rule\" aria-hidden=\"true\"></span>");
        html(&p->h, "</li>\n");
    }
    if (p->f->n_decide)
        html(&p->h, "</ul>\n");
}

void html_front(struct html_page *p)
{
    put_asked(p);
    put_gates(p);
    put_obstacles(p);
    put_money(p);
    put_means(p);
    html(&p->h, "<h3>How sure are we?</h3>\n<p>%s</p>\n", p->f->sure);
    html(&p->h, "<h3>What changed</h3>\n<p>%s <a href=\"#changes\">In detail</a></p>\n", p->f->since);
    put_decide(p);
}
