/* From where we look: what this machine's own link knows, without sending anything. Parent. */
#ifndef PREOP_COLLECT_VANTAGE_H
#define PREOP_COLLECT_VANTAGE_H

#include <stdbool.h>
#include "base/buf.h"
#include "collect/own_link.h"

/* A JSON object of texts: label (a person's word, may be NULL), and of the link, as far as it is known: interface, address (with prefix length), gateway, vlan, ssid, mac,
 * resolvers and dns_suffixes (each separated by blanks), dhcp_server, neighbor, neighbor_port, neighbor_chassis_id, neighbor_address. l NULL: the label alone. */
void vantage_json(const char *label, const struct own_link *l, struct buf *out);
/* The same of the link as it is now; offline: the label alone. */
void vantage_describe(const char *label, bool offline, struct buf *out);

#endif
