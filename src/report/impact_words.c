/* Impact in sentences (impact_words.h). Parent; pure. */
#include "report/impact_words.h"

#include <string.h>

#include "base/text.h"
#include "report/parts.h"

#define TEXT_MAX 16384

/* --- words of inputs --- */

/* value: before the number; lack: what nobody has said; share: a number from 0 to 1 that people read as a percentage. */
struct input_words { const char *name, *value, *lack; bool share; };
static const struct input_words inputs[] = {
    { "users", "people who are slowed down", "how many people are slowed down", false },
    { "minutes_per_user_day", "minutes lost per person and day", "how many minutes a person loses a day", false },
    { "accounts", "accounts that cannot log on", "how many accounts cannot log on", false },
    { "hours", "hours until it works again", "how many hours it takes until it works again", false },
    { "scope", "part of the clinic that stands still", "which part of the clinic stands still", true },
    { "minutes_per_visit", "minutes more per visit", "how many minutes more a visit takes", false },
    { "minutes_per_day", "minutes a day of typing things twice", "how many minutes a day things are typed twice", false },
    { "amount_year", "paid a year", "what is paid a year", false },
    { "price_year", "price a year", "what it costs a year", false },
    { "term_years", "years that the contract runs on", "for how many years the contract runs on", false },
    { "visits_per_day", "visits a day", "how many visits the clinic has a day", false },
    { "clinic_hours_per_day", "clinic hours a day", "how many hours a day the clinic is open", false },
    { "clinic_days_per_year", "clinic days a year", "how many days a year the clinic is open", false },
    { "recover_share", "part of the lost visits that come back later", "which part of lost visits comes back later", true },
    { "revenue_per_visit", "revenue of a visit", "what a visit brings in", false },
    { "contribution_share", "part of that revenue that is really lost", "which part of that revenue is really lost", true },
    { "staff", "people who work there", "how many people work at the clinic", false },
    { "staff_hour_cost", "cost of an hour of work", "what an hour of work costs", false },
    { "pcs", "computers", "how many computers the clinic has", false },
    { "patient_records", "patient records", "how many patient records the clinic holds", false },
    { "providers", "providers", "how many providers work at the clinic", false },
};

static const struct input_words *words_of(const char *name)
{
    for (size_t i = 0; i < N_ELEMENTS(inputs); i++)
        if (strcmp(inputs[i].name, name) == 0)
            return &inputs[i];
    return NULL;
}

/* "profile.visits_per_day", "impact.NET-WAN-01.hours": the last part says what it is. */
static void put_lack(const char *key, struct buf *out)
{
    const char *dot = strrchr(key, '.');
    const struct input_words *w = words_of(dot ? dot + 1 : key);
    if (w)
        buf_puts(out, w->lack);
    else
        buf_printf(out, "'%s'", dot ? dot + 1 : key);
}

static void put_number(double v, bool share, struct buf *out)
{
    buf_printf(out, share ? "%g%%" : "%.10g", share ? v * 100 : v);
}

void impact_value_text(const struct impact_value *v, struct buf *out)
{
    static const char *const how[] = { [CLASS_A] = "measured", [CLASS_B] = "as the clinic has it", [CLASS_C] = "a usual value", [CLASS_D] = "no source" };
    const struct input_words *w = words_of(v->name);
    bool share = w && w->share;
    buf_printf(out, "%s: ", w ? w->value : v->name);
    put_number(v->range[0], share, out);
    if (v->range[1] > v->range[0]) {
        buf_puts(out, " to ");
        put_number(v->range[1], share, out);
    }
    buf_printf(out, " (%s)", v->how == CLASS_C && v->source ? v->source : how[v->how]);
}

/* --- words of figures --- */

static const char *const per_words[IMPACT_PERS] = { " a year", " at each failure", ", once" };

/* As JSON has it: two digits, so a small number has a fraction. */
static void put_count(double v, struct buf *out)
{
    if (impact_round(v) < 10)
        buf_printf(out, "%.3g", impact_round(v));
    else
        human_money(impact_round(v), "", out);
}

static void put_amount(const double range[2], struct buf *out)
{
    put_count(range[0], out);
    if (impact_round(range[0]) < impact_round(range[1])) {
        buf_puts(out, " to ");
        put_count(range[1], out);
    }
}

static void put_money(const double range[2], const char *currency, struct buf *out)
{
    money_range(impact_round(range[0]), impact_round(range[1]), currency, out);
}

