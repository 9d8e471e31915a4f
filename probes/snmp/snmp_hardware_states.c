/* Rows of `hardware_states`: what a device thinks of its parts, from the makers' MIBs and ENTITY-STATE-MIB (RFC 4268). Each MIB table is one line of
 * `places`; each list of states says what the MIB's numbers mean. A number that no list has is not known. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_hardware_states.h"

#define ROWS_MAX 4000

/* What a number of a MIB means: its own word, and ours (NULL: the MIB itself does not say whether that is well). */
struct state { const char *word, *is; };
#define OK "ok"
#define WARNING "warning"
#define FAILED "failed"
#define ABSENT "absent"
#define LIST(name) static const struct state name[]
LIST(envmon_states) = { [1] = { "normal", OK }, [2] = { "warning", WARNING }, [3] = { "critical", FAILED }, [4] = { "shutdown", FAILED }, [5] = { "notPresent", ABSENT }, [6] = { "notFunctioning", FAILED } };
/* CISCOSB-HWENVIROMENT: the same, and more */
LIST(small_business_states) = { [1] = { "normal", OK }, [2] = { "warning", WARNING }, [3] = { "critical", FAILED }, [4] = { "shutdown", FAILED }, [5] = { "notPresent", ABSENT }, [6] = { "notFunctioning", FAILED },
                                [7] = { "notAvailable", NULL }, [8] = { "backingUp", WARNING }, [9] = { "readingFailed", NULL } };
/* Off by order (offAdmin) is no fault, and no help either. */
LIST(fru_power_states) = { [1] = { "offEnvOther", FAILED }, [2] = { "on", OK }, [3] = { "offAdmin", WARNING }, [4] = { "offDenied", FAILED }, [5] = { "offEnvPower", FAILED }, [6] = { "offEnvTemp", FAILED },
                           [7] = { "offEnvFan", FAILED }, [8] = { "failed", FAILED }, [9] = { "onButFanFail", WARNING }, [10] = { "offCooling", FAILED }, [11] = { "offConnectorRating", FAILED },
                           [12] = { "onButInlinePowerFail", WARNING } };
LIST(fan_tray_states) = { [1] = { "unknown", NULL }, [2] = { "up", OK }, [3] = { "down", FAILED }, [4] = { "warning", WARNING } };
LIST(module_states) = { [1] = { "unknown", NULL }, [2] = { "ok", OK }, [3] = { "disabled", NULL }, [4] = { "okButDiagFailed", WARNING }, [5] = { "boot", NULL }, [6] = { "selfTest", NULL }, [7] = { "failed", FAILED },
                        [8] = { "missing", ABSENT }, [9] = { "mismatchWithParent", FAILED }, [10] = { "mismatchConfig", FAILED }, [11] = { "diagFailed", FAILED }, [12] = { "dormant", NULL }, [13] = { "outOfServiceAdmin", NULL },
                        [14] = { "outOfServiceEnvTemp", FAILED }, [15] = { "poweredDown", NULL }, [16] = { "poweredUp", NULL }, [17] = { "powerDenied", FAILED }, [18] = { "powerCycled", NULL },
                        [19] = { "okButPowerOverWarning", WARNING }, [20] = { "okButPowerOverCritical", WARNING }, [21] = { "syncInProgress", NULL }, [22] = { "upgrading", NULL }, [23] = { "okButAuthFailed", WARNING },
                        [24] = { "mdr", NULL }, [25] = { "fwMismatchFound", WARNING }, [26] = { "fwDownloadSuccess", NULL }, [27] = { "fwDownloadFailure", WARNING } };
LIST(stack_states) = { [1] = { "waiting", WARNING }, [2] = { "progressing", WARNING }, [3] = { "added", WARNING }, [4] = { "ready", OK }, [5] = { "sdmMismatch", FAILED }, [6] = { "verMismatch", FAILED },
                       [7] = { "featureMismatch", FAILED }, [8] = { "newMasterInit", WARNING }, [9] = { "provisioned", ABSENT }, [10] = { "invalid", FAILED }, [11] = { "removed", ABSENT } };
