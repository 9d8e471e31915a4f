/* Adding to `targets:` of site.yaml. Parent only. The file is a person's, with comments, an order and a style of its own, so text is put in at one place and
 * everything else stays byte for byte; a reading of the result proves it. discovered.yaml holds devices' words: it is read as YAML, never copied. */
#include "site/merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "base/path.h"
#include "base/utf8.h"
#include "site/load.h"
#include "site/yaml_put.h"

#define SITE_NAME "site.yaml"
#define FOUND_NAME "discovered.yaml"

struct merge {
    struct arena *arena;
    const char *site; size_t len;            /* site.yaml */
    const struct yaml_node *root, *targets;  /* targets NULL: it has none yet */
    const struct yaml_node **v; size_t n;    /* what is added */
    const char *eol;
    struct diags *diags;
};

static int refuse(const struct merge *m, const struct yaml_node *at, const char *why)
{
    diag_add(m->diags, DIAG_ERROR, SITE_NAME, at != NULL ? at->line : 0, at != NULL ? at->column : 0, "nothing was added: %s. Copy the lines from " FOUND_NAME " by hand", why);
    return ERR_BAD_INPUT;
}

/* --- what is new ----------------------------------------------------------------------------------------------------------- */

static const char *text_at(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_get(map, key);
    return node != NULL && node->kind == YAML_SCALAR ? node->text : NULL;
}

static const struct yaml_node *with(const struct yaml_node *list, const char *key, const char *value)
{
    for (size_t i = 0; list != NULL && i < list->n && value != NULL; i++) {
        const char *text = text_at(list->items[i], key);
        if (text != NULL && strcmp(text, value) == 0)
            return list->items[i];
    }
    return NULL;
}

static void choose(struct merge *m, const struct yaml_node *found)
{
    const struct yaml_in in = { .arena = m->arena, .file = FOUND_NAME, .diags = m->diags };
    const struct yaml_node *list = yaml_get(found, "targets");
    list = list != NULL ? load_list(&in, list, "targets", SITE_MAX_TARGETS) : NULL;
    m->v = arena_array(m->arena, (list != NULL ? list->n : 0) + 1, sizeof *m->v);
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        const struct yaml_node *t = list->items[i];
        const char *name = text_at(t, "name"), *address = text_at(t, "address");
        if (t->kind != YAML_MAP || name == NULL || address == NULL)
            yaml_error(&in, t, "a target needs 'name:' and 'address:'");
        else if (with(m->targets, "address", address) != NULL)
            continue;
        else if (with(m->targets, "name", name) != NULL)
            yaml_error(&in, t, "site.yaml has a target '%.60s' at another address: give this one another name here", name);
        else
            m->v[m->n++] = t;
    }
}

/* --- writing --------------------------------------------------------------------------------------------------------------- */

static void put_node(struct buf *out, const struct yaml_node *node)
{
    bool list = node->kind == YAML_LIST;
    if (node->kind == YAML_SCALAR) {
        bool number = !node->quoted && node->text[0] != '\0' && strlen(node->text) < 10 && strspn(node->text, "0123456789") == strlen(node->text);
        if (number)
            buf_puts(out, node->text);
        else
            yaml_put_scalar(out, node->text);
        return;
    }
    buf_putc(out, list ? '[' : '{');
    for (size_t i = 0; i < node->n; i++) {
        buf_puts(out, i > 0 ? ", " : "");
        if (!list) {
            yaml_put_scalar(out, node->keys[i]);
            buf_puts(out, ": ");
        }
        put_node(out, node->items[i]);
    }
    buf_putc(out, list ? ']' : '}');
}

/* The byte at which line (from 1) begins; the length when there is none. */
static size_t line_start(const struct merge *m, int line)
{
    size_t at = 0;
    while (--line > 0 && at < m->len) {
        const char *end = memchr(m->site + at, '\n', m->len - at);
        at = end != NULL ? (size_t)(end - m->site) + 1 : m->len;
    }
    return at;
}

/* The byte of a column (from 1, in characters). */
static size_t place_of(const struct merge *m, int line, int column)
{
    size_t at = line_start(m, line);
    while (--column > 0 && at < m->len) {
        uint32_t cp;
        size_t n = utf8_decode(m->site + at, m->len - at, &cp);
        at += n > 0 ? n : 1;
    }
    return at;
}

static void put_lines(const struct merge *m, size_t indent, struct buf *out)
{
    for (size_t i = 0; i < m->n; i++) {
        for (size_t k = 0; k < indent; k++)
            buf_putc(out, ' ');
        buf_puts(out, "- ");
        put_node(out, m->v[i]);
        buf_puts(out, m->eol);
    }
}

