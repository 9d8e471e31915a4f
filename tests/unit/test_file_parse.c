/* A CSV through its mapping: headings found, rows taken, left out and counted, targets recognised, Excel's ways. */
#include "lib/cmocka_all.h"
#include <string.h>
#include "base/csv.h"
#include "base/mem.h"
#include "fact/table_filesystems.h"
#include "fact/table_hosts.h"
#include "probes/file/file_parse.h"

/* --- a mapping, as the parent would build it from YAML ------------------------------------------------------------------ */

#define LIST(...) { (const char *[]){ __VA_ARGS__ }, sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(const char *) }

static struct mapping_column host_columns[] = {
    { .column = HOSTS_NAME, .headings = LIST("Device Name", "Hostname"), .zone = -1, .multiply = 1 },
    { .column = HOSTS_OS_NAME, .headings = LIST("OS"), .zone = -1, .multiply = 1, .unknown = LIST("n/a") },
    { .column = HOSTS_MEMORY_BYTES, .headings = LIST("Memory GB"), .zone = -1, .multiply = 1073741824.0 },
    { .column = HOSTS_LAST_SEEN_AT, .headings = LIST("Last Seen"), .zone = -1, .multiply = 1, .dates = LIST("%m/%d/%Y") },
    { .column = HOSTS_SERIAL, .headings = LIST("Serial"), .zone = -1, .multiply = 1 },
};
static struct mapping_where host_where[] = { { LIST("Type"), LIST("Printer"), true } };
static struct mapping_list host_target = LIST("IP", "Device Name");
static struct mapping_column disk_columns[] = {
    { .column = FILESYSTEMS_MOUNT, .headings = LIST("Drive"), .zone = -1, .multiply = 1 },
};

/* copies, because each test changes its own */
static struct mapping_table tables[2];
static struct mapping m;

static int setup(void **state)
{
    (void)state;
    tables[0] = (struct mapping_table){ .table = &fact_hosts, .columns = host_columns, .n_columns = N_ELEMENTS(host_columns),
                                        .target = host_target, .required = { HOSTS_NAME }, .n_required = 1 };
    tables[1] = (struct mapping_table){ .table = &fact_filesystems, .columns = disk_columns, .n_columns = 1, .required = { FILESYSTEMS_MOUNT },
                                        .n_required = 1 };
    m = (struct mapping){ .title = "test", .kind = "csv", .header_row = 1, .tables = tables, .n_tables = 1 };
    return 0;
}

/* --- what was emitted, one line a row: TABLE@TARGET column=value ... ----------------------------------------------------- */

static struct buf rows = BUF_INIT(1 << 20);
static struct file_result result;
static size_t stop_after;

static bool on_row(void *arg, const char *target, const struct fact_row *row)
{
    (void)arg;
    buf_printf(&rows, "%s@%s", row->table->name, target == NULL ? "" : target);
    for (size_t i = 0; i < row->table->n_columns; i++) {
        const struct fact_value *v = &row->v[i];

        if (v->kind == FACT_KIND_TEXT)
            buf_printf(&rows, " %s=%.*s", row->table->columns[i].name, (int)v->len, v->s);
        else if (v->kind == FACT_KIND_INTEGER)
            buf_printf(&rows, " %s=%lld", row->table->columns[i].name, (long long)v->i);
    }
    buf_putc(&rows, '\n');
    return stop_after == 0 || --stop_after > 0;
}

static struct file_aliases *aliases;
static struct guests *guests;
static enum date_order declared;

static const char *parse(const char *text)
{
    buf_reset(&rows);
    const struct file_how how = { .aliases = aliases, .dates = declared, .guests = guests, .fn = on_row };
    file_csv_parse(&m, &how, text, strlen(text), &result);
    return buf_str(&rows);
}

/* --- tests -------------------------------------------------------------------------------------------------------------- */