LIST(entity_states) = { [1] = { "unknown", NULL }, [2] = { "disabled", FAILED }, [3] = { "enabled", OK }, [4] = { "testing", NULL } };
LIST(operating_states) = { [1] = { "unknown", NULL }, [2] = { "running", OK }, [3] = { "ready", OK }, [4] = { "reset", WARNING }, [5] = { "runningAtFullSpeed", OK }, [6] = { "down", FAILED }, [7] = { "standby", OK } };
LIST(fru_states) = { [1] = { "unknown", NULL }, [2] = { "empty", ABSENT }, [3] = { "present", NULL }, [4] = { "ready", OK }, [5] = { "announceOnline", NULL }, [6] = { "online", OK }, [7] = { "anounceOffline", NULL },
                     [8] = { "offline", FAILED }, [9] = { "diagnostic", WARNING }, [10] = { "standby", OK } };
LIST(red_states) = { [1] = { "other", NULL }, [2] = { "off", OK }, [3] = { "on", FAILED } };
LIST(yellow_states) = { [1] = { "other", NULL }, [2] = { "off", OK }, [3] = { "on", WARNING } };
LIST(hp_sensor_states) = { [1] = { "unknown", NULL }, [2] = { "bad", FAILED }, [3] = { "warning", WARNING }, [4] = { "good", OK }, [5] = { "notPresent", ABSENT } };
LIST(hp_fan_states) = { [0] = { "failed", FAILED }, [1] = { "removed", ABSENT }, [2] = { "off", WARNING }, [3] = { "underspeed", WARNING }, [4] = { "overspeed", WARNING }, [5] = { "ok", OK } };
LIST(hp_supply_states) = { [1] = { "psNotPresent", ABSENT }, [2] = { "psNotPlugged", WARNING }, [3] = { "psPowered", OK }, [4] = { "psFailed", FAILED }, [5] = { "psPermFailure", FAILED } };
LIST(fortinet_states) = { [0] = { "false", OK }, [1] = { "true", FAILED } };
LIST(synology_states) = { [1] = { "normal", OK }, [2] = { "failed", FAILED } };
LIST(synology_disk_states) = { [1] = { "normal", OK }, [2] = { "initialized", OK }, [3] = { "notInitialized", OK }, [4] = { "systemPartitionFailed", WARNING }, [5] = { "crashed", FAILED } };
LIST(synology_array_states) = { [1] = { "normal", OK }, [2] = { "repairing", WARNING }, [3] = { "migrating", WARNING }, [4] = { "expanding", OK }, [5] = { "deleting", NULL }, [6] = { "creating", NULL }, [7] = { "raidSyncing", WARNING },
                                [8] = { "raidParityChecking", OK }, [9] = { "raidAssembling", NULL }, [10] = { "canceling", NULL }, [11] = { "degrade", FAILED }, [12] = { "crashed", FAILED } };
LIST(dell_states) = { [1] = { "other", NULL }, [2] = { "unknown", NULL }, [3] = { "ok", OK }, [4] = { "nonCritical", WARNING }, [5] = { "critical", FAILED }, [6] = { "nonRecoverable", FAILED } };
LIST(dell_probe_states) = { [1] = { "other", NULL }, [2] = { "unknown", NULL }, [3] = { "ok", OK }, [4] = { "nonCriticalUpper", WARNING }, [5] = { "criticalUpper", FAILED }, [6] = { "nonRecoverableUpper", FAILED },
                            [7] = { "nonCriticalLower", WARNING }, [8] = { "criticalLower", FAILED }, [9] = { "nonRecoverableLower", FAILED }, [10] = { "failed", FAILED } };
LIST(compaq_states) = { [1] = { "other", NULL }, [2] = { "ok", OK }, [3] = { "degraded", WARNING }, [4] = { "failed", FAILED } };
LIST(pool_states) = { [0] = { "online", OK }, [1] = { "degraded", FAILED }, [2] = { "faulted", FAILED }, [3] = { "offline", FAILED }, [4] = { "unavail", FAILED }, [5] = { "removed", FAILED } };
LIST(foundry_states) = { [1] = { "other", NULL }, [2] = { "normal", OK }, [3] = { "failure", FAILED } };

/* --- where it stands ----------------------------------------------------------------------------------------------------------- */

