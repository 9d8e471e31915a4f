/* Guests and patients among those whom a device knows: its ARP and forwarding tables and its neighbours name them by address and hardware
 * address. They are counted, and no row of theirs is emitted. Rows are noted first, in any order, because one table tells of another: a
 * guest's hardware address is known from ARP, and stands in the forwarding table, too. Pure; unit-tested; every row is hostile. */
#ifndef PREOP_PROBES_SNMP_GUESTS_H
#define PREOP_PROBES_SNMP_GUESTS_H

#include "fact/guests.h"
#include "fact/row.h"
#include "probes/snmp/snmp_parse.h"

struct snmp_guests;

struct snmp_guests *snmp_guests_new(const struct guests *told);          /* told is borrowed */
void snmp_guests_free(struct snmp_guests *g);                            /* NULL is fine */
/* Takes what is known of the device's own interfaces. t: INTERFACE_COLUMNS. */
void snmp_guests_interfaces(struct snmp_guests *g, const struct snmp_table *t);
/* Takes what a row of addresses, vlans, arp or mac_addresses tells; other rows tell nothing. arg is the guests. */
void snmp_guests_note(void *arg, const struct fact_row *row);
/* When all is noted. After it: who is a guest, and how many there are in each network; each hardware address counts once. */
void snmp_guests_conclude(struct snmp_guests *g);
const struct guest_tally *snmp_guests_tally(const struct snmp_guests *g);
/* A forwarding table of which nobody can tell which VLANs are of guests, where there are guests: who is in it is known by ARP only, if at all. */
bool snmp_guests_lack_vlan(const struct snmp_guests *g);
/* Whether a row of arp, mac_addresses or neighbors is a guest's: then it must not be kept. The device's own addresses are no guest's. */
bool snmp_guests_hold(const struct snmp_guests *g, const struct fact_row *row);

#endif
