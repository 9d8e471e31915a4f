/* Makers of network interfaces. Parent only. */
#include "site/makers.h"

#include <string.h>
#include "base/csv.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"

#define FILE_MAX_BYTES (64u << 20)
#define NAME_BYTES_MAX 200
#define LINE_BYTES_MAX 1024
#define ALL_BITS 48

struct block { uint64_t bits; unsigned n_bits; const char *name; };
struct makers { struct arena *arena; struct block *v; size_t n, cap; };

struct makers *makers_new(void)
{
    struct makers *m = xcalloc(1, sizeof *m);
    m->arena = arena_new();
    return m;
}

void makers_free(struct makers *m)
{
    if (m == NULL)
        return;
    arena_free(m->arena);
    free(m->v);
    free(m);
}

size_t makers_count(const struct makers *m)
{
    return m->n;
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

/* Blocks that the IEEE divides further, or whose owner wants no name, tell nothing. */
static bool says_nothing(const char *name)
{
    return name[0] == '\0' || text_equal_nocase(name, "Private") || text_equal_nocase(name, "IEEE Registration Authority");
}

static bool add(struct makers *m, uint64_t bits, unsigned n_bits, const char *name)
{
    if (m->n == MAKERS_MAX || n_bits < 24)
        return false;
    struct buf clean = BUF_INIT(4 * LINE_BYTES_MAX);
    text_clean(&clean, name, strnlen(name, NAME_BYTES_MAX));
    for (size_t i = 0; i < clean.len; i++)
        if (clean.data[i] == '\t' || clean.data[i] == '\n')
            clean.data[i] = ' ';
    const char *text = clean.len > 0 ? text_trim(clean.data) : "";
    if (m->n == m->cap) {
        m->cap = m->cap == 0 ? 1024 : 2 * m->cap;
        m->v = xrealloc_array(m->v, m->cap, sizeof *m->v);
    }
    m->v[m->n++] = (struct block){ .bits = bits & mac_mask(n_bits), .n_bits = n_bits, .name = says_nothing(text) ? NULL : arena_strdup(m->arena, text) };
    buf_clear(&clean);
    return true;
}

static int on_record(void *ctx, size_t line, const char *const *fields, size_t n)
{
    uint64_t bits;
    unsigned n_bits;
    (void)line;
    if (n >= 3 && mac_prefix_parse(fields[1], &bits, &n_bits))
        (void)add(ctx, bits, n_bits, fields[2]);
    return 0;
}

/* "prefix[/bits] rest"; IEEE's text has "(hex)" between them, and says each block again as "(base 16)". */
static void take_line(struct makers *m, char *line)
{
    char *rest = text_trim(line), *word = strsep(&rest, " \t"), *slash = strchr(word, '/');
    uint64_t bits;
    unsigned n_bits;
    long long said = 0;
    if (slash != NULL) {
        *slash = '\0';
        if (!text_parse_int(slash + 1, 24, ALL_BITS, &said))
            return;
    }
    if (rest == NULL || !mac_prefix_parse(word, &bits, &n_bits))
        return;
    rest = text_trim(rest);
    if (text_starts_with(rest, "(base 16)"))
        return;
    if (text_starts_with(rest, "(hex)"))
        rest = text_trim(rest + 5);
    char *tab = strchr(rest, '\t');          /* Wireshark: a short name, then the whole one */
    (void)add(m, bits, said > 0 ? (unsigned)said : n_bits, tab != NULL ? text_trim(tab) : rest);
}

size_t makers_parse(struct makers *m, const char *bytes, size_t len)
{
    size_t before = m->n;
    if (memmem(bytes, len < 400 ? len : 400, "Assignment,", 11) != NULL) {
        if (csv_read(bytes, len, ',', on_record, m) != 0 && m->n == before)
            return 0;                /* what came before an error stands */
        return m->n - before;
    }
    for (size_t pos = 0; pos < len;) {
        char line[LINE_BYTES_MAX + 1];
        const char *end = memchr(bytes + pos, '\n', len - pos);
        size_t n = end != NULL ? (size_t)(end - (bytes + pos)) : len - pos, take = n < LINE_BYTES_MAX ? n : LINE_BYTES_MAX;
        memcpy(line, bytes + pos, take);
        line[take] = '\0';
        take_line(m, line);
        pos += n + 1;
    }
    return m->n - before;
}

static int by_block(const void *a, const void *b)
{
    const struct block *x = a, *y = b;
    if (x->n_bits != y->n_bits)
        return x->n_bits > y->n_bits ? -1 : 1;
    return x->bits < y->bits ? -1 : x->bits > y->bits;
}

void makers_ready(struct makers *m)
{
    if (m->n > 1)
        qsort(m->v, m->n, sizeof *m->v, by_block);
}

/* The longest blocks come first; within a length they are in order. */
const char *makers_find(const struct makers *m, const char *mac)
{
    uint64_t v;
    unsigned n;
    if (!mac_prefix_parse(mac, &v, &n) || n != ALL_BITS || (v >> 40 & 2) != 0)
        return NULL;
    for (size_t first = 0; first < m->n;) {
        size_t low = first, high = m->n;
        while (low < high) {                 /* the end of this length */
            size_t mid = low + (high - low) / 2;
            if (m->v[mid].n_bits == m->v[first].n_bits)
                low = mid + 1;
            else
                high = mid;
        }
        size_t end = low;
        const uint64_t want = v & mac_mask(m->v[first].n_bits);
        for (low = first, high = end; low < high;) {
            size_t mid = low + (high - low) / 2;
            if (m->v[mid].bits < want)
                low = mid + 1;
            else
                high = mid;
        }
        if (low < end && m->v[low].bits == want)
            return m->v[low].name;
        first = end;
    }
    return NULL;
}

/* --- files -------------------------------------------------------------------------------------------------------------- */

/* 0 when it names somebody. */
static int read_one(struct makers *m, const char *path)
{
    struct buf raw = BUF_INIT(FILE_MAX_BYTES), text = BUF_INIT(2 * FILE_MAX_BYTES);
    int err = file_read(path, FILE_MAX_BYTES, &raw);
    if (err == 0)
        err = csv_to_utf8(raw.data, raw.len, NULL, &text);
    if (err == 0 && makers_parse(m, buf_str(&text), text.len) == 0)
        err = ERR_FORMAT;
    buf_clear(&raw);
    buf_clear(&text);
    return err;
}

static void read_system(struct makers *m)
{
    static const char *const csv[] = { "/usr/share/ieee-data/oui.csv", "/usr/share/ieee-data/mam.csv", "/usr/share/ieee-data/oui36.csv", "/usr/share/ieee-data/iab.csv" };
    static const char *const texts[] = { "/usr/share/ieee-data/oui.txt", "/usr/share/hwdata/oui.txt" };
    bool whole = false;
    for (size_t i = 0; i < N_ELEMENTS(csv); i++)
        whole = read_one(m, csv[i]) == 0 || whole;
    for (size_t i = 0; i < N_ELEMENTS(texts) && !whole; i++)
        whole = read_one(m, texts[i]) == 0;
}

struct makers *makers_load(const char *file, struct diags *diags)
{
    struct makers *m = makers_new();
    int err = 0;
    if (file != NULL)
        err = read_one(m, file);
    else
        read_system(m);
    if (err == ERR_FORMAT)
        diag_add(diags, DIAG_ERROR, file, 0, 0, "this names no maker of network interfaces: IEEE's oui.csv or oui.txt is wanted, or lines \"aa:bb:cc Name\"");
    else if (err != 0)
        diag_add(diags, DIAG_ERROR, file, 0, 0, "cannot be read: %s", err_text(err));
    else if (m->n == 0)
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "there is no table of makers on this machine, so nobody can say which addresses are medical devices: install the package ieee-data "
                 "(Fedora: hwdata), or name a file with --makers");
    if (m->n > 0 && err == 0) {
        makers_ready(m);
        return m;
    }
    makers_free(m);
    return NULL;
}
