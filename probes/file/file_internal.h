/* What the files of the file probe share. Only for probes/file/. Runs in workers. */
#ifndef PREOP_PROBES_FILE_INTERNAL_H
#define PREOP_PROBES_FILE_INTERNAL_H

#include "probes/file/file_parse.h"
#include "probes/probe.h"
#include "probes/snmp/snmp_know.h"

/* The names under which the file may speak of a target of the site, from the job. file_aliases_free() it. */
struct file_aliases *file_aliases_of(const struct job *job);

/* Each reads a whole file in UTF-8 and emits its rows and the outcome of every wanted table. know: the device rules, may be NULL. */
void file_walk_read(struct probe_ctx *ctx, struct snmp_know *know, const char *text, size_t len, struct file_aliases *aliases);
void file_nmap_read(struct probe_ctx *ctx, const char *text, size_t len, struct file_aliases *aliases);
void file_leases_read(struct probe_ctx *ctx, bool is_kea, const char *text, size_t len, struct file_aliases *aliases);

/* %zu leases, when the site file says nothing of guests' networks: a lease tells its address only. */
#define FILE_LEASES_UNDECIDED "%zu leases were left out, because the file does not tell whether they are of guests or patients. Name their networks under guest_networks: in site.yaml ([] when there are none)"

/* One row of client_counts for each network; nothing when the job does not want them. */
void file_guests_emit(struct probe_ctx *ctx, const struct guest_tally *tally);

#endif
