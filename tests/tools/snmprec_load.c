/* Reads recordings: one object per line, OID|TYPE|VALUE, TYPE being the ASN.1 tag in decimal, with x behind when VALUE is
 * hexadecimal. Part of the test tool snmprec_serve. A type with a ":" names a program of other servers: it is left out. */
#include "tools/snmprec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool rec_oid_parse(const char *s, struct rec_oid *out)
{
    out->n = 0;
    if (*s == '.')
        s++;
    while (out->n < REC_OID_MAX) {
        char *end;
        errno = 0;
        unsigned long v = strtoul(s, &end, 10);
        if (end == s || *s < '0' || *s > '9' || errno != 0 || v > UINT32_MAX)
            return false;
        out->id[out->n++] = (uint32_t)v;
        if (*end == '\0')
            return true;
        if (*end != '.')
            return false;
        s = end + 1;
    }
    return false;
}

int rec_oid_compare(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
    for (size_t i = 0; i < na && i < nb; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return na == nb ? 0 : na < nb ? -1 : 1;
}

static void take(struct record *r, const void *p, size_t len)
{
    r->value = xmalloc(len + 1);
    memcpy(r->value, p, len);
    r->len = len;
}

static bool take_hex(struct record *r, const char *s)
{
    size_t len = strlen(s) / 2;
    uint8_t *v = xmalloc(len + 1);
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(s[2 * i]), low = hex_digit(s[2 * i + 1]);
        if (high < 0 || low < 0) {
            free(v);
            return false;
        }
        v[i] = (uint8_t)(high << 4 | low);
    }
    r->value = v;
    r->len = len;
    return strlen(s) % 2 == 0;
}

static bool take_number(struct record *r, const char *s)
{
    char *end;
    errno = 0;
    uint8_t content[9];
    size_t len;
    if (r->type == REC_INTEGER) {
        long long v = strtoll(s, &end, 10);
        len = ber_int_content((int32_t)(uint32_t)(uint64_t)v, content);
    } else {
        unsigned long long v = strtoull(s, &end, 10);
        len = ber_uint_content(r->type == REC_COUNTER64 ? v : (v & UINT32_MAX), content);
    }
    if (end == s || *end != '\0' || errno != 0)
        return false;
    take(r, content, len);
    return true;
}

static bool take_oid(struct record *r, const char *s)
{
    struct rec_oid oid;
    uint8_t room[REC_OID_MAX * 5 + 8];
    struct ber_out o = { .room = room, .size = sizeof room, .at = sizeof room };
    if (*s == '\0') {
        take(r, "", 1);              /* 0.0, in one byte */
        return true;
    }
    if (!rec_oid_parse(s, &oid))
        return false;
    ber_oid(&o, oid.id, oid.n);
    struct ber_in in = { .p = room + o.at, .len = o.size - o.at };
    uint8_t tag;
    struct ber_in content = ber_open(&in, &tag);
    take(r, content.p, content.len);
    return !o.overflow;
}

static bool take_address(struct record *r, const char *s)
{
    uint8_t b[4];
    unsigned v[4];
    if (sscanf(s, "%u.%u.%u.%u", &v[0], &v[1], &v[2], &v[3]) != 4)
        return false;
    for (int i = 0; i < 4; i++)
        b[i] = (uint8_t)v[i];
    take(r, b, 4);
    return true;
}

static bool take_value(struct record *r, const char *type, const char *value)
{
    char *end;
    unsigned long tag = strtoul(type, &end, 10);
    bool hex = *end == 'x' && end[1] == '\0';
    if (end == type || (*end != '\0' && !hex) || tag > 0xFF)
        return false;
    r->type = (uint8_t)tag;
    if (hex)
        return take_hex(r, value);
    switch (r->type) {
    case REC_OCTETS: case REC_OPAQUE: take(r, value, strlen(value)); return true;
    case REC_NULL: take(r, "", 0); return true;
    case REC_OID: return take_oid(r, value);
    case REC_IPADDRESS: return take_address(r, value);
    case REC_INTEGER: case REC_COUNTER32: case REC_GAUGE32: case REC_TIMETICKS: case REC_COUNTER64: return take_number(r, value);
    default: return false;
    }
}

static bool take_line(char *line, struct record *r)
{
    char *type = strchr(line, '|');
    char *value = type == NULL ? NULL : strchr(type + 1, '|');
    if (value == NULL)
        return false;
    *type++ = '\0';
    *value++ = '\0';
    struct rec_oid oid;
    if (!rec_oid_parse(line, &oid) || !take_value(r, type, value))
        return false;
    r->oid = xmalloc(oid.n * sizeof *r->oid);
    memcpy(r->oid, oid.id, oid.n * sizeof *r->oid);
    r->n = oid.n;
    return true;
}

/* Keeps the file's order among equals: the address breaks ties. */
static int by_oid(const void *a, const void *b)
{
    const struct record *x = *(const struct record *const *)a, *y = *(const struct record *const *)b;
    int c = rec_oid_compare(x->oid, x->n, y->oid, y->n);
    return c != 0 ? c : x < y ? -1 : x > y;
}

static void sort_records(struct recording *r)
{
    struct record **order = xmalloc((r->count + 1) * sizeof(struct record *));
    for (size_t i = 0; i < r->count; i++)
        order[i] = &r->v[i];
    qsort(order, r->count, sizeof *order, by_oid);
    struct record *sorted = xcalloc(r->count + 1, sizeof *sorted);
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (n > 0 && rec_oid_compare(sorted[n - 1].oid, sorted[n - 1].n, order[i]->oid, order[i]->n) == 0)
            r->n_duplicate++;
        else
            sorted[n++] = *order[i];
    }
    free(order);
    free(r->v);
    r->v = sorted;
    r->count = n;
}

struct recording *recording_load(const char *path)
{
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        fprintf(stderr, "snmprec_serve: %s: %s\n", path, strerror(errno));
        exit(2);
    }
    struct recording *r = xcalloc(1, sizeof *r);
    r->path = xstrdup(path);
    size_t cap = 0, size = 0;
    char *line = NULL;
    ssize_t len;
    while ((len = getline(&line, &size, f)) >= 0) {
        while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
            line[--len] = '\0';
        if (len == 0 || line[0] == '#')
            continue;
        if (r->count == cap) {
            cap = cap == 0 ? 256 : cap * 2;
            r->v = xrealloc_array(r->v, cap, sizeof *r->v);
        }
        r->v[r->count] = (struct record){ 0 };
        if (take_line(line, &r->v[r->count]))
            r->count++;
        else
            r->n_bad++;
    }
    free(line);
    fclose(f);
    sort_records(r);
    return r;
}

size_t recording_after(const struct recording *r, const struct rec_oid *oid, bool or_equal)
{
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = rec_oid_compare(r->v[mid].oid, r->v[mid].n, oid->id, oid->n);
        if (c > 0 || (c == 0 && or_equal))
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}
