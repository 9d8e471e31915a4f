/* The snmp probe: which objects it asks for, and how their answers become `devices` and `interfaces`. Runs in a worker; everything it
 * hears is hostile and goes through snmp_parse.h. This list of objects is all that it ever asks for. */
#include "probes/probe.h"

#include <string.h>
#include "base/clock.h"
#include "fact/table_addresses.h"
#include "fact/table_arp.h"
#include "fact/table_client_counts.h"
#include "fact/table_components.h"
#include "fact/table_configurations.h"
#include "fact/table_devices.h"
#include "fact/table_hardware_states.h"
#include "fact/table_interface_load.h"
#include "fact/table_interfaces.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_memory.h"
#include "fact/table_neighbors.h"
#include "fact/table_poe.h"
#include "fact/table_poe_ports.h"
#include "fact/table_printer_supplies.h"
#include "fact/table_printers.h"
#include "fact/table_processors.h"
#include "fact/table_redundancy.h"
#include "fact/table_routes.h"
#include "fact/table_sensors.h"
#include "fact/table_sessions.h"
#include "fact/table_spanning_tree.h"
#include "fact/table_spanning_tree_ports.h"
#include "fact/table_storage.h"
#include "fact/table_subscriptions.h"
#include "fact/table_time_sources.h"
#include "fact/table_tunnels.h"
#include "fact/table_ups.h"
#include "fact/table_vlan_ports.h"
#include "fact/table_vlans.h"
#include "fact/table_wireless.h"
#include "probes/snmp/snmp_agent.h"
#include "probes/snmp/snmp_know.h"
#include "probes/snmp/snmp_parse.h"
#include "probes/snmp/snmp_reading.h"
#include "probes/snmp/snmp_roles.h"
#include "probes/snmp/snmp_sampling.h"
#include "worker/snmp_session.h"

#define INTERFACES_MAX 20000
#define ENTITIES_MAX 20000
#define TABLE_BYTES_MAX (48U * 1024U * 1024U)

/* --- the objects ------------------------------------------------------------------------------------------------------- */

