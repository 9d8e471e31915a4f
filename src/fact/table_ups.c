/* The declaration of ups. Constants only. */
#include "fact/table_ups.h"

static const struct fact_column columns[] = {
    [UPS_UPS] = { "ups", FACT_INTEGER, FACT_KEY, NULL, "always 1: an agent speaks for one", "Its number" },
    [UPS_MODEL] = { "model", FACT_TEXT, FACT_LABEL, NULL, "UPS-MIB::upsIdentModel, PowerNet-MIB::upsBasicIdentModel, XUPS-MIB::xupsIdentModel, CPS-MIB::upsBaseIdentModel", "Model" },
    [UPS_MAKER] = { "maker", FACT_TEXT, 0, NULL, "UPS-MIB::upsIdentManufacturer, XUPS-MIB::xupsIdentManufacturer, else the MIB's owner", "Who made it" },
    [UPS_SOURCE] = { "source", FACT_TEXT, 0, NULL, "names of the MIBs that answered", "The MIBs that it was read from; where two differ, the maker's own counts" },
    [UPS_BATTERY_STATE] = { "battery_state", FACT_TEXT, 0, NULL, "UPS-MIB::upsBatteryStatus, PowerNet-MIB::upsBasicBatteryStatus, XUPS-MIB::xupsBatteryAbmStatus, CPS-MIB::upsBaseBatteryStatus", "normal, low, depleted, faulty, absent; NULL when it does not know" },
    [UPS_OUTPUT_SOURCE] = { "output_source", FACT_TEXT, 0, NULL, "UPS-MIB::upsOutputSource, PowerNet-MIB::upsBasicOutputStatus, XUPS-MIB::xupsOutputSource, CPS-MIB::upsBaseOutputStatus", "Where the power comes from: normal, battery, bypass, booster, reducer, none, other" },
    [UPS_ON_BATTERY] = { "on_battery", FACT_BOOLEAN, FACT_VOLATILE, NULL, "output_source", "It runs on its battery now" },
    [UPS_ON_BATTERY_S] = { "on_battery_s", FACT_INTEGER, FACT_VOLATILE, "s", "UPS-MIB::upsSecondsOnBattery, PowerNet-MIB::upsBasicBatteryTimeOnBattery, CPS-MIB::upsBaseBatteryTimeOnBattery", "For how long it has been on battery; 0 when it is not" },
    [UPS_CHARGE_PERCENT] = { "charge_percent", FACT_REAL, FACT_VOLATILE, "%", "UPS-MIB::upsEstimatedChargeRemaining, PowerNet-MIB::upsAdvBatteryCapacity, XUPS-MIB::xupsBatCapacity, CPS-MIB::upsAdvanceBatteryCapacity", "How full the battery is" },
    [UPS_RUNTIME_S] = { "runtime_s", FACT_INTEGER, FACT_VOLATILE, "s", "UPS-MIB::upsEstimatedMinutesRemaining, PowerNet-MIB::upsAdvBatteryRunTimeRemaining, XUPS-MIB::xupsBatTimeRemaining, CPS-MIB::upsAdvanceBatteryRunTimeRemaining", "How long the battery lasts at the present load" },
    [UPS_LOAD_PERCENT] = { "load_percent", FACT_REAL, FACT_VOLATILE, "%", "UPS-MIB::upsOutputPercentLoad, the highest line; PowerNet-MIB::upsAdvOutputLoad, XUPS-MIB::xupsOutputLoad, CPS-MIB::upsAdvanceOutputLoad", "Load, as a share of what it can carry" },
    [UPS_BATTERY_CELSIUS] = { "battery_celsius", FACT_REAL, FACT_VOLATILE, "C", "UPS-MIB::upsBatteryTemperature, PowerNet-MIB::upsAdvBatteryTemperature, CPS-MIB::upsAdvanceBatteryTemperature", "Temperature in or at the battery" },
    [UPS_REPLACE_BATTERY] = { "replace_battery", FACT_BOOLEAN, 0, NULL, "PowerNet-MIB::upsAdvBatteryReplaceIndicator, CPS-MIB::upsAdvanceBatteryReplaceIndicator, MG-SNMP-UPS-MIB::upsmgBatteryReplacement, UPS-MIB::upsAlarmBatteryBad", "It asks for a new battery" },
    [UPS_BATTERY_REPLACED_AT] = { "battery_replaced_at", FACT_TIMESTAMP, 0, NULL, "PowerNet-MIB::upsBasicBatteryLastReplaceDate, XUPS-MIB::xupsBatteryLastReplacedDate, CPS-MIB::upsBaseBatteryLastReplaceDate", "When the battery was last replaced, as somebody told the device" },
    [UPS_BATTERY_REPLACE_BY_AT] = { "battery_replace_by_at", FACT_TIMESTAMP, 0, NULL, "PowerNet-MIB::upsAdvBatteryRecommendedReplaceDate", "When the device wants its next battery" },
    [UPS_MADE_AT] = { "made_at", FACT_TIMESTAMP, 0, NULL, "PowerNet-MIB::upsAdvIdentDateOfManufacture, CPS-MIB::upsAdvanceIdentDateOfManufacture", "When it was made" },
    [UPS_TEST_RESULT] = { "test_result", FACT_TEXT, 0, NULL, "UPS-MIB::upsTestResultsSummary, PowerNet-MIB::upsAdvTestDiagnosticsResults, XUPS-MIB::xupsTestBatteryStatus", "The last test of the battery: passed, warning, failed, aborted, inProgress, none" },
    [UPS_TEST_AT] = { "test_at", FACT_TIMESTAMP, 0, NULL, "UPS-MIB::upsTestStartTime, PowerNet-MIB::upsAdvTestLastDiagnosticsDate", "When it was" },
    [UPS_ALARMS] = { "alarms", FACT_INTEGER, FACT_VOLATILE, NULL, "UPS-MIB::upsAlarmsPresent", "Alarms that are on now" },
    [UPS_INPUT_FAILURES] = { "input_failures", FACT_INTEGER, FACT_VOLATILE, NULL, "UPS-MIB::upsInputLineBads", "Times that the mains were out of range" },
    [UPS_INPUT_VOLTS] = { "input_volts", FACT_REAL, FACT_VOLATILE, "V", "UPS-MIB::upsInputVoltage, the lowest line; PowerNet-MIB::upsAdvInputLineVoltage", "Voltage of the mains" },
};
_Static_assert(sizeof columns / sizeof columns[0] == UPS_COLUMNS, "every column is declared");

const struct fact_table fact_ups =
    FACT_TABLE_DECLARE("ups", "Uninterruptible power supply: charge, runtime, load, battery age, tests", FILLED_BY_PROBE, 0, columns);
