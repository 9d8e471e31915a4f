/* known_hosts as OpenSSH reads it, and what a server's first packet offers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include "base/mem.h"
#include "worker/ssh_hostkey.h"

#define FILE_MAX (4 * 1024 * 1024)

/* A key blob of a type with one letter inside, and its base64. */
struct key { uint8_t blob[128]; size_t len; char base64[200]; };

static struct key key_of(const char *type, char letter)
{
    struct key k = { .len = 0 };
    struct buf b = BUF_INIT(sizeof(k.blob));
    char body[33];
    memset(body, letter, 32);
    body[32] = '\0';
    buf_put_str(&b, type);
    buf_put_str(&b, body);
    memcpy(k.blob, b.data, b.len);
    k.len = b.len;
    EVP_EncodeBlock((unsigned char *)k.base64, k.blob, (int)k.len);
    buf_clear(&b);
    return k;
}

static char *hashed(const char *name)
{
    static const unsigned char salt[20] = "0123456789012345678";
    unsigned char mac[20];
    char a[40], b[40];
    unsigned len = 0;
    HMAC(EVP_sha1(), salt, sizeof(salt), (const unsigned char *)name, strlen(name), mac, &len);
    EVP_EncodeBlock((unsigned char *)a, salt, sizeof(salt));
    EVP_EncodeBlock((unsigned char *)b, mac, 20);
    return xasprintf("|1|%s|%s", a, b);
}

static struct known_answer ask(const char *file, const char *host, uint16_t port, const struct key *k)
{
    struct known_answer a;
    known_hosts_check(file, strlen(file), host, port, k ? k->blob : NULL, k ? k->len : 0, &a);
    return a;
}

/* In a pattern below: E, F are two Ed25519 keys, R an RSA key; H hashes the name behind it. */
static char *lines(const char *text)
{
    struct key e = key_of("ssh-ed25519", 'e'), f = key_of("ssh-ed25519", 'f'), r = key_of("ssh-rsa", 'r');
    struct buf out = BUF_INIT(FILE_MAX);
    for (const char *p = text; *p; p++) {
        if (*p == '$' && p[1]) {
            p++;
            const struct key *k = *p == 'E' ? &e : *p == 'F' ? &f : &r;
            buf_printf(&out, "%s %s", *p == 'R' ? "ssh-rsa" : "ssh-ed25519", k->base64);
        } else {
            buf_putc(&out, *p);
        }
    }
    return buf_take(&out);
}

