/* Discovery's jobs. Parent only. Each is built at the moment of asking: permission, the deny-list and the networks of a credential are held against it
 * then, whatever was thought when it was queued. */
#include "collect/discover_jobs.h"

#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "collect/known_hosts.h"
#include "fact/port.h"
#include "fact/table_addresses.h"
#include "fact/table_arp.h"
#include "fact/table_contacts.h"
#include "fact/table_devices.h"
#include "fact/table_directories.h"
#include "fact/table_dns_names.h"
#include "fact/table_interfaces.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_neighbors.h"
#include "fact/table_routes.h"

#define LOOK_DEADLINE_MS 30000
#define MANY_DEADLINE_MS 600000      /* names and ARP of many addresses, paced */
#define UNNAMED_TIMEOUT_MS 1000
#define PAUSE_MS 100                 /* between connections, for each step of backing off */
#define SLOW_MAX 4
#define FAST_AT_ONCE 256             /* with --fast: nearly all of them wait for an address where nobody is */
#define FRAMES_MAX (64 * 1024 * 1024)

const uint16_t discover_ports[DISCOVER_PORTS] = { 22, 53, 80, 389, 443, 445, 636, 3389 };
/* Which method permits a connection to the port beside tcp; NULL: tcp alone. */
static const char *const port_methods[DISCOVER_PORTS] = { "ssh", "dns", NULL, "ldap", "tls", "smb", "ldap", "rdp" };

static const struct {
    const char *name, *probe, *mode, *method;
    const struct fact_table *tables[8];
} kinds[] = {
    [DJOB_GEAR] = { "gear", "snmp", "collect", "snmp", { &fact_devices, &fact_interfaces, &fact_addresses, &fact_arp, &fact_mac_addresses, &fact_neighbors, &fact_routes } },
    [DJOB_SYSTEM] = { "system", "snmp", "collect", "snmp", { &fact_devices, &fact_addresses } },
    [DJOB_CONTACT] = { "contact", "look", "contact", "tcp", { &fact_contacts } },
    [DJOB_KEYS] = { "keys", "ssh", "trust", "ssh", { NULL } },
    [DJOB_DIRECTORY] = { "directory", "ldap", "discover", "ldap", { &fact_directories } },
    [DJOB_NAMES] = { "names", "look", "names", "dns", { &fact_dns_names } },
    [DJOB_SRV] = { "srv", "look", "names", "dns", { &fact_dns_names } },
    [DJOB_ARP] = { "arp", "look", "arp", NULL, { &fact_arp } },
    [DJOB_NUDGE] = { "nudge", "look", "nudge", NULL, { &fact_arp } },
    [DJOB_KNOCK] = { "knock", "look", "contact", "tcp", { &fact_contacts } },
    [DJOB_AGAIN] = { "again", "snmp", "collect", "snmp", { &fact_arp } },
};

void djobs_init(struct djobs *q, struct discovery *d, struct zygote *z)
{
    *q = (struct djobs){ .d = d, .z = z, .journal = -1 };
    q->options = (struct collect_options){ .fast = d->o->fast, .require_sandbox = d->o->require_sandbox, .jobs = d->o->jobs > 0 || !d->o->fast ? d->o->jobs : FAST_AT_ONCE };
    q->env = (struct build_env){ .site = d->site, .cred = d->cred, .o = &q->options, .agent = &q->no_keys, .device_rules = &d->device_rules };
}

static void djob_free(struct djob *j)
{
    free(j->addresses);
    free(j->key);
    free(j);
}

static void queue_clear(struct djobs *q)
{
    for (size_t i = 0; i < q->n; i++)
        djob_free(q->v[i]);
    q->n = 0;
}

void djobs_clear(struct djobs *q)
{
    queue_clear(q);
    free(q->v);
    strset_clear(&q->done);
}