static const char *const system_objects[SYSTEM_OBJECTS] = {
    [SYSTEM_DESCR] = "1.3.6.1.2.1.1.1.0",
    [SYSTEM_OBJECT_ID] = "1.3.6.1.2.1.1.2.0",
    [SYSTEM_UPTIME] = "1.3.6.1.2.1.1.3.0",
    [SYSTEM_CONTACT] = "1.3.6.1.2.1.1.4.0",
    [SYSTEM_NAME] = "1.3.6.1.2.1.1.5.0",
    [SYSTEM_LOCATION] = "1.3.6.1.2.1.1.6.0",
    [SYSTEM_SERVICES] = "1.3.6.1.2.1.1.7.0",
    [SYSTEM_IF_NUMBER] = "1.3.6.1.2.1.2.1.0",
    [SYSTEM_ENGINE_ID] = "1.3.6.1.6.3.10.2.1.1.0",
    [SYSTEM_ENGINE_TIME] = "1.3.6.1.6.3.10.2.1.3.0",
};
const char *const snmp_interface_objects[INTERFACE_COLUMNS] = {
    [IF_DESCR] = "1.3.6.1.2.1.2.2.1.2",
    [IF_TYPE] = "1.3.6.1.2.1.2.2.1.3",
    [IF_MTU] = "1.3.6.1.2.1.2.2.1.4",
    [IF_SPEED] = "1.3.6.1.2.1.2.2.1.5",
    [IF_PHYS_ADDRESS] = "1.3.6.1.2.1.2.2.1.6",
    [IF_ADMIN_STATUS] = "1.3.6.1.2.1.2.2.1.7",
    [IF_OPER_STATUS] = "1.3.6.1.2.1.2.2.1.8",
    [IF_LAST_CHANGE] = "1.3.6.1.2.1.2.2.1.9",
    [IF_IN_OCTETS] = "1.3.6.1.2.1.2.2.1.10",
    [IF_IN_UCAST] = "1.3.6.1.2.1.2.2.1.11",
    [IF_IN_DISCARDS] = "1.3.6.1.2.1.2.2.1.13",
    [IF_IN_ERRORS] = "1.3.6.1.2.1.2.2.1.14",
    [IF_OUT_OCTETS] = "1.3.6.1.2.1.2.2.1.16",
    [IF_OUT_UCAST] = "1.3.6.1.2.1.2.2.1.17",
    [IF_OUT_DISCARDS] = "1.3.6.1.2.1.2.2.1.19",
    [IF_OUT_ERRORS] = "1.3.6.1.2.1.2.2.1.20",
    [IFX_NAME] = "1.3.6.1.2.1.31.1.1.1.1",
    [IFX_HC_IN_OCTETS] = "1.3.6.1.2.1.31.1.1.1.6",
    [IFX_HC_IN_UCAST] = "1.3.6.1.2.1.31.1.1.1.7",
    [IFX_HC_OUT_OCTETS] = "1.3.6.1.2.1.31.1.1.1.10",
    [IFX_HC_OUT_UCAST] = "1.3.6.1.2.1.31.1.1.1.11",
    [IFX_HIGH_SPEED] = "1.3.6.1.2.1.31.1.1.1.15",
    [IFX_CONNECTOR_PRESENT] = "1.3.6.1.2.1.31.1.1.1.17",
    [IFX_ALIAS] = "1.3.6.1.2.1.31.1.1.1.18",
    [DOT3_DUPLEX] = "1.3.6.1.2.1.10.7.2.1.19",
};
static const char *const class_object[] = { "1.3.6.1.2.1.47.1.1.1.1.5" };
/* Of the only chassis, if there is one: its number follows. */
static const char *const chassis_objects[CHASSIS_OBJECTS] = {
    [CHASSIS_SERIAL] = "1.3.6.1.2.1.47.1.1.1.1.11",
    [CHASSIS_MODEL] = "1.3.6.1.2.1.47.1.1.1.1.13",
};

static void explain_list(FILE *out, const char *what, const char *const *objects, size_t n)
{
    fprintf(out, "%s:\n", what);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "  %s\n", objects[i]);
}

static void explain(FILE *out)
{
    fputs("Only GET, GETNEXT and GETBULK are sent, over UDP, to read these objects; nothing is ever set.\n"
          "With SNMPv3, one empty question before them learns the agent's engine id (RFC 3414 section 4);\n"
          "if an encrypted question stays without answer, one empty question, authenticated only,\n"
          "tells whether the privacy password is wrong.\n", out);
    fputs("Guests and patients in ARP and forwarding tables and among neighbours are counted (client_counts), and nothing\n"
          "else of them is kept: networks under guest_networks: in site.yaml, and VLANs and interfaces called so.\n", out);
    explain_list(out, "Single objects (SNMPv2-MIB, IF-MIB, SNMP-FRAMEWORK-MIB)", system_objects, SYSTEM_OBJECTS);
    explain_list(out, "Columns (IF-MIB, EtherLike-MIB)", snmp_interface_objects, INTERFACE_COLUMNS);
    explain_list(out, "Column (ENTITY-MIB entPhysicalClass)", class_object, 1);
    snmp_reading_explain(out);
    snmp_sample_explain(out);
    fputs("In the second round also what the device rules want of this kind of device (listed below).\n", out);
    explain_list(out, "Without rules, of the chassis, where entPhysicalClass shows exactly one (entPhysicalSerialNum, entPhysicalModelName)", chassis_objects, CHASSIS_OBJECTS);
}

/* --- reading ----------------------------------------------------------------------------------------------------------- */

enum { WALK_SYSTEM, WALK_IF, WALK_IFX, WALK_DOT3, WALK_CLASS, WALK_SOURCES };

