/* Rows of `poe` and `poe_ports` from POWER-ETHERNET-MIB (RFC 3621) and the extensions of Cisco and HP. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_poe.h"
#include "fact/table_poe_ports.h"

enum { PORT_STATE, PORT_ENABLED, PORT_PRIORITY, PORT_CLASS, PORT_DENIED, PORT_OVERLOADS, PORT_COLUMNS };
enum { CISCO_ALLOCATED, CISCO_USED, CISCO_ENTITY, CISCO_COLUMNS };
enum { MAIN_POWER, MAIN_STATE, MAIN_USED, MAIN_THRESHOLD, MAIN_COLUMNS };

static const char *const port_objects[PORT_COLUMNS] = {
    [PORT_STATE] = "1.3.6.1.2.1.105.1.1.1.6", [PORT_ENABLED] = "1.3.6.1.2.1.105.1.1.1.3", [PORT_PRIORITY] = "1.3.6.1.2.1.105.1.1.1.7", [PORT_CLASS] = "1.3.6.1.2.1.105.1.1.1.10",
    [PORT_DENIED] = "1.3.6.1.2.1.105.1.1.1.12", [PORT_OVERLOADS] = "1.3.6.1.2.1.105.1.1.1.13" };
static const char *const main_objects[MAIN_COLUMNS] = {
    [MAIN_POWER] = "1.3.6.1.2.1.105.1.3.1.1.2", [MAIN_STATE] = "1.3.6.1.2.1.105.1.3.1.1.3", [MAIN_USED] = "1.3.6.1.2.1.105.1.3.1.1.4", [MAIN_THRESHOLD] = "1.3.6.1.2.1.105.1.3.1.1.5" };
static const char *const cisco_objects[CISCO_COLUMNS] = { [CISCO_ALLOCATED] = "1.3.6.1.4.1.9.9.402.1.2.1.7", [CISCO_USED] = "1.3.6.1.4.1.9.9.402.1.2.1.9", [CISCO_ENTITY] = "1.3.6.1.4.1.9.9.402.1.2.1.11" };
static const char *const cisco_main_objects[] = { "1.3.6.1.4.1.9.9.402.1.3.1.4" };
static const char *const hp_objects[] = { "1.3.6.1.4.1.11.2.14.11.1.9.1.1.1.8" };
static const uint32_t hp[] = { 11, 0 };

#define PART_PORTS_IS SNMP_COLUMNS_LED(port_objects, 8000)
#define PART_CISCO_IS SNMP_COLUMNS_OF(snmp_cisco, cisco_objects, 8000)
#define WATTS_MAX 100000             /* of one power supply; more is no honest figure */

enum { DELIVERING = 3, FAULT = 4, OTHER_FAULT = 6 };

/* The MIB's index is group and port. */
static bool is_group(const struct snmp_table *t, size_t i, uint32_t group)
{
    size_t n;
    const uint32_t *index = snmp_table_index(t, i, &n);
    return n == 2 && index[0] == group;
}

/* --- poe ---------------------------------------------------------------------------------------------------------------------- */

enum { MAIN_SELF, MAIN_PORTS, MAIN_CISCO_PORTS, MAIN_CISCO, MAIN_PARTS };

static void set_ports(struct fact_row *row, const struct snmp_view *v, uint32_t group)
{
    const struct snmp_table *ports = v->parts[MAIN_PORTS], *cisco = v->parts[MAIN_CISCO_PORTS];
    int64_t state, milliwatts, delivering = 0, faulty = 0, allocated = 0;
    size_t n_ports = 0, n_allocated = 0;
    for (size_t i = 0; i < snmp_table_rows(ports); i++) {
        if (!is_group(ports, i, group) || !snmp_table_number(ports, i, PORT_STATE, &state))
            continue;
        n_ports++;
        delivering += state == DELIVERING;
        faulty += state == FAULT || state == OTHER_FAULT;
    }
    for (size_t i = 0; i < snmp_table_rows(cisco); i++)
        if (is_group(cisco, i, group) && snmp_table_number(cisco, i, CISCO_ALLOCATED, &milliwatts) && milliwatts >= 0 && milliwatts <= WATTS_MAX * 1000) {
            n_allocated++;
            allocated += milliwatts;
        }
    if (n_ports > 0) {
        fact_set_int(row, POE_PORTS_DELIVERING, delivering);
        fact_set_int(row, POE_PORTS_FAULTY, faulty);
    }
    if (n_allocated > 0)
        fact_set_real(row, POE_ALLOCATED_WATTS, (double)allocated / 1000.0);
}

/* Some switches say 0 W under load: what ports give then is not known. */
static void set_used(struct fact_row *row, const struct snmp_view *v, size_t i, uint32_t group)
{
    int64_t n;
    size_t at;
    double used = -1;
    if (snmp_table_number(v->parts[MAIN_SELF], i, MAIN_USED, &n) && n >= 0 && n <= WATTS_MAX)
        used = (double)n;
    if (used <= 0 && snmp_table_find(v->parts[MAIN_CISCO], &group, 1, &at) && snmp_table_number(v->parts[MAIN_CISCO], at, 0, &n) && n >= 0 && n <= WATTS_MAX * 1000)
        used = (double)n / 1000.0;
    if (used < 0)
        return;
    const struct fact_value *delivering = &row->v[POE_PORTS_DELIVERING], *budget = &row->v[POE_BUDGET_WATTS];
    fact_set_real(row, POE_USED_WATTS, used);
    if (used <= 0 && delivering->kind == FACT_KIND_NULL)
        return;
    bool known = used > 0 || delivering->i == 0;
    fact_set_int(row, POE_POWER_KNOWN, known);
    if (known && budget->kind == FACT_KIND_REAL && budget->r > 0)
        fact_set_real(row, POE_USED_PERCENT, 100.0 * used / budget->r);
}

