/* Pieces that the text pages share. Parent. */
#include "report/parts.h"

#include <inttypes.h>
#include <jansson.h>

#include "base/clock.h"
#include "base/text.h"

#define POINT (SCORE_ONE / 100)

/* Whole points for people, that add up: what was seen is 100 less the distance of the two bounds as they are printed, and the split sums to it. */
struct points { int64_t low, most, seen, part[3]; };

static struct points points_of(const struct score_row *s)
{
    struct points p = { .low = s->low / POINT };
    const int64_t part[3] = { s->measured, s->documents, s->told };
    size_t largest = 0;
    /* rounded up, so that the most that is possible is never understated; a score that is known has one figure */
    p.most = s->high == s->low ? p.low : (s->high + POINT - 1) / POINT;
    p.seen = 100 - (p.most - p.low);
    int64_t rest = p.seen;
    for (size_t i = 0; i < 3; i++) {
        p.part[i] = part[i] / POINT;
        rest -= p.part[i];
        if (part[i] > part[largest])
            largest = i;
    }
    p.part[largest] += rest;
    return p;
}

void score_sentence(const struct score_row *s, struct buf *out)
{
    if (!s || s->low < 0) {
        buf_puts(out, "not assessed: nothing applicable was seen");
        return;
    }
    struct points p = points_of(s);
    buf_printf(out, "%" PRId64 " of 100 proven ready, %" PRId64 " at most; seen %" PRId64 " (measured %" PRId64 ", documents %" PRId64 ", told %" PRId64 ")",
               p.low, p.most, p.seen, p.part[0], p.part[1], p.part[2]);
    if (s->adjusted_low < 0 || (s->adjusted_low == s->low && s->adjusted_high == s->high))
        return;
    const struct score_row without = { .low = s->adjusted_low, .high = s->adjusted_high };
    p = points_of(&without);
    buf_printf(out, "; without what is waived %" PRId64 ", %" PRId64 " at most", p.low, p.most);
}

void sure_sentence(const struct score_row *s, struct buf *out)
{
    if (!s || s->low < 0) {
        buf_puts(out, "Not assessed: nothing that the checks ask for was seen.");
        return;
    }
    struct points p = points_of(s);
    buf_printf(out, "Of 100, %" PRId64 " %s proven ready", p.low, p.low == 1 ? "is" : "are");
    if (p.most > p.low)
        buf_printf(out, ", and %" PRId64 " at most if all that we could not see is fine", p.most);
    buf_printf(out, ". We saw %" PRId64 ": measured %" PRId64 ", documents %" PRId64 ", told %" PRId64 ". Not seen: %" PRId64 ".", p.seen, p.part[0], p.part[1], p.part[2], 100 - p.seen);
}

void money_range(double low, double high, const char *currency, struct buf *out)
{
    struct buf a = BUF_INIT(512), b = BUF_INIT(512);
    human_money(low, currency, &a);
    human_money(high, currency, &b);
    buf_puts(out, buf_str(&a));
    if (strcmp(buf_str(&a), buf_str(&b)) != 0)
        buf_printf(out, " to %s", buf_str(&b));
    buf_clear(&a);
    buf_clear(&b);
}

static void put_range(const json_t *pair, const char *currency, const char *what, struct buf *out)
{
    double low = json_number_value(json_array_get(pair, 0)), high = json_number_value(json_array_get(pair, 1));
    if (high <= 0)
        return;
    buf_puts(out, out->len ? ", " : "");
    if (!currency) {
        buf_printf(out, "%g to %g %s", low, high, what);
        return;
    }
    money_range(low, high, currency, out);
    buf_printf(out, " %s", what);
}

void open_work_text(const struct report *r, struct buf *out)
{
    json_t *j = json_loads(r->results.summary ? r->results.summary : "", 0, NULL);
    const char *currency = site_profile_text(r->pinned.site, "currency"), *worst = json_string_value(json_object_get(j, "worst_open"));
    double unknown = json_number_value(json_object_get(j, "unknown_cost"));
    if (worst)
        buf_printf(out, "worst %s", worst);
    put_range(json_object_get(j, "open_cost"), currency ? currency : "", "once", out);
    put_range(json_object_get(j, "open_cost_yearly"), currency ? currency : "", "yearly", out);
    put_range(json_object_get(j, "open_effort_days"), NULL, "days of work", out);
    struct buf waived = BUF_INIT(1024);
    put_range(json_object_get(j, "waived_cost"), currency ? currency : "", "once", &waived);
    put_range(json_object_get(j, "waived_cost_yearly"), currency ? currency : "", "yearly", &waived);
    put_range(json_object_get(j, "waived_effort_days"), NULL, "days of work", &waived);
    bool open = out->len > 0;
    if (waived.len)
        buf_printf(out, "%s (%s)", open ? "; not in it: what is waived" : "nothing but what is waived", buf_str(&waived));
    if (unknown > 0) {
        const char *before = open ? (waived.len ? ", and" : "; not in it:") : (waived.len ? ";" : "nothing known;");
        buf_printf(out, "%s what is unknown%s up to ", before, open ? "," : " may take");
        human_money(unknown, currency ? currency : "", out);
    }
    buf_clear(&waived);
    json_decref(j);
}