struct know_walk { struct snmp_know *know; size_t first; };      /* which of its objects a walk fetches */
#define KNOW_WALKS_MAX (KNOW_COLUMNS_MAX + KNOW_OBJECTS_MAX / SNMP_COLUMNS_MAX + 1)

struct reading {
    struct probe_ctx *ctx;
    const struct snmp_agent *agent;
    struct snmp_walk walks[WALK_SOURCES + READING_WALKS_MAX], second[KNOW_WALKS_MAX + READING_WALKS_MAX];    /* the two rounds */
    size_t n_walks;
    struct know_walk know_walks[KNOW_WALKS_MAX];
    struct snmp_reading *sources;
    struct snmp_table *group, *interfaces, *classes;
    struct snmp_know *know;          /* NULL: the job brought no rules */
    bool full;                       /* a table could take no more */
};

static void on_system(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    struct reading *r = arg;
    static const uint32_t zero = 0;
    (void)index;
    (void)n_index;
    int64_t n;
    if (!snmp_value_present(v))
        return;
    r->full = !snmp_table_put(r->group, column, &zero, 1, v) || r->full;
    if (column == SYSTEM_IF_NUMBER && snmp_value_number(v, &n) && n > 0 && n <= INTERFACES_MAX)
        r->walks[WALK_IF].rows_hint = r->walks[WALK_IFX].rows_hint = (size_t)n;
}

static void interface_cell(struct reading *r, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    r->full = !snmp_table_put(r->interfaces, column, index, n_index, v) || r->full;
}

static void on_if(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    interface_cell(arg, column, index, n_index, v);
}

static void on_ifx(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    interface_cell(arg, IFX_NAME + column, index, n_index, v);
}

static void on_dot3(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    interface_cell(arg, DOT3_DUPLEX + column, index, n_index, v);
}

static void on_class(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    struct reading *r = arg;
    r->full = !snmp_table_put(r->classes, column, index, n_index, v) || r->full;
}

/* Does the job want a table that names third devices, guests' perhaps among them? */
static bool tells_of_others(const struct probe_ctx *ctx)
{
    return probe_wants(ctx, &fact_arp) || probe_wants(ctx, &fact_mac_addresses) || probe_wants(ctx, &fact_neighbors) || probe_wants(ctx, &fact_client_counts);
}

static void reading_init(struct reading *r, struct probe_ctx *ctx, const struct snmp_agent *agent)
{
    r->ctx = ctx;
    r->agent = agent;
    r->group = snmp_table_new(SYSTEM_OBJECTS, 1, TABLE_BYTES_MAX);
    r->interfaces = snmp_table_new(INTERFACE_COLUMNS, INTERFACES_MAX, TABLE_BYTES_MAX);
    r->classes = snmp_table_new(1, ENTITIES_MAX, TABLE_BYTES_MAX);
    bool devices = probe_wants(ctx, &fact_devices), interfaces = probe_wants(ctx, &fact_interfaces);
    const size_t n_ifx = IFX_END - IFX_NAME;
    r->walks[WALK_SYSTEM] = (struct snmp_walk){ .objects = system_objects, .n_objects = SYSTEM_OBJECTS, .scalars = true, .cell = on_system, .arg = r };
    bool names = !interfaces && tells_of_others(ctx);            /* of networks of guests */
    r->walks[WALK_IF] = (struct snmp_walk){ .objects = snmp_interface_objects, .n_objects = interfaces ? IF_TABLE_COLUMNS : names ? 1 : 0, .rows_max = INTERFACES_MAX, .cell = on_if, .arg = r };
    r->walks[WALK_IFX] = (struct snmp_walk){ .objects = snmp_interface_objects + IFX_NAME, .n_objects = interfaces || names ? n_ifx : 0, .rows_max = INTERFACES_MAX, .cell = on_ifx, .arg = r };
    r->walks[WALK_DOT3] = (struct snmp_walk){ .objects = snmp_interface_objects + DOT3_DUPLEX, .n_objects = interfaces ? 1 : 0, .rows_max = INTERFACES_MAX, .cell = on_dot3, .arg = r };
    bool components = probe_wants(ctx, &fact_components);        /* they bring the classes along */
    r->walks[WALK_CLASS] = (struct snmp_walk){ .objects = class_object, .n_objects = devices && !components ? 1 : 0, .rows_max = ENTITIES_MAX, .cell = on_class, .arg = r };
    r->sources = snmp_reading_new(ctx);
    r->n_walks = WALK_SOURCES + snmp_reading_first(r->sources, r->walks + WALK_SOURCES);
}