static void plain(void **state)
{
    (void)state;
    assert_string_equal(parse("Hostname,OS,Memory GB,Last Seen\npc1,Windows 10,8,02/29/2024\npc2,n/a,,\n"),
                        "hosts@ name=pc1 os_name=Windows 10 memory_bytes=8589934592 last_seen_at=2024-02-29T00:00:00Z\nhosts@ name=pc2\n");
    assert_int_equal(result.reason, REASON_NONE);
    assert_int_equal(result.header_record, 1);
    assert_int_equal(result.tables[0].rows, 2);
    assert_true(result.tables[0].columns[1].present);
    assert_false(result.tables[0].columns[4].present);
}

static void headings_without_regard_to_case_blanks_and_order(void **state)
{
    (void)state;
    assert_string_equal(parse("os, DEVICE name \nLinux,pc1\n"), "hosts@ name=pc1 os_name=Linux\n");
}

static void separators(void **state)
{
    (void)state;
    assert_string_equal(parse("Hostname;OS\npc1;\"a;b\"\n"), "hosts@ name=pc1 os_name=a;b\n");
    assert_string_equal(parse("Hostname\tOS\r\npc1\tx\r\n"), "hosts@ name=pc1 os_name=x\n");
    assert_string_equal(parse("sep=|\r\nHostname|OS\r\npc1|x\r\n"), "hosts@ name=pc1 os_name=x\n");
    /* the title hides the separator from the guess */
    assert_string_equal(parse("Device report, November\n\nHostname;OS\npc1;x\n"), "hosts@ name=pc1 os_name=x\n");
    assert_int_equal(result.header_record, 2);
}

static void titles_above_the_headings(void **state)
{
    (void)state;
    assert_string_equal(parse("Report,,\nMade on,1 Nov,\nHostname,OS\npc1,x\n"), "hosts@ name=pc1 os_name=x\n");
    assert_int_equal(result.header_record, 3);
    /* what stands above the mapping's header_row is never taken for it */
    m.header_row = 3;
    assert_string_equal(parse("Hostname,OS\nold,y\nHostname,OS\npc1,x\n"), "hosts@ name=pc1 os_name=x\n");
}

static void missing_heading_is_named(void **state)
{
    (void)state;
    assert_string_equal(parse("Computer,Operating system\npc1,x\n"), "");
    assert_int_equal(result.reason, REASON_BAD_FILE);
    assert_string_equal(result.detail, "no heading \"Device Name\" or \"Hostname\"; the file has \"Computer\", \"Operating system\"");
    assert_int_equal(result.header_record, 0);
    assert_string_equal(parse(""), "");
    assert_int_equal(result.reason, REASON_BAD_FILE);
    assert_string_equal(parse("\n\n\n"), "");
    assert_int_equal(result.reason, REASON_BAD_FILE);
}

static void headings_far_down_are_not_searched_for(void **state)
{
    struct buf b = BUF_INIT(100000);

    (void)state;
    for (int i = 0; i < MAPPING_MAX_HEADER_ROW - 1; i++)
        buf_puts(&b, "a title,\n");
    buf_puts(&b, "Hostname,OS\npc1,x\n");
    assert_string_equal(parse(buf_str(&b)), "hosts@ name=pc1 os_name=x\n");
    buf_reset(&b);
    for (int i = 0; i < MAPPING_MAX_HEADER_ROW; i++)
        buf_puts(&b, "a title,\n");
    buf_puts(&b, "Hostname,OS\npc1,x\n");
    assert_string_equal(parse(buf_str(&b)), "");
    assert_int_equal(result.reason, REASON_BAD_FILE);
    buf_clear(&b);
}

/* Values that cannot be read stay unknown and are counted, with the first place. */
static void bad_values_are_counted(void **state)
{
    (void)state;
    assert_string_equal(parse("Hostname,Memory GB,Last Seen\npc1,8,yesterday\npc2,eight,13/13/2024\npc3,1,02/30/2024\n"),
                        "hosts@ name=pc1 memory_bytes=8589934592\nhosts@ name=pc2\nhosts@ name=pc3 memory_bytes=1073741824\n");
    assert_int_equal(result.tables[0].columns[3].n_bad, 3);
    assert_int_equal(result.tables[0].columns[3].first_bad, 2);
    assert_int_equal(result.tables[0].columns[2].n_bad, 1);
    assert_int_equal(result.tables[0].columns[2].first_bad, 3);
}

