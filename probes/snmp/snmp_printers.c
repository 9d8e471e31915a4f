/* Rows of `printers` and `printer_supplies` from Printer-MIB (RFC 3805) and HOST-RESOURCES-MIB (RFC 2790). Names of documents and users are never
 * asked for. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "base/text.h"
#include "fact/device_rules.h"
#include "fact/table_printer_supplies.h"
#include "fact/table_printers.h"

/* --- printers ------------------------------------------------------------------------------------------------------------- */

enum { PRINTERS_STATE, PRINTERS_COUNTS, PRINTERS_ALERTS, PRINTERS_GENERAL, PRINTERS_PARTS };
enum { STATE_STATUS, STATE_ERRORS, STATE_COLUMNS };
enum { COUNT_LIFE, COUNT_UNIT, COUNT_COLUMNS };

static const char *const state_objects[STATE_COLUMNS] = { [STATE_STATUS] = "1.3.6.1.2.1.25.3.5.1.1", [STATE_ERRORS] = "1.3.6.1.2.1.25.3.5.1.2" };
static const char *const count_objects[COUNT_COLUMNS] = { [COUNT_LIFE] = "1.3.6.1.2.1.43.10.2.1.4", [COUNT_UNIT] = "1.3.6.1.2.1.43.10.2.1.3" };
static const char *const alert_objects[] = { "1.3.6.1.2.1.43.18.1.1.2" };
static const char *const general_objects[] = { "1.3.6.1.2.1.43.5.1.1.17" };

static const char *const errors[] = { "lowPaper", "noPaper", "lowToner", "noToner", "doorOpen", "jammed", "offline", "serviceRequested",
                                      "inputTrayMissing", "outputTrayMissing", "markerSupplyMissing", "outputNearFull", "outputFull", "inputTrayEmpty", "overduePreventMaint" };
enum { ERROR_JAMMED = 5, ERROR_OFFLINE = 6, ERROR_SERVICE = 7 };

/* A bit string, the high bit of the first byte first; it may be one byte, or empty: then nothing is wrong. */
static bool has_error(const struct snmp_value *v, size_t n)
{
    return n / 8 < v->len && (v->bytes[n / 8] >> (7 - n % 8) & 1) != 0;
}

static void set_errors(struct fact_row *row, const struct snmp_table *t, size_t at, struct arena *mem)
{
    const struct snmp_value *v = snmp_table_get(t, at, STATE_ERRORS);
    struct buf b = BUF_INIT(1024);
    if (v == NULL || v->type != SNMP_OCTETS || v->len > 4)
        return;                      /* text, some printers say: no bit string */
    for (size_t i = 0; i < N_ELEMENTS(errors); i++)
        if (has_error(v, i))
            buf_printf(&b, "%s%s", b.len > 0 ? "," : "", errors[i]);
    fact_set_str(row, PRINTERS_ERRORS, arena_strdup(mem, buf_str(&b)));
    buf_clear(&b);
    fact_set_int(row, PRINTERS_JAMMED, has_error(v, ERROR_JAMMED));
    fact_set_int(row, PRINTERS_OFFLINE, has_error(v, ERROR_OFFLINE));
    fact_set_int(row, PRINTERS_SERVICE_REQUESTED, has_error(v, ERROR_SERVICE));
}

/* The first marker that counts impressions or sheets; a marker that prints feet of labels counts no pages. */
static void set_pages(struct fact_row *row, const struct snmp_table *t, uint32_t printer)
{
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        int64_t unit;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 2 || index[0] != printer || !snmp_table_number(t, i, COUNT_UNIT, &unit) || (unit != 7 && unit != 8))
            continue;
        snmp_set_number(row, PRINTERS_PAGES, t, i, COUNT_LIFE, 0, UINT32_MAX);
        return;
    }
}

