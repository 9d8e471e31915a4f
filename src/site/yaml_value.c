/* Typed values out of YAML nodes, each with an error that names place, what was expected and, unless the file holds secrets,
 * what stands there. Parent (and lint). Nodes are hostile: every value is checked against its limits. */
#include "site/yaml.h"
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"

#define MAX_SHOWN 40
#define MAX_UNKNOWN_KEYS 40          /* of one map; more would only bury the first */

void yaml_error(const struct yaml_in *in, const struct yaml_node *at, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    diag_addv(in->diags, DIAG_ERROR, in->file, at != NULL ? at->line : 0, at != NULL ? at->column : 0, fmt, ap);
    va_end(ap);
}

void yaml_error_at(const struct yaml_in *in, int line, int column, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    diag_addv(in->diags, DIAG_ERROR, in->file, line, column, fmt, ap);
    va_end(ap);
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    if (map == NULL || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++) {
        if (strcmp(map->keys[i], key) == 0)
            return map->items[i];
    }
    return NULL;
}

const struct yaml_node *yaml_need(const struct yaml_in *in, const struct yaml_node *map, const char *what, const char *key)
{
    const struct yaml_node *node = yaml_get(map, key);

    if (node == NULL)
        yaml_error(in, map, "%s needs '%s:'", what, key);
    return node;
}

bool yaml_is_null(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && !node->quoted &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

static bool key_known(const char *key, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(key, keys[i]) == 0)
            return true;
    }
    return false;
}

/* "a, b and c": what may stand there. */
static const char *choices_text(struct arena *arena, const char *const *words, size_t n, const char *last)
{
    const char *text = "";

    for (size_t i = 0; i < n; i++)
        text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : i + 1 == n ? last : ", ", words[i]);
    return text;
}

/* Whether one more message would still be kept: the words of the others need not be made. */
static bool room(const struct yaml_in *in)
{
    return in->diags->n < DIAGS_MAX;
}

void yaml_known_keys(const struct yaml_in *in, const struct yaml_node *map, const char *what, const char *const *keys, size_t n)
{
    size_t told = 0;

    for (size_t i = 0; i < map->n && told < MAX_UNKNOWN_KEYS && room(in); i++) {
        const char *key = map->keys[i];
        if (key_known(key, keys, n))
            continue;
        told++;
        const char *nearest = nearest_word(key, keys, n);
        if (nearest != NULL)
            yaml_error_at(in, map->key_lines[i], map->key_columns[i], "unknown key '%.*s' in %s (did you mean '%s'?)", MAX_SHOWN, key, what, nearest);
        else if (in->secret)
            yaml_error_at(in, map->key_lines[i], map->key_columns[i], "unknown key in %s; known are %s", what, choices_text(in->arena, keys, n, " and "));
        else
            yaml_error_at(in, map->key_lines[i], map->key_columns[i], "unknown key '%.*s' in %s; known are %s", MAX_SHOWN, key, what,
                          choices_text(in->arena, keys, n, " and "));
    }
}

static const char *kind_text(enum yaml_kind kind)
{
    static const char *const names[] = { "a single value", "a list", "a map (key: value)" };

    return names[kind];
}

bool yaml_want(const struct yaml_in *in, const struct yaml_node *node, enum yaml_kind kind, const char *what)
{
    if (node == NULL)
        return false;
    if (node->kind == kind)
        return true;
    yaml_error(in, node, "%s must be %s, not %s", what, kind_text(kind), yaml_is_null(node) ? "empty" : kind_text(node->kind));
    return false;
}

/* ", not 'x'" for a message, or "" in a file with secrets. */
static const char *found(const struct yaml_in *in, const struct yaml_node *node)
{
    if (in->secret || !room(in))
        return "";
    return arena_printf(in->arena, ", not '%.*s%s'", MAX_SHOWN, node->text, strlen(node->text) > MAX_SHOWN ? "..." : "");
}

static bool want_scalar(const struct yaml_in *in, const struct yaml_node *node, const char *what)
{
    if (!yaml_want(in, node, YAML_SCALAR, what))
        return false;
    if (!yaml_is_null(node))
        return true;
    yaml_error(in, node, "%s is empty", what);
    return false;
}

bool yaml_text(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char **out)
{
    if (!want_scalar(in, node, what))
        return false;
    *out = node->text;
    return true;
}

