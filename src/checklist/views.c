/* The views that checks see, made on a connection of their own. Evaluation child, lint, `facts --where`. */
#include "checklist/views.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#define VIEW_SQL_MAX (256u << 10)
#define PROGRESS_OPS 4000

const char *const view_columns[] = { "target", "subject", "method", "observed_at", "vantage", "probe", "target_role", "target_address", "target_criticality" };
const size_t n_view_columns = N_ELEMENTS(view_columns);

bool view_column_known(const struct fact_table *t, const char *name)
{
    for (size_t i = 0; i < n_view_columns; i++)
        if (strcmp(view_columns[i], name) == 0)
            return true;
    return fact_column_find(t, name) >= 0;
}

const char *criticality_name(int criticality)
{
    return criticality == CRITICALITY_CLINICAL ? "clinical" : criticality == CRITICALITY_BUSINESS ? "business" : "support";
}

enum eval_why source_weakness(const struct eval_source *s, const struct check *c, int64_t as_of)
{
    if (s->method < c->evidence)
        return WHY_CLAIMED;
    if (c->max_age_s > 0 && (s->observed_at == 0 || as_of - s->observed_at > c->max_age_s))
        return WHY_OLD;
    if (c->vantage != NULL && (s->vantage == NULL || !text_equal_nocase(s->vantage, c->vantage)))
        return WHY_ELSEWHERE;
    return WHY_NONE;
}

/* --- our own statements ----------------------------------------------------------------------------------------------- */

static void bind_word(sqlite3_stmt *st, int i, const char *s)
{
    if (s != NULL && s[0] != '\0')
        sqlite3_bind_text(st, i, s, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(st, i);
}

static int own_exec(struct check_db *d, const char *sql, char **why)
{
    char *message = NULL;
    if (sqlite3_exec(d->db, sql, NULL, NULL, &message) == SQLITE_OK)
        return 0;
    *why = xasprintf("the facts cannot be shown to checks: %s", message != NULL ? message : "out of memory");
    sqlite3_free(message);
    return ERR_STORE;
}

/* The names of main.TABLE's columns, as bits of the declared ones; *there: it exists at all. */
static uint64_t stored_columns(struct check_db *d, const struct fact_table *t, bool *there)
{
    sqlite3_stmt *st = NULL;
    uint64_t bits = 0;
    *there = false;
    if (sqlite3_prepare_v2(d->db, "SELECT name FROM pragma_table_info(?1, 'main')", -1, &st, NULL) != SQLITE_OK)
        return 0;
    sqlite3_bind_text(st, 1, t->name, -1, SQLITE_STATIC);
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(st, 0);
        int i = name != NULL ? fact_column_find(t, name) : -1;
        *there = true;
        if (i >= 0)
            bits |= UINT64_C(1) << i;
    }
    sqlite3_finalize(st);
    return bits;
}

/* --- views ------------------------------------------------------------------------------------------------------------ */

static void put_name(struct buf *sql, const char *name)
{
    buf_printf(sql, "\"%s\"", name);
}

/* The columns of a row as checks see them; from: a prefix for the facts and for the source, or NULL for the names alone. */
static void put_columns(struct buf *sql, const struct fact_table *t, bool named, bool there, uint64_t stored)
{
    buf_puts(sql, named ? (there ? "s.target, f.subject" : "s.target, NULL AS subject") : "target, subject");
    for (size_t i = 0; i < t->n_columns; i++) {
        if (named && (stored & (UINT64_C(1) << i)) == 0)
            buf_puts(sql, ", NULL AS ");
        else
            buf_puts(sql, named ? ", f." : ", ");
        put_name(sql, t->columns[i].name);
    }
    for (size_t i = 2; i < n_view_columns; i++) {
        if (fact_column_find(t, view_columns[i]) >= 0)
            continue;
        buf_puts(sql, named ? ", s." : ", ");
        put_name(sql, view_columns[i]);
    }
}

/* Among several collections of one target and table, a row gives way to the same subject's row in a preferred one. Where a row says what the target itself is,
 * the only row of one collection gives way to the only row of the other, whatever name each has for it. */
