/* What people type and what spreadsheets make of it: each value in its one form, or refused with words. Sheets: with row and column, and nothing of them taken. */
#include "lib/cmocka_all.h"

#include "base/clock.h"
#include "base/mem.h"
#include "site/answer.h"
#include "site/attest_edit.h"
#include "site/sheet.h"

static const struct fact_column *column(const char *form, const char *name)
{
    const struct form *f = form_find(form);
    int c = f ? fact_column_find(f->table, name) : -1;
    if (c < 0)
        fail_msg("no column %s.%s", form, name);
    return &f->table->columns[c];
}

struct value { const char *form, *name, *text, *want; bool semicolons; };    /* want: "" nothing said; "!words" refused with them */

static void test_values(void **state)
{
    static const struct value v[] = {
        /* dates: one meaning, or none */
        { "CMP-RA-01", "date", "2026-03-01", "2026-03-01", false },
        { "CMP-RA-01", "date", " 2026-3-1 ", "2026-03-01", false },
        { "CMP-RA-01", "date", "2026/03/31", "2026-03-31", false },
        { "CMP-RA-01", "date", "2026-03-01 00:00:00", "2026-03-01", false },
        { "CMP-RA-01", "date", "2026-03-01T00:00:00Z", "2026-03-01", false },
        { "CMP-RA-01", "date", "3/31/2026", "2026-03-31", false },
        { "CMP-RA-01", "date", "31.3.2026", "2026-03-31", false },
        { "CMP-RA-01", "date", "3/3/2026", "2026-03-03", false },
        { "CMP-RA-01", "date", "03/04/2026", "!may be 2026-03-04 or 2026-04-03", false },
        { "CMP-RA-01", "date", "1.2.2026", "!may be 2026-01-02 or 2026-02-01", false },
        { "CMP-RA-01", "date", "3/31/26", "!year of four digits", false },
        { "CMP-RA-01", "date", "46085", "!a spreadsheet's own number for a day", false },
        { "CMP-RA-01", "date", "2026-02-30", "!no day of the calendar", false },
        { "CMP-RA-01", "date", "13/13/2026", "!no day of the calendar", false },
        { "CMP-RA-01", "date", "2026-03-01 08:00", "!a date alone", false },
        { "CMP-RA-01", "date", "March 2026", "!must be a date like", false },
        { "CMP-RA-01", "date", "2026-03/01", "!must be a date like", false },
        { "CMP-RA-01", "date", "", "", false },
        { "CMP-RA-01", "date", "?", "", false },
        { "CMP-RA-01", "date", "Unknown", "", false },
        { "CMP-RA-01", "date", "n/a", "", false },
        { "CMP-RA-01", "date", "#N/A", "!an error of the spreadsheet", false },
        /* moments, in the site's zone */
        { "tickets", "opened_at", "2026-07-02 08:15", "2026-07-02T13:15:00Z", false },
        { "tickets", "opened_at", "12/24/2026 8:15 PM", "2026-12-25T02:15:00Z", false },
        { "tickets", "opened_at", "2026-07-02", "2026-07-02T05:00:00Z", false },
        { "tickets", "opened_at", "2026-07-02T13:15:00Z", "2026-07-02T13:15:00Z", false },
        { "tickets", "opened_at", "2026-07-02 25:00", "!must be a date and time", false },
        { "SUP-HRS-01", "clinic_from", "8:00", "08:00", false },
        { "SUP-HRS-01", "clinic_from", "5:30 pm", "17:30", false },
        { "SUP-HRS-01", "clinic_from", "8", "!must be a time of day", false },
        { "SUP-HRS-01", "clinic_from", "13:00 pm", "!must be a time of day", false },
        /* numbers */
        { "circuits", "down_mbps", "100", "100", false },
        { "circuits", "down_mbps", "12.5", "12.5", false },
        { "circuits", "down_mbps", "1,234.5", "!without commas", false },
        { "circuits", "down_mbps", "1.234,5", "!without commas", true },
        { "circuits", "down_mbps", "12,5", "!without commas", true },
        { "circuits", "down_mbps", "1.234", "1.234", false },
        { "circuits", "down_mbps", "1.234", "!can mean 1234", true },
        { "circuits", "down_mbps", "1 000", "!without commas", false },
        { "circuits", "down_mbps", "1.23E+05", "!has lost digits", false },
        { "circuits", "down_mbps", "$100", "!no currency sign", false },
        { "circuits", "down_mbps", "-1", "!below zero", false },
        { "circuits", "down_mbps", "100 Mb/s", "!without commas", false },
        { "circuits", "down_mbps", "0x10", "!must be a number", false },
        { "circuits", "down_mbps", "inf", "!must be a number", false },
        { "circuits", "down_mbps", "1234567890123456", "!must be a number", false },
        { "CMP-TRN-01", "staff", "12", "12", false },
        { "CMP-TRN-01", "staff", "12.0", "12", false },
        { "CMP-TRN-01", "staff", "12.5", "!must be a whole number", false },
        { "VND-SLA-01", "met_percent", "95%", "95", false },
        { "VND-SLA-01", "met_percent", "95.5", "95.5", false },
        { "CMP-TRN-01", "staff", "95%", "!must be a whole number", false },
        /* yes, no, choices */
        { "CMP-RA-01", "signed", "Yes", "true", false },
        { "CMP-RA-01", "signed", "FALSE", "false", false },
        { "CMP-RA-01", "signed", "maybe", "!must be yes or no", false },
        { "CMP-INS-01", "change_of_control", "Runoff", "runoff", false },
        { "CMP-INS-01", "change_of_control", "lapses", "!one of continues, runoff, ends or silent", false },
        { "CMP-INS-01", "change_of_control", "?", "", false },
        { "domain_names", "owned_by", "unknown", "unknown", false },
        /* lists */
        { "CMP-RA-01", "systems", "EHR,PACS ,, phones", "EHR, PACS, phones", false },
        { "CMP-RA-01", "systems", " , ", "", false },
        { "CMP-AUTH-01", "networks", "10.20.0.5/22, fd00::/64", "10.20.0.0/22, fd00::/64", false },
        { "CMP-AUTH-01", "networks", "10.20.0.0/22, the rest", "!'the rest' is none", false },
        /* text, and what became of it */
        { "CMP-RA-01", "author", "Acme \"Risk\" & Co", "Acme \"Risk\" & Co", false },
        { "CMP-RA-01", "author", "two\nlines", "two lines", false },
        { "CMP-RA-01", "author", "'=HYPERLINK(1)", "=HYPERLINK(1)", false },
        { "CMP-RA-01", "author", "esc\033[31m", "esc\xef\xbf\xbd[31m", false },
        { "phone_lines", "number", "1.55551E+10", "!a number before a spreadsheet shortened it", false },
        { "closets", "closet", "4-Mar", "!what a spreadsheet made of something else", false },
        { "closets", "closet", "Mar-26", "!what a spreadsheet made of something else", false },
        { "closets", "closet", "#REF!", "!an error of the spreadsheet", false },
        { "closets", "closet", "########", "!an error of the spreadsheet", false },
        { "closets", "closet", "Room 4-March", "Room 4-March", false },
    };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(v); i++) {
        const struct answer_context ctx = { .timezone = "America/Chicago", .semicolons = v[i].semicolons };
        struct buf out = BUF_INIT(2 * ANSWER_MAX);
        char *why = NULL;
        int got = answer_parse(column(v[i].form, v[i].name), v[i].text, &ctx, &out, &why);
        bool refused = v[i].want[0] == '!';
        if (got != (refused ? ERR_BAD_INPUT : v[i].want[0] ? 1 : 0))
            fail_msg("%s '%s': %d, '%s' %s", v[i].name, v[i].text, got, buf_str(&out), why ? why : "");
        if (refused && !strstr(why, v[i].want + 1))
            fail_msg("%s '%s': refused with '%s'", v[i].name, v[i].text, why);
        if (!refused)
            assert_string_equal(buf_str(&out), v[i].want);
        assert_int_equal(refused, why != NULL);
        free(why);
        buf_clear(&out);
    }
}

