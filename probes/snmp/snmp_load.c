/* Rates from counters. Pure. */
#include "probes/snmp/snmp_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/spread.h"
#include "fact/table_interface_load.h"

#define WRAP32 4294967296.0
#define CLOCK_SLACK_MS 5000          /* agents bring sysUpTime or their counters up to date now and then only */
#define TOO_MUCH_PERCENT 102.0
#define PACKET_BITS_MIN 672.0        /* of an Ethernet frame with preamble and gap */

/* --- from one read to the next ------------------------------------------------------------------------------------------ */

/* The device's clock must have moved as ours did: one that was restarted in between may well be ahead of where it was. */
static bool elapsed(const struct load_read *a, const struct load_read *b, enum load_counter which, int64_t *hundredths)
{
    int64_t ours = b->at_ms - a->at_ms, from = a->counters[which].uptime, to = b->counters[which].uptime;
    if (from < 0 || to <= from)
        return false;
    *hundredths = to - from;
    int64_t off = *hundredths * 10 - ours;
    return (off < 0 ? -off : off) <= CLOCK_SLACK_MS + ours / 10;
}

/* units: what a port of this speed can count in that time at most. A wrap is told from a new beginning only where no second one is possible. */
static enum load_verdict grown(const struct load_read *a, const struct load_read *b, enum load_counter which, double units, double *out)
{
    *out = NAN;
    if (!a->counters[which].has || !b->counters[which].has)
        return LOAD_NO_COUNTERS;
    uint64_t from = a->counters[which].v, to = b->counters[which].v;
    if (a->counters[which].wide != b->counters[which].wide)
        return LOAD_ANEW;
    if (!b->counters[which].wide && (units <= 0 || units >= WRAP32))
        return LOAD_WRAPPED;
    if (to < from && b->counters[which].wide)
        return LOAD_ANEW;
    *out = to >= from ? (double)(to - from) : (double)(UINT32_MAX - from) + 1.0 + (double)to;
    return LOAD_GOOD;
}

static bool went_back(const struct load_read *a, const struct load_read *b, enum load_counter which)
{
    return a->counters[which].has && b->counters[which].has && b->counters[which].v < a->counters[which].v;
}

static enum load_verdict same_port(const struct load_read *a, const struct load_read *b)
{
    if (b->other_name)
        return LOAD_OTHER_PORT;
    if (a->discontinuity != b->discontinuity)
        return LOAD_ANEW;
    /* both in the same moment: begun anew by an agent that does not say so */
    return went_back(a, b, LOAD_IN_OCTETS) && went_back(a, b, LOAD_OUT_OCTETS) ? LOAD_ANEW : LOAD_GOOD;
}

/* Mb/s of one direction; NaN where that counter is not there, which alone voids nothing. */
static enum load_verdict rate(const struct load_read *a, const struct load_read *b, enum load_counter which, int64_t speed_mbps, double *mbps, int64_t *hundredths)
{
    *mbps = NAN;
    if (!a->counters[which].has || !b->counters[which].has)
        return LOAD_NO_COUNTERS;
    if (!elapsed(a, b, which, hundredths))
        return LOAD_NO_CLOCK;
    double seconds = (double)*hundredths / 100.0, octets;
    double possible = (double)speed_mbps * 1e6 / 8.0 * seconds * TOO_MUCH_PERCENT / 100.0;
    enum load_verdict v = grown(a, b, which, possible, &octets);
    if (v == LOAD_GOOD && speed_mbps > 0 && octets > possible)
        return LOAD_TOO_MUCH;
    *mbps = octets * 8.0 / seconds / 1e6;
    return v;
}

enum load_verdict load_between(const struct load_read *a, const struct load_read *b, int64_t speed_mbps, struct load_pair *out)
{
    struct load_pair pair = { .hundredths = 0 };
    enum load_verdict v = same_port(a, b);
    if (v != LOAD_GOOD)
        return v;
    enum load_verdict in = rate(a, b, LOAD_IN_OCTETS, speed_mbps, &pair.in_mbps, &pair.hundredths);
    enum load_verdict sent = rate(a, b, LOAD_OUT_OCTETS, speed_mbps, &pair.out_mbps, &pair.hundredths);
    if (in != LOAD_GOOD && in != LOAD_NO_COUNTERS)
        return in;
    if (sent != LOAD_GOOD && sent != LOAD_NO_COUNTERS)
        return sent;
    if (in == LOAD_NO_COUNTERS && sent == LOAD_NO_COUNTERS)
        return LOAD_NO_COUNTERS;
    *out = pair;
    return LOAD_GOOD;
}