static void put_preference(struct buf *sql, const char *sources, const struct fact_table *t)
{
    buf_printf(sql, " AND (s.rank = 0 OR (NOT EXISTS (SELECT 1 FROM temp.\"%s\" AS s2 CROSS JOIN main.\"%s\" AS f2"
                    " WHERE s2.target = s.target AND s2.rank < s.rank AND f2.collection_id = s2.collection_id AND f2.subject = f.subject)", sources, t->name);
    if (t->one_per_target)
        buf_printf(sql, " AND (EXISTS (SELECT 1 FROM main.\"%s\" AS f3 WHERE f3.collection_id = f.collection_id AND f3.subject <> f.subject)"
                        " OR NOT EXISTS (SELECT 1 FROM temp.\"%s\" AS s4 CROSS JOIN main.\"%s\" AS f4 WHERE s4.target = s.target AND s4.rank < s.rank"
                        " AND f4.collection_id = s4.collection_id AND NOT EXISTS (SELECT 1 FROM main.\"%s\" AS f5"
                        " WHERE f5.collection_id = f4.collection_id AND f5.subject <> f4.subject)))", t->name, sources, t->name, t->name);
    buf_puts(sql, "))");
}

struct view_form { char letter, sources; const char *prefix; unsigned view; };

static void put_view(struct buf *sql, const struct check_db *d, const struct fact_table *t, const struct view_form *v, bool there, uint64_t stored, bool contested)
{
    char hidden[HIDDEN_NAME_MAX], sources[HIDDEN_NAME_MAX];
    hidden_name(&d->auth, v->letter, t->name, hidden);
    hidden_name(&d->auth, v->sources, t->name, sources);
    const char *site = v->letter == HIDDEN_ORG ? "site, " : "";
    buf_printf(sql, "CREATE TEMP VIEW \"%s\" AS SELECT s._source, %s%s", hidden, v->letter == HIDDEN_ORG ? "s." : "", site);
    put_columns(sql, t, true, there, stored);
    buf_printf(sql, " FROM temp.\"%s\" AS s", sources);
    if (there)
        buf_printf(sql, " CROSS JOIN main.\"%s\" AS f WHERE f.collection_id = s.collection_id", t->name);
    else
        buf_puts(sql, " WHERE 0");
    if (there && contested && v->letter != HIDDEN_ALL)
        put_preference(sql, sources, t);
    buf_printf(sql, "; CREATE TEMP VIEW \"%s%s\" AS SELECT %s", v->prefix, t->name, site);
    put_columns(sql, t, false, true, 0);
    buf_printf(sql, " FROM temp.\"%s\";", hidden);
}

static void put_source_table(struct buf *sql, const struct check_db *d, const struct fact_table *t, char letter)
{
    char name[HIDDEN_NAME_MAX];
    hidden_name(&d->auth, letter, t->name, name);
    buf_printf(sql, "CREATE TEMP TABLE \"%s\" (_source INTEGER PRIMARY KEY, collection_id INTEGER, rank INTEGER, site TEXT, target TEXT, method TEXT, observed_at TEXT,"
                    " vantage TEXT, probe TEXT, target_role TEXT, target_address TEXT, target_criticality TEXT);", name);
}

static bool contested(const struct check_db *d, size_t table)
{
    const struct shown_table *t = &d->tables[table];
    for (size_t i = 0; i < t->n_sources; i++)
        if (d->job->sources[d->by_table[t->first_source + i]].rank > 0)
            return true;
    return false;
}

/* Which views of a table some check may read. A name cannot be written otherwise than letter by letter, so that all_T and org_T stand there in full. */
enum { VIEW_ROWS = 1, VIEW_ALL = 2, VIEW_ORG = 4, VIEW_ANY = VIEW_ROWS | VIEW_ALL | VIEW_ORG };

static bool preceded(const char *text, const char *at, const char *prefix)
{
    size_t len = strlen(prefix);
    return (size_t)(at - text) >= len && strncasecmp(at - len, prefix, len) == 0;
}

static unsigned views_in(const char *text, const char *table)
{
    unsigned views = 0;
    for (const char *at = text != NULL ? strcasestr(text, table) : NULL; at != NULL; at = strcasestr(at + 1, table))
        views |= VIEW_ROWS | (preceded(text, at, "all_") ? VIEW_ALL : 0u) | (preceded(text, at, "org_") ? VIEW_ORG : 0u);
    return views;
}