static void add_part(struct buf *out, const char *before, const json_t *value)
{
    const char *text = json_string_value(value);
    if (text && text[0])
        buf_printf(out, "%s%s%s", out->len ? ", " : "", before, text);
}

void vantage_text(const struct run *run, struct buf *out)
{
    json_t *j = run->vantage && run->vantage[0] ? json_loads(run->vantage, 0, NULL) : NULL;
    add_part(out, "", json_object_get(j, "label"));
    add_part(out, "", json_object_get(j, "interface"));
    add_part(out, "", json_object_get(j, "address"));
    add_part(out, "gateway ", json_object_get(j, "gateway"));
    add_part(out, "VLAN ", json_object_get(j, "vlan"));
    add_part(out, "wireless network ", json_object_get(j, "ssid"));
    add_part(out, "at switch ", json_object_get(j, "neighbor"));
    add_part(out, "port ", json_object_get(j, "neighbor_port"));
    json_decref(j);
}

void run_text(const struct report *r, struct buf *out)
{
    static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct tm at;
    clock_local(r->pinned.site->timezone, r->run.started, &at);
    buf_printf(out, "run %" PRId64 ", %s %d %s %d %02d:%02d", r->run.id, days[(unsigned)at.tm_wday % 7], at.tm_mday, months[(unsigned)at.tm_mon % 12], at.tm_year + 1900,
               at.tm_hour, at.tm_min);
}

/* Names of columns that label their row, in any table: found once, because each value of each finding is asked for. */
static bool is_label(const char *column)
{
    static const char *labels[64];
    static size_t n = 0;
    for (size_t i = 0; n == 0 && i < fact_n_tables; i++)
        for (size_t k = 0; k < fact_tables[i]->n_columns; k++)
            if ((fact_tables[i]->columns[k].flags & FACT_LABEL) && n < N_ELEMENTS(labels))
                labels[n++] = fact_tables[i]->columns[k].name;
    for (size_t i = 0; i < n; i++)
        if (strcmp(labels[i], column) == 0)
            return true;
    return false;
}

void key_text(const char *subject, const char *evidence, struct buf *out)
{
    json_t *j = evidence && evidence[0] ? json_loads(evidence, 0, NULL) : NULL, *v;
    const char *key, *label = NULL;
    json_object_foreach(j, key, v)
        if (!label && is_label(key))
            label = json_string_value(v);
    if (label && label[0])
        buf_puts(out, label);
    else
        fact_key_human(subject, out);
    json_decref(j);
}

void subject_text(const char *target, const char *subject, const char *evidence, struct buf *out)
{
    buf_puts(out, target);
    if (subject[0] == '(')
        buf_printf(out, " %s", subject);
    if (subject[0] == '(' || !subject[0])
        return;
    buf_puts(out, " / ");
    key_text(subject, evidence, out);
}

void finding_text(const struct finding *f, struct buf *out)
{
    subject_text(f->target, f->subject, f->evidence, out);
}

/* A query's columns have no types: one named like a yes-or-no of the facts is one. */
static bool is_boolean(const char *column, const json_t *v)
{
    if (!json_is_integer(v) || (json_integer_value(v) != 0 && json_integer_value(v) != 1))
        return false;
    for (size_t i = 0; i < fact_n_tables; i++) {
        int c = fact_column_find(fact_tables[i], column);
        if (c >= 0)
            return fact_tables[i]->columns[c].type == FACT_BOOLEAN;
    }
    return false;
}

static void value_text(const char *column, const json_t *v, struct buf *out)
{
    size_t len = strlen(column);
    if (json_is_integer(v) && len > 6 && strcmp(column + len - 6, "_bytes") == 0) {
        human_bytes(json_integer_value(v), out);
        return;
    }
    if (is_boolean(column, v)) {
        buf_puts(out, json_integer_value(v) ? "yes" : "no");
        return;
    }
    switch (json_typeof(v)) {
    case JSON_STRING: buf_puts(out, json_string_value(v)); break;
    case JSON_INTEGER: buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(v)); break;
    case JSON_REAL: buf_printf(out, "%.6g", json_real_value(v)); break;
    case JSON_TRUE: buf_puts(out, "yes"); break;
    case JSON_FALSE: buf_puts(out, "no"); break;
    case JSON_NULL: buf_puts(out, "unknown"); break;
    case JSON_OBJECT:
    case JSON_ARRAY: buf_puts(out, "..."); break;
    }
}

void evidence_text(const char *json, struct buf *out)
{
    json_t *j = json && json[0] ? json_loads(json, 0, NULL) : NULL;
    const char *key;
    json_t *v;
    json_object_foreach(j, key, v) {
        if (is_label(key))
            continue;
        buf_printf(out, "%s%s ", out->len ? ", " : "", key);
        value_text(key, v, out);
    }
    json_decref(j);
}

bool is_open(const struct report_check *c)
{
    return c->result->n_fail > c->n_waived;
}

const char *plural(size_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}