struct djob *djobs_add(struct djobs *q, enum djob_kind kind, struct find *find, const char *with, bool named)
{
    const char *credential = kind != DJOB_KEYS ? with : NULL;
    struct djob *j = xcalloc(1, sizeof *j);
    if (find != NULL)
        ip_format(&find->ip, j->name);
    j->key = xasprintf("%s %s %s", kinds[kind].name, j->name, with != NULL ? with : "");
    if (find != NULL && strset_has(&q->done, j->key)) {
        djob_free(j);
        return NULL;
    }
    j->kind = kind;
    j->find = find;
    j->key_kind = kind == DJOB_KEYS ? with : NULL;
    j->named = named;
    j->target = (struct target){ .name = j->name[0] != '\0' ? j->name : kinds[kind].name, .host = j->name[0] != '\0' ? j->name : NULL, .probes = &j->tp, .n_probes = 1,
                                 .scheme = kind == DJOB_DIRECTORY ? "ldap+plain" : NULL };
    j->tp = (struct target_probe){ .probe = kinds[kind].probe, .credential = credential, .retries = -1, .port = kind == DJOB_DIRECTORY ? 389 : 0 };
    if (!named) {
        j->tp.timeout_ms = UNNAMED_TIMEOUT_MS;
        j->tp.retries = 1;
    }
    j->item = (struct plan_item){ .target = &j->target, .tp = &j->tp, .probe = probe_find(kinds[kind].probe), .permitted_until = INT64_MAX };
    while (j->item.n_tables < N_ELEMENTS(kinds[kind].tables) && kinds[kind].tables[j->item.n_tables] != NULL) {
        j->item.tables[j->item.n_tables] = kinds[kind].tables[j->item.n_tables];
        j->item.n_tables++;
    }
    if (q->n == q->cap) {
        q->cap = q->cap == 0 ? 64 : 2 * q->cap;
        q->v = xrealloc_array(q->v, q->cap, sizeof *q->v);
    }
    q->v[q->n++] = j;
    return j;
}

/* --- building ------------------------------------------------------------------------------------------------------------- */

static struct djob *of(const struct jobrun *j)
{
    return (struct djob *)(uintptr_t)j->item;
}

/* Which ports may be connected to, each by its own method. A knock is one connection: to the port that most things have open. */
static size_t add_ports(struct djobs *q, struct djob *dj, struct jobrun *j, struct job *job)
{
    static const size_t by_use[DISCOVER_PORTS] = { 4, 0, 5, 2, 7, 3, 6, 1 };         /* 443, 22, 445, 80, 3389, 389, 636, 53 */
    size_t n = 0;
    for (size_t k = 0; k < DISCOVER_PORTS && (n == 0 || dj->kind == DJOB_CONTACT); k++) {
        const size_t i = dj->kind == DJOB_KNOCK ? by_use[k] : k;
        bool may = discover_may_touch(q->d, dj->find, "tcp", dj->named) || (port_methods[i] != NULL && discover_may_touch(q->d, dj->find, port_methods[i], dj->named));
        if (!may || port_is_never_opened(discover_ports[i]))
            continue;
        /* the window of each method that is used: the shortest holds */
        if (discover_may_touch(q->d, dj->find, "tcp", dj->named) ? build_window(&q->env, j, job, "tcp", &dj->find->ip) != 0 : build_window(&q->env, j, job, port_methods[i], &dj->find->ip) != 0)
            continue;
        job_add_int(job, "look.port", discover_ports[i]);
        n++;
    }
    return n;
}

static bool is_hearing(enum djob_kind kind)
{
    return kind == DJOB_ARP || kind == DJOB_NUDGE;
}

/* Those that are not permitted any more are taken out: who is not asked for is not marked as asked. */
static size_t add_addresses(struct djobs *q, struct djob *dj, struct jobrun *j, struct job *job)
{
    size_t n = 0;
    for (size_t i = 0; i < dj->n_addresses; i++) {
        char text[IP_TEXT];
        struct find *f = discover_find_ip(q->d, &dj->addresses[i], false);
        const char *method = is_hearing(dj->kind) && f != NULL ? discover_method(q->d, f) : NULL;
        if (is_hearing(dj->kind) && (method == NULL || build_window(&q->env, j, job, method, &f->ip) != 0))
            continue;
        ip_format(&dj->addresses[i], text);
        job_add_str(job, "look.address", text);
        dj->addresses[n++] = dj->addresses[i];
    }
    dj->n_addresses = n;
    return n;
}

static void add_own_end(const struct djobs *q, struct job *job)
{
    job_add_str(job, "look.interface", q->d->link->interface);
    for (size_t i = 0; i < q->d->link->n_addresses; i++) {
        char text[IP_TEXT];
        if (q->d->link->addresses[i].ip.family != 4)
            continue;
        ip_format(&q->d->link->addresses[i].ip, text);
        job_add_str(job, "look.source", text);
        return;
    }
}