static void reading_clear(struct reading *r)
{
    snmp_table_free(r->group);
    snmp_table_free(r->interfaces);
    snmp_table_free(r->classes);
    snmp_reading_free(r->sources);
}

/* entPhysicalClass, wherever it was put: its walk's own table, or the first column of components. */
static const struct snmp_table *classes_of(const struct reading *r, const struct snmp_walk **walk)
{
    const struct snmp_table *components = snmp_reading_part(r->sources, &snmp_components, 0, walk);
    if (components != NULL)
        return components;
    *walk = &r->walks[WALK_CLASS];
    return r->classes;
}

/* --- facts ------------------------------------------------------------------------------------------------------------- */

static void on_chassis(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    static const uint32_t zero = 0;
    (void)index;
    (void)n_index;
    if (snmp_value_present(v))
        (void)snmp_table_put(arg, column, &zero, 1, v);
}

/* The chassis' own values, by its number: two single objects instead of whole columns. */
static void add_chassis(struct reading *r, struct fact_row *row, struct arena *mem)
{
    uint32_t index;
    const struct snmp_walk *walk;
    const struct snmp_table *classes = classes_of(r, &walk);
    if (walk->reason != REASON_NONE || !snmp_only_chassis(classes, &index))
        return;
    const char *objects[CHASSIS_OBJECTS];
    for (size_t i = 0; i < CHASSIS_OBJECTS; i++)
        objects[i] = arena_printf(mem, "%s.%u", chassis_objects[i], (unsigned)index);
    struct snmp_table *chassis = snmp_table_new(CHASSIS_OBJECTS, 1, TABLE_BYTES_MAX);
    struct snmp_walk w = { .objects = objects, .n_objects = CHASSIS_OBJECTS, .scalars = true, .cell = on_chassis, .arg = chassis };
    (void)r->agent->fetch(r->agent->arg, &w, 1);
    snmp_device_chassis(chassis, row, mem);
    snmp_say_partial(r->ctx, &fact_devices, &w);
    snmp_table_free(chassis);
}

/* --- knowing what it is: one more round, for what the rules want of this kind of device ---------------------------------- */

static void on_know_object(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    const struct know_walk *w = arg;
    (void)index;
    (void)n_index;
    snmp_know_object(w->know, w->first + column, v);
}

static void on_know_cell(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    const struct know_walk *w = arg;
    (void)index;
    (void)n_index;
    snmp_know_cell(w->know, w->first + column, v);
}

/* Adds what the rules want to know of this device to a round. */
static size_t know_walks(struct reading *r, struct snmp_walk *walks)
{
    size_t n = 0, n_objects, n_columns;
    const char *const *objects = snmp_know_objects(r->know, &n_objects);
    const char *const *columns = snmp_know_columns(r->know, &n_columns);
    for (size_t i = 0; i < n_objects; i += SNMP_COLUMNS_MAX, n++) {
        size_t left = n_objects - i;
        r->know_walks[n] = (struct know_walk){ r->know, i };
        walks[n] = (struct snmp_walk){ .objects = objects + i, .n_objects = left < SNMP_COLUMNS_MAX ? left : SNMP_COLUMNS_MAX, .scalars = true, .cell = on_know_object, .arg = &r->know_walks[n] };
    }
    for (size_t i = 0; i < n_columns; i++, n++) {
        r->know_walks[n] = (struct know_walk){ r->know, i };
        walks[n] = (struct snmp_walk){ .objects = columns + i, .n_objects = 1, .rows_hint = 4, .rows_max = KNOW_ROWS_MAX, .cell = on_know_cell, .arg = &r->know_walks[n] };
    }
    return n;
}