enum { PART_ENVMON_SUPPLY, PART_ENVMON_FAN, PART_ENVMON_TEMPERATURE, PART_FRU_POWER, PART_FAN_TRAY, PART_MODULE, PART_STACK, PART_SB_SUPPLY, PART_SB_FAN, PART_ENTITY, PART_FRU, PART_OPERATING, PART_ALARMS,
       PART_HP_SENSOR, PART_HP_FAN, PART_HP_SUPPLY, PART_CX_SUPPLY, PART_CX_FAN, PART_CX_TEMPERATURE, PART_FORTINET, PART_SYNOLOGY, PART_SYNOLOGY_DISK, PART_SYNOLOGY_ARRAY, PART_DELL, PART_DELL_SUPPLY, PART_DELL_FAN,
       PART_DELL_TEMPERATURE, PART_DELL_DISK, PART_DELL_ARRAY, PART_COMPAQ, PART_COMPAQ_FAN, PART_COMPAQ_TEMPERATURE, PART_COMPAQ_SUPPLY, PART_COMPAQ_ARRAY, PART_COMPAQ_DISK, PART_ZFS, PART_FOUNDRY_SUPPLY,
       PART_FOUNDRY_FAN, PARTS };
_Static_assert(PARTS <= SOURCE_PARTS_MAX, "there is room");

/* State first, then its name, if it has one. */
static const char *const envmon_supply_objects[] = { "1.3.6.1.4.1.9.9.13.1.5.1.3", "1.3.6.1.4.1.9.9.13.1.5.1.2" };
static const char *const envmon_fan_objects[] = { "1.3.6.1.4.1.9.9.13.1.4.1.3", "1.3.6.1.4.1.9.9.13.1.4.1.2" };
static const char *const fru_power_objects[] = { "1.3.6.1.4.1.9.9.117.1.1.2.1.2" }, *const fan_tray_objects[] = { "1.3.6.1.4.1.9.9.117.1.4.1.1.1" }, *const module_objects[] = { "1.3.6.1.4.1.9.9.117.1.2.1.1.2" };
static const char *const sb_supply_objects[] = { "1.3.6.1.4.1.9.6.1.101.83.1.2.1.3", "1.3.6.1.4.1.9.6.1.101.83.1.2.1.2" };
static const char *const sb_fan_objects[] = { "1.3.6.1.4.1.9.6.1.101.83.1.1.1.3", "1.3.6.1.4.1.9.6.1.101.83.1.1.1.2" };
static const char *const entity_objects[] = { "1.3.6.1.2.1.131.1.1.1.3" };
enum { FRU_STATE, FRU_NAME, FRU_TYPE };
static const char *const fru_objects[] = { "1.3.6.1.4.1.2636.3.1.15.1.8", "1.3.6.1.4.1.2636.3.1.15.1.5", "1.3.6.1.4.1.2636.3.1.15.1.6" };
static const char *const alarm_objects[] = { "1.3.6.1.4.1.2636.3.4.2.2.1.0", "1.3.6.1.4.1.2636.3.4.2.3.1.0" };                  /* jnxYellowAlarmState, jnxRedAlarmState */
enum { HP_SENSOR_STATE, HP_SENSOR_NAME, HP_SENSOR_TYPE };
static const char *const hp_sensor_objects[] = { "1.3.6.1.4.1.11.2.14.11.1.2.6.1.4", "1.3.6.1.4.1.11.2.14.11.1.2.6.1.7", "1.3.6.1.4.1.11.2.14.11.1.2.6.1.2" };
static const char *const hp_fan_objects[] = { "1.3.6.1.4.1.11.2.14.11.5.1.54.2.1.1.4" }, *const hp_supply_objects[] = { "1.3.6.1.4.1.11.2.14.11.5.1.55.1.1.1.2" };
static const char *const cx_supply_objects[] = { "1.3.6.1.4.1.47196.4.1.1.3.11.2.1.1.4", "1.3.6.1.4.1.47196.4.1.1.3.11.2.1.1.3" };
static const char *const cx_fan_objects[] = { "1.3.6.1.4.1.47196.4.1.1.3.11.5.1.1.5", "1.3.6.1.4.1.47196.4.1.1.3.11.5.1.1.4" };
static const char *const cx_temperature_objects[] = { "1.3.6.1.4.1.47196.4.1.1.3.11.3.1.1.6", "1.3.6.1.4.1.47196.4.1.1.3.11.3.1.1.5" };
static const char *const fortinet_objects[] = { "1.3.6.1.4.1.12356.101.4.3.2.1.4", "1.3.6.1.4.1.12356.101.4.3.2.1.2" };
static const char *const synology_objects[] = { "1.3.6.1.4.1.6574.1.1.0", "1.3.6.1.4.1.6574.1.3.0", "1.3.6.1.4.1.6574.1.4.1.0", "1.3.6.1.4.1.6574.1.4.2.0" };
static const char *const synology_disk_objects[] = { "1.3.6.1.4.1.6574.2.1.1.5", "1.3.6.1.4.1.6574.2.1.1.2" }, *const synology_array_objects[] = { "1.3.6.1.4.1.6574.3.1.1.3", "1.3.6.1.4.1.6574.3.1.1.2" };
static const char *const dell_objects[] = { "1.3.6.1.4.1.674.10892.5.2.1.0" };
static const char *const dell_supply_objects[] = { "1.3.6.1.4.1.674.10892.5.4.600.12.1.5", "1.3.6.1.4.1.674.10892.5.4.600.12.1.8" }, *const dell_fan_objects[] = { "1.3.6.1.4.1.674.10892.5.4.700.12.1.5", "1.3.6.1.4.1.674.10892.5.4.700.12.1.8" };
static const char *const dell_temperature_objects[] = { "1.3.6.1.4.1.674.10892.5.4.700.20.1.5", "1.3.6.1.4.1.674.10892.5.4.700.20.1.8" };
static const char *const dell_disk_objects[] = { "1.3.6.1.4.1.674.10892.5.5.1.20.130.4.1.24", "1.3.6.1.4.1.674.10892.5.5.1.20.130.4.1.55" };
static const char *const dell_array_objects[] = { "1.3.6.1.4.1.674.10892.5.5.1.20.140.1.1.20", "1.3.6.1.4.1.674.10892.5.5.1.20.140.1.1.36" };
static const char *const compaq_objects[] = { "1.3.6.1.4.1.232.6.1.3.0" };
enum { COMPAQ_STATE, COMPAQ_PRESENT };
static const char *const compaq_fan_objects[] = { "1.3.6.1.4.1.232.6.2.6.7.1.9", "1.3.6.1.4.1.232.6.2.6.7.1.4" }, *const compaq_temperature_objects[] = { "1.3.6.1.4.1.232.6.2.6.8.1.6" };
static const char *const compaq_supply_objects[] = { "1.3.6.1.4.1.232.6.2.9.3.1.4", "1.3.6.1.4.1.232.6.2.9.3.1.3" }, *const compaq_array_objects[] = { "1.3.6.1.4.1.232.3.2.3.1.1.11" };
static const char *const compaq_disk_objects[] = { "1.3.6.1.4.1.232.3.2.5.1.1.37", "1.3.6.1.4.1.232.3.2.5.1.1.64" };
static const char *const zfs_objects[] = { "1.3.6.1.4.1.50536.1.1.1.1.7", "1.3.6.1.4.1.50536.1.1.1.1.2" };
static const char *const foundry_supply_objects[] = { "1.3.6.1.4.1.1991.1.1.1.2.1.1.3", "1.3.6.1.4.1.1991.1.1.1.2.1.1.2" }, *const foundry_fan_objects[] = { "1.3.6.1.4.1.1991.1.1.1.3.1.1.3", "1.3.6.1.4.1.1991.1.1.1.3.1.1.2" };

