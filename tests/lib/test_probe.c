/* Probes that misbehave on command. They run in a worker, and use what a worker has, not only what a probe may. */
#include "lib/test_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <netinet/in.h>
#include <unistd.h>
#include "base/mem.h"
#include "fact/frame.h"
#include "fact/table_devices.h"
#include "fact/table_interfaces.h"
#include "worker/ctx.h"
#include "worker/net.h"
#include "worker/sandbox.h"
#include "worker/worker.h"

static const char *argument(const char *act)
{
    const char *colon = strchr(act, ':');
    return colon == NULL ? "" : colon + 1;
}

static long number(const char *act, long otherwise)
{
    const char *arg = argument(act);
    return *arg == '\0' ? otherwise : strtol(arg, NULL, 10);
}

static bool lock(struct probe_ctx *ctx)
{
    return sandbox_lock(ctx, SANDBOX_STREAM) == 0;
}

static void one_row(struct probe_ctx *ctx, const char *target, long i)
{
    char name[32];
    struct fact_row row;
    snprintf(name, sizeof name, "Gi%06ld", i);
    fact_row_init(&row, &fact_interfaces);
    fact_set_str(&row, INTERFACES_NAME, name);
    fact_set_int(&row, INTERFACES_IF_INDEX, i);
    fact_set_int(&row, INTERFACES_SPEED_MBPS, 1000);
    if (target == NULL)
        probe_emit(ctx, &row);
    else
        probe_emit_at(ctx, target, &row);
}

static void one_device(struct probe_ctx *ctx)
{
    struct fact_row row;
    fact_row_init(&row, &fact_devices);
    fact_set_str(&row, DEVICES_SYS_NAME, "sw1");
    probe_emit(ctx, &row);
}

static void rows(struct probe_ctx *ctx, long n)
{
    if (!lock(ctx))
        return;
    for (long i = 1; i <= n; i++)
        one_row(ctx, NULL, i);
    one_device(ctx);
}

static void hang(void) __attribute__((noreturn));
static void hang(void)
{
    for (;;)
        poll(NULL, 0, 1000);
}

static void raw(struct probe_ctx *ctx, const void *p, size_t len)
{
    buf_append(&ctx->out, p, len);
    ctx_flush(ctx);
}

/* --- breaking the rules of frames ------------------------------------------------------------------------------------------ */

