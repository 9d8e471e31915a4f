/* Pieces that the text pages share. Parent. */
#include "report/parts.h"

#include <inttypes.h>
#include <jansson.h>

#include "base/clock.h"
#include "base/text.h"

static int64_t whole(int64_t ppb)
{
    return ppb / (SCORE_ONE / 100);
}

void score_sentence(const struct score_row *s, struct buf *out)
{
    if (!s || s->low < 0) {
        buf_puts(out, "not assessed: nothing applicable was seen");
        return;
    }
    int64_t seen = SCORE_ONE - (s->high - s->low);
    /* rounded up, so that the most that is possible is never understated */
    int64_t most = (s->high + SCORE_ONE / 100 - 1) / (SCORE_ONE / 100);
    buf_printf(out, "%" PRId64 " of 100 proven ready, %" PRId64 " at most; seen %" PRId64 " (measured %" PRId64 ", documents %" PRId64 ", told %" PRId64 ")",
               whole(s->low), most, whole(seen), whole(s->measured), whole(s->documents), whole(s->told));
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

static bool is_label(const char *column)
{
    for (size_t i = 0; i < fact_n_tables; i++) {
        int c = fact_column_find(fact_tables[i], column);
        if (c >= 0 && (fact_tables[i]->columns[c].flags & FACT_LABEL))
            return true;
    }
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

static void value_text(const json_t *v, struct buf *out)
{
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
        value_text(v, out);
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
