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

/* Many small pieces go to the hash in few calls: a call costs as much as hashing a hundred bytes. */
struct gather {
    struct sha256 *h;
    size_t n;
    uint8_t b[4096];
};

static void gather_flush(struct gather *g)
{
    sha256_add(g->h, g->b, g->n);
    g->n = 0;
}

static void gather_add(struct gather *g, const void *p, size_t len)
{
    if (len > sizeof g->b - g->n)
        gather_flush(g);
    if (len > sizeof g->b) {
        sha256_add(g->h, p, len);
        return;
    }
    if (len)
        memcpy(g->b + g->n, p, len);
    g->n += len;
}

static void gather_u64(struct gather *g, uint64_t v)
{
    uint8_t b[8];

    for (size_t i = 0; i < sizeof b; i++)
        b[i] = (uint8_t)(v >> (8 * (7 - i)));
    gather_add(g, b, sizeof b);
}

static void gather_field(struct gather *g, const void *p, size_t len)
{
    gather_u64(g, len);
    gather_add(g, p, len);
}

static void gather_value(struct gather *g, const struct fact_value *v)
{
    uint64_t bits;
    double r;

    switch (v->kind) {
    case FACT_KIND_INTEGER:
        gather_u64(g, 8);
        gather_u64(g, (uint64_t)v->i);
        return;
    case FACT_KIND_REAL:
        r = v->r == 0 ? 0 : v->r;
        memcpy(&bits, &r, sizeof bits);
        gather_u64(g, 8);
        gather_u64(g, bits);
        return;
    case FACT_KIND_TEXT:
        gather_field(g, v->s, v->len);
        return;
    case FACT_KIND_NULL:
        return;
    }
}

/* Columns in name order. */
static void name_order(const struct fact_table *t, uint8_t order[FACT_MAX_COLUMNS])
{
    for (size_t c = 0; c < t->n_columns; c++) {
        size_t at = c;
        for (; at > 0 && strcmp(t->columns[order[at - 1]].name, t->columns[c].name) > 0; at--)
            order[at] = order[at - 1];
        order[at] = (uint8_t)c;
    }
}

/* Rows come table by table: sorting the names for each row would cost more than its hash. Only the parent, which has one
 * thread, comes here. */
static const uint8_t *cached_order(const struct fact_table *t)
{
    static uint8_t order[FACT_MAX_COLUMNS];
    static const struct fact_table *of;

    if (of != t) {
        name_order(t, order);
        of = t;
    }
    return order;
}

/* Type letters are part of the seal: i integer, r real, t text. */
void fact_row_canonical(const struct fact_row *row, const char *key, struct sha256 *h)
{
    static const char letters[] = { [FACT_KIND_INTEGER] = 'i', [FACT_KIND_REAL] = 'r', [FACT_KIND_TEXT] = 't' };
    const struct fact_table *t = row->table;
    const uint8_t *order = cached_order(t);
    struct gather g;
    uint64_t present = 0;

    g.h = h;
    g.n = 0;
    for (size_t c = 0; c < t->n_columns; c++)
        present += row->v[c].kind != FACT_KIND_NULL;
    gather_field(&g, key, strlen(key));
    gather_u64(&g, present);
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct fact_value *v = &row->v[order[i]];
        const char *name = t->columns[order[i]].name;

        if (v->kind == FACT_KIND_NULL)
            continue;
        gather_field(&g, name, strlen(name));
        gather_field(&g, &letters[v->kind], 1);
        gather_value(&g, v);
    }
    gather_flush(&g);
}
