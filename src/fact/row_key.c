/* Identity and canonical bytes of a normalized row. Runs in the parent; seals rest on both, so their form never changes. */
#include "fact/row.h"

#include <inttypes.h>
#include "base/mem.h"
#include "base/utf8.h"

#define KEY_TEXT_MAX 255

static void put_json_bytes(struct buf *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)s[i];

        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c == '\n')
            buf_puts(out, "\\n");
        else if (c == '\t')
            buf_puts(out, "\\t");
        else if (c < 0x20)
            buf_printf(out, "\\u%04x", (unsigned)c);
        else
            buf_putc(out, (char)c);
    }
}

static void put_key_text(struct buf *out, const char *s, size_t len)
{
    char hex[SHA256_HEX];
    const size_t kept = utf8_cut(s, len, KEY_TEXT_MAX);

    buf_putc(out, '"');
    put_json_bytes(out, s, kept);
    if (kept < len) {
        sha256_hex(s, len, hex);
        buf_printf(out, "~%.8s", hex);
    }
    buf_putc(out, '"');
}

static void put_key_value(struct buf *out, const struct fact_value *v)
{
    switch (v->kind) {
    case FACT_KIND_NULL:
        buf_puts(out, "null");
        return;
    case FACT_KIND_INTEGER:
        buf_printf(out, "%" PRId64, v->i);
        return;
    case FACT_KIND_REAL:
        buf_printf(out, "%.17g", v->r);
        return;
    case FACT_KIND_TEXT:
        put_key_text(out, v->s, v->len);
        return;
    }
}

static bool is_empty(const struct fact_value *v)
{
    return v->kind == FACT_KIND_NULL || (v->kind == FACT_KIND_TEXT && v->len == 0);
}

void fact_row_key(const struct fact_row *row, size_t ordinal, struct buf *out)
{
    const struct fact_table *t = row->table;
    bool named = false, first = true;

    for (size_t c = 0; c < t->n_columns; c++)
        named = named || (t->columns[c].flags & FACT_KEY && !is_empty(&row->v[c]));
    if (!named) {
        buf_printf(out, "[\"#%zu\"]", ordinal);
        return;
    }
    for (size_t c = 0; c < t->n_columns; c++) {
        if (!(t->columns[c].flags & FACT_KEY))
            continue;
        buf_putc(out, first ? '[' : ',');
        put_key_value(out, &row->v[c]);
        first = false;
    }
    buf_putc(out, ']');
}

void fact_key_again(struct buf *key, size_t n)
{
    if (!key->len || key->data[key->len - 1] != ']')
        BUG("a key that is no array");
    key->len--;
    buf_printf(key, ",\"#%zu\"]", n);
}

/* The text of one escape at s (behind the backslash): its bytes in s. */
static size_t put_unescaped(const char *s, struct buf *out)
{
    static const char from[] = "nt\"\\/", to[] = "\n\t\"\\/";
    const char *found = *s ? strchr(from, *s) : NULL;
    char utf8[4], digits[5], *end;
    unsigned long cp;

    if (found) {
        buf_putc(out, to[found - from]);
        return 1;
    }
    if (*s == 'u' && strnlen(s, 5) == 5) {
        memcpy(digits, s + 1, 4);
        digits[4] = '\0';
        cp = strtoul(digits, &end, 16);
        if (!*end && utf8_is_scalar((uint32_t)cp)) {
            buf_append(out, utf8, utf8_encode((uint32_t)cp, utf8));
            return 5;
        }
    }
    return 0;                /* not ours: shown as it stands */
}

void fact_key_human(const char *key_json, struct buf *out)
{
    const size_t len = strlen(key_json);
    const char *p = key_json;
    bool quoted = false;

    if (len < 2 || p[0] != '[' || p[len - 1] != ']') {
        buf_puts(out, key_json);
        return;
    }
    for (const char *end = key_json + len - 1; ++p < end;) {
        if (*p == '"') {
            quoted = !quoted;
        } else if (quoted && *p == '\\') {
            p += put_unescaped(p + 1, out);
        } else if (!quoted && *p == ',') {
            buf_puts(out, ", ");
        } else if (quoted || *p != ' ') {
            buf_putc(out, *p);
        }
    }
}

/* What stands before each value of a table, which is the same for every row: the column's name and a type letter, both length-prefixed.
 * Rows come table by table, so one table's is kept; only the parent, which has one thread, comes here. */
#define NAME_MAX_BYTES 63
#define HEAD_MAX (8 + NAME_MAX_BYTES + 8 + 1)
struct heads {
    const struct fact_table *of;
    uint8_t order[FACT_MAX_COLUMNS];         /* columns in name order */
    uint8_t len[FACT_MAX_COLUMNS];
    uint8_t bytes[FACT_MAX_COLUMNS][HEAD_MAX];
};

