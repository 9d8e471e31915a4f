/* Object identifiers and values as SNMP carries them, without any library: what the session hands to the probe's parsers.
 * Runs in a worker; every byte in a value comes from the device and is hostile. */
#ifndef PREOP_WORKER_SNMP_VALUE_H
#define PREOP_WORKER_SNMP_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

#define SNMP_OID_MAX 128             /* sub-identifiers, RFC 2578 section 7.1.3 */

struct snmp_oid {
    size_t n;
    uint32_t id[SNMP_OID_MAX];
};

/* The ASN.1 tags of RFC 3416. */
enum snmp_type {
    SNMP_INTEGER = 0x02, SNMP_OCTETS = 0x04, SNMP_NULL = 0x05, SNMP_OBJECT_ID = 0x06,
    SNMP_IP_ADDRESS = 0x40, SNMP_COUNTER32 = 0x41, SNMP_GAUGE32 = 0x42, SNMP_TIME_TICKS = 0x43, SNMP_OPAQUE = 0x44, SNMP_COUNTER64 = 0x46,
    SNMP_NO_SUCH_OBJECT = 0x80, SNMP_NO_SUCH_INSTANCE = 0x81, SNMP_END_OF_MIB_VIEW = 0x82,
    SNMP_OTHER = 0xFF                /* anything else */
};

/* Everything in it is borrowed. */
struct snmp_value {
    enum snmp_type type;
    int64_t i;                       /* SNMP_INTEGER */
    uint64_t u;                      /* SNMP_COUNTER32, SNMP_GAUGE32, SNMP_TIME_TICKS, SNMP_COUNTER64 */
    const uint8_t *bytes;            /* SNMP_OCTETS, SNMP_IP_ADDRESS, SNMP_OPAQUE: len bytes */
    size_t len;
    const uint32_t *oid;             /* SNMP_OBJECT_ID: n_oid numbers */
    size_t n_oid;
};

/* Dotted decimal, a leading dot is fine. False for anything else, or more than SNMP_OID_MAX numbers. */
bool oid_parse(const char *s, struct snmp_oid *out);
void oid_format(struct buf *out, const uint32_t *id, size_t n);         /* without a leading dot */
int oid_compare(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b);      /* <0, 0, >0: lexicographical */
bool oid_under(const struct snmp_oid *base, const uint32_t *id, size_t n);  /* is id strictly below base? */

/* A value that is there: not an exception, not NULL, not of an unknown type. */
bool snmp_value_present(const struct snmp_value *v);
/* Numbers of any integer type; devices mix them up. False for other types. */
bool snmp_value_number(const struct snmp_value *v, int64_t *out);            /* false above INT64_MAX too */

#endif
