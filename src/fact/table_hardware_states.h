/* hardware_states: what one device thinks of its parts. */
#ifndef PREOP_FACT_TABLE_HARDWARE_STATES_H
#define PREOP_FACT_TABLE_HARDWARE_STATES_H
#include "fact/table.h"
enum hardware_states_column {
    HARDWARE_STATES_SOURCE, HARDWARE_STATES_KIND, HARDWARE_STATES_NUMBER, HARDWARE_STATES_NAME, HARDWARE_STATES_STATE, HARDWARE_STATES_WORD, HARDWARE_STATES_COLUMNS
};
extern const struct fact_table fact_hardware_states;
#endif