static unsigned views_of(const struct check *c, const struct fact_table *t)
{
    unsigned views = (c->facts == t ? VIEW_ROWS : 0u) | views_in(c->where, t->name) | views_in(c->pass, t->name) | views_in(c->query, t->name);
    for (size_t i = 0; i < c->n_grades; i++)
        views |= views_in(c->grades[i].when, t->name);
    return views;
}

/* Without any check, all are made. */
static void find_views(struct check_db *d)
{
    d->tables = xcalloc(fact_n_tables, sizeof(*d->tables));
    for (size_t i = 0; i < fact_n_tables; i++) {
        d->tables[i].views = d->job->n_checks == 0 ? VIEW_ANY : 0u;
        for (size_t k = 0; k < d->job->n_checks; k++)
            d->tables[i].views |= views_of(&d->job->checks[k], fact_tables[i]);
    }
}

/* Sources by table, so that filling one table's does not look at those of all. */
static void sort_sources(struct check_db *d)
{
    const struct eval_job *j = d->job;
    size_t at = 0;
    d->by_table = xcalloc(j->n_sources + 1, sizeof(*d->by_table));
    for (size_t i = 0; i < j->n_sources; i++)
        d->tables[j->sources[i].table].n_sources++;
    for (size_t i = 0; i < fact_n_tables; i++) {
        d->tables[i].first_source = at;
        at += d->tables[i].n_sources;
        d->tables[i].n_sources = 0;
    }
    for (size_t i = 0; i < j->n_sources; i++) {
        struct shown_table *t = &d->tables[j->sources[i].table];
        d->by_table[t->first_source + t->n_sources++] = i;
    }
}

static int make_views(struct check_db *d, char **why)
{
    static const struct view_form forms[] = { { HIDDEN_ROWS, HIDDEN_SOURCES, "", VIEW_ROWS }, { HIDDEN_ALL, HIDDEN_SOURCES, "all_", VIEW_ALL },
                                              { HIDDEN_ORG, HIDDEN_ORG_SOURCES, "org_", VIEW_ORG } };
    struct buf sql = BUF_INIT(VIEW_SQL_MAX);
    int err = 0;
    for (size_t i = 0; i < fact_n_tables && err == 0; i++) {
        const struct fact_table *t = fact_tables[i];
        bool there = false;
        if (d->tables[i].views == 0)
            continue;
        uint64_t stored = stored_columns(d, t, &there);
        put_source_table(&sql, d, t, HIDDEN_SOURCES);
        if (d->tables[i].views & VIEW_ORG)
            put_source_table(&sql, d, t, HIDDEN_ORG_SOURCES);
        bool several = contested(d, i);
        for (size_t k = 0; k < N_ELEMENTS(forms); k++)
            if (d->tables[i].views & forms[k].view)
                put_view(&sql, d, t, &forms[k], there, stored, several);
        err = sql.overflow ? ERR_LIMIT : own_exec(d, buf_str(&sql), why);
        buf_reset(&sql);
    }
    char targets[HIDDEN_NAME_MAX];
    hidden_name(&d->auth, HIDDEN_TARGETS, "targets", targets);
    buf_printf(&sql, "CREATE TEMP TABLE \"%s\" (name TEXT PRIMARY KEY, role TEXT, address TEXT, criticality TEXT);"
                     "CREATE TEMP VIEW targets AS SELECT name, role, address, criticality FROM temp.\"%s\"", targets, targets);
    if (err == 0)
        err = own_exec(d, buf_str(&sql), why);
    buf_clear(&sql);
    return err;
}

/* --- lookups ---------------------------------------------------------------------------------------------------------- */

static void lookup_name(const struct check_db *d, int id, char out[HIDDEN_NAME_MAX])
{
    hidden_name(&d->auth, HIDDEN_LOOKUP, lookup_tables[id].name, out);
}