static void set_alerts(struct fact_row *row, const struct snmp_table *t, uint32_t printer)
{
    int64_t n_critical = 0, severity;
    if (snmp_table_rows(t) == 0)
        return;
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        const uint32_t *index = snmp_table_index(t, i, &n);
        n_critical += n == 2 && index[0] == printer && snmp_table_number(t, i, 0, &severity) && severity == 3;
    }
    fact_set_int(row, PRINTERS_CRITICAL_ALERTS, n_critical);
}

static void printer_rows(const struct snmp_view *v)
{
    static const char *const statuses[] = { NULL, "other", NULL, "idle", "printing", "warmup" };
    const struct snmp_table *t = v->parts[PRINTERS_STATE], *general = v->parts[PRINTERS_GENERAL];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n, at;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 1)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_printers);
        fact_set_int(&row, PRINTERS_PRINTER, index[0]);
        fact_set_str(&row, PRINTERS_STATUS, snmp_word(t, i, STATE_STATUS, statuses, N_ELEMENTS(statuses)));
        set_errors(&row, t, i, mem);
        set_pages(&row, v->parts[PRINTERS_COUNTS], index[0]);
        set_alerts(&row, v->parts[PRINTERS_ALERTS], index[0]);
        const char *serial = snmp_table_find(general, index, 1, &at) ? snmp_text_at(general, at, 0, mem) : NULL;
        if (serial != NULL && !device_serial_is_placeholder(serial))
            fact_set_str(&row, PRINTERS_SERIAL, serial);
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static const struct snmp_part printers_parts[PRINTERS_PARTS] = {
    [PRINTERS_STATE] = SNMP_COLUMNS_LED(state_objects, 100), [PRINTERS_COUNTS] = SNMP_COLUMNS_LED(count_objects, 100), [PRINTERS_ALERTS] = SNMP_COLUMNS(alert_objects, 1000),
    [PRINTERS_GENERAL] = SNMP_COLUMNS(general_objects, 100) };
const struct snmp_source snmp_printers = { .table = &fact_printers, .parts = printers_parts, .n_parts = PRINTERS_PARTS, .mandatory = { NULL }, .rows = printer_rows };

/* --- printer_supplies ---------------------------------------------------------------------------------------------------------- */

enum { SUPPLY_LEVEL, SUPPLY_COLORANT, SUPPLY_CLASS, SUPPLY_TYPE, SUPPLY_DESCR, SUPPLY_UNIT, SUPPLY_MAX, SUPPLY_COLUMNS };
enum { SUPPLIES_SELF, SUPPLIES_COLORANTS, SUPPLIES_PARTS };

static const char *const supply_objects[SUPPLY_COLUMNS] = {
    [SUPPLY_LEVEL] = "1.3.6.1.2.1.43.11.1.1.9", [SUPPLY_COLORANT] = "1.3.6.1.2.1.43.11.1.1.3", [SUPPLY_CLASS] = "1.3.6.1.2.1.43.11.1.1.4", [SUPPLY_TYPE] = "1.3.6.1.2.1.43.11.1.1.5",
    [SUPPLY_DESCR] = "1.3.6.1.2.1.43.11.1.1.6", [SUPPLY_UNIT] = "1.3.6.1.2.1.43.11.1.1.7", [SUPPLY_MAX] = "1.3.6.1.2.1.43.11.1.1.8" };
static const char *const colorant_objects[] = { "1.3.6.1.2.1.43.12.1.1.4" };

/* IANA-PRINTER-MIB, PrtMarkerSuppliesTypeTC */
static const char *const supply_types[] = { NULL, "other", NULL, "toner", "wasteToner", "ink", "inkCartridge", "inkRibbon", "wasteInk", "opc", "developer", "fuserOil", "solidWax", "ribbonWax", "wasteWax",
    "fuser", "coronaWire", "fuserOilWick", "cleanerUnit", "fuserCleaningPad", "transferUnit", "tonerCartridge", "fuserOiler", "water", "wasteWater", "glueWaterAdditive", "wastePaper", "bindingSupply",
    "bandingSupply", "stitchingWire", "shrinkWrap", "paperWrap", "staples", "inserts", "covers", "matteToner", "matteInk" };
