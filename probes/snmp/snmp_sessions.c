/* Rows of `sessions` from the firewalls' own MIBs. What else they say of a part of themselves (processor, memory) is asked for in the same list. Pure. */
#include "probes/snmp/snmp_sources.h"

#include "fact/table_sessions.h"

enum { PART_FORTINET, PART_PALO_ALTO, PART_SONICWALL, PART_CISCO, PART_SPU, PARTS };

static const char *const fortinet_objects[] = { "1.3.6.1.4.1.12356.101.4.1.8.0" };                                       /* fgSysSesCount */
enum { PAN_USED, PAN_MAX, PAN_ACTIVE };
static const char *const pan_objects[] = { "1.3.6.1.4.1.25461.2.1.2.3.1.0", "1.3.6.1.4.1.25461.2.1.2.3.2.0", "1.3.6.1.4.1.25461.2.1.2.3.3.0" };    /* panSessionUtilization, Max, Active */
enum { SONIC_MAX, SONIC_NOW };
static const char *const sonic_objects[] = { "1.3.6.1.4.1.8741.1.3.1.1.0", "1.3.6.1.4.1.8741.1.3.1.2.0" };               /* sonicMaxConnCacheEntries, Current */
static const char *const cisco_objects[] = { "1.3.6.1.4.1.9.9.147.1.2.2.2.1.5" };                                        /* cfwConnectionStatValue, by service and kind */
#define CISCO_IN_USE 6               /* the kind currentInUse; high(7) is the most that there ever was, no maximum */

struct figures { const char *source, *number; int64_t active, maximum, percent; };       /* -1: not known */

static int64_t at(const struct snmp_table *t, size_t row, size_t column)
{
    int64_t n;
    return snmp_table_number(t, row, column, &n) && n >= 0 ? n : -1;
}

static void emit_row(const struct snmp_view *v, const struct figures *f)
{
    struct fact_row row;
    bool share = f->percent >= 0 && f->percent <= 100;
    if (f->active < 0 && !share)
        return;
    fact_row_init(&row, &fact_sessions);
    fact_set_str(&row, SESSIONS_SOURCE, f->source);
    fact_set_str(&row, SESSIONS_NUMBER, f->number);
    if (f->active >= 0)
        fact_set_int(&row, SESSIONS_ACTIVE, f->active);
    if (f->maximum > 0)
        fact_set_int(&row, SESSIONS_MAXIMUM, f->maximum);
    snmp_set_percent(&row, SESSIONS_USED_PERCENT, f->active, f->maximum);
    if (row.v[SESSIONS_USED_PERCENT].kind == FACT_KIND_NULL && share)
        fact_set_real(&row, SESSIONS_USED_PERCENT, (double)f->percent);
    v->emit(v->arg, &row);
}

static void cisco_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_CISCO];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 2 || index[1] != CISCO_IN_USE)
            continue;
        struct arena *mem = arena_new();
        emit_row(v, &(struct figures){ "CISCO-FIREWALL-MIB", snmp_index_text(t, i, mem), at(t, i, 0), -1, -1 });
        arena_free(mem);
    }
}

static void spu_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_SPU];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        emit_row(v, &(struct figures){ "JUNIPER-SRX5000-SPU-MONITORING-MIB", snmp_index_text(t, i, mem), at(t, i, SPU_SESSIONS), at(t, i, SPU_SESSIONS_MAX), -1 });
        arena_free(mem);
    }
}

static void rows(const struct snmp_view *v)
{
    const struct snmp_table *pan = v->parts[PART_PALO_ALTO], *sonic = v->parts[PART_SONICWALL];
    emit_row(v, &(struct figures){ "FORTINET-FORTIGATE-MIB", "0", at(v->parts[PART_FORTINET], 0, 0), -1, -1 });
    emit_row(v, &(struct figures){ "PAN-COMMON-MIB", "0", at(pan, 0, PAN_ACTIVE), at(pan, 0, PAN_MAX), at(pan, 0, PAN_USED) });
    emit_row(v, &(struct figures){ "SONICWALL-FIREWALL-IP-STATISTICS-MIB", "0", at(sonic, 0, SONIC_NOW), at(sonic, 0, SONIC_MAX), -1 });
    cisco_rows(v);
    spu_rows(v);
}

static const struct snmp_part parts[PARTS] = {
    [PART_FORTINET] = SNMP_SINGLES_OF(snmp_fortinet, fortinet_objects), [PART_PALO_ALTO] = SNMP_SINGLES_OF(snmp_palo_alto, pan_objects), [PART_SONICWALL] = SNMP_SINGLES_OF(snmp_sonicwall, sonic_objects),
    [PART_CISCO] = SNMP_COLUMNS_OF(snmp_cisco, cisco_objects, 500), [PART_SPU] = SNMP_SPUS };
const struct snmp_source snmp_sessions = { .table = &fact_sessions, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