static void test_too_long(void **state)
{
    const struct answer_context ctx = { .timezone = NULL };
    struct buf out = BUF_INIT(2 * ANSWER_MAX);
    char *text = xcalloc(ANSWER_MAX + 2, 1), *why = NULL;
    (void)state;
    memset(text, 'a', ANSWER_MAX);
    assert_int_equal(answer_parse(column("CMP-RA-01", "author"), text, &ctx, &out, &why), 1);
    text[ANSWER_MAX] = 'a';
    assert_int_equal(answer_parse(column("CMP-RA-01", "author"), text, &ctx, &out, &why), ERR_BAD_INPUT);
    assert_non_null(strstr(why, "4000"));
    free(why);
    free(text);
    buf_clear(&out);
}

static void test_secrets(void **state)
{
    static const struct { const char *table, *text; bool secret; } v[] = {
        { "contracts", "password: hunter2", true },
        { "contracts", "PIN is 1234", true },
        { "contracts", "Passphrase=open sesame", true },
        { "contracts", "pw = x", true },
        { "contracts", "-----BEGIN OPENSSH PRIVATE KEY-----", true },
        { "contracts", "password policy, reviewed yearly", false },
        { "contracts", "the shipping department", false },
        { "contracts", "Tr0ub4dor&3", false },
        { "admin_custody", "Tr0ub4dor&3", true },
        { "admin_custody", "Clinic/Firewall-01", false },
        { "admin_custody", "the vault, entry fw1", false },
        { "admin_custody", "admin@riverside.example", false },
    };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(v); i++)
        if (answer_looks_secret(fact_table_find(v[i].table), v[i].text) != v[i].secret)
            fail_msg("'%s' in %s", v[i].text, v[i].table);
}

