/* Impact for readers. Parent. */
#include "report/impact_out.h"

static const char *const kind_words[IMPACT_KINDS] = { "of staff time, not cash", "of visits", "in cash" };
static const char *const per_words[IMPACT_PERS] = { "a year", "each time it happens", "once" };

static void money(const struct report *r, double low, double high, struct buf *b)
{
    const char *currency = site_profile_text(r->pinned.site, "currency");
    human_money(impact_round(low), currency ? currency : "", b);
    if (impact_round(low) < impact_round(high)) {
        buf_puts(b, " to ");
        human_money(impact_round(high), currency ? currency : "", b);
    }
}

static void put_figure(struct page *p, const struct report *r, const struct impact_item *item, const struct impact_figure *f)
{
    struct buf b = BUF_INIT(16384);
    if (!f->known) {
        page_wrap(p, INK_PLAIN, 5, "     no figure %s: it would take %s in site.yaml", kind_words[f->kind], f->missing);
        return;
    }
    money(r, f->range[0], f->range[1], &b);
    page_wrap(p, INK_PLAIN, 5, "     %s%s %s %s%s%s%s", item->unknown ? "not excluded: " : "", buf_str(&b), per_words[f->per], kind_words[f->kind], f->contained_in ? "; contained in " : "",
              f->contained_in ? f->contained_in : "", f->narrow ? "" : "; exact");
    for (size_t i = 0; i < f->n_values; i++) {
        const struct impact_value *v = &f->values[i];
        if (v->how >= CLASS_C)
            page_wrap(p, INK_DIM, 7, "       assumed: %s %g to %g (%s)%s", v->key, v->range[0], v->range[1], v->source ? v->source : v->how == CLASS_C ? "a usual value" : "without a source",
                      f->narrow && strcmp(f->narrow, v->key) == 0 ? "; to know this better would narrow it most" : "");
    }
    buf_clear(&b);
}

static void put_sums(struct page *p, const struct report *r, const struct impact_sum sums[IMPACT_KINDS][IMPACT_PERS], const char *label)
{
    for (int k = 0; k < IMPACT_KINDS; k++)
        for (int per = 0; per < IMPACT_PERS; per++) {
            struct buf b = BUF_INIT(256);
            if (!sums[k][per].any)
                continue;
            money(r, sums[k][per].range[0], sums[k][per].range[1], &b);
            page_wrap(p, INK_STRONG, 3, " %s %s %s %s%s", label, buf_str(&b), per_words[per], kind_words[k], per == PER_EVENT ? " (the largest)" : "");
            buf_clear(&b);
        }
}

void put_impact(struct page *p, const struct report *r)
{
    const struct impact *m = r->impact;
    if (m->n_items == 0)
        return;
    page_heading(p, "WHAT IT MEANS IN FIGURES", "bounds under the assumptions; kinds are never added");
    put_sums(p, r, m->sums, "in all");
    put_sums(p, r, m->unknown, "not excluded, at the most");
    for (size_t i = 0; i < m->n_items; i++) {
        const struct impact_item *item = &m->items[i];
        page_wrap(p, INK_PLAIN, 3, " - %s  %s", item->check->id, item->check->title);
        for (size_t k = 0; k < item->n_figures; k++)
            put_figure(p, r, item, &item->figures[k]);
        if (item->n_figures == 0)
            page_line(p, INK_PLAIN, "     rare and large: words, no figure");
    }
}

/* --- JSON --- */

static json_t *range(const double v[2])
{
    return json_pack("[f, f]", impact_round(v[0]), impact_round(v[1]));
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
    json_object_set_new(j, "range", f->known ? range(f->range) : json_null());
    json_object_set_new(j, "class", f->known ? json_string(how) : json_null());
    json_object_set_new(j, "missing", f->known ? json_null() : json_string(f->missing));
    json_object_set_new(j, "narrow", f->narrow ? json_string(f->narrow) : json_null());
    json_object_set_new(j, "contained_in", f->contained_in ? json_string(f->contained_in) : json_null());
    json_object_set_new(j, "inputs", values);
    return j;
}

static json_t *sums_json(const struct impact_sum sums[IMPACT_KINDS][IMPACT_PERS])
{
    json_t *list = json_array();
    for (int k = 0; k < IMPACT_KINDS; k++)
        for (int per = 0; per < IMPACT_PERS; per++)
            if (sums[k][per].any)
                json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:I}", "kind", impact_kind_name((enum impact_kind)k), "per", impact_per_name((enum impact_per)per),
                                                      "range", range(sums[k][per].range), "causes", (json_int_t)sums[k][per].causes));
    return list;
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
    return json_pack("{s:o, s:o, s:o}", "sums", sums_json(m->sums), "not_excluded", sums_json(m->unknown), "checks", checks);
}
