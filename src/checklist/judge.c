/* The work of the evaluation child: statements are stepped, verdicts counted, what failed or is unknown is reported. Runs what strangers wrote, within
 * a statement's time; what goes wrong in a shared statement is tried again check by check, so that one bad check spoils no other. */
#include "checklist/judge_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FLUSH_AT (128u << 10)

/* --- out -------------------------------------------------------------------------------------------------------------- */

void judge_out_init(struct judge_out *o, int (*write)(void *, const void *, size_t), void *ctx)
{
    *o = (struct judge_out){ .write = write, .ctx = ctx };
    buf_init(&o->b, FLUSH_AT + 2 * EVAL_ANSWER_MAX);
}

void judge_out_clear(struct judge_out *o)
{
    buf_clear(&o->b);
}

static void flush(struct judge_out *o)
{
    if (o->b.overflow)
        BUG("an answer is longer than the buffer has room");
    if (o->err == 0 && o->b.len > 0)
        o->err = o->write(o->ctx, o->b.data, o->b.len);
    buf_reset(&o->b);
}

static void maybe_flush(struct judge_out *o)
{
    if (o->b.len >= FLUSH_AT)
        flush(o);
}

void judge_begin(struct judge *j, const uint32_t *checks, size_t n)
{
    answer_put_begin(&j->out->b, checks, n);
    flush(j->out);
    j->d->functions.regexp_limit = false;
}

void judge_error(struct judge *j, uint32_t check, const char *text)
{
    struct buf clean = BUF_INIT(8 * EVAL_TEXT_MAX);
    text_clean(&clean, text, strnlen(text, EVAL_TEXT_MAX));
    answer_put_error(&j->out->b, check, buf_str(&clean));
    j->erred[check] = true;
    buf_clear(&clean);
}

/* --- watched subjects ------------------------------------------------------------------------------------------------- */

uint64_t subject_hash(uint32_t target, const char *subject, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ target;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)subject[i]) * UINT64_C(0x100000001b3);
    return h ^ (h >> 29);
}

