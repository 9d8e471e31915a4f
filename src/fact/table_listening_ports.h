/* listening_ports: what a host accepts from the network. */
#ifndef PREOP_FACT_TABLE_LISTENING_PORTS_H
#define PREOP_FACT_TABLE_LISTENING_PORTS_H
#include "fact/table.h"
enum listening_ports_column {
    LISTENING_PORTS_PROTOCOL, LISTENING_PORTS_PORT, LISTENING_PORTS_ADDRESS, LISTENING_PORTS_ANY_ADDRESS, LISTENING_PORTS_LOOPBACK_ONLY,
    LISTENING_PORTS_PROCESS, LISTENING_PORTS_COLUMNS
};
extern const struct fact_table fact_listening_ports;
#endif