static void verdicts(void **state)
{
    static const struct { const char *file, *host; uint16_t port; const char *want; } cases[] = {
        { "", "a", 22, "unknown" },
        { "a $E\n", "a", 22, "known" },
        { "a $E", "A", 22, "known" },
        { "A $E comment with blanks\r\n", "a", 22, "known" },
        { "\t a \t $E\n", "a", 22, "known" },
        { "# a $E\nb $E\n", "a", 22, "unknown" },
        { "a $F\n", "a", 22, "changed" },
        { "a $F\na $E\n", "a", 22, "known" },                    /* several keys of one host */
        { "a $R\n", "a", 22, "changed" },
        { "x,a,10.0.0.1 $E\n", "10.0.0.1", 22, "known" },
        { "*.clinic,!b.clinic $E\n", "a.clinic", 22, "known" },
        { "*.clinic,!b.clinic $E\n", "b.clinic", 22, "unknown" },
        { "!b.clinic,*.clinic $E\n", "b.clinic", 22, "unknown" },
        { "!b.clinic $E\n", "a.clinic", 22, "unknown" },
        { "10.0.?.* $E\n", "10.0.3.77", 22, "known" },
        { "10.0.?.* $E\n", "10.0.33.77", 22, "unknown" },
        { "*a*b*c*d*e* $E\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabcd", 22, "unknown" },
        { "[a]:2222 $E\n", "a", 2222, "known" },
        { "[a]:2222 $E\n", "a", 22, "unknown" },
        { "[a]:2222 $F\n", "a", 2222, "changed" },
        { "a $E\n", "a", 2222, "known" },                        /* as OpenSSH: the plain name vouches for the same key */
        { "a $F\n", "a", 2222, "unknown" },                      /* and says nothing against another */
        { "a $E\n[a]:2222 $F\n", "a", 2222, "changed" },
        { "[fe80::1]:2222 $E\n", "fe80::1", 2222, "known" },
        { "@revoked * $E\na $E\n", "a", 22, "revoked" },
        { "a $E\n@revoked a $E\n", "a", 22, "revoked" },
        { "@revoked b $E\na $E\n", "a", 22, "known" },
        { "@revoked * $F\na $E\n", "a", 22, "known" },
        { "@revoked a $E\n", "a", 2222, "revoked" },
        { "@cert-authority * $E\n", "a", 22, "unknown" },
        { "@other a $E\n", "a", 22, "unknown" },
        { "a ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIGVl\n", "a", 22, "unknown" },      /* the word and the blob differ */
        { "a ssh-ed25519 !!!!\na ssh-ed25519\na\n", "a", 22, "unknown" },
        { "|1|x|y $E\n|1| $E\n|1|AAAA $E\n|1|AAAA| $E\n|1||AAAA $E\n", "a", 22, "unknown" },
        { ",,,a,, $E\n", "a", 22, "known" },
    };
    struct key e = key_of("ssh-ed25519", 'e');
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        char *file = lines(cases[i].file);
        struct known_answer a = ask(file, cases[i].host, cases[i].port, &e);
        if (strcmp(known_verdict_name(a.verdict), cases[i].want) != 0)
            fail_msg("case %zu, \"%s\" for %s:%u: %s", i, cases[i].file, cases[i].host, cases[i].port, known_verdict_name(a.verdict));
        free(file);
    }
}

static void hashed_names(void **state)
{
    struct key e = key_of("ssh-ed25519", 'e'), f = key_of("ssh-ed25519", 'f');
    char *name = hashed("[ehr.clinic]:2222"), *file = xasprintf("%s ssh-ed25519 %s\n", name, e.base64);
    (void)state;
    assert_int_equal(ask(file, "ehr.clinic", 2222, &e).verdict, KNOWN_OK);
    assert_int_equal(ask(file, "EHR.clinic", 2222, &e).verdict, KNOWN_OK);
    assert_int_equal(ask(file, "ehr.clinic", 2222, &f).verdict, KNOWN_CHANGED);
    assert_int_equal(ask(file, "ehr.clinic", 22, &e).verdict, KNOWN_UNKNOWN);
    assert_int_equal(ask(file, "ehr.clini", 2222, &e).verdict, KNOWN_UNKNOWN);
    free(name);
    free(file);
}

/* What is asked of the server follows from what is known of it. */
static void types(void **state)
{
    struct key e = key_of("ssh-ed25519", 'e');
    (void)state;
    char *file = lines("a $E\na $R\nb $R\n@revoked c $E\n@cert-authority d $E\n");
    assert_int_equal(ask(file, "a", 22, NULL).types, KNOWN_ED25519 | KNOWN_RSA);
    assert_int_equal(ask(file, "a", 22, NULL).verdict, KNOWN_OK);
    assert_int_equal(ask(file, "b", 22, NULL).types, KNOWN_RSA);
    assert_true(ask(file, "b", 22, &e).other_kind);
    assert_false(ask(file, "a", 22, &e).other_kind);
    assert_false(ask(file, "b", 22, NULL).by_plain_name);
    assert_true(ask(file, "b", 23, NULL).by_plain_name);
    assert_int_equal(ask(file, "c", 22, NULL).types, 0);
    assert_true(ask(file, "d", 22, NULL).authority);
    free(file);
    char *other = xasprintf("a ssh-dss %s\n", key_of("ssh-dss", 'd').base64);
    assert_int_equal(ask(other, "a", 22, NULL).types, KNOWN_OTHER);
    free(other);
}

