/* Builds and compiles the statements of checks. What is pasted has passed the scanner, and has compiled alone, before it stands beside others.
 * Evaluation child and lint; the expressions are hostile. */
#include "checklist/compile.h"

#include <string.h>

#include "base/text.h"
#include "checklist/token.h"

#define STATEMENT_MAX (4u << 20)

/* --- params ----------------------------------------------------------------------------------------------------------- */

/* The params of a statement in the order of their numbers: ?1 is v[0]. */
struct params { const struct param **v; size_t n; };

static int param_number(struct params *ps, const struct check *c, const struct token *t)
{
    for (size_t i = 0; i < c->n_params; i++) {
        const struct param *p = &c->params[i];
        if (strlen(p->name) != t->len - 1 || memcmp(p->name, t->p + 1, t->len - 1) != 0)
            continue;
        for (size_t k = 0; k < ps->n; k++)
            if (ps->v[k] == p)
                return (int)k + 1;
        ps->v = xrealloc_array(ps->v, ps->n + 1, sizeof(*ps->v));
        ps->v[ps->n++] = p;
        return (int)ps->n;
    }
    BUG("a param that the scanner did not refuse is not declared");
}

/* The expression with its :params as numbers, in brackets when it is an expression. */
static void put_expression(struct buf *sql, struct params *ps, const struct check *c, const char *expr)
{
    size_t pos = 0, done = 0;
    for (;;) {
        struct token t = token_next(expr, &pos);
        if (t.kind == TOKEN_END || t.kind == TOKEN_BAD)
            break;
        if (t.kind != TOKEN_PARAM)
            continue;
        buf_append(sql, expr + done, t.at - done);
        buf_printf(sql, "?%d", param_number(ps, c, &t));
        done = t.at + t.len;
    }
    buf_puts(sql, expr + done);
}

static void bind_params(sqlite3_stmt *st, const struct params *ps)
{
    for (size_t i = 0; i < ps->n; i++) {
        const struct param *p = ps->v[i];
        int at = (int)i + 1;
        if (p->is_text)
            sqlite3_bind_text(st, at, p->s, -1, SQLITE_TRANSIENT);
        else if (p->is_real)
            sqlite3_bind_double(st, at, p->r);
        else
            sqlite3_bind_int64(st, at, p->i);
    }
}

static int prepare(struct check_db *d, struct buf *sql, struct params *ps, sqlite3_stmt **out, char **why)
{
    int err;
    *out = NULL;
    if (sql->overflow) {
        *why = xstrdup("the statement is too long");
        err = ERR_LIMIT;
    } else
        err = check_db_prepare(d, buf_str(sql), out, why);
    if (err == 0)
        bind_params(*out, ps);
    buf_clear(sql);
    free(ps->v);
    return err;
}

/* --- alone ------------------------------------------------------------------------------------------------------------ */

static int fail(struct compile_error *e, enum check_part part, size_t item, size_t at, const char *text)
{
    *e = (struct compile_error){ .part = part, .item = item, .at = at, .text = xstrdup(text) };
    return ERR_BAD_INPUT;
}

/* Alone, and as a WHERE: an aggregate, which would fold all rows into one, is refused there. */
static int compile_part(struct check_db *d, const struct check *c, const char *expr, enum check_part part, size_t item, struct compile_error *e)
{
    struct buf sql = BUF_INIT(STATEMENT_MAX);
    struct params ps = { 0 };
    sqlite3_stmt *st = NULL;
    char *why = NULL;
    size_t at = 0;
    const char *bad = expression_scan(expr, c->params, c->n_params, &at);
    if (bad != NULL)
        return fail(e, part, item, at, bad);
    buf_printf(&sql, "SELECT 1 FROM \"%s\" WHERE (", c->facts->name);
    put_expression(&sql, &ps, c, expr);
    buf_puts(&sql, ")");
    int err = prepare(d, &sql, &ps, &st, &why);
    if (err != 0) {
        *e = (struct compile_error){ .part = part, .item = item, .text = why };
        return ERR_BAD_INPUT;
    }
    sqlite3_finalize(st);
    return 0;
}

static int compile_facts(struct check_db *d, const struct check *c, struct compile_error *e)
{
    int err = 0;
    if (c->where != NULL)
        err = compile_part(d, c, c->where, PART_WHERE, 0, e);
    if (err == 0)
        err = compile_part(d, c, c->pass, PART_PASS, 0, e);
    for (size_t i = 0; err == 0 && i < c->n_grades; i++)
        err = compile_part(d, c, c->grades[i].when, PART_GRADE, i, e);
    for (size_t i = 0; err == 0 && i < c->n_show; i++)
        if (!view_column_known(c->facts, c->show[i]))
            err = fail(e, PART_SHOW, i, 0, "this table has no such column");
    return err;
}