/* The looks have a job of their own kind: what they may do differs from address to address and from port to port. */
static int build_look(struct djobs *q, struct djob *dj, struct jobrun *j, struct job **out)
{
    struct job *job = job_new();
    size_t n = 0;
    const bool contact = dj->kind == DJOB_CONTACT || dj->kind == DJOB_KNOCK;
    j->allowed_ms = contact ? LOOK_DEADLINE_MS : MANY_DEADLINE_MS;
    build_common(&q->env, j, job);
    if (contact) {
        n = add_ports(q, dj, j, job);
        permit_to_job_at(q->d->site, &dj->find->ip, 1, job);
        job_add_str(job, "host", dj->name);
        job_add_int(job, "port", discover_ports[0]);
        job_add_int(job, "look.pause_ms", (int64_t)q->slow * PAUSE_MS);
    }
    n += add_addresses(q, dj, j, job);
    if (is_hearing(dj->kind)) {
        permit_to_job_at(q->d->site, dj->addresses, dj->n_addresses, job);
        add_own_end(q, job);
    }
    for (size_t i = 0; i < q->d->link->n_suffixes && dj->kind == DJOB_SRV; i++, n++)
        job_add_str(job, "look.suffix", q->d->link->suffixes[i]);
    if (n == 0 || ((dj->kind == DJOB_NAMES || dj->kind == DJOB_SRV) && build_window(&q->env, j, job, kinds[dj->kind].method, NULL) != 0)) {
        job_free(job);
        if (j->broken == REASON_NONE)
            jobrun_break(j, REASON_NOT_PERMITTED, "nothing of it is permitted");
        return ERR_NOT_FOUND;
    }
    job_add_int(job, "deadline_ms", j->allowed_ms);
    j->allowed_ms += 2000;
    *out = job;
    return 0;
}

static bool refused_now(struct djobs *q, struct djob *dj, struct jobrun *j)
{
    if (dj->find == NULL)
        return false;
    const bool waits = discover_must_wait(q->d, dj->find), lone = discover_is_lone(dj->find) && !dj->named && dj->kind != DJOB_KNOCK;
    if (waits || lone)
        dj->find->not_asked = waits ? dj->find->not_asked : "nobody knows its maker";
    else if (dj->kind == DJOB_CONTACT || dj->kind == DJOB_KNOCK || discover_may_touch(q->d, dj->find, kinds[dj->kind].method, dj->named))
        return false;
    jobrun_break(j, dj->find->denied != NULL ? REASON_DO_NOT_TOUCH : REASON_NOT_PERMITTED, "%s", dj->find->denied != NULL ? dj->find->denied : dj->find->not_asked != NULL ? dj->find->not_asked : "");
    return true;
}

/* What goes out once in a discovery stands in its journal before it goes: who resumes does not send it again. */
static int note_once(struct djobs *q, const struct djob *dj)
{
    struct buf none = BUF_INIT(16);
    int err = journal_put(q, dj, &none);
    buf_clear(&none);
    return err;
}

static enum sched_verdict on_build(void *ctx, struct jobrun *j, struct job **job, int *evidence_fd)
{
    struct djobs *q = ctx;
    struct djob *dj = of(j);
    size_t limit = sched_limit(q->options.jobs, q->options.fast) >> q->slow;
    if (q->running >= (limit > 0 ? limit : 1))
        return SCHED_LATER;
    if (refused_now(q, dj, j))
        return SCHED_NEVER;
    q->env.mode = kinds[dj->kind].mode;
    bool look = strcmp(kinds[dj->kind].probe, "look") == 0;
    int err = look ? build_look(q, dj, j, job) : build_job(&q->env, j, job, evidence_fd);
    if (err == 0 && (dj->kind == DJOB_NUDGE || dj->kind == DJOB_KNOCK) && note_once(q, dj) != 0) {
        jobrun_break(j, REASON_INTERNAL, "the journal of the discovery cannot be written");
        job_free(*job);
        *job = NULL;
        err = ERR_NOT_FOUND;
    }
    if (err != 0)
        return SCHED_NEVER;
    if (dj->key_kind != NULL)
        job_add_str(*job, "ssh.only", dj->key_kind);
    q->running++;
    q->d->n_jobs++;
    return SCHED_START;
}

/* --- answers --------------------------------------------------------------------------------------------------------------- */

static void on_asked(void *ctx, struct jobrun *j, const struct frame_asked *a)
{
    struct djobs *q = ctx;
    q->d->n_questions++;
    if (q->d->store != NULL && store_asked_log(q->d->store, ASKED_DISCOVER, a->at_ms, j->item->target->name, j->item->probe->name, a->to, a->what) != 0)
        jobrun_break(j, REASON_INTERNAL, "the log of questions cannot be written");
}