static const uint32_t hp[] = { 11, 0 }, aruba_cx[] = { 47196, 0 }, synology[] = { 6574, 8072, 0 }, dell[] = { 674, 0 }, compaq[] = { 232, 0 }, zfs[] = { 50536, 0 }, foundry[] = { 1991, 0 };

#define NO_NAME SIZE_MAX
struct place { size_t part; const char *source, *kind; size_t state, name; const struct state *states; size_t n_states; const char *called; };
#define STATES(list) (list), N_ELEMENTS(list)
/* Tables without a column for the name whose index is entPhysicalIndex; see component_rows. */
static const struct place entity_places[] = {
    { PART_FRU_POWER, "CISCO-ENTITY-FRU-CONTROL-MIB", NULL, 0, NO_NAME, STATES(fru_power_states), NULL }, { PART_FAN_TRAY, "CISCO-ENTITY-FRU-CONTROL-MIB", "fan", 0, NO_NAME, STATES(fan_tray_states), NULL },
    { PART_MODULE, "CISCO-ENTITY-FRU-CONTROL-MIB", "component", 0, NO_NAME, STATES(module_states), NULL }, { PART_STACK, "CISCO-STACKWISE-MIB", "stackMember", SNMP_STACK_STATE, NO_NAME, STATES(stack_states), NULL },
    { PART_ENTITY, "ENTITY-STATE-MIB", NULL, 0, NO_NAME, STATES(entity_states), NULL } };
