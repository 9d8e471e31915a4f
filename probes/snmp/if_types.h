/* IANA's words for ifType. */
#ifndef PREOP_PROBES_SNMP_IF_TYPES_H
#define PREOP_PROBES_SNMP_IF_TYPES_H

#include <stdint.h>

const char *if_type_name(int64_t type);      /* NULL when IANA has none that we know */

#endif
