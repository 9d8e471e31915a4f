/* The row of `ups`: UPS-MIB (RFC 1628) and the makers' own, of APC, CyberPower, Eaton and MGE, which know more. Pure. */
#include "probes/snmp/snmp_dates.h"
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "base/clock.h"
#include "fact/table_ups.h"

enum { PART_STD, PART_LOAD, PART_INPUT, PART_ALARMS, PART_APC, PART_CYBERPOWER, PART_EATON, PART_MGE, PARTS };
_Static_assert(PARTS <= SOURCE_PARTS_MAX, "there is room");

enum { STD_BATTERY, STD_MAKER, STD_MODEL, STD_ON_BATTERY, STD_MINUTES, STD_CHARGE, STD_CELSIUS, STD_FAILURES, STD_SOURCE, STD_ALARMS, STD_TEST, STD_TEST_AT, STD_OBJECTS };
static const char *const std_objects[STD_OBJECTS] = {
    [STD_BATTERY] = "1.3.6.1.2.1.33.1.2.1.0", [STD_MAKER] = "1.3.6.1.2.1.33.1.1.1.0", [STD_MODEL] = "1.3.6.1.2.1.33.1.1.2.0", [STD_ON_BATTERY] = "1.3.6.1.2.1.33.1.2.2.0", [STD_MINUTES] = "1.3.6.1.2.1.33.1.2.3.0",
    [STD_CHARGE] = "1.3.6.1.2.1.33.1.2.4.0", [STD_CELSIUS] = "1.3.6.1.2.1.33.1.2.7.0", [STD_FAILURES] = "1.3.6.1.2.1.33.1.3.1.0", [STD_SOURCE] = "1.3.6.1.2.1.33.1.4.1.0", [STD_ALARMS] = "1.3.6.1.2.1.33.1.6.1.0",
    [STD_TEST] = "1.3.6.1.2.1.33.1.7.3.0", [STD_TEST_AT] = "1.3.6.1.2.1.33.1.7.5.0" };
static const char *const load_objects[] = { "1.3.6.1.2.1.33.1.4.4.1.5" };
static const char *const input_objects[] = { "1.3.6.1.2.1.33.1.3.3.1.3" };
static const char *const alarm_objects[] = { "1.3.6.1.2.1.33.1.6.2.1.2" };

/* APC's PowerNet-MIB and CyberPower's, which was written after it. */
enum { OWN_MODEL, OWN_MADE, OWN_BATTERY, OWN_ON_BATTERY, OWN_REPLACED, OWN_CHARGE, OWN_CELSIUS, OWN_RUNTIME, OWN_REPLACE, OWN_VOLTS, OWN_OUTPUT, OWN_LOAD, OWN_TEST, OWN_TEST_AT,
       OWN_OBJECTS, APC_REPLACE_BY = OWN_OBJECTS, APC_CHARGE_10, APC_CELSIUS_10, APC_VOLTS_10, APC_LOAD_10, APC_OBJECTS };
static const char *const apc_objects[APC_OBJECTS] = {
    [OWN_MODEL] = "1.3.6.1.4.1.318.1.1.1.1.1.1.0", [OWN_MADE] = "1.3.6.1.4.1.318.1.1.1.1.2.2.0", [OWN_BATTERY] = "1.3.6.1.4.1.318.1.1.1.2.1.1.0", [OWN_ON_BATTERY] = "1.3.6.1.4.1.318.1.1.1.2.1.2.0",
    [OWN_REPLACED] = "1.3.6.1.4.1.318.1.1.1.2.1.3.0", [OWN_CHARGE] = "1.3.6.1.4.1.318.1.1.1.2.2.1.0", [OWN_CELSIUS] = "1.3.6.1.4.1.318.1.1.1.2.2.2.0", [OWN_RUNTIME] = "1.3.6.1.4.1.318.1.1.1.2.2.3.0",
    [OWN_REPLACE] = "1.3.6.1.4.1.318.1.1.1.2.2.4.0", [OWN_VOLTS] = "1.3.6.1.4.1.318.1.1.1.3.2.1.0", [OWN_OUTPUT] = "1.3.6.1.4.1.318.1.1.1.4.1.1.0", [OWN_LOAD] = "1.3.6.1.4.1.318.1.1.1.4.2.3.0",
    [OWN_TEST] = "1.3.6.1.4.1.318.1.1.1.7.2.3.0", [OWN_TEST_AT] = "1.3.6.1.4.1.318.1.1.1.7.2.4.0", [APC_REPLACE_BY] = "1.3.6.1.4.1.318.1.1.1.2.2.21.0", [APC_CHARGE_10] = "1.3.6.1.4.1.318.1.1.1.2.3.1.0",
    [APC_CELSIUS_10] = "1.3.6.1.4.1.318.1.1.1.2.3.2.0", [APC_VOLTS_10] = "1.3.6.1.4.1.318.1.1.1.3.3.1.0", [APC_LOAD_10] = "1.3.6.1.4.1.318.1.1.1.4.3.3.0" };
