/* Rows of `processors`: HOST-RESOURCES-MIB's, and the makers' own where they have better ones. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_processors.h"

enum { PART_HR, PART_UCD, PART_CISCO, PART_CISCO_OLD, PART_CISCO_SB, PART_RADLAN, PART_FORTINET, PART_JUNIPER, PART_SPU, PART_SONICWALL, PART_HP, PART_ARUBA, PARTS };
_Static_assert(PARTS <= SOURCE_PARTS_MAX, "there is room");

static const char *const hr_objects[] = { "1.3.6.1.2.1.25.3.3.1.2" };
static const char *const ucd_objects[] = { "1.3.6.1.4.1.2021.11.11.0" };                                      /* ssCpuIdle */
enum { CISCO_5_MIN_REV, CISCO_5_MIN, CISCO_ENTITY };
static const char *const cisco_objects[] = { "1.3.6.1.4.1.9.9.109.1.1.1.1.8", "1.3.6.1.4.1.9.9.109.1.1.1.1.5", "1.3.6.1.4.1.9.9.109.1.1.1.1.2" };
static const char *const cisco_old_objects[] = { "1.3.6.1.4.1.9.2.1.58.0" };                                  /* avgBusy5 */
static const char *const cisco_sb_objects[] = { "1.3.6.1.4.1.9.6.1.101.1.9.0" };                              /* rlCpuUtilDuringLast5Minutes */
static const char *const radlan_objects[] = { "1.3.6.1.4.1.89.1.9.0" };                                       /* the same, of the firmware's first maker */
static const char *const fortinet_objects[] = { "1.3.6.1.4.1.12356.101.4.1.3.0" };                            /* fgSysCpuUsage */
static const char *const sonicwall_objects[] = { "1.3.6.1.4.1.8741.1.3.1.3.0" };                              /* sonicCurrentCPUUtil */
static const char *const hp_objects[] = { "1.3.6.1.4.1.11.2.14.11.5.1.9.6.1.0" };                             /* hpSwitchCpuStat */
static const char *const aruba_objects[] = { "1.3.6.1.4.1.14823.2.2.1.2.1.13.1.3", "1.3.6.1.4.1.14823.2.2.1.2.1.13.1.2" };    /* sysExtProcessorLoad, Descr */

static const uint32_t radlan[] = { 89, 171, 207, 674, 3955, 4526, 0 }, hp[] = { 11, 0 }, aruba[] = { 14823, 0 };

/* Where a maker keeps the load: a column, and what more its rows say. Zero means "not measured" to some. */
struct place { size_t part; const char *source; size_t load, name; int64_t window_s, least; };
#define NO_NAME SIZE_MAX
static const struct place places[] = {
    { PART_FORTINET, "FORTINET-FORTIGATE-MIB", 0, NO_NAME, 0, 0 },
    { PART_JUNIPER, "JUNIPER-MIB", OPERATING_CPU, OPERATING_DESCR, 0, 1 },
    { PART_SPU, "JUNIPER-SRX5000-SPU-MONITORING-MIB", SPU_CPU, NO_NAME, 0, 0 },
    { PART_SONICWALL, "SONICWALL-FIREWALL-IP-STATISTICS-MIB", 0, NO_NAME, 0, 0 },
    { PART_HP, "STATISTICS-MIB", 0, NO_NAME, 0, 0 },
    { PART_ARUBA, "WLSX-SYSTEMEXT-MIB", 0, 1, 0, 0 },
    { PART_CISCO_SB, "CISCOSB-rndMng", 0, NO_NAME, 300, 0 },
    { PART_RADLAN, "RADLAN-rndMng", 0, NO_NAME, 300, 0 },
    { PART_HR, "HOST-RESOURCES-MIB", 0, NO_NAME, 60, 0 },
};

static void begin(struct fact_row *row, const struct snmp_table *t, size_t i, const char *source, int64_t window_s, struct arena *mem)
{
    fact_row_init(row, &fact_processors);
    fact_set_str(row, PROCESSORS_SOURCE, source);
    fact_set_str(row, PROCESSORS_NUMBER, snmp_index_text(t, i, mem));
    if (window_s > 0)
        fact_set_int(row, PROCESSORS_WINDOW_S, window_s);
}

