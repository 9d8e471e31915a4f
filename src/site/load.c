/* Pieces that several files of the site folder share: paths, networks, hours, milestones. Parent only; input is a user's file. */
#include "site/load.h"
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "fact/evidence_kind.h"

bool site_path_ok(const char *path, const char **why)
{
    const char *p = path;

    if (*p == '/' || *p == '~') {
        *why = "must be relative to the site folder: put the file into it";
        return false;
    }
    while (*p != '\0') {
        size_t len = strcspn(p, "/");
        if (len == 2 && p[0] == '.' && p[1] == '.') {
            *why = "must stay inside the site folder: no '..'";
            return false;
        }
        p += len;
        p += strspn(p, "/");
    }
    for (p = path; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            *why = "has control characters";
            return false;
        }
    }
    if (path[0] == '\0' || path[strlen(path) - 1] == '/') {
        *why = "must name a file";
        return false;
    }
    return true;
}

bool site_key_ok(const char *key)
{
    size_t len = strlen(key);

    return len >= 1 && len <= 64 && key[0] != '-' && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

bool site_mapping_name_ok(const char *as)
{
    return evidence_kind_find(as) != NULL || (strncmp(as, "csv/", 4) == 0 && site_key_ok(as + 4));
}

int64_t site_day_start(const char *tz, int64_t day)
{
    int64_t t = day;

    /* Twice: the offset at the first guess may not be the one that holds at the real beginning of the day. */
    for (int i = 0; i < 2; i++) {
        struct tm tm;
        clock_local(tz, t, &tm);
        tm.tm_isdst = 0;
        int64_t local = (int64_t)timegm(&tm);
        t += day - local;
    }
    return t;
}

const struct yaml_node *load_list(const struct yaml_in *in, const struct yaml_node *node, const char *what, size_t max)
{
    if (node == NULL || yaml_is_null(node) || !yaml_want(in, node, YAML_LIST, what))
        return NULL;
    if (node->n > max) {
        yaml_error(in, node, "%s has %zu entries; at most %zu are allowed", what, node->n, max);
        return NULL;
    }
    return node;
}

bool load_path(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char **out)
{
    const char *path = NULL, *why = NULL;

    if (!yaml_line(in, node, what, 1024, &path))
        return false;
    if (!site_path_ok(path, &why)) {
        yaml_error(in, node, "%s '%.60s' %s", what, path, why);
        return false;
    }
    *out = path;
    return true;
}

void load_line(const struct yaml_in *in, const struct yaml_node *map, const char *key, size_t max, const char **out)
{
    (void)yaml_line(in, yaml_get(map, key), key, max, out);
}

void load_prose(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char **out)
{
    const char *text = NULL;
    const struct yaml_node *node = yaml_get(map, key);

    if (!yaml_text(in, node, key, &text))
        return;
    if (text[0] == '\0')
        yaml_error(in, node, "%s is empty", key);
    else if (strlen(text) > SITE_MAX_PROSE)
        yaml_error(in, node, "%s is longer than %d bytes", key, SITE_MAX_PROSE);
    else
        *out = text;
}

bool load_hours(const struct yaml_in *in, const struct yaml_node *node, const char *what, struct hours **out, size_t *n)
{
    const char **texts = NULL;
    size_t n_texts = 0;
    bool ok = true;

    if (!yaml_text_list(in, node, what, &texts, &n_texts))
        return false;
    if (n_texts > SITE_MAX_LIST) {
        yaml_error(in, node, "%s has more than %d entries", what, SITE_MAX_LIST);
        return false;
    }
    struct hours *v = arena_array(in->arena, 2 * n_texts + 1, sizeof(*v));
    size_t count = 0;
    for (size_t i = 0; i < n_texts; i++) {
        struct hours pair[2] = { 0 };
        size_t got = 0;
        const char *why = NULL;
        if (!hours_parse(texts[i], pair, &got, &why)) {
            yaml_error(in, node->kind == YAML_LIST ? node->items[i] : node, "%s '%.40s' %s", what, texts[i], why);
            ok = false;
            continue;
        }
        for (size_t j = 0; j < got; j++)
            v[count++] = pair[j];
    }
    *out = v;
    *n = count;
    return ok;
}

bool load_networks(const struct yaml_in *in, const struct yaml_node *node, const char *what, struct cidr **out, size_t *n)
{
    const char **texts = NULL;
    size_t n_texts = 0;
    bool ok = true;

    if (!yaml_text_list(in, node, what, &texts, &n_texts))
        return false;
    if (n_texts > SITE_MAX_LIST) {
        yaml_error(in, node, "%s has more than %d entries", what, SITE_MAX_LIST);
        return false;
    }
    struct cidr *v = arena_array(in->arena, n_texts + 1, sizeof(*v));
    for (size_t i = 0; i < n_texts; i++) {
        const struct yaml_node *at = node->kind == YAML_LIST ? node->items[i] : node;
        struct cidr loose;
        if (cidr_parse(texts[i], false, &v[i]))
            continue;
        ok = false;
        if (cidr_parse(texts[i], true, &loose)) {
            char text[CIDR_TEXT];
            cidr_format(&loose, text);
            yaml_error(in, at, "%s '%s' has bits set behind its prefix length: did you mean %s?", what, texts[i], text);
        } else {
            yaml_error(in, at, "%s must be networks like 10.20.0.0/22 or fd00:20::/48, not '%.60s'", what, texts[i]);
        }
    }
    if (!ok)
        return false;
    *out = v;
    *n = n_texts;
    return true;
}

/* --- milestones ------------------------------------------------------------------------------------------------------- */

const char *const milestone_names[] = { "sign", "close", "connect", "day-1", "ehr-go-live", "day-100", "tsa-exit" };
const size_t n_milestone_names = N_ELEMENTS(milestone_names);

/* The place in design.md's order; the site's own come after all of those. */
static size_t canonical_place(const char *name)
{
    for (size_t i = 0; i < n_milestone_names; i++) {
        if (strcmp(name, milestone_names[i]) == 0)
            return i;
    }
    return n_milestone_names;
}

static bool comes_before(const struct milestone *a, const struct milestone *b)
{
    if (a->date != b->date)
        return a->date < b->date;
    return canonical_place(a->name) < canonical_place(b->name);
}

static void insert_at(struct milestone *v, size_t n, size_t at, const struct milestone *m)
{
    memmove(&v[at + 1], &v[at], (n - at) * sizeof(*v));
    v[at] = *m;
}

/* Dated ones by date; then each undated one of design.md behind the one that precedes it there; own undated ones last. */
static void order_milestones(struct site *s, const struct milestone *from, size_t n)
{
    struct milestone *v = s->milestones;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        if (from[i].date == 0)
            continue;
        while (at < count && !comes_before(&from[i], &v[at]))
            at++;
        insert_at(v, count++, at, &from[i]);
    }
    for (size_t c = 0; c < n_milestone_names; c++) {
        for (size_t i = 0; i < n; i++) {
            if (from[i].date != 0 || strcmp(from[i].name, milestone_names[c]) != 0)
                continue;
            size_t at = 0;
            for (size_t k = 0; c > 0 && k < count; k++) {
                if (strcmp(v[k].name, milestone_names[c - 1]) == 0)
                    at = k + 1;
            }
            insert_at(v, count++, at, &from[i]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (from[i].date == 0 && canonical_place(from[i].name) == n_milestone_names)
            insert_at(v, count, count, &from[i]), count++;
    }
    s->n_milestones = count;
}

bool site_set_milestone(struct site *s, const char *name, int64_t date)
{
    struct milestone *from = arena_array(s->arena, s->n_milestones + 1, sizeof(*from));
    size_t n = s->n_milestones;
    int at = milestone_order(s, name);

    if (at < 0)
        return false;
    memcpy(from, s->milestones, n * sizeof(*from));
    from[at].date = date;
    from[at].listed = true;
    order_milestones(s, from, n);
    return true;
}

/* The name of design.md that this one probably is: not when that stands there, too, nor when it has a number of its own (day-30). */
static const char *meant_milestone(const struct yaml_node *node, const char *name)
{
    const char *meant = NULL;

    if (canonical_place(name) < n_milestone_names || strpbrk(name, "0123456789") != NULL)
        return NULL;
    meant = nearest_word(name, milestone_names, n_milestone_names);
    return meant != NULL && yaml_get(node, meant) == NULL ? meant : NULL;
}

void load_milestones(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    size_t listed = 0, n = 0;

    if (node != NULL && !yaml_is_null(node) && yaml_want(in, node, YAML_MAP, "milestones"))
        listed = node->n;
    if (listed > 100) {
        yaml_error(in, node, "milestones has %zu entries; at most 100 are allowed", listed);
        listed = 0;
    }
    struct milestone *v = arena_array(in->arena, listed + n_milestone_names, sizeof(*v));
    s->milestones = arena_array(in->arena, listed + n_milestone_names + 1, sizeof(*v));
    for (size_t i = 0; i < listed; i++) {
        struct milestone m = { .name = node->keys[i], .listed = true };
        if (!site_key_ok(m.name)) {
            yaml_error_at(in, node->key_lines[i], node->key_columns[i], "a milestone's name has only a-z, 0-9 and -, not '%.40s'", m.name);
            continue;
        }
        bool own = canonical_place(m.name) == n_milestone_names;
        const char *meant = meant_milestone(node, m.name);
        if (meant != NULL) {
            yaml_error_at(in, node->key_lines[i], node->key_columns[i], "unknown milestone '%s' (did you mean '%s'?)", m.name, meant);
            continue;
        }
        if (yaml_is_null(node->items[i]) && own)
            yaml_error(in, node->items[i], "milestone '%s' is the site's own and needs a date", m.name);
        else if (!yaml_is_null(node->items[i]) && !yaml_date(in, node->items[i], "a milestone", &m.date))
            continue;
        v[n++] = m;
    }
    for (size_t c = 0; c < n_milestone_names; c++) {
        if (node == NULL || listed == 0 || yaml_get(node, milestone_names[c]) == NULL)
            v[n++] = (struct milestone){ .name = milestone_names[c] };
    }
    order_milestones(s, v, n);
}