/* --- an hour ------------------------------------------------------------------------------------------------------------ */

void load_hour_begin(struct load_hour *h, const struct load_read *first)
{
    h->has_first = first != NULL;
    if (first != NULL)
        h->first = h->last = *first;
    h->broken = false;
    h->hundredths = 0;
    h->n_void = 0;
    h->n = 0;
}

static void keep(struct load_hour *h, const struct load_pair *pair, int64_t speed_mbps)
{
    if (h->n == h->cap) {
        h->cap = h->cap == 0 ? 16 : 2 * h->cap;
        h->samples = xrealloc_array(h->samples, h->cap, sizeof *h->samples);
    }
    h->samples[h->n++] = (struct load_sample){ pair->in_mbps, pair->out_mbps, speed_mbps };
    h->hundredths += pair->hundredths;
}

enum load_verdict load_hour_add(struct load_hour *h, const struct load_read *r, int64_t speed_mbps)
{
    if (r == NULL) {
        h->n_void++;
        return LOAD_NO_COUNTERS;
    }
    if (!h->has_first) {             /* it was silent when the hour began */
        h->has_first = true;
        h->first = h->last = *r;
        return LOAD_GOOD;
    }
    struct load_pair pair;
    enum load_verdict v = load_between(&h->last, r, r->other_speed ? 0 : speed_mbps, &pair);
    if (v == LOAD_GOOD)
        keep(h, &pair, r->other_speed ? 0 : speed_mbps);
    else
        h->n_void++;
    h->broken = h->broken || (v != LOAD_GOOD && v != LOAD_WRAPPED);
    h->last = *r;
    return v;
}

void load_hour_clear(struct load_hour *h)
{
    free(h->samples);
    *h = (struct load_hour){ .n = 0 };
}

/* --- the row ------------------------------------------------------------------------------------------------------------ */

enum direction { IN, OUT, BUSIER };

static double of_sample(const struct load_sample *s, enum direction d)
{
    return d == IN ? s->in_mbps : d == OUT ? s->out_mbps : isnan(s->in_mbps) || isnan(s->out_mbps) ? NAN : fmax(s->in_mbps, s->out_mbps);
}

static double rounded(double v, double steps)
{
    return round(v * steps) / steps;
}

/* Three columns from `column` on. percent: of the speed instead of Mb/s. */
static void set_spread(const struct load_hour *h, enum direction d, bool percent, struct fact_row *out, int column, double *room)
{
    size_t n = 0;
    for (size_t i = 0; i < h->n; i++) {
        double v = of_sample(&h->samples[i], d);
        if (!isnan(v) && (!percent || h->samples[i].speed_mbps > 0))
            room[n++] = percent ? v * 100.0 / (double)h->samples[i].speed_mbps : v;
    }
    if (n == 0)
        return;
    struct spread s = spread_of(room, n);
    double steps = percent ? 100 : 1000;
    fact_set_real(out, column, rounded(s.median, steps));
    fact_set_real(out, column + 1, rounded(s.p95, steps));
    fact_set_real(out, column + 2, rounded(s.max, steps));
}

/* Whole packets from the first to the last read; negative: unknown. Multicast and broadcast may be missing, unicast may not. */
static double packets(const struct load_hour *h, enum load_counter ucast, double most)
{
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double n;
        enum load_verdict v = grown(&h->first, &h->last, ucast + (enum load_counter)i, most, &n);
        if (v != LOAD_GOOD && (i == 0 || v != LOAD_NO_COUNTERS))
            return -1;
        sum += v == LOAD_GOOD ? n : 0;
    }
    return sum;
}

