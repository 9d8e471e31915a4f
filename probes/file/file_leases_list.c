/* The entries of a server's lease file, and which of them hold. Runs in a worker, over hostile bytes. */
#include "probes/file/file_leases_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

static int compare(const void *a, const void *b)
{
    const struct lease_entry *x = a, *y = b;
    int by_address = memcmp(&x->lease.ip, &y->lease.ip, sizeof x->lease.ip);
    return by_address != 0 ? by_address : (x->order > y->order) - (x->order < y->order);
}

/* Keeps the last entry of each address, by address. */
static void compact(struct lease_list *l)
{
    size_t kept = 0;
    if (l->n == 0)
        return;
    qsort(l->v, l->n, sizeof *l->v, compare);
    for (size_t i = 0; i < l->n; i++)
        if (i + 1 == l->n || !ip_equal(&l->v[i].lease.ip, &l->v[i + 1].lease.ip))
            l->v[kept++] = l->v[i];
    l->n = kept;
}

void lease_list_add(struct lease_list *l, const struct lease_entry *e)
{
    if (l->n == 2 * (size_t)LEASES_MAX)
        compact(l);
    if (l->over || l->n > 2 * (size_t)LEASES_MAX - 1) {
        l->over = true;
        return;
    }
    if (l->n == l->cap) {
        l->cap = l->cap == 0 ? 256 : 2 * l->cap;
        l->v = xrealloc_array(l->v, l->cap, sizeof *l->v);
    }
    l->v[l->n] = *e;
    l->v[l->n++].order = l->total++;
}

static bool give_one(const struct lease_entry *e, lease_unescape_fn unescape, struct buf *name, lease_fn fn, void *arg)
{
    struct lease l = e->lease;
    buf_reset(name);
    if (l.name != NULL) {
        unescape(l.name, l.name_len, name);
        l.name = name->len == 0 ? NULL : buf_str(name);
        l.name_len = name->len < LEASES_MAX_NAME ? name->len : LEASES_MAX_NAME;
    }
    return fn(arg, &l);
}

void lease_list_give(struct lease_list *l, lease_unescape_fn unescape, lease_fn fn, void *arg, struct leases_report *out)
{
    struct buf name = BUF_INIT(1 << 16);
    compact(l);
    out->n_entries = l->total;
    out->n_earlier = l->total - l->n;
    l->over = l->over || l->n > LEASES_MAX;
    if (l->over) {
        out->reason = REASON_LIMIT;
        snprintf(out->detail, sizeof out->detail, "leases of more than %d addresses", LEASES_MAX);
    }
    for (size_t i = 0; i < l->n && !l->over; i++) {
        out->n_removed += l->v[i].fate == LEASE_REMOVED;
        if (l->v[i].fate != LEASE_HOLDS || give_one(&l->v[i], unescape, &name, fn, arg))
            continue;
        out->reason = REASON_TIMEOUT;
        snprintf(out->detail, sizeof out->detail, "out of time");
        break;
    }
    buf_clear(&name);
    free(l->v);
    *l = (struct lease_list){ 0 };
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void lease_mac(const char *p, size_t len, char out[18])
{
    unsigned bytes[6] = { 0 };
    size_t n = 0, n_digits = 0;
    out[0] = '\0';
    for (size_t i = 0; i < len; i++) {
        if (p[i] == ':') {
            if (n_digits == 0 || ++n == 6)
                return;
            n_digits = 0;
            continue;
        }
        if (hex(p[i]) < 0 || ++n_digits > 2)
            return;
        bytes[n] = bytes[n] * 16 + (unsigned)hex(p[i]);
    }
    if (n == 5 && n_digits > 0)
        snprintf(out, 18, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0] & 255, bytes[1] & 255, bytes[2] & 255, bytes[3] & 255, bytes[4] & 255, bytes[5] & 255);
}

bool lease_address(const char *p, size_t len, struct ip *out)
{
    char text[IP_TEXT];
    struct ip ip = { 0 };
    if (len >= sizeof text || memchr(p, '\0', len) != NULL)
        return false;
    memcpy(text, p, len);
    text[len] = '\0';
    if (!ip_parse(text, &ip))
        return false;
    *out = ip;
    return true;
}

void lease_note_at(size_t *n, size_t *first, size_t line)
{
    if ((*n)++ == 0)
        *first = line;
}
