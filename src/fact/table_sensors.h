/* sensors: what the sensors of one device measure. */
#ifndef PREOP_FACT_TABLE_SENSORS_H
#define PREOP_FACT_TABLE_SENSORS_H
#include "fact/table.h"
enum sensors_column {
    SENSORS_SOURCE, SENSORS_SENSOR, SENSORS_NAME, SENSORS_KIND, SENSORS_VALUE, SENSORS_STATE, SENSORS_JUDGED, SENSORS_COLUMNS
};
extern const struct fact_table fact_sensors;
#endif
