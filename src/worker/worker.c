/* A worker from its first instruction to its last. It trusts the job (the parent wrote it), and is itself trusted by nobody once it has
 * read from the target. It never returns: its memory holds a credential. */
#include "worker/worker.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "worker/ctx.h"
#include "worker/sandbox.h"

#define JOB_MAX (16 * 1024 * 1024)
#define MEMORY_MAX (512UL * 1024 * 1024)
#define MEMORY_FILE_MAX (1024UL * 1024)      /* of a memfd, before the lock: a certificate for libldap, a filter for the kernel */

static void limit(int resource, rlim_t value)
{
    struct rlimit r = { .rlim_cur = value, .rlim_max = value };
    if (setrlimit((__rlimit_resource_t)resource, &r) != 0)
        _exit(1);
}

/* No core, no debugger, no large file, and no more memory than any honest job needs. */
static void limits(void)
{
    limit(RLIMIT_CORE, 0);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        _exit(1);
#ifndef PREOP_NO_SANDBOX                                 /* sanitizers reserve terabytes, and coverage writes files */
    limit(RLIMIT_FSIZE, MEMORY_FILE_MAX);
    limit(RLIMIT_DATA, MEMORY_MAX);
#endif
    signal(SIGPIPE, SIG_IGN);
}

static struct job *job_read(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size <= 0 || st.st_size > JOB_MAX)
        return NULL;
    size_t size = (size_t)st.st_size, have = 0;
    unsigned char *bytes = xmalloc(size);
    while (have < size) {
        ssize_t n = pread(fd, bytes + have, size - have, (off_t)have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        have += (size_t)n;
    }
    struct job *job = NULL;
    if (have == size && job_decode(bytes, size, &job) != 0)
        job = NULL;
    explicit_bzero(bytes, size);
    free(bytes);
    return job;
}

/* The page stays mapped; its descriptor goes before the target is met. */
static void pace_map(struct probe_ctx *ctx, int fd)
{
    if (fd < 0)
        return;
    if (job_get_int(ctx->job, "fast", 0) == 0) {
        void *page = mmap(NULL, sizeof(struct pace_page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        ctx->pace = page == MAP_FAILED ? NULL : page;
        if (ctx->pace == NULL)
            _exit(1);                                    /* rather nothing than impolite */
    }
    close(fd);
}

void worker_main(int job_fd, int out_fd, int in_fd, int pace_fd, int evidence_fd)
{
    limits();
    struct job *job = job_read(job_fd);
    close(job_fd);
    if (job == NULL)
        _exit(1);
    const char *name = job_get(job, "probe");
    const struct probe *probe = name == NULL ? NULL : probe_find(name);
    struct probe_ctx ctx;
    ctx_init(&ctx, job, out_fd, in_fd, evidence_fd);
    pace_map(&ctx, pace_fd);
    int rc = ERR_NOT_FOUND;
    if (probe != NULL)
        rc = probe->collect(&ctx);
    ctx_finish(&ctx, rc);
    job_free(job);
    _exit(0);
}
