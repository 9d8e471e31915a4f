/* The score by domain, and over time. Drawings have the same figures beside them as words or as a table. Parent. */
#include <stdlib.h>

#include "base/clock.h"
#include "report/html_parts.h"
#include "report/parts.h"

void html_domains(struct html_page *p)
{
    const struct report *r = p->r;
    struct html *h = &p->h;
    html(h, "<p>%s What is proven is drawn full, what is only possible in a thinner bar.</p>\n", p->f->sure);
    if (r->results.n_scores <= 1)
        html(h, "<p>No domain was judged.</p>\n");
    html_table_begin(h, "The score of each domain");
    html(h, "<thead><tr><th scope=\"col\">Domain</th><th scope=\"col\">0 to 100</th><th scope=\"col\" class=\"n\">Proven</th><th scope=\"col\" class=\"n\">At most</th>"
            "<th scope=\"col\" class=\"n\">Seen</th><th scope=\"col\" class=\"n\">Checks</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < r->results.n_scores; i++) {
        const struct score_row *s = &r->results.scores[i];
        char low[8], high[8], seen[8];
        if (strcmp(s->level, "domain") != 0)
            continue;
        html(h, "<tr><th scope=\"row\">%s</th>", checklists_domain_title(r->pinned.checklists, s->id));
        if (s->low < 0) {
            html(h, "<td colspan=\"4\">not assessed</td><td class=\"n\">%ld</td></tr>\n", (long)s->n_checks);
            continue;
        }
        score_percent(s->low, low);
        score_percent(s->high, high);
        score_percent(SCORE_ONE - (s->high - s->low), seen);
        html(h, "<td>");
        html_bar(h, s->low, s->high);
        html(h, "</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%ld</td></tr>\n", low, high, seen, (long)s->n_checks);
    }
    html(h, "</tbody>");
    html_table_end(h);
}

/* --- over time --- */

#define MOST_RUNS 24
#define WIDTH 640
#define HEIGHT 220
#define LEFT 40
#define TOP 12
#define BOTTOM 40

static long y_of(int64_t ppb)
{
    return TOP + (HEIGHT - TOP - BOTTOM) - (long)(ppb / (SCORE_ONE / 1000)) * (HEIGHT - TOP - BOTTOM) / 1000;
}

/* Runs stand at even distances: what matters is their order, and two visits may be an hour apart. */
static long x_of(size_t i, size_t n)
{
    return LEFT + (long)(WIDTH - LEFT - 20) * (long)(2 * i + 1) / (long)(2 * n);
}

static void draw_grid(struct html *h)
{
    for (int k = 0; k <= 4; k++) {
        long y = y_of(SCORE_ONE / 4 * k);
        html(h, "<line class=\"grid\" stroke=\"#c9d0d7\" x1=\"%d\" y1=\"%ld\" x2=\"%d\" y2=\"%ld\"/><text class=\"dimfill\" fill=\"#56606a\" font-size=\"12\" text-anchor=\"end\" x=\"%d\" y=\"%ld\">%d</text>\n",
             LEFT, y, WIDTH - 10, y, LEFT - 6, y + 4, k * 25);
    }
}

static void draw_run(struct html *h, const struct report *r, const struct trend_point *t, size_t i, size_t n)
{
    char day[16];
    long x = x_of(i, n), half = 9;
    human_day(r->pinned.site->timezone, t->started, r->run.as_of, day);
    if (t->low >= 0) {
        long low = y_of(t->low), high = y_of(t->high);
        html(h, "<rect class=\"maybe\" fill=\"#a9c4df\" x=\"%ld\" y=\"%ld\" width=\"%ld\" height=\"%ld\"/>", x - half / 2, high, half, low - high);
        html(h, "<rect class=\"proven\" fill=\"#2d6aa6\" x=\"%ld\" y=\"%ld\" width=\"%ld\" height=\"%ld\"/>", x - half, low, 2 * half, y_of(0) - low);
    }
    html(h, "<text class=\"ink\" fill=\"#1b2127\" font-size=\"12\" text-anchor=\"middle\" x=\"%ld\" y=\"%d\">%ld</text>", x, HEIGHT - 22, (long)t->run);
    if (n <= 10 || i % 3 == 0)
        html(h, "<text class=\"dimfill\" fill=\"#56606a\" font-size=\"11\" text-anchor=\"middle\" x=\"%ld\" y=\"%d\">%s</text>\n", x, HEIGHT - 7, day);
}

static void put_trend_table(struct html *h, const struct report *r, const struct trend_point *v, size_t n)
{
    html_table_begin(h, "The score of each run");
    html(h, "<thead><tr><th scope=\"col\">Run</th><th scope=\"col\">Day</th><th scope=\"col\">Label</th><th scope=\"col\" class=\"n\">Proven</th><th scope=\"col\" class=\"n\">At most</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < n; i++) {
        char day[16], low[8] = "-", high[8] = "-";
        human_day(r->pinned.site->timezone, v[i].started, r->run.as_of, day);
        if (v[i].low >= 0) {
            score_percent(v[i].low, low);
            score_percent(v[i].high, high);
        }
        html(h, "<tr><th scope=\"row\">%ld</th><td>%s</td><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n", (long)v[i].run, day, v[i].label, low, high);
    }
    html(h, "</tbody>");
    html_table_end(h);
}

void html_trend(struct html_page *p)
{
    const struct report *r = p->r;
    struct html *h = &p->h;
    size_t skipped = r->n_trend > MOST_RUNS ? r->n_trend - MOST_RUNS : 0, n = r->n_trend - skipped;
    const struct trend_point *v = r->trend + skipped;
    if (n < 2) {
        html(h, "<p>%s</p>\n", n == 0 ? "This run is not sealed, and none is before it." : "This is the first run: there is no trend yet.");
        return;
    }
    html(h, "<p>Each run by its number: what was proven ready (wide bar), and the most that was possible (thin bar above it). Runs may have used different checklists; "
            "<code>preop compare</code> takes that apart.</p>\n");
    html(h, "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-labelledby=\"trend-t trend-d\"><title id=\"trend-t\">The score over %zu runs</title>"
            "<desc id=\"trend-d\">The table below has the same figures.</desc>\n", WIDTH, HEIGHT, WIDTH, HEIGHT, n);
    draw_grid(h);
    for (size_t i = 0; i < n; i++)
        draw_run(h, r, &v[i], i, n);
    html(h, "</svg>\n");
    put_trend_table(h, r, v, n);
    if (skipped)
        html(h, "<p>%zu earlier runs: <code>preop history</code>.</p>\n", skipped);
}