/* --- the month or the day first: what the whole column shows ---------------------------------------------------------------- */

static struct mapping_column date_columns[] = {
    { .column = HOSTS_NAME, .headings = LIST("Hostname"), .zone = -1, .multiply = 1 },
    { .column = HOSTS_LAST_SEEN_AT, .headings = LIST("Last Seen"), .zone = -1, .multiply = 1, .dates = LIST("either") },
    { .column = HOSTS_BOOTED_AT, .headings = LIST("Booted"), .zone = -1, .multiply = 1, .dates = LIST("epoch", "either") },
};

static const struct file_column_result *dates(enum date_order said, const char *text, const char *expected)
{
    tables[0] = (struct mapping_table){ .table = &fact_hosts, .columns = date_columns, .n_columns = N_ELEMENTS(date_columns), .required = { HOSTS_NAME }, .n_required = 1 };
    declared = said;
    assert_string_equal(parse(text), expected);
    declared = DATES_UNKNOWN;
    return &result.tables[0].columns[1];
}

static void dates_by_the_whole_column(void **state)
{
    (void)state;
    /* the row that tells stands below those that it tells of */
    const struct file_column_result *c = dates(DATES_UNKNOWN, "Hostname,Last Seen\npc1,11/5/2026\npc2,2026-03-01\npc3,11/21/2026 8:00 PM\npc4,\n",
                                               "hosts@ name=pc1 last_seen_at=2026-11-05T00:00:00Z\nhosts@ name=pc2 last_seen_at=2026-03-01T00:00:00Z\n"
                                               "hosts@ name=pc3 last_seen_at=2026-11-21T20:00:00Z\nhosts@ name=pc4\n");
    assert_int_equal(c->order, DATES_MONTH_FIRST);
    assert_int_equal(c->month_first, 4);
    assert_int_equal(c->n_ambiguous, 0);
    c = dates(DATES_UNKNOWN, "Hostname;Last Seen\npc1;11/5/2026\npc3;21/11/2026\n", "hosts@ name=pc1 last_seen_at=2026-05-11T00:00:00Z\nhosts@ name=pc3 last_seen_at=2026-11-21T00:00:00Z\n");
    assert_int_equal(c->order, DATES_DAY_FIRST);
    assert_int_equal(c->day_first, 3);
    /* each column speaks for itself */
    c = dates(DATES_UNKNOWN, "Hostname,Last Seen,Booted\npc1,11/5/2026,21/1/2026\npc2,11/21/2026,1/2/2026\n",
              "hosts@ name=pc1 booted_at=2026-01-21T00:00:00Z last_seen_at=2026-11-05T00:00:00Z\nhosts@ name=pc2 booted_at=2026-02-01T00:00:00Z last_seen_at=2026-11-21T00:00:00Z\n");
    assert_int_equal(c[1].order, DATES_DAY_FIRST);
}

static void dates_that_nothing_tells(void **state)
{
    (void)state;
    const struct file_column_result *c = dates(DATES_UNKNOWN, "Hostname,Last Seen\npc1,5/5/2026\npc2,11/5/2026\npc3,2026-03-01\npc4,1/2/2026\n",
                                               "hosts@ name=pc1 last_seen_at=2026-05-05T00:00:00Z\nhosts@ name=pc2\nhosts@ name=pc3 last_seen_at=2026-03-01T00:00:00Z\nhosts@ name=pc4\n");
    assert_int_equal(c->order, DATES_UNKNOWN);
    assert_int_equal(c->n_ambiguous, 2);
    assert_int_equal(c->first_ambiguous, 3);
    assert_int_equal(c->n_bad, 0);
    /* rows that are shifted, or a remark, tell nothing */
    (void)dates(DATES_UNKNOWN, "Hostname,Last Seen\npc1,11/5/2026\npc2,11/21/2026,x\nReport created 11/21/2026\n", "hosts@ name=pc1\n");
    /* without its required date a row is left out as unreadable, not as empty */
    tables[0].required[0] = HOSTS_LAST_SEEN_AT;
    assert_string_equal(parse("Hostname,Last Seen\npc1,11/5/2026\npc2,\n"), "");
    assert_int_equal(result.tables[0].n_unreadable, 1);
    assert_int_equal(result.tables[0].n_incomplete, 1);
}

