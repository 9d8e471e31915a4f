/* Device rules in memory: how the vendor, model, OS, version and serial of a device are known from what it answers over SNMP. The parent
 * builds them from YAML (site/device_rules.c) and encodes them into the job; the snmp probe decodes and applies them. Used by parent and
 * worker; the decoder trusts no length, number or name. */
#ifndef PREOP_FACT_DEVICE_RULES_H
#define PREOP_FACT_DEVICE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/pattern.h"

#define DEVICE_RULES_MAX 2000
#define DEVICE_RULES_MAX_PREFIXES 64     /* object ids of one rule */
#define DEVICE_RULES_MAX_TAKES 24        /* places where one rule looks for one attribute */
#define DEVICE_RULES_MAX_PAIRS 2000      /* values of one map */
#define DEVICE_RULES_MAX_VENDORS 10000
#define DEVICE_RULES_MAX_WIRE (2u << 20)

enum device_attribute { DEVICE_VENDOR, DEVICE_MODEL, DEVICE_OS, DEVICE_OS_VERSION, DEVICE_SERIAL, DEVICE_ATTRIBUTES };
const char *device_attribute_name(enum device_attribute a);

enum device_source {
    DEVICE_FROM_VALUE,       /* the rule's own words */
    DEVICE_FROM_DESCR,       /* sysDescr */
    DEVICE_FROM_NAME,        /* sysName: only for makers that write a serial or model there */
    DEVICE_FROM_OBJECT_ID,   /* what follows `object` in sysObjectID */
    DEVICE_FROM_OID,         /* one object, whole with its instance */
    DEVICE_FROM_COLUMN,      /* the first row of a column that gives a value */
    DEVICE_FROM_ENTITY,      /* a column of entPhysicalTable, of the stack or the (first) chassis */
    DEVICE_SOURCES
};
struct device_pair { const char *from, *to; };
/* One place to look. */
struct device_take {
    enum device_source source;
    const char *object;              /* OID, COLUMN, OBJECT_ID: dotted; ENTITY: the column of entPhysicalTable, dotted; else NULL */
    const char *match;               /* a pattern that the text must meet; NULL: none */
    const char *as;                  /* what it becomes: text with $0 to $9; NULL: $1 where the pattern has a group, else all */
    bool mac;                        /* six octets, written as a MAC address */
    bool only;                       /* COLUMN: only where one row gives a value: with several nobody knows which is the device's own */
    struct device_pair *map; size_t n_map;       /* by it, without regard to case; what it has not is no value */
    struct pattern *compiled;                    /* match, in a worker that applies it; never encoded, not freed with the rules */
};
struct device_takes { struct device_take *v; size_t n; };
struct device_rule {
    const char *name;
    const char **object_ids; size_t n_object_ids;    /* one of these must begin sysObjectID; none: any device, and those without one */
    const char *descr;                               /* a pattern that sysDescr must meet; NULL: none */
    struct pattern *descr_compiled;                  /* as in device_take */
    struct device_takes has;                         /* each must give a value */
    struct device_takes takes[DEVICE_ATTRIBUTES];    /* in order: the first that gives a value */
    bool final;                                      /* what it leaves unknown no later rule knows */
};
struct device_vendor { uint32_t enterprise; const char *name; };
struct device_rules {
    struct arena *arena;             /* everything lives here */
    struct device_vendor *vendors; size_t n_vendors;         /* by number, each once: the vendor when no rule says one */
    struct device_rule *rules; size_t n_rules;               /* in order; all that meet a device count, the earlier before the later */
};

struct device_rules *device_rules_new(void);         /* device_rules_free() it */
void device_rules_free(struct device_rules *r);      /* NULL is fine */
void device_rules_encode(const struct device_rules *r, struct buf *out);
/* ERR_FORMAT for anything that device_rules_encode() would not write. device_rules_free(*out). */
int device_rules_decode(const void *p, size_t len, struct device_rules **out) MUST_CHECK;

/* The vendor of a sysObjectID under 1.3.6.1.4.1; NULL when it is not known. */
const char *device_rules_vendor(const struct device_rules *r, const uint32_t *oid, size_t n);
/* Dotted decimal numbers only, 1 to 128 of them. */
bool device_rules_oid_ok(const char *s);
/* Whether s stands where a serial should and is none: "N/A", zeros, 123456789, words without a digit. */
bool device_serial_is_placeholder(const char *s);
/* The same for other attributes: empty words only. */
bool device_text_is_placeholder(const char *s);

#endif