static const char *const cyberpower_objects[OWN_OBJECTS] = {
    [OWN_MODEL] = "1.3.6.1.4.1.3808.1.1.1.1.1.1.0", [OWN_MADE] = "1.3.6.1.4.1.3808.1.1.1.1.2.2.0", [OWN_BATTERY] = "1.3.6.1.4.1.3808.1.1.1.2.1.1.0", [OWN_ON_BATTERY] = "1.3.6.1.4.1.3808.1.1.1.2.1.2.0",
    [OWN_REPLACED] = "1.3.6.1.4.1.3808.1.1.1.2.1.3.0", [OWN_CHARGE] = "1.3.6.1.4.1.3808.1.1.1.2.2.1.0", [OWN_CELSIUS] = "1.3.6.1.4.1.3808.1.1.1.2.2.3.0", [OWN_RUNTIME] = "1.3.6.1.4.1.3808.1.1.1.2.2.4.0",
    [OWN_REPLACE] = "1.3.6.1.4.1.3808.1.1.1.2.2.5.0", [OWN_VOLTS] = "1.3.6.1.4.1.3808.1.1.1.3.2.1.0", [OWN_OUTPUT] = "1.3.6.1.4.1.3808.1.1.1.4.1.1.0", [OWN_LOAD] = "1.3.6.1.4.1.3808.1.1.1.4.2.3.0",
    [OWN_TEST] = "1.3.6.1.4.1.3808.1.1.1.7.2.3.0", [OWN_TEST_AT] = "1.3.6.1.4.1.3808.1.1.1.7.2.4.0" };
enum { EATON_MAKER, EATON_MODEL, EATON_RUNTIME, EATON_CHARGE, EATON_BATTERY, EATON_REPLACED, EATON_LOAD, EATON_SOURCE, EATON_TEST, EATON_OBJECTS };
static const char *const eaton_objects[EATON_OBJECTS] = {
    [EATON_MAKER] = "1.3.6.1.4.1.534.1.1.1.0", [EATON_MODEL] = "1.3.6.1.4.1.534.1.1.2.0", [EATON_RUNTIME] = "1.3.6.1.4.1.534.1.2.1.0", [EATON_CHARGE] = "1.3.6.1.4.1.534.1.2.4.0", [EATON_BATTERY] = "1.3.6.1.4.1.534.1.2.5.0",
    [EATON_REPLACED] = "1.3.6.1.4.1.534.1.2.6.0", [EATON_LOAD] = "1.3.6.1.4.1.534.1.4.1.0", [EATON_SOURCE] = "1.3.6.1.4.1.534.1.4.5.0", [EATON_TEST] = "1.3.6.1.4.1.534.1.8.2.0" };
enum { MGE_MODEL, MGE_RUNTIME, MGE_CHARGE, MGE_REPLACE, MGE_ON_BATTERY, MGE_OBJECTS };
static const char *const mge_objects[MGE_OBJECTS] = {
    [MGE_MODEL] = "1.3.6.1.4.1.705.1.1.1.0", [MGE_RUNTIME] = "1.3.6.1.4.1.705.1.5.1.0", [MGE_CHARGE] = "1.3.6.1.4.1.705.1.5.2.0", [MGE_REPLACE] = "1.3.6.1.4.1.705.1.5.11.0", [MGE_ON_BATTERY] = "1.3.6.1.4.1.705.1.7.3.0" };

