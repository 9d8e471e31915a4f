/* The roadmap as text. Parent. */
#include <stdlib.h>

#include "base/clock.h"
#include "report/parts.h"
#include "report/realised_out.h"
#include "report/roadmap_out.h"

struct view { const struct roadmap_page *r; const struct roadmap *map; struct page p; const char *currency; };

static void date_text(const struct view *v, int64_t t, char out[16])
{
    human_date(t, v->map->begin, out);
}

static void range_of_money(const struct view *v, const int64_t cents[2], const char *what, struct buf *out)
{
    if (cents[1] == 0)
        return;
    buf_puts(out, out->len ? ", " : "");
    human_money((double)cents[0] / 100, v->currency, out);
    if (cents[0] != cents[1]) {
        buf_puts(out, " to ");
        human_money((double)cents[1] / 100, v->currency, out);
    }
    buf_printf(out, " %s", what);
}

static void amounts_text(const struct view *v, const struct amounts *a, struct buf *out)
{
    double low = (double)a->effort[0] / 1000, high = (double)a->effort[1] / 1000;
    range_of_money(v, a->cost, "once", out);
    range_of_money(v, a->yearly, "a year", out);
    if (a->effort[1] > 0 && a->effort[0] == a->effort[1])
        buf_printf(out, "%s%g person-days", out->len ? ", " : "", high);
    else if (a->effort[1] > 0)
        buf_printf(out, "%s%g to %g person-days", out->len ? ", " : "", low, high);
}

/* --- head --- */

static void put_head(struct view *v)
{
    const struct work_set *w = v->map->work;
    struct amounts open = work_total(w, WORK_OPEN), unknown = work_total(w, WORK_UNKNOWN), waived = work_total(w, WORK_WAIVED);
    struct buf left = BUF_INIT(4096), right = BUF_INIT(256), b = BUF_INIT(4096);
    char begin[16];
    date_text(v, v->map->begin, begin);
    buf_printf(&left, "Roadmap, %s", v->r->title);
    buf_printf(&right, "of run %lld, planned from %s", (long long)v->r->run->id, begin);
    page_both(&v->p, INK_STRONG, 2, buf_str(&left), buf_str(&right));
    for (size_t i = 0; i < v->r->n_what_if; i++)
        page_line(&v->p, INK_WARN, "What if: %s", v->r->what_if[i]);
    buf_printf(&b, "%zu %s", v->map->n_items, plural(v->map->n_items, "item", "items"));
    amounts_text(v, &open, &b);
    page_wrap(&v->p, INK_PLAIN, 12, "Open        %s", buf_str(&b));
    buf_reset(&b);
    if (unknown.cost[1] + unknown.yearly[1] + unknown.effort[1] > 0) {
        const int64_t once[2] = { unknown.cost[1], unknown.cost[1] }, yearly[2] = { unknown.yearly[1], unknown.yearly[1] };
        range_of_money(v, once, "once", &b);
        range_of_money(v, yearly, "a year", &b);
        buf_printf(&b, "%s%g person-days", b.len ? ", " : "", (double)unknown.effort[1] / 1000);
        page_wrap(&v->p, INK_PLAIN, 12, "Not in it   what is unknown, up to %s", buf_str(&b));
    }
    buf_reset(&b);
    amounts_text(v, &waived, &b);
    if (b.len)
        page_wrap(&v->p, INK_PLAIN, 12, "Not in it   what is waived: %s", buf_str(&b));
    page_wrap(&v->p, INK_PLAIN, 12, "How         at the high estimates, in each owner's person-days per month, Monday to Friday; holidays are not known");
    buf_clear(&left);
    buf_clear(&right);
    buf_clear(&b);
}

/* --- milestones --- */

static void put_milestone(struct view *v, const struct roadmap_gate *g)
{
    char date[16] = "no date", ready[16] = "-", from[16], to[16];
    struct buf b = BUF_INIT(4096);
    static const size_t widths[] = { 14, 12, 12, 0 };
    if (g->date)
        date_text(v, g->date, date);
    if (g->ready)
        date_text(v, g->ready, ready);
    if (g->has_earliest) {
        date_text(v, g->earliest[0], from);
        date_text(v, g->earliest[1], to);
        buf_printf(&b, "%s to %s", from, to);
    } else if (g->why) {
        buf_printf(&b, "not known: %s", g->why);
    } else {
        buf_puts(&b, "nothing is open or unknown");
    }
    if (g->too_late)
        buf_puts(&b, "; too late for its date");
    const char *cells[] = { g->milestone, date, ready, buf_str(&b) };
    page_row(&v->p, g->too_late ? INK_BAD : INK_PLAIN, cells, widths, N_ELEMENTS(cells));
    buf_clear(&b);
}

static void put_milestones(struct view *v)
{
    static const char *const head[] = { "", "date", "this plan", "earliest, at best and at worst" };
    static const size_t widths[] = { 14, 12, 12, 0 };
    if (v->map->n_gates == 0)
        return;
    page_heading(&v->p, "MILESTONES", "");
    page_row(&v->p, INK_DIM, head, widths, N_ELEMENTS(head));
    for (size_t i = 0; i < v->map->n_gates; i++)
        put_milestone(v, &v->map->gates[i]);
}