static void dates_that_contradict(void **state)
{
    (void)state;
    const struct file_column_result *c = dates(DATES_UNKNOWN, "Hostname,Last Seen\npc1,11/21/2026\npc2,21/11/2026\npc3,5/5/2026\npc4,2026-03-01\n",
                                               "hosts@ name=pc1\nhosts@ name=pc2\nhosts@ name=pc3\nhosts@ name=pc4 last_seen_at=2026-03-01T00:00:00Z\n");
    assert_int_equal(c->order, DATES_CONTRADICT);
    assert_int_equal(c->month_first, 2);
    assert_int_equal(c->day_first, 3);
    assert_int_equal(c->n_ambiguous, 3);
    assert_int_equal(c->first_ambiguous, 2);
    /* what is declared does not mend it */
    c = dates(DATES_DAY_FIRST, "Hostname,Last Seen\npc1,11/21/2026\npc2,21/11/2026\n", "hosts@ name=pc1\nhosts@ name=pc2\n");
    assert_int_equal(c->order, DATES_CONTRADICT);
}

static void dates_that_are_declared(void **state)
{
    (void)state;
    static const char text[] = "Hostname,Last Seen\npc1,11/5/2026\n";
    const struct file_column_result *c = dates(DATES_MONTH_FIRST, text, "hosts@ name=pc1 last_seen_at=2026-11-05T00:00:00Z\n");
    assert_int_equal(c->order, DATES_MONTH_FIRST);
    c = dates(DATES_DAY_FIRST, text, "hosts@ name=pc1 last_seen_at=2026-05-11T00:00:00Z\n");
    assert_int_equal(c->n_ambiguous, 0);
    /* a file that shows otherwise: one of the two is wrong, and nobody knows which */
    c = dates(DATES_DAY_FIRST, "Hostname,Last Seen\npc1,11/5/2026\npc2,11/21/2026\n", "hosts@ name=pc1\nhosts@ name=pc2\n");
    assert_int_equal(c->order, DATES_CONTRADICT);
    assert_int_equal(c->month_first, 3);
    assert_int_equal(c->day_first, 0);
}

static void incomplete_rows_are_left_out(void **state)
{
    (void)state;
    assert_string_equal(parse("Hostname,OS\npc1,x\n,y\n,\nTotal: 1 device\n"), "hosts@ name=pc1 os_name=x\n");
    assert_int_equal(result.n_remarks, 1);
    assert_int_equal(result.first_remark, 5);
    /* a thing may be called so where the row says more, or where the word goes on */
    assert_string_equal(parse("Hostname,OS\nTotal,x\nTotally\nPage-1\nCount (all)\n"), "hosts@ name=Total os_name=x\nhosts@ name=Totally\nhosts@ name=Page-1\n");
    assert_string_equal(parse("Hostname,OS\npc1,x\n,y\n,\n"), "hosts@ name=pc1 os_name=x\n");
    assert_int_equal(result.tables[0].n_incomplete, 1);
    assert_int_equal(result.tables[0].first_incomplete, 3);
    tables[0].required[0] = HOSTS_LAST_SEEN_AT;
    assert_string_equal(parse("Hostname,Last Seen\npc1,never\npc2,\npc3,01/02/2024\n"), "hosts@ name=pc3 last_seen_at=2024-01-02T00:00:00Z\n");
    assert_int_equal(result.tables[0].n_unreadable, 1);
    assert_int_equal(result.tables[0].n_incomplete, 1);
}

