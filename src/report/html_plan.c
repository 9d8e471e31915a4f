/* What stands open as work: money and effort added up, and the roadmap drawn in dates, with the same as a table. Parent. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/html_parts.h"
#include "report/parts.h"

#define MOST_DRAWN 24
#define MOST_ITEMS 80
#define WIDTH 960
#define LABELS 250                   /* columns of the drawing for names */
#define ROW 22
#define LABEL_ROWS 5                 /* of steps' names above the drawing */
#define LABEL_ROW 16
#define LETTER 7                     /* columns that a letter of them takes */
#define NAME_WIDTH 32
#define DAY ((int64_t)86400)

/* --- sums --- */

static void put_amounts(struct html_page *p, const struct amounts *a)
{
    const char *currency = site_profile_text(p->r->pinned.site, "currency");
    struct buf b = BUF_INIT(1024);
    if (!(p->r->left_out & MATTER_PRICES)) {
        money_range((double)a->cost[0] / 100, (double)a->cost[1] / 100, currency, &b);
        html(&p->h, "<td class=\"n\">%s</td>", buf_str(&b));
        buf_reset(&b);
        money_range((double)a->yearly[0] / 100, (double)a->yearly[1] / 100, currency, &b);
        html(&p->h, "<td class=\"n\">%s</td>", buf_str(&b));
    }
    html(&p->h, "<td class=\"n\">%.1f to %.1f</td>", (double)a->effort[0] / 1000, (double)a->effort[1] / 1000);
    buf_clear(&b);
}

static const char *sum_name(const struct report *r, enum work_by by, const char *key)
{
    if (by == BY_MILESTONE)
        return key[0] ? front_milestone(key) : "blocks no step";
    if (by == BY_DOMAIN)
        return checklists_domain_title(r->pinned.checklists, key);
    if (by == BY_OWNER && key[0]) {
        const char *name = site_owner_name(r->pinned.site, key);
        return name ? name : key;
    }
    return key[0] ? key : "nobody";
}

static void put_sums(struct html_page *p, enum work_by by, const char *title, const char *head)
{
    struct work_sum *v = NULL;
    size_t n = work_sums(p->r->work, by, &v);
    bool priced = !(p->r->left_out & MATTER_PRICES);
    html_table_begin(&p->h, title);
    html(&p->h, "<caption>%s</caption><thead><tr><th scope=\"col\">%s</th><th scope=\"col\" class=\"n\">Items</th>", title, head);
    if (priced)
        html(&p->h, "<th scope=\"col\" class=\"n\">Once</th><th scope=\"col\" class=\"n\">A year</th>");
    html(&p->h, "<th scope=\"col\" class=\"n\">Days of work</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < n; i++) {
        html(&p->h, "<tr><th scope=\"row\">%s</th><td class=\"n\">%zu</td>", sum_name(p->r, by, v[i].key), v[i].items);
        put_amounts(p, &v[i].a);
        html(&p->h, "</tr>\n");
    }
    html(&p->h, "</tbody>");
    html_table_end(&p->h);
}

/* --- the drawing --- */

struct span { int64_t from, to; };

static long x_of(const struct span *s, int64_t t)
{
    int64_t at = t < s->from ? s->from : t > s->to ? s->to : t;
    return LABELS + (long)((at - s->from) * (WIDTH - LABELS - 20) / (s->to - s->from));
}

static struct span span_of(const struct roadmap *m)
{
    struct span s = { m->begin, m->begin + 28 * DAY };
    for (size_t i = 0; i < m->n_items && i < MOST_DRAWN; i++)
        if (m->items[i].ready > s.to)
            s.to = m->items[i].ready;
    for (size_t i = 0; i < m->n_gates; i++)
        if (m->gates[i].date > s.to)
            s.to = m->gates[i].date;
    if (s.to > m->begin + 730 * DAY)
        s.to = m->begin + 730 * DAY;         /* two years: what is later ends at the edge, and the table has its date */
    return s;
}

/* A step's name over its line; at the right edge it ends there. */
struct step_label { const struct roadmap_gate *g; const char *name; long x, from, to; size_t row; };

