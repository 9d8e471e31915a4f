/* What all sources together ask of one agent, in two rounds, and what became of it: the first round asks what every agent may have, and looks once
 * at the name above each table that few have; the second asks for the tables that were there, and for the vendor's own. Parts that several sources
 * share are read once. Runs in a worker; pure but for what probe_emit() and probe_table() do. */
#ifndef PREOP_PROBES_SNMP_READING_H
#define PREOP_PROBES_SNMP_READING_H

#include "probes/snmp/snmp_agent.h"
#include "probes/snmp/snmp_guests.h"
#include "probes/snmp/snmp_sources.h"

#define READING_WALKS_MAX 208        /* of one round */

struct snmp_reading;

struct snmp_reading *snmp_reading_new(struct probe_ctx *ctx);
void snmp_reading_free(struct snmp_reading *r);              /* NULL is fine */

/* Both write the walks of a round and give how many, at most READING_WALKS_MAX; the walks stay where they are until the reading is freed. */
size_t snmp_reading_first(struct snmp_reading *r, struct snmp_walk *walks);
/* Once the first round was fetched. object_id: sysObjectID, NULL when it is not known: then no vendor is left out. */
size_t snmp_reading_second(struct snmp_reading *r, const struct snmp_value *object_id, struct snmp_walk *walks);

/* The table of a source's part, and why it is not whole (REASON_NONE: it is); NULL when nobody wants it. */
const struct snmp_table *snmp_reading_part(struct snmp_reading *r, const struct snmp_source *source, size_t part, const struct snmp_walk **why);
/* Whether everything that a wanted source asks for came, or is not there. */
bool snmp_reading_is_whole(struct snmp_reading *r, const struct snmp_source *source);

/* Whether the agent showed an object that this MIB demands. */
bool snmp_reading_has(struct snmp_reading *r, const struct snmp_source *source);

/* Shows every row of a source to fn and emits none; of a source that nobody wants there are none. context: parts, emit, full and arg are the reading's own to
 * set. */
void snmp_reading_look(struct snmp_reading *r, const struct snmp_source *source, const struct snmp_view *context, void (*fn)(void *arg, const struct fact_row *row), void *arg);
/* Emits every source's rows but those of guests, or says why there are none. */
void snmp_reading_emit(struct snmp_reading *r, const struct snmp_agent *agent, const struct snmp_view *context, const struct snmp_guests *guests);

/* The outcome of a table of which some rows came, and of one of which none did. */
void snmp_say_partial(struct probe_ctx *ctx, const struct fact_table *t, const struct snmp_walk *w);
/* An agent some of whose answers were so damaged that they had to be thrown away: what else it said need not be whole. The second says so of a table that is
 * complete otherwise. */
bool snmp_is_damaged(const struct snmp_agent *agent);
void snmp_say_doubtful(struct probe_ctx *ctx, const struct fact_table *t, const struct snmp_agent *agent, const struct snmp_walk *w);
void snmp_say_none(struct probe_ctx *ctx, const struct fact_table *t, enum reason reason, const char *detail);
void snmp_emit_at(struct probe_ctx *ctx, const struct snmp_agent *agent, const struct fact_row *row);
/* Every object, for people to read. */
void snmp_reading_explain(FILE *out);

#endif
