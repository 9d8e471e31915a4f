/* What decisions came to, as text and JSON. Parent. */
#include "report/realised_out.h"

#include "base/clock.h"
#include "report/parts.h"

/* --- words --- */

static void amount_text(const struct realised_view *v, bool money, const int64_t range[2], struct buf *out)
{
    if (money)
        money_range((double)range[0] / 100, (double)range[1] / 100, v->currency, out);
    else if (range[0] == range[1])
        buf_printf(out, "%g %s", (double)range[0] / 1000, range[0] == 1000 ? "day" : "days");
    else
        buf_printf(out, "%g to %g days", (double)range[0] / 1000, (double)range[1] / 1000);
}

static void pair_text(const struct realised_view *v, const struct realised_row *row, bool money, bool known, int64_t actual, struct buf *out)
{
    const int64_t exact[2] = { actual, actual };
    if (money ? row->planned_cost : row->planned_days) {
        buf_puts(out, "planned ");
        amount_text(v, money, money ? row->a.cost : row->a.effort, out);
    } else {
        buf_puts(out, "not known what was planned");
    }
    buf_puts(out, known ? ", came to " : ", not known yet what it came to");
    if (known)
        amount_text(v, money, exact, out);
}

void realised_cost_text(const struct realised_view *v, const struct realised_row *row, struct buf *out)
{
    int64_t cents;
    bool known = realised_cost(row->remedy, &cents);
    pair_text(v, row, true, known, cents, out);
}

void realised_days_text(const struct realised_row *row, struct buf *out)
{
    int64_t days;
    bool known = realised_days(row->remedy, &days);
    pair_text(NULL, row, false, known, days, out);
}

void realised_sum_text(const struct realised_view *v, bool money, struct buf *out)
{
    const struct realised_sum *s = money ? &v->r->cost : &v->r->days;
    const int64_t actual[2] = { s->actual, s->actual }, other[2] = { s->actual_unplanned, s->actual_unplanned };
    if (s->compared > 0) {
        buf_printf(out, "%zu compared: planned ", s->compared);
        amount_text(v, money, s->planned, out);
        buf_puts(out, ", came to ");
        amount_text(v, money, actual, out);
    } else {
        buf_puts(out, "nothing to compare yet");
    }
    if (s->unplanned > 0) {
        buf_printf(out, "; %zu more came to ", s->unplanned);
        amount_text(v, money, other, out);
        buf_puts(out, ", without a known plan");
    }
    if (s->open > 0)
        buf_printf(out, "; of %zu it is not known yet", s->open);
}

struct realised_view report_realised_view(const struct report *r)
{
    return (struct realised_view){ r->realised, site_profile_text(r->pinned.site, "currency"), !(r->left_out & MATTER_PRICES), !(r->left_out & MATTER_PLAN) };
}

/* --- text --- */

static void put_row(struct page *p, const struct realised_view *v, const struct realised_row *row)
{
    struct buf b = BUF_INIT(4096);
    char day[DATE_LEN];
    date_format(row->decision->date, day);
    page_wrap(p, INK_PLAIN, 3, " - %s%s%s: %s, decided on %s%s", row->remedy->item, row->title ? " " : "", row->title ? row->title : "", remedy_name(row->remedy->remedy), day,
              row->superseded ? ", and anew since" : "");
    if (v->prices) {
        realised_cost_text(v, row, &b);
        page_wrap(p, INK_PLAIN, 11, "     once  %s", buf_str(&b));
        buf_reset(&b);
    }
    if (v->days) {
        realised_days_text(row, &b);
        page_wrap(p, INK_PLAIN, 11, "     work  %s", buf_str(&b));
        buf_reset(&b);
    }
    if (v->prices && row->remedy->has_amount) {
        human_money(row->remedy->amount, v->currency, &b);
        page_wrap(p, INK_PLAIN, 5, "     agreed %s", buf_str(&b));
    }
    if (row->why)
        page_wrap(p, INK_DIM, 5, "     %s", row->why);
    buf_clear(&b);
}

