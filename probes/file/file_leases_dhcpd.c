/* dhcpd.leases of ISC DHCP: declarations in braces, statements that end with a semicolon, texts in quotes. Pure, over hostile bytes; runs in workers.
 * What is none of ours is skipped by its braces, to any depth, without recursion. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "probes/file/file_leases_list.h"

/* --- tokens ------------------------------------------------------------------------------------------------------------ */

enum kind { WORD, TEXT, OPEN, CLOSE, STOP, END };
struct token { enum kind kind; const char *p; size_t len; };
struct scan { const char *p, *end; size_t line; bool cut; /* the file ended within something */ };

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static void skip_blanks(struct scan *s)
{
    bool comment = false;
    for (; s->p < s->end && (comment || is_blank(*s->p) || *s->p == '#'); s->p++) {
        if (*s->p == '\n') {
            s->line++;
            comment = false;
        } else if (*s->p == '#')
            comment = true;
    }
}

static struct token quoted(struct scan *s)
{
    const char *from = ++s->p;
    for (; s->p < s->end && *s->p != '"'; s->p++) {
        if (*s->p == '\\' && s->p + 1 < s->end)
            s->p++;
        s->line += *s->p == '\n';
    }
    if (s->p >= s->end) {
        s->cut = true;
        return (struct token){ END, s->end, 0 };
    }
    return (struct token){ TEXT, from, (size_t)(s->p++ - from) };
}

static struct token next(struct scan *s)
{
    skip_blanks(s);
    if (s->p >= s->end)
        return (struct token){ END, s->end, 0 };
    const char *from = s->p;
    switch (*from) {
    case '{': s->p++; return (struct token){ OPEN, from, 1 };
    case '}': s->p++; return (struct token){ CLOSE, from, 1 };
    case ';': s->p++; return (struct token){ STOP, from, 1 };
    case '"': return quoted(s);
    default: break;
    }
    while (s->p < s->end && !is_blank(*s->p) && strchr("{};\"#", *s->p) == NULL)
        s->p++;
    return (struct token){ WORD, from, (size_t)(s->p - from) };
}

static bool is(const struct token *t, const char *word)
{
    return t->kind == WORD && t->len == strlen(word) && memcmp(t->p, word, t->len) == 0;
}

/* --- statements -------------------------------------------------------------------------------------------------------- */

#define STATEMENT_WORDS 6            /* that are looked at */
struct statement { struct token w[STATEMENT_WORDS]; size_t n, line; enum kind ended_by; };

static void statement_read(struct scan *s, struct statement *out)
{
    *out = (struct statement){ .line = s->line };
    for (;;) {
        struct token t = next(s);
        if (t.kind != WORD && t.kind != TEXT) {
            out->ended_by = t.kind;
            return;
        }
        if (out->n == 0)
            out->line = s->line;
        if (out->n < STATEMENT_WORDS)
            out->w[out->n] = t;
        out->n++;
    }
}

static bool ended(struct scan *s)
{
    s->cut = true;
    return false;
}

/* To behind the brace that closes the one just read; false at the file's end. */
static bool block_skip(struct scan *s)
{
    for (size_t depth = 1; depth > 0;) {
        struct token t = next(s);
        if (t.kind == END)
            return ended(s);
        depth += t.kind == OPEN;
        depth -= t.kind == CLOSE;
    }
    return true;
}

/* "4 2026/11/26 10:10:00", perhaps with UTC behind it; "epoch 1793631600"; "never". False: no time. *out 0: never. */
static bool time_read(const struct statement *st, int64_t *out)
{
    char text[96];
    int year, month, day, hour, minute, second, used = 0;
    long long epoch;
    *out = 0;
    if (st->n == 2 && is(&st->w[1], "never"))
        return true;
    if (st->n < 3 || st->n > 5 || st->w[2].len > 30 || st->w[st->n == 3 ? 2 : 3].len > 20)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)st->w[2].len, st->w[2].p);
    if (is(&st->w[1], "epoch"))
        return st->n == 3 && text_parse_int(text, 1, 253402300799, &epoch) && (*out = epoch, true);
    if (st->n == 3 || (st->n == 5 && !is(&st->w[4], "UTC")))
        return false;
    snprintf(text, sizeof text, "%.*s %.*s", (int)st->w[2].len, st->w[2].p, (int)st->w[3].len, st->w[3].p);
    if (sscanf(text, "%4d/%2d/%2d %2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &used) != 6 || text[used] != '\0')
        return false;
    if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0)
        return false;
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, hour, minute, second);
    return iso_parse(text, out);
}

