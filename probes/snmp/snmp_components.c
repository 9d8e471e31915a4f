/* Rows of `components` from ENTITY-MIB's entPhysicalTable (RFC 6933). Pure. */
#include "probes/snmp/snmp_sources.h"

#include "fact/device_rules.h"
#include "fact/table_components.h"

/* The class comes first: the probe looks for the chassis in this table's first column (snmp_chassis_rows). */
enum { CLASS, DESCR, CONTAINED_IN, POSITION, NAME, HARDWARE, FIRMWARE, SOFTWARE, SERIAL, MAKER, MODEL, IS_FRU, COLUMNS };

static const char *const objects[COLUMNS] = {
    [CLASS] = "1.3.6.1.2.1.47.1.1.1.1.5", [DESCR] = "1.3.6.1.2.1.47.1.1.1.1.2", [CONTAINED_IN] = "1.3.6.1.2.1.47.1.1.1.1.4", [POSITION] = "1.3.6.1.2.1.47.1.1.1.1.6",
    [NAME] = "1.3.6.1.2.1.47.1.1.1.1.7", [HARDWARE] = "1.3.6.1.2.1.47.1.1.1.1.8", [FIRMWARE] = "1.3.6.1.2.1.47.1.1.1.1.9", [SOFTWARE] = "1.3.6.1.2.1.47.1.1.1.1.10",
    [SERIAL] = "1.3.6.1.2.1.47.1.1.1.1.11", [MAKER] = "1.3.6.1.2.1.47.1.1.1.1.12", [MODEL] = "1.3.6.1.2.1.47.1.1.1.1.13", [IS_FRU] = "1.3.6.1.2.1.47.1.1.1.1.16",
};
static const char *const classes[] = { NULL, "other", "unknown", "chassis", "backplane", "container", "powerSupply", "fan", "sensor", "module", "port", "stack", "cpu", "energyObject", "battery", "storageDrive" };

/* As it stands, but not what stands there for "none". */
static void set_words(struct fact_row *out, int column, const struct snmp_table *t, size_t row, size_t from, struct arena *mem)
{
    snmp_set_text(out, column, t, row, from, mem);
    const struct fact_value *v = &out->v[column];
    if (v->kind == FACT_KIND_TEXT && (column == COMPONENTS_SERIAL ? device_serial_is_placeholder(v->s) : device_text_is_placeholder(v->s)))
        out->v[column].kind = FACT_KIND_NULL;
}

static void emit_row(const struct snmp_view *v, size_t i)
{
    const struct snmp_table *t = v->parts[0];
    size_t n;
    int64_t number;
    const uint32_t *index = snmp_table_index(t, i, &n);
    if (n != 1)
        return;
    struct arena *mem = arena_new();
    struct fact_row row;
    fact_row_init(&row, &fact_components);
    fact_set_int(&row, COMPONENTS_INDEX, (int64_t)index[0]);
    snmp_set_text(&row, COMPONENTS_NAME, t, i, NAME, mem);
    snmp_set_text(&row, COMPONENTS_DESCR, t, i, DESCR, mem);
    if (snmp_table_number(t, i, CLASS, &number) && number > 0 && number < (int64_t)N_ELEMENTS(classes))
        fact_set_str(&row, COMPONENTS_CLASS, classes[number]);
    if (snmp_table_number(t, i, CONTAINED_IN, &number) && number >= 0)
        fact_set_int(&row, COMPONENTS_CONTAINED_IN, number);
    if (snmp_table_number(t, i, POSITION, &number) && number >= 0)
        fact_set_int(&row, COMPONENTS_POSITION, number);
    set_words(&row, COMPONENTS_HARDWARE_REVISION, t, i, HARDWARE, mem);
    set_words(&row, COMPONENTS_FIRMWARE_REVISION, t, i, FIRMWARE, mem);
    set_words(&row, COMPONENTS_SOFTWARE_REVISION, t, i, SOFTWARE, mem);
    set_words(&row, COMPONENTS_SERIAL, t, i, SERIAL, mem);
    set_words(&row, COMPONENTS_MAKER, t, i, MAKER, mem);
    set_words(&row, COMPONENTS_MODEL, t, i, MODEL, mem);
    if (snmp_table_number(t, i, IS_FRU, &number) && (number == 1 || number == 2))
        fact_set_int(&row, COMPONENTS_REPLACEABLE, number == 1);
    v->emit(v->arg, &row);
    arena_free(mem);
}

const char *snmp_component_name(const struct snmp_table *components, int64_t index, struct arena *mem)
{
    size_t row;
    const uint32_t at = (uint32_t)index;
    if (components == NULL || index <= 0 || index > UINT32_MAX || !snmp_table_find(components, &at, 1, &row))
        return NULL;
    const char *name = snmp_words_at(components, row, NAME, mem);
    return name != NULL ? name : snmp_words_at(components, row, DESCR, mem);
}

static void rows(const struct snmp_view *v)
{
    for (size_t i = 0; i < snmp_table_rows(v->parts[0]); i++)
        emit_row(v, i);
}

static const struct snmp_part parts[] = { SNMP_COLUMNS(objects, 20000) };
const struct snmp_source snmp_components = { .table = &fact_components, .parts = parts, .n_parts = 1, .mandatory = { "1.3.6.1.2.1.47.1.4.1.0" }, .rows = rows };