static size_t place_rows(const struct snmp_view *v, const struct place *p)
{
    const struct snmp_table *t = v->parts[p->part];
    size_t emitted = 0;
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        int64_t load;
        if (!snmp_table_number(t, i, p->load, &load) || load < p->least)
            continue;                /* a row of a table of all parts that is no processor */
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, t, i, p->source, p->window_s, mem);
        if (p->name != NO_NAME)
            fact_set_str(&row, PROCESSORS_NAME, snmp_text_at(t, i, p->name, mem));
        snmp_set_number(&row, PROCESSORS_LOAD_PERCENT, t, i, p->load, 0, 100);           /* 101 on switches that do not measure */
        v->emit(v->arg, &row);
        emitted++;
        arena_free(mem);
    }
    return emitted;
}

/* cpmCPUTotalTable: the newer column first; its entity's name where components are known. */
static size_t cisco_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_CISCO];
    size_t emitted = 0;
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        int64_t entity;
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, t, i, "CISCO-PROCESS-MIB", 300, mem);
        snmp_set_number(&row, PROCESSORS_LOAD_PERCENT, t, i, CISCO_5_MIN_REV, 0, 100);
        if (row.v[PROCESSORS_LOAD_PERCENT].kind == FACT_KIND_NULL)
            snmp_set_number(&row, PROCESSORS_LOAD_PERCENT, t, i, CISCO_5_MIN, 0, 100);
        if (snmp_table_number(t, i, CISCO_ENTITY, &entity))
            fact_set_str(&row, PROCESSORS_NAME, snmp_component_name(v->components, entity, mem));
        v->emit(v->arg, &row);
        emitted++;
        arena_free(mem);
    }
    return emitted;
}

static void one_row(const struct snmp_view *v, const char *source, const struct snmp_table *t, int64_t load, int64_t window_s)
{
    struct arena *mem = arena_new();
    struct fact_row row;
    begin(&row, t, 0, source, window_s, mem);
    fact_set_real(&row, PROCESSORS_LOAD_PERCENT, (double)load);
    v->emit(v->arg, &row);
    arena_free(mem);
}

static void rows(const struct snmp_view *v)
{
    int64_t n;
    size_t emitted = cisco_rows(v);
    if (emitted == 0 && snmp_table_number(v->parts[PART_CISCO_OLD], 0, 0, &n) && n >= 0 && n <= 100) {
        one_row(v, "OLD-CISCO-CPU-MIB", v->parts[PART_CISCO_OLD], n, 300);
        emitted++;
    }
    for (size_t i = 0; i < N_ELEMENTS(places); i++)
        emitted += place_rows(v, &places[i]);
    if (emitted == 0 && snmp_table_number(v->parts[PART_UCD], 0, 0, &n) && n >= 0 && n <= 100)
        one_row(v, "UCD-SNMP-MIB", v->parts[PART_UCD], 100 - n, 60);
}

static const struct snmp_part parts[PARTS] = {
    [PART_HR] = SNMP_COLUMNS(hr_objects, 4000), [PART_UCD] = SNMP_SINGLES(ucd_objects), [PART_CISCO] = SNMP_COLUMNS_OF(snmp_cisco, cisco_objects, 1000),
    [PART_CISCO_OLD] = SNMP_SINGLES_OF(snmp_cisco, cisco_old_objects), [PART_CISCO_SB] = SNMP_SINGLES_OF(snmp_cisco, cisco_sb_objects), [PART_RADLAN] = SNMP_SINGLES_OF(radlan, radlan_objects),
    [PART_FORTINET] = SNMP_SINGLES_OF(snmp_fortinet, fortinet_objects), [PART_JUNIPER] = SNMP_OPERATING, [PART_SPU] = SNMP_SPUS,
    [PART_SONICWALL] = SNMP_SINGLES_OF(snmp_sonicwall, sonicwall_objects), [PART_HP] = SNMP_SINGLES_OF(hp, hp_objects), [PART_ARUBA] = SNMP_COLUMNS_OF(aruba, aruba_objects, 100) };
const struct snmp_source snmp_processors = { .table = &fact_processors, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