static void main_rows(const struct snmp_view *v)
{
    static const char *const states[] = { NULL, "on", "off", "faulty" };
    const struct snmp_table *t = v->parts[MAIN_SELF];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 1)
            continue;
        struct fact_row row;
        fact_row_init(&row, &fact_poe);
        fact_set_int(&row, POE_SUPPLY, index[0]);
        fact_set_str(&row, POE_STATE, snmp_word(t, i, MAIN_STATE, states, N_ELEMENTS(states)));
        snmp_set_number(&row, POE_BUDGET_WATTS, t, i, MAIN_POWER, 1, WATTS_MAX);
        set_ports(&row, v, index[0]);
        set_used(&row, v, i, index[0]);
        snmp_set_number(&row, POE_THRESHOLD_PERCENT, t, i, MAIN_THRESHOLD, 1, 99);
        v->emit(v->arg, &row);
    }
}

static const struct snmp_part main_parts[MAIN_PARTS] = { [MAIN_SELF] = SNMP_COLUMNS_LED(main_objects, 100), [MAIN_PORTS] = PART_PORTS_IS, [MAIN_CISCO_PORTS] = PART_CISCO_IS, [MAIN_CISCO] = SNMP_COLUMNS_OF(snmp_cisco, cisco_main_objects, 100) };
const struct snmp_source snmp_poe = { .table = &fact_poe, .parts = main_parts, .n_parts = MAIN_PARTS, .mandatory = { NULL }, .rows = main_rows };

/* --- poe_ports ------------------------------------------------------------------------------------------------------------------ */

enum { PORTS_SELF, PORTS_CISCO, PORTS_HP, PORTS_PARTS };

static void set_milliwatts(struct fact_row *row, int column, const struct snmp_table *t, const uint32_t *index, size_t from)
{
    size_t at;
    int64_t n;
    if (row->v[column].kind == FACT_KIND_NULL && snmp_table_find(t, index, 2, &at) && snmp_table_number(t, at, from, &n) && n >= 0 && n <= WATTS_MAX * 1000)
        fact_set_real(row, column, (double)n / 1000.0);
}

static void port_row(const struct snmp_view *v, size_t i, const uint32_t *index)
{
    static const char *const states[] = { NULL, "disabled", "searching", "deliveringPower", "fault", "test", "otherFault" };
    static const char *const priorities[] = { NULL, "critical", "high", "low" };
    const struct snmp_table *t = v->parts[PORTS_SELF], *cisco = v->parts[PORTS_CISCO];
    int64_t number, state;
    size_t at;
    struct arena *mem = arena_new();
    struct fact_row row;
    fact_row_init(&row, &fact_poe_ports);
    fact_set_int(&row, POE_PORTS_SUPPLY, index[0]);
    fact_set_int(&row, POE_PORTS_PORT, index[1]);
    if (snmp_table_find(cisco, index, 2, &at) && snmp_table_number(cisco, at, CISCO_ENTITY, &number))
        fact_set_str(&row, POE_PORTS_INTERFACE, snmp_component_name(v->components, number, mem));
    if (snmp_table_number(t, i, PORT_ENABLED, &number) && (number == 1 || number == 2))
        fact_set_int(&row, POE_PORTS_ENABLED, number == 1);
    fact_set_str(&row, POE_PORTS_STATE, snmp_word(t, i, PORT_STATE, states, N_ELEMENTS(states)));
    fact_set_str(&row, POE_PORTS_PRIORITY, snmp_word(t, i, PORT_PRIORITY, priorities, N_ELEMENTS(priorities)));
    if (snmp_table_number(t, i, PORT_STATE, &state) && state == DELIVERING && snmp_table_number(t, i, PORT_CLASS, &number) && number >= 1 && number <= 9)
        fact_set_int(&row, POE_PORTS_POWER_CLASS, number - 1);
    set_milliwatts(&row, POE_PORTS_USED_WATTS, cisco, index, CISCO_USED);
    set_milliwatts(&row, POE_PORTS_USED_WATTS, v->parts[PORTS_HP], index, 0);
    set_milliwatts(&row, POE_PORTS_ALLOCATED_WATTS, cisco, index, CISCO_ALLOCATED);
    snmp_set_number(&row, POE_PORTS_DENIED, t, i, PORT_DENIED, 0, UINT32_MAX);
    snmp_set_number(&row, POE_PORTS_OVERLOADS, t, i, PORT_OVERLOADS, 0, UINT32_MAX);
    v->emit(v->arg, &row);
    arena_free(mem);
}

static void port_rows(const struct snmp_view *v)
{
    for (size_t i = 0; i < snmp_table_rows(v->parts[PORTS_SELF]); i++) {
        size_t n;
        const uint32_t *index = snmp_table_index(v->parts[PORTS_SELF], i, &n);
        if (n == 2)
            port_row(v, i, index);
    }
}

static const struct snmp_part ports_parts[PORTS_PARTS] = { [PORTS_SELF] = PART_PORTS_IS, [PORTS_CISCO] = PART_CISCO_IS, [PORTS_HP] = SNMP_COLUMNS_OF(hp, hp_objects, 8000) };
const struct snmp_source snmp_poe_ports = { .table = &fact_poe_ports, .parts = ports_parts, .n_parts = PORTS_PARTS, .mandatory = { NULL }, .rows = port_rows };