static const uint32_t apc[] = { 318, 0 }, cyberpower[] = { 3808, 0 }, eaton[] = { 534, 705, 0 };

/* --- what several MIBs say: who is asked first counts --------------------------------------------------------------------------- */

static bool unset(const struct fact_row *row, int column)
{
    return row->v[column].kind == FACT_KIND_NULL;
}

static void word(struct fact_row *row, int column, const char *s)
{
    if (unset(row, column))
        fact_set_str(row, column, s);
}

static void share(struct fact_row *row, int column, const struct snmp_table *t, size_t from, int64_t parts, int64_t max)
{
    int64_t n;
    if (unset(row, column) && snmp_table_number(t, 0, from, &n) && n >= 0 && n <= max * parts)
        fact_set_real(row, column, (double)n / (double)parts);
}

/* units: how many of the MIB's make a second. */
static void seconds(struct fact_row *row, int column, const struct snmp_table *t, size_t from, int64_t units, int64_t least)
{
    int64_t n;
    if (unset(row, column) && snmp_table_number(t, 0, from, &n) && n >= least && n < UINT32_MAX)         /* 4294967295: absent */
        fact_set_int(row, column, n / units);
}

/* A battery at or below zero is a sensor that is not there; APC says 255 for that. */
static void celsius(struct fact_row *row, const struct snmp_table *t, size_t from, int64_t parts)
{
    int64_t n;
    if (unset(row, UPS_BATTERY_CELSIUS) && snmp_table_number(t, 0, from, &n) && n > 0 && n < 100 * parts && n != 255)
        fact_set_real(row, UPS_BATTERY_CELSIUS, (double)n / (double)parts);
}

/* Dates that people or factories set: a day to come, or the clock's own first day, is none. */
static void past_day(struct fact_row *row, int column, const char *date, int64_t now, struct arena *mem)
{
    int64_t day;
    if (unset(row, column) && date != NULL && snmp_us_date(date, &day) && day <= now && !snmp_date_is_unset(day))
        fact_set_str(row, column, snmp_date_text(day, mem));
}

static void source(struct fact_row *row, const char *mib, struct arena *mem)
{
    const struct fact_value *v = &row->v[UPS_SOURCE];
    fact_set_str(row, UPS_SOURCE, unset(row, UPS_SOURCE) ? mib : arena_printf(mem, "%.*s, %s", (int)v->len, v->s, mib));
}

/* --- APC and CyberPower ----------------------------------------------------------------------------------------------------------- */

static const char *const apc_batteries[] = { NULL, NULL, "normal", "low", "faulty", "absent" };
static const char *const cyberpower_batteries[] = { NULL, NULL, "normal", "low", "absent" };
static const char *const apc_outputs[] = {
    [2] = "normal", [3] = "battery", [4] = "booster", [5] = "none", [6] = "bypass", [7] = "none", [8] = "other", [9] = "bypass", [10] = "bypass", [11] = "none", [12] = "reducer", [13] = "normal", [14] = "normal",
    [15] = "battery", [16] = "bypass", [17] = "bypass", [18] = "normal", [19] = "other", [20] = "normal", [21] = "other", [22] = "other", [23] = "other", [24] = "other", [25] = "other", [26] = "none", [27] = "other", [28] = "other" };
static const char *const cyberpower_outputs[] = { [2] = "normal", [3] = "battery", [4] = "booster", [5] = "none", [6] = "none", [7] = "other", [8] = "normal", [9] = "bypass", [10] = "reducer", [11] = "other" };

struct own { const char *mib, *maker; const char *const *batteries, *const *outputs; size_t n_batteries, n_outputs; int64_t volt_parts; };
static const struct own apc_own = { "PowerNet-MIB", "APC", apc_batteries, apc_outputs, N_ELEMENTS(apc_batteries), N_ELEMENTS(apc_outputs), 1 };
static const struct own cyberpower_own = { "CPS-MIB", "CyberPower", cyberpower_batteries, cyberpower_outputs, N_ELEMENTS(cyberpower_batteries), N_ELEMENTS(cyberpower_outputs), 10 };

