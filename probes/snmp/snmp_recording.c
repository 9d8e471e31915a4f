/* Reading snmpwalk's text: one value begins a line with its object, goes on over lines that begin with none, and ends with the next object.
 * The forms are those of net-snmp's own printer: "OBJECT = TYPE: value". Pure; runs in a worker, over hostile bytes. */
#include "probes/snmp/snmp_recording.h"

#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

struct entry { const uint32_t *id; size_t n, place; struct snmp_value v; };

struct snmp_recording {
    struct arena *mem;
    struct entry *entries; size_t n, cap;
    struct snmp_recording_account account;
    struct snmp_oid broken_at;       /* the last object before the walk broke off */
    struct buf scratch;              /* octets of the value in work */
    size_t line;                     /* where the value in work began */
    bool falls;                      /* an object that does not come after the one before: several walks in one file */
    bool ended;                      /* "past the end of the MIB tree" */
};

/* --- objects ----------------------------------------------------------------------------------------------------------- */

/* Beginnings that snmpwalk writes in names although it has no MIB files, or only the usual ones. */
static const struct { const char *name, *numbers; } roots[] = {
    { "iso.", "1." }, { ".iso.org.dod.internet.", "1.3.6.1." }, { "SNMPv2-SMI::mib-2.", "1.3.6.1.2.1." }, { "SNMPv2-SMI::enterprises.", "1.3.6.1.4.1." },
    { "SNMPv2-SMI::snmpModules.", "1.3.6.1.6.3." }, { "SNMPv2-SMI::transmission.", "1.3.6.1.2.1.10." }, { "mib-2.", "1.3.6.1.2.1." }, { "enterprises.", "1.3.6.1.4.1." },
};

/* Numbers with dots, an index perhaps in brackets (-OX). False for anything else. */
static bool object_read(const char *p, size_t len, struct snmp_oid *out)
{
    char text[SNMP_OID_MAX * 11 + 2];
    size_t n = 0;
    for (size_t i = 0; i < N_ELEMENTS(roots); i++) {
        size_t root = strlen(roots[i].name);
        if (len <= root || memcmp(p, roots[i].name, root) != 0)
            continue;
        n = strlen(roots[i].numbers);
        memcpy(text, roots[i].numbers, n);
        p += root;
        len -= root;
        break;
    }
    for (size_t i = 0; i < len; i++) {
        if (p[i] == ']')
            continue;
        if (n + 1 >= sizeof text)
            return false;
        text[n++] = p[i] == '[' ? '.' : p[i];
    }
    text[n] = '\0';
    return oid_parse(text, out) && out->n >= 2;
}

/* A name of a MIB's: "IF-MIB::ifDescr.1". */
static bool object_is_name(const char *p, size_t len)
{
    size_t i = 0;
    while (i < len && ((p[i] >= 'A' && p[i] <= 'Z') || (p[i] >= 'a' && p[i] <= 'z') || (p[i] >= '0' && p[i] <= '9') || p[i] == '-'))
        i++;
    return i > 0 && i + 2 < len && p[i] == ':' && p[i + 1] == ':';
}

/* --- values ------------------------------------------------------------------------------------------------------------ */

static const char *skip(const char *p, const char *end, const char *what)
{
    size_t n = strlen(what);
    return (size_t)(end - p) >= n && memcmp(p, what, n) == 0 ? p + n : NULL;
}

/* A decimal number at p, perhaps within "name(5)" or "(5) words". */
static bool number_read(const char *p, const char *end, bool *negative, uint64_t *out)
{
    const char *digits = p;
    if (p < end && *p != '-' && (*p < '0' || *p > '9')) {
        const char *bracket = memchr(p, '(', (size_t)(end - p));
        if (bracket == NULL)
            return false;
        p = bracket + 1;
    }
    *negative = p < end && *p == '-';
    p += *negative;
    *out = 0;
    for (digits = p; p < end && *p >= '0' && *p <= '9'; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (*out > (UINT64_MAX - digit) / 10)
            return false;
        *out = *out * 10 + digit;
    }
    return p > digits && (p == end || strchr(" )\n.", *p) != NULL);
}