static const struct place places[] = {
    { PART_ENVMON_SUPPLY, "CISCO-ENVMON-MIB", "powerSupply", 0, 1, STATES(envmon_states), NULL }, { PART_ENVMON_FAN, "CISCO-ENVMON-MIB", "fan", 0, 1, STATES(envmon_states), NULL },
    { PART_ENVMON_TEMPERATURE, "CISCO-ENVMON-MIB", "temperature", SNMP_ENVMON_STATE, SNMP_ENVMON_DESCR, STATES(envmon_states), NULL },
    { PART_SB_SUPPLY, "CISCOSB-HWENVIROMENT", "powerSupply", 0, 1, STATES(small_business_states), NULL }, { PART_SB_FAN, "CISCOSB-HWENVIROMENT", "fan", 0, 1, STATES(small_business_states), NULL },
    { PART_ALARMS, "JUNIPER-ALARM-MIB", "alarm", 0, NO_NAME, STATES(yellow_states), "yellow" }, { PART_ALARMS, "JUNIPER-ALARM-MIB", "alarm", 1, NO_NAME, STATES(red_states), "red" },
    { PART_HP_FAN, "FAN-MIB", "fan", 0, NO_NAME, STATES(hp_fan_states), NULL }, { PART_HP_SUPPLY, "POWERSUPPLY-MIB", "powerSupply", 0, NO_NAME, STATES(hp_supply_states), NULL },
    { PART_FORTINET, "FORTINET-FORTIGATE-MIB", "alarm", 0, 1, STATES(fortinet_states), NULL },
    { PART_SYNOLOGY, "SYNOLOGY-SYSTEM-MIB", "system", 0, NO_NAME, STATES(synology_states), "volumes" }, { PART_SYNOLOGY, "SYNOLOGY-SYSTEM-MIB", "powerSupply", 1, NO_NAME, STATES(synology_states), "all power supplies" },
    { PART_SYNOLOGY, "SYNOLOGY-SYSTEM-MIB", "fan", 2, NO_NAME, STATES(synology_states), "system fan" }, { PART_SYNOLOGY, "SYNOLOGY-SYSTEM-MIB", "fan", 3, NO_NAME, STATES(synology_states), "processor fan" },
    { PART_SYNOLOGY_DISK, "SYNOLOGY-DISK-MIB", "disk", 0, 1, STATES(synology_disk_states), NULL }, { PART_SYNOLOGY_ARRAY, "SYNOLOGY-RAID-MIB", "array", 0, 1, STATES(synology_array_states), NULL },
    { PART_DELL, "IDRAC-MIB-SMIv2", "system", 0, NO_NAME, STATES(dell_states), NULL }, { PART_DELL_SUPPLY, "IDRAC-MIB-SMIv2", "powerSupply", 0, 1, STATES(dell_states), NULL },
    { PART_DELL_FAN, "IDRAC-MIB-SMIv2", "fan", 0, 1, STATES(dell_probe_states), NULL }, { PART_DELL_TEMPERATURE, "IDRAC-MIB-SMIv2", "temperature", 0, 1, STATES(dell_probe_states), NULL },
    { PART_DELL_DISK, "IDRAC-MIB-SMIv2", "disk", 0, 1, STATES(dell_states), NULL }, { PART_DELL_ARRAY, "IDRAC-MIB-SMIv2", "array", 0, 1, STATES(dell_states), NULL },
    { PART_COMPAQ, "CPQHLTH-MIB", "system", 0, NO_NAME, STATES(compaq_states), NULL }, { PART_COMPAQ_TEMPERATURE, "CPQHLTH-MIB", "temperature", 0, NO_NAME, STATES(compaq_states), NULL },
    { PART_COMPAQ_ARRAY, "CPQIDA-MIB", "array", 0, NO_NAME, STATES(compaq_states), NULL }, { PART_COMPAQ_DISK, "CPQIDA-MIB", "disk", 0, 1, STATES(compaq_states), NULL },
    { PART_ZFS, "FREENAS-MIB", "array", 0, 1, STATES(pool_states), NULL },
    { PART_FOUNDRY_SUPPLY, "FOUNDRY-SN-AGENT-MIB", "powerSupply", 0, 1, STATES(foundry_states), NULL }, { PART_FOUNDRY_FAN, "FOUNDRY-SN-AGENT-MIB", "fan", 0, 1, STATES(foundry_states), NULL } };
