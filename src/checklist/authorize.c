/* The authorizer: an allow-list. Runs within sqlite3_prepare on what strangers wrote. Evaluation child, lint, `facts --where`. */
#include "checklist/authorize.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "checklist/functions.h"
#include "checklist/lookup.h"
#include "fact/table.h"

void hidden_name(const struct authorizer *a, char letter, const char *table, char out[HIDDEN_NAME_MAX])
{
    int n = snprintf(out, HIDDEN_NAME_MAX, "_%s%c_%s", a->secret, letter, table);
    if (n < 0 || n >= HIDDEN_NAME_MAX)
        BUG("the name of fact table %s is too long", table);
}

/* The letter of a hidden name and the table that it stands for; 0 when it is none. */
static char hidden_parse(const struct authorizer *a, const char *name, const char **table)
{
    if (name == NULL || name[0] != '_' || strncmp(name + 1, a->secret, SECRET_LEN) != 0 || name[1 + SECRET_LEN] == '\0' || name[2 + SECRET_LEN] != '_')
        return 0;
    *table = name + 3 + SECRET_LEN;
    return name[1 + SECRET_LEN];
}

/* The registry index of the fact table behind a public view's name; -1 when it is none. *form: 0 itself, 'a' all_, 'o' org_. */
static int public_table(const char *name, char *form)
{
    const struct fact_table *t = fact_table_find(name);
    *form = 0;
    if (t == NULL && (strncmp(name, "all_", 4) == 0 || strncmp(name, "org_", 4) == 0)) {
        *form = name[0];
        t = fact_table_find(name + 4);
    }
    return t != NULL ? fact_table_index(t) : -1;
}

static int refuse(struct authorizer *a, const char *what, const char *name)
{
    if (a->refused[0] == '\0')
        snprintf(a->refused, sizeof(a->refused), "%s%s%.80s", what, name != NULL ? " " : "", name != NULL ? name : "");
    return SQLITE_DENY;
}

/* Reading what lies under the views: only the hidden view of the same table may. This is where what a check reads is noted. */
static bool hidden_read(struct authorizer *a, const char *table, const char *db, const char *via)
{
    const char *own = NULL, *by = NULL;
    char reader = hidden_parse(a, via, &by);
    char letter = hidden_parse(a, table, &own);
    if (reader == HIDDEN_TARGETS || reader == HIDDEN_SOURCES || reader == HIDDEN_ORG_SOURCES)
        return false;
    if (letter == 0)             /* a base table */
        return reader != 0 && strcmp(db, "main") == 0 && strcmp(by, table) == 0;
    if (strcmp(db, "temp") != 0)
        return false;
    if (letter != HIDDEN_SOURCES && letter != HIDDEN_ORG_SOURCES)
        return true;             /* a hidden view: who knows its name is one of ours */
    if (reader == 0 || strcmp(by, own) != 0)
        return false;
    const struct fact_table *t = fact_table_find(own);
    if (t != NULL)
        (reader == HIDDEN_ORG ? a->org : a->plain)[fact_table_index(t)] = true;
    return t != NULL;
}

static bool other_table(const struct authorizer *a, const char *name)
{
    for (size_t i = 0; i < a->n_other_tables; i++)
        if (text_equal_nocase(a->other_tables[i], name))
            return true;
    return strncasecmp(name, "sqlite_", 7) == 0 || strncasecmp(name, "pragma_", 7) == 0;
}

static int on_read(struct authorizer *a, const char *table, const char *column, const char *db, const char *via)
{
    char form = 0;
    int i = public_table(table, &form);
    bool temp = db != NULL && strcmp(db, "temp") == 0;
    if (temp && i >= 0) {
        int c = fact_column_find(fact_tables[i], column);
        if (form == 0 && c >= 0)
            a->columns[i] |= UINT64_C(1) << c;
        return SQLITE_OK;
    }
    if (temp && (strcmp(table, "targets") == 0 || lookup_known(table)))
        return SQLITE_OK;
    if (db != NULL && hidden_read(a, table, db, via))
        return SQLITE_OK;
    /* A hidden table that a flattened view joins without using a column of it: only our views know its name. */
    const char *own = NULL;
    if (column[0] == '\0' && temp && hidden_parse(a, table, &own) != 0)
        return SQLITE_OK;
    /* count(*) over a common table expression: nothing is read of it, and it has no schema. */
    if (column[0] == '\0' && (db == NULL || temp) && !other_table(a, table) && hidden_parse(a, table, &own) == 0)
        return SQLITE_OK;
    return refuse(a, "a check reads fact tables only, not", table);
}

static int on_action(void *ctx, int action, const char *x, const char *y, const char *db, const char *via)
{
    struct authorizer *a = ctx;
    switch (action) {
    case SQLITE_SELECT:
        return SQLITE_OK;
    case SQLITE_READ:
        return on_read(a, x != NULL ? x : "", y != NULL ? y : "", db, via);
    case SQLITE_FUNCTION:
        return y != NULL && function_allowed(y) ? SQLITE_OK : refuse(a, "a check may not call", y);
    case SQLITE_RECURSIVE:
        return refuse(a, "a check may not use WITH RECURSIVE", NULL);
    case SQLITE_ATTACH:
        return refuse(a, "a check may not ATTACH", NULL);
    case SQLITE_PRAGMA:
        return refuse(a, "a check may not use PRAGMA", x);
    default:
        return refuse(a, "a check may only SELECT", NULL);
    }
}

static void add_names(struct authorizer *a, const char *sql)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(a->db, sql, -1, &st, NULL) != SQLITE_OK)
        return;
    while (sqlite3_step(st) == SQLITE_ROW && a->n_other_tables < 10000) {
        a->other_tables = xrealloc_array(a->other_tables, a->n_other_tables + 1, sizeof(*a->other_tables));
        a->other_tables[a->n_other_tables++] = xstrdup((const char *)sqlite3_column_text(st, 0));
    }
    sqlite3_finalize(st);
}

void authorizer_init(struct authorizer *a, sqlite3 *db)
{
    uint8_t random[SECRET_LEN / 2];
    *a = (struct authorizer){ .db = db };
    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        BUG("the kernel gives no random bytes");
    hex_encode(random, sizeof(random), a->secret);
    a->plain = xcalloc(fact_n_tables, sizeof(bool));
    a->org = xcalloc(fact_n_tables, sizeof(bool));
    a->columns = xcalloc(fact_n_tables, sizeof(uint64_t));
    add_names(a, "SELECT name FROM main.sqlite_schema WHERE name IS NOT NULL");
    add_names(a, "SELECT name FROM pragma_module_list");
}

void authorizer_clear(struct authorizer *a)
{
    for (size_t i = 0; i < a->n_other_tables; i++)
        free(a->other_tables[i]);
    free(a->other_tables);
    free(a->plain);
    free(a->org);
    free(a->columns);
}

void authorizer_reset(struct authorizer *a)
{
    memset(a->plain, 0, fact_n_tables * sizeof(bool));
    memset(a->org, 0, fact_n_tables * sizeof(bool));
    memset(a->columns, 0, fact_n_tables * sizeof(uint64_t));
    a->refused[0] = '\0';
}

void authorizer_on(struct authorizer *a)
{
    sqlite3_set_authorizer(a->db, on_action, a);
}

void authorizer_off(struct authorizer *a)
{
    sqlite3_set_authorizer(a->db, NULL, NULL);
}