static void from_own(const struct snmp_table *t, const struct own *own, int64_t now, struct fact_row *row, struct arena *mem)
{
    static const char *const results[] = { NULL, "passed", "failed", NULL, "inProgress" };
    int64_t n;
    if (snmp_table_rows(t) == 0)
        return;
    source(row, own->mib, mem);
    word(row, UPS_MODEL, snmp_words_at(t, 0, OWN_MODEL, mem));
    word(row, UPS_MAKER, own->maker);
    word(row, UPS_BATTERY_STATE, snmp_word(t, 0, OWN_BATTERY, own->batteries, own->n_batteries));
    word(row, UPS_OUTPUT_SOURCE, snmp_word(t, 0, OWN_OUTPUT, own->outputs, own->n_outputs));
    seconds(row, UPS_ON_BATTERY_S, t, OWN_ON_BATTERY, 100, 0);
    share(row, UPS_CHARGE_PERCENT, t, OWN_CHARGE, 1, 100);
    seconds(row, UPS_RUNTIME_S, t, OWN_RUNTIME, 100, 0);
    share(row, UPS_LOAD_PERCENT, t, OWN_LOAD, 1, 200);
    celsius(row, t, OWN_CELSIUS, 1);
    if (unset(row, UPS_REPLACE_BATTERY) && snmp_table_number(t, 0, OWN_REPLACE, &n) && (n == 1 || n == 2))
        fact_set_int(row, UPS_REPLACE_BATTERY, n == 2);
    past_day(row, UPS_BATTERY_REPLACED_AT, snmp_text_at(t, 0, OWN_REPLACED, mem), now, mem);
    past_day(row, UPS_MADE_AT, snmp_text_at(t, 0, OWN_MADE, mem), now, mem);
    word(row, UPS_TEST_RESULT, snmp_word(t, 0, OWN_TEST, results, N_ELEMENTS(results)));
    past_day(row, UPS_TEST_AT, snmp_text_at(t, 0, OWN_TEST_AT, mem), now, mem);
    share(row, UPS_INPUT_VOLTS, t, OWN_VOLTS, own->volt_parts, 1000);
}

static void from_apc(const struct snmp_table *t, int64_t now, struct fact_row *row, struct arena *mem)
{
    int64_t day;
    from_own(t, &apc_own, now, row, mem);
    share(row, UPS_CHARGE_PERCENT, t, APC_CHARGE_10, 10, 100);
    share(row, UPS_LOAD_PERCENT, t, APC_LOAD_10, 10, 200);
    share(row, UPS_INPUT_VOLTS, t, APC_VOLTS_10, 10, 1000);
    celsius(row, t, APC_CELSIUS_10, 10);
    const char *by = snmp_text_at(t, 0, APC_REPLACE_BY, mem);
    if (by != NULL && snmp_us_date(by, &day) && !snmp_date_is_unset(day))
        fact_set_str(row, UPS_BATTERY_REPLACE_BY_AT, snmp_date_text(day, mem));
}

/* --- Eaton, MGE --------------------------------------------------------------------------------------------------------------------- */

static void from_eaton(const struct snmp_table *t, int64_t now, struct fact_row *row, struct arena *mem)
{
    /* charging and discharging say nothing about how good it is; resting and floating mean full */
    static const char *const batteries[] = { NULL, NULL, NULL, "normal", "normal", NULL, "absent", NULL, "faulty" };
    static const char *const sources[] = { NULL, "other", "none", "normal", "bypass", "battery", "booster", "reducer", "normal", "normal", "normal", "bypass", "normal" };
    static const char *const results[] = { NULL, NULL, "passed", "failed", "inProgress" };
    int64_t day;
    if (snmp_table_rows(t) == 0)
        return;
    source(row, "XUPS-MIB", mem);
    word(row, UPS_MODEL, snmp_words_at(t, 0, EATON_MODEL, mem));
    word(row, UPS_MAKER, snmp_words_at(t, 0, EATON_MAKER, mem));
    seconds(row, UPS_RUNTIME_S, t, EATON_RUNTIME, 1, 1);
    share(row, UPS_CHARGE_PERCENT, t, EATON_CHARGE, 1, 100);
    word(row, UPS_BATTERY_STATE, snmp_word(t, 0, EATON_BATTERY, batteries, N_ELEMENTS(batteries)));
    share(row, UPS_LOAD_PERCENT, t, EATON_LOAD, 1, 200);
    word(row, UPS_OUTPUT_SOURCE, snmp_word(t, 0, EATON_SOURCE, sources, N_ELEMENTS(sources)));
    word(row, UPS_TEST_RESULT, snmp_word(t, 0, EATON_TEST, results, N_ELEMENTS(results)));
    const char *replaced = snmp_text_at(t, 0, EATON_REPLACED, mem);      /* in whatever order people write */
    if (replaced != NULL && snmp_free_date(replaced, &day) && day <= now && !snmp_date_is_unset(day))
        fact_set_str(row, UPS_BATTERY_REPLACED_AT, snmp_date_text(day, mem));
}

