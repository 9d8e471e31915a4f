/* The parts of collecting that need no process: control messages, spools, host keys, the agent's rules, permission of a worker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/mem.h"
#include "base/path.h"
#include "collect/agent.h"
#include "collect/known_hosts.h"
#include "collect/spool.h"
#include "fact/control.h"
#include "fact/table_interfaces.h"
#include "worker/net_permit.h"

/* --- control ------------------------------------------------------------------------------------------------------------ */

static void test_control_round_trip(void **state)
{
    (void)state;
    int ends[2], pipes[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(pipe(pipes), 0);
    struct control_msg m, got;
    control_init(&m, CONTROL_START, 7);
    for (int i = 0; i < CONTROL_FD_EVIDENCE; i++)
        m.fd[i] = pipes[1];
    assert_int_equal(control_send(ends[0], &m), 0);
    assert_int_equal(control_recv(ends[1], &got), 1);
    assert_int_equal(got.kind, CONTROL_START);
    assert_int_equal(got.job, 7);
    assert_int_equal(got.fd[CONTROL_FD_EVIDENCE], -1);
    assert_true(got.fd[CONTROL_FD_JOB] > 2);
    assert_int_equal(fcntl(got.fd[CONTROL_FD_JOB], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    control_close_fds(&got);

    control_init(&m, CONTROL_EXIT, 0xffffffff);
    m.status = 139;
    m.cpu_us = INT64_C(5000000000);
    m.maxrss_kib = 12345;
    assert_int_equal(control_send(ends[1], &m), 0);
    assert_int_equal(control_recv(ends[0], &got), 1);
    assert_int_equal(got.kind, CONTROL_EXIT);
    assert_true(got.job == 0xffffffff && got.status == 139 && got.cpu_us == INT64_C(5000000000) && got.maxrss_kib == 12345);

    close(ends[1]);
    assert_int_equal(control_recv(ends[0], &got), 0);
    close(ends[0]);
    close(pipes[0]);
    close(pipes[1]);
}

/* A START without its descriptors, an EXIT with some, bytes of any other kind: none is taken, and no descriptor is left open. */
static void test_control_refuses(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    struct control_msg m, got;
    control_init(&m, CONTROL_START, 1);
    m.fd[CONTROL_FD_JOB] = ends[0];
    assert_int_equal(control_send(ends[0], &m), 0);
    assert_int_equal(control_recv(ends[1], &got), ERR_FORMAT);
    control_init(&m, CONTROL_EXIT, 1);
    m.fd[CONTROL_FD_JOB] = ends[0];
    assert_int_equal(control_send(ends[0], &m), 0);
    int next = dup(0);               /* the number that a leaked descriptor would have */
    close(next);
    assert_int_equal(control_recv(ends[1], &got), ERR_FORMAT);
    assert_int_equal(fcntl(next, F_GETFD), -1);
    const struct { const char *bytes; ssize_t len; } bad[] = { { "x", 1 }, { "\x09\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26 }, { "\4\0\0\0\1", 5 } };
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        assert_int_equal(send(ends[0], bad[i].bytes, (size_t)bad[i].len, 0), bad[i].len);
        assert_int_equal(control_recv(ends[1], &got), ERR_FORMAT);
    }
    close(ends[0]);
    close(ends[1]);
}

/* --- spool -------------------------------------------------------------------------------------------------------------- */

static size_t put(struct buf *b, int64_t i, size_t text)
{
    struct fact_row row;
    char *name = xmalloc(text + 1);
    memset(name, 'x', text);
    fact_row_init(&row, &fact_interfaces);
    fact_set_text(&row, INTERFACES_NAME, name, text);
    fact_set_int(&row, INTERFACES_IF_INDEX, i);
    buf_reset(b);
    frame_put_row(b, &row, NULL);
    free(name);
    return b->len;
}

struct counted { int64_t next, step, n; };

static int each(void *ctx, const struct frame *f)
{
    struct counted *c = ctx;
    struct fact_row row;
    char *other = NULL;
    assert_int_equal(frame_get_row(f, &row, &other), 0);
    assert_int_equal(row.v[INTERFACES_IF_INDEX].i, c->next);
    free(other);
    c->next += c->step;
    c->n++;
    return 0;
}

static void spool_through(int64_t n, size_t text, size_t expect_memory)
{
    struct spool s;
    struct buf b = BUF_INIT(FRAME_MAX);
    spool_init(&s, getenv("builddir"));
    for (int64_t i = 0; i < n; i++)
        assert_int_equal(spool_append(&s, i % 3 == 0 ? 0 : 1, b.data, put(&b, i, text)), 0);
    assert_true(spool_memory() <= expect_memory);
    struct counted zero = { .next = 0, .step = 3 };
    assert_int_equal(spool_each(&s, 0, each, &zero), 0);
    assert_int_equal(zero.n, (n + 2) / 3);
    struct counted none = { .next = 0, .step = 1 };
    assert_int_equal(spool_each(&s, 9, each, &none), 0);
    assert_int_equal(none.n, 0);
    spool_clear(&s);
    assert_int_equal(spool_memory(), 0);
    buf_clear(&b);
}

static void test_spool(void **state)
{
    (void)state;
    spool_through(10, 5, SPOOL_JOB_BYTES);
    spool_through(50000, 5, 0);      /* in the file */
    spool_through(40, 60000, 0);     /* frames that lie across the chunks of reading */
}

static void test_spool_needs_a_folder(void **state)
{
    (void)state;
    struct spool s;
    struct buf b = BUF_INIT(FRAME_MAX);
    int err = 0;
    spool_init(&s, "/nonexistent");
    put(&b, 1, 60000);
    int shown = dup(2), null = open("/dev/null", O_WRONLY);
    fflush(stderr);
    dup2(null, 2);
    for (int i = 0; i < 10 && err == 0; i++)
        err = spool_append(&s, 0, b.data, b.len);
    dup2(shown, 2);
    close(shown);
    close(null);
    assert_true(err < 0);
    spool_clear(&s);
    assert_int_equal(spool_memory(), 0);
    buf_clear(&b);
}

/* --- host keys ------------------------------------------------------------------------------------------------------------ */

static const char known[] =
    "# comment\n"
    "plain ssh-ed25519 AAAA\n"
    "[porty]:2222,second ssh-ed25519 AAAA\n"
    "@revoked gone ssh-ed25519 AAAA\n"
    "|1|AAECAwQFBgcICQoLDA0ODxAREhM=|fdLE3hXPaTAOXV+bPV77OkdsKnU= ssh-ed25519 AAAA\n";

static void test_known_hosts_names(void **state)
{
    (void)state;
    assert_true(known_hosts_names(known, "plain", 22));
    assert_false(known_hosts_names(known, "plain", 2222));
    assert_true(known_hosts_names(known, "porty", 2222));
    assert_false(known_hosts_names(known, "porty", 22));
    assert_true(known_hosts_names(known, "second", 22));
    assert_false(known_hosts_names(known, "gone", 22));
    assert_false(known_hosts_names(known, "ssh-ed25519", 22));
    assert_true(known_hosts_names(known, "hashed.example", 22));
    assert_false(known_hosts_names(known, "hashed.example", 23));
    assert_false(known_hosts_names("|1|x|y k", "x", 22));
    assert_false(known_hosts_names("", "x", 22));
}

static size_t ed25519(struct buf *b)
{
    buf_reset(b);
    buf_put_str(b, "ssh-ed25519");
    buf_put_bytes(b, "\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7", 32);
    return b->len;
}

static void test_known_hosts_add(void **state)
{
    (void)state;
    struct buf blob = BUF_INIT(1024), file = BUF_INIT(65536);
    char *dir = xasprintf("%s/known-hosts-%d", getenv("builddir"), (int)getpid());
    char *path = path_join(dir, "known_hosts");
    assert_int_equal(mkdir(dir, 0700), 0);
    ed25519(&blob);
    const uint8_t *bytes = (const uint8_t *)blob.data;
    assert_int_equal(known_hosts_add(dir, "10.0.0.1", 22, bytes, blob.len), 0);
    assert_int_equal(known_hosts_add(dir, "10.0.0.1", 22, bytes, blob.len), 0);      /* once */
    assert_int_equal(known_hosts_add(dir, "::1", 2222, bytes, blob.len), 0);
    assert_int_equal(known_hosts_add(dir, "a b", 22, bytes, blob.len), ERR_FORMAT);
    assert_int_equal(known_hosts_add(dir, "*", 22, bytes, blob.len), ERR_FORMAT);
    assert_int_equal(known_hosts_add(dir, "x", 22, (const uint8_t *)"\0\0\0\3a\nb....", 11), ERR_FORMAT);
    assert_int_equal(known_hosts_read(dir, &file), 0);
    assert_string_equal(buf_str(&file),
                        "[10.0.0.1]:22 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHAAECAwQFBgcAAQIDBAUGBwABAgMEBQYH\n"
                        "[::1]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHAAECAwQFBgcAAQIDBAUGBwABAgMEBQYH\n");
    assert_true(known_hosts_names(buf_str(&file), "10.0.0.1", 22));
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    char *fingerprint = key_fingerprint(bytes, blob.len);
    assert_string_equal(fingerprint, "SHA256:cWd8IZrSsotIzDProcwH+xQf93YaH2uEcMbDmNCnBPY");
    unlink(path);
    rmdir(dir);
    free(fingerprint);
    free(path);
    free(dir);
    buf_clear(&blob);
    buf_clear(&file);
}

/* --- the agent -------------------------------------------------------------------------------------------------------------- */

struct request { const char *session, *user, *service, *method, *algorithm, *key_type, *behind; uint8_t message, has_signature; uint32_t flags; bool other_key; };

static bool request_ok(const struct request *q)
{
    struct buf key = BUF_INIT(1024), other = BUF_INIT(1024), data = BUF_INIT(4096);
    buf_put_str(&key, q->key_type);
    buf_put_bytes(&key, "0123456789abcdef", 16);
    buf_put_str(&other, q->key_type);
    buf_put_bytes(&other, "0123456789abcdeX", 16);
    buf_put_str(&data, q->session);
    buf_put_u8(&data, q->message);
    buf_put_str(&data, q->user);
    buf_put_str(&data, q->service);
    buf_put_str(&data, q->method);
    buf_put_u8(&data, q->has_signature);
    buf_put_str(&data, q->algorithm);
    buf_put_bytes(&data, q->other_key ? other.data : key.data, key.len);
    buf_puts(&data, q->behind);
    bool ok = agent_request_ok((const uint8_t *)data.data, data.len, "audit", (const uint8_t *)key.data, key.len, q->flags);
    for (size_t cut = 0; cut < data.len && ok; cut++)
        assert_false(agent_request_ok((const uint8_t *)data.data, cut, "audit", (const uint8_t *)key.data, key.len, q->flags));
    buf_clear(&key);
    buf_clear(&other);
    buf_clear(&data);
    return ok;
}

static void test_agent_signs_logins_only(void **state)
{
    (void)state;
    const struct request good = { .session = "0123456789abcdef0123456789abcdef", .user = "audit", .service = "ssh-connection", .method = "publickey",
                                  .algorithm = "ssh-ed25519", .key_type = "ssh-ed25519", .behind = "", .message = 50, .has_signature = 1 };
    struct request q = good;
    assert_true(request_ok(&q));
    q = good; q.session = "short"; assert_false(request_ok(&q));
    q = good; q.user = "root"; assert_false(request_ok(&q));
    q = good; q.user = "audit2"; assert_false(request_ok(&q));
    q = good; q.service = "ssh-userauth"; assert_false(request_ok(&q));
    q = good; q.method = "password"; assert_false(request_ok(&q));
    q = good; q.message = 51; assert_false(request_ok(&q));
    q = good; q.has_signature = 0; assert_false(request_ok(&q));
    q = good; q.behind = "x"; assert_false(request_ok(&q));
    q = good; q.other_key = true; assert_false(request_ok(&q));
    q = good; q.algorithm = "ssh-rsa"; assert_false(request_ok(&q));
    q = good; q.flags = 2; assert_false(request_ok(&q));
    q = good; q.key_type = "ssh-rsa"; q.algorithm = "rsa-sha2-512"; q.flags = 4; assert_true(request_ok(&q));
    q.flags = 2; assert_false(request_ok(&q));
    q.algorithm = "rsa-sha2-256"; assert_true(request_ok(&q));
    q.algorithm = "ssh-rsa"; q.flags = 0; assert_false(request_ok(&q));      /* SHA-1 */
}

static void test_no_agent_has_no_keys(void **state)
{
    (void)state;
    struct agent_keys keys;
    agent_list("/nonexistent/agent", &keys);
    assert_int_equal(keys.n, 0);
    agent_list(NULL, &keys);
    assert_int_equal(keys.n, 0);
    struct buf out = BUF_INIT(100);
    assert_int_equal(agent_sign("/nonexistent/agent", (const uint8_t *)"k", 1, (const uint8_t *)"d", 1, 0, &out), ERR_NOT_FOUND);
}

/* --- permission of a worker ---------------------------------------------------------------------------------------------------- */

static void test_net_permit(void **state)
{
    (void)state;
    static const struct { const char *rules[4], *addr; enum net_verdict verdict; } cases[] = {
        { { NULL }, "10.0.0.1", NET_OUTSIDE },
        { { "+10.0.0.0/8" }, "10.0.0.1", NET_ALLOWED },
        { { "+10.0.0.0/8" }, "11.0.0.1", NET_OUTSIDE },
        { { "+10.0.0.0/8", "-10.0.3.0/24" }, "10.0.3.9", NET_NEVER },
        { { "-10.0.3.0/24", "+10.0.3.9/32" }, "10.0.3.9", NET_NEVER },           /* never wins, however narrow the other */
        { { "+10.0.0.0/8" }, "::ffff:10.0.0.1", NET_ALLOWED },
        { { "+::/0" }, "10.0.0.1", NET_OUTSIDE },
        { { "+0.0.0.0/0", "=10.1.0.0/16" }, "10.2.0.1", NET_NOT_FOR_CREDENTIAL },
        { { "+0.0.0.0/0", "=10.1.0.0/16", "=10.2.0.0/16" }, "10.2.0.1", NET_ALLOWED },
        { { "=10.2.0.0/16" }, "10.2.0.1", NET_OUTSIDE },                          /* it narrows, it allows nothing */
        { { "+0.0.0.0/0", "10.0.0.0/8" }, "10.0.0.1", NET_NEVER },                /* cannot be read: forbids */
        { { "+0.0.0.0/0", "-x" }, "10.0.0.1", NET_NEVER },
        { { "+0.0.0.0/0", "" }, "10.0.0.1", NET_NEVER },
    };
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct job *job = job_new();
        struct ip addr;
        for (size_t k = 0; k < 4; k++)
            job_add_str(job, "permit", cases[i].rules[k]);
        assert_true(ip_parse(cases[i].addr, &addr));
        enum net_verdict got = net_permit(job, &addr);
        if (got != cases[i].verdict)
            fail_msg("case %zu (%s): %d", i, cases[i].addr, (int)got);
        job_free(job);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_control_round_trip), cmocka_unit_test(test_control_refuses), cmocka_unit_test(test_spool), cmocka_unit_test(test_spool_needs_a_folder),
        cmocka_unit_test(test_known_hosts_names), cmocka_unit_test(test_known_hosts_add), cmocka_unit_test(test_agent_signs_logins_only),
        cmocka_unit_test(test_no_agent_has_no_keys), cmocka_unit_test(test_net_permit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
