/* Expressions of checks, as the evaluation child meets them: scanned, typed, compiled under the authorizer, run over a small store in memory. The first byte says
 * what the rest is: p pass, w where, g grade, q query; anything else is pass. What must hold: the answers are well-formed, a table that no check may read is not
 * in them, and no row was changed. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklist/judge.h"
#include "checklist/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char canary[] = "canary-7261";

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void exec(sqlite3 *db, const char *sql)
{
    must(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static void make_table(sqlite3 *db, const struct fact_table *t)
{
    struct buf sql = BUF_INIT(16384);
    buf_printf(&sql, "CREATE TABLE main.\"%s\" (collection_id INTEGER NOT NULL, subject TEXT NOT NULL", t->name);
    for (size_t i = 0; i < t->n_columns; i++) {
        bool number = t->columns[i].type == FACT_INTEGER || t->columns[i].type == FACT_BOOLEAN;
        buf_printf(&sql, ", \"%s\" %s", t->columns[i].name, number ? "INTEGER" : t->columns[i].type == FACT_REAL ? "REAL" : "TEXT");
    }
    buf_puts(&sql, ", PRIMARY KEY (collection_id, subject)) STRICT, WITHOUT ROWID");
    exec(db, buf_str(&sql));
    buf_clear(&sql);
}

static sqlite3 *make_store(void)
{
    sqlite3 *db = NULL;
    must(sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK);
    for (size_t i = 0; i < fact_n_tables; i++)
        make_table(db, fact_tables[i]);
    exec(db, "INSERT INTO interfaces (collection_id, subject, name, speed_mbps, admin_up, duplex) VALUES (1, '[\"P1\"]', 'P1', 1000, 1, 'full'), (1, '[\"P2\"]', 'P2', NULL, 0, 'half'),"
             " (2, '[\"P1\"]', 'P1', 10, 1, NULL)");
    exec(db, "INSERT INTO hosts (collection_id, subject, name, os_version) VALUES (3, '[\"h1\"]', 'h1', '10.0.19045')");
    exec(db, "CREATE TABLE finding (id INTEGER PRIMARY KEY, target TEXT)");
    char *sql = xasprintf("INSERT INTO finding VALUES (1, '%s'); INSERT INTO interfaces (collection_id, subject, name) VALUES (99, '[\"%s\"]', '%s')", canary, canary, canary);
    exec(db, sql);                       /* of a run that is not this one */
    free(sql);
    return db;
}

static int keep(void *ctx, const void *p, size_t len)
{
    buf_append(ctx, p, len);
    return 0;
}

static void judge_answers(const struct buf *b, const struct eval_job *j)
{
    struct answer a;
    size_t at = 0, used = 0;
    int64_t rows = 0;
    enum answer_kind last = ANSWER_END;
    while (at < b->len) {
        must(answer_next((const uint8_t *)b->data + at, b->len - at, j->n_checks, j->n_targets, &a, &used) == 1);
        at += used;
        last = a.kind;
        if (a.kind == ANSWER_COUNT)
            rows += a.pass + a.fail + a.unknown;
        must(a.kind != ANSWER_SUBJECT || a.subject_len > 0);
    }
    must(last == ANSWER_END);
    must(j->checks[0].query != NULL || rows <= 3);
    must(memmem(b->data, b->len, canary, sizeof(canary) - 1) == NULL);
}

/* The store and its views are made once: whatever ran, no row may have changed, and the views show what the next check asks for. */
static struct eval_target targets[] = { { .name = "sw1", .role = "switch", .address = "10.0.0.1", .criticality = 1 }, { .name = "sw2", .role = "", .address = "", .criticality = 3 },
                                        { .site = "home", .name = "h", .role = "", .address = "", .criticality = 1 } };
static struct eval_source sources[3];
static struct eval_todo todo = { 0, false };
static struct check checks[1];
static struct eval_job job = { .db = "", .as_of = 2000000, .statement_ms = 20, .targets = targets, .n_targets = 3, .sources = sources, .n_sources = 3, .checks = checks, .n_checks = 1,
                               .todo = &todo, .n_todo = 1, .all_subjects = true };

static struct check_db *ready(void)
{
    static struct check_db d;
    char *why = NULL;
    if (d.db != NULL)
        return &d;
    uint16_t interfaces = (uint16_t)fact_table_index(fact_table_find("interfaces")), hosts = (uint16_t)fact_table_index(fact_table_find("hosts"));
    sources[0] = (struct eval_source){ .collection = 1, .target = 0, .table = interfaces, .method = METHOD_MEASURED, .observed_at = 1000000, .probe = "snmp" };
    sources[1] = (struct eval_source){ .collection = 2, .target = 0, .table = interfaces, .method = METHOD_DOCUMENT, .rank = 1, .observed_at = 1000000, .probe = "file" };
    sources[2] = (struct eval_source){ .collection = 3, .target = 2, .table = hosts, .method = METHOD_MEASURED, .observed_at = 1000000, .probe = "ssh" };
    job.n_checks = 0;            /* views of all tables: what the checks to come will name is not known */
    must(check_db_init(&d, make_store(), &job, &why) == 0);
    job.n_checks = 1;
    return &d;
}

static void run(const struct check *c)
{
    struct check_db *d = ready();
    struct buf answers = BUF_INIT(64u << 20);
    struct judge_out out;
    sqlite3_stmt *st = NULL;
    checks[0] = *c;
    judge_out_init(&out, keep, &answers);
    must(judge_run(d, &out) == 0);
    must(!answers.overflow);
    judge_answers(&answers, &job);
    judge_out_clear(&out);
    buf_clear(&answers);
    authorizer_off(&d->auth);
    check_db_deadline(d, 10000);
    must(sqlite3_prepare_v2(d->db, "SELECT (SELECT count(*) FROM main.interfaces), (SELECT count(*) FROM main.finding)", -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW);
    must(sqlite3_column_int(st, 0) == 4 && sqlite3_column_int(st, 1) == 1);
    sqlite3_finalize(st);
    authorizer_on(&d->auth);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct param params[] = { { .name = "min", .i = 100 }, { .name = "word", .is_text = true, .s = "up" } };
    if (size < 1 || size > 20000 || memchr(data, 0, size) != NULL || memmem(data, size, canary, sizeof(canary) - 1) != NULL)
        return 0;
    char *text = xstrndup((const char *)data + 1, size - 1);
    const char *when = data[0] == 'g' ? text : "1";
    struct grade grade = { when, SEVERITY_HIGH };
    struct check c = { .id = "A-1", .severity = SEVERITY_LOW, .evidence = METHOD_DOCUMENT, .params = params, .n_params = 2, .facts = fact_table_find("interfaces"), .pass = "speed_mbps > :min" };
    if (data[0] == 'q') {
        c.facts = NULL;
        c.pass = NULL;
        c.query = text;
    } else if (data[0] == 'w')
        c.where = text;
    else if (data[0] != 'g')
        c.pass = text;
    if (data[0] == 'g') {
        c.grades = &grade;
        c.n_grades = 1;
    }
    size_t at = 0;
    if (expression_scan(text, params, 2, &at) == NULL)
        free(check_types(&c));
    must(at <= size);
    run(&c);
    free(text);
    return 0;
}
