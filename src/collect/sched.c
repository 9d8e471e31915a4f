/* The scheduler's loop. Parent only. Nothing that a worker or the zygote does may block it: every descriptor is non-blocking, every job has
 * a deadline after which it is killed, and a job ends with the death of its process, however its pipe looks. */
#include "collect/sched.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "collect/zygote_client.h"
#include "fact/control.h"

#define DEFAULT_JOBS 8
#define FAST_JOBS_PER_CPU 64
#define FAST_JOBS_MAX 256
#define GRACE_MS 2000
#define TICK_MS 100
#define RETRY_MS 10                  /* when the control socket is full */
#define CHUNK_BYTES (64 * 1024)
#define CHUNKS_AT_ONCE 8             /* of one job, before others have their turn */
#define EVENTS_MAX 64
#define EVENT_CONTROL UINT64_C(0xffffffff00000000)
#define EVENT_SIGNAL UINT64_C(0xffffffff00000001)

struct sched {
    struct zygote *z;
    struct jobrun *jobs;
    size_t n, first, n_running, n_done, max_running;     /* jobs before first are done or running; watches are counted apart */
    size_t n_watching, max_watching, n_watches_done;
    const struct sched_ops *ops;
    int epoll, signals, pace, null;
    bool stopping, full;             /* full: the control socket or our descriptors are */
    int64_t began_ms, kill_at_ms, ticked_ms;
    bool changed;
    int err;
    uint8_t chunk[CHUNK_BYTES];
};

size_t sched_limit(int asked, bool fast)
{
    size_t want = asked > 0 ? (size_t)asked : DEFAULT_JOBS;
    if (asked <= 0 && fast) {
        long cpus = sysconf(_SC_NPROCESSORS_ONLN);
        want = (size_t)(cpus > 0 ? cpus : 1) * FAST_JOBS_PER_CPU;
        want = want < FAST_JOBS_MAX ? want : FAST_JOBS_MAX;
    }
    if (!fast && want > PACE_PER_SECOND)         /* more could not keep to the shared rate */
        want = PACE_PER_SECOND;
    struct rlimit files = { 0, 0 };
    size_t room = 1;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > 64 + 2)
        room = (size_t)(files.rlim_cur - 64) / 2;
    return want < room ? want : room;
}

static int epoll_watch(struct sched *s, int fd, uint64_t what)
{
    struct epoll_event e = { .events = EPOLLIN, .data.u64 = what };
    return epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &e) == 0 ? 0 : -errno;
}

/* --- starting --------------------------------------------------------------------------------------------------------- */

