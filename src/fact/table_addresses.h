/* addresses: the IP addresses of one device. */
#ifndef PREOP_FACT_TABLE_ADDRESSES_H
#define PREOP_FACT_TABLE_ADDRESSES_H
#include "fact/table.h"
enum addresses_column { ADDRESSES_ADDRESS, ADDRESSES_IF_INDEX, ADDRESSES_INTERFACE, ADDRESSES_PREFIX, ADDRESSES_PREFIX_LENGTH, ADDRESSES_ORIGIN, ADDRESSES_TYPE, ADDRESSES_ZONE, ADDRESSES_COLUMNS };
extern const struct fact_table fact_addresses;
#endif
