/* Answers of a recorded agent, after RFC 3416 section 4.2 and, for v1, RFC 1157 section 4.1; and its quirks. */
#include "tools/snmprec_agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/mem.h"

enum { V1 = 0, V2C = 1 };
enum { NO_ERROR = 0, TOO_BIG = 1, NO_SUCH_NAME = 2, GEN_ERR = 5 };

#define MAX_ASKED 512
#define HEADERS 100                  /* room for everything around the varbinds, without the community */

struct question {
    int64_t version, request_id, a, b;       /* a, b: non-repeaters and max-repetitions */
    uint8_t community[256];
    size_t community_len;
    uint8_t kind;
    struct rec_oid oid[MAX_ASKED];
    size_t n;
};
struct reply {
    uint8_t varbinds[AGENT_DATAGRAM];        /* encoded, in order */
    size_t len, count;
    size_t room;             /* bytes that varbinds may take */
    int status, index;
};

static const struct { const char *name; enum quirk quirk; long number; } quirk_names[] = {
    { "loop", QUIRK_LOOP, 50 }, { "unordered", QUIRK_UNORDERED, 0 }, { "tooBig-always", QUIRK_TOO_BIG, 0 }, { "tooBig", QUIRK_TOO_BIG, 8 },
    { "no-bulk", QUIRK_NO_BULK, 0 }, { "bulk-silent", QUIRK_BULK_SILENT, 0 }, { "drop-first", QUIRK_DROP_FIRST, 1 },
    { "drop-every", QUIRK_DROP_EVERY, 3 }, { "slow", QUIRK_SLOW, 300 }, { "early-end", QUIRK_EARLY_END, 50 }, { "garbage", QUIRK_GARBAGE, 0 },
    { "huge-names", QUIRK_HUGE_NAMES, 30000 }, { "v1-only", QUIRK_V1_ONLY, 0 }, { "escape", QUIRK_ESCAPE, 0 }, { "cap", QUIRK_CAP, 10 },
    { "wrong-types", QUIRK_WRONG_TYPES, 0 }, { "other-source", QUIRK_OTHER_SOURCE, 0 }, { "twice", QUIRK_TWICE, 0 }, { "gen-err", QUIRK_GEN_ERR, 0 },
    { "moving", QUIRK_MOVING, 1000 }, { "restart", QUIRK_RESTART, 2 }, { "renamed", QUIRK_RENAMED, 2 }, { "silent-after", QUIRK_SILENT_AFTER, 2 }, { "holes", QUIRK_HOLES, 3 }, { "no-next", QUIRK_NO_NEXT, 0 },
};

bool agent_quirk(struct agent *a, const char *text)
{
    size_t len = strcspn(text, ":=");
    for (size_t i = 0; i < N_ELEMENTS(quirk_names); i++) {
        if (strlen(quirk_names[i].name) != len || strncmp(text, quirk_names[i].name, len) != 0)
            continue;
        a->quirks[quirk_names[i].quirk] = true;
        a->number[quirk_names[i].quirk] = text[len] == '\0' ? quirk_names[i].number : strtol(text + len + 1, NULL, 10);
        return true;
    }
    return false;
}

const char *agent_quirk_names(void)
{
    static char all[1024];
    size_t at = 0;
    for (size_t i = 0; i < N_ELEMENTS(quirk_names) && at < sizeof all; i++)
        at += (size_t)snprintf(all + at, sizeof all - at, "%s%s", i == 0 ? "" : " ", quirk_names[i].name);
    return all;
}

/* --- the question ---------------------------------------------------------------------------------------------------- */

static bool read_varbinds(struct ber_in *pdu, struct question *q)
{
    uint8_t tag;
    struct ber_in list = ber_open(pdu, &tag);
    if (list.bad || tag != REC_SEQUENCE)
        return false;
    while (list.len > 0) {
        struct ber_in pair = ber_open(&list, &tag);
        if (pair.bad || tag != REC_SEQUENCE || q->n == MAX_ASKED || !ber_get_oid(&pair, &q->oid[q->n]))
            return false;
        q->n++;
    }
    return true;
}