static uint8_t *put_u64(uint8_t *p, uint64_t v)
{
    for (size_t i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> (8 * (7 - i)));
    return p + 8;
}

static uint8_t *put_field(uint8_t *p, const void *data, size_t len)
{
    p = put_u64(p, len);
    if (len)
        memcpy(p, data, len);
    return p + len;
}

static void name_order(const struct fact_table *t, uint8_t order[FACT_MAX_COLUMNS])
{
    for (size_t c = 0; c < t->n_columns; c++) {
        size_t at = c;
        for (; at > 0 && strcmp(t->columns[order[at - 1]].name, t->columns[c].name) > 0; at--)
            order[at] = order[at - 1];
        order[at] = (uint8_t)c;
    }
}

/* Type letters are part of the seal: i integer, r real, t text. */
static char type_letter(enum fact_type type)
{
    static const char letters[] = { [FACT_KIND_INTEGER] = 'i', [FACT_KIND_REAL] = 'r', [FACT_KIND_TEXT] = 't' };

    return letters[fact_kind_of(type)];
}

static const struct heads *cached_heads(const struct fact_table *t)
{
    static struct heads h;

    if (h.of == t)
        return &h;
    name_order(t, h.order);
    for (size_t c = 0; c < t->n_columns; c++) {
        const char *name = t->columns[c].name;
        const char letter = type_letter(t->columns[c].type);
        const size_t len = strlen(name);
        if (len > NAME_MAX_BYTES)
            BUG("%s.%s: the name is too long", t->name, name);
        put_field(put_field(h.bytes[c], name, len), &letter, 1);
        h.len[c] = (uint8_t)(8 + len + 8 + 1);
    }
    h.of = t;
    return &h;
}

static uint8_t *put_value(uint8_t *p, const struct fact_value *v)
{
    uint64_t bits;
    double r;

    switch (v->kind) {
    case FACT_KIND_INTEGER:
        return put_u64(put_u64(p, 8), (uint64_t)v->i);
    case FACT_KIND_REAL:
        r = v->r == 0 ? 0 : v->r;
        memcpy(&bits, &r, sizeof bits);
        return put_u64(put_u64(p, 8), bits);
    case FACT_KIND_TEXT:
        return put_field(p, v->s, v->len);
    case FACT_KIND_NULL:
        break;
    }
    return p;
}

/* Bytes of the canonical form, and how many columns are present. */
static size_t canonical_size(const struct fact_row *row, const struct heads *heads, size_t key_len, uint64_t *present)
{
    size_t size = 8 + key_len + 8;

    *present = 0;
    for (size_t c = 0; c < row->table->n_columns; c++) {
        const struct fact_value *v = &row->v[c];
        if (v->kind == FACT_KIND_NULL)
            continue;
        if (v->kind != fact_kind_of(row->table->columns[c].type))
            BUG("%s.%s has the wrong kind", row->table->name, row->table->columns[c].name);
        size += (size_t)heads->len[c] + 8 + (v->kind == FACT_KIND_TEXT ? v->len : 8);
        ++*present;
    }
    return size;
}

static void canonical_write(const struct fact_row *row, const struct heads *heads, const char *key, size_t key_len, uint64_t present, uint8_t *p)
{
    p = put_u64(put_field(p, key, key_len), present);
    for (size_t i = 0; i < row->table->n_columns; i++) {
        const size_t c = heads->order[i];
        if (row->v[c].kind == FACT_KIND_NULL)
            continue;
        memcpy(p, heads->bytes[c], heads->len[c]);
        p = put_value(p + heads->len[c], &row->v[c]);
    }
}

size_t fact_row_canonical_bytes(const struct fact_row *row, const char *key, uint8_t **bytes, size_t *cap)
{
    const struct heads *heads = cached_heads(row->table);
    const size_t key_len = strlen(key);
    uint64_t present;
    const size_t size = canonical_size(row, heads, key_len, &present);

    if (size > *cap) {
        *bytes = xrealloc_array(*bytes, 2 * size, 1);
        *cap = 2 * size;
    }
    canonical_write(row, heads, key, key_len, present, *bytes);
    return size;
}

void fact_row_canonical(const struct fact_row *row, const char *key, struct sha256 *h)
{
    uint8_t *bytes = NULL;
    size_t cap = 0;
    const size_t n = fact_row_canonical_bytes(row, key, &bytes, &cap);

    sha256_add(h, bytes, n);
    free(bytes);
}
