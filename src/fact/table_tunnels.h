/* tunnels: the tunnels of one firewall or router. */
#ifndef PREOP_FACT_TABLE_TUNNELS_H
#define PREOP_FACT_TABLE_TUNNELS_H
#include "fact/table.h"
enum tunnels_column {
    TUNNELS_NAME, TUNNELS_NUMBER, TUNNELS_UP, TUNNELS_REMOTE_ADDRESS, TUNNELS_LOCAL_ADDRESS, TUNNELS_IN_OCTETS, TUNNELS_OUT_OCTETS, TUNNELS_NEGOTIATION,
    TUNNELS_ENCRYPTION, TUNNELS_HASH, TUNNELS_DH_GROUP, TUNNELS_COLUMNS
};
extern const struct fact_table fact_tunnels;
#endif