/* HPE's fans and supplies: a place that is empty has a condition all the same. */
static const struct place compaq_places[] = { { PART_COMPAQ_FAN, "CPQHLTH-MIB", "fan", COMPAQ_STATE, NO_NAME, STATES(compaq_states), NULL }, { PART_COMPAQ_SUPPLY, "CPQHLTH-MIB", "powerSupply", COMPAQ_STATE, NO_NAME, STATES(compaq_states), NULL } };
static const struct place cx_places[] = {
    { PART_CX_SUPPLY, "ARUBAWIRED-POWERSUPPLY-MIB", "powerSupply", 0, 1, NULL, 0, NULL }, { PART_CX_FAN, "ARUBAWIRED-FAN-MIB", "fan", 0, 1, NULL, 0, NULL },
    { PART_CX_TEMPERATURE, "ARUBAWIRED-TEMPSENSOR-MIB", "temperature", 0, 1, NULL, 0, NULL } };

/* --- rows ----------------------------------------------------------------------------------------------------------------------- */

static void begin(struct fact_row *row, const struct place *p, const char *kind, const char *number, const char *name)
{
    fact_row_init(row, &fact_hardware_states);
    fact_set_str(row, HARDWARE_STATES_SOURCE, p->source);
    fact_set_str(row, HARDWARE_STATES_KIND, kind);
    fact_set_str(row, HARDWARE_STATES_NUMBER, number);
    fact_set_str(row, HARDWARE_STATES_NAME, name);
}

/* False when the agent gives no state at all: a row that would say nothing. */
static bool set_state(struct fact_row *row, const struct snmp_table *t, size_t i, size_t column, const struct state *states, size_t n)
{
    int64_t number;
    if (!snmp_table_number(t, i, column, &number))
        return false;
    if (number >= 0 && number < (int64_t)n) {
        fact_set_str(row, HARDWARE_STATES_WORD, states[number].word);
        fact_set_str(row, HARDWARE_STATES_STATE, states[number].is);
    }
    return true;
}

