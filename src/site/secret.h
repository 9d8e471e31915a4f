/* One secret of credentials.yaml: where it comes from, and fetching it. Inside src/site only; parent only. What was fetched is wiped
 * when it goes; no message here or elsewhere quotes a secret. */
#ifndef PREOP_SITE_SECRET_H
#define PREOP_SITE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"
#include "site/yaml.h"

#define SECRET_MAX (64u * 1024)
#define SECRET_MAX_PUBLIC (4u << 20) /* certificates: a system's whole list of authorities fits */
#define SECRET_COMMAND_MS 30000

enum secret_source { SECRET_NONE, SECRET_PLAIN, SECRET_ENV, SECRET_FILE, SECRET_COMMAND, SECRET_SYSTEMD };

struct secret {
    enum secret_source source;
    const char *text;                /* PLAIN: itself; ENV, SYSTEMD: the name; FILE: the path, absolute or from here */
    const char **argv;               /* COMMAND: NULL-terminated */
    int line, column;
    bool fetched;                    /* COMMAND: it was run */
    struct buf value;                /* COMMAND: what it said */
    char *error;                     /* COMMAND: why there is nothing; owned */
};

/* Reads a secret: a text, or a map with one of env, file, command, systemd. dir: what relative paths start from. False with an error. */
bool secret_parse(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char *dir, struct secret *out);
void secret_clear(struct secret *s);
/* Runs the command of a SECRET_COMMAND, once; others: nothing. */
void secret_prefetch(struct secret *s);
/* Appends the secret to out (buf_wipe it). Otherwise an error and *why, owned: "environment variable SNMP_AUTH is not set". */
int secret_fetch(const struct secret *s, struct buf *out, char **why) MUST_CHECK;

/* Splits a line into arguments as a shell would, quotes and backslashes included, but expands nothing; what only a shell could do is
 * refused. NULL with *why (static). In arena, NULL-terminated. */
const char **secret_split_command(struct arena *arena, const char *line, const char **why);
/* Runs argv without a shell: stdin and stderr closed off, HOME, PATH and LANG as its whole environment, timeout_ms, SECRET_MAX bytes. */
int secret_run(const char *const *argv, int timeout_ms, struct buf *out, char **why) MUST_CHECK;
/* A file that must be ours alone; with secret it may not be readable by others either. Appends its bytes. */
int secret_read_file(const char *path, bool secret, struct buf *out, char **why) MUST_CHECK;

#endif
