/* What the evaluation child answers, as the parent reads it: the child runs what strangers wrote, so nothing of it is believed. The same bytes are tried as a job. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checklist/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECKS 3
#define TARGETS 2

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void look(const struct answer *a)
{
    must(a->kind >= ANSWER_BEGIN && a->kind <= ANSWER_END);
    must(a->kind == ANSWER_BEGIN || a->kind == ANSWER_END || a->check < CHECKS);
    must(a->target < TARGETS || a->target == EVAL_SITE);
    must(a->pass >= 0 && a->fail >= 0 && a->unknown >= 0);
    must(a->verdict <= VERDICT_UNKNOWN && a->why < WHY_COUNT && a->severity < SEVERITY_COUNT && a->method < METHOD_COUNT);
    must(a->text_len == 0 || text_is_utf8(a->text, a->text_len));
    must(a->kind != ANSWER_SUBJECT || (text_is_utf8(a->subject, a->subject_len) && a->subject_len > 0 && text_is_utf8(a->evidence, a->evidence_len)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eval_job *job = NULL;
    struct answer a;
    size_t at = 0, used = 0;
    while (answer_next(data + at, size - at, CHECKS, TARGETS, &a, &used) == 1) {
        must(used > 0 && used <= size - at);
        look(&a);
        at += used;
    }
    if (eval_job_decode(data, size, &job) == 0) {
        struct buf again = BUF_INIT(EVAL_JOB_MAX);
        eval_job_encode(job, &again);
        must(!again.overflow);
        buf_clear(&again);
    }
    eval_job_free(job);
    return 0;
}
