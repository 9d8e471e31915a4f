/* YAML through libyaml's events into a tree of nodes with places, under limits. Parent (and lint).
 * Trusts nothing: the files come from users, and checklists from strangers. No recursion, so depth costs no stack. */
#include "site/yaml.h"
#include <stdlib.h>
#include <string.h>
#include <yaml.h>
#include "base/text.h"

#define MAX_KEY 256
#define MAX_SHOWN 40

/* A list or map whose end has not come yet. */
struct level {
    struct yaml_node *node;
    struct yaml_node **items;
    const char **keys;
    int *key_lines, *key_columns;
    size_t n, cap;
    const char *key;                 /* map: the key that waits for its value */
    int key_line, key_column;
};
struct parse {
    struct arena *arena;
    const char *file;
    struct diags *diags;
    bool secret, stop;
    struct level levels[YAML_MAX_DEPTH];
    size_t depth, n_nodes, n_documents;
    struct yaml_node *root;
};

static int mark_line(const yaml_mark_t *m)
{
    return (int)(m->line + 1 > INT32_MAX ? INT32_MAX : m->line + 1);
}

static int mark_column(const yaml_mark_t *m)
{
    return (int)(m->column + 1 > INT32_MAX ? INT32_MAX : m->column + 1);
}

static void refuse(struct parse *p, const yaml_mark_t *at, const char *why)
{
    diag_add(p->diags, DIAG_ERROR, p->file, mark_line(at), mark_column(at), "%s", why);
}

static void *grown(void *v, size_t n, size_t size)
{
    return xrealloc_array(v, n, size);
}

static void level_clear(struct level *l)
{
    free(l->items);
    free(l->keys);
    free(l->key_lines);
    free(l->key_columns);
    *l = (struct level){ 0 };
}

/* Room for one more item. */
static void level_grow(struct level *l)
{
    if (l->n < l->cap)
        return;
    l->cap = l->cap == 0 ? 8 : l->cap * 2;
    l->items = grown(l->items, l->cap, sizeof(*l->items));
    if (l->node->kind != YAML_MAP)
        return;
    l->keys = grown(l->keys, l->cap, sizeof(*l->keys));
    l->key_lines = grown(l->key_lines, l->cap, sizeof(*l->key_lines));
    l->key_columns = grown(l->key_columns, l->cap, sizeof(*l->key_columns));
}

/* Puts a finished or begun node where it belongs: as the document's root, a list's item or a map's value. */
static void attach(struct parse *p, struct yaml_node *node)
{
    if (p->depth == 0) {
        p->root = node;
        return;
    }
    struct level *l = &p->levels[p->depth - 1];
    level_grow(l);
    l->items[l->n] = node;
    if (l->node->kind == YAML_MAP) {
        l->keys[l->n] = l->key;
        l->key_lines[l->n] = l->key_line;
        l->key_columns[l->n] = l->key_column;
        l->key = NULL;
    }
    l->n++;
}

static bool waits_for_key(const struct parse *p)
{
    return p->depth > 0 && p->levels[p->depth - 1].node->kind == YAML_MAP && p->levels[p->depth - 1].key == NULL;
}

static struct yaml_node *new_node(struct parse *p, enum yaml_kind kind, const yaml_mark_t *at)
{
    struct yaml_node *node = NULL;

    if (++p->n_nodes > YAML_MAX_NODES) {
        refuse(p, at, "the file has more than 500,000 values");
        p->stop = true;
        return NULL;
    }
    node = arena_alloc(p->arena, sizeof(*node));
    node->kind = kind;
    node->line = mark_line(at);
    node->column = mark_column(at);
    return node;
}

/* Tags that say what YAML would find anyway may stand; all others would need types that we do not have. */
static bool tag_known(const char *tag)
{
    static const char *const core[] = { "str", "int", "float", "bool", "null", "seq", "map" };
    const char *prefix = "tag:yaml.org,2002:";

    if (tag == NULL)
        return true;
    if (!text_starts_with(tag, prefix))
        return false;
    for (size_t i = 0; i < N_ELEMENTS(core); i++) {
        if (strcmp(tag + strlen(prefix), core[i]) == 0)
            return true;
    }
    return false;
}

static void check_dress(struct parse *p, const yaml_mark_t *at, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        refuse(p, at, "anchors (&name) are not allowed here: write the value out");
    if (!tag_known((const char *)tag))
        refuse(p, at, "this YAML tag (!name) is not allowed here");
}

