/* YAML files of ours and of strangers (checklists) as a tree of nodes with places, read through libyaml under limits.
 * Parent (and lint). Anchors, aliases, tags other than the core ones, several documents and duplicate keys are refused. */
#ifndef PREOP_SITE_YAML_H
#define PREOP_SITE_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    int line, column;                /* from 1 */
    const char *text;                /* scalar: valid UTF-8 */
    bool flow;                       /* list: written in brackets; then the place of the closing one */
    int end_line, end_column;
    bool quoted;                     /* scalar: quoted or block style, so it is text whatever it looks like */
    struct yaml_node **items;        /* list; map values */
    const char **keys;               /* map */
    int *key_lines, *key_columns;    /* map */
    size_t n;
};

#define YAML_MAX_BYTES (8u << 20)
#define YAML_MAX_DEPTH 32
#define YAML_MAX_NODES 500000

/* Parses bytes; file is the name in messages. All errors go to diags; NULL when there was any that stops reading. Nodes live in arena. */
struct yaml_node *yaml_parse(struct arena *arena, const char *file, const void *p, size_t len, struct diags *diags);
/* The same for a file that holds secrets: no message quotes anything of it, and libyaml's buffers are wiped as far as it
 * lets them be reached. The arena is the caller's to wipe. */
struct yaml_node *yaml_parse_secret(struct arena *arena, const char *file, const void *p, size_t len, struct diags *diags);

/* A reader for one file's nodes: where messages go. secret: no message quotes a value, nor a key that is not nearly a known one. */
struct yaml_in { struct arena *arena; const char *file; struct diags *diags; bool secret; };

void yaml_error(const struct yaml_in *in, const struct yaml_node *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void yaml_error_at(const struct yaml_in *in, int line, int column, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);      /* NULL when absent, or not a map */
/* The same, with an error at the map when it is absent. what: the thing that the map is, "a target". */
const struct yaml_node *yaml_need(const struct yaml_in *in, const struct yaml_node *map, const char *what, const char *key);
bool yaml_is_null(const struct yaml_node *node);         /* nothing, ~ or null, unquoted */
/* Refuses keys of map that are not among keys[0..n), naming the nearest known one. */
void yaml_known_keys(const struct yaml_in *in, const struct yaml_node *map, const char *what, const char *const *keys, size_t n);
bool yaml_want(const struct yaml_in *in, const struct yaml_node *node, enum yaml_kind kind, const char *what);

/* Typed scalars: an error with place and what was expected, and false; out untouched then. node NULL: false without error. */
bool yaml_text(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char **out);
bool yaml_int(const struct yaml_in *in, const struct yaml_node *node, const char *what, int64_t min, int64_t max, int64_t *out);
bool yaml_real(const struct yaml_in *in, const struct yaml_node *node, const char *what, double min, double max, double *out);
bool yaml_bool(const struct yaml_in *in, const struct yaml_node *node, const char *what, bool *out);
bool yaml_date(const struct yaml_in *in, const struct yaml_node *node, const char *what, int64_t *out);      /* YYYY-MM-DD */
bool yaml_duration(const struct yaml_in *in, const struct yaml_node *node, const char *what, int64_t max_ms, int64_t *out_ms);
bool yaml_choice(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char *const *choices, size_t n, int *out);
/* As yaml_text, but the value stands alone: no line break or other control character, at most max bytes. For names that go into reports and paths. */
bool yaml_line(const struct yaml_in *in, const struct yaml_node *node, const char *what, size_t max, const char **out);
/* A list of scalars, or one scalar taken as a list of one. */
bool yaml_text_list(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char ***out, size_t *n);

#endif