static void put_split(const struct merge *m, size_t at, const struct buf *middle, struct buf *out)
{
    buf_append(out, m->site, at);
    if (at > 0 && m->site[at - 1] != '\n' && middle->len > 0 && middle->data[middle->len - 1] == '\n')
        buf_puts(out, m->eol);           /* the file's last line has no end of its own */
    buf_append(out, middle->data, middle->len);
    buf_append(out, m->site + at, m->len - at);
}

/* [a, b]: before the bracket. */
static int into_flow(const struct merge *m, struct buf *out)
{
    struct buf middle = BUF_INIT(YAML_MAX_BYTES);
    size_t at = place_of(m, m->targets->end_line, m->targets->end_column);
    if (at == 0 || at >= m->len || m->site[at] != ']')
        return refuse(m, m->targets, "the end of its list of targets could not be found");
    size_t before = at;
    while (before > 0 && strchr(" \t\r\n", m->site[before - 1]) != NULL)
        before--;
    bool comma = before > 0 && m->site[before - 1] == ',';
    for (size_t i = 0; i < m->n; i++) {
        buf_puts(&middle, (i == 0 && (m->targets->n == 0 || comma)) ? (comma ? " " : "") : ", ");
        put_node(&middle, m->v[i]);
    }
    put_split(m, at, &middle, out);
    buf_clear(&middle);
    return 0;
}

/* The line behind the last item: the first that begins a key of the file, less the blank and comment lines before it. */
static size_t end_of_block(const struct merge *m, size_t i_key)
{
    size_t end = m->len;
    for (size_t i = 0; i < m->root->n; i++)
        if (m->root->key_lines[i] > m->root->key_lines[i_key]) {
            size_t at = line_start(m, m->root->key_lines[i]);
            end = at < end ? at : end;
        }
    for (;;) {
        size_t start = end;
        while (start > 0 && (start == end || m->site[start - 1] != '\n'))
            start--;
        size_t text = start;
        while (text < end && strchr(" \t\r", m->site[text]) != NULL)
            text++;
        bool empty = text == end || m->site[text] == '\n' || m->site[text] == '#' || (end - start >= 3 && memcmp(m->site + start, "...", 3) == 0);
        if (!empty || start == 0)
            return end;
        end = start;
    }
}

static int into_block(const struct merge *m, size_t i_key, struct buf *out)
{
    struct buf middle = BUF_INIT(YAML_MAX_BYTES);
    size_t indent = 2;
    if (m->targets->n > 0) {
        size_t at = line_start(m, m->targets->items[0]->line);
        size_t dash = at + strspn(m->site + at, " ");
        if (dash >= m->len || m->site[dash] != '-')
            return refuse(m, m->targets, "its list of targets is laid out in a way that this does not know");
        indent = dash - at;
    }
    put_lines(m, indent, &middle);
    put_split(m, end_of_block(m, i_key), &middle, out);
    buf_clear(&middle);
    return 0;
}

static int into_new_key(const struct merge *m, struct buf *out)
{
    struct buf middle = BUF_INIT(YAML_MAX_BYTES);
    buf_printf(&middle, "targets:%s", m->eol);
    put_lines(m, 2, &middle);
    put_split(m, m->len, &middle, out);
    buf_clear(&middle);
    return 0;
}

static int write_new(const struct merge *m, struct buf *out)
{
    for (size_t i = 0; i < m->root->n; i++) {
        const struct yaml_node *node = m->root->items[i];
        if (strcmp(m->root->keys[i], "targets") != 0)
            continue;
        if (node->kind == YAML_LIST)
            return node->flow ? into_flow(m, out) : into_block(m, i, out);
        if (node->kind == YAML_SCALAR && node->text[0] == '\0' && !node->quoted) {      /* the key alone: lines go right below it */
            struct buf middle = BUF_INIT(YAML_MAX_BYTES);
            put_lines(m, 2, &middle);
            put_split(m, line_start(m, m->root->key_lines[i] + 1), &middle, out);
            buf_clear(&middle);
            return 0;
        }
        return refuse(m, node, "targets is no list");
    }
    return into_new_key(m, out);
}

/* --- proof ------------------------------------------------------------------------------------------------------------------ */

static bool equal(const struct yaml_node *a, const struct yaml_node *b)
{
    if (a->kind != b->kind || a->n != b->n)
        return false;
    if (a->kind == YAML_SCALAR)
        return a->quoted == b->quoted && strcmp(a->text, b->text) == 0;
    for (size_t i = 0; i < a->n; i++)
        if ((a->kind == YAML_MAP && strcmp(a->keys[i], b->keys[i]) != 0) || !equal(a->items[i], b->items[i]))
            return false;
    return true;
}

/* The same value, whatever quotes it was written with. */
static bool same_value(const struct yaml_node *a, const struct yaml_node *b)
{
    if (a->kind != b->kind || a->n != b->n || (a->kind == YAML_SCALAR && strcmp(a->text, b->text) != 0))
        return false;
    for (size_t i = 0; i < a->n; i++)
        if ((a->kind == YAML_MAP && strcmp(a->keys[i], b->keys[i]) != 0) || !same_value(a->items[i], b->items[i]))
            return false;
    return true;
}