static void set_faults(const struct load_hour *h, enum load_counter which, double of, struct fact_row *out, int column, int column_per_million)
{
    if (!h->first.counters[which].has || !h->last.counters[which].has || h->last.counters[which].v < h->first.counters[which].v)
        return;
    uint64_t n = h->last.counters[which].v - h->first.counters[which].v;
    fact_set_u64(out, column, n);
    if (of > 0)
        fact_set_real(out, column_per_million, rounded((double)n * 1e6 / of, 1000));
}

/* Errors, discards and packets, where the hour was read in full at both ends and nothing began anew between them. */
static void set_counted(const struct load_hour *h, int64_t speed_mbps, struct fact_row *out)
{
    if (!h->has_first || h->broken || !h->first.full || !h->last.full)
        return;
    double most = (double)speed_mbps * 1e6 / PACKET_BITS_MIN * (double)(h->last.at_ms - h->first.at_ms) / 1000.0;
    double in = packets(h, LOAD_IN_UCAST, most), sent = packets(h, LOAD_OUT_UCAST, most);
    if (in >= 0)
        fact_set_int(out, INTERFACE_LOAD_IN_PACKETS, (int64_t)in);
    if (sent >= 0)
        fact_set_int(out, INTERFACE_LOAD_OUT_PACKETS, (int64_t)sent);
    set_faults(h, LOAD_IN_ERRORS, in, out, INTERFACE_LOAD_IN_ERRORS, INTERFACE_LOAD_IN_ERRORS_PER_MILLION);
    set_faults(h, LOAD_OUT_ERRORS, sent, out, INTERFACE_LOAD_OUT_ERRORS, INTERFACE_LOAD_OUT_ERRORS_PER_MILLION);
    set_faults(h, LOAD_IN_DISCARDS, in, out, INTERFACE_LOAD_IN_DISCARDS, INTERFACE_LOAD_IN_DISCARDS_PER_MILLION);
    set_faults(h, LOAD_OUT_DISCARDS, sent, out, INTERFACE_LOAD_OUT_DISCARDS, INTERFACE_LOAD_OUT_DISCARDS_PER_MILLION);
}

void load_hour_row(struct load_hour *h, int64_t speed_mbps, struct fact_row *out)
{
    double *room = xcalloc(h->n + 1, sizeof *room);
    const struct load_read *r = &h->last;
    fact_set_int(out, INTERFACE_LOAD_COVERED_S, (h->hundredths + 50) / 100);
    fact_set_int(out, INTERFACE_LOAD_SAMPLES, (int64_t)h->n);
    fact_set_int(out, INTERFACE_LOAD_VOID_SAMPLES, h->n_void);
    if (speed_mbps > 0)
        fact_set_int(out, INTERFACE_LOAD_SPEED_MBPS, speed_mbps);
    if (h->has_first && (r->counters[LOAD_IN_OCTETS].has || r->counters[LOAD_OUT_OCTETS].has))
        fact_set_int(out, INTERFACE_LOAD_COUNTERS_64BIT, (!r->counters[LOAD_IN_OCTETS].has || r->counters[LOAD_IN_OCTETS].wide) &&
                                                             (!r->counters[LOAD_OUT_OCTETS].has || r->counters[LOAD_OUT_OCTETS].wide));
    static const struct { enum direction d; int mbps, percent; } columns[] = {
        { IN, INTERFACE_LOAD_IN_MBPS_MEDIAN, INTERFACE_LOAD_IN_PERCENT_MEDIAN },
        { OUT, INTERFACE_LOAD_OUT_MBPS_MEDIAN, INTERFACE_LOAD_OUT_PERCENT_MEDIAN },
        { BUSIER, INTERFACE_LOAD_BUSIER_MBPS_MEDIAN, INTERFACE_LOAD_BUSIER_PERCENT_MEDIAN },
    };
    for (size_t i = 0; i < N_ELEMENTS(columns); i++) {
        set_spread(h, columns[i].d, false, out, columns[i].mbps, room);
        set_spread(h, columns[i].d, true, out, columns[i].percent, room);
    }
    set_counted(h, speed_mbps, out);
    free(room);
}
