/* What SMB and RDP servers answer before a log-on: Windows, Samba, old and odd ones, cut and lying answers. */
#include "lib/cmocka_all.h"

#include "base/buf.h"
#include "probes/net/rdp_parse.h"
#include "probes/net/smb_parse.h"

static void put(struct buf *b, uint64_t v, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        buf_put_u8(b, (uint8_t)(v >> 8 * i));
}

static void put_header2(struct buf *b, unsigned command, uint32_t status)
{
    buf_append(b, "\xfeSMB", 4);
    put(b, 64, 2);
    put(b, 0, 2);
    put(b, status, 4);
    put(b, command, 2);
    put(b, 1, 2);
    put(b, 1, 4);                    /* an answer */
    while (b->len < 64)
        put(b, 0, 1);
}

static void put_negotiate2(struct buf *b, unsigned mode, unsigned dialect, uint64_t system_time)
{
    put_header2(b, 0, 0);
    put(b, 65, 2);
    put(b, mode, 2);
    put(b, dialect, 2);
    put(b, 1, 2);
    for (unsigned i = 0; i < 16; i++)
        put(b, i + 1, 1);
    put(b, 0x2f, 4);
    put(b, 0x800000, 4);
    put(b, 0x800000, 4);
    put(b, 0x800000, 4);
    put(b, system_time, 8);
    put(b, 0, 8);
    put(b, 128, 2);
    put(b, 0, 6);
}

static void test_smb2_negotiate(void **state)
{
    struct buf b = BUF_INIT(1024);
    struct smb_negotiated n;
    double t = 0;

    (void)state;
    put_negotiate2(&b, 3, 0x0311, UINT64_C(133791264000000000));     /* 2024-12-20 */
    assert_true(smb2_negotiate_parse(b.data, b.len, &n));
    assert_int_equal(n.dialect, 0x0311);
    assert_string_equal(smb_dialect_name(n.dialect), "3.1.1");
    assert_true(n.signing_enabled && n.signing_required && n.has_guid);
    assert_int_equal(n.guid[0], 1);
    assert_int_equal(n.guid[15], 16);
    assert_true(smb_time(n.system_time, &t));
    assert_true(t > 1734652799.0 && t < 1734652801.0);
    for (size_t len = 0; len < 128; len++)
        assert_false(smb2_negotiate_parse(b.data, len, &n));
    b.data[66] = 1;
    assert_true(smb2_negotiate_parse(b.data, b.len, &n));
    assert_true(n.signing_enabled && !n.signing_required);
    b.data[68] = 9;                                      /* a dialect that nobody knows */
    assert_false(smb2_negotiate_parse(b.data, b.len, &n));
    b.data[68] = 0x11;
    b.data[8] = 0x22;                                    /* an error */
    assert_false(smb2_negotiate_parse(b.data, b.len, &n));
    b.data[8] = 0;
    b.data[16] = 0;                                      /* a question of its own */
    assert_false(smb2_negotiate_parse(b.data, b.len, &n));
    assert_false(smb_time(0, &t));
    assert_false(smb_time(UINT64_MAX, &t));
    buf_clear(&b);
}

static void put_utf16(struct buf *b, const char *s)
{
    for (; *s != '\0'; s++)
        put(b, (unsigned char)*s, 2);
}

static void put_pair(struct buf *b, unsigned id, const char *s)
{
    put(b, id, 2);
    put(b, 2 * strlen(s), 2);
    put_utf16(b, s);
}

/* A challenge as Windows Server 2022 sends it, but for its values. where: how far the names begin behind the version. */
static void put_challenge(struct buf *b, unsigned major, unsigned minor, unsigned build, uint32_t flags, size_t skip)
{
    struct buf names = BUF_INIT(1024);

    put_pair(&names, 2, "CLINIC");
    put_pair(&names, 1, "SRV1");
    put_pair(&names, 4, "clinic.example");
    put_pair(&names, 3, "srv1.clinic.example");
    put_pair(&names, 5, "forest.example");
    put(&names, 7, 2);
    put(&names, 8, 2);
    put(&names, UINT64_C(133791264000000000), 8);
    put(&names, 0, 4);
    put_header2(b, 1, 0xC0000016U);
    put(b, 9, 2);
    put(b, 0, 2);
    put(b, 72, 2);
    put(b, 3 + 56 + skip + names.len, 2);
    buf_append(b, "\xa1\x81\x00", 3);                    /* the beginning of SPNEGO's wrapping; its inside is not needed */
    buf_append(b, "NTLMSSP\0", 8);
    put(b, 2, 4);
    put(b, 0, 8);
    put(b, flags, 4);
    put(b, UINT64_C(0x1122334455667788), 8);
    put(b, 0, 8);
    put(b, names.len, 2);
    put(b, names.len, 2);
    put(b, 56 + skip, 4);
    put(b, major, 1);
    put(b, minor, 1);
    put(b, build, 2);
    put(b, UINT64_C(0x0f000000), 4);
    for (size_t i = 0; i < skip; i++)
        put(b, 0, 1);
    buf_append(b, names.data, names.len);
    buf_clear(&names);
}