/* --- sheets ------------------------------------------------------------------------------------------------------------ */

struct read { struct arena *arena; struct answer_row *rows; size_t n; struct diags d; int err; };

static void read_sheet(struct read *r, const char *sheet, const char *text, size_t len, const struct attestation *before)
{
    *r = (struct read){ .arena = arena_new(), .d = DIAGS_INIT };
    r->err = sheet_read(r->arena, form_find(sheet), "x.csv", text, len, "UTC", before, &r->rows, &r->n, &r->d);
}

static void read_clear(struct read *r)
{
    diags_clear(&r->d);
    arena_free(r->arena);
}

static const char *cell(const struct read *r, const char *sheet, size_t row, const char *name)
{
    const char *v = r->rows[row].values[fact_column_find(form_find(sheet)->table, name)];
    return v ? v : "";
}

/* As Excel writes it: BOM, semicolons, CRLF, quotes, empty rows, formulas for leading zeros. */
static void test_sheet(void **state)
{
    static const char text[] = "\xef\xbb\xbf" "circuit;Down_Mbps;up_mbps;entry_path;contract_end\r\nC1;100;20;\"pole; east\r\nwall\";2027-06-30\r\n;;;;\r\nC2;;;\"a \"\"b\"\"\";?\r\n";
    struct read r;
    (void)state;
    read_sheet(&r, "circuits", text, sizeof(text) - 1, NULL);
    assert_int_equal(r.err, 0);
    assert_int_equal(r.n, 2);
    assert_string_equal(cell(&r, "circuits", 0, "circuit"), "C1");
    assert_string_equal(cell(&r, "circuits", 0, "down_mbps"), "100");
    assert_string_equal(cell(&r, "circuits", 0, "entry_path"), "pole; east wall");
    assert_string_equal(cell(&r, "circuits", 0, "contract_end"), "2027-06-30");
    assert_string_equal(cell(&r, "circuits", 1, "down_mbps"), "");
    assert_string_equal(cell(&r, "circuits", 1, "entry_path"), "a \"b\"");
    read_clear(&r);
}

