/* States of a collection, methods, and every reason for which a collection can fall short: its words, and what the user
 * can do. One table (reason.c), used by worker (to say), parent (to check and store) and reports (to print). */
#ifndef PREOP_FACT_REASON_H
#define PREOP_FACT_REASON_H

#include <stdbool.h>

enum state { STATE_COMPLETE, STATE_PARTIAL, STATE_FAILED, STATE_UNSUPPORTED, STATE_REFUSED, STATE_NOT_ASKED, STATE_COUNT };
const char *state_name(enum state s);        /* "complete", ..., "not-asked" */
bool state_parse(const char *s, enum state *out);

enum method { METHOD_PERSON, METHOD_DOCUMENT, METHOD_MEASURED, METHOD_COUNT };       /* weakest first */
const char *method_name(enum method m);
bool method_parse(const char *s, enum method *out);

enum reason {
    REASON_NONE,
    /* the network */
    REASON_NO_ANSWER, REASON_CONNECTION_REFUSED, REASON_UNREACHABLE, REASON_NAME_NOT_FOUND, REASON_CONNECTION_LOST, REASON_NO_VIEW_OF_CLINIC,
    /* who we are */
    REASON_WRONG_PASSWORD, REASON_KEY_REFUSED, REASON_NO_AUTH_METHOD, REASON_UNKNOWN_USER, REASON_WRONG_DIGEST, REASON_DECRYPTION, REASON_ACCESS_DENIED,
    REASON_NOT_IN_TIME_WINDOW, REASON_CREDENTIAL_ENDED, REASON_SECRET_UNAVAILABLE, REASON_STRONGER_AUTH,
    /* who they are */
    REASON_HOST_KEY_CHANGED, REASON_HOST_KEY_UNKNOWN, REASON_HOST_KEY_REVOKED, REASON_ONLY_RSA_HOST_KEY, REASON_CERT_NOT_TRUSTED, REASON_NO_COMMON_ALGORITHM, REASON_NO_TLS,
    /* what they said */
    REASON_MALFORMED, REASON_EMPTY, REASON_LIMIT, REASON_LOOP, REASON_UNSUPPORTED, REASON_SIZE_LIMIT, REASON_COMMAND_FAILED,
    /* what we may */
    REASON_NOT_PERMITTED, REASON_DO_NOT_TOUCH, REASON_NARROWED, REASON_NOT_WATCHED, REASON_OFFLINE, REASON_NO_CREDENTIAL,
    /* what people said */
    REASON_NOT_ANSWERED, REASON_ANSWER_EXPIRED,
    /* files */
    REASON_FILE_CHANGED, REASON_FILE_MISSING, REASON_NO_MAPPING, REASON_BAD_FILE, REASON_NOT_IN_FILE,
    /* us */
    REASON_TIMEOUT, REASON_CRASHED, REASON_INTERRUPTED, REASON_INTERNAL, REASON_SANDBOX,
    REASON_COUNT
};

/* A note that the parent adds to the collections of a host whose key was recorded without anybody having compared it. */
#define NOTE_KEY_ACCEPTED "host key accepted unseen: "

/* The same of dates in a file that nobody can read without guessing. */
#define NOTE_DATES "dates left unknown: "

struct reason_info {
    const char *name;        /* stored: "no-answer" */
    const char *text;        /* "no answer" */
    const char *action;      /* what the user can do: one sentence */
    enum state state;        /* the state that it usually means: failed, refused, not-asked, unsupported, partial */
    const char *ask;         /* the same for a committee: who does what, without a command or the name of a file of ours */
};
const struct reason_info *reason_info(enum reason r);    /* never NULL; out of range is REASON_INTERNAL */
bool reason_parse(const char *name, enum reason *out);
/* Whether the target should have been read and was not: it failed, refused or broke off, or was not asked although nobody forbade it or
 * left it out (a credential that ended, a secret that cannot be had). Exit status 3 comes from here. */
bool reason_unreached(enum state state, enum reason r);

#endif
