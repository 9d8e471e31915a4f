/* Impact for readers. Parent. */
#include "report/impact_out.h"

#include "report/impact_words.h"

static void put_figure(struct page *p, const struct report *r, const struct impact_item *item, const struct impact_figure *f)
{
    struct buf b = BUF_INIT(16384);
    if (!f->counted) {
        impact_lack_text(f, &b);
        page_wrap(p, INK_PLAIN, 5, "     %s%s%s%s", buf_str(&b), f->missing ? " (" : "", f->missing ? f->missing : "", f->missing ? " in site.yaml)" : "");
        buf_clear(&b);
        return;
    }
    impact_figure_text(r, f, &b);
    page_wrap(p, INK_PLAIN, 5, "     %s%s%s%s%s", item->unknown ? "not excluded: " : "", buf_str(&b), f->contained_in ? "; contained in " : "", f->contained_in ? f->contained_in : "",
              f->narrow ? "" : "; exact");
    if (f->missing)
        page_wrap(p, INK_PLAIN, 7, "       no money: it would take %s in site.yaml", f->missing);
    for (size_t i = 0; i < f->n_values; i++) {
        const struct impact_value *v = &f->values[i];
        if (v->how < CLASS_C)
            continue;
        buf_reset(&b);
        impact_value_text(v, &b);
        page_wrap(p, INK_DIM, 7, "       assumed: %s; %s in site.yaml%s", buf_str(&b), v->key, f->narrow && strcmp(f->narrow, v->key) == 0 ? "; to know this better would narrow it most" : "");
    }
    buf_clear(&b);
}

static void put_share(struct page *p, const struct impact_share *s)
{
    struct buf b = BUF_INIT(4096);
    impact_share_text(s, &b);
    page_wrap(p, INK_PLAIN, 5, " - day 1: %s  %s: %s%s%s%s", s->check->id, s->check->title, buf_str(&b), s->missing ? " (" : "", s->missing ? s->missing : "", s->missing ? " in site.yaml)" : "");
    buf_clear(&b);
}

static void put_exposure(struct page *p, const struct impact_exposure *e, bool unknown)
{
    struct buf b = BUF_INIT(4096);
    impact_exposure_text(e, &b);
    page_wrap(p, INK_PLAIN, 5, "     %s%s%s%s%s", unknown ? "not excluded: " : "", buf_str(&b), e->missing ? " (" : "", e->missing ? e->missing : "", e->missing ? " in site.yaml)" : "");
    buf_clear(&b);
}

void put_impact(struct page *p, const struct report *r)
{
    const struct impact *m = r->impact;
    struct impact_words w;
    if (m->n_items == 0 && !impact_day1_told(&m->day1))
        return;
    page_heading(p, "FOR PATIENTS AND STAFF", "bounds under the assumptions; kinds are never added");
    struct arena *a = arena_new();
    impact_words_fill(r, a, &w);
    if (w.none)
        page_wrap(p, INK_PLAIN, 3, "   %s", w.none);
    for (size_t i = 0; i < w.n_lines; i++)
        page_wrap(p, INK_STRONG, 3, "   %s", w.lines[i]);
    for (size_t i = 0; i < m->n_items; i++) {
        const struct impact_item *item = &m->items[i];
        page_wrap(p, INK_PLAIN, 3, " - %s  %s", item->check->id, item->check->title);
        for (size_t k = 0; k < item->n_figures; k++)
            put_figure(p, r, item, &item->figures[k]);
        if (item->n_figures == 0)
            put_exposure(p, &m->exposure, item->unknown);
    }
    for (size_t i = 0; i < m->day1.n_shares; i++)
        if (m->day1.shares[i].known || m->day1.shares[i].missing)
            put_share(p, &m->day1.shares[i]);
    arena_free(a);
}

/* --- JSON --- */

static json_t *range(bool known, const double v[2])
{
    return known ? json_pack("[f, f]", impact_round(v[0]), impact_round(v[1])) : json_null();
}

/* What is counted: hours, visits. Cash is money alone. */
static void set_amount(json_t *j, enum impact_kind kind, bool counted, const double amount[2])
{
    const char *unit = impact_unit_name(kind);
    json_object_set_new(j, "unit", unit ? json_string(unit) : json_null());
    json_object_set_new(j, "amount", range(unit && counted, amount));
}