static bool targets_grew(const struct merge *m, const struct yaml_node *now)
{
    size_t had = m->targets != NULL && m->targets->kind == YAML_LIST ? m->targets->n : 0;
    if (now->kind != YAML_LIST || now->n != had + m->n)
        return false;
    for (size_t i = 0; i < now->n; i++)
        if (i < had ? !equal(m->targets->items[i], now->items[i]) : !same_value(m->v[i - had], now->items[i]))
            return false;
    return true;
}

static int prove(const struct merge *m, struct buf *out)
{
    struct diags d = DIAGS_INIT;
    const struct yaml_node *now = yaml_parse(m->arena, SITE_NAME, buf_str(out), out->len, &d);
    bool whole = !out->overflow && now != NULL && now->kind == YAML_MAP && now->n == m->root->n + (m->targets == NULL);
    for (size_t i = 0; whole && i < now->n; i++) {
        bool old = i < m->root->n;
        whole = strcmp(now->keys[i], old ? m->root->keys[i] : "targets") == 0;
        whole = whole && (strcmp(now->keys[i], "targets") == 0 ? targets_grew(m, now->items[i]) : equal(m->root->items[i], now->items[i]));
    }
    const struct site_file file = { .kind = "site", .name = SITE_NAME, .bytes = buf_str(out), .len = out->len };
    struct site *s = whole ? site_load_files(&file, 1, m->diags) : NULL;
    bool valid = s != NULL;
    site_free(s);
    diags_clear(&d);
    if (whole && valid)
        return 0;
    buf_reset(out);
    return refuse(m, m->targets, whole ? "the file would not be in order with them" : "the file is laid out so that they cannot be put in without changing something else");
}

int site_merge_bytes(const char *site, size_t site_len, const char *found, size_t found_len, struct buf *out, size_t *n, struct diags *diags)
{
    struct merge m = { .arena = arena_new(), .site = site, .len = site_len, .diags = diags };
    size_t errors = diags->n_errors;
    const struct yaml_node *new_root = yaml_parse(m.arena, FOUND_NAME, found, found_len, diags);
    int err = ERR_BAD_INPUT;
    *n = 0;
    m.root = yaml_parse(m.arena, SITE_NAME, site, site_len, diags);
    m.eol = memmem(site, site_len, "\r\n", 2) != NULL ? "\r\n" : "\n";
    if (m.root != NULL && new_root != NULL && m.root->kind != YAML_MAP)
        err = refuse(&m, m.root, "it is no site file");
    else if (m.root != NULL && new_root != NULL) {
        m.targets = yaml_get(m.root, "targets");
        choose(&m, new_root);
        err = diags->n_errors != errors ? ERR_BAD_INPUT : m.n == 0 ? 0 : write_new(&m, out);
        if (err == 0 && m.n > 0)
            err = prove(&m, out);
    }
    if (err == 0)
        *n = m.n;
    arena_free(m.arena);
    return err;
}

int site_merge_discovered(const char *dir, size_t *n, struct diags *diags)
{
    struct buf site = BUF_INIT(YAML_MAX_BYTES), found = BUF_INIT(YAML_MAX_BYTES), out = BUF_INIT(YAML_MAX_BYTES);
    char *site_path = path_join(dir, SITE_NAME), *found_path = path_join(dir, FOUND_NAME), *real = realpath(site_path, NULL);
    struct stat st;
    int err = real == NULL || stat(real, &st) != 0 ? -errno : file_read(real, YAML_MAX_BYTES, &site);
    if (err != 0)
        diag_add(diags, DIAG_ERROR, site_path, 0, 0, "cannot be read: %s", err_text(err));
    else if ((err = file_read(found_path, YAML_MAX_BYTES, &found)) == -ENOENT)
        diag_add(diags, DIAG_ERROR, found_path, 0, 0, "there is nothing to merge: preop discover makes this file");
    else if (err != 0)
        diag_add(diags, DIAG_ERROR, found_path, 0, 0, "cannot be read: %s", err_text(err));
    if (err == 0)
        err = site_merge_bytes(buf_str(&site), site.len, buf_str(&found), found.len, &out, n, diags);
    else
        err = ERR_BAD_INPUT;
    if (err == 0 && *n > 0 && (err = file_write_atomic(real, buf_str(&out), out.len, st.st_mode & 0777)) != 0)
        diag_add(diags, DIAG_ERROR, site_path, 0, 0, "cannot be written: %s", err_text(err));
    buf_clear(&site);
    buf_clear(&found);
    buf_clear(&out);
    free(site_path);
    free(found_path);
    free(real);
    return err;
}