/* The column of a statement with this name: -1 when there is none, -2 when there are several. */
static int result_column(sqlite3_stmt *st, const char *name)
{
    int found = -1;
    for (int i = 0; i < sqlite3_column_count(st); i++) {
        const char *has = sqlite3_column_name(st, i);
        if (has != NULL && strcmp(has, name) == 0)
            found = found == -1 ? i : -2;
    }
    return found;
}

static int compile_query(struct check_db *d, const struct check *c, struct compile_error *e)
{
    static const char *const needed[] = { "target", "subject", "ok" };
    struct buf sql = BUF_INIT(STATEMENT_MAX);
    struct params ps = { 0 };
    sqlite3_stmt *st = NULL;
    char *why = NULL;
    size_t at = 0, pos = 0;
    const char *bad = expression_scan(c->query, c->params, c->n_params, &at);
    if (bad != NULL)
        return fail(e, PART_QUERY, 0, at, bad);
    struct token first = token_next(c->query, &pos);
    if (!token_is(&first, "select") && !token_is(&first, "with"))
        return fail(e, PART_QUERY, 0, first.at, "a query begins with SELECT or WITH");
    put_expression(&sql, &ps, c, c->query);
    if (prepare(d, &sql, &ps, &st, &why) != 0) {
        *e = (struct compile_error){ .part = PART_QUERY, .text = why };
        return ERR_BAD_INPUT;
    }
    int err = 0;
    for (size_t i = 0; err == 0 && i < N_ELEMENTS(needed); i++)
        if (result_column(st, needed[i]) < 0)
            err = fail(e, PART_QUERY, 0, 0, "a query gives exactly one column each named target, subject and ok");
    for (size_t i = 0; err == 0 && i < c->n_show; i++)
        if (result_column(st, c->show[i]) < 0)
            err = fail(e, PART_SHOW, i, 0, "the query gives no such column, or several");
    if (err == 0 && sqlite3_column_count(st) > 60)
        err = fail(e, PART_QUERY, 0, 0, "a query gives at most 60 columns");
    sqlite3_finalize(st);
    return err;
}

static void take_reads(const struct check_db *d, const struct check *c, struct check_reads *out)
{
    out->tables = xcalloc(2 * fact_n_tables, sizeof(*out->tables));
    out->n_tables = 0;
    for (size_t i = 0; i < fact_n_tables; i++) {
        if (d->auth.plain[i])
            out->tables[out->n_tables++] = (uint16_t)i;
        if (d->auth.org[i])
            out->tables[out->n_tables++] = (uint16_t)(i | EVAL_ORG);
    }
    out->columns = c->facts != NULL ? d->auth.columns[fact_table_index(c->facts)] : 0;
}

static int compile_grades_of_query(struct check_db *d, const struct check *c, struct compile_error *e)
{
    struct query_sql q;
    size_t at = 0;
    for (size_t i = 0; i < c->n_grades; i++) {
        const char *bad = expression_scan(c->grades[i].when, c->params, c->n_params, &at);
        if (bad != NULL)
            return fail(e, PART_GRADE, i, at, bad);
    }
    char *why = NULL;
    if (c->n_grades > 0 && query_compile(d, c, &q, &why) != 0) {
        *e = (struct compile_error){ .part = PART_GRADE, .text = why };
        return ERR_BAD_INPUT;
    }
    if (c->n_grades > 0)
        sqlite3_finalize(q.stmt);
    return 0;
}

int check_compile(struct check_db *d, const struct check *c, struct check_reads *reads, struct compile_error *e)
{
    *reads = (struct check_reads){ 0 };
    authorizer_reset(&d->auth);
    int err = c->query != NULL ? compile_query(d, c, e) : compile_facts(d, c, e);
    if (err == 0 && c->query != NULL)
        err = compile_grades_of_query(d, c, e);
    if (err == 0)
        take_reads(d, c, reads);
    return err;
}

/* --- together --------------------------------------------------------------------------------------------------------- */

static void put_grades(struct buf *sql, struct params *ps, const struct check *c)
{
    buf_puts(sql, "CASE");
    for (size_t i = 0; i < c->n_grades; i++) {
        buf_puts(sql, " WHEN (");
        put_expression(sql, ps, c, c->grades[i].when);
        buf_printf(sql, ") THEN %d", (int)c->grades[i].severity);
    }
    buf_puts(sql, " END");
}

/* The unary plus keeps a text column's affinity from making '1' out of 1. */
static void put_verdict(struct buf *sql, struct params *ps, const struct check *c)
{
    if (c->where == NULL) {
        buf_puts(sql, "(");
        put_expression(sql, ps, c, c->pass);
        buf_puts(sql, ")");
        return;
    }
    buf_puts(sql, "CASE +(");
    put_expression(sql, ps, c, c->where);
    buf_puts(sql, ") WHEN 1 THEN (");
    put_expression(sql, ps, c, c->pass);
    buf_printf(sql, ") WHEN 0 THEN %lld ELSE iif((", (long long)VERDICT_NO_SUBJECT);
    put_expression(sql, ps, c, c->where);
    buf_printf(sql, ") IS NULL, %lld, %lld) END", (long long)VERDICT_CANNOT_TELL, (long long)VERDICT_BAD_WHERE);
}

