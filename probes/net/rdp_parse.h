/* RDP's first message and its answer: MS-RDPBCGR 2.2.1.1 and 2.2.1.2, in TPKT (RFC 1006) and X.224. Pure; answers are hostile. */
#ifndef PREOP_PROBES_RDP_PARSE_H
#define PREOP_PROBES_RDP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RDP_STANDARD 0U
#define RDP_TLS 1U
#define RDP_NLA 2U                   /* CredSSP */
#define RDP_NLA_EARLY 8U             /* CredSSP with early authorization */

#define RDP_REQUEST_LEN 19
#define RDP_HEAD_LEN 4               /* of an answer: tells its whole length */
#define RDP_MAX_ANSWER 512

enum rdp_kind {
    RDP_NONE,                        /* no RDP */
    RDP_CHOSE,                       /* took what is in value: one of the above */
    RDP_DECLINED                     /* takes none of what was offered; value: its code */
};
struct rdp_answer { enum rdp_kind kind; uint32_t value; };

enum rdp_failure { RDP_TLS_REQUIRED = 1, RDP_TLS_NOT_ALLOWED = 2, RDP_NO_CERTIFICATE = 3, RDP_INCONSISTENT = 4, RDP_NLA_REQUIRED_CODE = 5, RDP_USER_AUTH_REQUIRED = 6 };

void rdp_request_put(uint32_t offer, uint8_t out[RDP_REQUEST_LEN]);
/* The length of the whole answer by its first four bytes; 0 when they are none of RDP's. */
size_t rdp_answer_len(const uint8_t head[RDP_HEAD_LEN]);
struct rdp_answer rdp_answer_parse(const void *p, size_t len);

#endif