/* A separator in an unquoted value moves everything behind it: such a row says things that nobody wrote. */
static void shifted_rows_are_left_out(void **state)
{
    (void)state;
    assert_string_equal(parse("Hostname,OS,Serial\npc1,Windows, 10,A1\npc2,Linux,A2,,\npc3,BSD\n"),
                        "hosts@ name=pc2 os_name=Linux serial=A2\nhosts@ name=pc3 os_name=BSD\n");
    assert_int_equal(result.n_shifted, 1);
    assert_int_equal(result.first_shifted, 2);
}

static void where_chooses_rows(void **state)
{
    (void)state;
    tables[0].where = host_where;
    tables[0].n_where = 1;
    assert_string_equal(parse("Hostname,Type\npc1,Laptop\nlp1,printer\npc2,\n"), "hosts@ name=pc1\nhosts@ name=pc2\n");
    /* a condition that cannot be judged is no condition that holds */
    assert_string_equal(parse("Hostname,OS\npc1,x\n"), "");
    assert_string_equal(result.detail, "no heading \"Type\"; the file has \"Hostname\", \"OS\"");
}

static void excel(void **state)
{
    (void)state;
    assert_string_equal(parse("Hostname,Serial,OS\npc1,\"=\"\"00123\"\"\",#N/A\npc2,=A1,#REF!\n"),
                        "hosts@ name=pc1 serial=00123\nhosts@ name=pc2 serial==A1\n");
}

static void repeated_headings(void **state)
{
    (void)state;
    assert_string_equal(parse("Hostname,OS,os\npc1,a,b\n"), "hosts@ name=pc1 os_name=a\n");
    assert_string_equal(result.repeated_heading, "OS");
    assert_string_equal(parse("Hostname,Note,Note\npc1,a,b\n"), "hosts@ name=pc1\n");
    assert_string_equal(result.repeated_heading, "");
}

static void several_tables(void **state)
{
    const bool only_disks[] = { false, true };

    (void)state;
    m.n_tables = 2;
    assert_string_equal(parse("Hostname,Drive\npc1,C:\n"), "hosts@ name=pc1\nfilesystems@ mount=C:\n");
    assert_string_equal(parse("Hostname,OS\npc1,x\n"), "hosts@ name=pc1 os_name=x\n");
    assert_true(result.tables[0].usable);
    assert_false(result.tables[1].usable);
    assert_string_equal(result.tables[1].lacks, "\"Drive\"");
    buf_reset(&rows);
    const struct file_how how = { .wanted = only_disks, .fn = on_row };
    file_csv_parse(&m, &how, "Hostname,Drive\npc1,C:\n", 22, &result);
    assert_string_equal(buf_str(&rows), "filesystems@ mount=C:\n");
}

static void guests_are_counted_only(void **state)
{
    struct job *job = job_new();

    (void)state;
    tables[0].guests = (struct mapping_list)LIST("SSID", "IP");
    guests = guests_of(job);
    assert_string_equal(parse("Hostname,SSID\npc1,Clinic\nCANARY,Guest\n,Guest\nCANARY2,\npc2,Clinic\n,,\n"), "hosts@ name=pc1\nhosts@ name=pc2\n");
    assert_int_equal(result.guests.n, 1);
    assert_string_equal(result.guests.v[0].network, "Guest");
    assert_int_equal(result.guests.v[0].clients, 2);
    assert_int_equal(result.n_undecided, 1);
    assert_int_equal(result.first_undecided, 5);
    assert_int_equal(result.tables[0].rows, 2);
    assert_string_equal(parse("Hostname,Other\nCANARY,Guest\n"), "");
    assert_non_null(strstr(result.detail, "no heading \"SSID\" or \"IP\"; the file has \"Hostname\", \"Other\""));
    m.n_tables = 2;                  /* what one table leaves out no other gets */
    assert_string_equal(parse("Hostname,SSID,Drive\nCANARY,Guest,C:\npc1,Clinic,D:\n"), "hosts@ name=pc1\nfilesystems@ mount=D:\n");
    assert_int_equal(result.guests.v[0].clients, 1);
    guests_free(guests);
    guests = NULL;
    assert_string_equal(parse("Hostname,SSID\npc1,Clinic\n"), "");       /* nobody who could tell: nothing is kept */
    job_free(job);
}