/* Each in the first row where it touches none before it; the last row takes what fits nowhere. Owned; *rows is how many are used. */
static struct step_label *label_steps(const struct roadmap *m, const struct span *s, size_t *n, size_t *rows)
{
    struct step_label *v = xcalloc(m->n_gates + 1, sizeof(*v));
    *n = *rows = 0;
    for (size_t i = 0; i < m->n_gates; i++) {
        const struct roadmap_gate *g = &m->gates[i];
        if (g->date < s->from || g->date > s->to)
            continue;
        struct step_label *l = &v[(*n)++];
        *l = (struct step_label){ .g = g, .name = front_milestone(g->milestone), .x = x_of(s, g->date) };
        long width = (long)text_width(l->name) * LETTER;
        l->from = l->x + width / 2 > WIDTH ? l->x - width : l->x - width / 2;
        l->to = l->from + width;
        for (size_t k = 0; k + 1 < *n; k++)
            if (v[k].row == l->row && l->row + 1 < LABEL_ROWS && v[k].from < l->to + LETTER && l->from < v[k].to + LETTER) {
                l->row++;
                k = (size_t)-1;              /* anew, in the next row */
            }
        *rows = l->row + 1 > *rows ? l->row + 1 : *rows;
    }
    return v;
}

static void draw_milestones(struct html_page *p, const struct step_label *v, size_t n, long height)
{
    for (size_t i = 0; i < n; i++) {
        long y = 12 + (long)v[i].row * LABEL_ROW;
        html(&p->h, "<line class=\"edge\" stroke=\"#56606a\" stroke-dasharray=\"4 3\" x1=\"%ld\" y1=\"%ld\" x2=\"%ld\" y2=\"%ld\"/>", v[i].x, y + 4, v[i].x, height);
        html(&p->h, "<text class=\"ink\" fill=\"#1b2127\" font-size=\"12\" text-anchor=\"%s\" x=\"%ld\" y=\"%ld\">%s</text>\n", v[i].to == v[i].x ? "end" : "middle", v[i].x, y, v[i].name);
    }
}

static void draw_item(struct html_page *p, const struct roadmap_item *it, long y, const struct span *s)
{
    struct buf name = BUF_INIT(1024);
    text_fit(&name, it->item->id, NAME_WIDTH, false);
    html(&p->h, "<text class=\"ink\" fill=\"#1b2127\" font-size=\"12\" x=\"0\" y=\"%ld\">%s</text>", y + 12, buf_str(&name));
    buf_clear(&name);
    if (!it->ready) {
        html(&p->h, "<text class=\"dimfill\" fill=\"#56606a\" font-size=\"12\" x=\"%d\" y=\"%ld\">%s</text>\n", LABELS, y + 12, roadmap_state_name(it->state));
        return;
    }
    long order = x_of(s, it->order_on ? it->order_on : it->start), start = x_of(s, it->start ? it->start : it->ready), ready = x_of(s, it->ready);
    if (start > order)
        html(&p->h, "<rect class=\"maybe\" fill=\"#a9c4df\" x=\"%ld\" y=\"%ld\" width=\"%ld\" height=\"6\"/>", order, y + 5, start - order);
    html(&p->h, "<rect class=\"%s\" fill=\"%s\" x=\"%ld\" y=\"%ld\" width=\"%ld\" height=\"14\"/>", it->late ? "bad" : "proven", it->late ? "#a8201a" : "#2d6aa6", start, y + 1,
         ready - start > 3 ? ready - start : 3);
    if (it->late)
        html(&p->h, "<text class=\"ink\" fill=\"#1b2127\" font-size=\"12\" text-anchor=\"%s\" x=\"%ld\" y=\"%ld\">late</text>", ready > WIDTH - 50 ? "end" : "start",
             ready > WIDTH - 50 ? start - 4 : ready + 5, y + 12);
}