static bool integer_read(const char *p, const char *end, struct snmp_value *v)
{
    bool negative;
    uint64_t n;
    if (!number_read(p, end, &negative, &n) || n > (uint64_t)INT64_MAX)
        return false;
    v->i = negative ? -(int64_t)n : (int64_t)n;
    return true;
}

static bool unsigned_read(const char *p, const char *end, struct snmp_value *v)
{
    bool negative;
    return number_read(p, end, &negative, &v->u) && !negative && (v->type == SNMP_COUNTER64 || v->u <= UINT32_MAX);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Pairs of hex digits between blanks; stops at the first word that is none (a bit's name, the text of -OT). */
static void pairs_read(struct buf *out, const char *p, const char *end)
{
    while (p < end) {
        if (*p == ' ' || *p == '\n' || *p == '\t') {
            p++;
            continue;
        }
        bool pair = end - p >= 2 && hex_digit(p[0]) >= 0 && hex_digit(p[1]) >= 0 && (end - p == 2 || strchr(" \n\t", p[2]) != NULL);
        if (!pair)
            return;
        buf_put_u8(out, (uint8_t)(hex_digit(p[0]) << 4 | hex_digit(p[1])));
        p += 2;
    }
}

/* "0:1a:2b:3c:4d:5e": how a MIB file's display hint shows a hardware address. Shorter ones are names of ports ("1:24"). */
#define PHYSICAL_MIN 6

static bool physical_read(struct buf *out, const char *p, const char *end)
{
    size_t groups = 0;
    for (; p < end; groups++) {
        int high = hex_digit(p[0]), low = p + 1 < end ? hex_digit(p[1]) : -1;
        if (high < 0)
            return false;
        buf_put_u8(out, (uint8_t)(low < 0 ? high : high << 4 | low));
        p += low < 0 ? 1 : 2;
        if (p < end && (*p++ != ':' || p == end))
            return false;
    }
    return groups >= PHYSICAL_MIN;
}

/* Text columns whose words may look like a hardware address: these stay as they are. */
static bool is_text_object(const struct snmp_oid *o)
{
    static const uint32_t system_group[] = { 1, 3, 6, 1, 2, 1, 1 }, if_descr[] = { 1, 3, 6, 1, 2, 1, 2, 2, 1, 2 }, if_x[] = { 1, 3, 6, 1, 2, 1, 31 };
    const struct { const uint32_t *id; size_t n; } bases[] = { { system_group, 7 }, { if_descr, 10 }, { if_x, 7 } };
    for (size_t i = 0; i < N_ELEMENTS(bases); i++)
        if (o->n > bases[i].n && oid_compare(o->id, bases[i].n, bases[i].id, bases[i].n) == 0)
            return true;
    return false;
}

/* Between quotes, in which \ and " have a \ before them. Without the closing quote the file is cut. */
static bool quoted_read(struct buf *out, const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++) {
        if (*p == '\\' && p + 1 < end && (p[1] == '\\' || p[1] == '"'))
            p++;
        buf_putc(out, *p);
    }
    return p < end;
}

static bool string_read(struct buf *out, const char *p, const char *end, const struct snmp_oid *o)
{
    if (p < end && *p == '"')
        return quoted_read(out, p, end);
    if (!is_text_object(o) && physical_read(out, p, end))
        return true;
    buf_reset(out);
    buf_append(out, p, (size_t)(end - p));
    return true;
}

static bool address_read(struct buf *out, const char *p, const char *end)
{
    struct snmp_oid four;
    char text[16];
    size_t len = (size_t)(end - p);
    if (len >= sizeof text)
        return false;
    memcpy(text, p, len);
    text[len] = '\0';
    if (!oid_parse(text, &four) || four.n != 4)
        return false;
    for (size_t i = 0; i < 4; i++) {
        if (four.id[i] > 255)
            return false;
        buf_put_u8(out, (uint8_t)four.id[i]);
    }
    return true;
}

enum form { FORM_INTEGER, FORM_UNSIGNED, FORM_STRING, FORM_PAIRS, FORM_ADDRESS, FORM_NETWORK, FORM_OBJECT, FORM_IGNORED };

static const struct { const char *word; enum snmp_type type; enum form form; } types[] = {
    { "INTEGER: ", SNMP_INTEGER, FORM_INTEGER }, { "STRING: ", SNMP_OCTETS, FORM_STRING }, { "Hex-STRING: ", SNMP_OCTETS, FORM_PAIRS }, { "BITS: ", SNMP_OCTETS, FORM_PAIRS },
    { "Gauge32: ", SNMP_GAUGE32, FORM_UNSIGNED }, { "Counter32: ", SNMP_COUNTER32, FORM_UNSIGNED }, { "Counter64: ", SNMP_COUNTER64, FORM_UNSIGNED },
    { "UInteger32: ", SNMP_GAUGE32, FORM_UNSIGNED }, { "Timeticks: ", SNMP_TIME_TICKS, FORM_UNSIGNED }, { "IpAddress: ", SNMP_IP_ADDRESS, FORM_ADDRESS },
    { "Network Address: ", SNMP_IP_ADDRESS, FORM_NETWORK }, { "OID: ", SNMP_OBJECT_ID, FORM_OBJECT }, { "Opaque: ", SNMP_OPAQUE, FORM_IGNORED }, { "NULL", SNMP_NULL, FORM_IGNORED },
};

static bool octets_read(struct snmp_recording *r, enum form form, const char *p, const char *end, const struct snmp_oid *o)
{
    if (form == FORM_PAIRS) {
        pairs_read(&r->scratch, p, end);
        return true;
    }
    if (form == FORM_ADDRESS)
        return address_read(&r->scratch, p, end);
    if (form == FORM_STRING)
        return string_read(&r->scratch, p, end, o);
    char spaced[16];
    size_t n = 0;                    /* 0A:00:00:01 */
    for (; p < end && n + 1 < sizeof spaced; p++)
        spaced[n++] = *p == ':' ? ' ' : *p;
    pairs_read(&r->scratch, spaced, spaced + n);
    return r->scratch.len == 4;
}

static bool typed_read(struct snmp_recording *r, size_t t, const char *p, const char *end, const struct snmp_oid *o, struct snmp_value *v)
{
    struct snmp_oid object;
    v->type = types[t].type;
    switch (types[t].form) {
    case FORM_INTEGER:
        return integer_read(p, end, v);
    case FORM_UNSIGNED:
        return unsigned_read(p, end, v);
    case FORM_OBJECT:
        if (!object_read(p, (size_t)(end - p), &object))
            return false;
        v->n_oid = object.n;
        v->oid = memcpy(arena_array(r->mem, object.n, sizeof *v->oid), object.id, object.n * sizeof *v->oid);
        return true;
    case FORM_IGNORED:
        return true;
    case FORM_STRING: case FORM_PAIRS: case FORM_ADDRESS: case FORM_NETWORK:
        break;
    }
    buf_reset(&r->scratch);
    if (!octets_read(r, types[t].form, p, end, o) || r->scratch.overflow)
        return false;
    v->len = r->scratch.len;
    v->bytes = (const uint8_t *)arena_strndup(r->mem, buf_str(&r->scratch), r->scratch.len);
    return true;
}

/* --- lines ------------------------------------------------------------------------------------------------------------- */

static void note_at(size_t *n, size_t *first, size_t line)
{
    if ((*n)++ == 0)
        *first = line;
}

static void keep(struct snmp_recording *r, const struct snmp_oid *o, const struct snmp_value *v)
{
    if (r->n == RECORDING_VALUES_MAX) {
        r->account.full = true;
        return;
    }
    if (r->n == r->cap) {
        r->cap = r->cap == 0 ? 1024 : 2 * r->cap;
        r->entries = xrealloc_array(r->entries, r->cap, sizeof *r->entries);
    }
    uint32_t *id = arena_array(r->mem, o->n, sizeof *id);
    memcpy(id, o->id, o->n * sizeof *id);
    if (r->n > 0 && oid_compare(r->entries[r->n - 1].id, r->entries[r->n - 1].n, id, o->n) >= 0)
        r->falls = true;
    r->entries[r->n] = (struct entry){ .id = id, .n = o->n, .place = r->n, .v = *v };
    r->n++;
}

/* No value of the agent's: what snmpwalk says instead of one. */
static bool is_exception(const char *p, const char *end)
{
    static const char *const words[] = { "No Such Object", "No Such Instance", "No more variables left", "End of MIB" };
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (skip(p, end, words[i]) != NULL)
            return true;
    return false;
}

static void value_take(struct snmp_recording *r, const struct snmp_oid *o, const char *p, const char *end)
{
    struct snmp_value v = { .type = SNMP_OTHER };
    while (end > p && (end[-1] == '\n' || end[-1] == ' ' || end[-1] == '\r'))
        end--;
    const char *wrong = skip(p, end, "Wrong Type (should be "), *colon = wrong == NULL ? NULL : memchr(wrong, ')', (size_t)(end - wrong));
    if (colon != NULL && end - colon > 3)
        p = colon + 3;
    if (is_exception(p, end)) {
        r->ended = r->ended || skip(p, end, "No more variables left") != NULL;
        return;
    }
    if (end - p == 2 && memcmp(p, "\"\"", 2) == 0) {         /* an empty string has no type */
        v.type = SNMP_OCTETS;
        v.bytes = (const uint8_t *)"";
        keep(r, o, &v);
        return;
    }
    for (size_t t = 0; t < N_ELEMENTS(types); t++) {
        size_t word = strlen(types[t].word), bare = word - (types[t].word[word - 1] == ' ');
        if ((size_t)(end - p) < bare || memcmp(p, types[t].word, bare) != 0 || ((size_t)(end - p) > bare && word > bare && p[bare] != ' ' && p[bare] != '\n'))
            continue;
        const char *value = (size_t)(end - p) > word ? p + word : end;
        if (!typed_read(r, t, value, end, o, &v))
            note_at(&r->account.n_unread, &r->account.first_unread, r->line);
        else
            keep(r, o, &v);
        return;
    }
    note_at(&r->account.n_untyped, &r->account.first_untyped, r->line);
}

static void broke_off(struct snmp_recording *r, enum reason reason, size_t line)
{
    if (r->account.broken != REASON_NONE)
        return;
    r->account.broken = reason;
    r->account.broken_line = line;
    if (r->n > 0) {
        r->broken_at.n = r->entries[r->n - 1].n;
        memcpy(r->broken_at.id, r->entries[r->n - 1].id, r->broken_at.n * sizeof *r->broken_at.id);
    }
}

/* What snmpwalk itself says where a value would stand. */
static bool is_complaint(const char *p, const char *end)
{
    static const char *const words[] = { "Timeout: ", "Error in packet", "Error: OID not increasing", "snmpwalk: ", "snmpbulkwalk: ", "Reason: " };
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (skip(p, end, words[i]) != NULL)
            return true;
    return false;
}

enum line_kind { LINE_MORE, LINE_VALUE, LINE_NAMED, LINE_COMPLAINT, LINE_END };

/* What a line is; of one that begins a value, its object and where the value begins. */
static enum line_kind line_read(const char *p, const char *end, struct snmp_oid *o, const char **value)
{
    const char *blank = memchr(p, ' ', (size_t)(end - p));
    if (is_complaint(p, end))
        return LINE_COMPLAINT;
    if (skip(p, end, "End of MIB") != NULL)      /* SNMPv1 */
        return LINE_END;
    if (blank == NULL)
        return LINE_MORE;
    size_t len = (size_t)(blank - p);
    bool numbers = len < SNMP_OID_MAX * 12 && object_read(p, len, o);
    *value = skip(blank, end, " = ");
    if (*value == NULL)              /* -Oq has no sign, "OBJECT =" nothing behind it */
        *value = skip(blank, end, " =") != NULL ? end : numbers && (*p == '.' || *p == 'i') ? blank + 1 : NULL;
    if (numbers && *value != NULL)
        return LINE_VALUE;
    return *value != NULL && object_is_name(p, len) ? LINE_NAMED : LINE_MORE;
}

struct pending { struct snmp_oid object; const char *begin; bool open; };

static void pending_end(struct snmp_recording *r, struct pending *p, const char *end)
{
    if (p->open)
        value_take(r, &p->object, p->begin, end);
    p->open = false;
}

/* Whether the value that begins here has a quote which is not closed by end: then no line before the closing one begins another value. */
static bool quote_is_open(const char *p, const char *end)
{
    const char *quote = skip(p, end, "STRING: \"");
    if (quote == NULL)
        return false;
    for (; quote < end && *quote != '"'; quote++)
        quote += *quote == '\\' && quote + 1 < end;
    return quote >= end;
}

static void lines_read(struct snmp_recording *r, const char *text, const char *end)
{
    struct pending p = { .open = false };
    size_t line = 0;
    for (const char *at = text, *next; at < end; at = next) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline != NULL ? newline : end, *value = NULL;
        struct snmp_oid o;
        next = newline != NULL ? newline + 1 : end;
        line++;
        if (p.open && at - p.begin < RECORDING_VALUE_MAX && quote_is_open(p.begin, at))
            continue;
        enum line_kind kind = line_read(at, stop, &o, &value);
        if (kind == LINE_MORE)
            continue;
        pending_end(r, &p, at);
        r->line = line;
        if (kind == LINE_VALUE)
            p = (struct pending){ .object = o, .begin = value, .open = true };
        else if (kind == LINE_NAMED)
            note_at(&r->account.n_named, &r->account.first_named, line);
        else if (kind == LINE_END)
            r->ended = true;
        else
            broke_off(r, REASON_NO_ANSWER, line);
    }
    /* Without the last newline the value may be cut short: "INTEGER: 12" of 1234. */
    bool cut = p.open && (end[-1] != '\n' || quote_is_open(p.begin, end)) && !is_exception(p.begin, end);
    if (cut)
        broke_off(r, REASON_BAD_FILE, line);
    else
        pending_end(r, &p, end);
}

