/* A source of the snmp probe over tables that a test fills: rows come out as lines "column=value|column=value" of what is not NULL. */
#ifndef PREOP_TESTS_SNMP_FIXTURE_H
#define PREOP_TESTS_SNMP_FIXTURE_H

#include "probes/snmp/snmp_sources.h"

#define FIXTURE_NOW 1790000000       /* 2026-09-21T14:13:20Z */

struct seen { char *lines[64]; size_t n; bool full; };
struct fixture { struct snmp_table *parts[SOURCE_PARTS_MAX], *interfaces, *components; const struct snmp_source *source; int64_t uptime; bool uptime_wrapped; struct seen seen; };

void fixture_begin(struct fixture *f, const struct snmp_source *source);
void fixture_rows(struct fixture *f);                            /* makes the rows; every value must have its column's one valid form */
void fixture_clear(struct fixture *f);
/* Makes the rows, compares all of them, clears. */
void fixture_end(struct fixture *f, const char *const *expected, size_t n);

/* Values into a table; an index is dotted. */
void put(struct snmp_table *t, size_t column, const char *index, struct snmp_value v);
/* The same, into the part of the fixture's source that asks for this object. */
void put_at(struct fixture *f, const char *object, const char *index, struct snmp_value v);
struct snmp_value number(int64_t i);
struct snmp_value unsigned_number(enum snmp_type type, uint64_t u);
struct snmp_value bytes(enum snmp_type type, const char *s, size_t len);
struct snmp_value text(const char *s);
struct snmp_value pointer(const char *oid);

#endif
