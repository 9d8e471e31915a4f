/* What the parts of the site loader share; nobody outside src/site includes it. Parent only. */
#ifndef PREOP_SITE_LOAD_H
#define PREOP_SITE_LOAD_H

#include "base/buf.h"
#include "fact/form.h"
#include "site/site.h"
#include "site/yaml.h"

#define SITE_MAX_TARGETS 20000
#define SITE_MAX_LIST 1000           /* networks, methods, hours, owners, ... */
#define SITE_MAX_RECORDS 20000       /* waivers, decisions */
#define SITE_MAX_EVIDENCE 5000
#define SITE_MAX_NAME 200
#define SITE_MAX_PROSE 4000

/* One "Mon-Fri 08:00-17:30". Hours that pass midnight give two. False with *why (static). Pure. */
bool hours_parse(const char *text, struct hours out[2], size_t *n, const char **why);
/* Minutes from (day, minute) on for which one of hours holds without a gap: 0 when none holds now, -1 when there is no end. */
int hours_left(const struct hours *hours, size_t n, int day, int minute);
void hours_format(const struct hours *h, struct buf *out);

/* A path inside the site folder: relative, no ".." component, no control characters. False with *why (static). */
bool site_path_ok(const char *path, const char **why);
/* [a-z0-9-], beginning with a letter or digit, at most 64. */
bool site_key_ok(const char *key);
/* Nothing but blank lines and comments: as good as no file. */
bool site_says_nothing(const char *p, size_t len);
/* "csv/NAME". */
bool site_mapping_name_ok(const char *as);
/* The first second, in UTC, of the day (00:00 UTC of the date) in zone tz. */
int64_t site_day_start(const char *tz, int64_t day);

bool load_hours(const struct yaml_in *in, const struct yaml_node *node, const char *what, struct hours **out, size_t *n);
bool load_networks(const struct yaml_in *in, const struct yaml_node *node, const char *what, struct cidr **out, size_t *n);
/* A list of at most max maps: node when it is one, else NULL with an error. what: "targets". */
const struct yaml_node *load_list(const struct yaml_in *in, const struct yaml_node *node, const char *what, size_t max);
/* A `never:`: networks into *out, names and beginnings of hardware addresses into s, behind those that are there. */
bool load_never(const struct yaml_in *in, const struct yaml_node *node, struct site *s, struct cidr **out, size_t *n);
bool load_path(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char **out);
/* A host's name as it may stand in the site file: letters, digits, '.', '-', '_'. */
bool site_host_name_ok(const char *host);
/* "10.0.0.1", "10.0.0.1:22", "[::1]:22", "::1", "host:443": the host, and the port where there is one. */
bool load_host(const struct yaml_in *in, const struct yaml_node *node, const char *text, const char **out_host, int *port);
/* port: and timeout: of a probe. */
void load_port_and_timeout(const struct yaml_in *in, const struct yaml_node *node, struct target_probe *p);
#define NET_MAX_USES 4               /* of one target: endpoint (tls or tcp), smb, rdp, dns */
/* `net:` of a target, one use or a list of them: appends to t->probes, which has room for NET_MAX_USES. */
void load_net(const struct yaml_in *in, const struct yaml_node *node, struct target *t);
/* When the address is read: ports, and what net must not open. */
void load_net_settle(const struct yaml_in *in, const struct yaml_node *address, struct target *t);
void load_mapping_name(const struct yaml_in *in, const struct yaml_node *node, const char **out);
/* dates: of a file that the mapping `as` reads. NULL node: nothing. */
void load_dates_order(const struct yaml_in *in, const struct yaml_node *node, const char *as, enum date_order *out);
struct file_place load_place(const struct yaml_node *node);   /* of NULL: none */
/* An optional one-line text. */
void load_line(const struct yaml_in *in, const struct yaml_node *map, const char *key, size_t max, const char **out);
void load_prose(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char **out);

void load_authorization(const struct yaml_in *in, const struct yaml_node *node, struct site *s);
void load_milestones(const struct yaml_in *in, const struct yaml_node *node, struct site *s);
void load_targets(const struct yaml_in *in, const struct yaml_node *node, struct site *s);
/* After everything is read: evidence with a mapping becomes targets; names must be unique. */
void load_evidence_targets(const struct yaml_in *in, struct site *s);
void load_site_file(const struct yaml_in *in, const struct yaml_node *root, struct site *s);
void load_waivers(const struct yaml_in *in, const struct yaml_node *root, struct site *s);
void load_decisions(const struct yaml_in *in, const struct yaml_node *root, struct site *s);
/* A YAML text in double quotes. s is valid UTF-8 without control characters. */
void put_quoted(struct buf *out, const char *s);
void load_remedies(const struct yaml_in *in, const struct yaml_node *node, struct decision *d);
void load_work(const struct yaml_in *in, const struct yaml_node *root, struct site *s);
void load_requests(const struct yaml_in *in, const struct yaml_node *root, struct site *s);
void load_attestations(const struct yaml_in *in, const struct yaml_node *root, struct site *s);
/* The entries of such a file, whatever its name; out has room for n_forms. defaults: as site_attestations_read(). */
void load_answers(const struct yaml_in *in, const struct yaml_node *root, const struct site *s, const struct attestation *defaults, struct attestation *out, size_t *n);
/* After attestations.yaml: the rows of a sheet's file. What is wrong with it becomes its answer's problem: a bad sheet stops no check. */
void load_sheet(struct site *s, const struct form *f, const char *bytes, size_t len);
/* After all of them: a sheet with an entry and no file. */
void load_sheets_missing(struct site *s);
void load_evidence(const struct yaml_in *in, const struct yaml_node *root, struct site *s);

#endif