/* --- the whole --------------------------------------------------------------------------------------------------------- */

static int by_object(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = oid_compare(x->id, x->n, y->id, y->n);
    return order != 0 ? order : x->place < y->place ? -1 : x->place > y->place;
}

struct snmp_recording *snmp_recording_parse(const char *text, size_t len)
{
    struct snmp_recording *r = xcalloc(1, sizeof *r);
    static const struct snmp_oid system_group = { 7, { 1, 3, 6, 1, 2, 1, 1 } };
    r->mem = arena_new();
    buf_init(&r->scratch, RECORDING_VALUE_MAX);
    lines_read(r, text, text + len);
    r->account.n_values = r->n;
    r->account.whole = r->ended && !r->falls && r->n > 0 && r->account.broken == REASON_NONE && r->account.n_named == 0 && !r->account.full &&
                       oid_under(&system_group, r->entries[0].id, r->entries[0].n);
    if (r->n > 0)
        qsort(r->entries, r->n, sizeof *r->entries, by_object);
    return r;
}

void snmp_recording_free(struct snmp_recording *r)
{
    if (r == NULL)
        return;
    buf_clear(&r->scratch);
    arena_free(r->mem);
    free(r->entries);
    free(r);
}

void snmp_recording_account(const struct snmp_recording *r, struct snmp_recording_account *out)
{
    *out = r->account;
}