static void test_sheet_encodings(void **state)
{
    static const char cp1252[] = "circuit,carrier\r\nC1,Caf\xe9\r\n", utf16[] = "\xff\xfe" "c\0i\0r\0c\0u\0i\0t\0\t\0c\0a\0r\0r\0i\0e\0r\0\n\0C\0" "1\0\t\0X\0\n\0";
    struct read r;
    (void)state;
    read_sheet(&r, "circuits", cp1252, sizeof(cp1252) - 1, NULL);
    assert_int_equal(r.err, 0);
    assert_string_equal(cell(&r, "circuits", 0, "carrier"), "Caf\xc3\xa9");
    read_clear(&r);
    read_sheet(&r, "circuits", utf16, sizeof(utf16) - 1, NULL);
    assert_int_equal(r.err, 0);
    assert_string_equal(cell(&r, "circuits", 0, "carrier"), "X");
    read_clear(&r);
}

struct trap { const char *text; int line; const char *words; };

static void test_sheet_traps(void **state)
{
    static const struct trap v[] = {
        { "", 1, "is empty" },
        { "carrier\nX\n", 1, "column circuit is missing" },
        { "circuit,down_mbp\nC1,1\n", 1, "no column 'down_mbp' (did you mean" },
        { "circuit,carrier,carrier\nC1,a,b\n", 1, "column carrier stands twice" },
        { "circuit,answered_by\nC1,me\n", 1, "no column 'answered_by'" },
        { "circuit,down_mbps\nC1,100\nC2,\"1,234.5\"\n", 3, "column down_mbps must be written without commas" },
        { "circuit;down_mbps\nC1;1.234\n", 2, "column down_mbps may be a thousand times more" },
        { "circuit,contract_end\nC1,2026-01-01\nC2,03/04/2026\n", 3, "column contract_end may be 2026-03-04 or 2026-04-03" },
        { "circuit,carrier\n,X\n", 2, "column circuit is empty" },
        { "circuit,carrier\nC1,X\nc1,Y\n", 3, "about the same thing as row 2" },
        { "circuit,carrier\nC1,X,Y\n", 2, "in a column without a name" },
        { "circuit,carrier\nC1,\"X\n", 0, "a quote that is never closed" },
        { "circuit,carrier\nC1,password: x1\n", 2, "column carrier looks like a secret" },
        { "circuit\n1.23E+12\n", 2, "column circuit '1.23E+12' was a number before" },
    };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(v); i++) {
        struct read r;
        read_sheet(&r, "circuits", v[i].text, strlen(v[i].text), NULL);
        if (r.err != ERR_BAD_INPUT || r.d.n_errors == 0)
            fail_msg("taken: %s", v[i].text);
        bool found = false;
        for (size_t k = 0; k < r.d.n; k++)
            found = found || (r.d.v[k].line == v[i].line && strstr(r.d.v[k].text, v[i].words));
        if (!found)
            fail_msg("%s: line %d, %s", v[i].text, r.d.v[0].line, r.d.v[0].text);
        read_clear(&r);
    }
}

static void test_lost_zeros(void **state)
{
    const struct form *f = form_find("tickets");
    struct arena *arena = arena_new();
    struct attestation before = attestation_copy(arena, f, NULL);
    char *why = NULL;
    struct read r;
    (void)state;
    (void)attestation_row(arena, &before, "00123", "UTC", &why);
    assert_null(why);
    read_sheet(&r, "tickets", "ticket\n123\n", 11, &before);
    assert_int_equal(r.err, ERR_BAD_INPUT);
    assert_non_null(strstr(r.d.v[0].text, "has lost the zeros"));
    read_clear(&r);
    read_sheet(&r, "tickets", "ticket\n00123\n", 13, &before);
    assert_int_equal(r.err, 0);
    read_clear(&r);
    arena_free(arena);
}