static void act_frames(struct probe_ctx *ctx, const char *act)
{
    struct buf b = BUF_INIT(4 * FRAME_MAX);
    if (strcmp(act, "frames:garbage") == 0) {
        raw(ctx, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    } else if (strcmp(act, "frames:cut") == 0) {
        raw(ctx, "\0\0\0\x40\x01", 5);
        _exit(0);
    } else if (strcmp(act, "frames:silent") == 0) {
        _exit(0);
    } else if (strcmp(act, "frames:after-end") == 0) {
        ctx_finish(ctx, 0);
        frame_put_end(&b);
        raw(ctx, b.data, b.len);
        _exit(0);
    } else if (strcmp(act, "frames:unlocked-row") == 0 || strcmp(act, "frames:foreign-row") == 0) {
        struct fact_row row;
        fact_row_init(&row, &fact_interfaces);
        fact_set_str(&row, INTERFACES_NAME, "Gi1");
        if (act[7] == 'f' && !lock(ctx))
            return;
        frame_put_row(&b, &row, act[7] == 'f' ? "no-such-target" : NULL);
        raw(ctx, b.data, b.len);
    } else if (strcmp(act, "frames:crash-after-end") == 0) {
        rows(ctx, TEST_ROWS);
        ctx_finish(ctx, 0);
        raise(SIGSEGV);
        _exit(9);
    } else if (strcmp(act, "frames:wrong-state") == 0) {
        struct frame_table_state s = { .table = &fact_devices, .state = STATE_FAILED, .reason = REASON_CRASHED };
        s.detail = xstrdup("I say so");
        frame_put_table_state(&b, &s);
        raw(ctx, b.data, b.len);
        frame_table_state_clear(&s);
    }
    buf_clear(&b);
}

static void act_flood(struct probe_ctx *ctx, const char *what)
{
    struct buf b = BUF_INIT(1024 * 1024);
    struct fact_row row;
    if (!lock(ctx))
        return;
    fact_row_init(&row, &fact_interfaces);
    fact_set_str(&row, INTERFACES_NAME, "Gi1");
    struct frame_asked asked = { .at_ms = 1 };
    asked.to = xstrdup("x");
    asked.what = xstrdup("y");
    while (b.len < 65536) {
        if (strcmp(what, "rows") == 0)
            frame_put_row(&b, &row, NULL);
        else if (strcmp(what, "notes") == 0)
            frame_put_note(&b, &fact_devices, "again");
        else
            frame_put_asked(&b, &asked);
    }
    for (;;)
        raw(ctx, b.data, b.len);
}

/* --- what a locked worker must not be able to do ----------------------------------------------------------------------------- */

static long forbidden(const char *what, struct probe_ctx *ctx)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    static const struct { const char *name; long call; long a, b, c, d, e; } calls[] = {
        { "socket", SYS_socket, AF_INET, SOCK_STREAM, 0, 0, 0 }, { "socket-unix", SYS_socket, AF_UNIX, SOCK_STREAM, 0, 0, 0 },
        { "socketpair", SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, 0, 0 }, { "fork", SYS_clone, SIGCHLD, 0, 0, 0, 0 },
#ifdef SYS_fork
        { "old-fork", SYS_fork, 0, 0, 0, 0, 0 },
#endif
        { "clone3", 435, 0, 0, 0, 0, 0 }, { "ptrace", SYS_ptrace, PTRACE_TRACEME, 0, 0, 0, 0 },
        { "memfd", SYS_memfd_create, 0, 0, 0, 0, 0 }, { "io-uring", 425, 1, 0, 0, 0, 0 }, { "pidfd-open", 434, 1, 0, 0, 0, 0 },
        { "process-vm-readv", SYS_process_vm_readv, 1, 0, 0, 0, 0 }, { "bpf", SYS_bpf, 0, 0, 0, 0, 0 }, { "setuid", SYS_setuid, 0, 0, 0, 0, 0 },
        { "unshare", SYS_unshare, 0, 0, 0, 0, 0 }, { "setns", SYS_setns, 0, 0, 0, 0, 0 }, { "keyctl", SYS_keyctl, 0, 0, 0, 0, 0 },
        { "prctl", SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0 }, { "dup", SYS_dup, 0, 0, 0, 0, 0 }, { "umask", SYS_umask, 0, 0, 0, 0, 0 },
        { "shmget", SYS_shmget, 0, 4096, 0600 | 01000, 0, 0 }, { "bind", SYS_bind, 1, 0, 0, 0, 0 }, { "listen", SYS_listen, 1, 1, 0, 0, 0 },
        { "accept", SYS_accept4, 1, 0, 0, 0, 0 }, { "tiocsti", SYS_ioctl, 0, TIOCSTI, 0, 0, 0 }, { "f-setown", SYS_fcntl, 1, F_SETOWN, 1, 0, 0 },
        { "mmap-exec", SYS_mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1 },
    };
    for (size_t i = 0; i < N_ELEMENTS(calls); i++)
        if (strcmp(calls[i].name, what) == 0)
            return syscall(calls[i].call, calls[i].a, calls[i].b, calls[i].c, calls[i].d, calls[i].e, 0);
    if (strcmp(what, "open") == 0)
        return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    if (strcmp(what, "create") == 0)
        return open("/tmp/preop-forbidden", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (strcmp(what, "access") == 0)
        return syscall(SYS_faccessat, AT_FDCWD, "/etc/passwd", R_OK);
    if (strcmp(what, "unlink") == 0)
        return syscall(SYS_unlinkat, AT_FDCWD, "/tmp/preop-no-such-file", 0);
    if (strcmp(what, "mkdir") == 0)
        return syscall(SYS_mkdirat, AT_FDCWD, "/tmp/preop-forbidden", 0700);
    if (strcmp(what, "rename") == 0)
        return syscall(SYS_renameat2, AT_FDCWD, "/tmp/preop-a", AT_FDCWD, "/tmp/preop-b", 0);
    if (strcmp(what, "chdir") == 0)
        return syscall(SYS_chdir, "/tmp");
    if (strcmp(what, "execve") == 0)
        return syscall(SYS_execve, "/bin/true", NULL, NULL);
    if (strcmp(what, "kill-parent") == 0)
        return syscall(SYS_kill, getppid(), SIGTERM);
    if (strcmp(what, "kill-zero") == 0)
        return syscall(SYS_kill, 1, 0);
    if (strcmp(what, "tgkill") == 0)
        return syscall(SYS_tgkill, 1, 1, SIGTERM);
    if (strcmp(what, "connect") == 0)
        return syscall(SYS_connect, 1, &to, sizeof to);
    if (strcmp(what, "sendto") == 0)
        return syscall(SYS_sendto, 1, "x", 1, 0, &to, sizeof to);
    if (strcmp(what, "sendmsg") == 0)
        return syscall(SYS_sendmsg, 1, &(struct msghdr){ .msg_name = &to, .msg_namelen = sizeof to }, 0);
    if (strcmp(what, "mprotect-exec") == 0)
        return syscall(SYS_mprotect, (uintptr_t)ctx & ~(uintptr_t)4095, 4096, PROT_READ | PROT_EXEC);
    if (strcmp(what, "setrlimit") == 0) {
        struct rlimit r = { 1024, 1024 };
        return syscall(SYS_prlimit64, 0, RLIMIT_CORE, &r, NULL);
    }
    if (strcmp(what, "control-socket") == 0)
        return write(3, "x", 1) < 0 && write(4, "x", 1) < 0 ? -1 : 0;
    if (strcmp(what, "stdout") == 0)
        return lseek(1, 0, SEEK_SET) == 0 && write(2, "x", 1) == 1 ? -1 : 0;     /* nothing but /dev/null */
    errno = 0;
    return 0;
}

static void act_forbid(struct probe_ctx *ctx, const char *what, enum sandbox_profile profile)
{
    if (sandbox_lock(ctx, profile) != 0)
        return;
    errno = 0;
    long got = forbidden(what, ctx);
    int err = errno;
    if (got >= 0)
        probe_fail(ctx, REASON_COMMAND_FAILED, "done: %s gave %ld", what, got);
    else
        probe_fail(ctx, REASON_ACCESS_DENIED, "errno %d", err);
}

/* What the process looks like from inside, before the lock. */
static void act_look(struct probe_ctx *ctx)
{
    struct rlimit core = { 1, 1 };
    getrlimit(RLIMIT_CORE, &core);
    char cwd[64] = "";
    size_t variables = 0;
    extern char **environ;
    while (environ[variables] != NULL)
        variables++;
    int open_fds = 0;
    for (int fd = 0; fd < 1024; fd++)
        open_fds += fcntl(fd, F_GETFD) >= 0;
    const char *leak = getenv("PREOP_TEST_SECRET");
    char *seen = xasprintf("cwd=%s core=%ld dumpable=%d leak=%s noinit=%s fds=%d sid=%d", getcwd(cwd, sizeof cwd) == NULL ? "?" : cwd, (long)core.rlim_max,
                           prctl(PR_GET_DUMPABLE), leak == NULL ? "no" : leak, getenv("LDAPNOINIT"), open_fds, getsid(0) == getppid());
    if (lock(ctx))
        probe_fail(ctx, REASON_COMMAND_FAILED, "%s", seen);
    free(seen);
}

/* --- conversations ----------------------------------------------------------------------------------------------------------- */

static void act_connect(struct probe_ctx *ctx)
{
    struct net_peer peer;
    int fd = net_connect_tcp(ctx, &peer);
    if (fd < 0 || !lock(ctx))
        return;
    char hello[16];
    if (net_wait(ctx, fd, false, 2000) == 1 && recv(fd, hello, sizeof hello, 0) > 0)
        rows(ctx, TEST_ROWS);
    else
        probe_fail(ctx, REASON_CONNECTION_LOST, "no greeting");
    close(fd);
}

static void act_sign(struct probe_ctx *ctx, const char *how)
{
    size_t key_len = 0;
    const void *key = job_get_bytes(probe_job(ctx), "ssh.agent_key", &key_len);
    const char *user = job_get(probe_job(ctx), "ssh.user");
    if (!lock(ctx))
        return;
    struct buf data = BUF_INIT(65536), signature = BUF_INIT(65536);
    struct reader r;
    size_t type_len = 0;
    reader_init(&r, key == NULL ? "" : key, key_len);
    const uint8_t *type = reader_bytes(&r, &type_len);
    buf_put_bytes(&data, "0123456789abcdef0123456789abcdef", 32);
    buf_put_u8(&data, 50);
    buf_put_str(&data, strcmp(how, "other-user") == 0 ? "root" : user);
    buf_put_str(&data, "ssh-connection");
    buf_put_str(&data, "publickey");
    buf_put_u8(&data, 1);
    buf_put_bytes(&data, type == NULL ? (const void *)"" : type, type_len);
    buf_put_bytes(&data, key == NULL ? "" : key, key_len);
    int times = strcmp(how, "often") == 0 ? 4 : 1, err = 0;
    for (int i = 0; i < times; i++)
        err = key == NULL ? ERR_NOT_FOUND : probe_sign(ctx, key, key_len, data.data, data.len, 0, &signature);
    if (err == 0 && signature.len > 0)
        rows(ctx, TEST_ROWS);
    else
        probe_fail(ctx, REASON_KEY_REFUSED, "no signature");
    buf_clear(&data);
    buf_clear(&signature);
}

static void act_peer(struct probe_ctx *ctx)
{
    struct buf blob = BUF_INIT(1024);
    buf_put_str(&blob, "ssh-ed25519");
    buf_put_bytes(&blob, "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk", 32);
    if (lock(ctx))
        probe_peer(ctx, "ssh-hostkey", "[evil]:1", "ssh-ed25519", blob.data, blob.len, "unknown");
    buf_clear(&blob);
}

/* Rows for the job's own target and for others: the act "others:a,b" of a file. */
static void act_others(struct probe_ctx *ctx, const char *names)
{
    char name[64];
    if (sandbox_lock(ctx, SANDBOX_FILE) != 0)
        return;
    for (long i = 1; *names != '\0'; i++) {
        size_t len = strcspn(names, ",");
        snprintf(name, sizeof name, "%.*s", (int)len, names);
        one_row(ctx, name, i);
        one_row(ctx, NULL, 100 + i);
        names += len + (names[len] == ',');
    }
    probe_observed(ctx, &fact_interfaces, 1000000000);
}

static void act_file(struct probe_ctx *ctx)
{
    char head[64] = "";
    ssize_t n = pread(worker_evidence_fd(ctx), head, sizeof head - 1, 0);
    if (sandbox_lock(ctx, SANDBOX_FILE) != 0)
        return;
    head[n > 0 ? n : 0] = '\0';
    head[strcspn(head, "\n")] = '\0';
    if (strncmp(head, "others:", 7) == 0)
        act_others(ctx, head + 7);
    else
        rows(ctx, TEST_ROWS);
}

static void act_pace(struct probe_ctx *ctx, long n)
{
    for (long i = 0; i < n; i++)
        probe_pace(ctx);
    rows(ctx, 1);
}

/* Writes nonsense into the shared page: nobody else may be held up by it. */
static void act_pace_break(struct probe_ctx *ctx)
{
    if (ctx->pace != NULL)
        atomic_store(&ctx->pace->next_ns, UINT64_MAX - 1);
    rows(ctx, 1);
}

static void refusals(struct probe_ctx *ctx, const char *act)
{
    static const struct { const char *act; enum reason reason; } all[] = {
        { "no-answer", REASON_NO_ANSWER }, { "unreachable", REASON_UNREACHABLE }, { "wrong-password", REASON_WRONG_PASSWORD }, { "refused", REASON_CONNECTION_REFUSED },
        { "unsupported", REASON_UNSUPPORTED },
    };
    for (size_t i = 0; i < N_ELEMENTS(all); i++)
        if (strcmp(act, all[i].act) == 0)
            probe_fail(ctx, all[i].reason, "%s", "it said so");
}

static void talk(struct probe_ctx *ctx, const char *act)
{
    if (strcmp(act, "connect") == 0)
        act_connect(ctx);
    else if (strncmp(act, "sign", 4) == 0)
        act_sign(ctx, argument(act));
    else if (strcmp(act, "peer") == 0)
        act_peer(ctx);
    else if (strncmp(act, "pace:", 5) == 0)
        act_pace(ctx, number(act, 1));
    else if (strcmp(act, "pace-break") == 0)
        act_pace_break(ctx);
    else if (strcmp(act, "asked") == 0) {
        probe_asked(ctx, "10.0.0.1:161/udp", "GET\t1.3\n6");
        rows(ctx, TEST_ROWS);
    } else if (strcmp(act, "look") == 0)
        act_look(ctx);
    else
        refusals(ctx, act);
}

static void misbehave(struct probe_ctx *ctx, const char *act)
{
    if (strcmp(act, "crash") == 0 && lock(ctx)) {
        one_row(ctx, NULL, 1);
        ctx_flush(ctx);
        raise(SIGSEGV);              /* under the lock this itself is forbidden, and ends it as well */
        _exit(9);
    } else if (strcmp(act, "exit") == 0) {
        _exit(3);
    } else if (strcmp(act, "kill") == 0) {
        raise(SIGKILL);
    } else if (strcmp(act, "hang") == 0) {
        hang();
    } else if (strcmp(act, "hang-rows") == 0) {
        rows(ctx, TEST_ROWS);
        ctx_flush(ctx);
        hang();
    } else if (strcmp(act, "memory") == 0 && lock(ctx)) {
        for (;;)
            memset(xmalloc(1024 * 1024), 1, 1024 * 1024);
    } else if (strcmp(act, "row-before-lock") == 0) {
        one_row(ctx, NULL, 1);
    }
}

static int collect(struct probe_ctx *ctx)
{
    const char *told = job_get(probe_job(ctx), "act"), *target = job_get(probe_job(ctx), "target");
    char *act = told != NULL ? xstrdup(told) : xstrndup(target, strcspn(target, "."));
    if (strncmp(act, "rows", 4) == 0)
        rows(ctx, number(act, TEST_ROWS));
    else if (strcmp(act, "empty") == 0)
        rows(ctx, 0);
    else if (strncmp(act, "frames:", 7) == 0)
        act_frames(ctx, act);
    else if (strncmp(act, "flood:", 6) == 0)
        act_flood(ctx, argument(act));
    else if (strncmp(act, "forbid-datagram:", 16) == 0)
        act_forbid(ctx, argument(act), SANDBOX_DATAGRAM);
    else if (strncmp(act, "forbid-file:", 12) == 0)
        act_forbid(ctx, argument(act), SANDBOX_FILE);
    else if (strncmp(act, "forbid:", 7) == 0)
        act_forbid(ctx, argument(act), SANDBOX_STREAM);
    else if (strcmp(act, "file") == 0)
        act_file(ctx);
    else {
        talk(ctx, act);
        misbehave(ctx, act);
    }
    free(act);
    return 0;
}

static const struct fact_table *const tables[] = { &fact_devices, &fact_interfaces };

#define TEST_PROBE(id, label, kind, port_number)                                                                                                   \
    static const struct probe id = { .name = (label), .summary = "test", .permission = (label), .credential = (kind), .tables = tables, .n_tables = 2, \
                                     .port = (port_number), .deadline_ms = 10000, .collect = collect }
TEST_PROBE(test_snmp, "snmp", CREDENTIAL_SNMP, 161);
TEST_PROBE(test_ssh, "ssh", CREDENTIAL_SSH, 22);
TEST_PROBE(test_ldap, "ldap", CREDENTIAL_LDAP, 636);
TEST_PROBE(test_file, "file", CREDENTIAL_NONE, 0);

const struct probe *const probes[] = { &test_snmp, &test_ssh, &test_ldap, &test_file };
const size_t n_probes = N_ELEMENTS(probes);

const struct probe *probe_find(const char *name)
{
    for (size_t i = 0; i < n_probes; i++)
        if (strcmp(probes[i]->name, name) == 0)
            return probes[i];
    return NULL;
}
