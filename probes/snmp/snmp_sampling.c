/* Watching interfaces. At the beginning of each hour the device's interfaces are looked at once, whole columns at a time; then only the
 * counters of those that carry traffic are read, as single objects, each answer with the device's clock in it. Runs in a worker. */
#include "probes/snmp/snmp_sampling.h"

#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "fact/table_interface_load.h"
#include "fact/table_interfaces.h"
#include "probes/snmp/snmp_load.h"
#include "probes/snmp/snmp_parse.h"

#define PORTS_MAX 4096
#define TABLE_BYTES_MAX (16U * 1024U * 1024U)
#define QUESTION_OBJECTS 40          /* that one answer holds, at a guess */
#define MOVED_AGAIN_S 300            /* a port whose speed changes all the time must not make a row each time */

/* Columns beside those of `interfaces`. */
enum { X_DISCONTINUITY = INTERFACE_COLUMNS, X_IN_MULTICAST, X_IN_BROADCAST, X_OUT_MULTICAST, X_OUT_BROADCAST, X_IN_NUCAST, X_OUT_NUCAST, X_COLUMNS };
static const char *const more_objects[X_COLUMNS - INTERFACE_COLUMNS] = {
    [X_DISCONTINUITY - INTERFACE_COLUMNS] = "1.3.6.1.2.1.31.1.1.1.19",
    [X_IN_MULTICAST - INTERFACE_COLUMNS] = "1.3.6.1.2.1.31.1.1.1.8",
    [X_IN_BROADCAST - INTERFACE_COLUMNS] = "1.3.6.1.2.1.31.1.1.1.9",
    [X_OUT_MULTICAST - INTERFACE_COLUMNS] = "1.3.6.1.2.1.31.1.1.1.12",
    [X_OUT_BROADCAST - INTERFACE_COLUMNS] = "1.3.6.1.2.1.31.1.1.1.13",
    [X_IN_NUCAST - INTERFACE_COLUMNS] = "1.3.6.1.2.1.2.2.1.12",
    [X_OUT_NUCAST - INTERFACE_COLUMNS] = "1.3.6.1.2.1.2.2.1.18",
};
static const size_t columns[] = {
    IF_DESCR, IF_SPEED, IF_ADMIN_STATUS, IF_OPER_STATUS, IF_IN_OCTETS, IF_OUT_OCTETS, IF_IN_UCAST, IF_OUT_UCAST, IF_IN_DISCARDS, IF_OUT_DISCARDS, IF_IN_ERRORS,
    IF_OUT_ERRORS, IFX_NAME, IFX_HC_IN_OCTETS, IFX_HC_OUT_OCTETS, IFX_HC_IN_UCAST, IFX_HC_OUT_UCAST, IFX_HIGH_SPEED, X_DISCONTINUITY, X_IN_MULTICAST, X_IN_BROADCAST,
    X_OUT_MULTICAST, X_OUT_BROADCAST, X_IN_NUCAST, X_OUT_NUCAST,
};
/* Where each counter is: 64 bits wide, else 32. */
#define NONE SIZE_MAX
static const struct { size_t wide, narrow; } counters[LOAD_COUNTERS] = {
    [LOAD_IN_OCTETS] = { IFX_HC_IN_OCTETS, IF_IN_OCTETS }, [LOAD_OUT_OCTETS] = { IFX_HC_OUT_OCTETS, IF_OUT_OCTETS },
    [LOAD_IN_ERRORS] = { NONE, IF_IN_ERRORS }, [LOAD_OUT_ERRORS] = { NONE, IF_OUT_ERRORS },
    [LOAD_IN_DISCARDS] = { NONE, IF_IN_DISCARDS }, [LOAD_OUT_DISCARDS] = { NONE, IF_OUT_DISCARDS },
    [LOAD_IN_UCAST] = { IFX_HC_IN_UCAST, IF_IN_UCAST }, [LOAD_IN_MULTICAST] = { X_IN_MULTICAST, X_IN_NUCAST }, [LOAD_IN_BROADCAST] = { X_IN_BROADCAST, NONE },
    [LOAD_OUT_UCAST] = { IFX_HC_OUT_UCAST, IF_OUT_UCAST }, [LOAD_OUT_MULTICAST] = { X_OUT_MULTICAST, X_OUT_NUCAST }, [LOAD_OUT_BROADCAST] = { X_OUT_BROADCAST, NONE },
};