/* What is written out comes back the same, formulas defused on the way. */
static void test_round_trip(void **state)
{
    const struct form *f = form_find("contracts");
    struct arena *arena = arena_new();
    struct attestation a = attestation_copy(arena, f, NULL);
    struct buf csv = BUF_INIT(1 << 20);
    struct read r;
    char *why = NULL;
    (void)state;
    size_t row = attestation_row(arena, &a, "=Acme|No. 1", "UTC", &why);
    assert_int_equal(row, 0);
    assert_int_equal(attestation_put(arena, &a, row, (size_t)fact_column_find(f->table, "scope"), "a, \"b\"; c", "UTC", &why), 0);
    assert_int_equal(attestation_put(arena, &a, row, (size_t)fact_column_find(f->table, "price_year"), "1200.50", "UTC", &why), 0);
    assert_int_equal(attestation_put(arena, &a, row, (size_t)fact_column_find(f->table, "auto_renew"), "no", "UTC", &why), 0);
    sheet_write(f, a.rows, a.n_rows, &csv);
    assert_non_null(strstr(buf_str(&csv), "'=Acme"));
    assert_null(strstr(buf_str(&csv), "answered_by"));
    read_sheet(&r, "contracts", buf_str(&csv), csv.len, &a);
    assert_int_equal(r.err, 0);
    assert_int_equal(r.n, 1);
    assert_string_equal(cell(&r, "contracts", 0, "vendor"), "=Acme");
    assert_string_equal(cell(&r, "contracts", 0, "scope"), "a, \"b\"; c");
    assert_string_equal(cell(&r, "contracts", 0, "price_year"), "1200.50");
    assert_string_equal(cell(&r, "contracts", 0, "auto_renew"), "false");
    assert_string_equal(cell(&r, "contracts", 0, "notice_days"), "");
    read_clear(&r);
    buf_clear(&csv);
    arena_free(arena);
}

static void test_assignments(void **state)
{
    static const struct { const char *text, *words; } bad[] = {
        { "CMP-RA-01", "is not FORM.COLUMN=VALUE" },
        { "CMP-RA-01.date", "is not FORM.COLUMN=VALUE" },
        { "CMP-RA-99.date=x", "no form or sheet 'CMP-RA-99'" },
        { "CMP-RA-01.dat=x", "no column 'dat' (did you mean 'date'?)" },
        { "CMP-RA-01.answered_by=x", "no column 'answered_by'" },
        { "BKP-RST-01[EHR].system=x", "between the brackets" },
        { "[x].date=1", "no form or sheet ''" },
    };
    struct assignment a;
    char *why = NULL;
    (void)state;
    assert_int_equal(assignment_parse("BKP-RST-01[EHR].date=2026-01-02", &a, &why), 0);
    assert_string_equal(a.form->id, "BKP-RST-01");
    assert_string_equal(a.key, "EHR");
    assert_string_equal(a.form->table->columns[a.column].name, "date");
    assert_string_equal(a.value, "2026-01-02");
    free(a.key);
    assert_int_equal(assignment_parse("CMP-RA-01.author=a=b.c[d]", &a, &why), 0);
    assert_null(a.key);
    assert_string_equal(a.value, "a=b.c[d]");
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        assert_int_equal(assignment_parse(bad[i].text, &a, &why), ERR_BAD_INPUT);
        if (!strstr(why, bad[i].words))
            fail_msg("%s: %s", bad[i].text, why);
        free(why);
    }
}

static void test_rows(void **state)
{
    struct arena *arena = arena_new();
    struct attestation a = attestation_copy(arena, form_find("contracts"), NULL);
    char *why = NULL;
    (void)state;
    assert_int_equal(attestation_row(arena, &a, "Acme|1", "UTC", &why), 0);
    assert_int_equal(attestation_row(arena, &a, "Acme|2", "UTC", &why), 1);
    assert_int_equal(attestation_row(arena, &a, "ACME|1", "UTC", &why), 0);      /* the same, in any case */
    assert_int_equal(a.n_rows, 2);
    assert_true(attestation_row(arena, &a, "Acme", "UTC", &why) == SIZE_MAX);
    assert_non_null(strstr(why, "contract is missing"));
    free(why);
    assert_true(attestation_row(arena, &a, "Acme|1|2", "UTC", &why) == SIZE_MAX);
    free(why);
    assert_true(attestation_row(arena, &a, NULL, "UTC", &why) == SIZE_MAX);
    free(why);
    assert_int_equal(a.n_rows, 2);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values), cmocka_unit_test(test_too_long), cmocka_unit_test(test_secrets), cmocka_unit_test(test_sheet), cmocka_unit_test(test_sheet_encodings),
        cmocka_unit_test(test_sheet_traps), cmocka_unit_test(test_lost_zeros), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_assignments), cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
