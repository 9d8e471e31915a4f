/* Runs one probe in a real worker process, without store and scheduler, and prints what it sent. A test tool: it plays
 * the parent, but trusts the caller's job as it stands.
 *
 *   probe_run [--json] [--memory] [--hang-up MS] [--evidence FILE] PROBE key=value ... key@file ...
 *
 * Keys are those of src/fact/job.h, repeatable as there; key@file takes the file's bytes (keys, certificates, mappings).
 * Without them: target=t1, site=test, every table of the probe, permit=+127.0.0.0/8, the probe's own port and deadline.
 * Output, one line each, tab separated, made safe for a terminal; with --json one document with the same words:
 *   sandbox LEVEL | asked TO WHAT | row TABLE TARGET column=value ... | note TABLE TEXT |
 *   peer KIND NAME ALGORITHM VERDICT HEX | table TABLE STATE REASON DETAIL | end | exit STATUS | signal NUMBER | memory KIB (with --memory: the most that the worker held at once)
 * A watch (sample_ms=...) is asked to end after --hang-up MS, or at SIGUSR1, as Ctrl-C does.
 * Ends with 0 when the worker ended in order (whatever it found out), 1 when not, 2 for wrong usage. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "fact/frame.h"
#include "fact/job.h"
#include "probes/probe.h"
#include "worker/worker.h"

#define MAX_FILE (16 * 1024 * 1024)
#define HANG_UP_LOOK_MS 100
#define GRACE_MS 5000                /* after the job's deadline */

struct run {
    bool as_json, memory;
    json_t *doc;                     /* object; its lists are made on first use */
    bool ended, malformed;
    int line;                        /* our end of the answers' pipe, which tells a watch to go on; -1: closed */
    int64_t hang_up_ms;              /* when it is to be closed; INT64_MAX: never */
};

/* --- output ---------------------------------------------------------------------------------------------------------- */

static void print_cell(const char *text)
{
    struct buf b = BUF_INIT(4 * FRAME_MAX);
    text_terminal(&b, text, false);
    printf("\t%s", buf_str(&b));
    buf_clear(&b);
}

static void print_line(const char *word, const char *const *cells, size_t n)
{
    fputs(word, stdout);
    for (size_t i = 0; i < n; i++)
        print_cell(cells[i] == NULL ? "" : cells[i]);
    putchar('\n');
}

static json_t *text_json(const char *s, size_t len)
{
    json_t *v = json_stringn(s, len);
    if (v != NULL)
        return v;
    struct buf b = BUF_INIT(4 * FRAME_MAX);
    text_clean(&b, s, len);
    v = json_string(buf_str(&b));
    buf_clear(&b);
    return v == NULL ? json_null() : v;
}

static json_t *list_of(struct run *run, const char *name)
{
    json_t *list = json_object_get(run->doc, name);
    if (list == NULL) {
        json_object_set_new(run->doc, name, json_array());
        list = json_object_get(run->doc, name);
    }
    return list;
}

/* One event of fixed fields, in either form. */
static void put(struct run *run, const char *word, const char *const *names, const char *const *cells, size_t n)
{
    if (!run->as_json) {
        print_line(word, cells, n);
        return;
    }
    json_t *o = json_object();
    for (size_t i = 0; i < n; i++)
        json_object_set_new(o, names[i], cells[i] == NULL ? json_string("") : text_json(cells[i], strlen(cells[i])));
    json_array_append_new(list_of(run, word), o);
}