static void on_peer(void *ctx, struct jobrun *j, const struct frame_peer *p)
{
    struct djobs *q = ctx;
    struct djob *dj = of(j);
    char *algorithm = strcmp(p->kind, "ssh-hostkey") == 0 ? host_key_algorithm(p->blob, p->len) : NULL;
    if (algorithm == NULL || dj->find == NULL) {
        free(algorithm);
        return;
    }
    char *base64 = key_base64(p->blob, p->len), *text = xasprintf("%s %s", algorithm, base64);
    discover_add_host_key(q->d, dj->find, text);
    free(text);
    free(base64);
    free(algorithm);
}

struct taking { struct djobs *q; struct djob *dj; struct buf *frames; double worst_ms; };

static int take_frame(void *ctx, const struct frame *f)
{
    struct taking *t = ctx;
    struct fact_row row;
    struct buf mem = BUF_INIT(1u << 20);
    char *other = NULL;
    uint64_t dropped = 0;
    if (frame_get_row(f, &row, &other) != 0)
        return ERR_FORMAT;
    frame_put_row(t->frames, &row, NULL);
    fact_row_normalize(&row, &mem, &dropped);
    if (row.table == &fact_contacts && row.v[CONTACTS_CONNECT_MS].kind == FACT_KIND_REAL && row.v[CONTACTS_CONNECT_MS].r > t->worst_ms)
        t->worst_ms = row.v[CONTACTS_CONNECT_MS].r;
    if (row.table == &fact_devices || row.table == &fact_directories)
        t->dj->answered = true;
    discover_take_row(t->q->d, t->dj->find, &row);
    buf_clear(&mem);
    free(other);
    return 0;
}

void djob_settle(enum djob_kind kind, struct find *f, const char *credential, bool answered, enum reason reason)
{
    f->contacted = f->contacted || kind == DJOB_CONTACT;
    f->knocked = f->knocked || kind == DJOB_KNOCK;
    f->gear_asked = f->gear_asked || kind == DJOB_GEAR;
    if (kind != DJOB_GEAR && kind != DJOB_SYSTEM)
        return;
    if (answered && f->credential == NULL)
        f->credential = credential;
    f->no_snmp = f->no_snmp || reason == REASON_CONNECTION_REFUSED || reason == REASON_UNREACHABLE;
}

bool djob_has_list(enum djob_kind kind)
{
    return kind == DJOB_NAMES || is_hearing(kind);
}

void djob_settle_one(struct discovery *d, enum djob_kind kind, const struct ip *ip)
{
    struct find *f = discover_find_ip(d, ip, true);
    if (f == NULL)
        return;
    if (kind == DJOB_NAMES) {
        f->name_asked = true;
        return;
    }
    f->arp_asked = true;
    f->nudged = f->nudged || kind == DJOB_NUDGE;
    f->swept = f->swept || (f->n_seen_by == 0 && f->known == NULL);
}

/* What the kernel learned from a nudge, as if a worker had said it. */
static void take_own_arp(struct taking *t)
{
    struct discovery *d = t->q->d;
    if (own_link_refresh_arp(d->link) != 0)
        return;
    for (size_t i = 0; i < t->dj->n_addresses; i++) {
        const char *mac = own_link_mac(d->link, &t->dj->addresses[i]);
        char address[IP_TEXT];
        struct fact_row row;
        if (mac == NULL)
            continue;
        ip_format(&t->dj->addresses[i], address);
        fact_row_init(&row, &fact_arp);
        fact_set_int(&row, ARP_IF_INDEX, d->link->if_index);
        fact_set_str(&row, ARP_ADDRESS, address);
        fact_set_str(&row, ARP_INTERFACE, d->link->interface);
        fact_set_str(&row, ARP_MAC, mac);
        fact_set_str(&row, ARP_TYPE, "dynamic");
        frame_put_row(t->frames, &row, NULL);
        discover_take_row(d, NULL, &row);
    }
}

/* A job that could not send ARP has asked nobody. A nudge that failed has perhaps: nothing more goes to these. Where the resolver does not answer, nobody
 * waits for it again. */
static void settle_list(struct taking *t, bool started)
{
    struct djobs *q = t->q;
    struct djob *dj = t->dj;
    if (dj->kind == DJOB_NAMES && (!dj->over || dj->reason != REASON_NONE)) {
        q->d->no_names = q->d->no_names || dj->over;
        return;
    }
    if (dj->kind == DJOB_NUDGE && started)
        take_own_arp(t);
    if (dj->kind == DJOB_ARP && (!started || dj->reason != REASON_NONE)) {
        q->d->no_arp = q->d->no_arp || dj->over;
        return;
    }
    for (size_t i = 0; i < dj->n_addresses; i++)
        djob_settle_one(q->d, dj->kind, &dj->addresses[i]);
}