static int make_lookup(struct check_db *d, int id, char **why)
{
    const struct lookup_table *t = &lookup_tables[id];
    struct buf sql = BUF_INIT(VIEW_SQL_MAX);
    char hidden[HIDDEN_NAME_MAX];
    lookup_name(d, id, hidden);
    buf_printf(&sql, "CREATE TEMP TABLE \"%s\" (", hidden);
    for (size_t i = 0; i < t->n_columns; i++)
        buf_printf(&sql, "%s\"%s\" %s", i > 0 ? ", " : "", t->columns[i].name, t->columns[i].type == FACT_REAL ? "REAL" : "TEXT");
    buf_printf(&sql, "); CREATE TEMP VIEW \"%s\" AS SELECT ", t->name);
    for (size_t i = 0; i < t->n_columns; i++)
        buf_printf(&sql, "%s\"%s\"", i > 0 ? ", " : "", t->columns[i].name);
    buf_printf(&sql, " FROM temp.\"%s\"", hidden);
    int err = sql.overflow ? ERR_LIMIT : own_exec(d, buf_str(&sql), why);
    buf_clear(&sql);
    return err;
}

static int fill_lookup(struct check_db *d, int id)
{
    const struct lookup_table *t = &lookup_tables[id];
    const struct lookup_rows *r = &d->job->lookups[id];
    struct buf sql = BUF_INIT(VIEW_SQL_MAX);
    char hidden[HIDDEN_NAME_MAX];
    sqlite3_stmt *st = NULL;
    lookup_name(d, id, hidden);
    buf_printf(&sql, "INSERT INTO temp.\"%s\" VALUES (?", hidden);
    for (size_t i = 1; i < t->n_columns; i++)
        buf_puts(&sql, ", ?");
    buf_puts(&sql, ")");
    int rc = sqlite3_prepare_v2(d->db, buf_str(&sql), -1, &st, NULL);
    for (size_t k = 0; rc == SQLITE_OK && k < r->n; k++) {
        for (size_t i = 0; i < t->n_columns; i++)        /* a number's text becomes one by the column's affinity */
            bind_word(st, (int)i + 1, r->values[k * t->n_columns + i]);
        rc = sqlite3_step(st) == SQLITE_DONE ? sqlite3_reset(st) : SQLITE_ERROR;
    }
    sqlite3_finalize(st);
    buf_clear(&sql);
    return rc == SQLITE_OK ? 0 : ERR_STORE;
}

/* Only what some check names: most need none of it. */
static int make_lookups(struct check_db *d, char **why)
{
    int err = 0;
    for (int id = 0; id < LOOKUP_COUNT && err == 0; id++) {
        if (!lookup_wanted(d->job->checks, d->job->n_checks, (enum lookup_id)id))
            continue;
        err = make_lookup(d, id, why);
        if (err == 0)
            err = fill_lookup(d, id);
    }
    return err;
}

/* --- what the views show ---------------------------------------------------------------------------------------------- */

static int insert_targets(struct check_db *d)
{
    char name[HIDDEN_NAME_MAX];
    sqlite3_stmt *st = NULL;
    hidden_name(&d->auth, HIDDEN_TARGETS, "targets", name);
    char *sql = xasprintf("INSERT OR IGNORE INTO temp.\"%s\" VALUES (?1, ?2, ?3, ?4)", name);
    int rc = sqlite3_prepare_v2(d->db, sql, -1, &st, NULL);
    for (size_t i = 0; rc == SQLITE_OK && i < d->job->n_targets; i++) {
        const struct eval_target *t = &d->job->targets[i];
        if (t->site != NULL)
            continue;
        bind_word(st, 1, t->name);
        bind_word(st, 2, t->role);
        bind_word(st, 3, t->address);
        bind_word(st, 4, criticality_name(t->criticality));
        rc = sqlite3_step(st) == SQLITE_DONE ? sqlite3_reset(st) : SQLITE_ERROR;
    }
    sqlite3_finalize(st);
    free(sql);
    return rc == SQLITE_OK ? 0 : ERR_STORE;
}

