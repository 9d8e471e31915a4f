/* Rows: setting, normalizing, keys, canonical bytes. The worker fills them; the parent normalizes what came over the pipe,
 * trusting no length and no byte of it. */
#include "fact/row.h"

#include <math.h>
#include "base/cidr.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "fact/frame.h"

void fact_row_init(struct fact_row *row, const struct fact_table *table)
{
    if (table->n_columns > FACT_MAX_COLUMNS)
        BUG("table %s has more than %d columns", table->name, FACT_MAX_COLUMNS);
    row->table = table;
    memset(row->v, 0, table->n_columns * sizeof row->v[0]);
}

enum fact_kind fact_kind_of(enum fact_type type)
{
    switch (type) {
    case FACT_INTEGER:
    case FACT_BOOLEAN:
        return FACT_KIND_INTEGER;
    case FACT_REAL:
        return FACT_KIND_REAL;
    default:
        return FACT_KIND_TEXT;
    }
}

static struct fact_value *slot(struct fact_row *row, int column, enum fact_kind kind)
{
    if (column < 0 || (size_t)column >= row->table->n_columns)
        BUG("table %s has no column %d", row->table->name, column);
    if (fact_kind_of(row->table->columns[column].type) != kind)
        BUG("%s.%s is set as the wrong kind", row->table->name, row->table->columns[column].name);
    return &row->v[column];
}

void fact_set_text(struct fact_row *row, int column, const char *s, size_t len)
{
    struct fact_value *v = slot(row, column, FACT_KIND_TEXT);

    *v = (struct fact_value){ .kind = s ? FACT_KIND_TEXT : FACT_KIND_NULL, .s = s, .len = s ? len : 0 };
}

void fact_set_str(struct fact_row *row, int column, const char *s)
{
    fact_set_text(row, column, s, s ? strlen(s) : 0);
}

void fact_set_int(struct fact_row *row, int column, int64_t i)
{
    struct fact_value *v = slot(row, column, FACT_KIND_INTEGER);

    *v = (struct fact_value){ .kind = FACT_KIND_INTEGER, .i = i };
}

void fact_set_u64(struct fact_row *row, int column, uint64_t u)
{
    struct fact_value *v = slot(row, column, FACT_KIND_INTEGER);

    *v = (struct fact_value){ .kind = FACT_KIND_NULL };
    if (u <= INT64_MAX)
        fact_set_int(row, column, (int64_t)u);
}