static const char *const units[] = { NULL, "other", NULL, "tenThousandthsOfInches", "micrometers", NULL, NULL, "impressions", "sheets", NULL, NULL, "hours", "thousandthsOfOunces", "tenthsOfGrams",
    "hundrethsOfFluidOunces", "tenthsOfMilliliters", "feet", "meters", "items", "percent" };

static void set_level(struct fact_row *row, const struct snmp_table *t, size_t i)
{
    int64_t level, capacity, unit;
    bool limited = snmp_table_number(t, i, SUPPLY_MAX, &capacity) && capacity > 0;       /* -1: no limit, -2: unknown */
    if (!limited && snmp_table_number(t, i, SUPPLY_UNIT, &unit) && unit == 19) {         /* of a hundred, then */
        limited = true;
        capacity = 100;
    }
    if (limited)
        fact_set_int(row, PRINTER_SUPPLIES_CAPACITY, capacity);
    if (!snmp_table_number(t, i, SUPPLY_LEVEL, &level) || level < -3)
        return;
    static const char *const states[] = { "some", "unknown", "unlimited" };
    fact_set_str(row, PRINTER_SUPPLIES_LEVEL_STATE, level < 0 ? states[level + 3] : "measured");
    if (level < 0)
        return;
    fact_set_int(row, PRINTER_SUPPLIES_LEVEL, level);
    if (limited)
        snmp_set_percent(row, PRINTER_SUPPLIES_LEVEL_PERCENT, level, capacity);
}

/* Its colorant's name, in lower case; numbered 0 where it has none. */
static void set_color(struct fact_row *row, const struct snmp_view *v, size_t i, uint32_t printer, struct arena *mem)
{
    const struct snmp_table *t = v->parts[SUPPLIES_SELF], *colorants = v->parts[SUPPLIES_COLORANTS];
    int64_t number;
    size_t at;
    if (!snmp_table_number(t, i, SUPPLY_COLORANT, &number) || number <= 0 || number > UINT32_MAX)
        return;
    const uint32_t index[] = { printer, (uint32_t)number };
    const char *name = snmp_table_find(colorants, index, 2, &at) ? snmp_words_at(colorants, at, 0, mem) : NULL;
    if (name == NULL || strcmp(name, "none") == 0)
        return;
    char *lower = arena_strdup(mem, name);
    for (char *p = lower; *p != '\0'; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    fact_set_str(row, PRINTER_SUPPLIES_COLOR, lower);
}

static void supply_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[SUPPLIES_SELF];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        int64_t class;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 2)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_printer_supplies);
        fact_set_int(&row, PRINTER_SUPPLIES_PRINTER, index[0]);
        fact_set_int(&row, PRINTER_SUPPLIES_SUPPLY, index[1]);
        fact_set_str(&row, PRINTER_SUPPLIES_DESCRIPTION, snmp_text_at(t, i, SUPPLY_DESCR, mem));
        fact_set_str(&row, PRINTER_SUPPLIES_TYPE, snmp_word(t, i, SUPPLY_TYPE, supply_types, N_ELEMENTS(supply_types)));
        if (snmp_table_number(t, i, SUPPLY_CLASS, &class) && (class == 3 || class == 4))
            fact_set_int(&row, PRINTER_SUPPLIES_IS_WASTE, class == 4);
        fact_set_str(&row, PRINTER_SUPPLIES_UNIT, snmp_word(t, i, SUPPLY_UNIT, units, N_ELEMENTS(units)));
        set_level(&row, t, i);
        set_color(&row, v, i, index[0], mem);
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static const struct snmp_part supplies_parts[SUPPLIES_PARTS] = { [SUPPLIES_SELF] = SNMP_COLUMNS_LED(supply_objects, 1000), [SUPPLIES_COLORANTS] = SNMP_COLUMNS(colorant_objects, 200) };
const struct snmp_source snmp_printer_supplies = { .table = &fact_printer_supplies, .parts = supplies_parts, .n_parts = SUPPLIES_PARTS, .mandatory = { NULL }, .rows = supply_rows };