/* The job's bytes in a sealed file of no name: the worker can read them, and nobody can change them. */
static int job_memfd(const struct job *job)
{
    struct buf bytes = BUF_INIT(16 * 1024 * 1024);
    job_encode(job, &bytes);
    int fd = memfd_create("preop-job", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    int err = fd < 0 ? -errno : bytes.overflow ? ERR_LIMIT : fd_write_all(fd, bytes.data, bytes.len);
    if (err == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
        err = -errno;
    buf_wipe(&bytes);
    if (err == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return err;
}

static int pace_memfd(void)
{
    int fd = memfd_create("preop-pace", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -errno;
    if (ftruncate(fd, sizeof(struct pace_page)) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
        int err = -errno;
        close(fd);
        return err;
    }
    return fd;
}

static void job_over(struct sched *s, struct jobrun *j)
{
    if (j->phase == JOB_RUNNING)
        --*(j->item->watch ? &s->n_watching : &s->n_running);
    if (j->frames_fd >= 0)
        close(j->frames_fd);
    if (j->answers_fd >= 0)
        close(j->answers_fd);
    j->frames_fd = j->answers_fd = -1;
    j->phase = JOB_DONE;
    j->finished = clock_now();
    if (j->started == 0)
        j->started = j->finished;
    j->ms = j->started_ms == 0 ? 0 : clock_mono_ms() - j->started_ms;
    jobrun_settle(j);
    bool keep = false;
    int err = s->ops->done(s->ops->ctx, j, &keep);
    if (err < 0 && s->err == 0)
        s->err = err;
    if (!keep) {
        jobrun_clear(j);
        j->phase = JOB_DONE;
    }
    s->n_done++;
    s->n_watches_done += j->item->watch;
    s->changed = true;
}

/* The descriptors of one START: what the worker gets in m, what we keep in j. */
static int job_pipes(struct sched *s, struct jobrun *j, const struct job *job, int evidence_fd, struct control_msg *m)
{
    int frames[2], answers[2];
    m->fd[CONTROL_FD_EVIDENCE] = evidence_fd;
    m->fd[CONTROL_FD_JOB] = job_memfd(job);
    if (m->fd[CONTROL_FD_JOB] < 0)
        return m->fd[CONTROL_FD_JOB];
    if (pipe2(frames, O_CLOEXEC) != 0)
        return -errno;
    j->frames_fd = frames[0];
    m->fd[CONTROL_FD_FRAMES] = frames[1];
    if (j->item->watch || job_get(job, "ssh.agent_key") != NULL) {       /* these are ever answered, or told to end by its closing */
        if (pipe2(answers, O_CLOEXEC) != 0)
            return -errno;
        j->answers_fd = answers[1];
        m->fd[CONTROL_FD_ANSWERS] = answers[0];
    }
    if (fcntl(j->frames_fd, F_SETFL, O_NONBLOCK) != 0 || (j->answers_fd >= 0 && fcntl(j->answers_fd, F_SETFL, O_NONBLOCK) != 0))
        return -errno;
    return epoll_watch(s, j->frames_fd, (uint64_t)(j - s->jobs));
}

static void job_send(struct sched *s, struct jobrun *j, const struct job *job, int evidence_fd)
{
    struct control_msg m;
    control_init(&m, CONTROL_START, (uint32_t)(j - s->jobs) + 1);
    int err = job_pipes(s, j, job, evidence_fd, &m);
    if (err == 0) {
        struct control_msg with = m;
        with.fd[CONTROL_FD_PACE] = s->pace;
        if (with.fd[CONTROL_FD_ANSWERS] < 0)
            with.fd[CONTROL_FD_ANSWERS] = s->null;
        err = control_send(zygote_fd(s->z), &with);
    }
    control_close_fds(&m);
    j->id = (uint32_t)(j - s->jobs) + 1;
    j->started = clock_now();
    j->started_ms = clock_mono_ms();
    j->deadline_ms = j->started_ms + j->allowed_ms;
    j->phase = JOB_RUNNING;
    ++*(j->item->watch ? &s->n_watching : &s->n_running);
    if (err == 0 || err == -EPIPE || err == -ECONNRESET)
        return;                      /* a dead zygote is met in the loop, for all its jobs at once */
    jobrun_break(j, REASON_INTERNAL, "the worker could not be started: %s", err_text(err));
    job_over(s, j);
}

/* Starts one job if one can be; false when nothing more can be done now. */
static bool start_one(struct sched *s)
{
    for (size_t i = s->first; i < s->n; i++) {
        struct jobrun *j = &s->jobs[i];
        if (j->phase != JOB_WAITING) {
            if (i == s->first)
                s->first++;
            continue;
        }
        if (j->item->watch ? s->n_watching >= s->max_watching : s->n_running >= s->max_running)
            continue;
        struct job *job = NULL;
        int evidence_fd = -1;
        enum sched_verdict v = s->ops->build(s->ops->ctx, j, &job, &evidence_fd);
        if (v == SCHED_LATER)
            continue;
        if (v == SCHED_START)
            job_send(s, j, job, evidence_fd);
        else
            job_over(s, j);
        job_free(job);
        return true;
    }
    return false;
}

static void start_some(struct sched *s)
{
    s->full = false;
    while (!s->stopping && s->err == 0) {
        struct pollfd writable = { .fd = zygote_fd(s->z), .events = POLLOUT };
        if (poll(&writable, 1, 0) != 1 || (writable.revents & POLLOUT) == 0) {
            s->full = true;
            return;
        }
        if (!start_one(s))
            return;
    }
}

/* --- ending ----------------------------------------------------------------------------------------------------------- */

static void job_close_frames(struct jobrun *j)
{
    if (j->frames_fd >= 0)
        close(j->frames_fd);         /* leaves the epoll set by that */
    j->frames_fd = -1;
    j->eof = true;
}

/* Reads what is there, at most a few chunks. */
static void job_read(struct sched *s, struct jobrun *j, int chunks)
{
    for (int i = 0; i < chunks && j->frames_fd >= 0; i++) {
        ssize_t n = read(j->frames_fd, s->chunk, sizeof s->chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            job_close_frames(j);
            return;
        }
        jobrun_feed(j, s->chunk, (size_t)n, &s->ops->frames, s->ops->ctx);
        s->changed = true;
        if (j->broken != REASON_NONE)
            job_close_frames(j);
    }
}

static void job_exited(struct sched *s, const struct control_msg *m)
{
    if (m->job < 1 || m->job > s->n || s->jobs[m->job - 1].phase != JOB_RUNNING)
        return;
    struct jobrun *j = &s->jobs[m->job - 1];
    j->exited = true;
    j->status = m->status;
    j->cpu_us = m->cpu_us;
    j->maxrss_kib = m->maxrss_kib;
    job_read(s, j, 1024);            /* the pipe holds what it holds: nobody writes any more */
    job_over(s, j);
}

static void zygote_died(struct sched *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct jobrun *j = &s->jobs[i];
        if (j->phase != JOB_RUNNING)
            continue;
        jobrun_break(j, REASON_INTERNAL, "the process that runs workers ended");
        job_over(s, j);
    }
    int err = zygote_restart(s->z);
    if (err == 0)
        err = epoll_watch(s, zygote_fd(s->z), EVENT_CONTROL);
    if (err != 0 && s->err == 0)
        s->err = err;
}

static void control_read(struct sched *s)
{
    for (;;) {
        struct control_msg m;
        int got = control_recv(zygote_fd(s->z), &m);
        if (got == -EAGAIN)
            return;
        if (got <= 0) {
            zygote_died(s);
            return;
        }
        if (m.kind == CONTROL_EXIT)
            job_exited(s, &m);
        control_close_fds(&m);
    }
}

/* Watches emit what they have, and end. */
static void watches_end(struct sched *s)
{
    for (size_t i = 0, seen = 0; i < s->n && seen < s->n_watching; i++) {
        struct jobrun *j = &s->jobs[i];
        if (j->phase != JOB_RUNNING || !j->item->watch)
            continue;
        seen++;
        if (j->answers_fd >= 0)
            close(j->answers_fd);
        j->answers_fd = -1;
        j->hung_up = true;
    }
}

static void signal_read(struct sched *s)
{
    struct signalfd_siginfo info;
    while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        s->kill_at_ms = clock_mono_ms() + (s->stopping ? 0 : GRACE_MS);
        s->stopping = true;
        s->changed = true;
        watches_end(s);
    }
}

/* Breaks what is past its time, and sends the kills that are due. */
static void keep_deadlines(struct sched *s)
{
    int64_t now = clock_mono_ms();
    for (size_t i = 0, seen = 0; i < s->n && seen < s->n_running + s->n_watching; i++) {
        struct jobrun *j = &s->jobs[i];
        if (j->phase != JOB_RUNNING)
            continue;
        seen++;
        if ((s->stopping && now >= s->kill_at_ms) || s->err != 0)
            jobrun_break(j, REASON_INTERRUPTED, "interrupted before it ended");
        else if (now >= j->deadline_ms)
            jobrun_break(j, REASON_TIMEOUT, "not done after %lld s", (long long)(j->allowed_ms / 1000));
        if (j->broken == REASON_NONE || j->killed)
            continue;
        job_close_frames(j);
        struct control_msg m;
        control_init(&m, CONTROL_KILL, j->id);
        int err = control_send(zygote_fd(s->z), &m);
        j->killed = err == 0;
        s->full = s->full || err == -EAGAIN;
    }
}

/* --- the loop --------------------------------------------------------------------------------------------------------- */

static int64_t wait_ms(const struct sched *s)
{
    int64_t now = clock_mono_ms(), next = now + 1000;
    if (s->full)
        next = now + RETRY_MS;
    else if (s->ops->tick != NULL && s->changed)
        next = now + TICK_MS;
    if (s->stopping && s->kill_at_ms < next && s->kill_at_ms > now)
        next = s->kill_at_ms;
    for (size_t i = 0, seen = 0; i < s->n && seen < s->n_running + s->n_watching; i++) {
        if (s->jobs[i].phase != JOB_RUNNING)
            continue;
        seen++;
        if (s->jobs[i].deadline_ms < next && !s->jobs[i].killed)
            next = s->jobs[i].deadline_ms;
    }
    return next > now ? next - now : 0;
}

/* How long it may take still: what is read once by what was read so far, watches by their length. */
static int64_t left_ms(const struct sched *s, int64_t now)
{
    int64_t left = -1;
    size_t done = s->n_done - s->n_watches_done, watches = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct jobrun *j = &s->jobs[i];
        watches += j->item->watch;
        if (j->phase == JOB_RUNNING && j->item->watch && j->started_ms + j->watch_ms - now > left)
            left = j->started_ms + j->watch_ms - now;
    }
    int64_t rest = done > 0 ? (now - s->began_ms) * (int64_t)(s->n - watches - done) / (int64_t)done : -1;
    return rest > left ? rest : left;
}

static void tick(struct sched *s, bool last)
{
    int64_t now = clock_mono_ms();
    bool due = s->changed || (s->n_watching > 0 && now - s->ticked_ms >= 1000);      /* the time left changes by itself */
    if (s->ops->tick == NULL || !due || (!last && now - s->ticked_ms < TICK_MS))
        return;
    s->ops->tick(s->ops->ctx, s->n_done, s->n, s->n_watching, left_ms(s, now));
    s->ticked_ms = now;
    s->changed = false;
}

static void step(struct sched *s)
{
    struct epoll_event events[EVENTS_MAX];
    int n = epoll_wait(s->epoll, events, EVENTS_MAX, (int)wait_ms(s));
    bool control = false;
    for (int i = 0; i < n; i++) {
        uint64_t what = events[i].data.u64;
        if (what == EVENT_CONTROL)
            control = true;          /* last: it may end jobs whose events stand here */
        else if (what == EVENT_SIGNAL)
            signal_read(s);
        else if (what < s->n && s->jobs[what].phase == JOB_RUNNING)
            job_read(s, &s->jobs[what], CHUNKS_AT_ONCE);
    }
    if (control)
        control_read(s);
    keep_deadlines(s);
    tick(s, false);
}

static int sched_open(struct sched *s, sigset_t *old)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigprocmask(SIG_BLOCK, &stops, old);
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->signals = signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
    s->null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (s->epoll < 0 || s->signals < 0 || s->null < 0)
        return -errno;
    s->pace = pace_memfd();
    if (s->pace < 0)
        return s->pace;
    int err = epoll_watch(s, s->signals, EVENT_SIGNAL);
    return err != 0 ? err : epoll_watch(s, zygote_fd(s->z), EVENT_CONTROL);
}