static json_t *figure_json(const struct impact_figure *f)
{
    json_t *j = json_object(), *values = json_array();
    for (size_t i = 0; i < f->n_values; i++) {
        const struct impact_value *v = &f->values[i];
        const char how[2] = { (char)('A' + (int)v->how), '\0' };
        if (v->key)
            json_array_append_new(values, json_pack("{s:s, s:f, s:f, s:s, s:s?}", "key", v->key, "low", v->range[0], "high", v->range[1], "class", how, "source", v->source));
    }
    const char how[2] = { (char)('A' + (int)f->how), '\0' };
    json_object_set_new(j, "kind", json_string(impact_kind_name(f->kind)));
    json_object_set_new(j, "per", json_string(impact_per_name(f->per)));
    set_amount(j, f->kind, f->counted, f->amount);
    json_object_set_new(j, "range", range(f->known, f->range));
    json_object_set_new(j, "class", f->counted ? json_string(how) : json_null());
    json_object_set_new(j, "missing", f->missing ? json_string(f->missing) : json_null());
    json_object_set_new(j, "narrow", f->narrow ? json_string(f->narrow) : json_null());
    json_object_set_new(j, "contained_in", f->contained_in ? json_string(f->contained_in) : json_null());
    json_object_set_new(j, "inputs", values);
    return j;
}

static json_t *sum_json(enum impact_kind kind, enum impact_per per, const struct impact_sum *sum)
{
    json_t *j = json_pack("{s:s, s:s, s:o, s:I}", "kind", impact_kind_name(kind), "per", impact_per_name(per), "range", range(sum->any, sum->range), "causes", (json_int_t)sum->causes);
    set_amount(j, kind, sum->counted, sum->amount);
    return j;
}

static json_t *sums_json(const struct impact_sum sums[IMPACT_KINDS][IMPACT_PERS])
{
    json_t *list = json_array();
    for (int k = 0; k < IMPACT_KINDS; k++)
        for (int per = 0; per < IMPACT_PERS; per++)
            if (sums[k][per].counted)
                json_array_append_new(list, sum_json((enum impact_kind)k, (enum impact_per)per, &sums[k][per]));
    return list;
}

static json_t *day1_json(const struct impact_day1 *d)
{
    json_t *checks = json_array();
    for (size_t i = 0; i < d->n_shares; i++) {
        const struct impact_share *s = &d->shares[i];
        json_array_append_new(checks, json_pack("{s:s, s:b, s:o, s:s?}", "check", s->check->id, "unknown", (int)s->unknown, "share", range(s->known, s->range), "missing", s->missing));
    }
    return json_pack("{s:o, s:o, s:o, s:s?, s:I, s:I, s:o}", "visits_per_day", range(d->visits[1] > 0, d->visits), "exposed", range(d->counted, d->exposed),
                     "not_excluded", d->not_excluded > 0 ? json_real(impact_round(d->not_excluded)) : json_null(), "missing", d->missing, "failing", (json_int_t)d->n_failing,
                     "without_share", (json_int_t)d->n_without, "checks", checks);
}

json_t *impact_json(const struct report *r)
{
    const struct impact *m = r->impact;
    json_t *checks = json_array();
    for (size_t i = 0; i < m->n_items; i++) {
        const struct impact_item *item = &m->items[i];
        json_t *figures = json_array();
        for (size_t k = 0; k < item->n_figures; k++)
            json_array_append_new(figures, figure_json(&item->figures[k]));
        json_array_append_new(checks, json_pack("{s:s, s:s, s:I, s:b, s:o}", "check", item->check->id, "cause", item->cause, "subjects", (json_int_t)item->subjects,
                                                "unknown", (int)item->unknown, "figures", figures));
    }
    json_t *exposure = json_pack("{s:o, s:s?, s:I, s:I}", "records", range(m->exposure.known, m->exposure.records), "missing", m->exposure.missing,
                                 "failing", (json_int_t)m->exposure.n_failing, "unknown", (json_int_t)m->exposure.n_unknown);
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "exposure", exposure, "sums", sums_json(m->sums), "not_excluded", sums_json(m->unknown), "day_1", day1_json(&m->day1), "checks", checks);
}