static int by_hash(const void *a, const void *b)
{
    const struct watched_key *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static void watch_init(struct judge *j)
{
    j->n_watch = j->job->n_watch;
    j->watch = xcalloc(j->n_watch + 1, sizeof(*j->watch));
    for (size_t i = 0; i < j->n_watch; i++) {
        const struct eval_watch *w = &j->job->watch[i];
        j->watch[i] = (struct watched_key){ subject_hash(w->target, w->subject, strlen(w->subject)), w->check };
    }
    qsort(j->watch, j->n_watch, sizeof(*j->watch), by_hash);
}

/* The first watched key of this subject; the same subject of other checks follows it. */
static size_t watch_find(const struct judge *j, uint64_t hash)
{
    size_t low = 0, high = j->n_watch;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (j->watch[mid].hash < hash)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool judge_watched(const struct judge *j, uint64_t hash, uint32_t check)
{
    for (size_t i = watch_find(j, hash); i < j->n_watch && j->watch[i].hash == hash; i++)
        if (j->watch[i].check == check)
            return true;
    return false;
}

/* --- a verdict -------------------------------------------------------------------------------------------------------- */

enum outcome judge_outcome(sqlite3_stmt *st, int column)
{
    /* Most verdicts of a selective check are this one: nothing else has to be asked then. */
    int64_t v = sqlite3_column_int64(st, column);
    if (v == VERDICT_NO_SUBJECT)
        return OUTCOME_NONE;
    int type = sqlite3_column_type(st, column);
    if (type != SQLITE_INTEGER)
        return type == SQLITE_NULL ? OUTCOME_NULL : OUTCOME_BAD;
    if (v == 0 || v == 1)
        return v == 1 ? OUTCOME_PASS : OUTCOME_FAIL;
    return v == VERDICT_CANNOT_TELL ? OUTCOME_CANNOT_TELL : v == VERDICT_BAD_WHERE ? OUTCOME_BAD_WHERE : OUTCOME_BAD;
}

void judge_bad(struct judge *j, uint32_t check, const char *what, sqlite3_stmt *st, int column)
{
    static const char *const types[] = { "", "the integer", "the number", "the text", "the bytes", "" };
    int type = column >= 0 ? sqlite3_column_type(st, column) : SQLITE_NULL;
    char *text;
    if (type >= SQLITE_INTEGER && type <= SQLITE_TEXT)
        text = xasprintf("%s has to be true (1), false (0) or NULL, but gave %s %.40s", what, types[type], (const char *)sqlite3_column_text(st, column));
    else
        text = xasprintf("%s has to be true (1), false (0) or NULL, but gave something else", what);
    judge_error(j, check, text);
    free(text);
}

void tally_add(struct tally *t, enum verdict v, enum method m)
{
    if (v == VERDICT_UNKNOWN) {
        t->unknown++;
        return;
    }
    if (v == VERDICT_PASS)
        t->pass++;
    else
        t->fail++;
    if (!t->seen || m < t->weakest)
        t->weakest = m;
    t->seen = true;
}

void judge_counts(struct judge *j, uint32_t check, uint32_t target, const struct tally *t)
{
    if (t->pass == 0 && t->fail == 0 && t->unknown == 0)
        return;
    struct answer a = { .check = check, .target = target, .pass = t->pass, .fail = t->fail, .unknown = t->unknown, .seen = t->seen, .method = t->weakest };
    answer_put_count(&j->out->b, &a);
    maybe_flush(j->out);
}

/* --- checks over one table -------------------------------------------------------------------------------------------- */

/* One check's place in a group: which result columns it shows and judges by. */
struct seat {
    uint32_t index;
    const struct check *check;
    int verdict, grade;
    struct seat_column { int column; const char *name; bool boolean; } shown[FACT_MAX_COLUMNS], judged[FACT_MAX_COLUMNS];
    size_t n_shown, n_judged;
    enum eval_why weak;          /* of the source at hand */
    struct tally *tallies;       /* by target */
};
/* What the loop over rows and checks touches for every verdict, apart from the rest so that it stays in the processor's cache. */
struct hot { struct tally *tally; /* at the target at hand */ int column; bool weak, erred; };
struct group { struct seat *seats; size_t n; struct group_sql sql; struct hot hot[GROUP_MAX]; };

static int raw_column(const struct group_sql *g, const struct fact_table *t, const char *name)
{
    int c = fact_column_find(t, name);
    for (size_t i = 0; i < g->n_columns; i++) {
        int has = g->columns[i];
        if (c >= 0 ? has == c : has < 0 && strcmp(view_columns[-1 - has], name) == 0)
            return (int)i + 2;
    }
    if (strcmp(name, "subject") == 0)
        return 1;
    return -1;
}

static void seat_show(struct seat *s, const struct group_sql *g, const char *name)
{
    int at = raw_column(g, s->check->facts, name), c = fact_column_find(s->check->facts, name);
    if (at >= 0 && s->n_shown < FACT_MAX_COLUMNS)
        s->shown[s->n_shown++] = (struct seat_column){ at, name, c >= 0 && s->check->facts->columns[c].type == FACT_BOOLEAN };
}

static void seat_init(struct judge *j, struct group *g, size_t i, uint32_t index)
{
    struct seat *s = &g->seats[i];
    const struct fact_table *t = j->job->checks[index].facts;
    *s = (struct seat){ .index = index, .check = &j->job->checks[index], .verdict = g->sql.verdict[i], .grade = g->sql.grade[i] };
    s->tallies = xcalloc(j->job->n_targets + 1, sizeof(*s->tallies));
    for (size_t k = 0; k < s->check->n_show; k++)
        seat_show(s, &g->sql, s->check->show[k]);
    for (size_t k = 0; k < t->n_columns; k++) {
        if ((j->reads[index].columns & (UINT64_C(1) << k)) == 0)
            continue;
        int at = raw_column(&g->sql, t, t->columns[k].name);
        s->judged[s->n_judged++] = (struct seat_column){ at, t->columns[k].name, false };
        if (s->check->n_show == 0)
            seat_show(s, &g->sql, t->columns[k].name);
    }
}

/* The columns without a value: what is not known, by name. */
static void put_missing(struct buf *b, sqlite3_stmt *st, const struct seat_column *v, size_t n)
{
    size_t named = 0;
    buf_reset(b);
    for (size_t i = 0; i < n && named < 4; i++)
        if (sqlite3_column_type(st, v[i].column) == SQLITE_NULL)
            buf_printf(b, "%s%s", named++ > 0 ? ", " : "", v[i].name);
}

void judge_subject(struct judge *j, struct answer *a, const char *subject, size_t len)
{
    a->subject = subject;
    a->subject_len = len;
    a->text = buf_str(&j->detail);
    a->text_len = j->detail.len;
    a->evidence = buf_str(&j->evidence);
    a->evidence_len = j->evidence.len;
    answer_put_subject(&j->out->b, a);
    maybe_flush(j->out);
}

static enum eval_why why_unknown(struct judge *j, const struct seat *s, sqlite3_stmt *st, enum outcome o)
{
    if (s->weak != WHY_NONE && o != OUTCOME_CANNOT_TELL)
        return s->weak;
    if (j->d->functions.regexp_limit && j->uses_regexp[s->index])
        return WHY_PATTERN;
    put_missing(&j->detail, st, s->judged, s->n_judged);
    return o == OUTCOME_CANNOT_TELL ? WHY_APPLIES : WHY_NOT_REPORTED;
}

static void judge_seat(struct judge *j, struct seat *s, sqlite3_stmt *st, const struct eval_source *src, uint64_t hash)
{
    enum outcome o = judge_outcome(st, s->verdict);
    if (o == OUTCOME_NONE)
        return;
    if (o == OUTCOME_BAD || o == OUTCOME_BAD_WHERE) {
        judge_bad(j, s->index, o == OUTCOME_BAD ? "pass" : "where", st, o == OUTCOME_BAD ? s->verdict : -1);
        return;
    }
    struct answer a = { .check = s->index, .target = src->target, .verdict = VERDICT_UNKNOWN, .severity = s->check->severity,
                        .method = src->method, .seen = true, .observed_at = src->observed_at };
    if (s->weak == WHY_NONE && (o == OUTCOME_PASS || o == OUTCOME_FAIL))
        a.verdict = o == OUTCOME_PASS ? VERDICT_PASS : VERDICT_FAIL;
    tally_add(&s->tallies[src->target], a.verdict, src->method);
    if (a.verdict == VERDICT_PASS && !j->job->all_subjects && (j->n_watch == 0 || !judge_watched(j, hash, s->index)))
        return;
    buf_reset(&j->detail);
    buf_reset(&j->evidence);
    if (a.verdict == VERDICT_UNKNOWN)
        a.why = why_unknown(j, s, st, o);
    if (a.verdict == VERDICT_FAIL && s->grade >= 0 && sqlite3_column_type(st, s->grade) == SQLITE_INTEGER)
        a.severity = (enum severity)sqlite3_column_int(st, s->grade);
    if (a.verdict != VERDICT_PASS) {
        evidence_begin(&j->evidence);
        for (size_t i = 0; i < s->n_shown; i++)
            evidence_add(&j->evidence, s->shown[i].name, s->shown[i].boolean, st, s->shown[i].column);
        evidence_end(&j->evidence);
    }
    judge_subject(j, &a, (const char *)sqlite3_column_text(st, 1), (size_t)sqlite3_column_bytes(st, 1));
}

/* Another collection: other targets, perhaps a source that is too weak for some of the checks. */
static void turn_to(struct judge *j, struct group *g, const struct eval_source *src)
{
    for (size_t i = 0; i < g->n; i++) {
        struct seat *s = &g->seats[i];
        s->weak = source_weakness(src, s->check, j->job->as_of);
        g->hot[i] = (struct hot){ .tally = &s->tallies[src->target], .column = s->verdict, .weak = s->weak != WHY_NONE, .erred = j->erred[s->index] };
    }
}

/* One row. quiet: a subject that passes is counted, and nobody wants to hear of it. */
static void judge_row(struct judge *j, struct group *g, const struct eval_source *src, bool quiet, uint64_t hash)
{
    sqlite3_stmt *st = g->sql.stmt;
    for (size_t i = 0; i < g->n; i++) {
        struct hot *h = &g->hot[i];
        int64_t v = sqlite3_column_int64(st, h->column);
        if (v == VERDICT_NO_SUBJECT || h->erred)
            continue;
        if (v == 1 && quiet && !h->weak && sqlite3_column_type(st, h->column) == SQLITE_INTEGER) {
            tally_add(h->tally, VERDICT_PASS, src->method);
            continue;
        }
        judge_seat(j, &g->seats[i], st, src, hash);
        h->erred = j->erred[g->seats[i].index];
    }
}

static int step_group(struct judge *j, struct group *g)
{
    const struct eval_job *job = j->job;
    sqlite3_stmt *st = g->sql.stmt;
    bool quiet = !job->all_subjects && j->n_watch == 0;
    int64_t last = -1;
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && j->out->err == 0) {
        int64_t at = sqlite3_column_int64(st, 0);
        if (at < 0 || (uint64_t)at >= job->n_sources)
            BUG("a row of a collection that the job does not name");
        if (at != last)
            turn_to(j, g, &job->sources[at]);
        last = at;
        const struct eval_source *src = &job->sources[at];
        uint64_t hash = 0;
        bool unheard = quiet;
        if (j->n_watch > 0) {
            hash = subject_hash(src->target, (const char *)sqlite3_column_text(st, 1), (size_t)sqlite3_column_bytes(st, 1));
            size_t found = watch_find(j, hash);
            unheard = found == j->n_watch || j->watch[found].hash != hash;
        }
        judge_row(j, g, src, unheard, hash);
        j->d->functions.regexp_limit = false;
    }
    return rc == SQLITE_DONE || j->out->err != 0 ? 0 : rc;
}

char *judge_trouble(const struct check_db *d)
{
    int rc = sqlite3_errcode(d->db);
    if (d->timed_out)
        return xstrdup("over the time limit");
    if (rc == SQLITE_NOMEM)
        return xstrdup("over the memory limit");
    return xstrdup(sqlite3_errmsg(d->db));
}

/* 0, or an error of the statement with *why; nothing was said of counts then. */
static int run_group(struct judge *j, const uint32_t *checks, size_t n, char **why)
{
    struct group g = { .n = 0 };
    const struct check *v[GROUP_MAX];
    const struct check_reads *reads[GROUP_MAX];
    for (size_t i = 0; i < n; i++) {
        v[i] = &j->job->checks[checks[i]];
        reads[i] = &j->reads[checks[i]];
    }
    if (check_db_show(j->d, NULL, v, n) != 0) {
        *why = judge_trouble(j->d);
        return ERR_STORE;
    }
    check_db_deadline(j->d, j->job->statement_ms);
    if (group_compile(j->d, v, reads, n, &g.sql, why) != 0)
        return ERR_BAD_INPUT;
    g.seats = xcalloc(n, sizeof(*g.seats));
    for (g.n = 0; g.n < n; g.n++)
        seat_init(j, &g, g.n, checks[g.n]);
    int err = step_group(j, &g);
    if (err != 0)
        *why = judge_trouble(j->d);
    sqlite3_finalize(g.sql.stmt);
    for (size_t i = 0; i < n; i++) {
        for (uint32_t t = 0; err == 0 && !j->erred[checks[i]] && t < j->job->n_targets; t++)
            judge_counts(j, checks[i], t, &g.seats[i].tallies[t]);
        free(g.seats[i].tallies);
    }
    free(g.seats);
    return err == 0 ? 0 : ERR_STORE;
}

void judge_done(struct judge *j, uint32_t check)
{
    answer_put_check(&j->out->b, ANSWER_DONE, check);
    flush(j->out);
}

static void judge_one(struct judge *j, uint32_t check)
{
    char *why = NULL;
    judge_begin(j, &check, 1);
    if (run_group(j, &check, 1, &why) != 0)
        judge_error(j, check, why);
    free(why);
    judge_done(j, check);
}

static void judge_group(struct judge *j, const uint32_t *checks, size_t n)
{
    char *why = NULL;
    if (n == 1) {
        judge_one(j, checks[0]);
        return;
    }
    judge_begin(j, checks, n);
    int err = run_group(j, checks, n, &why);
    free(why);
    for (size_t i = 0; i < n; i++) {
        if (err == 0) {
            judge_done(j, checks[i]);
            continue;
        }
        /* Somebody in the group spoiled it: each for itself. */
        answer_put_check(&j->out->b, ANSWER_RESET, checks[i]);
        j->erred[checks[i]] = false;
    }
    for (size_t i = 0; err != 0 && i < n && j->out->err == 0; i++)
        judge_one(j, checks[i]);
}

/* --- all -------------------------------------------------------------------------------------------------------------- */

static bool mentions_regexp(const struct check *c)
{
    const char *const texts[] = { c->where, c->pass, c->query };
    for (size_t i = 0; i < N_ELEMENTS(texts); i++)
        if (texts[i] != NULL && strcasestr(texts[i], "regexp") != NULL)
            return true;
    return false;
}

/* Compiles a check alone, says which tables it reads; an error ends it. */
static void admit(struct judge *j, uint32_t check)
{
    static const char *const parts[] = { "where", "pass", "query", "grade", "show" };
    struct compile_error e = { 0 };
    judge_begin(j, &check, 1);
    j->uses_regexp[check] = mentions_regexp(&j->job->checks[check]);
    if (check_compile(j->d, &j->job->checks[check], &j->reads[check], &e) == 0) {
        answer_put_tables(&j->out->b, check, j->reads[check].tables, j->reads[check].n_tables);
        return;
    }
    char *text = xasprintf("%s: %s", parts[e.part], e.text);
    judge_error(j, check, text);
    judge_done(j, check);
    free(text);
    free(e.text);
}

/* Works off the checks over one table, up to GROUP_MAX to a statement. */
static void judge_table(struct judge *j, const struct fact_table *t)
{
    uint32_t group[GROUP_MAX];
    size_t n = 0;
    for (size_t i = 0; i < j->job->n_todo && j->out->err == 0; i++) {
        uint32_t check = j->job->todo[i].check;
        if (j->erred[check] || j->job->checks[check].facts != t)
            continue;
        if (j->job->todo[i].solo) {
            judge_one(j, check);
            continue;
        }
        group[n++] = check;
        if (n == GROUP_MAX) {
            judge_group(j, group, n);
            n = 0;
        }
    }
    if (n > 0 && j->out->err == 0)
        judge_group(j, group, n);
}

static int compare_names(const void *a, const void *b, void *ctx)
{
    const struct eval_job *job = ctx;
    const uint32_t *x = a, *y = b;
    return strcmp(job->targets[*x].name, job->targets[*y].name);
}

static void names_init(struct judge *j)
{
    j->by_name = xcalloc(j->job->n_targets + 1, sizeof(*j->by_name));
    for (uint32_t i = 0; i < j->job->n_targets; i++)
        if (j->job->targets[i].site == NULL)
            j->by_name[j->n_by_name++] = i;
    union { const struct eval_job *in; void *out; } job = { .in = j->job };
    qsort_r(j->by_name, j->n_by_name, sizeof(*j->by_name), compare_names, job.out);
}

int judge_run(struct check_db *d, struct judge_out *o)
{
    const struct eval_job *job = d->job;
    struct judge j = { .d = d, .job = job, .out = o };
    j.reads = xcalloc(job->n_checks + 1, sizeof(*j.reads));
    j.erred = xcalloc(job->n_checks + 1, sizeof(*j.erred));
    j.uses_regexp = xcalloc(job->n_checks + 1, sizeof(*j.uses_regexp));
    buf_init(&j.evidence, EVAL_EVIDENCE_MAX + 4096);
    buf_init(&j.detail, EVAL_TEXT_MAX);
    names_init(&j);
    watch_init(&j);
    for (size_t i = 0; i < job->n_todo && o->err == 0; i++)
        admit(&j, job->todo[i].check);
    for (size_t i = 0; i < fact_n_tables && o->err == 0; i++)
        judge_table(&j, fact_tables[i]);
    for (size_t i = 0; i < job->n_todo && o->err == 0; i++)
        if (job->checks[job->todo[i].check].query != NULL && !j.erred[job->todo[i].check])
            judge_query(&j, job->todo[i].check);
    answer_put_check(&o->b, ANSWER_END, 0);
    flush(o);
    for (size_t i = 0; i < job->n_checks; i++)
        free(j.reads[i].tables);
    free(j.reads);
    free(j.erred);
    free(j.uses_regexp);
    free(j.by_name);
    free(j.watch);
    buf_clear(&j.evidence);
    buf_clear(&j.detail);
    return o->err;
}