/* --- leases ------------------------------------------------------------------------------------------------------------ */

struct parse { struct scan s; struct lease_list list; struct leases_report *out; bool reserved; };

static const char *state_of(const struct token *t)
{
    static const struct { const char *word, *state; } states[] = {
        { "active", "Active" }, { "free", "Free" }, { "backup", "Backup" }, { "expired", "Expired" }, { "released", "Released" }, { "reset", "Reset" },
        { "abandoned", "Abandoned" },
    };
    for (size_t i = 0; i < N_ELEMENTS(states); i++)
        if (is(t, states[i].word))
            return states[i].state;
    return NULL;
}

static void name_take(struct lease *l, const struct token *t)
{
    if (t->kind != TEXT)
        return;
    l->name = t->p;
    l->name_len = t->len;
}

static void statement_take(struct parse *p, const struct statement *st, struct lease *l)
{
    if (st->n == 0)
        return;
    const struct token *w = st->w;
    if (is(&w[0], "ends")) {
        if (!time_read(st, &l->ends))
            lease_note_at(&p->out->n_bad_ends, &p->out->first_bad_ends, st->line);
    } else if (is(&w[0], "binding") && st->n == 3 && is(&w[1], "state"))
        l->state = state_of(&w[2]);
    else if (is(&w[0], "hardware") && st->n == 3 && is(&w[1], "ethernet"))
        lease_mac(w[2].p, w[2].len, l->mac);
    else if (is(&w[0], "client-hostname") && st->n == 2)
        name_take(l, &w[1]);
    else if (is(&w[0], "set") && st->n == 4 && is(&w[1], "ddns-fwd-name") && is(&w[2], "=") && l->name == NULL)
        name_take(l, &w[3]);
    else if (is(&w[0], "reserved") && st->n == 1)
        p->reserved = true;
    else if (is(&w[0], "abandoned") && st->n == 1 && l->state == NULL)
        l->state = "Abandoned";          /* before there were binding states */
}

/* The block of one address, behind its brace; false at the file's end. A block that is cut is unread: what it would have said is not known. */
static bool lease_read(struct parse *p, const struct token *address, size_t line)
{
    struct lease_entry e = { .lease = { .scope = -1 }, .fate = LEASE_UNREAD };
    const bool known = lease_address(address->p, address->len, &e.lease.ip);
    struct statement st;
    bool on;
    p->reserved = false;
    do {
        statement_read(&p->s, &st);
        if (st.ended_by == STOP)
            statement_take(p, &st, &e.lease);
        on = st.ended_by == STOP || (st.ended_by == OPEN && block_skip(&p->s));
    } while (on);
    if (st.ended_by == END)
        (void)ended(&p->s);
    if (p->reserved && e.lease.state != NULL && strcmp(e.lease.state, "Active") == 0)
        e.lease.state = "ActiveReservation";
    if (st.ended_by == CLOSE && st.n == 0 && known)
        e.fate = LEASE_HOLDS;
    else
        lease_note_at(&p->out->n_unread, &p->out->first_unread, line);
    if (known)
        lease_list_add(&p->list, &e);
    return !p->s.cut;
}

