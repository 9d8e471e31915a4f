/* Rows of `redundancy`: pairs of firewalls (Fortinet, Palo Alto, Cisco ASA), stacks (Cisco StackWise, Juniper Virtual Chassis), and addresses that
 * another router takes over (VRRP, RFC 2787 and 6527; Cisco's HSRP). Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_redundancy.h"

#define MEMBERS_MAX 200
#define GROUPS_MAX 2000
enum { PART_FORTINET, PART_FORTINET_MEMBERS, PART_PALO_ALTO, PART_ASA, PART_STACK, PART_CHASSIS, PART_VRRP, PART_VRRP3, PART_HSRP, PARTS };

static const char *const fortinet_objects[] = { "1.3.6.1.4.1.12356.101.13.1.1.0" };                                      /* fgHaSystemMode */
enum { FG_SERIAL, FG_NAME, FG_SYNC };
static const char *const fortinet_member_objects[] = { "1.3.6.1.4.1.12356.101.13.2.1.1.2", "1.3.6.1.4.1.12356.101.13.2.1.1.11", "1.3.6.1.4.1.12356.101.13.2.1.1.12" };
enum { PAN_STATE, PAN_PEER, PAN_MODE };
static const char *const pan_objects[] = { "1.3.6.1.4.1.25461.2.1.2.1.11.0", "1.3.6.1.4.1.25461.2.1.2.1.12.0", "1.3.6.1.4.1.25461.2.1.2.1.13.0" };
enum { ASA_NAME, ASA_STATE };
static const char *const asa_objects[] = { "1.3.6.1.4.1.9.9.147.1.2.1.1.1.2", "1.3.6.1.4.1.9.9.147.1.2.1.1.1.3" };       /* cfwHardwareInformation, StatusValue */
enum { CHASSIS_MEMBER_SERIAL, CHASSIS_MEMBER_ROLE };
static const char *const chassis_objects[] = { "1.3.6.1.4.1.2636.3.40.1.4.1.1.1.2", "1.3.6.1.4.1.2636.3.40.1.4.1.1.1.3" };    /* jnxVirtualChassisMemberSerialnumber, Role */
enum { VRRP_STATE, VRRP_MASTER };
static const char *const vrrp_objects[] = { "1.3.6.1.2.1.68.1.3.1.3", "1.3.6.1.2.1.68.1.3.1.7" };                        /* vrrpOperState, MasterIpAddr */
static const char *const vrrp3_objects[] = { "1.3.6.1.2.1.207.1.1.1.1.6", "1.3.6.1.2.1.207.1.1.1.1.3" };                 /* vrrpv3OperationsStatus, MasterIpAddr */
enum { HSRP_ACTIVE, HSRP_STANDBY, HSRP_STATE };
static const char *const hsrp_objects[] = { "1.3.6.1.4.1.9.9.106.1.2.1.1.13", "1.3.6.1.4.1.9.9.106.1.2.1.1.14", "1.3.6.1.4.1.9.9.106.1.2.1.1.15" };

static void begin(struct fact_row *row, const char *source, const char *number)
{
    fact_row_init(row, &fact_redundancy);
    fact_set_str(row, REDUNDANCY_SOURCE, source);
    fact_set_str(row, REDUNDANCY_NUMBER, number);
}

/* --- firewalls --------------------------------------------------------------------------------------------------------------- */