static const char *text_of(const struct fact_row *row, int column, struct arena *mem)
{
    const struct fact_value *v = &row->v[column];
    return v->kind == FACT_KIND_TEXT ? arena_strndup(mem, v->s, v->len) : NULL;
}

static void know_begin(struct reading *r, const struct fact_row *row, struct arena *mem)
{
    struct snmp_known known = { .descr = text_of(row, DEVICES_SYS_DESCR, mem), .name = text_of(row, DEVICES_SYS_NAME, mem) };
    const struct snmp_value *id = snmp_table_get(r->group, 0, SYSTEM_OBJECT_ID);
    if (id != NULL && id->type == SNMP_OBJECT_ID) {
        known.object_id = id->oid;
        known.n_object_id = id->n_oid;
    }
    const struct snmp_walk *walk;
    known.n_chassis = snmp_chassis_rows(classes_of(r, &walk), known.chassis, KNOW_CHASSIS_MAX);
    snmp_know_begin(r->know, &known);
}

/* The device's row as far as the first round goes; false when there is nothing to make one of. */
static bool begin_device(struct reading *r, struct fact_row *row, struct arena *mem)
{
    if (!probe_wants(r->ctx, &fact_devices) || r->walks[WALK_SYSTEM].n_cells == 0)
        return false;
    snmp_device_row(r->group, r->agent->answered_at != 0 ? r->agent->answered_at : clock_now(), row, mem);
    size_t len;
    const uint8_t *engine = r->agent->engine_id(r->agent->arg, &len);
    if (row->v[DEVICES_ENGINE_ID].kind == FACT_KIND_NULL && engine != NULL)
        snmp_device_engine(engine, len, row, mem);
    fact_set_str(row, DEVICES_SNMP_VERSION, r->agent->version);
    return true;
}

/* What the first round leads to: the rules' objects, and the sources' rest. */
static void second_round(struct reading *r, bool device, const struct fact_row *row, struct arena *mem)
{
    size_t n_know = 0, n;
    if (device && r->know != NULL) {
        know_begin(r, row, mem);
        n_know = know_walks(r, r->second);
    }
    n = n_know + snmp_reading_second(r->sources, snmp_table_get(r->group, 0, SYSTEM_OBJECT_ID), r->second + n_know);
    enum reason ended = n > 0 ? r->agent->fetch(r->agent->arg, r->second, n) : REASON_NONE;
    if (ended != REASON_NONE && n_know > 0)
        probe_table(r->ctx, &fact_devices, STATE_PARTIAL, ended, "%s", r->agent->detail(r->agent->arg));
}

static void emit_device(struct reading *r, bool device, struct fact_row *row, struct arena *mem)
{
    const struct snmp_walk *w = &r->walks[WALK_SYSTEM], *classes;
    if (!probe_wants(r->ctx, &fact_devices))
        return;
    if (!device) {
        if (w->reason != REASON_NONE)
            snmp_say_none(r->ctx, &fact_devices, w->reason, w->detail);
        else if (r->agent->shows_part)
            snmp_say_none(r->ctx, &fact_devices, REASON_NOT_IN_FILE, "");
        else
            snmp_say_none(r->ctx, &fact_devices, REASON_EMPTY, "the agent answers, but shows no system group");
        return;
    }
    if (r->know != NULL)
        snmp_know_end(r->know, row, mem);
    else
        add_chassis(r, row, mem);
    snmp_emit_at(r->ctx, r->agent, row);
    snmp_say_partial(r->ctx, &fact_devices, w);
    snmp_say_doubtful(r->ctx, &fact_devices, r->agent, w);
    (void)classes_of(r, &classes);
    snmp_say_partial(r->ctx, &fact_devices, classes);
}

