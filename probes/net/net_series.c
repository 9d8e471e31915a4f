/* net: tls and net: tcp, watched (check --sample): one connection after the other for hours, each closed as soon as it is there, a row an hour.
 * No byte of the target is read, so the process is locked only when the rows are emitted. Runs in a worker. */
#include "probes/net/net_parts.h"

#include <errno.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/spread.h"
#include "fact/table_endpoint_load.h"
#include "probes/net/net_samples.h"
#include "worker/net.h"
#include "worker/sandbox.h"

#define CONNECT_TIMEOUT_MS 3000
#define MAX_ADDRESSES 4
#define QUESTIONS_KEPT 16            /* of the job's limit, for choosing the address */

struct hour {
    int64_t begin_at;
    unsigned attempts, connected, refused, lost;
    double *ms;                      /* of connections without a loss */
    size_t n, cap;
};

struct series {
    struct probe_ctx *ctx;
    const struct watch *watch;
    int64_t timeout_ms;
    struct net_peer peer;
    struct hour *v;
    size_t n;
    int64_t cut;                     /* when the next row begins */
    enum reason short_reason;        /* why it ended early */
    const char *short_words;
};

/* --- looking ---------------------------------------------------------------------------------------------------------- */

static struct hour *hour_now(struct series *s)
{
    int64_t now = clock_now(), begin = s->n == 0 ? now : s->cut;

    if (s->n > 0 && now < s->cut)
        return &s->v[s->n - 1];
    while (watch_cut(s->watch, begin) <= now)
        begin = watch_cut(s->watch, begin);
    s->cut = watch_cut(s->watch, begin);
    s->v = xrealloc_array(s->v, s->n + 1, sizeof *s->v);
    s->v[s->n] = (struct hour){ .begin_at = begin };
    return &s->v[s->n++];
}

/* One connection; whether anybody answered. */
static bool look(struct series *s, struct hour *h)
{
    int64_t took_us = 0;
    bool again = false;
    int err = 0, fd = net_connect(s->ctx, &s->peer, s->timeout_ms, &err, &took_us, &again);
    bool refused = fd < 0 && (err == ECONNREFUSED || err == ECONNRESET);

    if (fd >= 0)
        close(fd);
    h->attempts++;
    h->connected += fd >= 0;
    h->refused += refused;
    h->lost += again || (fd < 0 && !refused);
    if (fd < 0 || again)
        return fd >= 0 || refused;
    if (h->n == h->cap) {
        h->cap = h->cap == 0 ? 64 : 2 * h->cap;
        h->ms = xrealloc_array(h->ms, h->cap, sizeof *h->ms);
    }
    h->ms[h->n++] = (double)took_us / 1000.0;
    return true;
}

/* The first address that answers; the first of all where none does. The attempts do not count. */
static bool choose(struct series *s)
{
    struct net_peer list[MAX_ADDRESSES];
    int64_t resolve_us = 0;
    size_t n = net_candidates(s->ctx, list, MAX_ADDRESSES, &resolve_us);

    for (size_t i = 0; i < n; i++) {
        struct hour aside = { .attempts = 0 };
        s->peer = list[i];
        bool answered = n == 1 || look(s, &aside);
        free(aside.ms);
        if (answered)
            return true;
    }
    if (n > 0)
        s->peer = list[0];
    return n > 0;
}

static bool rested(struct series *s, int64_t until_ms)
{
    enum rest end = probe_rest(s->ctx, until_ms - clock_mono_ms());

    if (end == REST_DONE)
        return true;
    s->short_reason = end == REST_PERMISSION_ENDS ? REASON_NOT_PERMITTED : REASON_TIMEOUT;
    s->short_words = end == REST_PERMISSION_ENDS ? "the permitted hours ended before the watch" : end == REST_STOP ? "the watch was ended early" : "out of time";
    return false;
}

/* Looks less often where a job's questions would not last. */
static int64_t pace_of_watch(struct series *s)
{
    int64_t looks = probe_questions_left(s->ctx) - QUESTIONS_KEPT, least = s->watch->sample_ms / (looks > 0 ? looks : 1) + 1;

    if (least <= s->watch->every_ms)
        return s->watch->every_ms;
    probe_note(s->ctx, &fact_endpoint_load, "tried every %lld s: more questions than a job may send otherwise", (long long)((least + 999) / 1000));
    return least;
}

static void watch_on(struct series *s)
{
    int64_t every = pace_of_watch(s), next = clock_mono_ms(), end = next + s->watch->sample_ms;

    for (;;) {
        (void)look(s, hour_now(s));
        do
            next += every;
        while (next < clock_mono_ms());
        if (next > end || !rested(s, next))
            return;
    }
}

/* --- rows ------------------------------------------------------------------------------------------------------------- */

static void emit(struct series *s, struct hour *h)
{
    char begin[ISO_LEN], address[IP_TEXT];
    struct fact_row row;

    fact_row_init(&row, &fact_endpoint_load);
    ip_format(&s->peer.ip, address);
    fact_set_str(&row, ENDPOINT_LOAD_HOST, job_get(probe_job(s->ctx), "host"));
    fact_set_int(&row, ENDPOINT_LOAD_PORT, s->peer.port);
    net_set_time(&row, ENDPOINT_LOAD_BEGIN_AT, h->begin_at, begin);
    fact_set_str(&row, ENDPOINT_LOAD_ADDRESS, address);
    net_set_flag(&row, ENDPOINT_LOAD_IN_CLINIC_HOURS, watch_in_clinic_hours(s->watch, h->begin_at));
    fact_set_int(&row, ENDPOINT_LOAD_ATTEMPTS, h->attempts);
    fact_set_int(&row, ENDPOINT_LOAD_CONNECTED, h->connected);
    fact_set_int(&row, ENDPOINT_LOAD_REFUSED, h->refused);
    fact_set_real(&row, ENDPOINT_LOAD_LOST_PERCENT, 100.0 * h->lost / h->attempts);
    if (h->n > 0) {
        struct spread f = spread_of(h->ms, h->n);
        fact_set_real(&row, ENDPOINT_LOAD_CONNECT_MS_MEDIAN, f.median);
        fact_set_real(&row, ENDPOINT_LOAD_CONNECT_MS_P95, f.p95);
        fact_set_real(&row, ENDPOINT_LOAD_CONNECT_MS_MAX, f.max);
        if (h->n >= NET_MIN_FOR_JITTER)
            fact_set_real(&row, ENDPOINT_LOAD_CONNECT_MS_JITTER, f.p95 - f.median);
    }
    probe_emit(s->ctx, &row);
}

int net_series_collect(struct probe_ctx *ctx, const struct watch *watch)
{
    struct series s = { .ctx = ctx, .watch = watch, .timeout_ms = job_get_int(probe_job(ctx), "timeout_ms", CONNECT_TIMEOUT_MS) };
    int rc = 0;

    if (!net_port_ok(ctx) || !choose(&s))
        return 0;
    watch_on(&s);
    rc = sandbox_lock(ctx, SANDBOX_STREAM);
    for (size_t i = 0; i < s.n; i++) {
        if (rc == 0)
            emit(&s, &s.v[i]);
        free(s.v[i].ms);
    }
    free(s.v);
    if (rc == 0 && s.short_reason != REASON_NONE)
        probe_table(ctx, &fact_endpoint_load, STATE_PARTIAL, s.short_reason, "%s", s.short_words);
    return rc;
}