static void from_mge(const struct snmp_table *t, struct fact_row *row, struct arena *mem)
{
    int64_t n;
    if (snmp_table_rows(t) == 0)
        return;
    source(row, "MG-SNMP-UPS-MIB", mem);
    word(row, UPS_MODEL, snmp_words_at(t, 0, MGE_MODEL, mem));
    seconds(row, UPS_RUNTIME_S, t, MGE_RUNTIME, 1, 1);
    share(row, UPS_CHARGE_PERCENT, t, MGE_CHARGE, 1, 100);
    if (unset(row, UPS_REPLACE_BATTERY) && snmp_table_number(t, 0, MGE_REPLACE, &n) && (n == 1 || n == 2))
        fact_set_int(row, UPS_REPLACE_BATTERY, n == 1);
    if (snmp_table_number(t, 0, MGE_ON_BATTERY, &n) && n == 1)
        word(row, UPS_OUTPUT_SOURCE, "battery");
}

/* --- UPS-MIB ------------------------------------------------------------------------------------------------------------------------ */

/* The highest load of the output's lines, the lowest voltage of the input's. */
static void lines(const struct snmp_view *v, struct fact_row *row)
{
    int64_t n, load = -1, volts = -1;
    for (size_t i = 0; i < snmp_table_rows(v->parts[PART_LOAD]); i++)
        if (snmp_table_number(v->parts[PART_LOAD], i, 0, &n) && n >= 0 && n <= 200 && n > load)
            load = n;
    for (size_t i = 0; i < snmp_table_rows(v->parts[PART_INPUT]); i++)
        if (snmp_table_number(v->parts[PART_INPUT], i, 0, &n) && n >= 0 && n <= 1000 && (volts < 0 || n < volts))
            volts = n;
    if (load >= 0 && unset(row, UPS_LOAD_PERCENT))
        fact_set_real(row, UPS_LOAD_PERCENT, (double)load);
    if (volts >= 0 && unset(row, UPS_INPUT_VOLTS))
        fact_set_real(row, UPS_INPUT_VOLTS, (double)volts);
}

/* upsAlarmBatteryBad: "require replacement". */
static bool battery_is_bad(const struct snmp_table *alarms)
{
    static const uint32_t bad[] = { 1, 3, 6, 1, 2, 1, 33, 1, 6, 3, 1 };
    for (size_t i = 0; i < snmp_table_rows(alarms); i++) {
        const struct snmp_value *a = snmp_table_get(alarms, i, 0);
        if (a != NULL && a->type == SNMP_OBJECT_ID && oid_compare(a->oid, a->n_oid, bad, N_ELEMENTS(bad)) == 0)
            return true;
    }
    return false;
}

/* The test's time is the agent's clock then; of an agent that has restarted since, nobody knows. */
static void test_time(const struct snmp_view *v, struct fact_row *row, struct arena *mem)
{
    int64_t at;
    if (!unset(row, UPS_TEST_AT) || v->uptime < 0 || !snmp_table_number(v->parts[PART_STD], 0, STD_TEST_AT, &at) || at <= 0 || at > v->uptime)
        return;
    char *iso = arena_alloc(mem, ISO_LEN);
    iso_format(v->now - (v->uptime - at) / 100, iso);
    fact_set_str(row, UPS_TEST_AT, iso);
}

