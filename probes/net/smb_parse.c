/* Pure: bytes in, values out. Every offset in an answer is its sender's word and is held against the length. Little-endian throughout. */
#include "probes/net/smb_parse.h"

#include <string.h>
#include "base/mem.h"
#include "base/utf8.h"

#define HEADER2 64
#define HEADER1 32
#define NEGOTIATE 0
#define SESSION_SETUP 1
#define SMB1_NEGOTIATE 0x72
#define MORE_PROCESSING 0xC0000016U
#define SIGNING_ENABLED 1U
#define SIGNING_REQUIRED 2U
#define NTLM_VERSION_FLAG 0x02000000U
#define SECONDS_1601_1970 11644473600.0

/* --- writing ---------------------------------------------------------------------------------------------------------- */

static void put16(struct buf *b, unsigned v)
{
    buf_put_u8(b, (uint8_t)v);
    buf_put_u8(b, (uint8_t)(v >> 8));
}

static void put32(struct buf *b, uint32_t v)
{
    put16(b, v & 0xffffU);
    put16(b, v >> 16);
}

static void put_zeros(struct buf *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_putc(b, '\0');
}

/* The length before a message is 24 bits, big-endian, behind a zero. */
static void put_framed(struct buf *out, struct buf *message)
{
    buf_put_u32(out, (uint32_t)message->len);
    buf_append(out, message->data, message->len);
    buf_clear(message);
}

static void put_header2(struct buf *b, unsigned command, unsigned message_id)
{
    buf_append(b, "\xfeSMB", 4);
    put16(b, HEADER2);
    put16(b, 0);                     /* credit charge */
    put32(b, 0);                     /* status */
    put16(b, command);
    put16(b, 31);                    /* credits asked for */
    put32(b, 0);                     /* flags */
    put32(b, 0);                     /* next command */
    put32(b, message_id);
    put_zeros(b, HEADER2 - 28);
}

static void put_context(struct buf *b, unsigned type, const void *data, size_t len)
{
    put_zeros(b, (8 - b->len % 8) % 8);
    put16(b, type);
    put16(b, (unsigned)len);
    put32(b, 0);
    buf_append(b, data, len);
}

void smb2_negotiate_put(struct buf *out, const uint8_t random[48])
{
    static const uint16_t dialects[] = { 0x0202, 0x0210, 0x0300, 0x0302, 0x0311 };
    static const uint8_t ciphers[] = { 2, 0, 2, 0, 1, 0 };           /* two: AES-128-GCM, AES-128-CCM */
    struct buf b = BUF_INIT(1024);
    uint8_t integrity[38] = { 1, 0, 32, 0, 1, 0 };                   /* one hash: SHA-512; 32 bytes of salt */
    size_t contexts_at = (HEADER2 + 36 + sizeof dialects + 7) / 8 * 8;

    memcpy(integrity + 6, random + 16, 32);
    put_header2(&b, NEGOTIATE, 0);
    put16(&b, 36);
    put16(&b, N_ELEMENTS(dialects));
    put16(&b, SIGNING_ENABLED);
    put16(&b, 0);
    put32(&b, 0x40);                 /* capabilities: encryption */
    buf_append(&b, random, 16);
    put32(&b, (uint32_t)contexts_at);
    put16(&b, 2);
    put16(&b, 0);
    for (size_t i = 0; i < N_ELEMENTS(dialects); i++)
        put16(&b, dialects[i]);
    put_context(&b, 1, integrity, sizeof integrity);
    put_context(&b, 2, ciphers, sizeof ciphers);
    put_framed(out, &b);
}

void smb1_negotiate_put(struct buf *out)
{
    static const char dialect[] = "\x02NT LM 0.12";
    struct buf b = BUF_INIT(256);

    buf_append(&b, "\xffSMB", 4);
    buf_put_u8(&b, SMB1_NEGOTIATE);
    put32(&b, 0);                    /* status */
    buf_put_u8(&b, 0x18);            /* paths without case */
    put16(&b, 0xc001);               /* long names, NT status codes, Unicode; no extended security: the answer is the plain one */
    put_zeros(&b, 12);
    put16(&b, 0xffff);               /* no tree */
    put16(&b, 0xfeff);               /* process */
    put16(&b, 0);
    put16(&b, 0);
    buf_put_u8(&b, 0);
    put16(&b, sizeof dialect);
    buf_append(&b, dialect, sizeof dialect);
    put_framed(out, &b);
}