/* The raw columns that the group's checks show, or judge by: what is NULL among the latter is why a verdict is unknown. */
static void choose_columns(const struct check *const *v, const struct check_reads *const *reads, size_t n, struct group_sql *out)
{
    const struct fact_table *t = v[0]->facts;
    uint64_t declared = 0;
    bool around[16] = { false };
    for (size_t i = 0; i < n; i++) {
        declared |= reads[i]->columns;
        for (size_t k = 0; k < v[i]->n_show; k++) {
            int c = fact_column_find(t, v[i]->show[k]);
            if (c >= 0)
                declared |= UINT64_C(1) << c;
            for (size_t w = 0; c < 0 && w < n_view_columns; w++)
                around[w] |= strcmp(view_columns[w], v[i]->show[k]) == 0;
        }
    }
    out->n_columns = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        if (declared & (UINT64_C(1) << i))
            out->columns[out->n_columns++] = (int)i;
    for (size_t i = 0; i < n_view_columns; i++)
        if (around[i])
            out->columns[out->n_columns++] = -1 - (int)i;
}

int group_compile(struct check_db *d, const struct check *const *v, const struct check_reads *const *reads, size_t n, struct group_sql *out, char **why)
{
    struct buf sql = BUF_INIT(STATEMENT_MAX);
    struct params ps = { 0 };
    char hidden[HIDDEN_NAME_MAX];
    const struct fact_table *t = v[0]->facts;
    choose_columns(v, reads, n, out);
    buf_printf(&sql, "SELECT \"%s\"._source, \"%s\".subject", t->name, t->name);
    for (size_t i = 0; i < out->n_columns; i++) {
        int c = out->columns[i];
        buf_printf(&sql, ", \"%s\".\"%s\"", t->name, c >= 0 ? t->columns[c].name : view_columns[-1 - c]);
    }
    int next = (int)out->n_columns + 2;
    for (size_t i = 0; i < n; i++) {
        buf_puts(&sql, ", ");
        put_verdict(&sql, &ps, v[i]);
        out->verdict[i] = next++;
        out->grade[i] = -1;
        if (v[i]->n_grades > 0) {
            buf_puts(&sql, ", ");
            put_grades(&sql, &ps, v[i]);
            out->grade[i] = next++;
        }
    }
    hidden_name(&d->auth, HIDDEN_ROWS, t->name, hidden);
    buf_printf(&sql, " FROM temp.\"%s\" AS \"%s\"", hidden, t->name);
    return prepare(d, &sql, &ps, &out->stmt, why);
}

int query_compile(struct check_db *d, const struct check *c, struct query_sql *out, char **why)
{
    struct buf sql = BUF_INIT(STATEMENT_MAX);
    struct params ps = { 0 };
    *out = (struct query_sql){ .grade = -1 };
    if (c->n_grades > 0) {
        buf_puts(&sql, "SELECT q.*, ");
        put_grades(&sql, &ps, c);
        buf_puts(&sql, " FROM (");
    }
    put_expression(&sql, &ps, c, c->query);
    if (c->n_grades > 0)
        buf_puts(&sql, ") AS q");
    int err = prepare(d, &sql, &ps, &out->stmt, why);
    if (err != 0)
        return err;
    out->target = result_column(out->stmt, "target");
    out->subject = result_column(out->stmt, "subject");
    out->ok = result_column(out->stmt, "ok");
    int n = sqlite3_column_count(out->stmt);
    if (c->n_grades > 0)
        out->grade = --n;
    for (size_t i = 0; i < c->n_show && i < N_ELEMENTS(out->shown); i++)
        out->shown[out->n_shown++] = result_column(out->stmt, c->show[i]);
    for (int i = 0; c->n_show == 0 && i < n && out->n_shown < N_ELEMENTS(out->shown); i++)
        if (i != out->target && i != out->subject && i != out->ok)
            out->shown[out->n_shown++] = i;
    return 0;
}

int facts_compile(struct check_db *d, const struct fact_table *t, const char *where, sqlite3_stmt **out, char **why)
{
    struct buf sql = BUF_INIT(STATEMENT_MAX);
    struct params ps = { 0 };
    struct compile_error e = { 0 };
    const struct check c = { .facts = t, .where = where };
    if (where != NULL && compile_part(d, &c, where, PART_WHERE, 0, &e) != 0) {
        *why = e.text;
        return ERR_BAD_INPUT;
    }
    buf_puts(&sql, "SELECT target, subject, method, observed_at");
    for (size_t i = 0; i < t->n_columns; i++)
        buf_printf(&sql, ", \"%s\"", t->columns[i].name);
    buf_printf(&sql, " FROM \"%s\"", t->name);
    if (where != NULL)
        buf_printf(&sql, " WHERE (%s)", where);
    buf_printf(&sql, " ORDER BY target, subject");
    return prepare(d, &sql, &ps, out, why);
}