/* Counters that no fact can hold: no honest device has counted so far. */
static size_t count_too_big(const struct snmp_table *t)
{
    static const size_t columns[] = { IFX_HC_IN_OCTETS, IFX_HC_IN_UCAST, IFX_HC_OUT_OCTETS, IFX_HC_OUT_UCAST };
    size_t n = 0;
    for (size_t i = 0; i < snmp_table_rows(t); i++)
        for (size_t c = 0; c < N_ELEMENTS(columns); c++) {
            const struct snmp_value *v = snmp_table_get(t, i, columns[c]);
            n += v != NULL && v->type == SNMP_COUNTER64 && v->u > INT64_MAX;
        }
    return n;
}

/* In hundredths of a second; -1: not known. */
static int64_t uptime_of(const struct reading *r)
{
    const struct snmp_value *up = snmp_table_get(r->group, 0, SYSTEM_UPTIME);
    return up != NULL && up->type == SNMP_TIME_TICKS ? (int64_t)up->u : -1;
}

/* snmpEngineTime counts seconds since the engine started, and so beyond where sysUpTime begins anew. */
static bool uptime_wrapped(const struct reading *r)
{
    int64_t seconds;
    return snmp_table_number(r->group, 0, SYSTEM_ENGINE_TIME, &seconds) && seconds > UINT32_MAX / 100;
}

static void emit_interfaces(struct reading *r, struct snmp_roles *roles)
{
    if (!probe_wants(r->ctx, &fact_interfaces))
        return;
    int64_t uptime = uptime_of(r);
    bool neighbors_known = snmp_reading_is_whole(r->sources, &snmp_neighbors) && snmp_reading_has(r->sources, &snmp_neighbors);
    size_t emitted = 0, left_out = 0, too_big = count_too_big(r->interfaces);
    for (size_t i = 0; i < snmp_table_rows(r->interfaces); i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        if (snmp_interface_row(r->interfaces, i, uptime, &row, mem)) {
            snmp_roles_set(roles, &row, neighbors_known);
            snmp_emit_at(r->ctx, r->agent, &row);
            emitted++;
        } else {
            left_out++;
        }
        arena_free(mem);
    }
    if (too_big > 0)
        probe_note(r->ctx, &fact_interfaces, "%zu counters beyond 2^63 were left out", too_big);
    if (left_out > 0)
        probe_note(r->ctx, &fact_interfaces, "%zu rows whose index is no interface number were left out", left_out);
    const struct snmp_walk *why = &r->walks[WALK_IF];
    for (size_t i = WALK_IF; i <= WALK_DOT3 && why->reason == REASON_NONE; i++)
        why = &r->walks[i];
    if (emitted > 0) {
        snmp_say_partial(r->ctx, &fact_interfaces, why);
        snmp_say_doubtful(r->ctx, &fact_interfaces, r->agent, why);
        if (r->full)
            probe_table(r->ctx, &fact_interfaces, STATE_PARTIAL, REASON_LIMIT, "more than is kept of one device");
    } else if (why->reason != REASON_NONE) {
        snmp_say_none(r->ctx, &fact_interfaces, why->reason, why->detail);
    } else if (r->agent->shows_part) {
        snmp_say_none(r->ctx, &fact_interfaces, REASON_NOT_IN_FILE, "");
    } else {
        snmp_say_none(r->ctx, &fact_interfaces, REASON_EMPTY, "the agent answers, but shows no interfaces");
    }
}

/* --- who else there is ----------------------------------------------------------------------------------------------------- */