void fact_set_real(struct fact_row *row, int column, double r)
{
    struct fact_value *v = slot(row, column, FACT_KIND_REAL);

    *v = (struct fact_value){ .kind = isfinite(r) ? FACT_KIND_REAL : FACT_KIND_NULL, .r = isfinite(r) ? r : 0 };
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "aa:bb:cc:dd:ee:ff", also with - or no separators, or in three groups with dots, in any case. */
static bool mac_form(const char *s, char out[18])
{
    static const char digits[] = "0123456789abcdef";
    const size_t len = strlen(s);
    size_t group = len == 17 ? 2 : len == 14 ? 4 : len == 12 ? 12 : 0, n = 0, since = 0;
    char separator = len == 17 ? s[2] : '.';

    if (!group || (len == 17 && separator != ':' && separator != '-'))
        return false;
    for (const char *p = s; *p; p++) {
        const char c = *p >= 'A' && *p <= 'F' ? (char)(*p - 'A' + 'a') : *p;

        if (since == group) {
            if (c != separator)
                return false;
            since = 0;
            continue;
        }
        if (!strchr(digits, c))
            return false;
        if (n && n % 2 == 0)
            out[n + n / 2 - 1] = ':';
        out[n + n / 2] = c;
        n++;
        since++;
    }
    out[17] = '\0';
    return n == 12;
}

/* The one form of a short text (not FACT_TEXT) in out; false when it has none. */
static bool short_form(enum fact_type type, const char *s, char out[CIDR_TEXT])
{
    struct ip ip;
    struct cidr net;
    int64_t t;

    switch (type) {
    case FACT_TIMESTAMP:
        if (!iso_parse(s, &t))
            return false;
        iso_format(t, out);
        return true;
    case FACT_ADDRESS:
        if (!ip_parse(s, &ip))
            return false;
        ip_format(&ip, out);
        return true;
    case FACT_PREFIX:
        if (!cidr_parse(s, true, &net))
            return false;
        cidr_format(&net, out);
        return true;
    case FACT_MAC:
        return mac_form(s, out);
    default:
        BUG("type %d has no short form", (int)type);
    }
}

bool fact_text_fits(enum fact_type type, const char *s)
{
    char form[CIDR_TEXT];

    while (is_blank(*s))
        s++;
    return type == FACT_TEXT || (strlen(s) < CIDR_TEXT && short_form(type, s, form));
}

/* Appends the value's form to mem; false when it has none. The value then lies at mem's end. */
static bool put_form(enum fact_type type, const char *s, size_t len, struct buf *mem)
{
    char text[CIDR_TEXT], form[CIDR_TEXT];
    size_t start = mem->len;

    if (type == FACT_TEXT) {
        text_clean(mem, s, len);
        while (mem->len > start && is_blank(mem->data[mem->len - 1]))
            mem->len--;
        if (mem->len - start > FACT_TEXT_MAX)
            mem->len = start + utf8_cut(mem->data + start, mem->len - start, FACT_TEXT_MAX);
        return !mem->overflow;
    }
    while (len && is_blank(*s)) {
        s++;
        len--;
    }
    if (len >= sizeof text || memchr(s, '\0', len))
        return false;
    memcpy(text, s, len);
    text[len] = '\0';
    if (!short_form(type, text, form))
        return false;
    buf_puts(mem, form);
    return !mem->overflow;
}

/* Brings one text into its form. The offset into mem is kept in v->i until mem has stopped moving. */
static void normalize_text(struct fact_value *v, enum fact_type type, struct buf *mem, bool *dropped)
{
    const size_t start = mem->len;
    size_t len = v->len;

    while (len && (v->s[len - 1] == '\0' || is_blank(v->s[len - 1])))
        len--;
    if (!len && type != FACT_TEXT) {
        *v = (struct fact_value){ .kind = FACT_KIND_NULL };      /* nothing was said: that is not a malformed value */
        return;
    }
    if (!put_form(type, v->s, len, mem)) {
        mem->len = start;
        *v = (struct fact_value){ .kind = FACT_KIND_NULL };
        *dropped = true;
        return;
    }
    *v = (struct fact_value){ .kind = FACT_KIND_TEXT, .i = (int64_t)start, .len = mem->len - start };
}

static void normalize_number(struct fact_value *v, enum fact_type type, bool *dropped)
{
    const bool valid = type == FACT_BOOLEAN ? v->i == 0 || v->i == 1 : type != FACT_REAL || isfinite(v->r);

    if (!valid) {
        *v = (struct fact_value){ .kind = FACT_KIND_NULL };
        *dropped = true;
    } else if (type == FACT_REAL && v->r == 0) {
        v->r = 0;            /* -0 and 0 are one value, and must have one seal */
    }
}

void fact_row_normalize(struct fact_row *row, struct buf *mem, uint64_t *dropped)
{
    const struct fact_table *t = row->table;

    buf_reset(mem);
    *dropped = 0;
    for (size_t c = 0; c < t->n_columns; c++) {
        struct fact_value *v = &row->v[c];
        bool gone = false;

        if (v->kind == FACT_KIND_NULL)
            continue;
        if (v->kind != fact_kind_of(t->columns[c].type))
            BUG("%s.%s has the wrong kind", t->name, t->columns[c].name);
        if (v->kind == FACT_KIND_TEXT)
            normalize_text(v, t->columns[c].type, mem, &gone);
        else
            normalize_number(v, t->columns[c].type, &gone);
        if (gone)
            *dropped |= UINT64_C(1) << c;
    }
    for (size_t c = 0; c < t->n_columns; c++) {
        if (row->v[c].kind != FACT_KIND_TEXT)
            continue;
        row->v[c].s = (mem->data ? mem->data : "") + row->v[c].i;
        row->v[c].i = 0;
    }
}