static void draw(struct html_page *p, const struct roadmap *m)
{
    size_t n = m->n_items < MOST_DRAWN ? m->n_items : MOST_DRAWN;
    struct span s = span_of(m);
    size_t n_steps, rows;
    struct step_label *steps = label_steps(m, &s, &n_steps, &rows);
    long top = 12 + (long)rows * LABEL_ROW, height = top + (long)n * ROW + 24;
    char from[16], to[16];
    human_date(s.from, m->begin, from);
    human_date(s.to, m->begin, to);
    html(&p->h, "<div class=\"scroll\" role=\"region\" aria-label=\"The roadmap drawn\" tabindex=\"0\"><svg class=\"wide\" viewBox=\"0 0 %d %ld\" width=\"%d\" height=\"%ld\" role=\"img\" aria-labelledby=\"plan-t plan-d\">"
                "<title id=\"plan-t\">The roadmap from %s to %s</title><desc id=\"plan-d\">The table below has the same dates.</desc>\n", WIDTH, height, WIDTH, height, from, to);
    for (size_t i = 0; i < n; i++)
        draw_item(p, &m->items[i], top + (long)i * ROW, &s);
    draw_milestones(p, steps, n_steps, height - 20);
    free(steps);
    html(&p->h, "<text class=\"dimfill\" fill=\"#56606a\" font-size=\"12\" x=\"%d\" y=\"%ld\">%s</text><text class=\"dimfill\" fill=\"#56606a\" font-size=\"12\" text-anchor=\"end\" x=\"%d\" y=\"%ld\">%s</text></svg></div>\n",
         LABELS, height - 4, from, WIDTH - 20, height - 4, to);
}

/* --- the table --- */

static void put_day(struct html *h, int64_t t, int64_t now)
{
    char day[16] = "-";
    if (t)
        human_date(t, now, day);
    html(h, "<td class=\"nw\">%s</td>", day);
}

static void put_item(struct html_page *p, const struct roadmap_item *it, int64_t now)
{
    const struct work_item *w = it->item;
    struct html *h = &p->h;
    html(h, "<tr><th scope=\"row\">%s <a href=\"#c-%s\">%s</a></th><td>%s%s%s</td><td>%s</td>", w->id, w->lead->id, w->lead->fix ? w->lead->fix : w->lead->title, w->owner, w->co_owner ? " with " : "", w->co_owner,
         w->gate >= 0 ? front_milestone(p->r->work->milestones[w->gate].name) : horizon_name(w->horizon));
    put_day(h, it->order_by, now);
    put_day(h, it->start, now);
    put_day(h, it->ready, now);
    html(h, "<td>%s%s%s%s</td></tr>\n", roadmap_state_name(it->state), it->too_late ? ", too late" : it->late ? ", late" : "", it->takes ? ": " : "", it->takes);
}

static void put_items(struct html_page *p, const struct roadmap *m)
{
    html_table_begin(&p->h, "The roadmap");
    html(&p->h, "<thead><tr><th scope=\"col\">Work</th><th scope=\"col\">Owner</th><th scope=\"col\">For</th><th scope=\"col\">Order or begin by</th><th scope=\"col\">Begins</th>"
                "<th scope=\"col\">Ready</th><th scope=\"col\">State</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < m->n_items && i < MOST_ITEMS; i++)
        put_item(p, &m->items[i], m->begin);
    html(&p->h, "</tbody>");
    html_table_end(&p->h);
    if (m->n_items > MOST_ITEMS)
        html(&p->h, "<p>And %zu more: <code>preop roadmap</code>.</p>\n", m->n_items - MOST_ITEMS);
}

void html_plan(struct html_page *p)
{
    const struct roadmap *m = p->r->roadmap;
    if (html_is_left_out(p, MATTER_PLAN))
        return;
    if (m->n_items == 0) {
        html(&p->h, "<p>Nothing that was found has to be done.</p>\n");
        return;
    }
    html(&p->h, "<p>What fails as things to do: a fix that several checks ask for is counted once. What is unknown is not in it.</p>\n");
    put_sums(p, BY_MILESTONE, "By the step that it blocks", "Step");
    put_sums(p, BY_OWNER, "By who does it", "Owner");
    put_sums(p, BY_DOMAIN, "By domain", "Domain");
    if (!(p->r->left_out & MATTER_DECISIONS))
        put_sums(p, BY_REMEDY, "By what was decided", "Remedy");
    html(&p->h, "<h3>The roadmap</h3>\n<p>In order of importance, at the high estimates, within what each owner can do in a month. A thin bar is waiting for an order, a thick one is work; "
                "dashed lines are the steps of the deal.</p>\n");
    draw(p, m);
    put_items(p, m);
}