static void test_windows(void **state)
{
    struct buf b = BUF_INIT(4096);
    struct smb_challenge c;

    (void)state;
    put_challenge(&b, 10, 0, 20348, 0xe2898215U, 12);
    assert_true(smb2_challenge_parse(b.data, b.len, &c));
    assert_int_equal(c.software, SMB_SOFTWARE_WINDOWS);
    assert_int_equal(c.major, 10);
    assert_int_equal(c.minor, 0);
    assert_int_equal(c.build, 20348);
    assert_string_equal(c.computer, "SRV1");
    assert_string_equal(c.domain, "CLINIC");
    assert_string_equal(c.dns_computer, "srv1.clinic.example");
    assert_string_equal(c.dns_domain, "clinic.example");
    assert_string_equal(c.dns_forest, "forest.example");
    for (size_t len = 0; len < b.len; len++)             /* cut anywhere: never more than there is */
        (void)smb2_challenge_parse(b.data, len, &c);
    assert_false(smb2_challenge_parse(b.data, 72 + 20, &c));
    b.data[8] = 0;                                       /* "done": a session without a log-on is not looked at */
    assert_false(smb2_challenge_parse(b.data, b.len, &c));
    buf_clear(&b);
}

static void test_versions(void **state)
{
    static const struct { unsigned major, minor, build; uint32_t flags; enum smb_software software; } rows[] = {
        { 6, 1, 0, 0xe2898215U, SMB_SOFTWARE_SAMBA },    { 6, 1, 7601, 0xe2898215U, SMB_SOFTWARE_WINDOWS },  { 5, 2, 3790, 0xe2898215U, SMB_SOFTWARE_WINDOWS },
        { 10, 0, 0, 0xe2898215U, SMB_SOFTWARE_UNKNOWN }, { 4, 0, 1381, 0xe2898215U, SMB_SOFTWARE_UNKNOWN },  { 10, 3, 20348, 0xe2898215U, SMB_SOFTWARE_UNKNOWN },
        { 0, 0, 0, 0xe2898215U, SMB_SOFTWARE_UNKNOWN },  { 10, 0, 20348, 0xe0898215U, SMB_SOFTWARE_UNKNOWN },            /* it says that it tells no version */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf b = BUF_INIT(4096);
        struct smb_challenge c;
        put_challenge(&b, rows[i].major, rows[i].minor, rows[i].build, rows[i].flags, 0);
        assert_true(smb2_challenge_parse(b.data, b.len, &c));
        assert_int_equal(c.software, rows[i].software);
        assert_int_equal(c.build, rows[i].software == SMB_SOFTWARE_WINDOWS ? rows[i].build : 0);
        assert_string_equal(c.computer, "SRV1");
        buf_clear(&b);
    }
}

static void test_lying_lengths(void **state)
{
    struct buf b = BUF_INIT(4096);
    struct smb_challenge c;

    (void)state;
    put_challenge(&b, 10, 0, 20348, 0xe2898215U, 0);
    size_t ntlm = 72 + 3, names = ntlm + 56;
    uint8_t *p = (uint8_t *)b.data;
    p[ntlm + 44] = 0xff;                                 /* the names lie outside */
    p[ntlm + 45] = 0xff;
    assert_true(smb2_challenge_parse(b.data, b.len, &c));
    assert_string_equal(c.computer, "");
    p[ntlm + 44] = 56;
    p[ntlm + 45] = 0;
    p[names + 2] = 0xff;                                 /* the first name is longer than all */
    p[names + 3] = 0xff;
    assert_true(smb2_challenge_parse(b.data, b.len, &c));
    assert_string_equal(c.domain, "");
    p[68] = 0xff;                                        /* the buffer begins behind the end */
    p[69] = 0xff;
    assert_false(smb2_challenge_parse(b.data, b.len, &c));
    buf_clear(&b);
}

static void put_negotiate1(struct buf *b, unsigned dialect, unsigned mode)
{
    buf_append(b, "\xffSMB\x72", 5);
    put(b, 0, 4);
    put(b, 0x98, 1);
    while (b->len < 32)
        put(b, 0, 1);
    put(b, 17, 1);
    put(b, dialect, 2);
    put(b, mode, 1);
    while (b->len < 33 + 23)
        put(b, 0, 1);
    put(b, UINT64_C(133791264000000000), 8);
    put(b, 0, 3 + 2);
}