/* --- items --- */

static void put_when(struct view *v, const struct roadmap_item *r, struct buf *b)
{
    char order[16], from[16], to[16], ready[16];
    if (!r->ready) {
        buf_puts(b, "; no date");
        return;
    }
    date_text(v, r->order_on, order);
    date_text(v, r->ready, ready);
    date_text(v, day_monday(day_of(r->start)) * DAY_S, from);
    date_text(v, day_monday(day_of(r->ready) - 1) * DAY_S, to);
    if (r->item->lead_days[1] > 0)
        buf_printf(b, "; order %s", order);
    if (r->state == ROADMAP_PROMISED)
        buf_printf(b, "; promised for %s", ready);
    else if (r->ready == r->start)
        buf_printf(b, "; there %s", ready);
    else if (strcmp(from, to) == 0)
        buf_printf(b, "; week of %s, done %s", from, ready);
    else
        buf_printf(b, "; weeks of %s to %s, done %s", from, to, ready);
}

static void put_links(struct view *v, const struct work_item *item)
{
    static const char *const labels[] = { "after", "first find out", "together with" };
    for (int kind = 0; kind < 3; kind++) {
        struct buf b = BUF_INIT(16384);
        size_t n = kind == 2 ? item->n_together : item->n_after;
        for (size_t i = 0; i < n; i++) {
            const struct work_item *other = &v->map->work->items[kind == 2 ? item->together[i] : item->after[i]];
            if (kind == 2 || (other->state == WORK_UNKNOWN) == (kind == 1))
                buf_printf(&b, "%s%s", b.len ? ", " : "", other->id);
        }
        if (b.len)
            page_wrap(&v->p, INK_PLAIN, 5, "     %s %s", labels[kind], buf_str(&b));
        buf_clear(&b);
    }
}

static void put_note(struct view *v, const struct work_item *item)
{
    const struct site_work *n = item->note;
    struct buf b = BUF_INIT(4096);
    char due[16];
    if (item->remedy != REMEDY_UNDECIDED)
        buf_printf(&b, "decided: %s", remedy_name(item->remedy));
    if (n && n->due) {
        date_text(v, n->due, due);
        buf_printf(&b, "%sdue %s", b.len ? "; " : "", due);
    }
    if (n && n->status == WORK_STATUS_DONE)
        buf_printf(&b, "%ssaid to be done, and run %lld still saw it", b.len ? "; " : "", (long long)v->r->run->id);
    else if (n && n->status)
        buf_printf(&b, "%s%s", b.len ? "; " : "", work_status_name(n->status));
    if (n && n->ticket)
        buf_printf(&b, "%sticket %s", b.len ? "; " : "", n->ticket);
    if (b.len)
        page_wrap(&v->p, INK_PLAIN, 5, "     %s", buf_str(&b));
    buf_clear(&b);
}

static void put_item(struct view *v, const struct roadmap_item *r)
{
    const struct work_item *item = r->item;
    struct buf left = BUF_INIT(8192), right = BUF_INIT(64), b = BUF_INIT(8192);
    bool bad = r->late && r->state < ROADMAP_ACCEPTED;
    char by[16];
    buf_printf(&left, " %s %-13s %-8s %s", bad ? "!" : "-", item->id, severity_name(item->severity), item->lead->title);
    if (r->due && r->state < ROADMAP_ACCEPTED) {
        date_text(v, r->order_by, by);
        buf_printf(&right, "%s %s%s", item->lead_days[1] > 0 ? "order by" : "begin by", by, r->too_late ? " too late" : "");
    }
    page_both(&v->p, bad ? INK_BAD : INK_PLAIN, 26, buf_str(&left), buf_str(&right));
    buf_printf(&b, "%s%s%s, %zu %s", item->owner, item->co_owner ? " with " : "", item->co_owner ? item->co_owner : "", item->n_targets, plural(item->n_targets, "place", "places"));
    if (r->state < ROADMAP_ACCEPTED)
        put_when(v, r, &b);
    page_wrap(&v->p, INK_PLAIN, 5, "     %s", buf_str(&b));
    buf_reset(&b);
    amounts_text(v, &item->a, &b);
    page_wrap(&v->p, INK_DIM, 5, "     %s%s%s", b.len ? buf_str(&b) : item->estimated ? "no cost, no effort" : "no estimate", item->basis ? "; basis: " : "", item->basis ? item->basis : "");
    put_links(v, item);
    put_note(v, item);
    if (r->takes)
        page_wrap(&v->p, INK_WARN, 5, "     it would take %s", r->takes);
    buf_clear(&left);
    buf_clear(&right);
    buf_clear(&b);
}

/* Under its milestone, or under its horizon. */
static bool belongs(const struct roadmap_item *r, int gate, enum horizon h)
{
    return r->state < ROADMAP_ACCEPTED && r->item->gate == gate && (gate >= 0 || r->item->horizon == h);
}