/* The cluster, and each of its members; a firewall that stands alone may show itself as the only one. */
static void fortinet_rows(const struct snmp_view *v)
{
    static const char *const modes[] = { NULL, "standalone", "activeActive", "activePassive" };
    const struct snmp_table *t = v->parts[PART_FORTINET_MEMBERS];
    const char *mode = snmp_word(v->parts[PART_FORTINET], 0, 0, modes, N_ELEMENTS(modes));
    struct fact_row row;
    if (mode != NULL) {
        begin(&row, "FORTINET-FORTIGATE-MIB", "0");
        fact_set_str(&row, REDUNDANCY_MODE, mode);
        v->emit(v->arg, &row);
    }
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        int64_t sync;
        struct arena *mem = arena_new();
        begin(&row, "FORTINET-FORTIGATE-MIB", snmp_index_text(t, i, mem));
        fact_set_str(&row, REDUNDANCY_MODE, mode);
        if (snmp_table_number(t, i, FG_SYNC, &sync) && (sync == 0 || sync == 1))
            fact_set_int(&row, REDUNDANCY_SYNCHRONIZED, sync);
        fact_set_str(&row, REDUNDANCY_MEMBER_SERIAL, snmp_words_at(t, i, FG_SERIAL, mem));
        fact_set_str(&row, REDUNDANCY_MEMBER_NAME, snmp_words_at(t, i, FG_NAME, mem));
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static void palo_alto_row(const struct snmp_view *v)
{
    static const struct { const char *word, *mode; } modes[] = { { "disabled", "standalone" }, { "active-passive", "activePassive" }, { "active-active", "activeActive" } };
    const struct snmp_table *t = v->parts[PART_PALO_ALTO];
    struct arena *mem = arena_new();
    const char *mode = snmp_text_at(t, 0, PAN_MODE, mem);
    struct fact_row row;
    begin(&row, "PAN-COMMON-MIB", "0");
    for (size_t i = 0; i < N_ELEMENTS(modes) && mode != NULL; i++)
        if (strcmp(mode, modes[i].word) == 0)
            fact_set_str(&row, REDUNDANCY_MODE, modes[i].mode);
    fact_set_str(&row, REDUNDANCY_STATE, snmp_text_at(t, 0, PAN_STATE, mem));
    fact_set_str(&row, REDUNDANCY_PEER, snmp_text_at(t, 0, PAN_PEER, mem));
    if (snmp_table_rows(t) > 0)
        v->emit(v->arg, &row);
    arena_free(mem);
}

/* The two units of an ASA's failover, by their numbers in the MIB's list of hardware; one that stands alone shows none that is active or standby. */
static void asa_rows(const struct snmp_view *v)
{
    static const char *const states[] = { NULL, NULL, "up", "down", "error", "overTemp", NULL, NULL, "backup", "active", "standby" };
    const struct snmp_table *t = v->parts[PART_ASA];
    for (uint32_t unit = 6; unit <= 7; unit++) {
        size_t i;
        if (!snmp_table_find(t, &unit, 1, &i))
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, "CISCO-FIREWALL-MIB", snmp_index_text(t, i, mem));
        fact_set_str(&row, REDUNDANCY_STATE, snmp_word(t, i, ASA_STATE, states, N_ELEMENTS(states)));
        fact_set_str(&row, REDUNDANCY_MEMBER_NAME, snmp_text_at(t, i, ASA_NAME, mem));
        if (row.v[REDUNDANCY_STATE].kind != FACT_KIND_NULL)
            v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* --- stacks ------------------------------------------------------------------------------------------------------------------ */

static void stack_rows(const struct snmp_view *v)
{
    static const char *const roles[] = { NULL, "master", "member", "notMember", "standby" };
    static const char *const states[] = { NULL, "waiting", "progressing", "added", "ready", "sdmMismatch", "verMismatch", "featureMismatch", "newMasterInit", "provisioned", "invalid", "removed" };
    const struct snmp_table *t = v->parts[PART_STACK];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        const uint32_t *index = snmp_table_index(t, i, &n);
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, "CISCO-STACKWISE-MIB", snmp_index_text(t, i, mem));
        fact_set_str(&row, REDUNDANCY_MODE, snmp_word(t, i, SNMP_STACK_ROLE, roles, N_ELEMENTS(roles)));
        fact_set_str(&row, REDUNDANCY_STATE, snmp_word(t, i, SNMP_STACK_STATE, states, N_ELEMENTS(states)));
        fact_set_str(&row, REDUNDANCY_MEMBER_NAME, n == 1 ? snmp_component_name(v->components, index[0], mem) : NULL);
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static void chassis_rows(const struct snmp_view *v)
{
    static const char *const roles[] = { NULL, "master", "standby", "member" };          /* the MIB: master, backup, linecard */
    static const char *const words[] = { NULL, "master", "backup", "linecard" };
    const struct snmp_table *t = v->parts[PART_CHASSIS];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, "JUNIPER-VIRTUALCHASSIS-MIB", snmp_index_text(t, i, mem));
        fact_set_str(&row, REDUNDANCY_MODE, snmp_word(t, i, CHASSIS_MEMBER_ROLE, roles, N_ELEMENTS(roles)));
        fact_set_str(&row, REDUNDANCY_STATE, snmp_word(t, i, CHASSIS_MEMBER_ROLE, words, N_ELEMENTS(words)));
        fact_set_str(&row, REDUNDANCY_MEMBER_SERIAL, snmp_words_at(t, i, CHASSIS_MEMBER_SERIAL, mem));
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* --- addresses that are taken over ----------------------------------------------------------------------------------------------- */

/* An address that is not "any". */
static const char *address_at(const struct snmp_table *t, size_t i, size_t column, struct arena *mem)
{
    static const uint8_t any[16];
    const struct snmp_value *v = snmp_table_get(t, i, column);
    if (v == NULL || (v->type != SNMP_IP_ADDRESS && v->type != SNMP_OCTETS) || v->len > sizeof any || memcmp(v->bytes, any, v->len) == 0)
        return NULL;
    return snmp_address_text(v->bytes, v->len, mem);
}

static void vrrp_rows(const struct snmp_view *v, size_t part, const char *source)
{
    static const char *const states[] = { NULL, "initialize", "backup", "master" };
    const struct snmp_table *t = v->parts[part];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, source, snmp_index_text(t, i, mem));
        fact_set_str(&row, REDUNDANCY_MODE, "activePassive");
        fact_set_str(&row, REDUNDANCY_STATE, snmp_word(t, i, VRRP_STATE, states, N_ELEMENTS(states)));
        const struct fact_value *state = &row.v[REDUNDANCY_STATE];
        if (state->kind == FACT_KIND_TEXT && strcmp(states[2], arena_strndup(mem, state->s, state->len)) == 0)
            fact_set_str(&row, REDUNDANCY_PEER, address_at(t, i, VRRP_MASTER, mem));         /* of a master it is its own */
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* Who is active knows who stands by, and the other way round. */
static void hsrp_rows(const struct snmp_view *v)
{
    static const char *const states[] = { NULL, "initial", "learn", "listen", "speak", "standby", "active" };
    const struct snmp_table *t = v->parts[PART_HSRP];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        int64_t state;
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, "CISCO-HSRP-MIB", snmp_index_text(t, i, mem));
        fact_set_str(&row, REDUNDANCY_MODE, "activePassive");
        fact_set_str(&row, REDUNDANCY_STATE, snmp_word(t, i, HSRP_STATE, states, N_ELEMENTS(states)));
        if (snmp_table_number(t, i, HSRP_STATE, &state))
            fact_set_str(&row, REDUNDANCY_PEER, address_at(t, i, state == 6 ? HSRP_STANDBY : HSRP_ACTIVE, mem));
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static void rows(const struct snmp_view *v)
{
    fortinet_rows(v);
    palo_alto_row(v);
    asa_rows(v);
    stack_rows(v);
    chassis_rows(v);
    vrrp_rows(v, PART_VRRP, "VRRP-MIB");
    vrrp_rows(v, PART_VRRP3, "VRRPV3-MIB");
    hsrp_rows(v);
}

static const struct snmp_part parts[PARTS] = {
    [PART_FORTINET] = SNMP_SINGLES_OF(snmp_fortinet, fortinet_objects), [PART_FORTINET_MEMBERS] = SNMP_COLUMNS_OF(snmp_fortinet, fortinet_member_objects, MEMBERS_MAX),
    [PART_PALO_ALTO] = SNMP_SINGLES_OF(snmp_palo_alto, pan_objects), [PART_ASA] = SNMP_COLUMNS_OF(snmp_cisco, asa_objects, MEMBERS_MAX), [PART_STACK] = SNMP_STACK,
    [PART_CHASSIS] = SNMP_COLUMNS_OF(snmp_juniper, chassis_objects, MEMBERS_MAX), [PART_VRRP] = SNMP_COLUMNS_LED(vrrp_objects, GROUPS_MAX), [PART_VRRP3] = SNMP_COLUMNS_LED(vrrp3_objects, GROUPS_MAX),
    [PART_HSRP] = SNMP_COLUMNS_OF(snmp_cisco, hsrp_objects, GROUPS_MAX) };
const struct snmp_source snmp_redundancy = { .table = &fact_redundancy, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