static void put_row(struct run *run, const struct fact_row *row, const char *target)
{
    json_t *o = json_object();
    if (!run->as_json)
        printf("row\t%s\t%s", row->table->name, target == NULL ? "" : target);
    for (size_t i = 0; i < row->table->n_columns; i++) {
        const struct fact_value *v = &row->v[i];
        json_t *j = v->kind == FACT_KIND_INTEGER ? json_integer(v->i) : v->kind == FACT_KIND_REAL ? json_real(v->r) :
                    v->kind == FACT_KIND_TEXT ? text_json(v->s, v->len) : json_null();
        if (!run->as_json && v->kind != FACT_KIND_NULL) {
            char *text = v->kind == FACT_KIND_INTEGER ? xasprintf("%s=%" PRId64, row->table->columns[i].name, v->i) :
                         v->kind == FACT_KIND_REAL ? xasprintf("%s=%g", row->table->columns[i].name, v->r) :
                         xasprintf("%s=%.*s", row->table->columns[i].name, (int)v->len, v->s);
            print_cell(text);
            free(text);
        }
        json_object_set_new(o, row->table->columns[i].name, j);
    }
    if (!run->as_json) {
        putchar('\n');
        json_decref(o);
        return;
    }
    if (target != NULL)
        json_object_set_new(o, "(target)", json_string(target));
    json_t *rows = json_object_get(run->doc, "rows");
    if (rows == NULL) {
        json_object_set_new(run->doc, "rows", json_object());
        rows = json_object_get(run->doc, "rows");
    }
    if (json_object_get(rows, row->table->name) == NULL)
        json_object_set_new(rows, row->table->name, json_array());
    json_array_append_new(json_object_get(rows, row->table->name), o);
}

/* --- frames ---------------------------------------------------------------------------------------------------------- */

static int on_row(struct run *run, const struct frame *f)
{
    struct fact_row row;
    char *target = NULL;
    int rc = frame_get_row(f, &row, &target);
    if (rc == 0)
        put_row(run, &row, target);
    free(target);
    return rc;
}

static int on_table(struct run *run, const struct frame *f)
{
    static const char *const names[] = { "table", "state", "reason", "detail" };
    struct frame_table_state s = { 0 };
    int rc = frame_get_table_state(f, &s);
    if (rc == 0)
        put(run, "table", names, (const char *const[]){ s.table->name, state_name(s.state), reason_info(s.reason)->name, s.detail }, 4);
    frame_table_state_clear(&s);
    return rc;
}

static int on_note(struct run *run, const struct frame *f)
{
    static const char *const names[] = { "table", "text" };
    struct frame_note n = { 0 };
    int rc = frame_get_note(f, &n);
    if (rc == 0)
        put(run, "note", names, (const char *const[]){ n.table == NULL ? "" : n.table->name, n.text }, 2);
    frame_note_clear(&n);
    return rc;
}

static int on_asked(struct run *run, const struct frame *f)
{
    static const char *const names[] = { "to", "what" };
    struct frame_asked a = { 0 };
    int rc = frame_get_asked(f, &a);
    if (rc == 0)
        put(run, "asked", names, (const char *const[]){ a.to, a.what }, 2);
    frame_asked_clear(&a);
    return rc;
}

static int on_peer(struct run *run, const struct frame *f)
{
    static const char *const names[] = { "kind", "name", "algorithm", "verdict", "blob" };
    struct frame_peer p = { 0 };
    int rc = frame_get_peer(f, &p);
    if (rc == 0) {
        char *hex = xmalloc(2 * p.len + 1);
        hex_encode(p.blob, p.len, hex);
        put(run, "peer", names, (const char *const[]){ p.kind, p.name, p.algorithm, p.verdict, hex }, 5);
        free(hex);
    }
    frame_peer_clear(&p);
    return rc;
}

static int on_sandbox(struct run *run, const struct frame *f)
{
    static const char *const names[] = { "level" };
    char *level = NULL;
    int rc = frame_get_sandbox(f, &level);
    if (rc == 0)
        put(run, "sandbox", names, (const char *const[]){ level }, 1);
    free(level);
    return rc;
}

