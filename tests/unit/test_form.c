/* Forms and sheets: each declaration keeps the contract of form.h, and can be written in a check as it stands. */
#include "lib/cmocka_all.h"

#include <sqlite3.h>
#include "base/mem.h"
#include "fact/form.h"

static const char *const accepted[] = { ANSWER_TEXT, ANSWER_DATE, ANSWER_MOMENT, ANSWER_CLOCK, ANSWER_WHOLE, ANSWER_NUMBER, ANSWER_MONEY, ANSWER_YES_NO, ANSWER_LIST, ANSWER_NETWORKS, ANSWER_ITSELF };
static const enum fact_type types[] = { FACT_TEXT, FACT_TIMESTAMP, FACT_TIMESTAMP, FACT_TEXT, FACT_INTEGER, FACT_REAL, FACT_REAL, FACT_BOOLEAN, FACT_TEXT, FACT_TEXT, FACT_TEXT };

static void check_accepted(const struct form *f, const struct fact_column *c)
{
    size_t len = 0;
    if (form_choice(c, 0, &len)) {
        assert_int_equal(c->type, FACT_TEXT);
        for (size_t n = 0; form_choice(c, n, &len); n++)
            assert_true(len > 0 && len <= 40);
        return;
    }
    for (size_t i = 0; i < N_ELEMENTS(accepted); i++) {
        if (strcmp(c->source, accepted[i]) != 0)
            continue;
        if (strcmp(accepted[i], ANSWER_ITSELF) != 0)
            assert_int_equal(c->type, types[i]);
        return;
    }
    fail_msg("%s.%s accepts '%s', which nobody knows", f->id, c->name, c->source);
}

static bool sql_takes(sqlite3 *db, const char *column)
{
    char *sql = xasprintf("SELECT %s, x.%s IS NULL FROM (SELECT 1 AS \"%s\") AS x", column, column, column);
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK;
    sqlite3_finalize(st);
    free(sql);
    return ok;
}

static void test_declarations(void **state)
{
    static const char *const head[] = { "answered_on", "answered_by", "answered_role", "has_evidence", "evidence", "answer_expires_on" };
    sqlite3 *db = NULL;
    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_true(n_forms > 60);
    for (size_t i = 0; i < n_forms; i++) {
        const struct form *f = forms[i];
        const struct fact_table *t = f->table;
        size_t asked = 0;
        assert_ptr_equal(form_find(f->id), f);
        assert_ptr_equal(form_find(t->name), f);
        assert_ptr_equal(form_of_table(t), f);
        assert_int_equal(t->filled_by, FILLED_BY_PERSON);
        assert_ptr_equal(fact_table_find(t->name), t);
        assert_true(f->valid_days >= 0 && f->asked_of[0] && f->evidence[0] && f->help);
        assert_true((f->kind == FORM_SHEET) == (f->checks != NULL));
        assert_true((f->kind == FORM_SHEET) == (strcmp(f->id, t->name) == 0));
        if (strlen(t->summary) > 150 || strchr(t->summary, '\n'))
            fail_msg("%s: its question does not fit two lines", f->id);
        if (i > 0)
            assert_true(forms[i - 1]->phase <= f->phase);
        for (size_t c = 0; c < t->n_columns; c++) {
            check_accepted(f, &t->columns[c]);
            asked += form_asks(f, c);
            if (!sql_takes(db, t->columns[c].name))
                fail_msg("%s.%s cannot be written in a check", t->name, t->columns[c].name);
            if (f->kind != FORM_SINGLE && t->columns[c].flags & FACT_KEY)
                assert_true(form_asks(f, c));
        }
        assert_true(asked > 0);
        for (size_t k = 0; k < N_ELEMENTS(head); k++)
            assert_true(fact_column_find(t, head[k]) >= 0);
        assert_int_equal(fact_column_find(t, "form") >= 0, f->kind == FORM_SINGLE);
    }
    sqlite3_close(db);
}

static void test_find(void **state)
{
    (void)state;
    assert_string_equal(form_find("CMP-RA-01")->table->name, "form_cmp_ra_01");
    assert_ptr_equal(form_find("cmp-ra-01"), form_find("form_cmp_ra_01"));
    assert_int_equal(form_find("circuits")->kind, FORM_SHEET);
    assert_null(form_find("CMP-RA-99"));
    assert_null(form_find(""));
    assert_null(form_of_table(fact_table_find("interfaces")));
}

static void test_choices(void **state)
{
    const struct fact_table *t = form_find("CMP-INS-01")->table;
    const struct fact_column *c = &t->columns[fact_column_find(t, "change_of_control")];
    size_t len = 0;
    (void)state;
    assert_memory_equal(form_choice(c, 0, &len), "continues", 9);
    assert_int_equal(len, 9);
    assert_memory_equal(form_choice(c, 3, &len), "silent", 6);
    assert_int_equal(len, 6);
    assert_null(form_choice(c, 4, &len));
    assert_null(form_choice(&t->columns[fact_column_find(t, "insurer")], 0, &len));
}

/* Every sheet that issue 4 names. */
static void test_sheets(void **state)
{
    static const char *const names[] = { "systems", "contracts", "business_associates", "circuits", "phone_lines", "domain_names", "admin_custody", "licences", "data_feeds",
                                         "transition_services", "closets", "rooms", "medical_devices", "downtime", "interviews", "tickets" };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(names); i++)
        if (!form_find(names[i]) || form_find(names[i])->kind != FORM_SHEET)
            fail_msg("no sheet %s", names[i]);
    const struct fact_table *t = form_find("circuits")->table;
    assert_int_equal(t->columns[fact_column_find(t, "price_month")].flags & FACT_CLEAN_TEAM, FACT_CLEAN_TEAM);
    t = form_find("admin_custody")->table;
    assert_int_equal(t->columns[fact_column_find(t, "tested_by")].flags & FACT_PERSONAL, FACT_PERSONAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declarations),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_sheets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