/* Escapes in double quotes can make any character: those that no text of ours may hold end here. */
static bool has_control(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            return true;
        if (c == 0xc2 && i + 1 < len && (unsigned char)s[i + 1] >= 0x80 && (unsigned char)s[i + 1] <= 0x9f)
            return true;
    }
    return false;
}

static void take_key(struct parse *p, const yaml_event_t *e)
{
    struct level *l = &p->levels[p->depth - 1];
    const char *text = (const char *)e->data.scalar.value;
    size_t len = e->data.scalar.length;

    if (len > MAX_KEY) {
        refuse(p, &e->start_mark, "this key is longer than 256 bytes");
        len = 0;
    }
    l->key = arena_strndup(p->arena, text, len);
    l->key_line = mark_line(&e->start_mark);
    l->key_column = mark_column(&e->start_mark);
}

static void on_scalar(struct parse *p, const yaml_event_t *e)
{
    const char *text = (const char *)e->data.scalar.value;
    size_t len = e->data.scalar.length;

    check_dress(p, &e->start_mark, e->data.scalar.anchor, e->data.scalar.tag);
    if (has_control(text, len)) {
        refuse(p, &e->start_mark, "control characters are not allowed in a value");
        len = 0;
    } else if (!text_is_utf8(text, len)) {
        refuse(p, &e->start_mark, "this is not valid UTF-8");
        len = 0;
    }
    if (waits_for_key(p)) {
        take_key(p, e);
        return;
    }
    struct yaml_node *node = new_node(p, YAML_SCALAR, &e->start_mark);
    if (node == NULL)
        return;
    node->text = arena_strndup(p->arena, text, len);
    node->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    attach(p, node);
}

static void on_start(struct parse *p, const yaml_event_t *e)
{
    bool map = e->type == YAML_MAPPING_START_EVENT;

    check_dress(p, &e->start_mark, map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor,
                map ? e->data.mapping_start.tag : e->data.sequence_start.tag);
    if (waits_for_key(p)) {
        refuse(p, &e->start_mark, "a key must be a plain word");
        p->stop = true;
        return;
    }
    if (p->depth == YAML_MAX_DEPTH) {
        refuse(p, &e->start_mark, "nested deeper than 32 levels");
        p->stop = true;
        return;
    }
    struct yaml_node *node = new_node(p, map ? YAML_MAP : YAML_LIST, &e->start_mark);
    if (node == NULL)
        return;
    node->flow = !map && e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    attach(p, node);
    p->levels[p->depth++] = (struct level){ .node = node };
}

struct key_place { const char *key; size_t i; };

static int by_key(const void *a, const void *b)
{
    const struct key_place *x = a, *y = b;
    int order = strcmp(x->key, y->key);

    if (order != 0)
        return order;
    return x->i < y->i ? -1 : x->i > y->i;
}

/* Sorted, because a hostile file can have as many keys as nodes. */
static void refuse_duplicates(struct parse *p, const struct level *l)
{
    struct key_place *places = xcalloc(l->n + 1, sizeof(*places));

    for (size_t i = 0; i < l->n; i++)
        places[i] = (struct key_place){ l->keys[i], i };
    qsort(places, l->n, sizeof(*places), by_key);
    for (size_t i = 1; i < l->n; i++) {
        if (strcmp(places[i].key, places[i - 1].key) != 0)
            continue;
        size_t again = places[i].i, first = places[i - 1].i;
        if (p->secret)
            diag_add(p->diags, DIAG_ERROR, p->file, l->key_lines[again], l->key_columns[again],
                     "this key stands here twice; first in line %d", l->key_lines[first]);
        else
            diag_add(p->diags, DIAG_ERROR, p->file, l->key_lines[again], l->key_columns[again],
                     "key '%.*s' stands here twice; first in line %d", MAX_SHOWN, places[i].key, l->key_lines[first]);
    }
    free(places);
}

static void on_end(struct parse *p, const yaml_event_t *e)
{
    struct level *l = &p->levels[--p->depth];
    struct yaml_node *node = l->node;

    node->end_line = mark_line(&e->start_mark);
    node->end_column = mark_column(&e->start_mark);
    node->n = l->n;
    node->items = arena_array(p->arena, l->n + 1, sizeof(*node->items));
    if (l->n > 0)
        memcpy(node->items, l->items, l->n * sizeof(*node->items));
    if (node->kind == YAML_MAP) {
        node->keys = arena_array(p->arena, l->n + 1, sizeof(*node->keys));
        node->key_lines = arena_array(p->arena, l->n + 1, sizeof(int));
        node->key_columns = arena_array(p->arena, l->n + 1, sizeof(int));
        for (size_t i = 0; i < l->n; i++) {
            node->keys[i] = l->keys[i];
            node->key_lines[i] = l->key_lines[i];
            node->key_columns[i] = l->key_columns[i];
        }
        refuse_duplicates(p, l);
    }
    level_clear(l);
}