static int insert_source(sqlite3_stmt *st, const struct eval_job *j, size_t i)
{
    const struct eval_source *s = &j->sources[i];
    const struct eval_target *t = &j->targets[s->target];
    char observed[ISO_LEN] = "";
    if (s->observed_at != 0)
        iso_format(s->observed_at, observed);
    sqlite3_bind_int64(st, 1, (int64_t)i);
    sqlite3_bind_int64(st, 2, s->collection);
    sqlite3_bind_int64(st, 3, s->rank);
    bind_word(st, 4, t->site);
    bind_word(st, 5, t->name);
    bind_word(st, 6, method_name(s->method));
    bind_word(st, 7, observed);
    bind_word(st, 8, s->vantage);
    bind_word(st, 9, s->probe);
    bind_word(st, 10, t->role);
    bind_word(st, 11, t->address);
    bind_word(st, 12, criticality_name(t->criticality));
    return sqlite3_step(st) == SQLITE_DONE ? sqlite3_reset(st) : SQLITE_ERROR;
}

static int fill(struct check_db *d, size_t table, bool org, const struct check *filter)
{
    char name[HIDDEN_NAME_MAX];
    const struct eval_job *j = d->job;
    const struct shown_table *t = &d->tables[table];
    sqlite3_stmt *st = NULL;
    hidden_name(&d->auth, org ? HIDDEN_ORG_SOURCES : HIDDEN_SOURCES, fact_tables[table]->name, name);
    char *sql = xasprintf("DELETE FROM temp.\"%s\"", name);
    int rc = sqlite3_exec(d->db, sql, NULL, NULL, NULL);
    free(sql);
    sql = xasprintf("INSERT INTO temp.\"%s\" (_source, collection_id, rank, site, target, method, observed_at, vantage, probe, target_role, target_address, target_criticality)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)", name);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(d->db, sql, -1, &st, NULL);
    free(sql);
    for (size_t k = 0; rc == SQLITE_OK && k < t->n_sources; k++) {
        size_t i = d->by_table[t->first_source + k];
        const struct eval_source *s = &j->sources[i];
        if ((j->targets[s->target].site != NULL) != org || (filter != NULL && source_weakness(s, filter, j->as_of) != WHY_NONE))
            continue;
        rc = insert_source(st, j, i);
    }
    sqlite3_finalize(st);
    return rc == SQLITE_OK ? 0 : ERR_STORE;
}

/* Whether the rows are chosen alike: by what source_weakness() looks at. */
static bool same_filter(const struct check *a, const struct check *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    bool same_place = a->vantage == NULL ? b->vantage == NULL : b->vantage != NULL && strcmp(a->vantage, b->vantage) == 0;
    return same_place && a->evidence == b->evidence && a->max_age_s == b->max_age_s;
}

static int show_table(struct check_db *d, size_t i, const struct check *filter)
{
    struct shown_table *t = &d->tables[i];
    if (t->filled && same_filter(t->filter, filter))
        return 0;
    t->filled = false;
    int err = fill(d, i, false, filter);
    if (err == 0 && t->views & VIEW_ORG)
        err = fill(d, i, true, filter);
    t->filled = err == 0;
    t->filter = filter;
    return err;
}

int check_db_show(struct check_db *d, const struct check *filter, const struct check *const *checks, size_t n)
{
    int err = 0;
    authorizer_off(&d->auth);
    d->deadline_ms = 0;
    for (size_t i = 0; i < fact_n_tables && err == 0; i++) {
        bool wanted = false;
        for (size_t k = 0; k < n && !wanted && d->tables[i].views != 0; k++)
            wanted = views_of(checks[k], fact_tables[i]) != 0;
        if (wanted)
            err = show_table(d, i, filter);
    }
    authorizer_on(&d->auth);
    return err;
}

/* --- the connection --------------------------------------------------------------------------------------------------- */

static int on_progress(void *ctx)
{
    struct check_db *d = ctx;
    if (d->deadline_ms == 0 || clock_mono_ms() < d->deadline_ms)
        return 0;
    d->timed_out = true;
    return 1;
}

void check_db_deadline(struct check_db *d, int64_t ms)
{
    d->deadline_ms = clock_mono_ms() + ms;
    d->timed_out = false;
}