static void say_client_counts(struct reading *r, size_t n, bool told)
{
    static const struct snmp_source *const from[] = { &snmp_arp, &snmp_mac_addresses };
    const struct fact_table *t = &fact_client_counts;
    const struct snmp_walk *why = NULL, *part;
    bool has = false;
    for (size_t i = 0; i < N_ELEMENTS(from); i++) {
        has = has || snmp_reading_has(r->sources, from[i]);
        for (size_t p = 0; p < from[i]->n_parts && (why == NULL || why->reason == REASON_NONE); p++)
            if (snmp_reading_part(r->sources, from[i], p, &part) != NULL)
                why = part;
    }
    if (n > 0) {
        snmp_say_partial(r->ctx, t, why);
        snmp_say_doubtful(r->ctx, t, r->agent, why);
    } else if (why->reason != REASON_NONE)
        snmp_say_none(r->ctx, t, why->reason, why->detail);
    else if (!has && r->agent->shows_part)
        snmp_say_none(r->ctx, t, REASON_NOT_IN_FILE, "");
    else if (!has)
        probe_table(r->ctx, t, STATE_UNSUPPORTED, REASON_UNSUPPORTED, "the agent answers, and has neither an ARP nor a forwarding table");
    else
        snmp_say_doubtful(r->ctx, t, r->agent, why);
    if (has && !told)
        probe_note(r->ctx, t, "only networks that are called so, because site.yaml has no guest_networks: ([] when there are none)");
}

static void emit_client_counts(struct reading *r, const struct guests *told, const struct guest_tally *tally)
{
    if (!probe_wants(r->ctx, &fact_client_counts))
        return;
    for (size_t i = 0; i < tally->n; i++) {
        struct fact_row row;
        fact_row_init(&row, &fact_client_counts);
        fact_set_str(&row, CLIENT_COUNTS_NETWORK, tally->v[i].network);
        fact_set_int(&row, CLIENT_COUNTS_CLIENTS, (int64_t)tally->v[i].clients);
        snmp_emit_at(r->ctx, r->agent, &row);
    }
    say_client_counts(r, tally->n, guests_told(told));
}

static void emit_others(struct reading *r, const struct snmp_view *context)
{
    static const struct snmp_source *const tell_guests[] = { &snmp_addresses, &snmp_vlans, &snmp_arp, &snmp_mac_addresses };
    struct guests *told = guests_of(probe_job(r->ctx));
    struct snmp_guests *guests = snmp_guests_new(told);
    if (tells_of_others(r->ctx)) {
        snmp_guests_interfaces(guests, r->interfaces);
        for (size_t i = 0; i < N_ELEMENTS(tell_guests); i++)
            snmp_reading_look(r->sources, tell_guests[i], context, snmp_guests_note, guests);
        snmp_guests_conclude(guests);
    }
    snmp_reading_emit(r->sources, r->agent, context, guests);
    emit_client_counts(r, told, snmp_guests_tally(guests));
    if (snmp_guests_lack_vlan(guests))
        probe_note(r->ctx, &fact_mac_addresses, "which of its VLANs are of guests and patients is not known: add their numbers or names to guest_networks: in site.yaml, and nobody in them is kept");
    snmp_guests_free(guests);
    guests_free(told);
}

static void emit_all(struct reading *r)
{
    struct arena *mem = arena_new();
    struct fact_row device;
    bool is_device = begin_device(r, &device, mem);
    second_round(r, is_device, &device, mem);
    const struct snmp_walk *why;
    const struct snmp_view context = { .interfaces = r->interfaces, .components = snmp_reading_part(r->sources, &snmp_components, 0, &why), .uptime = uptime_of(r), .uptime_wrapped = uptime_wrapped(r),
                                       .now = r->agent->answered_at != 0 ? r->agent->answered_at : clock_now() };
    static const struct snmp_source *const tell_roles[] = { &snmp_neighbors, &snmp_routes, &snmp_vlan_ports };
    struct snmp_roles *roles = snmp_roles_new();
    for (size_t i = 0; i < N_ELEMENTS(tell_roles); i++)
        snmp_reading_look(r->sources, tell_roles[i], &context, snmp_roles_note, roles);
    emit_interfaces(r, roles);
    snmp_roles_free(roles);
    emit_others(r, &context);
    emit_device(r, is_device, &device, mem);
    arena_free(mem);
}

