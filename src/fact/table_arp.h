/* arp: which hardware address one device knows for which IP address. */
#ifndef PREOP_FACT_TABLE_ARP_H
#define PREOP_FACT_TABLE_ARP_H
#include "fact/table.h"
enum arp_column { ARP_IF_INDEX, ARP_ADDRESS, ARP_INTERFACE, ARP_MAC, ARP_TYPE, ARP_COLUMNS };
extern const struct fact_table fact_arp;
#endif
