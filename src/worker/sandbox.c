/* The lock. Runs in a worker (sandbox_warm() in the zygote). The order of the layers matters: no_new_privs allows the other two
 * without privilege, Landlock needs system calls that seccomp then takes away. */
#include "worker/sandbox.h"

#include "worker/ctx.h"

static bool locked;

bool sandbox_locked(void)
{
    return locked;
}

#ifdef PREOP_NO_SANDBOX

void sandbox_warm(void)
{
}

int sandbox_lock(struct probe_ctx *ctx, enum sandbox_profile profile)
{
    (void)profile;
    if (locked)
        return 0;
    if (job_get_int(ctx->job, "require_sandbox", 0) != 0) {
        probe_fail(ctx, REASON_SANDBOX, "this is a test build without the sandbox");
        return ERR_SANDBOX;
    }
    locked = true;
    ctx_sandbox(ctx, "none (test build)");
    return 0;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/mem.h"

/* --- Landlock: the constants and members that older kernel headers lack, by the ABI that brought them ------------------- */

struct landlock_attr { uint64_t handled_access_fs, handled_access_net, scoped; };

#define LANDLOCK_CREATE_RULESET 444  /* the same on every architecture */
#define LANDLOCK_RESTRICT_SELF 446
#define LANDLOCK_VERSION 1U

static const struct { int abi; struct landlock_attr adds; } landlock_abis[] = {
    { 1, { .handled_access_fs = 0x1fff } },              /* execute to make-symlink: 13 rights */
    { 2, { .handled_access_fs = 1U << 13 } },            /* refer */
    { 3, { .handled_access_fs = 1U << 14 } },            /* truncate */
    { 4, { .handled_access_net = 3 } },                  /* TCP bind and connect */
    { 5, { .handled_access_fs = 1U << 15 } },            /* ioctl on devices */
    { 6, { .scoped = 3 } },                              /* abstract UNIX sockets and signals to others */
};

/* An empty rule set over everything that this kernel knows. The ABI reached, 0 for none. */
static int landlock_lock(void)
{
    long abi = syscall(LANDLOCK_CREATE_RULESET, NULL, (size_t)0, LANDLOCK_VERSION);
    if (abi < 1)
        return 0;
    struct landlock_attr attr = { 0, 0, 0 };
    for (size_t i = 0; i < N_ELEMENTS(landlock_abis) && landlock_abis[i].abi <= abi; i++) {
        attr.handled_access_fs |= landlock_abis[i].adds.handled_access_fs;
        attr.handled_access_net |= landlock_abis[i].adds.handled_access_net;
        attr.scoped |= landlock_abis[i].adds.scoped;
    }
    size_t known = abi >= 6 ? sizeof attr : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
    int rules = (int)syscall(LANDLOCK_CREATE_RULESET, &attr, known, 0U);
    if (rules < 0)
        return 0;
    long done = syscall(LANDLOCK_RESTRICT_SELF, rules, 0U);
    close(rules);
    return done == 0 ? (int)abi : 0;
}

/* --- seccomp ---------------------------------------------------------------------------------------------------------- */

/* What every locked worker needs: memory, time, randomness, waiting, its pipes, and to end. None of it reaches another
 * process, a file or a new peer. */
static const int for_all[] = {
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(lseek),
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(restart_syscall),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
    SCMP_SYS(getrusage), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(exit), SCMP_SYS(exit_group),
};
static const int for_sockets[] = {
    SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(getsockopt), SCMP_SYS(shutdown),
};
static const int for_files[] = { SCMP_SYS(pread64), SCMP_SYS(preadv), SCMP_SYS(fadvise64) };

/* Libraries try these and cope with a refusal; anything else that is not allowed ends the process. */
static const int refused[] = {
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(setsockopt),
};

static int add_all(scmp_filter_ctx f, uint32_t action, const int *calls, size_t n)
{
    int err = 0;
    for (size_t i = 0; i < n && err == 0; i++)
        if (calls[i] >= 0)                               /* negative: this architecture has no such call */
            err = seccomp_rule_add_array(f, action, calls[i], 0, NULL);
    return err;
}

static struct scmp_arg_cmp arg_is(unsigned arg, uint64_t value)
{
    return (struct scmp_arg_cmp){ .arg = arg, .op = SCMP_CMP_EQ, .datum_a = value };
}

static int allow_if(scmp_filter_ctx f, int call, struct scmp_arg_cmp condition)
{
    return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, call, 1, &condition);
}

