/* What was decided and what it came to: planned beside actual, for each piece of work and in sum. Parent. */
#include "base/clock.h"
#include "report/html_parts.h"
#include "report/parts.h"
#include "report/realised_out.h"

#define MOST_ROWS 80

static void put_row(struct html *h, const struct realised_view *v, const struct realised_row *row)
{
    struct buf b = BUF_INIT(4096);
    char day[DATE_LEN];
    date_format(row->decision->date, day);
    html(h, "<tr><th scope=\"row\">%s%s%s</th><td>%s%s</td><td class=\"nw\">%s</td>", row->remedy->item, row->title ? ": " : "", row->title, remedy_name(row->remedy->remedy),
         row->superseded ? ", decided anew since" : "", day);
    if (v->prices) {
        realised_cost_text(v, row, &b);
        html(h, "<td>%s</td>", buf_str(&b));
        buf_reset(&b);
    }
    if (v->days) {
        realised_days_text(row, &b);
        html(h, "<td>%s</td>", buf_str(&b));
    }
    html(h, "</tr>\n");
    buf_clear(&b);
}

static void put_sum(struct html *h, const struct realised_view *v)
{
    struct buf b = BUF_INIT(4096);
    if (v->prices) {
        realised_sum_text(v, true, &b);
        html(h, "<p>Money once: %s.</p>\n", buf_str(&b));
        buf_reset(&b);
    }
    if (v->days) {
        realised_sum_text(v, false, &b);
        html(h, "<p>Work: %s.</p>\n", buf_str(&b));
    }
    buf_clear(&b);
}

void html_realised(struct html_page *p)
{
    const struct report *r = p->r;
    struct html *h = &p->h;
    const struct realised_view v = report_realised_view(r);
    size_t shown = 0;
    if (html_is_left_out(p, MATTER_DECISIONS))
        return;
    if (v.r->n == 0) {
        html(h, "<p>No decision says yet what is to become of a piece of work.</p>\n");
        return;
    }
    html(h, "<p>Planned is what the run said that was decided on. What has no figure yet is not known, and is in no sum.</p>\n");
    html_table_begin(h, "What was decided, and what it came to");
    html(h, "<thead><tr><th scope=\"col\">Work</th><th scope=\"col\">Decided</th><th scope=\"col\">On</th>");
    if (v.prices)
        html(h, "<th scope=\"col\">Money once</th>");
    if (v.days)
        html(h, "<th scope=\"col\">Days of work</th>");
    html(h, "</tr></thead>\n<tbody>\n");
    for (; shown < v.r->n && shown < MOST_ROWS; shown++)
        put_row(h, &v, &v.r->rows[shown]);
    html(h, "</tbody>");
    html_table_end(h);
    if (v.r->n > shown)
        html(h, "<p>And %zu more: <code>preop report --format json</code>.</p>\n", v.r->n - shown);
    put_sum(h, &v);
}