/* What is read of a port each time: the first five places; the rest where an hour begins or ends. */
enum { PLACE_NAME, PLACE_SPEED, PLACE_DISCONTINUITY, PLACE_COUNTERS, PLACE_LEAN = PLACE_COUNTERS + 2, PLACES = PLACE_COUNTERS + LOAD_COUNTERS };

struct port {
    uint32_t index;
    const char *name;                /* of the row */
    int64_t speed_mbps;              /* 0: not known */
    const char *objects[PLACES];     /* NULL: the device does not have it */
    const struct snmp_value *was[PLACE_DISCONTINUITY];       /* name and speed when it was listed */
    struct load_read now;
    bool answered;
    struct load_hour hour;
};

/* The interfaces as they were at the beginning of an hour, and what the ports borrow. */
struct listing {
    struct snmp_table *listed;
    struct arena *mem;
    struct port *ports; size_t n;
};

struct sampling {
    struct probe_ctx *ctx;
    struct snmp_session *session;
    const struct watch *watch;
    struct listing now;
    struct { struct port *port; int place; } *asked;         /* of the round under way, in the order of its objects */
    const struct snmp_walk *round;
    int64_t began_at;                /* of the rows */
    bool moved;                      /* an index is another port now: look anew */
    enum reason short_reason; char *short_detail;            /* why the watch is not whole */
};

static void cut_short(struct sampling *w, enum reason reason, const char *detail)
{
    if (w->short_reason != REASON_NONE)
        return;
    w->short_reason = reason;
    w->short_detail = xstrdup(detail);
}

/* --- which ports there are ---------------------------------------------------------------------------------------------- */

static const char *object_of(size_t column)
{
    return column < INTERFACE_COLUMNS ? snmp_interface_objects[column] : more_objects[column - INTERFACE_COLUMNS];
}

static void on_listed(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    struct listing *l = arg;
    if (n_index == 1)
        (void)snmp_table_put(l->listed, columns[column], index, 1, v);
}

static void port_object(struct listing *l, struct port *p, size_t row, int place, size_t column)
{
    if (column != NONE && snmp_table_get(l->listed, row, column) != NULL)
        p->objects[place] = arena_printf(l->mem, "%s.%u", object_of(column), (unsigned)p->index);
}

static void port_counter(struct listing *l, struct port *p, size_t row, enum load_counter which)
{
    uint64_t v;
    size_t wide = counters[which].wide, narrow = counters[which].narrow;
    int kind = snmp_counter(l->listed, row, wide, narrow, &v);
    if (kind >= 0)
        port_object(l, p, row, PLACE_COUNTERS + (int)which, kind == 1 ? wide : narrow);
}