static void sizes(void **state)
{
    struct key e = key_of("ssh-ed25519", 'e');
    struct buf big = BUF_INIT(FILE_MAX);
    (void)state;
    for (int i = 0; i < 70000; i++)
        buf_putc(&big, 'x');
    buf_printf(&big, ",a ssh-ed25519 %s\n", e.base64);           /* a line longer than any honest one */
    assert_int_equal(ask(buf_str(&big), "a", 22, &e).verdict, KNOWN_UNKNOWN);
    buf_printf(&big, "a ssh-ed25519 %s\n", e.base64);
    assert_int_equal(ask(buf_str(&big), "a", 22, &e).verdict, KNOWN_OK);
    char *longest = xmalloc(2001);
    memset(longest, 'a', 2000);
    longest[2000] = '\0';
    assert_int_equal(ask("* ssh-ed25519 AAAA\n", longest, 22, &e).verdict, KNOWN_UNKNOWN);
    free(longest);
    buf_clear(&big);
}

/* --- offers ------------------------------------------------------------------------------------------------------------- */

static void make_offer(struct buf *b, const char *banner, const char *keys)
{
    static const char *const rest[] = { "aes128-ctr", "aes256-ctr", "hmac-a", "hmac-b", "none", "none", "", "" };
    buf_puts(b, banner);
    buf_put_u32(b, 500);
    buf_put_u8(b, 4);
    buf_put_u8(b, 20);
    buf_append(b, "0123456789abcdef", 16);
    buf_put_str(b, "kex-a,kex-b");
    buf_put_str(b, keys);
    for (size_t i = 0; i < N_ELEMENTS(rest); i++)
        buf_put_str(b, rest[i]);
}

static void offers(void **state)
{
    struct buf b = BUF_INIT(65536);
    struct ssh_offer o;
    (void)state;
    make_offer(&b, "Hello\r\nthere\nSSH-2.0-Test_1.0 x\r\n", "rsa-sha2-512,rsa-sha2-256");
    ssh_offer_parse(b.data, b.len, &o);
    assert_true(o.complete);
    assert_string_equal(o.banner, "SSH-2.0-Test_1.0 x");
    assert_string_equal(o.kex, "kex-a,kex-b");
    assert_string_equal(o.host_keys, "rsa-sha2-512,rsa-sha2-256");
    assert_string_equal(o.ciphers, "aes256-ctr");
    assert_string_equal(o.macs, "hmac-b");
    for (size_t len = 0; len < b.len; len++) {
        char *copy = xmalloc(len + 1);
        memcpy(copy, b.data, len);
        ssh_offer_parse(copy, len, &o);
        if (len < b.len - 40)
            assert_false(o.complete);
        free(copy);
    }
    buf_reset(&b);
    make_offer(&b, "SSH-2.0-\033[31m\n", "\033]0;x\007");
    ssh_offer_parse(b.data, b.len, &o);
    assert_string_equal(o.banner, "SSH-2.0-?[31m");
    assert_string_equal(o.host_keys, "?]0;x?");
    b.data[b.len - 100] = 1;
    ssh_offer_parse("SSH-2.0-x\n\0\0\0\1\0\24", 16, &o);
    assert_false(o.complete);
    buf_clear(&b);
}

static void lists(void **state)
{
    (void)state;
    assert_true(ssh_list_has("a,bc,d", "bc"));
    assert_false(ssh_list_has("a,bc,d", "b"));
    assert_false(ssh_list_has("a,bc,d", "c"));
    assert_false(ssh_list_has("", "a"));
    assert_true(ssh_lists_meet("x,d", "a,bc,d"));
    assert_false(ssh_lists_meet("", ""));
    assert_false(ssh_lists_meet(",,", ",a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts), cmocka_unit_test(hashed_names), cmocka_unit_test(types), cmocka_unit_test(sizes), cmocka_unit_test(offers), cmocka_unit_test(lists),
    };
    return cmocka_run_group_tests_name("ssh_hostkey", tests, NULL, NULL);
}