static void from_std(const struct snmp_view *v, struct fact_row *row, struct arena *mem)
{
    static const char *const batteries[] = { NULL, NULL, "normal", "low", "depleted" };
    static const char *const sources[] = { NULL, "other", "none", "normal", "bypass", "battery", "booster", "reducer" };
    static const char *const results[] = { NULL, "passed", "warning", "failed", "aborted", "inProgress", "none" };
    const struct snmp_table *t = v->parts[PART_STD];
    if (snmp_table_rows(t) == 0)
        return;
    source(row, "UPS-MIB", mem);
    word(row, UPS_MODEL, snmp_words_at(t, 0, STD_MODEL, mem));
    word(row, UPS_BATTERY_STATE, snmp_word(t, 0, STD_BATTERY, batteries, N_ELEMENTS(batteries)));
    word(row, UPS_OUTPUT_SOURCE, snmp_word(t, 0, STD_SOURCE, sources, N_ELEMENTS(sources)));
    seconds(row, UPS_ON_BATTERY_S, t, STD_ON_BATTERY, 1, 0);
    share(row, UPS_CHARGE_PERCENT, t, STD_CHARGE, 1, 100);
    int64_t minutes;
    if (unset(row, UPS_RUNTIME_S) && snmp_table_number(t, 0, STD_MINUTES, &minutes) && minutes >= 1 && minutes < 1000000)        /* the MIB knows no 0 */
        fact_set_int(row, UPS_RUNTIME_S, minutes * 60);
    celsius(row, t, STD_CELSIUS, 1);
    snmp_set_number(row, UPS_INPUT_FAILURES, t, 0, STD_FAILURES, 0, UINT32_MAX);
    snmp_set_number(row, UPS_ALARMS, t, 0, STD_ALARMS, 0, UINT32_MAX);
    word(row, UPS_TEST_RESULT, snmp_word(t, 0, STD_TEST, results, N_ELEMENTS(results)));
    test_time(v, row, mem);
    lines(v, row);
    if (battery_is_bad(v->parts[PART_ALARMS]))
        fact_set_int(row, UPS_REPLACE_BATTERY, 1);
}

/* --- the row ------------------------------------------------------------------------------------------------------------------------ */

static void rows(const struct snmp_view *v)
{
    static const int says[] = { UPS_BATTERY_STATE, UPS_OUTPUT_SOURCE, UPS_CHARGE_PERCENT, UPS_RUNTIME_S, UPS_LOAD_PERCENT };
    struct arena *mem = arena_new();
    struct fact_row row;
    fact_row_init(&row, &fact_ups);
    fact_set_int(&row, UPS_UPS, 1);
    fact_set_str(&row, UPS_MAKER, snmp_words_at(v->parts[PART_STD], 0, STD_MAKER, mem));
    from_apc(v->parts[PART_APC], v->now, &row, mem);
    from_own(v->parts[PART_CYBERPOWER], &cyberpower_own, v->now, &row, mem);
    from_eaton(v->parts[PART_EATON], v->now, &row, mem);
    from_mge(v->parts[PART_MGE], &row, mem);
    from_std(v, &row, mem);
    const struct fact_value *output = &row.v[UPS_OUTPUT_SOURCE];
    if (output->kind == FACT_KIND_TEXT && strcmp(output->s, "other") != 0)
        fact_set_int(&row, UPS_ON_BATTERY, strcmp(output->s, "battery") == 0);
    bool is_ups = false;
    for (size_t i = 0; i < N_ELEMENTS(says); i++)
        is_ups = is_ups || !unset(&row, says[i]);
    if (is_ups)                      /* the makers' cards for racks and sensors have these MIBs too, and nothing in them */
        v->emit(v->arg, &row);
    arena_free(mem);
}

static const struct snmp_part parts[PARTS] = {
    [PART_STD] = SNMP_SINGLES_LED(std_objects), [PART_LOAD] = SNMP_COLUMNS(load_objects, 16), [PART_INPUT] = SNMP_COLUMNS(input_objects, 16), [PART_ALARMS] = SNMP_COLUMNS(alarm_objects, 100),
    [PART_APC] = SNMP_SINGLES_OF(apc, apc_objects), [PART_CYBERPOWER] = SNMP_SINGLES_OF(cyberpower, cyberpower_objects), [PART_EATON] = SNMP_SINGLES_OF(eaton, eaton_objects), [PART_MGE] = SNMP_SINGLES_OF(eaton, mge_objects) };
const struct snmp_source snmp_ups = { .table = &fact_ups, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
