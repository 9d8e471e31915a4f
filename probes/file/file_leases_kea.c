/* Kea's kea-leases4.csv and kea-leases6.csv: lines of fields between commas, without quotes; a comma within a field is written &#x2c. Which
 * fields there are grew with Kea's versions, so the line of headings counts. Pure, over hostile bytes; runs in workers. */
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "probes/file/file_leases_list.h"

#define LIFETIME_REMOVED 0           /* how the server writes that a lease is no more */
#define LIFETIME_FOR_EVER 4294967295
#define TYPE_PREFIX 2                /* lease_type: whole prefixes, for routers */

enum heading { ADDRESS, HWADDR, LIFETIME, EXPIRE, SUBNET, HOSTNAME, STATE, TYPE, N_HEADINGS };
static const char *const headings[N_HEADINGS] = { "address", "hwaddr", "valid_lifetime", "expire", "subnet_id", "hostname", "state", "lease_type" };
static const enum heading needed[] = { ADDRESS, LIFETIME, EXPIRE };

struct field { const char *p; size_t len; };
struct parse {
    size_t line, places[N_HEADINGS], n_fields;           /* places from 1; 0: this file has none */
    struct lease_list list;
    struct leases_report *out;
    bool cut;
};

/* Field number n (from 1) of a line, and how many there are. */
static size_t split(const char *p, size_t len, size_t n, struct field *out)
{
    size_t count = 1;
    const char *from = p;
    *out = (struct field){ p, 0 };
    for (const char *at = p; ; at++) {
        const bool end = at == p + len;
        if (!end && *at != ',')
            continue;
        if (count == n)
            *out = (struct field){ from, (size_t)(at - from) };
        if (end)
            return count;
        from = at + 1;
        count++;
    }
}

static struct field field_at(const struct parse *p, const char *line, size_t len, enum heading h)
{
    struct field f = { line, 0 };
    if (p->places[h] > 0)
        (void)split(line, len, p->places[h], &f);
    return f;
}

static bool number(struct field f, long long max, long long *out)
{
    char text[24];
    if (f.len == 0 || f.len >= sizeof text || memchr(f.p, '\0', f.len) != NULL)
        return false;
    memcpy(text, f.p, f.len);
    text[f.len] = '\0';
    return text_parse_int(text, 0, max, out);
}

static bool is_headings(const char *line, size_t len)
{
    return len > 8 && memcmp(line, "address,", 8) == 0;
}

static bool headings_take(struct parse *p, const char *line, size_t len)
{
    struct field f;
    memset(p->places, 0, sizeof p->places);
    p->n_fields = split(line, len, 0, &f);
    for (size_t i = 1; i <= p->n_fields && i <= 64; i++) {
        (void)split(line, len, i, &f);
        for (size_t h = 0; h < N_HEADINGS; h++)
            if (p->places[h] == 0 && f.len == strlen(headings[h]) && memcmp(f.p, headings[h], f.len) == 0)
                p->places[h] = i;
    }
    for (size_t i = 0; i < N_ELEMENTS(needed); i++)
        if (p->places[needed[i]] == 0)
            return false;
    p->out->n_headings++;
    return p->out->is_leases = true;
}

static const char *state_of(struct field f)
{
    static const char *const states[] = { "Active", "Declined", "Expired", "Released", "Registered" };
    long long n;
    return number(f, N_ELEMENTS(states) - 1, &n) ? states[n] : NULL;
}

