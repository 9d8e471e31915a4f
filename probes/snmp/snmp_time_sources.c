/* Rows of `time_sources` from NTPv4-MIB (RFC 5907) and CISCO-NTP-MIB. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <stdlib.h>
#include <string.h>
#include "fact/table_time_sources.h"

#define SOURCES_MAX 200
#define NO_TIME 16                   /* the stratum of who is not synchronized (RFC 5905) */
enum { PART_STD, PART_CISCO, PARTS };

enum { STD_NAME, STD_ADDRESS, STD_OFFSET, STD_STRATUM, STD_COLUMNS };
static const char *const std_objects[STD_COLUMNS] = { [STD_NAME] = "1.3.6.1.2.1.197.1.3.1.1.2", [STD_ADDRESS] = "1.3.6.1.2.1.197.1.3.1.1.5", [STD_OFFSET] = "1.3.6.1.2.1.197.1.3.1.1.6", [STD_STRATUM] = "1.3.6.1.2.1.197.1.3.1.1.7" };
enum { CISCO_ADDRESS, CISCO_STRATUM, CISCO_REACH, CISCO_OFFSET, CISCO_COLUMNS };
static const char *const cisco_objects[CISCO_COLUMNS] = {
    [CISCO_ADDRESS] = "1.3.6.1.4.1.9.9.168.1.2.1.1.3", [CISCO_STRATUM] = "1.3.6.1.4.1.9.9.168.1.2.1.1.9", [CISCO_REACH] = "1.3.6.1.4.1.9.9.168.1.2.1.1.21", [CISCO_OFFSET] = "1.3.6.1.4.1.9.9.168.1.2.1.1.23" };

/* Begins a row; false when the index is no number of an association. */
static bool begin(struct fact_row *row, const struct snmp_table *t, size_t i, size_t address_column, struct arena *mem)
{
    size_t n;
    const uint32_t *index = snmp_table_index(t, i, &n);
    const struct snmp_value *address = snmp_table_get(t, i, address_column);
    if (n != 1)
        return false;
    fact_row_init(row, &fact_time_sources);
    fact_set_int(row, TIME_SOURCES_NUMBER, index[0]);
    if (address != NULL && (address->type == SNMP_OCTETS || address->type == SNMP_IP_ADDRESS)) {
        size_t zone = address->len == 8 || address->len == 20 ? 4 : 0;       /* the zone behind a link-local address */
        fact_set_str(row, TIME_SOURCES_ADDRESS, snmp_address_text(address->bytes, address->len - zone, mem));
    }
    return true;
}

static void set_source(struct fact_row *row, const char *name)
{
    const struct fact_value *address = &row->v[TIME_SOURCES_ADDRESS];
    if (name != NULL)
        fact_set_str(row, TIME_SOURCES_SOURCE, name);
    else if (address->kind == FACT_KIND_TEXT)
        fact_set_text(row, TIME_SOURCES_SOURCE, address->s, address->len);
}

/* "0.032 ms", "1.232 s": the MIB's own examples. Without a unit that we know it is no figure. */
static void set_offset(struct fact_row *row, const char *s)
{
    static const struct { const char *unit; double ms; } units[] = { { "ms", 1.0 }, { "msec", 1.0 }, { "s", 1000.0 }, { "sec", 1000.0 }, { "us", 0.001 }, { "usec", 0.001 } };
    if (s == NULL || strspn(s, "+-0123456789.") == 0)
        return;
    char *end;
    double n = strtod(s, &end);
    if (end == s || end != s + strspn(s, "+-0123456789."))
        return;
    end += strspn(end, " ");
    for (size_t i = 0; i < N_ELEMENTS(units); i++)
        if (strcmp(end, units[i].unit) == 0)
            fact_set_real(row, TIME_SOURCES_OFFSET_MS, n * units[i].ms);
}

static void std_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_STD];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        int64_t stratum;
        if (begin(&row, t, i, STD_ADDRESS, mem)) {
            set_source(&row, snmp_words_at(t, i, STD_NAME, mem));
            if (snmp_table_number(t, i, STD_STRATUM, &stratum) && stratum >= 1 && stratum <= NO_TIME) {
                fact_set_int(&row, TIME_SOURCES_STRATUM, stratum);
                fact_set_int(&row, TIME_SOURCES_REACHABLE, stratum < NO_TIME);
            }
            set_offset(&row, snmp_text_at(t, i, STD_OFFSET, mem));
            v->emit(v->arg, &row);
        }
        arena_free(mem);
    }
}

/* Four bytes: seconds with a sign, and 65536ths of one (NTPSignedTimeValue). Of a source that never answered it is zero, and says nothing. */
static void set_cisco_offset(struct fact_row *row, const struct snmp_value *v)
{
    if (v == NULL || v->type != SNMP_OCTETS || v->len != 4 || row->v[TIME_SOURCES_REACHABLE].kind != FACT_KIND_INTEGER || row->v[TIME_SOURCES_REACHABLE].i == 0)
        return;
    int64_t n = (int64_t)v->bytes[0] << 24 | v->bytes[1] << 16 | v->bytes[2] << 8 | v->bytes[3];
    if (n > INT32_MAX)
        n -= (int64_t)UINT32_MAX + 1;
    fact_set_real(row, TIME_SOURCES_OFFSET_MS, (double)n * 1000.0 / 65536.0);
}

static void cisco_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_CISCO];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        int64_t reach;
        if (begin(&row, t, i, CISCO_ADDRESS, mem)) {
            set_source(&row, NULL);
            snmp_set_number(&row, TIME_SOURCES_STRATUM, t, i, CISCO_STRATUM, 1, NO_TIME);        /* 0: unspecified */
            if (snmp_table_number(t, i, CISCO_REACH, &reach) && reach >= 0 && reach <= 255)
                fact_set_int(&row, TIME_SOURCES_REACHABLE, reach != 0);
            set_cisco_offset(&row, snmp_table_get(t, i, CISCO_OFFSET));
            v->emit(v->arg, &row);
        }
        arena_free(mem);
    }
}

static void rows(const struct snmp_view *v)
{
    std_rows(v);
    cisco_rows(v);
}

static const struct snmp_part parts[PARTS] = { [PART_STD] = SNMP_COLUMNS_LED(std_objects, SOURCES_MAX), [PART_CISCO] = SNMP_COLUMNS_OF(snmp_cisco, cisco_objects, SOURCES_MAX) };
const struct snmp_source snmp_time_sources = { .table = &fact_time_sources, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
