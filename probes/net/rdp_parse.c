/* Pure: bytes in, values out. Lengths of TPKT are big-endian, RDP's own values little-endian. */
#include "probes/net/rdp_parse.h"

#include <string.h>

#define TPKT_VERSION 3
#define CONNECTION_REQUEST 0xe0
#define CONNECTION_CONFIRM 0xd0
#define FIXED 11                     /* TPKT's head, X.224's length and its six bytes */
#define NEGOTIATION 8
#define NEGOTIATION_RESPONSE 2
#define NEGOTIATION_FAILURE 3

void rdp_request_put(uint32_t offer, uint8_t out[RDP_REQUEST_LEN])
{
    const uint8_t request[RDP_REQUEST_LEN] = { TPKT_VERSION, 0, 0, RDP_REQUEST_LEN, RDP_REQUEST_LEN - 5, CONNECTION_REQUEST, 0, 0, 0, 0, 0, 1, 0, NEGOTIATION, 0, (uint8_t)offer };

    memcpy(out, request, sizeof request);
}

size_t rdp_answer_len(const uint8_t head[RDP_HEAD_LEN])
{
    size_t len = (size_t)head[2] << 8 | head[3];

    return head[0] == TPKT_VERSION && len >= FIXED && len <= RDP_MAX_ANSWER ? len : 0;
}

struct rdp_answer rdp_answer_parse(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    struct rdp_answer answer = { RDP_NONE, 0 };

    if (len < FIXED || rdp_answer_len(p) != len || (p[5] & 0xf0) != CONNECTION_CONFIRM)
        return answer;
    if (len < FIXED + NEGOTIATION) {
        answer.kind = RDP_CHOSE;     /* older than the negotiation: its own encryption */
        return answer;
    }
    const uint8_t *n = p + FIXED;
    if (n[2] != NEGOTIATION || n[3] != 0 || (n[0] != NEGOTIATION_RESPONSE && n[0] != NEGOTIATION_FAILURE))
        return answer;
    answer.kind = n[0] == NEGOTIATION_RESPONSE ? RDP_CHOSE : RDP_DECLINED;
    answer.value = n[4] | (uint32_t)n[5] << 8 | (uint32_t)n[6] << 16 | (uint32_t)n[7] << 24;
    return answer;
}