/* whole: the file does not end within the line. */
static void row_take(struct parse *p, const char *line, size_t len, bool whole)
{
    struct lease_entry e = { .lease = { .scope = -1 }, .fate = LEASE_UNREAD };
    struct field f = field_at(p, line, len, ADDRESS), name = field_at(p, line, len, HOSTNAME);
    const size_t n = split(line, len, 0, &(struct field){ 0 });
    const bool known = n > 1 && lease_address(f.p, f.len, &e.lease.ip);
    long long lifetime = 0, ends = 0, v;
    if (number(field_at(p, line, len, TYPE), 9, &v) && v == TYPE_PREFIX) {
        p->out->n_prefixes++;
        return;
    }
    f = field_at(p, line, len, HWADDR);
    lease_mac(f.p, f.len, e.lease.mac);
    e.lease.name = name.len > 0 ? name.p : NULL;
    e.lease.name_len = name.len;
    e.lease.state = state_of(field_at(p, line, len, STATE));
    if (number(field_at(p, line, len, SUBNET), 4294967295, &v))
        e.lease.scope = v;
    if (known && whole && n >= p->n_fields && number(field_at(p, line, len, LIFETIME), LIFETIME_FOR_EVER, &lifetime) &&
        number(field_at(p, line, len, EXPIRE), 253402300799, &ends))
        e.fate = lifetime == LIFETIME_REMOVED ? LEASE_REMOVED : LEASE_HOLDS;
    else
        lease_note_at(&p->out->n_unread, &p->out->first_unread, p->line);
    e.lease.ends = lifetime == LIFETIME_FOR_EVER ? 0 : ends;
    if (known)
        lease_list_add(&p->list, &e);
}

/* A last line without a line break may be cut within its last field. */
static bool is_whole(const struct parse *p, const char *line, size_t len)
{
    static const enum heading read[] = { EXPIRE, STATE, HOSTNAME, TYPE };
    bool last_is_read = split(line, len, 0, &(struct field){ 0 }) < p->n_fields;
    for (size_t i = 0; i < N_ELEMENTS(read); i++)
        last_is_read = last_is_read || p->places[read[i]] == p->n_fields;
    return !last_is_read;
}

/* False: this file is not Kea's. */
static bool line_take(struct parse *p, const char *line, size_t len, bool has_break)
{
    if (len > 0 && line[len - 1] == '\r')
        len--;
    if (len == 0)
        return true;
    if (is_headings(line, len))
        return headings_take(p, line, len);
    if (!p->out->is_leases)
        return false;
    p->cut = !has_break && !is_whole(p, line, len);
    row_take(p, line, len, !p->cut);
    return true;
}

static void unescape(const char *p, size_t len, struct buf *out)
{
    static const char comma[] = "&#x2c";
    for (size_t i = 0; i < len; i++) {
        bool escaped = len - i >= sizeof comma - 1 && memcmp(p + i, comma, sizeof comma - 1) == 0;
        buf_putc(out, escaped ? ',' : p[i]);
        i += escaped ? sizeof comma - 2 : 0;
    }
}

static void say(struct parse *p, bool of_kea)
{
    struct leases_report *out = p->out;
    if (out->reason != REASON_NONE || (of_kea && !p->cut && out->is_leases))
        return;
    out->reason = REASON_BAD_FILE;
    if (p->cut)
        snprintf(out->detail, sizeof out->detail, "the file is cut off: it ends within line %zu", p->line);
    else if (out->is_leases)
        snprintf(out->detail, sizeof out->detail, "the headings in line %zu are not those of Kea's leases", p->line);
    else
        snprintf(out->detail, sizeof out->detail, "its first line is not Kea's headings, which begin \"address,hwaddr,client_id,valid_lifetime,expire\" or \"address,duid,...\"");
}

void leases_parse_kea(const char *text, size_t len, lease_fn fn, void *arg, struct leases_report *out)
{
    struct parse p = { .out = out };
    const char *at = text, *end = text + len;
    bool of_kea = true;
    *out = (struct leases_report){ .reason = REASON_NONE };
    while (of_kea && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        p.line++;
        of_kea = line_take(&p, at, (size_t)((stop != NULL ? stop : end) - at), stop != NULL);
        at = stop != NULL ? stop + 1 : end;
    }
    lease_list_give(&p.list, unescape, fn, arg, out);
    say(&p, of_kea);
}
