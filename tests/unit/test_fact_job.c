/* A job there and back, and damaged on the way. */
#include "lib/cmocka_all.h"

#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/path.h"
#include "fact/job.h"

/* The linker sends free() and reallocarray() of the product here (--wrap): memory is looked at when it is given back. */
#define CANARY "canary-4711-secret"
static unsigned leaked;

void __real_free(void *p);
void *__real_reallocarray(void *p, size_t n, size_t size);
void __wrap_free(void *p);
void *__wrap_reallocarray(void *p, size_t n, size_t size);

static void look(void *p)
{
    if (p && memmem(p, malloc_usable_size(p), CANARY, sizeof CANARY - 1))
        leaked++;
}

void __wrap_free(void *p)
{
    look(p);
    __real_free(p);
}

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
    look(p);
    return __real_reallocarray(p, n, size);
}

static struct job *sample(void)
{
    struct job *j = job_new();

    job_add_str(j, "probe", "ssh");
    job_add_str(j, "permit", "+10.0.0.0/8");
    job_add_str(j, "permit", "-10.3.0.0/16");
    job_add_str(j, "nothing", NULL);
    job_add(j, "ssh.key", "pem\0with a NUL", 14);
    job_add_int(j, "port", 22);
    job_add_int(j, "low", INT64_MIN);
    job_add_str(j, "text", "22x");
    job_add_str(j, "empty", "");
    return j;
}

static void check_sample(const struct job *j)
{
    size_t cursor = 0, len;

    assert_string_equal(job_get(j, "probe"), "ssh");
    assert_null(job_get(j, "nothing"));
    assert_null(job_get(j, "prob"));
    assert_string_equal(job_get(j, "permit"), "+10.0.0.0/8");
    assert_string_equal(job_next(j, "permit", &cursor), "+10.0.0.0/8");
    assert_string_equal(job_next(j, "permit", &cursor), "-10.3.0.0/16");
    assert_null(job_next(j, "permit", &cursor));
    assert_null(job_next(j, "permit", &cursor));
    assert_memory_equal(job_get_bytes(j, "ssh.key", &len), "pem\0with a NUL", 15);   /* and a NUL behind it */
    assert_int_equal(len, 14);
    assert_null(job_get_bytes(j, "nothing", &len));
    assert_int_equal(len, 0);
    assert_int_equal(job_get_int(j, "port", 1), 22);
    assert_true(job_get_int(j, "low", 1) == INT64_MIN);
    assert_int_equal(job_get_int(j, "text", 7), 7);
    assert_int_equal(job_get_int(j, "nothing", 7), 7);
    assert_string_equal(job_get(j, "empty"), "");
}

static void test_round_trip(void **state)
{
    struct buf b = BUF_INIT(10000);
    struct job *j = sample(), *again = NULL;
    const char *before;

    (void)state;
    check_sample(j);
    buf_reserve(&b, 1);
    job_encode(j, &b);
    before = b.data;
    job_free(j);
    assert_int_equal(job_decode(b.data, b.len, &again), 0);
    assert_ptr_equal(before, b.data);
    check_sample(again);
    job_free(again);
    job_free(NULL);
    buf_wipe(&b);
}

/* Growing would leave copies of secrets in freed memory: the buffer is made once. */
static void test_encoded_at_once(void **state)
{
    struct buf b = BUF_INIT(1 << 20), small = BUF_INIT(20);
    struct job *j = job_new();
    size_t cap;

    (void)state;
    for (int i = 0; i < 100; i++)
        job_add_str(j, "secret", "0123456789012345678901234567890123456789");
    job_encode(j, &b);
    cap = 8 + 100 * (8 + 6 + 40) + 1;
    assert_int_equal(b.len, cap - 1);
    assert_int_equal(b.cap, cap);
    job_encode(j, &small);
    assert_true(small.overflow);
    buf_wipe(&small);
    buf_wipe(&b);
    job_free(j);
}

/* From a secret's file through a job to the worker's copy of it: nothing given back holds it. */
static void test_no_secret_in_freed_memory(void **state)
{
    char path[] = "test_fact_job.XXXXXX";
    struct buf file = BUF_INIT(1 << 20), wire = BUF_INIT(1 << 20);
    struct job *j = job_new(), *again = NULL;
    char *unwiped = xstrdup(CANARY), line[64];
    int fd = mkstemp(path);

    (void)state;
    free(unwiped);
    assert_int_equal(leaked, 1);             /* the test can see one */
    leaked = 0;
    assert_true(fd >= 0);
    for (int i = 0; i < 3000; i++) {
        int n = snprintf(line, sizeof line, "%d " CANARY "\n", i);
        assert_int_equal(fd_write_all(fd, line, (size_t)n), 0);
    }
    close(fd);
    assert_int_equal(file_read(path, 1 << 20, &file), 0);
    unlink(path);
    for (int i = 0; i < 100; i++)
        job_add(j, "ssh.key", file.data, i % 2 ? file.len : 20);
    buf_reset(&wire);
    job_encode(j, &wire);
    assert_true(wire.overflow);              /* too small: nothing was written at all */
    assert_int_equal(wire.len, 0);
    buf_wipe(&wire);
    buf_init(&wire, 16u << 20);
    job_encode(j, &wire);
    assert_int_equal(job_decode(wire.data, wire.len, &again), 0);
    job_free(again);
    assert_int_equal(job_decode(wire.data, wire.len - 1, &again), ERR_FORMAT);
    job_free(j);
    buf_wipe(&wire);
    buf_wipe(&file);
    assert_int_equal(leaked, 0);
    memset(line, 0, sizeof line);
}

static void test_damaged(void **state)
{
    struct buf b = BUF_INIT(10000);
    struct job *j = sample(), *again = NULL;

    (void)state;
    job_encode(j, &b);
    job_free(j);
    for (size_t len = 0; len < b.len; len++)
        assert_int_equal(job_decode(b.data, len, &again), ERR_FORMAT);
    buf_putc(&b, 'x');
    assert_int_equal(job_decode(b.data, b.len, &again), ERR_FORMAT);
    b.len--;
    b.data[0] = (char)(b.data[0] ^ 1);
    assert_int_equal(job_decode(b.data, b.len, &again), ERR_FORMAT);
    b.data[0] = (char)(b.data[0] ^ 1);
    memset(b.data + 4, 0xff, 4);
    assert_int_equal(job_decode(b.data, b.len, &again), ERR_FORMAT);
    assert_null(again);
    buf_wipe(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_encoded_at_once),
        cmocka_unit_test(test_no_secret_in_freed_memory),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