static void harden(sqlite3 *db)
{
    static const struct { int id, value; } limits[] = {
        { SQLITE_LIMIT_LENGTH, 4 << 20 }, { SQLITE_LIMIT_SQL_LENGTH, 4 << 20 }, { SQLITE_LIMIT_EXPR_DEPTH, 200 }, { SQLITE_LIMIT_COMPOUND_SELECT, 10 },
        { SQLITE_LIMIT_VDBE_OP, 500000 }, { SQLITE_LIMIT_FUNCTION_ARG, 20 }, { SQLITE_LIMIT_ATTACHED, 0 }, { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100 },
        { SQLITE_LIMIT_VARIABLE_NUMBER, 10000 }, { SQLITE_LIMIT_TRIGGER_DEPTH, 1 }, { SQLITE_LIMIT_WORKER_THREADS, 0 },
    };
    static const struct { int id, value; } config[] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 }, { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 }, { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 }, { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
        { SQLITE_DBCONFIG_DQS_DML, 0 }, { SQLITE_DBCONFIG_DQS_DDL, 0 },
    };
    for (size_t i = 0; i < N_ELEMENTS(limits); i++)
        sqlite3_limit(db, limits[i].id, limits[i].value);
    for (size_t i = 0; i < N_ELEMENTS(config); i++)
        sqlite3_db_config(db, config[i].id, config[i].value, (int *)NULL);
}

int check_db_open(const char *path, bool immutable, sqlite3 **out)
{
    struct buf uri = BUF_INIT(16384);
    buf_puts(&uri, "file:");
    for (const char *p = path; *p != '\0'; p++) {
        if (*p == '%' || *p == '?' || *p == '#' || (unsigned char)*p < 0x21)
            buf_printf(&uri, "%%%02x", (unsigned)(unsigned char)*p);
        else
            buf_putc(&uri, *p);
    }
    buf_puts(&uri, immutable ? "?mode=ro&immutable=1" : "?mode=ro");
    int rc = sqlite3_open_v2(buf_str(&uri), out, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    buf_clear(&uri);
    if (rc == SQLITE_OK)
        sqlite3_busy_timeout(*out, 10000);
    return rc;
}

int check_db_init(struct check_db *d, sqlite3 *db, const struct eval_job *job, char **why)
{
    *d = (struct check_db){ .db = db, .job = job, .functions = { .as_of = job->as_of } };
    *why = NULL;
    find_views(d);
    sort_sources(d);
    harden(db);
    authorizer_init(&d->auth, db);
    int err = own_exec(d, "PRAGMA temp_store = memory; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; BEGIN", why);
    if (err == 0)
        err = functions_register(db, &d->functions);
    if (err == 0)
        err = make_views(d, why);
    if (err == 0)
        err = make_lookups(d, why);
    if (err == 0)
        err = insert_targets(d);
    sqlite3_progress_handler(db, PROGRESS_OPS, on_progress, d);
    authorizer_on(&d->auth);
    if (err != 0 && *why == NULL)
        *why = xasprintf("the facts cannot be shown to checks: %s", sqlite3_errmsg(db));
    return err;
}

void check_db_clear(struct check_db *d)
{
    if (d->db == NULL)
        return;
    sqlite3_progress_handler(d->db, 0, NULL, NULL);
    authorizer_off(&d->auth);
    authorizer_clear(&d->auth);
    free(d->by_table);
    free(d->tables);
    d->db = NULL;
}

int check_db_prepare(struct check_db *d, const char *sql, sqlite3_stmt **out, char **why)
{
    const char *tail = NULL;
    *out = NULL;
    d->auth.refused[0] = '\0';
    int rc = sqlite3_prepare_v2(d->db, sql, -1, out, &tail);
    if (rc != SQLITE_OK || *out == NULL) {
        *why = xstrdup(d->auth.refused[0] != '\0' ? d->auth.refused : rc != SQLITE_OK ? sqlite3_errmsg(d->db) : "there is no statement");
        sqlite3_finalize(*out);
        *out = NULL;
        return ERR_BAD_INPUT;
    }
    if (tail[strspn(tail, " \t\r\n")] != '\0' || !sqlite3_stmt_readonly(*out)) {
        *why = xstrdup(tail[0] != '\0' ? "a second statement is not allowed" : "a check may only SELECT");
        sqlite3_finalize(*out);
        *out = NULL;
        return ERR_BAD_INPUT;
    }
    return 0;
}