static bool read_question(const uint8_t *p, size_t len, struct question *q)
{
    uint8_t tag;
    struct ber_in all = { .p = p, .len = len };
    struct ber_in message = ber_open(&all, &tag);
    q->n = 0;
    if (message.bad || tag != REC_SEQUENCE)
        return false;
    q->version = ber_get_int(&message);
    struct ber_in community = ber_open(&message, &tag);
    if (community.bad || tag != REC_OCTETS || community.len > sizeof q->community)
        return false;
    memcpy(q->community, community.p, community.len);
    q->community_len = community.len;
    struct ber_in pdu = ber_open(&message, &q->kind);
    q->request_id = ber_get_int(&pdu);
    q->a = ber_get_int(&pdu);
    q->b = ber_get_int(&pdu);
    return !pdu.bad && read_varbinds(&pdu, q);
}

/* --- objects --------------------------------------------------------------------------------------------------------- */

static const uint8_t hostile_text[] = "\x1b[31mred\x1b]0;title\x07<script>alert(1)</script>\xff\xfe\xc0\x80\r\n\xe2\x80\xae=cmd()";

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool after(const struct agent *a, enum quirk q)
{
    return a->quirks[q] && now_ms() - a->first_ms >= a->number[q] * 1000;
}

static bool is_under(const struct record *r, const char *base)
{
    struct rec_oid oid;
    return rec_oid_parse(base, &oid) && r->n > oid.n && rec_oid_compare(r->oid, oid.n, oid.id, oid.n) == 0;
}

/* A number that moves: what was recorded, and what was added since. Gives its length in room. */
static size_t moving_value(const struct agent *a, const struct record *r, uint8_t room[9])
{
    uint64_t was = 0, ms = (uint64_t)(now_ms() - a->first_ms);
    for (size_t i = 0; i < r->len; i++)
        was = was << 8 | r->value[i];
    if (after(a, QUIRK_RESTART)) {
        was = 0;
        ms -= (uint64_t)a->number[QUIRK_RESTART] * 1000;
    }
    uint64_t v = was + (r->type == REC_TIMETICKS ? ms / 10 : ms * (uint64_t)a->number[QUIRK_MOVING] / 1000);
    return ber_uint_content(r->type == REC_COUNTER64 ? v : v & UINT32_MAX, room);
}

static bool moves(const struct agent *a, const struct record *r)
{
    return a->quirks[QUIRK_MOVING] && (r->type == REC_COUNTER32 || r->type == REC_COUNTER64 || is_under(r, "1.3.6.1.2.1.1.3"));
}