static void on_event(struct parse *p, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (p->n_documents++ > 0) {
            refuse(p, &e->start_mark, "a second document (---) is not allowed in this file");
            p->stop = true;
        }
        break;
    case YAML_ALIAS_EVENT:
        refuse(p, &e->start_mark, "aliases (*name) are not allowed here: write the value out");
        p->stop = true;
        break;
    case YAML_SCALAR_EVENT:
        on_scalar(p, e);
        break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        on_start(p, e);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        on_end(p, e);
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

/* The reader runs ahead of the scanner, so its marks are of no use: the place is counted from its byte offset. */
static void encoding_error(struct parse *p, const yaml_parser_t *y, const char *bytes, size_t len)
{
    int line = 1, column = 1;

    for (size_t i = 0; i < len && i < y->problem_offset; i++) {
        if (bytes[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)bytes[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    diag_add(p->diags, DIAG_ERROR, p->file, line, column, "this is not YAML in UTF-8: %s", y->problem != NULL ? y->problem : "not readable");
}

/* libyaml's own words never quote the file. */
static void syntax_error(struct parse *p, const yaml_parser_t *y, const char *bytes, size_t len)
{
    const yaml_mark_t *at = &y->problem_mark;
    const char *problem = y->problem != NULL ? y->problem : "not readable";

    if (y->error == YAML_READER_ERROR) {
        encoding_error(p, y, bytes, len);
        return;
    }
    if (y->context != NULL && y->context_mark.line != at->line)
        diag_add(p->diags, DIAG_ERROR, p->file, mark_line(at), mark_column(at), "this is not YAML: %s, %s in line %d",
                 problem, y->context, mark_line(&y->context_mark));
    else
        diag_add(p->diags, DIAG_ERROR, p->file, mark_line(at), mark_column(at), "this is not YAML: %s", problem);
}

static void wipe_parser(yaml_parser_t *y)
{
    if (y->raw_buffer.start != NULL)
        explicit_bzero(y->raw_buffer.start, (size_t)(y->raw_buffer.end - y->raw_buffer.start));
    if (y->buffer.start != NULL)
        explicit_bzero(y->buffer.start, (size_t)(y->buffer.end - y->buffer.start));
}

static void read_events(struct parse *p, const void *bytes, size_t len)
{
    yaml_parser_t y;
    bool end = false;

    if (!yaml_parser_initialize(&y))
        BUG("libyaml cannot be initialised");
    yaml_parser_set_encoding(&y, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&y, bytes, len);
    while (!end && !p->stop) {
        yaml_event_t e;
        if (!yaml_parser_parse(&y, &e)) {
            syntax_error(p, &y, bytes, len);
            p->stop = true;
            break;
        }
        end = e.type == YAML_STREAM_END_EVENT;
        on_event(p, &e);
        if (p->secret && e.type == YAML_SCALAR_EVENT)
            explicit_bzero(e.data.scalar.value, e.data.scalar.length);
        yaml_event_delete(&e);
    }
    if (p->secret)
        wipe_parser(&y);
    yaml_parser_delete(&y);
}

static struct yaml_node *parse_file(struct arena *arena, const char *file, const void *bytes, size_t len, bool secret, struct diags *diags)
{
    struct parse *p = NULL;
    struct yaml_node *root = NULL;

    if (len > YAML_MAX_BYTES) {
        diag_add(diags, DIAG_ERROR, file, 0, 0, "the file is larger than %u MiB", YAML_MAX_BYTES >> 20);
        return NULL;
    }
    p = xcalloc(1, sizeof(*p));
    p->arena = arena;
    p->file = file;
    p->diags = diags;
    p->secret = secret;
    if (len > 0)
        read_events(p, bytes, len);
    if (!p->stop && p->root == NULL)
        diag_add(diags, DIAG_ERROR, file, 1, 1, "the file is empty");
    if (!p->stop)
        root = p->root;
    while (p->depth > 0)
        level_clear(&p->levels[--p->depth]);
    free(p);
    return root;
}

struct yaml_node *yaml_parse(struct arena *arena, const char *file, const void *p, size_t len, struct diags *diags)
{
    return parse_file(arena, file, p, len, false, diags);
}

struct yaml_node *yaml_parse_secret(struct arena *arena, const char *file, const void *p, size_t len, struct diags *diags)
{
    return parse_file(arena, file, p, len, true, diags);
}