/* False: it is down, switched off, or counts no bytes. */
static bool port_make(struct listing *l, struct port *p, size_t row)
{
    struct fact_row facts;
    if (!snmp_interface_row(l->listed, row, -1, &facts, l->mem) || facts.v[INTERFACES_NAME].kind != FACT_KIND_TEXT)
        return false;
    const struct fact_value *admin = &facts.v[INTERFACES_ADMIN_UP], *oper = &facts.v[INTERFACES_OPER_UP], *speed = &facts.v[INTERFACES_SPEED_MBPS];
    if ((admin->kind != FACT_KIND_NULL && admin->i == 0) || (oper->kind != FACT_KIND_NULL && oper->i == 0))
        return false;
    size_t n, name = snmp_table_get(l->listed, row, IFX_NAME) != NULL ? IFX_NAME : IF_DESCR;
    size_t rate = snmp_table_get(l->listed, row, IFX_HIGH_SPEED) != NULL ? IFX_HIGH_SPEED : IF_SPEED;
    *p = (struct port){ .index = snmp_table_index(l->listed, row, &n)[0], .speed_mbps = speed->kind == FACT_KIND_NULL ? 0 : speed->i };
    p->name = arena_strndup(l->mem, facts.v[INTERFACES_NAME].s, facts.v[INTERFACES_NAME].len);
    p->was[PLACE_NAME] = snmp_table_get(l->listed, row, name);
    p->was[PLACE_SPEED] = snmp_table_get(l->listed, row, rate);
    port_object(l, p, row, PLACE_NAME, name);
    port_object(l, p, row, PLACE_SPEED, rate);
    port_object(l, p, row, PLACE_DISCONTINUITY, X_DISCONTINUITY);
    for (int c = 0; c < LOAD_COUNTERS; c++)
        port_counter(l, p, row, (enum load_counter)c);
    return p->objects[PLACE_COUNTERS + LOAD_IN_OCTETS] != NULL || p->objects[PLACE_COUNTERS + LOAD_OUT_OCTETS] != NULL;
}

static struct listing listing_new(void)
{
    return (struct listing){ .listed = snmp_table_new(X_COLUMNS, PORTS_MAX, TABLE_BYTES_MAX), .mem = arena_new() };
}

static void listing_clear(struct listing *l)
{
    for (size_t i = 0; i < l->n; i++)
        load_hour_clear(&l->ports[i].hour);
    free(l->ports);
    snmp_table_free(l->listed);
    arena_free(l->mem);
    *l = (struct listing){ .n = 0 };
}

/* Looks at the interfaces. A device that is silent just now keeps those that it had. False: there is nothing to watch. */
static bool list_ports(struct sampling *w)
{
    const char *objects[N_ELEMENTS(columns)];
    struct listing l = listing_new();
    for (size_t i = 0; i < N_ELEMENTS(columns); i++)
        objects[i] = object_of(columns[i]);
    struct snmp_walk list = { .objects = objects, .n_objects = N_ELEMENTS(columns), .rows_max = PORTS_MAX, .cell = on_listed, .arg = &l };
    (void)snmp_session_fetch(w->session, &list, 1);
    size_t rows = snmp_table_rows(l.listed);
    if (list.reason == REASON_LIMIT)
        probe_note(w->ctx, &fact_interface_load, "only the first %d interfaces are watched", PORTS_MAX);
    else if (list.reason != REASON_NONE && w->now.listed == NULL)
        cut_short(w, list.reason, list.detail);
    else if (rows == 0 && w->now.listed == NULL)
        cut_short(w, REASON_EMPTY, "the agent answers, but shows no interfaces");
    if (list.reason != REASON_NONE && list.reason != REASON_LIMIT && w->now.listed != NULL) {
        listing_clear(&l);
        return true;
    }
    l.ports = xcalloc(rows + 1, sizeof *l.ports);
    for (size_t i = 0; i < rows; i++)
        l.n += port_make(&l, &l.ports[l.n], i);
    listing_clear(&w->now);
    w->now = l;
    return rows > 0;
}

/* --- one round ---------------------------------------------------------------------------------------------------------- */

static bool same_value(const struct snmp_value *a, const struct snmp_value *b)
{
    int64_t x, y;
    if (a->type == SNMP_OCTETS || b->type == SNMP_OCTETS)
        return a->type == b->type && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
    return snmp_value_number(a, &x) && snmp_value_number(b, &y) && x == y;
}

static void take_counter(struct load_read *r, enum load_counter which, const struct snmp_value *v, int64_t uptime)
{
    if (v->type != SNMP_COUNTER64 && v->type != SNMP_COUNTER32)
        return;
    r->counters[which].has = true;
    r->counters[which].wide = v->type == SNMP_COUNTER64;
    r->counters[which].v = v->u;
    r->counters[which].uptime = uptime;
}