/* The value as this agent tells it: record's, or a quirk's. Gives the tag. */
static uint8_t value_of(const struct agent *a, const struct record *r, const uint8_t **value, size_t *len)
{
    static uint8_t huge[AGENT_DATAGRAM];
    static uint8_t number[9];
    *value = r->value;
    *len = r->len;
    if (moves(a, r)) {
        *len = moving_value(a, r, number);
        *value = number;
        return r->type;
    }
    if (after(a, QUIRK_RENAMED) && is_under(r, "1.3.6.1.2.1.31.1.1.1.1")) {
        *value = (const uint8_t *)"another";
        *len = 7;
        return r->type;
    }
    if (a->quirks[QUIRK_HOLES] && a->number[QUIRK_HOLES] > 0 && (r - a->recording->v) % a->number[QUIRK_HOLES] == 0) {
        *len = 0;
        return REC_NO_SUCH_INSTANCE;
    }
    if (a->quirks[QUIRK_WRONG_TYPES]) {
        static const uint8_t nine[] = { 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
        if (r->type != REC_OCTETS)
            return REC_OCTETS;
        *value = nine;
        *len = sizeof nine;
        return REC_COUNTER64;
    }
    if (r->type == REC_OCTETS && a->quirks[QUIRK_ESCAPE]) {
        *value = hostile_text;
        *len = sizeof hostile_text - 1;
    } else if (r->type == REC_OCTETS && a->quirks[QUIRK_HUGE_NAMES]) {
        memset(huge, 'N', sizeof huge);
        *value = huge;
        *len = (size_t)a->number[QUIRK_HUGE_NAMES];
    }
    return r->type;
}

static bool add(struct reply *reply, const uint32_t *oid, size_t n, uint8_t tag, const void *value, size_t len)
{
    static uint8_t room[AGENT_DATAGRAM];
    struct ber_out o = { .room = room, .size = sizeof room, .at = sizeof room };
    ber_put(&o, value, len);
    ber_head(&o, tag, len);
    ber_oid(&o, oid, n);
    ber_head(&o, REC_SEQUENCE, o.size - o.at);
    size_t size = o.size - o.at;
    if (o.overflow || size > reply->room - reply->len)
        return false;
    memcpy(reply->varbinds + reply->len, room + o.at, size);
    reply->len += size;
    reply->count++;
    return true;
}

static bool add_record(const struct agent *a, struct reply *reply, const struct record *r)
{
    const uint8_t *value;
    size_t len;
    uint8_t tag = value_of(a, r, &value, &len);
    return add(reply, r->oid, r->n, tag, value, len);
}

/* The place of the object after oid in this agent's order; the count at the end. */
static size_t next_object(const struct agent *a, const struct rec_oid *oid, int64_t version)
{
    const struct recording *r = a->recording;
    size_t at = recording_after(r, oid, false), end = r->count;
    if (a->quirks[QUIRK_EARLY_END])
        end = r->count * (size_t)a->number[QUIRK_EARLY_END] / 100;
    if (a->quirks[QUIRK_UNORDERED])
        at ^= 1U;
    if (a->quirks[QUIRK_LOOP] && at > 10 && a->number[QUIRK_LOOP] > 0 && at % (size_t)a->number[QUIRK_LOOP] == 0)
        at -= 10;
    while (version == V1 && at < end && r->v[at].type == REC_COUNTER64)
        at++;                /* RFC 2576 section 4.1.2.1: v1 cannot say it, so it is not there */
    return at < end ? at : r->count;
}

/* --- answers --------------------------------------------------------------------------------------------------------- */

static uint8_t missing(const struct agent *a, const struct rec_oid *oid)
{
    struct rec_oid object = *oid;
    object.n = oid->n > 1 ? oid->n - 1 : oid->n;
    size_t at = recording_after(a->recording, &object, true);
    bool known = at < a->recording->count && a->recording->v[at].n > object.n &&
                 rec_oid_compare(a->recording->v[at].oid, object.n, object.id, object.n) == 0;
    return known ? REC_NO_SUCH_INSTANCE : REC_NO_SUCH_OBJECT;
}

static void fail(struct reply *reply, int status, size_t index)
{
    reply->status = status;
    reply->index = (int)index;
    reply->len = 0;
    reply->count = 0;
}

static bool get_one(struct agent *a, const struct question *q, struct reply *reply, size_t i)
{
    const struct rec_oid *oid = &q->oid[i];
    size_t at = recording_after(a->recording, oid, true);
    const struct record *r = at < a->recording->count ? &a->recording->v[at] : NULL;
    bool found = r != NULL && rec_oid_compare(r->oid, r->n, oid->id, oid->n) == 0;
    if (q->version == V1 && (!found || r->type == REC_COUNTER64)) {
        fail(reply, NO_SUCH_NAME, i + 1);
        return false;
    }
    if (found ? add_record(a, reply, r) : add(reply, oid->id, oid->n, missing(a, oid), "", 0))
        return true;
    fail(reply, TOO_BIG, 0);
    return false;
}

#define COLUMN_IDS 10                /* 1.3.6.1.2.1.2.2.1.2 */

/* The tag that stands where nothing more is told, at oid itself; 0: at is told. */
static uint8_t no_next(const struct agent *a, const struct rec_oid *oid, size_t at)
{
    const struct record *r = &a->recording->v[at];
    if (at == a->recording->count)
        return REC_END_OF_MIB_VIEW;
    bool same = r->n > COLUMN_IDS && oid->n >= COLUMN_IDS && rec_oid_compare(r->oid, COLUMN_IDS, oid->id, COLUMN_IDS) == 0;
    return a->quirks[QUIRK_NO_NEXT] && !same ? REC_NO_SUCH_INSTANCE : 0;
}

static bool next_one(struct agent *a, const struct question *q, struct reply *reply, size_t i)
{
    size_t at = next_object(a, &q->oid[i], q->version);
    if (at == a->recording->count && q->version == V1) {
        fail(reply, NO_SUCH_NAME, i + 1);
        return false;
    }
    uint8_t none = no_next(a, &q->oid[i], at);
    if (none != 0 ? add(reply, q->oid[i].id, q->oid[i].n, none, "", 0) : add_record(a, reply, &a->recording->v[at]))
        return true;
    fail(reply, TOO_BIG, 0);
    return false;
}

/* Fills up to max-repetitions rounds; ends early when full or when every column is at the end. */
static void bulk(struct agent *a, struct question *q, struct reply *reply)
{
    size_t non_repeaters = q->a < 0 ? 0 : (uint64_t)q->a > q->n ? q->n : (size_t)q->a;
    for (size_t i = 0; i < non_repeaters; i++)
        if (reply->count == a->max_varbinds || !next_one(a, q, reply, i))
            return;
    for (int64_t round = 0; round < q->b && non_repeaters < q->n; round++) {
        bool any = false;
        for (size_t i = non_repeaters; i < q->n; i++) {
            size_t at = next_object(a, &q->oid[i], V2C);
            uint8_t none = no_next(a, &q->oid[i], at);
            const struct record *r = &a->recording->v[at];
            if (reply->count == a->max_varbinds || !(none != 0 ? add(reply, q->oid[i].id, q->oid[i].n, none, "", 0) : add_record(a, reply, r))) {
                if (reply->count == 0)
                    fail(reply, TOO_BIG, 0);
                return;
            }
            if (none == 0) {
                any = true;
                memcpy(q->oid[i].id, r->oid, r->n * sizeof *r->oid);
                q->oid[i].n = r->n;
            }
        }
        if (!any)
            return;
    }
}

/* v1 and most errors send the question's own varbinds back (RFC 1157 section 4.1.2). */
static void echo(const struct question *q, struct reply *reply)
{
    for (size_t i = 0; i < q->n; i++)
        if (!add(reply, q->oid[i].id, q->oid[i].n, REC_NULL, "", 0))
            return;
}

static void answer_kind(struct agent *a, struct question *q, struct reply *reply)
{
    size_t wanted = q->kind == REC_GETBULK ? q->n * (size_t)(q->b < 1 ? 1 : q->b > 1000 ? 1000 : q->b) : q->n;
    if (a->quirks[QUIRK_CAP] && q->n > (size_t)a->number[QUIRK_CAP])
        q->n = (size_t)a->number[QUIRK_CAP];
    if (a->quirks[QUIRK_TOO_BIG] && wanted > (size_t)a->number[QUIRK_TOO_BIG])
        fail(reply, TOO_BIG, 0);
    else if (a->quirks[QUIRK_GEN_ERR] && q->n > (size_t)a->number[QUIRK_GEN_ERR])
        fail(reply, GEN_ERR, 1);
    else if (q->kind == REC_GETBULK && a->quirks[QUIRK_NO_BULK])
        fail(reply, GEN_ERR, 0);
    else if (q->kind == REC_GETBULK)
        bulk(a, q, reply);
    else if (q->n > a->max_varbinds)
        fail(reply, TOO_BIG, 0);
    else
        for (size_t i = 0; i < q->n; i++)
            if (q->kind == REC_GET ? !get_one(a, q, reply, i) : !next_one(a, q, reply, i))
                break;
    if (reply->status != NO_ERROR && !(q->version == V2C && reply->status == TOO_BIG))
        echo(q, reply);
}

static size_t encode(const struct question *q, const struct reply *reply, uint8_t *out)
{
    static uint8_t room[AGENT_DATAGRAM];
    struct ber_out o = { .room = room, .size = sizeof room, .at = sizeof room };
    ber_put(&o, reply->varbinds, reply->len);
    ber_head(&o, REC_SEQUENCE, reply->len);
    ber_int(&o, reply->index);
    ber_int(&o, reply->status);
    ber_int(&o, q->request_id);
    ber_head(&o, REC_RESPONSE, o.size - o.at);
    ber_put(&o, q->community, q->community_len);
    ber_head(&o, REC_OCTETS, q->community_len);
    ber_int(&o, q->version);
    ber_head(&o, REC_SEQUENCE, o.size - o.at);
    if (o.overflow)
        return 0;
    memcpy(out, room + o.at, o.size - o.at);
    return o.size - o.at;
}

static size_t spoil(struct agent *a, uint8_t *out, size_t len)
{
    static const uint8_t noise[] = { 0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0x01, 0x01, 0x04, 0x80, 0x06, 0x7F };
    switch (a->datagrams % 3) {
    case 0: memcpy(out, noise, sizeof noise); return sizeof noise;
    case 1: return len / 2;
    default: out[len / 3] ^= 0x55; out[len / 2] ^= 0xFF; return len;
    }
}

static bool lost(const struct agent *a)
{
    int64_t pause = a->number[QUIRK_SILENT_AFTER] * 1000;
    if (after(a, QUIRK_SILENT_AFTER) && now_ms() - a->first_ms < 2 * pause)
        return true;
    return (a->quirks[QUIRK_DROP_FIRST] && a->datagrams <= (uint64_t)a->number[QUIRK_DROP_FIRST]) ||
           (a->quirks[QUIRK_DROP_EVERY] && a->number[QUIRK_DROP_EVERY] > 0 && a->datagrams % (uint64_t)a->number[QUIRK_DROP_EVERY] == 0);
}

static bool counted(struct agent *a, const struct question *q)
{
    switch (q->kind) {
    case REC_GET: a->get++; return true;
    case REC_GETNEXT: a->getnext++; return true;
    case REC_GETBULK: a->getbulk++; return q->version == V2C && !a->quirks[QUIRK_BULK_SILENT];
    default: a->other++; return false;
    }
}

size_t agent_answer(struct agent *a, const uint8_t *in, size_t len, uint8_t *out)
{
    static struct question q;
    static struct reply reply;
    a->datagrams++;
    if (a->first_ms == 0)
        a->first_ms = now_ms();
    if (!read_question(in, len, &q) || (q.version != V1 && q.version != V2C)) {
        a->other++;
        return 0;
    }
    if (strlen(a->community) != q.community_len || memcmp(a->community, q.community, q.community_len) != 0) {
        a->refused++;
        return 0;
    }
    if (!counted(a, &q) || lost(a) || (q.version == V2C && a->quirks[QUIRK_V1_ONLY]))
        return 0;
    reply.len = reply.count = 0;
    reply.status = reply.index = 0;
    size_t max = a->quirks[QUIRK_HUGE_NAMES] ? AGENT_DATAGRAM - 1000 : a->max_size;
    reply.room = max > HEADERS + q.community_len ? max - HEADERS - q.community_len : 0;
    answer_kind(a, &q, &reply);
    size_t n = encode(&q, &reply, out);
    return n > 0 && a->quirks[QUIRK_GARBAGE] ? spoil(a, out, n) : n;
}