/* Calls that are harmless with some arguments only. */
static int add_conditional(scmp_filter_ctx f, enum sandbox_profile profile)
{
    int err = 0;
    const struct scmp_arg_cmp no_exec = { .arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0 };
    const int maps[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
    for (size_t i = 0; i < N_ELEMENTS(maps) && err == 0; i++)        /* no new code */
        err = allow_if(f, maps[i], no_exec);
    const int fcntls[] = { F_GETFL, F_SETFL, F_GETFD, F_SETFD };     /* not F_SETOWN: it sends signals to others */
    for (size_t i = 0; i < N_ELEMENTS(fcntls) && err == 0; i++)
        err = allow_if(f, SCMP_SYS(fcntl), arg_is(1, (uint64_t)fcntls[i]));
    const uint64_t ioctls[] = { FIONBIO, FIONREAD, TCGETS };
    for (size_t i = 0; i < N_ELEMENTS(ioctls) && err == 0; i++)
        err = allow_if(f, SCMP_SYS(ioctl), arg_is(1, ioctls[i]));
    const struct scmp_arg_cmp own_limits[] = { arg_is(0, 0), arg_is(2, 0) };         /* reading them only */
    if (err == 0)
        err = seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), N_ELEMENTS(own_limits), own_limits);
    if (err == 0 && profile != SANDBOX_FILE)                         /* without an address: to the connected peer only */
        err = allow_if(f, SCMP_SYS(sendto), arg_is(4, 0));
    if (err == 0 && profile == SANDBOX_STREAM)                       /* it may carry an address, which a stream ignores */
        err = seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(sendmsg), 0, NULL);
    return err;
}

static int add_rules(scmp_filter_ctx f, enum sandbox_profile profile)
{
    int err = seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (err == 0)
        err = add_all(f, SCMP_ACT_ALLOW, for_all, N_ELEMENTS(for_all));
    if (err == 0 && profile == SANDBOX_FILE)
        err = add_all(f, SCMP_ACT_ALLOW, for_files, N_ELEMENTS(for_files));
    if (err == 0 && profile != SANDBOX_FILE)
        err = add_all(f, SCMP_ACT_ALLOW, for_sockets, N_ELEMENTS(for_sockets));
    if (err == 0)
        err = add_all(f, SCMP_ACT_ERRNO(EACCES), refused, N_ELEMENTS(refused));
    return err == 0 ? add_conditional(f, profile) : err;
}

/* The filter as the kernel takes it. Compiled once in the zygote, so that a worker pays for one prctl() only. */
static struct { struct sock_filter *code; unsigned short len; } programs[SANDBOX_FILE + 1];

static int program_export(scmp_filter_ctx f, enum sandbox_profile profile)
{
    int fd = memfd_create("preop-filter", MFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    int err = seccomp_export_bpf(f, fd);
    off_t size = err == 0 ? lseek(fd, 0, SEEK_END) : -1;
    struct sock_filter *code = NULL;
    if (size > 0 && (size_t)size / sizeof *code <= BPF_MAXINSNS) {
        code = xmalloc((size_t)size);
        if (pread(fd, code, (size_t)size, 0) != size) {
            free(code);
            code = NULL;
        }
    }
    close(fd);
    if (code == NULL)
        return err != 0 ? err : ERR_INTERNAL;
    programs[profile].code = code;
    programs[profile].len = (unsigned short)((size_t)size / sizeof *code);
    return 0;
}

static int program_make(enum sandbox_profile profile)
{
    if (programs[profile].code != NULL)
        return 0;
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (f == NULL)
        return ERR_INTERNAL;
    int err = add_rules(f, profile);
    if (err == 0)
        err = program_export(f, profile);
    seccomp_release(f);
    return err;
}

void sandbox_warm(void)
{
    for (int p = SANDBOX_STREAM; p <= SANDBOX_FILE; p++)
        if (program_make((enum sandbox_profile)p) != 0)
            return;                                      /* the worker tries again, and says so */
}

static bool seccomp_lock(enum sandbox_profile profile)
{
    if (program_make(profile) != 0)
        return false;
    struct sock_fprog program = { .len = programs[profile].len, .filter = programs[profile].code };
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* --- together --------------------------------------------------------------------------------------------------------- */

int sandbox_lock(struct probe_ctx *ctx, enum sandbox_profile profile)
{
    if (locked)
        return 0;
    bool nnp = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    int abi = nnp ? landlock_lock() : 0;
    bool filter = nnp && seccomp_lock(profile);
    if ((abi == 0 || !filter) && job_get_int(ctx->job, "require_sandbox", 0) != 0) {
        probe_fail(ctx, REASON_SANDBOX, "this kernel lacks %s", !filter ? "seccomp filters" : "Landlock");
        return ERR_SANDBOX;
    }
    locked = true;
    char level[64], landlock[24] = "";
    if (abi > 0)
        snprintf(landlock, sizeof landlock, "+landlock%d", abi);
    snprintf(level, sizeof level, "%s%s%s", nnp ? "nnp" : "none", landlock, filter ? "+seccomp" : "");
    ctx_sandbox(ctx, level);
    return 0;
}

#endif
