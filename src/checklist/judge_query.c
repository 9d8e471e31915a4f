/* Queries: checks that are a whole SELECT. The rows name targets and subjects themselves, so that these are checked. Evaluation child. */
#include "checklist/judge_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define QUERY_ROWS_MAX 1000000
#define NO_TARGET (UINT32_MAX - 1)

/* The subjects that a query has given, to refuse the same one twice. */
struct seen_set { uint64_t *v; size_t n, size; };

static bool seen_add(struct seen_set *s, uint64_t h)
{
    if (2 * s->n >= s->size) {
        struct seen_set bigger = { .size = s->size == 0 ? 256 : 2 * s->size };
        bigger.v = xcalloc(bigger.size, sizeof(*bigger.v));
        for (size_t i = 0; i < s->size; i++)
            if (s->v[i] != 0)
                seen_add(&bigger, s->v[i]);
        free(s->v);
        *s = bigger;
    }
    h |= 1;
    for (size_t i = h & (s->size - 1);; i = (i + 1) & (s->size - 1)) {
        if (s->v[i] == h)
            return false;
        if (s->v[i] == 0) {
            s->v[i] = h;
            s->n++;
            return true;
        }
    }
}

static uint32_t find_target(const struct judge *j, const char *name)
{
    size_t low = 0, high = j->n_by_name;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int r = strcmp(j->job->targets[j->by_name[mid]].name, name);
        if (r == 0)
            return j->by_name[mid];
        if (r < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NO_TARGET;
}

struct query_row { uint32_t target; struct buf subject; enum outcome o; };

/* A subject is a key's JSON; a plain word becomes one. */
static void put_subject(struct buf *b, sqlite3_stmt *st, int column, uint32_t target)
{
    struct buf clean = BUF_INIT(4 * FACT_KEY_MAX);
    const char *s = (const char *)sqlite3_column_text(st, column);
    size_t len = (size_t)sqlite3_column_bytes(st, column);
    buf_reset(b);
    text_clean(&clean, s != NULL ? s : "", s != NULL && len < FACT_KEY_MAX ? len : s != NULL ? FACT_KEY_MAX : 0);
    if (clean.len == 0)
        buf_puts(b, target == EVAL_SITE ? "(site)" : "(target)");
    else if (clean.data[0] == '[' && clean.len <= FACT_KEY_MAX)
        buf_append(b, clean.data, clean.len);
    else {
        buf_puts(b, "[\"");
        size_t n = text_cut(clean.data, clean.len, FACT_KEY_MAX / 2 - 4);
        for (size_t i = 0; i < n; i++) {
            unsigned char c = (unsigned char)clean.data[i];
            if (c == '"' || c == '\\')
                buf_putc(b, '\\');
            buf_putc(b, c < 0x20 ? ' ' : (char)c);
        }
        buf_puts(b, "\"]");
    }
    buf_clear(&clean);
}

/* Reads the row: false when the check errs by it. */
static bool query_row(struct judge *j, uint32_t check, const struct query_sql *q, struct seen_set *seen, struct query_row *row)
{
    sqlite3_stmt *st = q->stmt;
    char *text = NULL;
    row->target = EVAL_SITE;
    if (sqlite3_column_type(st, q->target) != SQLITE_NULL)
        row->target = find_target(j, (const char *)sqlite3_column_text(st, q->target));
    row->o = judge_outcome(st, q->ok);
    put_subject(&row->subject, st, q->subject, row->target);
    if (row->target == NO_TARGET)
        text = xasprintf("the query names the target %.80s, which this run does not have", (const char *)sqlite3_column_text(st, q->target));
    else if (row->o != OUTCOME_PASS && row->o != OUTCOME_FAIL && row->o != OUTCOME_NULL) {
        judge_bad(j, check, "ok", st, q->ok);
        return false;
    } else if (!seen_add(seen, subject_hash(row->target, row->subject.data, row->subject.len)))
        text = xasprintf("the query gives the subject %.200s twice", row->subject.data);
    else if (seen->n > QUERY_ROWS_MAX)
        text = xstrdup("the query gives more than a million rows");
    if (text != NULL)
        judge_error(j, check, text);
    free(text);
    return !j->erred[check];
}

static void judge_row(struct judge *j, uint32_t check, const struct query_sql *q, const struct query_row *row, struct tally *tallies)
{
    const struct check *c = &j->job->checks[check];
    sqlite3_stmt *st = q->stmt;
    struct answer a = { .check = check, .target = row->target, .severity = c->severity,
                        .verdict = row->o == OUTCOME_PASS ? VERDICT_PASS : row->o == OUTCOME_FAIL ? VERDICT_FAIL : VERDICT_UNKNOWN };
    tally_add(&tallies[row->target == EVAL_SITE ? j->job->n_targets : row->target], a.verdict, METHOD_PERSON);
    bool told = j->job->all_subjects || (j->n_watch > 0 && judge_watched(j, subject_hash(row->target, row->subject.data, row->subject.len), check));
    if (a.verdict == VERDICT_PASS && !told)
        return;
    buf_reset(&j->detail);
    buf_reset(&j->evidence);
    size_t missing = 0;
    if (a.verdict == VERDICT_UNKNOWN)
        a.why = j->d->functions.regexp_limit ? WHY_PATTERN : WHY_NOT_REPORTED;
    for (size_t i = 0; a.why == WHY_NOT_REPORTED && i < q->n_shown && missing < 4; i++)
        if (sqlite3_column_type(st, q->shown[i]) == SQLITE_NULL)
            buf_printf(&j->detail, "%s%.60s", missing++ > 0 ? ", " : "", sqlite3_column_name(st, q->shown[i]));
    if (!text_is_utf8(buf_str(&j->detail), j->detail.len))
        buf_reset(&j->detail);
    if (a.verdict == VERDICT_FAIL && q->grade >= 0 && sqlite3_column_type(st, q->grade) == SQLITE_INTEGER)
        a.severity = (enum severity)sqlite3_column_int(st, q->grade);
    evidence_begin(&j->evidence);
    for (size_t i = 0; a.verdict != VERDICT_PASS && i < q->n_shown; i++)
        evidence_add(&j->evidence, sqlite3_column_name(st, q->shown[i]), false, st, q->shown[i]);
    evidence_end(&j->evidence);
    judge_subject(j, &a, row->subject.data, row->subject.len);
}

static void run_query(struct judge *j, uint32_t check, const struct query_sql *q)
{
    struct tally *tallies = xcalloc(j->job->n_targets + 1, sizeof(*tallies));
    struct query_row row = { .subject = BUF_INIT(FACT_KEY_MAX) };
    struct seen_set seen = { 0 };
    int rc;
    while ((rc = sqlite3_step(q->stmt)) == SQLITE_ROW && j->out->err == 0) {
        if (!query_row(j, check, q, &seen, &row))
            break;
        judge_row(j, check, q, &row, tallies);
        j->d->functions.regexp_limit = false;
    }
    if (rc != SQLITE_DONE && !j->erred[check]) {
        char *why = judge_trouble(j->d);
        judge_error(j, check, why);
        free(why);
    }
    for (uint32_t t = 0; !j->erred[check] && t <= j->job->n_targets; t++) {
        tallies[t].seen = false;         /* which collections decided a query, the parent knows */
        judge_counts(j, check, t == j->job->n_targets ? EVAL_SITE : t, &tallies[t]);
    }
    buf_clear(&row.subject);
    free(seen.v);
    free(tallies);
}

void judge_query(struct judge *j, uint32_t check)
{
    const struct check *c = &j->job->checks[check];
    struct query_sql q = { 0 };
    char *why = NULL;
    judge_begin(j, &check, 1);
    if (check_db_show(j->d, c, &c, 1) != 0)
        why = judge_trouble(j->d);
    check_db_deadline(j->d, j->job->statement_ms);
    if (why == NULL && query_compile(j->d, c, &q, &why) == 0)
        run_query(j, check, &q);
    if (why != NULL)
        judge_error(j, check, why);
    sqlite3_finalize(q.stmt);
    free(why);
    judge_done(j, check);
}