void snmp_read(struct probe_ctx *ctx, const struct snmp_agent *agent, struct snmp_know *know)
{
    struct reading *r = xcalloc(1, sizeof *r);
    reading_init(r, ctx, agent);
    r->know = know;
    enum reason ended = agent->fetch(agent->arg, r->walks, r->n_walks);
    if (ended != REASON_NONE && r->walks[WALK_SYSTEM].n_cells == 0 && snmp_table_rows(r->interfaces) == 0)
        probe_fail(ctx, ended, "%s", agent->detail(agent->arg));
    else
        emit_all(r);
    reading_clear(r);
    free(r);
}

/* --- a live agent -------------------------------------------------------------------------------------------------------- */

static enum reason live_fetch(void *arg, struct snmp_walk *walks, size_t n)
{
    return snmp_session_fetch(arg, walks, n);
}

static const char *live_detail(void *arg)
{
    return snmp_session_detail(arg);
}

static enum reason live_thrown_away(void *arg)
{
    return snmp_session_thrown_away(arg);
}

static const uint8_t *live_engine_id(void *arg, size_t *len)
{
    return snmp_session_engine_id(arg, len);
}

static int collect(struct probe_ctx *ctx)
{
    struct snmp_session *s = NULL;
    struct snmp_know *know = NULL;
    size_t len;
    const void *rules = job_get_bytes(probe_job(ctx), "snmp.rules", &len);
    if (rules != NULL && probe_wants(ctx, &fact_devices) && (know = snmp_know_new(rules, len)) == NULL)
        return ERR_FORMAT;           /* the parent has checked them */
    struct watch watch;
    int rc = snmp_session_open(ctx, &s);
    if (rc == 0 && watch_of_job(probe_job(ctx), &watch)) {
        snmp_sample(ctx, s, &watch);
    } else if (rc == 0) {
        const struct snmp_agent live = { .arg = s, .fetch = live_fetch, .detail = live_detail, .thrown_away = live_thrown_away,
                                         .engine_id = live_engine_id, .version = snmp_session_version(s) };
        snmp_read(ctx, &live, know);
    }
    snmp_know_free(know);
    snmp_session_close(s);
    return rc == -1 ? 0 : rc;
}

static const struct fact_table *const tables[] = {
    &fact_devices, &fact_interfaces, &fact_addresses, &fact_components, &fact_neighbors, &fact_arp, &fact_mac_addresses, &fact_routes, &fact_vlans, &fact_vlan_ports, &fact_spanning_tree,
    &fact_spanning_tree_ports, &fact_storage, &fact_processors, &fact_memory, &fact_ups, &fact_printers, &fact_printer_supplies, &fact_poe, &fact_poe_ports, &fact_wireless, &fact_sensors,
    &fact_hardware_states, &fact_sessions, &fact_subscriptions, &fact_tunnels, &fact_time_sources, &fact_configurations, &fact_redundancy, &fact_client_counts,
};
_Static_assert(N_ELEMENTS(tables) <= JOB_MAX_TABLES, "one job can ask for all of them");

static const struct fact_table *const sampled[] = { &fact_interface_load };

const struct probe probe_snmp = {
    .name = "snmp",
    .summary = "Network gear, printers, power: who they are and how their interfaces do, over SNMP v1, v2c and v3",
    .permission = "snmp",
    .credential = CREDENTIAL_SNMP,
    .tables = tables,
    .n_tables = sizeof tables / sizeof tables[0],
    .sampled = sampled,
    .n_sampled = N_ELEMENTS(sampled),
    .port = 161,
    .deadline_ms = 120000,
    .collect = collect,
    .explain = explain,
};