bool yaml_line(const struct yaml_in *in, const struct yaml_node *node, const char *what, size_t max, const char **out)
{
    if (!want_scalar(in, node, what))
        return false;
    if (node->text[0] == '\0') {
        yaml_error(in, node, "%s is empty", what);
        return false;
    }
    if (strlen(node->text) > max) {
        yaml_error(in, node, "%s is longer than %zu bytes", what, max);
        return false;
    }
    if (strpbrk(node->text, "\n\t") != NULL) {
        yaml_error(in, node, "%s must be one line, without tabs", what);
        return false;
    }
    *out = node->text;
    return true;
}

bool yaml_int(const struct yaml_in *in, const struct yaml_node *node, const char *what, int64_t min, int64_t max, int64_t *out)
{
    long long v = 0;

    if (!want_scalar(in, node, what))
        return false;
    if (node->quoted || !text_parse_int(node->text, min, max, &v)) {
        yaml_error(in, node, "%s must be a whole number from %lld to %lld%s", what, (long long)min, (long long)max, found(in, node));
        return false;
    }
    *out = v;
    return true;
}

/* Digits, sign, point, exponent: no hexadecimal, no inf, and a point whatever the user's language writes. */
static bool parse_real(const char *s, double *out)
{
    static locale_t loc = (locale_t)0;
    char *end = NULL;

    if (*s == '\0' || s[strspn(s, "0123456789+-.eE")] != '\0')
        return false;
    if (loc == (locale_t)0)
        loc = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    *out = strtod_l(s, &end, loc);
    return *end == '\0' && isfinite(*out);
}

bool yaml_real(const struct yaml_in *in, const struct yaml_node *node, const char *what, double min, double max, double *out)
{
    double v = 0;

    if (!want_scalar(in, node, what))
        return false;
    if (node->quoted || !parse_real(node->text, &v)) {
        yaml_error(in, node, "%s must be a number%s", what, found(in, node));
        return false;
    }
    if (v < min || v > max) {
        yaml_error(in, node, "%s must be from %.15g to %.15g%s", what, min, max, found(in, node));
        return false;
    }
    *out = v;
    return true;
}

bool yaml_bool(const struct yaml_in *in, const struct yaml_node *node, const char *what, bool *out)
{
    if (!want_scalar(in, node, what))
        return false;
    bool yes = strcmp(node->text, "true") == 0;
    if (node->quoted || (!yes && strcmp(node->text, "false") != 0)) {
        yaml_error(in, node, "%s must be true or false%s", what, found(in, node));
        return false;
    }
    *out = yes;
    return true;
}

bool yaml_date(const struct yaml_in *in, const struct yaml_node *node, const char *what, int64_t *out)
{
    if (!want_scalar(in, node, what))
        return false;
    if (!date_parse(node->text, out)) {
        yaml_error(in, node, "%s must be a date like 2026-12-15 (year-month-day)%s", what, found(in, node));
        return false;
    }
    return true;
}

bool yaml_duration(const struct yaml_in *in, const struct yaml_node *node, const char *what, int64_t max_ms, int64_t *out_ms)
{
    long long v = 0;

    if (!want_scalar(in, node, what))
        return false;
    if (!text_parse_duration(node->text, max_ms, &v)) {
        yaml_error(in, node, "%s must be a time with its unit, like 500ms, 2s, 3m, 1h or 90d, at most %llds%s", what,
                   (long long)(max_ms / 1000), found(in, node));
        return false;
    }
    *out_ms = v;
    return true;
}

bool yaml_choice(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char *const *choices, size_t n, int *out)
{
    if (!want_scalar(in, node, what))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(node->text, choices[i]) == 0) {
            *out = (int)i;
            return true;
        }
    }
    const char *nearest = strlen(node->text) > MAX_SHOWN || !room(in) ? NULL : nearest_word(node->text, choices, n);
    if (nearest != NULL)
        yaml_error(in, node, "unknown %s '%s' (did you mean '%s'?)", what, node->text, nearest);
    else
        yaml_error(in, node, "%s must be %s%s", what, choices_text(in->arena, choices, n, " or "), found(in, node));
    return false;
}

bool yaml_text_list(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char ***out, size_t *n)
{
    bool ok = true;

    if (node == NULL)
        return false;
    if (node->kind == YAML_MAP) {
        yaml_error(in, node, "%s must be a list", what);
        return false;
    }
    size_t count = node->kind == YAML_LIST ? node->n : 1;
    const char **v = arena_array(in->arena, count + 1, sizeof(*v));
    for (size_t i = 0; i < count; i++)
        ok = yaml_text(in, node->kind == YAML_LIST ? node->items[i] : node, what, &v[i]) && ok;
    if (!ok)
        return false;
    *out = v;
    *n = count;
    return true;
}