static int by_double(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(const double *v, size_t n)
{
    double s[16];
    memcpy(s, v, n * sizeof *v);
    qsort(s, n, sizeof *s, by_double);
    return s[n / 2];
}

/* Round trips that double say that somebody on the way has enough to do: fewer at a time, and a pause between connections, until they are as before. */
void djobs_back_off(struct djobs *q, double ms)
{
    if (ms <= 0 || q->options.fast)
        return;
    if (q->n_first < N_ELEMENTS(q->first_ms)) {
        q->first_ms[q->n_first++] = ms;
        return;
    }
    q->latest_ms[q->n_latest++ % N_ELEMENTS(q->latest_ms)] = ms;
    if (q->n_latest < N_ELEMENTS(q->latest_ms) || q->n_latest % N_ELEMENTS(q->latest_ms) != 0)
        return;
    double before = median(q->first_ms, q->n_first), now = median(q->latest_ms, N_ELEMENTS(q->latest_ms));
    if (before < 0.5)
        before = 0.5;                /* below this it is noise of our own */
    if (now >= 2 * before && q->slow < SLOW_MAX)
        q->slow++;
    else if (now < 1.5 * before && q->slow > 0)
        q->slow--;
}

static int on_done(void *ctx, struct jobrun *j, bool *keep)
{
    struct djobs *q = ctx;
    struct djob *dj = of(j);
    struct buf frames = BUF_INIT(FRAMES_MAX);
    struct taking t = { .q = q, .dj = dj, .frames = &frames };
    bool started = j->started_ms != 0;
    int err = 0;
    *keep = false;
    if (started)
        q->running--;
    dj->over = started && j->broken != REASON_INTERRUPTED && j->broken != REASON_INTERNAL;
    for (size_t i = 0; i < j->n_tables && err == 0; i++) {
        struct job_outcome o = jobrun_outcome(j, &j->tables[i]);
        if (i == 0)
            dj->reason = o.reason;
        for (size_t s = 0; s < j->n_streams && o.keep_rows && err == 0; s++)
            if (j->streams[s].table == j->tables[i].table)
                err = spool_each(&j->spool, (uint32_t)s, take_frame, &t);
    }
    if (dj->find != NULL)            /* nobody is asked the same twice, whatever came of it */
        (void)strset_add(&q->done, dj->key);
    if (djob_has_list(dj->kind))
        settle_list(&t, started);
    q->d->srv_asked = q->d->srv_asked || (dj->kind == DJOB_SRV && dj->over);
    if (dj->over && dj->find != NULL)
        djob_settle(dj->kind, dj->find, dj->tp.credential, dj->answered, dj->reason);
    q->rows += j->rows;
    q->n_over++;
    djobs_back_off(q, t.worst_ms);
    if (err == 0 && dj->over)
        err = journal_put(q, dj, &frames);
    buf_clear(&frames);
    return err;
}

static void on_tick(void *ctx, size_t n_done, size_t n_jobs, size_t watching, int64_t left_ms)
{
    struct djobs *q = ctx;
    if (q->progress != NULL)
        q->progress(q->progress_ctx, n_done, n_jobs, (size_t)q->rows, watching, left_ms);
}

int djobs_run(struct djobs *q)
{
    const struct sched_ops ops = { .build = on_build, .done = on_done, .tick = on_tick, .frames = { .asked = on_asked, .peer = on_peer }, .ctx = q };
    struct jobrun *jobs = xcalloc(q->n + 1, sizeof *jobs);
    char *spool = q->d->store != NULL ? path_dirname(store_path(q->d->store)) : xstrdup(q->d->site->dir);
    bool interrupted = false;
    for (size_t i = 0; i < q->n; i++)
        jobrun_init(&jobs[i], &q->v[i]->item, UINT32_MAX, q->d->site, spool);
    q->running = 0;
    int err = q->n > 0 ? sched_run(q->z, jobs, q->n, sched_limit(q->options.jobs, q->options.fast), &ops, &interrupted) : 0;
    for (size_t i = 0; i < q->n; i++)
        jobrun_clear(&jobs[i]);
    free(jobs);
    free(spool);
    queue_clear(q);
    q->d->interrupted = q->d->interrupted || interrupted;
    return err != 0 ? err : interrupted ? ERR_INTERRUPTED : 0;
}