static void on_read(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    struct sampling *w = arg;
    struct port *p = w->asked[column].port;
    int place = w->asked[column].place;
    (void)index;
    (void)n_index;
    p->answered = true;
    p->now.at_ms = clock_mono_ms();
    if (!snmp_value_present(v))
        return;
    if (place == PLACE_NAME)
        p->now.other_name = !same_value(v, p->was[PLACE_NAME]);
    else if (place == PLACE_SPEED)
        p->now.other_speed = !same_value(v, p->was[PLACE_SPEED]);
    else if (place == PLACE_DISCONTINUITY)
        p->now.discontinuity = v->type == SNMP_TIME_TICKS ? (int64_t)v->u : -1;
    else
        take_counter(&p->now, (enum load_counter)(place - PLACE_COUNTERS), v, w->round->uptime);
}

static void read_begin(struct port *p, bool full)
{
    p->answered = false;
    /* a name that is asked for and not given is another name */
    p->now = (struct load_read){ .discontinuity = -1, .full = full, .other_name = p->objects[PLACE_NAME] != NULL };
    for (int c = 0; c < LOAD_COUNTERS; c++)
        p->now.counters[c].uptime = -1;
}

/* Reads every port once. full: with errors, discards and packets. */
static void read_ports(struct sampling *w, bool full)
{
    size_t places = full ? PLACES : PLACE_LEAN, n = 0;
    const char **objects = xcalloc(w->now.n * places + 1, sizeof *objects);
    uint32_t *groups = xcalloc(w->now.n * places + 1, sizeof *groups);
    w->asked = xcalloc(w->now.n * places + 1, sizeof *w->asked);
    for (size_t i = 0; i < w->now.n; i++) {
        read_begin(&w->now.ports[i], full);
        for (size_t k = 0; k < places; k++) {
            if (w->now.ports[i].objects[k] == NULL)
                continue;
            objects[n] = w->now.ports[i].objects[k];
            groups[n] = (uint32_t)i;
            w->asked[n].port = &w->now.ports[i];
            w->asked[n++].place = (int)k;
        }
    }
    struct snmp_walk round = { .objects = objects, .n_objects = n, .scalars = true, .timed = true, .groups = groups, .uptime = -1, .cell = on_read, .arg = w };
    w->round = &round;
    snmp_session_again(w->session);
    (void)snmp_session_fetch(w->session, &round, 1);
    w->round = NULL;
    free(w->asked);
    w->asked = NULL;
    free(groups);
    free(objects);
}

static void take_round(struct sampling *w)
{
    for (size_t i = 0; i < w->now.n; i++) {
        struct port *p = &w->now.ports[i];
        enum load_verdict v = load_hour_add(&p->hour, p->answered ? &p->now : NULL, p->speed_mbps);
        w->moved = w->moved || v == LOAD_OTHER_PORT || (p->answered && p->now.other_speed);
    }
}

/* --- an hour ------------------------------------------------------------------------------------------------------------ */

static void emit_hour(struct sampling *w)
{
    char began[ISO_LEN];
    int open = watch_in_clinic_hours(w->watch, w->began_at);
    iso_format(w->began_at, began);
    for (size_t i = 0; i < w->now.n; i++) {
        struct port *p = &w->now.ports[i];
        struct fact_row row;
        if (p->hour.n == 0 && p->hour.n_void == 0)
            continue;
        fact_row_init(&row, &fact_interface_load);
        fact_set_str(&row, INTERFACE_LOAD_NAME, p->name);
        fact_set_str(&row, INTERFACE_LOAD_BEGIN_AT, began);
        fact_set_int(&row, INTERFACE_LOAD_IF_INDEX, (int64_t)p->index);
        if (open >= 0)
            fact_set_int(&row, INTERFACE_LOAD_IN_CLINIC_HOURS, open);
        load_hour_row(&p->hour, p->speed_mbps, &row);
        probe_emit(w->ctx, &row);
    }
}