/* amount NULL: of cash. money NULL: there is none, or not for this reader. */
static void put_figure(const struct report *r, enum impact_kind kind, enum impact_per per, const double *amount, const double *money, struct buf *out)
{
    static const char *const what[IMPACT_KINDS] = { "hours of staff time", "visits lost", "in cash" };
    const char *currency = site_profile_text(r->pinned.site, "currency");
    if (impact_unit_name(kind))
        put_amount(amount, out);
    else
        put_money(money, currency ? currency : "", out);
    buf_printf(out, " %s%s", what[kind], per_words[per]);
    if (!money || !impact_unit_name(kind))
        return;
    buf_puts(out, ", worth ");
    put_money(money, currency ? currency : "", out);
    buf_puts(out, kind == IMPACT_STAFF_TIME ? ": time, not cash" : "");
}

void impact_figure_text(const struct report *r, const struct impact_figure *f, struct buf *out)
{
    put_figure(r, f->kind, f->per, f->amount, f->known ? f->range : NULL, out);
}

void impact_lack_text(const struct impact_figure *f, struct buf *out)
{
    if (!f->missing) {
        buf_puts(out, "left out for this reader");
        return;
    }
    buf_puts(out, "no figure: nobody has said ");
    put_lack(f->missing, out);
}

/* "all patient records", with how many there are. */
static void put_records(const struct impact_exposure *e, struct buf *out)
{
    buf_puts(out, "all patient records");
    if (!e->known)
        return;
    buf_puts(out, ", ");
    put_amount(e->records, out);
    buf_puts(out, " as the clinic has it");
}

void impact_exposure_text(const struct impact_exposure *e, struct buf *out)
{
    buf_puts(out, "exposed, at the worst: ");
    put_records(e, out);
    if (e->missing)
        buf_puts(out, "; how many there are nobody has said");
    buf_puts(out, ". Assumed: one intruder or one loss reaches all of them. It is rare and large, so no chance and no money is put on it");
}

bool impact_day1_told(const struct impact_day1 *d)
{
    for (size_t i = 0; i < d->n_shares; i++)
        if (d->shares[i].known || d->shares[i].missing)
            return true;
    return false;
}

void impact_share_text(const struct impact_share *s, struct buf *out)
{
    double percent[2] = { s->range[0] * 100, s->range[1] * 100 };
    if (!s->known) {
        buf_puts(out, "how many of the visits it touches nobody has said");
        return;
    }
    buf_puts(out, s->unknown ? "not excluded, for nobody could see it: touches " : "touches ");
    put_amount(percent, out);
    buf_puts(out, "% of the visits");
}

/* --- all of it --- */

static bool said(const char **list, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

/* What b holds, once; b is emptied. */
static void add_text(struct arena *a, const char **list, size_t *n, struct buf *b)
{
    if (!said(list, *n, buf_str(b)))
        list[(*n)++] = arena_strdup(a, buf_str(b));
    buf_reset(b);
}

/* Figures of failing checks that stand side by side: of failures the largest alone is told. */
static size_t n_beside(const struct impact *m, enum impact_kind kind, enum impact_per per)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n_items; i++)
        for (size_t k = 0; !m->items[i].unknown && k < m->items[i].n_figures; k++) {
            const struct impact_figure *f = &m->items[i].figures[k];
            n += f->counted && !f->contained_in && f->kind == kind && f->per == per;
        }
    return n;
}

static void put_sums(const struct report *r, struct arena *a, const struct impact_sum sums[IMPACT_KINDS][IMPACT_PERS], bool unknown, struct impact_words *out)
{
    static const enum impact_kind kinds[IMPACT_KINDS] = { IMPACT_VISITS, IMPACT_STAFF_TIME, IMPACT_CASH };        /* patients first */
    struct buf b = BUF_INIT(TEXT_MAX);
    for (int i = 0; i < IMPACT_KINDS; i++)
        for (int per = 0; per < IMPACT_PERS; per++) {
            const enum impact_kind k = kinds[i];
            const struct impact_sum *s = &sums[k][per];
            if (!s->counted)
                continue;
            buf_puts(&b, unknown ? "not excluded, for nobody could see it: " : "");
            put_figure(r, k, (enum impact_per)per, s->amount, s->any ? s->range : NULL, &b);
            size_t n = unknown || per != PER_EVENT ? 1 : n_beside(r->impact, k, PER_EVENT);
            if (n > 1)
                buf_printf(&b, " (the largest of %zu)", n);
            add_text(a, out->lines, &out->n_lines, &b);
        }
    buf_clear(&b);
}