static void put_group(struct view *v, const char *title, int64_t by, int gate, enum horizon h)
{
    char date[16] = "";
    bool any = false;
    for (size_t i = 0; i < v->map->n_items; i++) {
        if (!belongs(&v->map->items[i], gate, h))
            continue;
        if (by)
            date_text(v, by, date);
        if (!any)
            page_heading(&v->p, title, date);
        any = true;
        put_item(v, &v->map->items[i]);
    }
}

static void put_groups(struct view *v)
{
    static const char *const titles[HORIZONS] = { "NOW", "WITHIN SIX MONTHS", "WITHIN 18 MONTHS" };
    const struct work_set *w = v->map->work;
    for (size_t g = 0; g < w->n_milestones; g++) {
        struct buf b = BUF_INIT(256);
        buf_printf(&b, "BEFORE %s", w->milestones[g].name);
        put_group(v, buf_str(&b), w->milestones[g].date, (int)g, HORIZON_NOW);
        buf_clear(&b);
    }
    for (int h = 0; h < HORIZONS; h++)
        put_group(v, titles[h], day_add_months(day_of(v->map->begin), horizon_months((enum horizon)h)) * DAY_S, -1, (enum horizon)h);
}

static void put_state(struct view *v, const char *title, enum roadmap_state state)
{
    bool any = false;
    for (size_t i = 0; i < v->map->n_items; i++) {
        if (v->map->items[i].state != state)
            continue;
        if (!any)
            page_heading(&v->p, title, "");
        any = true;
        put_item(v, &v->map->items[i]);
    }
}

static void put_not_fitting(struct view *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->map->n_items; i++)
        n += v->map->items[i].takes != NULL;
    if (n == 0)
        return;
    page_heading(&v->p, "DOES NOT FIT", "it would take");
    for (size_t i = 0; i < v->map->n_items; i++) {
        const struct roadmap_item *r = &v->map->items[i];
        if (r->takes)
            page_wrap(&v->p, INK_WARN, 16, " ! %-13s %s", r->item->id, r->takes);
    }
}

/* --- money and hands --- */

static void put_sums(struct view *v, enum work_by by, const char *title)
{
    struct work_sum *s = NULL;
    size_t n = work_sums(v->map->work, by, &s);
    page_heading(&v->p, title, "");
    for (size_t i = 0; i < n; i++) {
        struct buf b = BUF_INIT(1024);
        amounts_text(v, &s[i].a, &b);
        page_wrap(&v->p, INK_PLAIN, 26, " %-24s %s", s[i].key[0] ? s[i].key : "none", b.len ? buf_str(&b) : "no cost, no effort");
        buf_clear(&b);
    }
}

static void put_load(struct view *v)
{
    if (v->map->n_load == 0)
        return;
    page_heading(&v->p, "PERSON-DAYS", "planned of what there is");
    for (size_t i = 0; i < v->map->n_load; i++) {
        const struct roadmap_load *l = &v->map->load[i];
        char month[DATE_LEN];
        date_format(l->month, month);
        page_line(&v->p, INK_PLAIN, " %-24s %.7s  %7.3f of %g", l->role, month, (double)l->used / 1000, (double)l->capacity / 1000);
    }
}

static void put_late(struct view *v)
{
    size_t *late = NULL, n = roadmap_late(v->map, v->r->late_days, &late);
    struct buf title = BUF_INIT(128);
    char by[16];
    date_text(v, v->map->begin + v->r->late_days * (int64_t)DAY_S, by);
    buf_printf(&title, "ORDER OR BEGIN BY %s", by);
    page_heading(&v->p, buf_str(&title), n ? "" : "nothing");
    for (size_t i = 0; i < n; i++)
        put_item(v, &v->map->items[late[i]]);
    buf_clear(&title);
    free(late);
}

void roadmap_text(const struct roadmap_page *r, const struct style *style, FILE *out)
{
    const char *currency = site_profile_text(r->roadmap->work->site, "currency");
    struct view v = { .r = r, .map = r->roadmap, .p = { .style = *style, .out = out }, .currency = currency ? currency : "" };
    put_head(&v);
    if (r->late_days >= 0) {
        put_late(&v);
        return;
    }
    put_milestones(&v);
    put_groups(&v);
    put_not_fitting(&v);
    put_state(&v, "ACCEPTED: NO WORK IS PLANNED, AND IT BLOCKS UNTIL IT IS WAIVED", ROADMAP_ACCEPTED);
    put_state(&v, "TAKEN AS DONE", ROADMAP_DONE);
    put_sums(&v, BY_MILESTONE, "MONEY BY MILESTONE");
    put_sums(&v, BY_DOMAIN, "MONEY BY DOMAIN");
    put_sums(&v, BY_OWNER, "MONEY BY OWNER");
    put_sums(&v, BY_REMEDY, "MONEY BY REMEDY");
    put_load(&v);
    const struct realised_view realised = { r->realised, v.currency, true, true };
    realised_text(&v.p, &realised);
}