static int on_frame(struct run *run, const struct frame *f)
{
    switch (f->kind) {
    case FRAME_ROW: return on_row(run, f);
    case FRAME_TABLE_STATE: return on_table(run, f);
    case FRAME_NOTE: return on_note(run, f);
    case FRAME_ASKED: return on_asked(run, f);
    case FRAME_PEER: return on_peer(run, f);
    case FRAME_SANDBOX: return on_sandbox(run, f);
    case FRAME_SIGN: return 0;       /* the worker reads the end of the answers' pipe: no agent here */
    case FRAME_END:
        run->ended = true;
        if (!run->as_json)
            puts("end");
        return 0;
    }
    return ERR_FORMAT;
}

/* Takes whole frames off the front of b. */
static void take_frames(struct run *run, struct buf *b)
{
    size_t at = 0;
    struct frame f;
    size_t used;
    int rc;
    while ((rc = frame_next((const uint8_t *)b->data + at, b->len - at, &f, &used)) == 1) {
        at += used;
        rc = on_frame(run, &f);
        if (rc != 0)
            break;
    }
    if (rc < 0 && !run->malformed) {
        run->malformed = true;
        fprintf(stderr, "probe_run: the worker sent a frame that is not in order\n");
    }
    if (at > 0) {
        memmove(b->data, b->data + at, b->len - at);
        b->len -= at;
    }
}

/* --- the worker ------------------------------------------------------------------------------------------------------ */

static int job_memfd(const struct job *job)
{
    struct buf b = BUF_INIT(2 * MAX_FILE);
    job_encode(job, &b);
    int fd = memfd_create("job", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0 || fd_write_all(fd, buf_str(&b), b.len) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
        perror("probe_run: memfd");
        exit(2);
    }
    buf_wipe(&b);
    return fd;
}

static pid_t start(const struct probe *probe, const struct job *job, int evidence_fd, int *out, int *line)
{
    int frames[2], answers[2];
    if (pipe2(frames, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0) {
        perror("probe_run: pipe");
        exit(2);
    }
    int job_fd = job_memfd(job);
    if (probe->warm != NULL)
        probe->warm();
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        close(frames[0]);
        close(answers[1]);
        worker_main(job_fd, frames[1], answers[0], -1, evidence_fd);
    }
    close(job_fd);
    close(frames[1]);
    close(answers[0]);
    *line = answers[1];
    if (job_get(job, "sample_ms") == NULL) {     /* nobody signs here */
        close(answers[1]);
        *line = -1;
    }
    *out = frames[0];
    return pid;
}

static volatile sig_atomic_t hang_up;

static void on_hang_up(int signal_number)
{
    (void)signal_number;
    hang_up = 1;
}

static void listen_to(struct run *run, int fd, pid_t pid, int64_t until)
{
    struct buf b = BUF_INIT(4 * FRAME_MAX);
    static char chunk[65536];
    for (;;) {
        struct pollfd waiting = { .fd = fd, .events = POLLIN };
        int64_t left = until - clock_mono_ms(), talk = run->hang_up_ms - clock_mono_ms();
        if (run->line >= 0 && (talk <= 0 || hang_up)) {
            close(run->line);
            run->line = -1;
        }
        if (run->line >= 0 && left > 0) {
            int64_t least = talk < left ? talk : left;
            if (poll(&waiting, 1, (int)(least < HANG_UP_LOOK_MS ? least : HANG_UP_LOOK_MS)) <= 0)
                continue;
        } else if (left <= 0 || poll(&waiting, 1, (int)left) <= 0) {
            fprintf(stderr, "probe_run: the worker did not end within its deadline\n");
            kill(pid, SIGKILL);
            break;
        }
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        buf_append(&b, chunk, (size_t)n);
        take_frames(run, &b);
    }
    buf_clear(&b);
    close(fd);
}

