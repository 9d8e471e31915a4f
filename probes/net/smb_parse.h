/* Greetings of SMB and what comes back: MS-SMB2 2.2.3 to 2.2.6, MS-CIFS 2.2.4.52, MS-SMB 2.2.4.5.2, MS-NLMP 2.2.1. Pure; answers are hostile. */
#ifndef PREOP_PROBES_SMB_PARSE_H
#define PREOP_PROBES_SMB_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

#define SMB_MAX_MESSAGE 65536        /* bytes of an answer; an honest one has some hundred */
#define SMB_MAX_NAME 256             /* bytes of a name, as UTF-8 */

enum smb_software { SMB_SOFTWARE_UNKNOWN, SMB_SOFTWARE_WINDOWS, SMB_SOFTWARE_SAMBA };

struct smb_negotiated {
    uint16_t dialect;                /* 0x0311; 0 for SMB 1 */
    bool signing_enabled, signing_required;
    uint8_t guid[16];
    bool has_guid;                   /* SMB 2 and later */
    uint64_t system_time;            /* 100 ns since 1601; 0: not told */
};

struct smb_challenge {
    char computer[SMB_MAX_NAME], domain[SMB_MAX_NAME], dns_computer[SMB_MAX_NAME], dns_domain[SMB_MAX_NAME], dns_forest[SMB_MAX_NAME];       /* "": not told */
    enum smb_software software;
    unsigned major, minor, build;    /* of windows only, else 0 */
};

/* Requests with the length before them that TCP needs. */
void smb2_negotiate_put(struct buf *out, const uint8_t random[48]);      /* 16 bytes client id, 32 salt */
void smb1_negotiate_put(struct buf *out);
/* The first leg of a log-on by NTLM: it names no user and has no secret, and no second leg follows. */
void smb2_session_setup_put(struct buf *out);

/* Answers without that length. False when it is none. *accepted: whether it took the dialect. */
bool smb2_negotiate_parse(const void *p, size_t len, struct smb_negotiated *out);
bool smb1_negotiate_parse(const void *p, size_t len, bool *accepted, struct smb_negotiated *out);
/* The challenge in an answer to the first leg. False when there is none. */
bool smb2_challenge_parse(const void *p, size_t len, struct smb_challenge *out);
const char *smb_dialect_name(uint16_t dialect);      /* "3.1.1"; NULL when unknown */
/* Seconds since 1970 with their fraction; false for 0 and for what lies outside 1970 to 2100. */
bool smb_time(uint64_t system_time, double *out);

#endif
