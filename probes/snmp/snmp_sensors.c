/* Rows of `sensors` from ENTITY-SENSOR-MIB (RFC 3433), CISCO-ENTITY-SENSOR-MIB and CISCO-ENVMON-MIB. Pure. */
#include "probes/snmp/snmp_sources.h"

#include "fact/table_sensors.h"

enum { SENSOR_VALUE, SENSOR_TYPE, SENSOR_SCALE, SENSOR_PRECISION, SENSOR_STATE, SENSOR_COLUMNS };
enum { PART_ENTITY, PART_CISCO, PART_ENV, PARTS };

static const char *const entity_objects[SENSOR_COLUMNS] = {
    [SENSOR_VALUE] = "1.3.6.1.2.1.99.1.1.1.4", [SENSOR_TYPE] = "1.3.6.1.2.1.99.1.1.1.1", [SENSOR_SCALE] = "1.3.6.1.2.1.99.1.1.1.2", [SENSOR_PRECISION] = "1.3.6.1.2.1.99.1.1.1.3",
    [SENSOR_STATE] = "1.3.6.1.2.1.99.1.1.1.5" };
static const char *const cisco_objects[SENSOR_COLUMNS] = {
    [SENSOR_VALUE] = "1.3.6.1.4.1.9.9.91.1.1.1.1.4", [SENSOR_TYPE] = "1.3.6.1.4.1.9.9.91.1.1.1.1.1", [SENSOR_SCALE] = "1.3.6.1.4.1.9.9.91.1.1.1.1.2", [SENSOR_PRECISION] = "1.3.6.1.4.1.9.9.91.1.1.1.1.3",
    [SENSOR_STATE] = "1.3.6.1.4.1.9.9.91.1.1.1.1.5" };

static const char *const kinds[] = { NULL, "other", NULL, "voltsAC", "voltsDC", "amperes", "watts", "hertz", "celsius", "percentRH", "rpm", "cmm", "truthvalue", "specialEnum", "dBm", "dB" };
static const char *const states[] = { NULL, "ok", "unavailable", "nonoperational" };

/* value x 10^exponent; the scale's numbers go in steps of a thousand, units(9) in the middle. */
static double scaled(int64_t value, int exponent)
{
    double v = (double)value;
    for (; exponent > 0; exponent--)
        v *= 10;
    for (; exponent < 0; exponent++)
        v /= 10;
    return v;
}

/* Without scale the value has no size; without precision it is whole. The ends of the range mean "too much" and "too little" (RFC 3433). */
static void set_value(struct fact_row *row, const struct snmp_table *t, size_t i)
{
    int64_t value, scale, precision = 0, state;
    if (!snmp_table_number(t, i, SENSOR_VALUE, &value) || value <= -1000000000 || value >= 1000000000)
        return;
    if (!snmp_table_number(t, i, SENSOR_STATE, &state) || state != 1 || !snmp_table_number(t, i, SENSOR_SCALE, &scale) || scale < 1 || scale > 17)
        return;
    if (snmp_table_get(t, i, SENSOR_PRECISION) != NULL && (!snmp_table_number(t, i, SENSOR_PRECISION, &precision) || precision < -8 || precision > 9))
        return;
    static const int exponents[] = { 0, -24, -21, -18, -15, -12, -9, -6, -3, 0, 3, 6, 9, 12, 15, 18, 21, 24 };    /* as the MIB has them */
    fact_set_real(row, SENSORS_VALUE, scaled(value, exponents[scale] - (precision > 0 ? (int)precision : 0)));
}

static size_t entity_rows(const struct snmp_view *v, size_t part, const char *source)
{
    const struct snmp_table *t = v->parts[part];
    size_t emitted = 0;
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 1)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_sensors);
        fact_set_str(&row, SENSORS_SOURCE, source);
        fact_set_int(&row, SENSORS_SENSOR, index[0]);
        fact_set_str(&row, SENSORS_NAME, snmp_component_name(v->components, index[0], mem));
        fact_set_str(&row, SENSORS_KIND, snmp_word(t, i, SENSOR_TYPE, kinds, N_ELEMENTS(kinds)));
        fact_set_str(&row, SENSORS_STATE, snmp_word(t, i, SENSOR_STATE, states, N_ELEMENTS(states)));
        set_value(&row, t, i);
        v->emit(v->arg, &row);
        emitted++;
        arena_free(mem);
    }
    return emitted;
}

/* Temperatures that the device judges itself. */
static void env_rows(const struct snmp_view *v)
{
    static const char *const judgements[] = { NULL, "normal", "warning", "critical", "shutdown", NULL, "notFunctioning" };     /* 5: not present */
    const struct snmp_table *t = v->parts[PART_ENV];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        int64_t state;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 1 || (snmp_table_number(t, i, SNMP_ENVMON_STATE, &state) && state == 5))
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_sensors);
        fact_set_str(&row, SENSORS_SOURCE, "CISCO-ENVMON-MIB");
        fact_set_int(&row, SENSORS_SENSOR, index[0]);
        fact_set_str(&row, SENSORS_NAME, snmp_text_at(t, i, SNMP_ENVMON_DESCR, mem));
        fact_set_str(&row, SENSORS_KIND, "celsius");
        snmp_set_number(&row, SENSORS_VALUE, t, i, SNMP_ENVMON_VALUE, 1, 200);       /* 0: it only judges */
        fact_set_str(&row, SENSORS_JUDGED, snmp_word(t, i, SNMP_ENVMON_STATE, judgements, N_ELEMENTS(judgements)));
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static void rows(const struct snmp_view *v)
{
    if (entity_rows(v, PART_ENTITY, "ENTITY-SENSOR-MIB") == 0)
        (void)entity_rows(v, PART_CISCO, "CISCO-ENTITY-SENSOR-MIB");       /* the same sensors, before there was a standard */
    env_rows(v);
}

static const struct snmp_part parts[PARTS] = { [PART_ENTITY] = SNMP_COLUMNS_LED(entity_objects, 8000), [PART_CISCO] = SNMP_COLUMNS_OF(snmp_cisco, cisco_objects, 8000), [PART_ENV] = SNMP_ENVMON_TEMPERATURES };
const struct snmp_source snmp_sensors = { .table = &fact_sensors, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