static void rows_are_recognised_as_targets(void **state)
{
    (void)state;
    aliases = file_aliases_new();
    file_aliases_add(aliases, "10.20.0.15", "ehr-app");
    file_aliases_add(aliases, "PC1", "front-desk");
    file_aliases_add(aliases, "shared", "a");
    file_aliases_add(aliases, "shared", "b");
    file_aliases_add(aliases, "twice", "c");
    file_aliases_add(aliases, "twice", "c");
    file_aliases_add(aliases, "2001:DB8::0001", "six");
    file_aliases_add(aliases, "", "nobody");
    assert_string_equal(parse("Hostname,IP\npc9,10.20.0.15\nx,\"fe80::1, 10.20.0.15\"\nx,10.20.0.1\nx,2001:db8:0::1\nx,\n"),
                        "hosts@ehr-app name=pc9\nhosts@ehr-app name=x\nhosts@ name=x\nhosts@six name=x\nhosts@ name=x\n");
    /* by the mapping's order of headings, and one that stands for two targets stands for none */
    assert_string_equal(parse("Device Name,IP\n pc1 ,\nshared,\ntwice,\npc1,10.20.0.15\npc10,\n"),
                        "hosts@front-desk name=pc1\nhosts@ name=shared\nhosts@c name=twice\nhosts@ehr-app name=pc1\nhosts@ name=pc10\n");
    file_aliases_free(aliases);
    aliases = NULL;
}

static void damaged_files(void **state)
{
    (void)state;
    assert_string_equal(parse("Hostname,OS\npc1,x\npc2,\"cut he"), "hosts@ name=pc1 os_name=x\n");
    assert_int_equal(result.reason, REASON_BAD_FILE);
    assert_true(result.partial);
    char *wide = xmalloc(70000);
    memset(wide, 'x', 69999);
    wide[69999] = '\0';
    char *text = xasprintf("Hostname,OS\npc1,x\npc2,%s\n", wide);
    assert_string_equal(parse(text), "hosts@ name=pc1 os_name=x\n");
    assert_int_equal(result.reason, REASON_BAD_FILE);
    free(text);
    free(wide);
}

static void reading_stops_when_told(void **state)
{
    (void)state;
    stop_after = 2;
    assert_string_equal(parse("Hostname\npc1\npc2\npc3\n"), "hosts@ name=pc1\nhosts@ name=pc2\n");
    assert_int_equal(result.tables[0].rows, 2);
    stop_after = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(plain, setup), cmocka_unit_test_setup(headings_without_regard_to_case_blanks_and_order, setup),
        cmocka_unit_test_setup(separators, setup), cmocka_unit_test_setup(titles_above_the_headings, setup),
        cmocka_unit_test_setup(missing_heading_is_named, setup), cmocka_unit_test_setup(headings_far_down_are_not_searched_for, setup),
        cmocka_unit_test_setup(bad_values_are_counted, setup), cmocka_unit_test_setup(dates_by_the_whole_column, setup),
        cmocka_unit_test_setup(dates_that_nothing_tells, setup), cmocka_unit_test_setup(dates_that_contradict, setup),
        cmocka_unit_test_setup(dates_that_are_declared, setup), cmocka_unit_test_setup(incomplete_rows_are_left_out, setup),
        cmocka_unit_test_setup(shifted_rows_are_left_out, setup), cmocka_unit_test_setup(where_chooses_rows, setup),
        cmocka_unit_test_setup(excel, setup), cmocka_unit_test_setup(repeated_headings, setup), cmocka_unit_test_setup(several_tables, setup),
        cmocka_unit_test_setup(guests_are_counted_only, setup), cmocka_unit_test_setup(damaged_files, setup),
cmocka_unit_test_setup(rows_are_recognised_as_targets, setup), cmocka_unit_test_setup(damaged_files, setup),
        cmocka_unit_test_setup(reading_stops_when_told, setup),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    buf_clear(&rows);
    return failed;
}