/* The first entry that is not before the object. */
static size_t lower_bound(const struct snmp_recording *r, const struct snmp_oid *o)
{
    size_t low = 0, high = r->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (oid_compare(r->entries[middle].id, r->entries[middle].n, o->id, o->n) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct snmp_value *snmp_recording_get(const struct snmp_recording *r, const char *object)
{
    struct snmp_oid o;
    if (!oid_parse(object, &o))
        return NULL;
    size_t at = lower_bound(r, &o);
    return at < r->n && oid_compare(r->entries[at].id, r->entries[at].n, o.id, o.n) == 0 ? &r->entries[at].v : NULL;
}

static void scalar_fetch(const struct snmp_recording *r, struct snmp_walk *w, size_t i)
{
    static const struct snmp_value absent = { .type = SNMP_NO_SUCH_OBJECT };
    const struct snmp_value *v = snmp_recording_get(r, w->objects[i]);
    w->n_cells += v != NULL;
    w->cell(w->arg, i, NULL, 0, v != NULL ? v : &absent);
}

static void walk_say(struct snmp_walk *w, enum reason reason, const char *detail)
{
    if (w->reason != REASON_NONE)
        return;
    w->reason = reason;
    snprintf(w->detail, sizeof w->detail, "%s", detail);
}

static void column_fetch(const struct snmp_recording *r, struct snmp_walk *w, size_t i)
{
    struct snmp_oid column;
    size_t rows = 0, rows_max = w->rows_max > 0 ? w->rows_max : SNMP_ROWS_MAX;
    const struct entry *before = NULL;
    if (!oid_parse(w->objects[i], &column))
        return;
    for (size_t at = lower_bound(r, &column); at < r->n; at++) {
        const struct entry *e = &r->entries[at];
        if (e->n == column.n)
            continue;
        if (!oid_under(&column, e->id, e->n))
            break;
        if (before != NULL && oid_compare(before->id, before->n, e->id, e->n) == 0)
            continue;                /* walked twice: the first counts */
        if (rows++ == rows_max) {
            walk_say(w, REASON_LIMIT, "more rows than are kept");
            break;
        }
        before = e;
        if (!snmp_value_present(&e->v))
            continue;
        w->n_cells++;
        w->cell(w->arg, i, e->id + column.n, e->n - column.n, &e->v);
    }
    bool unfinished = r->account.broken != REASON_NONE && (oid_compare(column.id, column.n, r->broken_at.id, r->broken_at.n) > 0 ||
                                                           oid_under(&column, r->broken_at.id, r->broken_at.n));
    if (unfinished)
        walk_say(w, r->account.broken, r->account.broken == REASON_BAD_FILE ? "the file is cut off before the walk's end" : "the walk broke off before its end");
    else if (r->account.full)
        walk_say(w, REASON_LIMIT, "the file has more values than are kept");
}

static void look_fetch(const struct snmp_recording *r, struct snmp_walk *w, size_t i)
{
    static const struct snmp_value absent = { .type = SNMP_NO_SUCH_OBJECT };
    struct snmp_oid above;
    if (!oid_parse(w->objects[i], &above))
        return;
    size_t at = lower_bound(r, &above);
    while (at < r->n && r->entries[at].n == above.n && oid_compare(r->entries[at].id, r->entries[at].n, above.id, above.n) == 0)
        at++;
    if (at < r->n && oid_under(&above, r->entries[at].id, r->entries[at].n))
        w->cell(w->arg, i, r->entries[at].id + above.n, r->entries[at].n - above.n, &r->entries[at].v);
    else if (r->account.broken == REASON_NONE && !r->account.full)       /* of what was lost, nobody knows */
        w->cell(w->arg, i, NULL, 0, &absent);
}

enum reason snmp_recording_fetch(void *arg, struct snmp_walk *walks, size_t n)
{
    const struct snmp_recording *r = arg;
    for (size_t w = 0; w < n; w++)
        for (size_t i = 0; i < walks[w].n_objects; i++) {
            if (walks[w].scalars)
                scalar_fetch(r, &walks[w], i);
            else if (walks[w].looks)
                look_fetch(r, &walks[w], i);
            else
                column_fetch(r, &walks[w], i);
        }
    return REASON_NONE;
}
