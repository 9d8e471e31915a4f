/* One recorded agent: what it answers to a datagram, and how it misbehaves. Part of the test tool snmprec_serve. */
#ifndef PREOP_TESTS_SNMPREC_AGENT_H
#define PREOP_TESTS_SNMPREC_AGENT_H

#include "tools/snmprec.h"

#define AGENT_DATAGRAM 65507

enum quirk {
    QUIRK_LOOP,              /* after N objects (50) the next one is ten back */
    QUIRK_UNORDERED,         /* neighbours are swapped */
    QUIRK_TOO_BIG,           /* tooBig for answers of more than N varbinds (0) */
    QUIRK_NO_BULK,           /* genErr for GETBULK */
    QUIRK_BULK_SILENT,       /* no answer to GETBULK */
    QUIRK_DROP_FIRST,        /* the first N datagrams (1) are lost */
    QUIRK_DROP_EVERY,        /* every Nth datagram (3) is lost */
    QUIRK_SLOW,              /* answers come N ms later (300) */
    QUIRK_EARLY_END,         /* endOfMibView after N percent (50) of the objects */
    QUIRK_GARBAGE,           /* bytes that are no message, cut messages, wrong lengths, in turn */
    QUIRK_HUGE_NAMES,        /* texts of N bytes (30000) */
    QUIRK_V1_ONLY,           /* silence for v2c */
    QUIRK_ESCAPE,            /* texts with escape sequences, HTML, invalid UTF-8 */
    QUIRK_CAP,               /* answers only the first N varbinds (10) of a question */
    QUIRK_WRONG_TYPES,       /* numbers as texts, texts as numbers */
    QUIRK_OTHER_SOURCE,      /* answers come from another port */
    QUIRK_TWICE,             /* every answer comes twice */
    QUIRK_GEN_ERR,           /* genErr for questions about more than N objects (0) */
    QUIRK_MOVING,            /* counters grow by N (1000) a second, sysUpTime by 100 */
    QUIRK_RESTART,           /* moving, and N seconds (2) after the first question everything begins anew, without a word */
    QUIRK_RENAMED,           /* N seconds (2) after the first question every ifName is another one */
    QUIRK_SILENT_AFTER,      /* no answer from N seconds (2) after the first question on, for as long again */
    QUIRK_HOLES,             /* every Nth object (3) is there by name only: noSuchInstance */
    QUIRK_NO_NEXT,           /* where a column ends, noSuchInstance of what was asked for instead of what follows */
    QUIRK_COUNT
};

struct agent {
    const struct recording *recording;
    const char *community;
    size_t max_size, max_varbinds;
    bool quirks[QUIRK_COUNT];
    long number[QUIRK_COUNT];
    /* counted */
    int64_t first_ms;        /* when the first question came; 0: not yet */
    uint64_t datagrams, get, getnext, getbulk, other, refused;
};

/* "name", "name:N" or "name=N"; false for an unknown one. */
bool agent_quirk(struct agent *a, const char *text);
const char *agent_quirk_names(void);

/* The answer to one datagram; 0 for silence. out has room for AGENT_DATAGRAM bytes. */
size_t agent_answer(struct agent *a, const uint8_t *in, size_t len, uint8_t *out);

#endif