void smb2_session_setup_put(struct buf *out)
{
    /* SPNEGO, RFC 4178: a NegTokenInit that offers NTLM alone, with NTLM's NEGOTIATE_MESSAGE of 40 bytes in it. */
    static const uint8_t wrapping[] = { 0x60, 72, 6, 6, 0x2b, 6, 1, 5, 5, 2, 0xa0, 62, 0x30, 60, 0xa0, 14, 0x30, 12, 6, 10, 0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10, 0xa2, 42, 4, 40 };
    struct buf b = BUF_INIT(512);

    put_header2(&b, SESSION_SETUP, 1);
    put16(&b, 25);
    buf_put_u8(&b, 0);
    buf_put_u8(&b, SIGNING_ENABLED);
    put32(&b, 0);
    put32(&b, 0);
    put16(&b, HEADER2 + 24);
    put16(&b, sizeof wrapping + 40);
    put_zeros(&b, 8);
    buf_append(&b, wrapping, sizeof wrapping);
    buf_append(&b, "NTLMSSP\0", 8);
    put32(&b, 1);
    put32(&b, 0xa2088205U);          /* Unicode, target wanted, NTLM, signing, extended security, version, 128 and 56 bits */
    put_zeros(&b, 16);               /* neither domain nor workstation */
    put_zeros(&b, 7);                /* our version: none */
    buf_put_u8(&b, 15);
    put_framed(out, &b);
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */

static unsigned get16(const uint8_t *p)
{
    return p[0] | (unsigned)p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
    return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static uint64_t get64(const uint8_t *p)
{
    return get32(p) | (uint64_t)get32(p + 4) << 32;
}

static bool is_answer2(const uint8_t *p, size_t len, unsigned command)
{
    return len >= HEADER2 + 8 && memcmp(p, "\xfeSMB", 4) == 0 && get16(p + 4) == HEADER2 && get16(p + 12) == command && (p[16] & 1U) != 0;
}

bool smb2_negotiate_parse(const void *bytes, size_t len, struct smb_negotiated *out)
{
    const uint8_t *p = bytes, *body = p + HEADER2;

    *out = (struct smb_negotiated){ 0 };
    if (!is_answer2(p, len, NEGOTIATE) || len < HEADER2 + 64 || get32(p + 8) != 0 || get16(body) != 65 || smb_dialect_name((uint16_t)get16(body + 4)) == NULL)
        return false;
    out->signing_enabled = (body[2] & SIGNING_ENABLED) != 0;
    out->signing_required = (body[2] & SIGNING_REQUIRED) != 0;
    out->dialect = (uint16_t)get16(body + 4);
    memcpy(out->guid, body + 8, sizeof out->guid);
    out->has_guid = true;
    out->system_time = get64(body + 40);
    return true;
}

bool smb1_negotiate_parse(const void *bytes, size_t len, bool *accepted, struct smb_negotiated *out)
{
    const uint8_t *p = bytes, *words = p + HEADER1 + 1;

    *out = (struct smb_negotiated){ 0 };
    *accepted = false;
    if (len < HEADER1 + 3 || memcmp(p, "\xffSMB", 4) != 0 || p[4] != SMB1_NEGOTIATE || (p[9] & 0x80U) == 0)
        return false;
    if (get32(p + 5) != 0 || p[HEADER1] == 0 || get16(words) != 0)
        return true;                 /* an error, or no dialect that is common */
    if (p[HEADER1] != 17 || len < HEADER1 + 1 + 34)
        return false;
    *accepted = true;
    out->signing_enabled = (words[2] & 4U) != 0;
    out->signing_required = (words[2] & 8U) != 0;
    out->system_time = get64(words + 23);
    return true;
}

/* --- NTLM ------------------------------------------------------------------------------------------------------------- */

/* UTF-16 to UTF-8; what does not fit is cut between characters. A half of a pair becomes U+FFFD. */
static void name_put(const uint8_t *p, size_t len, char out[SMB_MAX_NAME])
{
    size_t at = 0;

    for (size_t i = 0; i + 1 < len; i += 2) {
        uint32_t c = get16(p + i);
        char utf8[4];
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < len && (get16(p + i + 2) & 0xfc00U) == 0xdc00) {
            c = 0x10000 + ((c - 0xd800) << 10) + (get16(p + i + 2) - 0xdc00);
            i += 2;
        }
        size_t n = utf8_encode(utf8_is_scalar(c) && c != 0 ? c : 0xfffd, utf8);
        if (at + n >= SMB_MAX_NAME)
            break;
        memcpy(out + at, utf8, n);
        at += n;
    }
    out[at] = '\0';
}

/* The list of AV_PAIRs (MS-NLMP 2.2.2.1): id, length, value, until id 0. */
static void names_parse(const uint8_t *p, size_t len, struct smb_challenge *out)
{
    for (size_t at = 0; at + 4 <= len;) {
        unsigned id = get16(p + at);
        size_t n = get16(p + at + 2);
        char *into = id == 1 ? out->computer : id == 2 ? out->domain : id == 3 ? out->dns_computer : id == 4 ? out->dns_domain : id == 5 ? out->dns_forest : NULL;
        at += 4;
        if (id == 0 || n > len - at)
            return;
        if (into != NULL)
            name_put(p + at, n, into);
        at += n;
    }
}

/* Windows tells its version and a build that is never 0; Samba always 6.1 and build 0 (its source: auth/ntlmssp). */
static void version_parse(const uint8_t *p, struct smb_challenge *out)
{
    unsigned major = p[0], minor = p[1], build = get16(p + 2);

    if (major == 6 && minor == 1 && build == 0)
        out->software = SMB_SOFTWARE_SAMBA;
    if (build == 0 || !((major == 5 && minor <= 2) || (major == 6 && minor <= 3) || (major == 10 && minor == 0)))
        return;
    out->software = SMB_SOFTWARE_WINDOWS;
    out->major = major;
    out->minor = minor;
    out->build = build;
}

static bool challenge_parse(const uint8_t *p, size_t len, struct smb_challenge *out)
{
    if (len < 48 || get32(p + 8) != 2)
        return false;
    size_t info_len = get16(p + 40), info_at = get32(p + 44);
    if ((get32(p + 20) & NTLM_VERSION_FLAG) != 0 && len >= 56)
        version_parse(p + 48, out);
    if (info_at >= 48 && info_at <= len && info_len <= len - info_at)
        names_parse(p + info_at, info_len, out);
    return true;
}

bool smb2_challenge_parse(const void *bytes, size_t len, struct smb_challenge *out)
{
    const uint8_t *p = bytes, *body = p + HEADER2;

    *out = (struct smb_challenge){ .software = SMB_SOFTWARE_UNKNOWN };
    if (!is_answer2(p, len, SESSION_SETUP) || get32(p + 8) != MORE_PROCESSING)
        return false;
    size_t at = get16(body + 4), n = get16(body + 6);
    if (at < HEADER2 + 8 || at > len || n > len - at)
        return false;
    /* Inside SPNEGO's wrapping, or bare: NTLM's own mark says where it begins, and its offsets count from there. */
    const uint8_t *mark = memmem(p + at, n, "NTLMSSP\0", 8);
    return mark != NULL && challenge_parse(mark, n - (size_t)(mark - (p + at)), out);
}

/* --- words ------------------------------------------------------------------------------------------------------------ */

const char *smb_dialect_name(uint16_t dialect)
{
    switch (dialect) {
    case 0x0202:
        return "2.0.2";
    case 0x0210:
        return "2.1";
    case 0x0300:
        return "3.0";
    case 0x0302:
        return "3.0.2";
    case 0x0311:
        return "3.1.1";
    default:
        return NULL;
    }
}

bool smb_time(uint64_t system_time, double *out)
{
    *out = (double)system_time / 1e7 - SECONDS_1601_1970;
    return system_time != 0 && *out > 0 && *out < 4102444800.0;
}