static int finish(struct run *run, pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    const char *how = WIFSIGNALED(status) ? "signal" : "exit";
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (run->as_json) {
        json_object_set_new(run->doc, "end", json_boolean(run->ended));
        json_object_set_new(run->doc, how, json_integer(number));
        json_dumpf(run->doc, stdout, JSON_INDENT(1) | JSON_SORT_KEYS);
        putchar('\n');
    } else {
        printf("%s\t%d\n", how, number);
        struct rusage used;
        if (run->memory && getrusage(RUSAGE_CHILDREN, &used) == 0)
            printf("memory\t%ld\n", used.ru_maxrss);
    }
    json_decref(run->doc);
    return run->ended && !run->malformed && status == 0 ? 0 : 1;
}

/* --- the job --------------------------------------------------------------------------------------------------------- */

static int usage(const char *what)
{
    fprintf(stderr, "probe_run: %s\nusage: probe_run [--json] [--memory] [--hang-up MS] [--evidence FILE] PROBE key=value ... key@file ...\n", what);
    return 2;
}

static bool add_argument(struct job *job, const char *arg)
{
    size_t key_len = strcspn(arg, "=@");
    if (key_len == 0 || arg[key_len] == '\0')
        return false;
    char *key = xstrndup(arg, key_len);
    const char *value = arg + key_len + 1;
    bool good = true;
    if (arg[key_len] == '=') {
        job_add_str(job, key, value);
    } else {
        struct buf b = BUF_INIT(MAX_FILE);
        good = file_read(value, MAX_FILE, &b) == 0;
        if (good)
            job_add(job, key, buf_str(&b), b.len);
        buf_wipe(&b);
    }
    free(key);
    return good;
}

static void add_default(struct job *job, const char *key, const char *value)
{
    if (job_get(job, key) == NULL)
        job_add_str(job, key, value);
}

static void add_defaults(struct job *job, const struct probe *probe)
{
    const struct probe_use use = probe_use_of(probe, job_get(job, "net.use"));
    add_default(job, "probe", probe->name);
    add_default(job, "target", "t1");
    add_default(job, "site", "test");
    add_default(job, "mode", "collect");
    add_default(job, "permit", "+127.0.0.0/8");
    if (job_get(job, "port") == NULL && use.port != 0)
        job_add_int(job, "port", use.port);
    if (job_get(job, "deadline_ms") == NULL)
        job_add_int(job, "deadline_ms", probe->deadline_ms);
    if (job_get(job, "table") == NULL)
        for (size_t i = 0; i < use.n_tables; i++)
            job_add_str(job, "table", use.tables[i]->name);
}

int main(int argc, char **argv)
{
    signal(SIGUSR1, on_hang_up);
    setvbuf(stdout, NULL, _IOLBF, 0);        /* who waits for a line sees it */
    struct run run = { .doc = json_object() , .line = -1, .hang_up_ms = INT64_MAX };
    int evidence_fd = -1, at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--json") == 0)
            run.as_json = true;
        else if (strcmp(argv[at], "--memory") == 0)
            run.memory = true;
        else if (strcmp(argv[at], "--hang-up") == 0 && at + 1 < argc)
            run.hang_up_ms = clock_mono_ms() + strtol(argv[++at], NULL, 10);
        else if (strcmp(argv[at], "--evidence") == 0 && at + 1 < argc)
            evidence_fd = open(argv[++at], O_RDONLY | O_CLOEXEC);
        else
            return usage("unknown option");
    }
    const struct probe *probe = at < argc ? probe_find(argv[at++]) : NULL;
    if (probe == NULL)
        return usage("no such probe");
    struct job *job = job_new();
    for (; at < argc; at++)
        if (!add_argument(job, argv[at]))
            return usage(argv[at]);
    add_defaults(job, probe);
    int64_t until = clock_mono_ms() + job_get_int(job, "deadline_ms", 60000) + GRACE_MS;
    int fd;
    pid_t pid = start(probe, job, evidence_fd, &fd, &run.line);
    job_free(job);
    listen_to(&run, fd, pid, until);
    return finish(&run, pid);
}