static void put_exposure(const struct impact_exposure *e, struct arena *a, struct impact_words *out)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    if (e->n_failing) {
        put_records(e, &b);
        buf_printf(&b, ", exposed at the worst by %zu %s: rare and large, so no chance and no money is put on it", e->n_failing, plural(e->n_failing, "failure", "failures"));
        add_text(a, out->lines, &out->n_lines, &b);
        buf_puts(&b, "one intruder or one loss reaches all patient records");
        add_text(a, out->assumed, &out->n_assumed, &b);
    }
    if (e->missing) {
        put_lack(e->missing, &b);
        add_text(a, out->lacks, &out->n_lacks, &b);
    }
    buf_clear(&b);
}

static void put_rests(struct arena *a, const struct impact_figure *f, struct impact_words *out)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    for (size_t i = 0; f->counted && !f->contained_in && i < f->n_values; i++)
        if (f->values[i].how >= CLASS_C) {
            impact_value_text(&f->values[i], &b);
            add_text(a, out->assumed, &out->n_assumed, &b);
        }
    if (f->missing) {
        put_lack(f->missing, &b);
        add_text(a, out->lacks, &out->n_lacks, &b);
    }
    buf_clear(&b);
}

static const char *why_none(const struct impact *m, const struct impact_words *w)
{
    if (m->n_items == 0)
        return "No check that failed or has no answer says what its failure costs patients or staff.";
    return w->n_lacks ? "No figure can be given: what it takes has not been said." : "No figure can be given for what has no answer.";
}

static void put_day1(const struct impact_day1 *d, struct arena *a, struct impact_words *out)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    if (d->counted) {
        put_amount(d->exposed, &b);
        buf_puts(&b, " of ");
        put_amount(d->visits, &b);
        buf_puts(&b, " visits a day would meet what fails, if day 1 came as it is");
        add_text(a, out->lines, &out->n_lines, &b);
    }
    buf_clear(&b);
}

static void put_day1_unseen(const struct impact_day1 *d, struct arena *a, struct impact_words *out)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    if (d->counted && d->n_without) {
        buf_printf(&b, "not in the visits of day 1: %zu more %s it, for nobody has said how many %s", d->n_without, plural(d->n_without, "failure that stops", "failures that stop"),
                   plural(d->n_without, "it touches", "they touch"));
        add_text(a, out->lines, &out->n_lines, &b);
    }
    if (d->not_excluded > d->exposed[1] * (1 + 1e-9)) {
        buf_puts(&b, "not excluded: up to ");
        put_count(d->not_excluded, &b);
        buf_puts(&b, " visits a day, if day 1 came and what nobody could see fails too");
        add_text(a, out->lines, &out->n_lines, &b);
    }
    if (d->missing) {
        put_lack(d->missing, &b);
        add_text(a, out->lacks, &out->n_lacks, &b);
    }
    for (size_t i = 0; i < d->n_shares; i++)
        if (d->shares[i].missing) {
            put_lack(d->shares[i].missing, &b);
            add_text(a, out->lacks, &out->n_lacks, &b);
        }
    if (d->counted || d->not_excluded > 0) {
        buf_puts(&b, "the visits are spread evenly over rooms and people");
        add_text(a, out->assumed, &out->n_assumed, &b);
    }
    buf_clear(&b);
}

void impact_words_fill(const struct report *r, struct arena *a, struct impact_words *out)
{
    const struct impact *m = r->impact;
    size_t n_values = 0, n_figures = 0;
    for (size_t i = 0; i < m->n_items; i++)
        for (size_t k = 0; k < m->items[i].n_figures; k++, n_figures++)
            n_values += m->items[i].figures[k].n_values;
    *out = (struct impact_words){ .lines = arena_array(a, 2UL * IMPACT_KINDS * IMPACT_PERS + 4, sizeof(*out->lines)), .assumed = arena_array(a, n_values + 3, sizeof(*out->assumed)),
                                  .lacks = arena_array(a, n_figures + m->day1.n_shares + 3, sizeof(*out->lacks)) };
    put_day1(&m->day1, a, out);
    put_sums(r, a, m->sums, false, out);
    put_exposure(&m->exposure, a, out);
    out->n_failing = out->n_lines;
    put_day1_unseen(&m->day1, a, out);
    put_sums(r, a, m->unknown, true, out);
    for (size_t i = 0; i < m->n_items; i++)
        for (size_t k = 0; k < m->items[i].n_figures; k++)
            put_rests(a, &m->items[i].figures[k], out);
    out->none = out->n_lines ? NULL : why_none(m, out);
}