static void place_rows(const struct snmp_view *v, const struct place *p)
{
    const struct snmp_table *t = v->parts[p->part];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        const char *number = p->called != NULL ? p->called : snmp_index_text(t, i, mem);
        begin(&row, p, p->kind, number, p->name != NO_NAME ? snmp_text_at(t, i, p->name, mem) : p->called);
        if (set_state(&row, t, i, p->state, p->states, p->n_states))
            v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* Which of our kinds a component is of, by entPhysicalClass; NULL for what has no state that says whether it is sound (ports, sensors, slots). */
static const char *kind_of(const struct snmp_table *components, uint32_t index)
{
    static const char *const kinds[] = { [3] = "component", [6] = "powerSupply", [7] = "fan", [9] = "component", [11] = "component", [12] = "component" };
    size_t at;
    return components != NULL && snmp_table_find(components, &index, 1, &at) ? snmp_word(components, at, 0, kinds, N_ELEMENTS(kinds)) : NULL;
}

static void component_rows(const struct snmp_view *v, const struct place *p)
{
    const struct snmp_table *t = v->parts[p->part];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        const uint32_t *index = snmp_table_index(t, i, &n);
        const char *kind = p->kind != NULL || n != 1 ? p->kind : kind_of(v->components, index[0]);
        if (n != 1 || kind == NULL)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, p, kind, snmp_index_text(t, i, mem), snmp_component_name(v->components, index[0], mem));
        if (set_state(&row, t, i, p->state, p->states, p->n_states))
            v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* Juniper: what a part is stands in the table of replaceable units, how it runs in the table of what operates; both have the same index. */
static void juniper_rows(const struct snmp_view *v)
{
    static const struct place p = { .source = "JUNIPER-MIB" };
    static const char *const kinds[] = { [1] = "component", [2] = "component", [3] = "component", [4] = "component", [5] = "component", [6] = "component", [7] = "powerSupply", [8] = "component", [9] = "component", [10] = "component",
                                         [11] = "component", [12] = "component", [13] = "fan", [14] = "component", [15] = "component", [16] = "component", [17] = "powerSupply", [18] = "powerSupply", [19] = "component",
                                         [20] = "component", [21] = "component", [22] = "component" };
    const struct snmp_table *t = v->parts[PART_FRU], *operating = v->parts[PART_OPERATING];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n, at;
        const uint32_t *index = snmp_table_index(t, i, &n);
        const char *kind = snmp_word(t, i, FRU_TYPE, kinds, N_ELEMENTS(kinds));
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, &p, kind, snmp_index_text(t, i, mem), snmp_text_at(t, i, FRU_NAME, mem));
        bool known = set_state(&row, t, i, FRU_STATE, STATES(fru_states));
        bool empty = row.v[HARDWARE_STATES_STATE].kind == FACT_KIND_TEXT && row.v[HARDWARE_STATES_STATE].len == strlen(ABSENT);
        if (!empty && snmp_table_find(operating, index, n, &at)) {
            struct fact_row running = row;
            bool runs = set_state(&running, operating, at, OPERATING_STATE, STATES(operating_states)) && running.v[HARDWARE_STATES_STATE].kind != FACT_KIND_NULL;
            row = runs ? running : row;
            known = known || runs;
        }
        if (known && kind != NULL)
            v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* What an HP sensor is for is an object's name: the last number below icfSensors (1.3.6.1.4.1.11.2.3.7.8.3). */
static void hp_sensor_rows(const struct snmp_view *v)
{
    static const struct place p = { .source = "HP-ICF-CHASSIS" };
    static const uint32_t sensors[] = { 1, 3, 6, 1, 4, 1, 11, 2, 3, 7, 8, 3 };
    static const char *const kinds[] = { NULL, "powerSupply", "fan", "temperature", "component" };
    const struct snmp_table *t = v->parts[PART_HP_SENSOR];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        const struct snmp_value *type = snmp_table_get(t, i, HP_SENSOR_TYPE);
        bool told = type != NULL && type->type == SNMP_OBJECT_ID && type->n_oid == N_ELEMENTS(sensors) + 1 && memcmp(type->oid, sensors, sizeof sensors) == 0;
        uint32_t last = told ? type->oid[N_ELEMENTS(sensors)] : 0;
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, &p, last > 0 && last < N_ELEMENTS(kinds) ? kinds[last] : "component", snmp_index_text(t, i, mem), snmp_text_at(t, i, HP_SENSOR_NAME, mem));
        if (set_state(&row, t, i, HP_SENSOR_STATE, STATES(hp_sensor_states)))
            v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static void compaq_rows(const struct snmp_view *v, const struct place *p)
{
    const struct snmp_table *t = v->parts[p->part];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        int64_t present;
        struct arena *mem = arena_new();
        struct fact_row row;
        begin(&row, p, p->kind, snmp_index_text(t, i, mem), NULL);
        bool known = set_state(&row, t, i, p->state, p->states, p->n_states);
        if (snmp_table_number(t, i, COMPAQ_PRESENT, &present) && present == 2) {
            fact_set_str(&row, HARDWARE_STATES_STATE, ABSENT);
            fact_set_str(&row, HARDWARE_STATES_WORD, "absent");
            known = true;
        }
        if (known)
            v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* ArubaOS-CX says it in words. */
static void cx_rows(const struct snmp_view *v, const struct place *p)
{
    static const struct state words[] = { { "ok", OK }, { "normal", OK }, { "warning", WARNING }, { "alert", WARNING }, { "absent", ABSENT }, { "fault_absent", ABSENT }, { "empty", ABSENT }, { "fault", FAILED }, { "fault_input", FAILED },
                                          { "fault_output", FAILED }, { "fault_poe", FAILED }, { "fault_no_recov", FAILED }, { "fault_airflow", FAILED }, { "fault_redundancy", FAILED }, { "critical", FAILED }, { "emergency", FAILED } };
    const struct snmp_table *t = v->parts[p->part];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        const char *word = snmp_text_at(t, i, p->state, mem);
        begin(&row, p, p->kind, snmp_index_text(t, i, mem), snmp_text_at(t, i, p->name, mem));
        fact_set_str(&row, HARDWARE_STATES_WORD, word);
        for (size_t k = 0; k < N_ELEMENTS(words) && word != NULL; k++)
            if (strcmp(word, words[k].word) == 0)
                fact_set_str(&row, HARDWARE_STATES_STATE, words[k].is);
        if (word != NULL)
            v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static void rows(const struct snmp_view *v)
{
    for (size_t i = 0; i < N_ELEMENTS(places); i++)
        place_rows(v, &places[i]);
    for (size_t i = 0; i < N_ELEMENTS(entity_places); i++)
        component_rows(v, &entity_places[i]);
    for (size_t i = 0; i < N_ELEMENTS(compaq_places); i++)
        compaq_rows(v, &compaq_places[i]);
    for (size_t i = 0; i < N_ELEMENTS(cx_places); i++)
        cx_rows(v, &cx_places[i]);
    juniper_rows(v);
    hp_sensor_rows(v);
}

#define OF(makers, list) SNMP_COLUMNS_OF(makers, list, ROWS_MAX)
static const struct snmp_part parts[PARTS] = {
    [PART_ENVMON_SUPPLY] = OF(snmp_cisco, envmon_supply_objects), [PART_ENVMON_FAN] = OF(snmp_cisco, envmon_fan_objects), [PART_ENVMON_TEMPERATURE] = SNMP_ENVMON_TEMPERATURES, [PART_FRU_POWER] = OF(snmp_cisco, fru_power_objects),
    [PART_FAN_TRAY] = OF(snmp_cisco, fan_tray_objects), [PART_MODULE] = OF(snmp_cisco, module_objects), [PART_STACK] = SNMP_STACK, [PART_SB_SUPPLY] = OF(snmp_cisco, sb_supply_objects), [PART_SB_FAN] = OF(snmp_cisco, sb_fan_objects),
    [PART_ENTITY] = SNMP_COLUMNS(entity_objects, 8000), [PART_FRU] = OF(snmp_juniper, fru_objects), [PART_OPERATING] = SNMP_OPERATING, [PART_ALARMS] = SNMP_SINGLES_OF(snmp_juniper, alarm_objects),
    [PART_HP_SENSOR] = OF(hp, hp_sensor_objects), [PART_HP_FAN] = OF(hp, hp_fan_objects), [PART_HP_SUPPLY] = OF(hp, hp_supply_objects), [PART_CX_SUPPLY] = OF(aruba_cx, cx_supply_objects), [PART_CX_FAN] = OF(aruba_cx, cx_fan_objects),
    [PART_CX_TEMPERATURE] = OF(aruba_cx, cx_temperature_objects), [PART_FORTINET] = OF(snmp_fortinet, fortinet_objects), [PART_SYNOLOGY] = SNMP_SINGLES_OF(synology, synology_objects),
    [PART_SYNOLOGY_DISK] = OF(synology, synology_disk_objects), [PART_SYNOLOGY_ARRAY] = OF(synology, synology_array_objects), [PART_DELL] = SNMP_SINGLES_OF(dell, dell_objects), [PART_DELL_SUPPLY] = OF(dell, dell_supply_objects),
    [PART_DELL_FAN] = OF(dell, dell_fan_objects), [PART_DELL_TEMPERATURE] = OF(dell, dell_temperature_objects), [PART_DELL_DISK] = OF(dell, dell_disk_objects), [PART_DELL_ARRAY] = OF(dell, dell_array_objects),
    [PART_COMPAQ] = SNMP_SINGLES_OF(compaq, compaq_objects), [PART_COMPAQ_FAN] = OF(compaq, compaq_fan_objects), [PART_COMPAQ_TEMPERATURE] = OF(compaq, compaq_temperature_objects),
    [PART_COMPAQ_SUPPLY] = OF(compaq, compaq_supply_objects), [PART_COMPAQ_ARRAY] = OF(compaq, compaq_array_objects), [PART_COMPAQ_DISK] = OF(compaq, compaq_disk_objects), [PART_ZFS] = OF(zfs, zfs_objects),
    [PART_FOUNDRY_SUPPLY] = OF(foundry, foundry_supply_objects), [PART_FOUNDRY_FAN] = OF(foundry, foundry_fan_objects) };
const struct snmp_source snmp_hardware_states = { .table = &fact_hardware_states, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
