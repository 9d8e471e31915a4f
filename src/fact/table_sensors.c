/* The declaration of sensors. Constants only. */
#include "fact/table_sensors.h"

static const struct fact_column columns[] = {
    [SENSORS_SOURCE] = { "source", FACT_TEXT, FACT_KEY, NULL, "name of the MIB that answered", "ENTITY-SENSOR-MIB, CISCO-ENTITY-SENSOR-MIB, CISCO-ENVMON-MIB, ..." },
    [SENSORS_SENSOR] = { "sensor", FACT_INTEGER, FACT_KEY, NULL, "ENTITY-MIB::entPhysicalIndex, CISCO-ENVMON-MIB::ciscoEnvMonTemperatureStatusIndex, ...", "The device's number for it; of the entity MIBs it joins components.component" },
    [SENSORS_NAME] = { "name", FACT_TEXT, FACT_LABEL, NULL, "ENTITY-MIB::entPhysicalName, else entPhysicalDescr; CISCO-ENVMON-MIB::ciscoEnvMonTemperatureStatusDescr", "Its name" },
    [SENSORS_KIND] = { "kind", FACT_TEXT, 0, NULL, "ENTITY-SENSOR-MIB::entPhySensorType, CISCO-ENTITY-SENSOR-MIB::entSensorType", "celsius, voltsAC, voltsDC, amperes, watts, rpm, hertz, percentRH, dBm, truthvalue, ..." },
    [SENSORS_VALUE] = { "value", FACT_REAL, FACT_VOLATILE, NULL, "ENTITY-SENSOR-MIB::entPhySensorValue with scale and precision; of sensors whose state is ok only", "What it measures, in the unit that kind names" },
    [SENSORS_STATE] = { "state", FACT_TEXT, FACT_VOLATILE, NULL, "ENTITY-SENSOR-MIB::entPhySensorOperStatus, CISCO-ENTITY-SENSOR-MIB::entSensorStatus", "ok, unavailable, nonoperational: whether the sensor itself works" },
    [SENSORS_JUDGED] = { "judged", FACT_TEXT, FACT_VOLATILE, NULL, "CISCO-ENVMON-MIB::ciscoEnvMonTemperatureState", "What the device thinks of the value: normal, warning, critical, shutdown, notFunctioning; NULL when it does not judge" },
};
_Static_assert(sizeof columns / sizeof columns[0] == SENSORS_COLUMNS, "every column is declared");

const struct fact_table fact_sensors =
    FACT_TABLE_DECLARE("sensors", "Sensors of a device: temperatures, voltages, fans, optics", FILLED_BY_PROBE, 0, columns);