/* The addresses and prefixes of one DHCPv6 client, behind the brace. False at the file's end. */
static bool client6_read(struct parse *p)
{
    for (;;) {
        struct statement st;
        statement_read(&p->s, &st);
        if (st.ended_by == CLOSE)
            return true;
        if (st.ended_by == END)
            return ended(&p->s);
        if (st.ended_by == STOP)
            continue;
        if (st.n == 2 && is(&st.w[0], "iaaddr")) {
            if (!lease_read(p, &st.w[1], st.line))
                return false;
            continue;
        }
        p->out->n_prefixes += st.n == 2 && is(&st.w[0], "iaprefix");
        if (!block_skip(&p->s))
            return false;
    }
}

static bool is_client6(const struct token *t)
{
    static const char *const words[] = { "ia-na", "ia-ta", "ia-pd", "ia_na", "ia_ta", "ia_pd" };
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (is(t, words[i]))
            return true;
    return false;
}

/* One declaration; false at the file's end. *a_clients: it is one as dhclient, the client, writes it. */
static bool declaration_read(struct parse *p, bool *a_clients)
{
    static const char *const others[] = { "authoring-byte-order", "server-duid", "failover", "host", "group", "subgroup", "class", "subclass" };
    struct statement st;
    statement_read(&p->s, &st);
    for (size_t i = 0; i < N_ELEMENTS(others) && st.n > 0; i++)
        p->out->is_leases = p->out->is_leases || is(&st.w[0], others[i]);
    if (st.ended_by == END)
        return st.n > 0 && ended(&p->s);
    if (st.ended_by != OPEN)
        return true;
    if (st.n == 2 && is(&st.w[0], "lease")) {
        p->out->is_leases = true;
        return lease_read(p, &st.w[1], st.line);
    }
    if (st.n == 2 && is_client6(&st.w[0])) {
        p->out->is_leases = true;
        return client6_read(p);
    }
    *a_clients = *a_clients || (st.n == 1 && is(&st.w[0], "lease"));
    return block_skip(&p->s);
}

/* One escape, behind its backslash at p; returns how many bytes it has. */
static size_t unescape_one(const char *p, size_t len, struct buf *out)
{
    static const struct { char letter, byte; } letters[] = { { 'n', '\n' }, { 't', '\t' }, { 'r', '\r' }, { 'b', '\b' } };
    unsigned octal = 0;
    size_t n = 0;
    for (; n < 3 && n < len && p[n] >= '0' && p[n] <= '7'; n++)
        octal = octal * 8 + (unsigned)(p[n] - '0');
    if (n > 0) {
        buf_putc(out, (char)(octal & 255));
        return n;
    }
    char byte = *p;
    for (size_t i = 0; i < N_ELEMENTS(letters); i++)
        byte = *p == letters[i].letter ? letters[i].byte : byte;
    buf_putc(out, byte);
    return 1;
}

static void unescape(const char *p, size_t len, struct buf *out)
{
    for (size_t i = 0; i < len;) {
        if (p[i] != '\\' || i + 1 == len)
            buf_putc(out, p[i++]);
        else
            i += 1 + unescape_one(p + i + 1, len - i - 1, out);
    }
}

static void say(struct parse *p, bool a_clients)
{
    struct leases_report *out = p->out;
    if (out->reason != REASON_NONE || (out->is_leases && !p->s.cut))
        return;
    out->reason = REASON_BAD_FILE;
    if (!out->is_leases)
        snprintf(out->detail, sizeof out->detail, "%s", a_clients ? "these are a client's leases (dhclient): ask for the server's, dhcpd.leases"
                                                                  : "no declaration of a lease in it, like \"lease 10.0.0.5 { ... }\"");
    else
        snprintf(out->detail, sizeof out->detail, "the file is cut off: it ends within a declaration, in line %zu", p->s.line);
}

void leases_parse_dhcpd(const char *text, size_t len, lease_fn fn, void *arg, struct leases_report *out)
{
    struct parse p = { .s = { text, text + len, 1, false }, .out = out };
    bool a_clients = false;
    *out = (struct leases_report){ .reason = REASON_NONE };
    while (declaration_read(&p, &a_clients))
        ;
    lease_list_give(&p.list, unescape, fn, arg, out);
    say(&p, a_clients);
}