void realised_text(struct page *p, const struct realised_view *v)
{
    struct buf b = BUF_INIT(4096);
    if (v->r->n == 0)
        return;
    page_heading(p, "WHAT WAS DECIDED, AND WHAT IT CAME TO", "");
    for (size_t i = 0; i < v->r->n; i++)
        put_row(p, v, &v->r->rows[i]);
    if (v->prices) {
        realised_sum_text(v, true, &b);
        page_wrap(p, INK_STRONG, 7, " Once  %s", buf_str(&b));
        buf_reset(&b);
    }
    if (v->days) {
        realised_sum_text(v, false, &b);
        page_wrap(p, INK_STRONG, 7, " Work  %s", buf_str(&b));
    }
    buf_clear(&b);
}

/* --- JSON --- */

static json_t *text_json(const char *s)
{
    return s ? json_string(s) : json_null();
}

static json_t *pair_json(bool known, const int64_t v[2], double unit)
{
    return known ? json_pack("[f, f]", (double)v[0] / unit, (double)v[1] / unit) : json_null();
}

static json_t *number_json(bool known, double v)
{
    return known ? json_real(v) : json_null();
}

static json_t *row_json(const struct realised_view *v, const struct realised_row *row)
{
    static const char *const states[WORK_STATES] = { "open", "waived", "unknown" };
    const struct remedy *r = row->remedy;
    char day[DATE_LEN];
    json_t *j = json_object();
    date_format(row->decision->date, day);
    json_object_set_new(j, "item", json_string(r->item));
    json_object_set_new(j, "title", text_json(row->title));
    json_object_set_new(j, "remedy", json_string(remedy_name(r->remedy)));
    json_object_set_new(j, "decided_on", json_string(day));
    json_object_set_new(j, "run", row->run ? json_integer(row->run) : json_null());
    json_object_set_new(j, "state", text_json(row->title ? states[row->state] : NULL));
    json_object_set_new(j, "planned_cost", pair_json(v->prices && row->planned_cost, row->a.cost, 100));
    json_object_set_new(j, "planned_days", pair_json(v->days && row->planned_days, row->a.effort, 1000));
    json_object_set_new(j, "not_planned_because", text_json(row->why));
    json_object_set_new(j, "agreed", number_json(v->prices && r->has_amount, r->amount));
    json_object_set_new(j, "actual_cost", number_json(v->prices && r->has_actual_cost, r->actual_cost));
    json_object_set_new(j, "actual_days", number_json(v->days && r->has_actual_days, r->actual_days));
    json_object_set_new(j, "decided_again", json_boolean(row->superseded));
    return j;
}

static json_t *sum_json(const struct realised_sum *s, bool shown, double unit)
{
    if (!shown)
        return json_null();
    json_t *j = json_object();
    json_object_set_new(j, "compared", json_integer((json_int_t)s->compared));
    json_object_set_new(j, "planned", pair_json(s->compared > 0, s->planned, unit));
    json_object_set_new(j, "actual", number_json(s->compared > 0, (double)s->actual / unit));
    json_object_set_new(j, "without_actual", json_integer((json_int_t)s->open));
    json_object_set_new(j, "without_plan", json_integer((json_int_t)s->unplanned));
    json_object_set_new(j, "actual_without_plan", number_json(s->unplanned > 0, (double)s->actual_unplanned / unit));
    return j;
}

json_t *realised_json(const struct realised_view *v)
{
    json_t *items = json_array();
    for (size_t i = 0; i < v->r->n; i++)
        json_array_append_new(items, row_json(v, &v->r->rows[i]));
    return json_pack("{s:o, s:o, s:o}", "items", items, "cost", sum_json(&v->r->cost, v->prices, 100), "days", sum_json(&v->r->days, v->days, 1000));
}
