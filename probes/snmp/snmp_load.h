/* What two reads of an interface's counters say, and what many of them come to in an hour (domain.md section 6.1 in short: a rate that may be
 * wrong is none). Pure: unit-tested; every value is the device's and hostile. */
#ifndef PREOP_PROBES_SNMP_LOAD_H
#define PREOP_PROBES_SNMP_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "fact/row.h"

enum load_counter {
    LOAD_IN_OCTETS, LOAD_OUT_OCTETS,
    /* read only where an hour begins or ends */
    LOAD_IN_ERRORS, LOAD_OUT_ERRORS, LOAD_IN_DISCARDS, LOAD_OUT_DISCARDS,
    LOAD_IN_UCAST, LOAD_IN_MULTICAST, LOAD_IN_BROADCAST, LOAD_OUT_UCAST, LOAD_OUT_MULTICAST, LOAD_OUT_BROADCAST, LOAD_COUNTERS
};

/* One read of one interface. */
struct load_read {
    int64_t at_ms;                   /* by our own clock (clock_mono_ms) */
    int64_t discontinuity;           /* ifCounterDiscontinuityTime; -1: not there */
    bool other_name;                 /* the index has another ifName than when the hour began */
    bool other_speed;                /* the port runs at another speed than when the hour began */
    bool full;                       /* all counters were asked for */
    struct {
        bool has, wide;              /* wide: a Counter64 */
        uint64_t v;
        int64_t uptime;              /* sysUpTime of the same answer, hundredths of a second; -1: not there */
    } counters[LOAD_COUNTERS];
};

enum load_verdict {
    LOAD_GOOD,
    LOAD_NO_CLOCK,                   /* no sysUpTime, or one that does not move as ours does: restarted, wrapped, frozen */
    LOAD_ANEW,                       /* the counters began anew */
    LOAD_OTHER_PORT,                 /* the index is another port now */
    LOAD_WRAPPED,                    /* 32-bit counters that may have wrapped more than once */
    LOAD_TOO_MUCH,                   /* more than the port can carry */
    LOAD_NO_COUNTERS
};

struct load_pair {
    int64_t hundredths;              /* seconds x 100 between the two, by the device's clock */
    double in_mbps, out_mbps;        /* NaN: unknown */
};

/* What happened from a to b at a port of this speed (Mb/s; 0: not known). *out is set only for LOAD_GOOD. */
enum load_verdict load_between(const struct load_read *a, const struct load_read *b, int64_t speed_mbps, struct load_pair *out);

/* One interface's part of the hour. Zeroed memory and load_hour_begin() make one; load_hour_clear() frees what it holds. */
struct load_hour {
    struct load_read first, last;    /* last: the newest that was answered */
    bool has_first;
    bool broken;                     /* first and the end of the hour cannot be compared */
    int64_t hundredths;
    unsigned n_void;
    struct load_sample { double in_mbps, out_mbps; int64_t speed_mbps; } *samples; size_t n, cap;
};
void load_hour_begin(struct load_hour *h, const struct load_read *first);        /* first NULL: there was no answer; keeps no sample */
/* The next read, or NULL for one without an answer. The verdict; LOAD_GOOD also for the first one after none. */
enum load_verdict load_hour_add(struct load_hour *h, const struct load_read *r, int64_t speed_mbps);
void load_hour_clear(struct load_hour *h);
/* The hour's columns, but for what names the row: name, begin_at, if_index, in_clinic_hours. */
void load_hour_row(struct load_hour *h, int64_t speed_mbps, struct fact_row *out);

#endif