/* Lists the ports anew and reads them in full: what an hour rests on. at: when its rows begin. */
static bool begin_hour(struct sampling *w, int64_t at)
{
    w->began_at = at;
    w->moved = false;
    snmp_session_again(w->session);
    if (!list_ports(w))
        return false;
    read_ports(w, true);
    for (size_t i = 0; i < w->now.n; i++)
        load_hour_begin(&w->now.ports[i].hour, w->now.ports[i].answered ? &w->now.ports[i].now : NULL);
    return true;
}

/* --- the watch ---------------------------------------------------------------------------------------------------------- */

/* Reads less often where a job's questions would not last. */
static int64_t pace_of_watch(const struct sampling *w)
{
    int64_t round = (int64_t)(w->now.n * PLACE_LEAN / QUESTION_OBJECTS + 1), rounds = probe_questions_left(w->ctx) / 2 / round;
    int64_t least = w->watch->sample_ms / (rounds > 0 ? rounds : 1) + 1;
    if (least <= w->watch->every_ms)
        return w->watch->every_ms;
    least = least < w->watch->sample_ms ? least : w->watch->sample_ms;
    probe_note(w->ctx, &fact_interface_load, "read every %lld s: more questions than a job may send otherwise", (long long)((least + 999) / 1000));
    return least;
}

static bool rested(struct sampling *w, int64_t until_ms)
{
    switch (probe_rest(w->ctx, until_ms - clock_mono_ms())) {
    case REST_DONE:
        return true;
    case REST_STOP:
        cut_short(w, REASON_TIMEOUT, "the watch was ended early");
        return false;
    case REST_PERMISSION_ENDS:
        cut_short(w, REASON_NOT_PERMITTED, "the permitted hours ended before the watch");
        return false;
    case REST_DEADLINE:
        cut_short(w, REASON_TIMEOUT, "");
        return false;
    }
    return false;
}

/* One read after the other until the end. Rows are cut at the first read after a full hour, or after the clinic opened or closed. */
static void watch_on(struct sampling *w, int64_t t0, int64_t every)
{
    int64_t cut = watch_cut(w->watch, w->began_at), end = t0 + w->watch->sample_ms, next = t0;
    while (next < end) {
        do
            next += every;
        while (next < clock_mono_ms());
        next = next < end ? next : end;
        if (!rested(w, next))
            break;
        bool whole = clock_now() >= cut, over = whole || (w->moved && clock_now() - w->began_at >= MOVED_AGAIN_S);
        read_ports(w, over || next >= end);
        take_round(w);
        if (!over || next >= end)
            continue;
        emit_hour(w);
        int64_t at = whole ? cut : clock_now();
        while (watch_cut(w->watch, at) <= clock_now())       /* a round that took longer than the hour */
            at = watch_cut(w->watch, at);
        cut = watch_cut(w->watch, at);
        if (!begin_hour(w, at))
            break;
    }
    emit_hour(w);
}

void snmp_sample(struct probe_ctx *ctx, struct snmp_session *s, const struct watch *watch)
{
    struct sampling w = { .ctx = ctx, .session = s, .watch = watch };
    int64_t t0 = clock_mono_ms();
    if (begin_hour(&w, clock_now()))
        watch_on(&w, t0, pace_of_watch(&w));
    if (w.short_reason != REASON_NONE)
        probe_table(ctx, &fact_interface_load, STATE_PARTIAL, w.short_reason, "%s", w.short_detail);
    listing_clear(&w.now);
    free(w.short_detail);
}

void snmp_sample_explain(FILE *out)
{
    fputs("For interface_load (check --sample), at the beginning of each hour, columns:\n", out);
    for (size_t i = 0; i < N_ELEMENTS(columns); i++)
        fprintf(out, "  %s\n", object_of(columns[i]));
    fputs("and of those, of each interface that is up, again and again as --every says: its name, speed,\n"
          "ifCounterDiscontinuityTime and bytes, with sysUpTime in every question.\n", out);
}