static void test_smb1(void **state)
{
    struct buf b = BUF_INIT(256);
    struct smb_negotiated n;
    bool accepted = false;

    (void)state;
    put_negotiate1(&b, 0, 0x0f);
    assert_true(smb1_negotiate_parse(b.data, b.len, &accepted, &n) && accepted);
    assert_true(n.signing_enabled && n.signing_required && !n.has_guid);
    assert_int_equal(n.system_time, UINT64_C(133791264000000000));
    assert_false(smb1_negotiate_parse(b.data, 40, &accepted, &n));
    assert_false(accepted);
    b.data[33] = b.data[34] = '\xff';                    /* none of the dialects */
    assert_true(smb1_negotiate_parse(b.data, b.len, &accepted, &n));
    assert_false(accepted);
    b.data[33] = b.data[34] = 0;
    b.data[5] = 1;                                       /* an error */
    assert_true(smb1_negotiate_parse(b.data, b.len, &accepted, &n));
    assert_false(accepted);
    buf_clear(&b);
}

static void test_smb_questions(void **state)
{
    static const uint8_t random[48] = { 7 };
    struct buf b = BUF_INIT(1024);

    (void)state;
    smb2_session_setup_put(&b);
    assert_int_equal((size_t)(uint8_t)b.data[3], b.len - 4);
    assert_non_null(memmem(b.data, b.len, "NTLMSSP\0\1\0\0\0", 12));
    assert_int_equal((uint8_t)b.data[4 + 64 + 12], 88);  /* where the token is said to begin, and there it does */
    assert_int_equal((uint8_t)b.data[4 + 88], 0x60);
    assert_int_equal((uint8_t)b.data[4 + 64 + 14], b.len - 4 - 88);
    assert_int_equal((uint8_t)b.data[4 + 89], b.len - 4 - 90);
    buf_reset(&b);
    smb2_negotiate_put(&b, random);
    assert_int_equal((uint8_t)b.data[3], b.len - 4);
    assert_int_equal((uint8_t)b.data[4 + 64 + 28] % 8, 0);           /* contexts are aligned */
    assert_int_equal((uint8_t)b.data[4 + (uint8_t)b.data[4 + 64 + 28]], 1);
    buf_clear(&b);
}

static void test_rdp(void **state)
{
    static const struct { const char *bytes; size_t len; enum rdp_kind kind; uint32_t value; } rows[] = {
        { "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\x1f\x08\0\2\0\0\0", 19, RDP_CHOSE, RDP_NLA },
        { "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\0\x08\0\x08\0\0\0", 19, RDP_CHOSE, RDP_NLA_EARLY },
        { "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\3\0\x08\0\5\0\0\0", 19, RDP_DECLINED, RDP_NLA_REQUIRED_CODE },
        { "\3\0\0\x0b\x06\xd0\0\0\x12\x34\0", 11, RDP_CHOSE, RDP_STANDARD },
        { "\3\0\0\x13\x0e\xe0\0\0\x12\x34\0\2\0\x08\0\2\0\0\0", 19, RDP_NONE, 0 },         /* a request */
        { "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\0\x09\0\2\0\0\0", 19, RDP_NONE, 0 },
        { "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\7\0\x08\0\2\0\0\0", 19, RDP_NONE, 0 },
        { "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\0\x08\0\2\0\0", 18, RDP_NONE, 0 },           /* cut */
        { "HTTP/1.1 400 ", 13, RDP_NONE, 0 },
        { "", 0, RDP_NONE, 0 },
    };
    uint8_t request[RDP_REQUEST_LEN];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rdp_answer a = rdp_answer_parse(rows[i].bytes, rows[i].len);
        assert_int_equal(a.kind, rows[i].kind);
        assert_int_equal(a.value, rows[i].value);
    }
    assert_int_equal(rdp_answer_len((const uint8_t *)"\3\0\xff\xff"), 0);
    assert_int_equal(rdp_answer_len((const uint8_t *)"\3\0\0\x13"), 19);
    assert_int_equal(rdp_answer_len((const uint8_t *)"HTTP"), 0);
    rdp_request_put(RDP_TLS | RDP_NLA, request);
    assert_memory_equal(request, "\3\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\x08\0\3\0\0\0", sizeof request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smb2_negotiate), cmocka_unit_test(test_windows), cmocka_unit_test(test_versions),      cmocka_unit_test(test_lying_lengths),
        cmocka_unit_test(test_smb1),           cmocka_unit_test(test_rdp),     cmocka_unit_test(test_smb_questions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
