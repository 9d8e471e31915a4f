/* The ways of using the net probe (`net: tls`, `smb`, `rdp`, `dns`), and what their files share. Runs in workers. */
#ifndef PREOP_PROBES_NET_PARTS_H
#define PREOP_PROBES_NET_PARTS_H

#include "base/clock.h"
#include "fact/row.h"
#include "fact/watch.h"
#include "probes/probe.h"
#include "worker/tls_certificate.h"

/* Each is a collect() of its own. */
int net_endpoint_collect(struct probe_ctx *ctx);
int net_smb_collect(struct probe_ctx *ctx);
int net_rdp_collect(struct probe_ctx *ctx);
int net_dns_collect(struct probe_ctx *ctx);
/* The same endpoint, watched for a while: `endpoint_load`, a row an hour. */
int net_series_collect(struct probe_ctx *ctx, const struct watch *watch);

/* False after probe_fail() when the job's port is one that is never opened. */
bool net_port_ok(struct probe_ctx *ctx);
/* Empty and NULL texts stay NULL; so does the time INT64_MIN, which is written into iso. */
void net_set_known(struct fact_row *row, int column, const char *text);
void net_set_time(struct fact_row *row, int column, int64_t t, char iso[ISO_LEN]);
/* -1 stays NULL. */
void net_set_flag(struct fact_row *row, int column, int yes);

/* Where a certificate's values go in a table; all of them must be there. */
struct net_certificate_columns { int subject, issuer, names, not_before, not_after, self_signed, key, key_bits, security_bits, signature, sha256; };
void net_set_certificate(struct fact_row *row, const struct net_certificate_columns *at, const struct tls_certificate *c, char from[ISO_LEN], char to[ISO_LEN]);

#endif
