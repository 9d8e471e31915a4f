/* What the parent lets an agent sign for a worker: a request to log this job's user in with this key, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/mem.h"
#include "collect/agent.h"

#define SHA2_512 4U

struct request { const char *user, *service, *method, *algorithm, *key_type, *key_body; uint8_t message, has_signature; size_t session; const char *behind; };

static void build(struct buf *b, const struct request *q)
{
    char session[80];
    struct buf key = BUF_INIT(1000);
    memset(session, 's', sizeof(session));
    buf_put_str(&key, q->key_type);
    buf_put_str(&key, q->key_body);
    buf_put_bytes(b, session, q->session);
    buf_put_u8(b, q->message);
    buf_put_str(b, q->user);
    buf_put_str(b, q->service);
    buf_put_str(b, q->method);
    buf_put_u8(b, q->has_signature);
    buf_put_str(b, q->algorithm);
    buf_put_bytes(b, key.data, key.len);
    buf_puts(b, q->behind);
    buf_clear(&key);
}

static bool ok(const struct request *q, const char *key_type, const char *key_body, uint32_t flags)
{
    struct buf b = BUF_INIT(4000), key = BUF_INIT(1000);
    build(&b, q);
    buf_put_str(&key, key_type);
    buf_put_str(&key, key_body);
    bool answer = agent_request_ok((const uint8_t *)b.data, b.len, "audit", (const uint8_t *)key.data, key.len, flags);
    for (size_t len = 0; len < b.len - strlen(q->behind); len++)     /* never for a part of it */
        assert_false(agent_request_ok((const uint8_t *)b.data, len, "audit", (const uint8_t *)key.data, key.len, flags));
    buf_clear(&b);
    buf_clear(&key);
    return answer;
}

static const struct request good = { "audit", "ssh-connection", "publickey", "ssh-ed25519", "ssh-ed25519", "body", 50, 1, 32, "" };

static void what_is_signed(void **state)
{
    struct request rsa = good, retyped = good;
    (void)state;
    assert_true(ok(&good, "ssh-ed25519", "body", 0));
    rsa.algorithm = "rsa-sha2-512";
    rsa.key_type = "ssh-rsa";
    assert_true(ok(&rsa, "ssh-rsa", "body", SHA2_512));
    retyped.algorithm = retyped.key_type = "rsa-sha2-512";           /* as libssh2 1.10 must write it */
    assert_true(ok(&retyped, "ssh-rsa", "body", SHA2_512));
}

static void what_is_not(void **state)
{
    (void)state;
    struct request q;
#define WITHOUT(change) q = good; change; assert_false(ok(&q, "ssh-ed25519", "body", 0))
    WITHOUT(q.user = "root");
    WITHOUT(q.service = "ssh-userauth");
    WITHOUT(q.method = "hostbased");
    WITHOUT(q.algorithm = "ssh-rsa");
    WITHOUT(q.key_type = "ssh-rsa");
    WITHOUT(q.key_body = "b0dy");
    WITHOUT(q.key_body = "body2");
    WITHOUT(q.message = 51);
    WITHOUT(q.has_signature = 0);
    WITHOUT(q.session = 8);
    WITHOUT(q.session = 70);
    WITHOUT(q.behind = "x");
    assert_false(ok(&good, "ssh-ed25519", "body", SHA2_512));
    q = good;
    q.algorithm = q.key_type = "rsa-sha2-512";
    assert_false(ok(&q, "ssh-rsa", "other", SHA2_512));              /* another key behind the changed name */
    assert_false(ok(&q, "ssh-rsa", "body", 2));
    assert_false(ok(&q, "ssh-ed25519", "body", 0));
    q.key_type = "rsa-sha2-256";
    assert_false(ok(&q, "ssh-rsa", "body", SHA2_512));
    q.algorithm = q.key_type = "ssh-rsa";
    assert_false(ok(&q, "ssh-rsa", "body", 0));                      /* SHA-1 */
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_signed), cmocka_unit_test(what_is_not) };
    return cmocka_run_group_tests_name("ssh_agent", tests, NULL, NULL);
}
