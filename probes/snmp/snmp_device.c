/* A row of `devices` from SNMPv2-MIB's system group (RFC 3418), the engine id (RFC 3411) and, where there is exactly one, the chassis
 * of ENTITY-MIB (RFC 6933). Pure. */
#include "probes/snmp/snmp_parse.h"

#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "fact/device_rules.h"
#include "fact/table_devices.h"

#define CLASS_CHASSIS 3
#define CLASS_STACK 11
#define WRAP_S 42949673              /* sysUpTime wraps after 2^32 hundredths of a second */
#define ENGINE_ID_MAX 32

static void set_text(const struct snmp_table *t, size_t from, struct fact_row *out, int column, struct arena *mem)
{
    const struct snmp_value *v = snmp_table_get(t, 0, from);
    struct buf b = BUF_INIT(262144);
    if (v != NULL && snmp_text(&b, v) && !b.overflow)
        fact_set_text(out, column, arena_strndup(mem, b.data, b.len), b.len);
    buf_clear(&b);
}

/* When it started. snmpEngineTime counts the same seconds without wrapping for 68 years: where it is further by whole wraps, it is right. */
static void set_times(const struct snmp_table *t, int64_t now, struct fact_row *out, struct arena *mem)
{
    const struct snmp_value *v = snmp_table_get(t, 0, SYSTEM_UPTIME);
    int64_t uptime, engine;
    if (v == NULL || v->type != SNMP_TIME_TICKS)
        return;
    uptime = (int64_t)(v->u / 100);
    fact_set_int(out, DEVICES_UPTIME_S, uptime);
    if (snmp_table_number(t, 0, SYSTEM_ENGINE_TIME, &engine) && engine <= INT32_MAX) {
        int64_t off = (engine - uptime) % WRAP_S;
        if (engine > uptime + WRAP_S / 2 && (off < 600 || off > WRAP_S - 600))
            uptime = engine;
    }
    char *iso = arena_alloc(mem, ISO_LEN);
    iso_format(now - uptime, iso);
    fact_set_str(out, DEVICES_BOOTED_AT, iso);
}

static void set_object_id(const struct snmp_table *t, struct fact_row *out, struct arena *mem)
{
    const struct snmp_value *v = snmp_table_get(t, 0, SYSTEM_OBJECT_ID);
    if (v == NULL || v->type != SNMP_OBJECT_ID || v->n_oid <= 2)         /* 0.0 names nothing */
        return;
    struct buf b = BUF_INIT(4096);
    oid_format(&b, v->oid, v->n_oid);
    fact_set_str(out, DEVICES_SYS_OBJECT_ID, arena_strdup(mem, buf_str(&b)));
    buf_clear(&b);
}

void snmp_device_engine(const uint8_t *id, size_t len, struct fact_row *out, struct arena *mem)
{
    if (id == NULL || len < 5 || len > ENGINE_ID_MAX)                    /* RFC 3411 section 5 */
        return;
    char *hex = arena_alloc(mem, 2 * len + 1);
    hex_encode(id, len, hex);
    fact_set_str(out, DEVICES_ENGINE_ID, hex);
}

void snmp_device_row(const struct snmp_table *group, int64_t now, struct fact_row *out, struct arena *mem)
{
    fact_row_init(out, &fact_devices);
    set_text(group, SYSTEM_NAME, out, DEVICES_SYS_NAME, mem);
    set_text(group, SYSTEM_DESCR, out, DEVICES_SYS_DESCR, mem);
    set_text(group, SYSTEM_CONTACT, out, DEVICES_CONTACT, mem);
    set_text(group, SYSTEM_LOCATION, out, DEVICES_LOCATION, mem);
    set_object_id(group, out, mem);
    set_times(group, now, out, mem);
    int64_t services;
    if (snmp_table_number(group, 0, SYSTEM_SERVICES, &services) && services >= 0 && services <= 127)
        fact_set_int(out, DEVICES_SERVICES, services);
    const struct snmp_value *engine = snmp_table_get(group, 0, SYSTEM_ENGINE_ID);
    if (engine != NULL && engine->type == SNMP_OCTETS)
        snmp_device_engine(engine->bytes, engine->len, out, mem);
}

/* --- the chassis ------------------------------------------------------------------------------------------------------- */

/* The number of rows of that class; *first is the index of the first one. */
static size_t count_class(const struct snmp_table *classes, int64_t wanted, uint32_t *first)
{
    size_t found = 0;
    for (size_t i = 0; i < snmp_table_rows(classes); i++) {
        int64_t class;
        size_t n;
        const uint32_t *at = snmp_table_index(classes, i, &n);
        if (n != 1 || !snmp_table_number(classes, i, 0, &class) || class != wanted)
            continue;
        if (found++ == 0)
            *first = at[0];
    }
    return found;
}

bool snmp_only_chassis(const struct snmp_table *classes, uint32_t *index)
{
    return count_class(classes, CLASS_CHASSIS, index) == 1;
}

size_t snmp_chassis_rows(const struct snmp_table *classes, uint32_t *rows, size_t max)
{
    size_t n = 0;
    uint32_t at;
    if (n < max && count_class(classes, CLASS_STACK, &at) == 1)
        rows[n++] = at;
    if (n < max && count_class(classes, CLASS_CHASSIS, &at) > 0)
        rows[n++] = at;
    return n;
}

static void set_named(const struct snmp_table *t, size_t from, struct fact_row *out, int column, struct arena *mem)
{
    struct fact_row probe = *out;
    set_text(t, from, &probe, column, mem);
    const char *s = probe.v[column].kind == FACT_KIND_TEXT ? probe.v[column].s : "";
    if (column == DEVICES_SERIAL ? !device_serial_is_placeholder(s) : !device_text_is_placeholder(s))
        out->v[column] = probe.v[column];
}

void snmp_device_chassis(const struct snmp_table *chassis, struct fact_row *out, struct arena *mem)
{
    set_named(chassis, CHASSIS_SERIAL, out, DEVICES_SERIAL, mem);
    set_named(chassis, CHASSIS_MODEL, out, DEVICES_MODEL, mem);
}