static void sched_close(struct sched *s, const sigset_t *old)
{
    const int fds[] = { s->epoll, s->signals, s->null, s->pace };
    for (size_t i = 0; i < N_ELEMENTS(fds); i++)
        if (fds[i] >= 0)
            close(fds[i]);
    sigprocmask(SIG_SETMASK, old, NULL);
}

int sched_run(struct zygote *z, struct jobrun *jobs, size_t n, size_t max_running, const struct sched_ops *ops, bool *interrupted)
{
    struct sched *s = xcalloc(1, sizeof *s);
    *s = (struct sched){ .z = z, .jobs = jobs, .n = n, .max_running = max_running, .ops = ops, .epoll = -1, .signals = -1, .pace = -1, .null = -1,
                         .began_ms = clock_mono_ms(), .changed = true };
    sigset_t old;
    s->err = sched_open(s, &old);
    size_t room = sched_limit(INT_MAX, true);
    s->max_watching = room > max_running ? room - max_running : 1;
    if (s->err != 0)
        log_error("cannot schedule jobs: %s", err_text(s->err));
    while (s->err == 0 || s->n_running + s->n_watching > 0) {
        start_some(s);
        if (s->n_running + s->n_watching == 0 && !s->full)
            break;
        step(s);
    }
    tick(s, true);
    if (s->signals >= 0)
        signal_read(s);              /* a Ctrl-C of the last moment, or one too many, must not end us before all is stored */
    sched_close(s, &old);
    int err = s->err;
    *interrupted = s->stopping;
    free(s);
    return err;
}
