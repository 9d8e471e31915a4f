/* Building jobs. Parent only. Secrets are in the job alone, which is wiped when it is freed; nothing here logs a value. */
#include "collect/build.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "collect/known_hosts.h"
#include "fact/evidence_kind.h"
#include "fact/guests.h"
#include "fact/watch.h"
#include "site/mapping.h"

#define KILL_AFTER_MS 2000           /* beyond the worker's own deadline */
#define DEFAULT_DEADLINE_MS 60000
#define AUTHORITIES_MAX (1024 * 1024)
#define FILE_MAX (INT64_C(512) * 1024 * 1024)

int target_port(const struct target_probe *tp, const struct target *t, const struct probe *probe)
{
    if (tp != NULL && tp->port > 0)
        return tp->port;
    if (t->port > 0 && t->n_probes <= 1)
        return t->port;
    if (probe->credential == CREDENTIAL_LDAP && t->scheme != NULL)
        return strcmp(t->scheme, "ldaps") == 0 ? 636 : 389;
    return probe_use_of(probe, tp == NULL ? NULL : tp->use).port;
}

static bool is_ssh(const struct jobrun *j)
{
    return j->item->probe->credential == CREDENTIAL_SSH;
}

/* --- permission, at the moment of asking ---------------------------------------------------------------------------------- */

int build_window(const struct build_env *env, struct jobrun *j, struct job *job, const char *method, const struct ip *at)
{
    int64_t now = clock_now();
    struct permit p;
    permit_ask(env->site, method, at, now, &p);
    int err = 0;
    if (!p.allowed) {
        jobrun_break(j, p.do_not_touch ? REASON_DO_NOT_TOUCH : REASON_NOT_PERMITTED, "%s", p.reason == NULL ? "" : p.reason);
        err = ERR_NOT_FOUND;
    } else {
        /* Nothing is sent after the window has closed: the worker ends a moment before, and at the latest it is killed then. */
        int64_t left_ms = p.until == INT64_MAX || p.until - now > j->allowed_ms ? INT64_MAX : (p.until - now) * 1000 - KILL_AFTER_MS;
        if (left_ms < j->allowed_ms) {
            j->allowed_ms = left_ms;
            job_add_int(job, "permitted_ms", left_ms);
        }
        if (j->allowed_ms <= 0) {
            jobrun_break(j, REASON_NOT_PERMITTED, "the permission ends in less than %d seconds", KILL_AFTER_MS / 1000 + 1);
            err = ERR_NOT_FOUND;
        }
    }
    permit_clear(&p);
    return err;
}

static int ask_permission(const struct build_env *env, struct jobrun *j, struct job *job)
{
    const struct plan_item *item = j->item;
    struct ip addr, *at = plan_item_address(item, &addr) ? &addr : NULL;
    const char *permission = plan_item_use(item).permission;
    const char *entry = permit_never_named(env->site, item->target->name, NULL);
    if (entry == NULL)
        entry = permit_never_named(env->site, item->target->host, NULL);
    if (entry != NULL) {             /* `trust` has no plan that said so before */
        jobrun_break(j, REASON_DO_NOT_TOUCH, "'%s' under never: names it: never touched", entry);
        return ERR_NOT_FOUND;
    }
    int err = build_window(env, j, job, permission, at);
    if (err == 0)
        permit_to_job(env->site, permission, clock_now(), job);
    return err;
}

/* --- what belongs to a kind of probe -------------------------------------------------------------------------------------- */

static int add_known_hosts(const struct build_env *env, struct jobrun *j, struct job *job, bool *known)
{
    struct buf bytes = BUF_INIT(KNOWN_HOSTS_MAX);
    int err = known_hosts_read(env->site->dir, &bytes);
    if (err != 0) {
        jobrun_break(j, REASON_INTERNAL, "known_hosts cannot be read: %s", err_text(err));
        buf_clear(&bytes);
        return ERR_NOT_FOUND;
    }
    *known = known_hosts_names(env->known_before != NULL ? env->known_before : buf_str(&bytes), j->host, j->port);
    job_add(job, "ssh.known_hosts", buf_str(&bytes), bytes.len);
    job_add_str(job, "ssh.accept", env->o->accept_new ? "new" : "strict");
    buf_clear(&bytes);
    return 0;
}

static int add_credential(const struct build_env *env, struct jobrun *j, struct job *job, bool with_password)
{
    const char *name = j->item->tp == NULL ? NULL : j->item->tp->credential;
    if (name == NULL || env->cred == NULL)
        return 0;
    char *why = NULL;
    int err = credentials_to_job(env->cred, name, with_password, job, &why);
    if (err != 0)
        jobrun_break(j, REASON_SECRET_UNAVAILABLE, "credential %s: %s", name, why != NULL ? why : err_text(err));
    free(why);
    if (err != 0)
        return ERR_NOT_FOUND;
    if (is_ssh(j) && credentials_uses_agent(env->cred, name))
        for (size_t i = 0; i < env->agent->n; i++)
            job_add(job, "ssh.agent_key", env->agent->v[i].blob, env->agent->v[i].len);
    const char *user = job_get(job, "ssh.user");
    j->user = xstrdup(user);
    return 0;
}

/* Authorities are public: no more is asked of the file than that it is small. */
static int add_authorities(const struct build_env *env, struct jobrun *j, struct job *job, const char *file)
{
    struct buf pem = BUF_INIT(AUTHORITIES_MAX);
    char *path = site_file_path(env->site, file);
    int err = file_read(path, AUTHORITIES_MAX, &pem);
    free(path);
    if (err == 0)
        job_add(job, "net.ca", pem.data, pem.len);
    else
        jobrun_break(j, err == -ENOENT ? REASON_FILE_MISSING : REASON_BAD_FILE, "%s: %s", file, err_text(err));
    buf_clear(&pem);
    return err == 0 ? 0 : ERR_NOT_FOUND;
}

/* What is asked about a DNS domain, and of whom. */
static void add_domain(const struct target_probe *tp, struct job *job)
{
    job_add_str(job, "dns.resolver", tp->resolver);
    if (tp->resolver_port > 0)
        job_add_int(job, "dns.resolver_port", tp->resolver_port);
    for (size_t i = 0; i < tp->n_selectors; i++)
        job_add_str(job, "dns.selector", tp->selectors[i]);
    job_add_str(job, "whois.host", tp->whois);
    if (tp->whois_port > 0)
        job_add_int(job, "whois.port", tp->whois_port);
}

static int add_endpoint(const struct build_env *env, struct jobrun *j, struct job *job)
{
    const struct target_probe *tp = j->item->tp;
    if (tp == NULL || tp->use == NULL)
        return 0;
    job_add_str(job, "net.use", tp->use);
    if (tp->tries > 0)
        job_add_int(job, "net.tries", tp->tries);
    add_domain(tp, job);
    int open = site_in_clinic_hours(env->site, clock_now());
    if (open >= 0)
        job_add_int(job, "net.in_clinic_hours", open);
    return tp->ca == NULL ? 0 : add_authorities(env, j, job, tp->ca);
}

static void add_device_rules(const struct build_env *env, struct job *job)
{
    if (env->device_rules != NULL && env->device_rules->len > 0)
        job_add(job, "snmp.rules", env->device_rules->data, env->device_rules->len);
}

static void add_guests(const struct site *site, struct job *job)
{
    if (site->guests_told)
        job_add_str(job, GUESTS_JOB_TOLD, "1");
    for (size_t i = 0; i < site->n_guest_networks; i++)
        job_add_str(job, GUESTS_JOB_KEY, site->guest_networks[i]);
}

static int build_networked(const struct build_env *env, struct jobrun *j, struct job *job)
{
    const struct plan_item *item = j->item;
    int err = ask_permission(env, j, job);
    if (err != 0)
        return err;
    j->host = xstrdup(item->target->host);
    j->port = target_port(item->tp, item->target, item->probe);
    job_add_str(job, "host", j->host);
    job_add_int(job, "port", j->port);
    job_add_str(job, "scheme", item->target->scheme);
    job_add_str(job, "tls.name", item->tp != NULL && item->tp->server_name != NULL ? item->tp->server_name : j->host);
    if (item->tp != NULL && item->tp->timeout_ms > 0)
        job_add_int(job, "timeout_ms", item->tp->timeout_ms);
    if (item->tp != NULL && item->tp->retries >= 0)
        job_add_int(job, "retries", item->tp->retries);
    if (item->probe->credential == CREDENTIAL_SNMP) {
        add_device_rules(env, job);
        add_guests(env->site, job);
    }
    if ((err = add_endpoint(env, j, job)) != 0)
        return err;
    bool known = true;
    if (is_ssh(j) && (err = add_known_hosts(env, j, job, &known)) != 0)
        return err;
    /* A password is not even in the memory of a worker that may meet a host nobody has seen. */
    return add_credential(env, j, job, known || !env->o->accept_new);
}

/* --- evidence ------------------------------------------------------------------------------------------------------------- */

static int file_hash(int fd, char hex[SHA256_HEX])
{
    uint8_t chunk[65536], digest[SHA256_LEN];
    struct sha256 *h = sha256_new();
    off_t at = 0;
    ssize_t n;
    while ((n = pread(fd, chunk, sizeof chunk, at)) > 0 || (n < 0 && errno == EINTR)) {
        if (n < 0)
            continue;
        sha256_add(h, chunk, (size_t)n);
        at += n;
    }
    sha256_end(h, digest);
    hex_encode(digest, sizeof digest, hex);
    return n < 0 ? -errno : 0;
}

/* Opens it as a regular file that is no link, and holds it against the index. */
static int open_evidence(const struct build_env *env, struct jobrun *j, const struct evidence *known, char hex[SHA256_HEX], int64_t *modified)
{
    char *path = site_file_path(env->site, j->item->target->file);
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), err = fd < 0 ? -errno : 0;
    free(path);
    struct stat st;
    if (err == 0 && fstat(fd, &st) != 0)
        err = -errno;
    if (err == 0 && !S_ISREG(st.st_mode))
        jobrun_break(j, REASON_BAD_FILE, "%s is not a regular file", j->item->target->file);
    else if (err == 0 && st.st_size > FILE_MAX)
        jobrun_break(j, REASON_BAD_FILE, "%s is larger than 512 MiB", j->item->target->file);
    else if (err == 0)
        err = file_hash(fd, hex);
    if (err != 0)
        jobrun_break(j, err == -ENOENT ? REASON_FILE_MISSING : REASON_BAD_FILE, "%s: %s", j->item->target->file, err_text(err));
    if (j->broken == REASON_NONE && known != NULL && known->sha256 != NULL && strcmp(known->sha256, hex) != 0)
        jobrun_break(j, REASON_FILE_CHANGED, "%s is not the file that was received (SHA-256 differs from evidence/index.yaml)", j->item->target->file);
    if (j->broken == REASON_NONE) {
        *modified = (int64_t)st.st_mtim.tv_sec;
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return ERR_NOT_FOUND;
}

/* Names under which a file may speak of a target: its own, and its address. */
static void add_aliases(const struct site *site, struct job *job)
{
    for (size_t i = 0; i < site->n_targets; i++) {
        const struct target *t = &site->targets[i];
        const char *const names[] = { t->name, t->host };
        for (size_t k = 0; k < N_ELEMENTS(names); k++) {
            if (names[k] == NULL)
                continue;
            char *alias = xasprintf("%s\t%s", names[k], t->name);
            job_add_str(job, "alias", alias);
            free(alias);
        }
    }
}

static int add_mapping(const struct build_env *env, struct jobrun *j, struct job *job)
{
    const struct fact_table *tables[MAPPING_MAX_TABLES];
    size_t n = 0;
    struct buf wire = BUF_INIT(MAPPING_MAX_WIRE);
    struct diags diags = DIAGS_INIT;
    int err = mapping_load(env->site->dir, j->item->target->as, env->site->timezone, &wire, tables, &n, &diags);
    if (err == 0)
        job_add(job, "file.mapping", wire.data, wire.len);
    else
        jobrun_break(j, REASON_NO_MAPPING, "%s: %s", j->item->target->as, diags.n > 0 ? diags.v[0].text : err_text(err));
    diags_clear(&diags);
    buf_clear(&wire);
    return err == 0 ? 0 : ERR_NOT_FOUND;
}

static int build_file(const struct build_env *env, struct jobrun *j, struct job *job, int *evidence_fd)
{
    const struct target *t = j->item->target;
    const struct evidence *known = site_evidence(env->site, t->file);
    char hex[SHA256_HEX], observed[ISO_LEN];
    int64_t modified = 0;
    int fd = open_evidence(env, j, known, hex, &modified);
    if (fd < 0)
        return ERR_NOT_FOUND;
    const struct evidence_kind *kind = evidence_kind_find(t->as);
    int err = kind == NULL ? add_mapping(env, j, job) : 0;
    if (kind != NULL && kind->device_rules)
        add_device_rules(env, job);
    if (err != 0) {
        close(fd);
        return err;
    }
    /* A file that nobody registered is as old as it says itself. */
    j->evidence_observed = known != NULL && known->observed != 0 ? known->observed : modified;
    if (env->store != NULL)
        err = store_evidence_put(env->store, env->site->key, t->file, hex, known == NULL ? "" : known->from, known == NULL ? NULL : known->covers,
                                 j->evidence_observed, known != NULL && known->received != 0 ? known->received : clock_now(), &j->evidence_id);
    if (err != 0) {
        jobrun_break(j, REASON_INTERNAL, "the file could not be registered: %s", err_text(err));
        close(fd);
        return ERR_NOT_FOUND;
    }
    iso_format(j->evidence_observed, observed);
    job_add_str(job, "file.name", t->file);
    job_add_str(job, "file.kind", t->as);
    job_add_str(job, "file.observed", observed);
    job_add_str(job, "file.encoding", t->encoding);
    job_add_str(job, "file.dates", date_order_name(t->dates));
    add_aliases(env->site, job);
    add_guests(env->site, job);
    *evidence_fd = fd;
    return 0;
}

/* --- watches -------------------------------------------------------------------------------------------------------------- */

/* When the clinic is open from now on for so long, to the minute. */
static void open_hours(const struct site *site, int64_t now, int64_t for_ms, struct watch *w)
{
    const int64_t minute = 60, until = now + for_ms / 1000 + minute;
    w->hours_known = site->n_clinic_hours > 0;
    for (int64_t t = now - now % minute; t <= until && w->hours_known; t += minute) {
        bool was = w->n_open > 0 && w->open[w->n_open - 1].until == t;
        if (site_in_clinic_hours(site, t) != 1 || (!was && w->n_open == WATCH_OPEN_MAX))
            continue;
        if (!was)
            w->open[w->n_open++].from = t;
        w->open[w->n_open - 1].until = t + minute;
    }
}

static void add_watch(const struct build_env *env, struct job *job)
{
    struct watch w = { .sample_ms = env->o->sample_ms, .every_ms = env->o->every_ms > 0 ? env->o->every_ms : env->o->sample_ms };
    open_hours(env->site, clock_now(), w.sample_ms, &w);
    watch_to_job(&w, job);
}

/* --- together ------------------------------------------------------------------------------------------------------------- */

void build_common(const struct build_env *env, const struct jobrun *j, struct job *job)
{
    job_add_str(job, "probe", j->item->probe->name);
    job_add_str(job, "target", j->item->target->name);
    job_add_str(job, "site", env->site->key);
    job_add_str(job, "mode", env->mode);
    for (size_t i = 0; i < j->n_tables; i++)
        job_add_str(job, "table", j->tables[i].table->name);
    job_add_int(job, "max_rows", j->max_rows);
    job_add_int(job, "max_bytes", j->max_bytes);
    if (env->o->fast)
        job_add_str(job, "fast", "1");
    if (env->o->require_sandbox)
        job_add_str(job, "require_sandbox", "1");
}

int build_job(const struct build_env *env, struct jobrun *j, struct job **out, int *evidence_fd)
{
    struct job *job = job_new();
    *evidence_fd = -1;
    j->allowed_ms = env->o->deadline_ms > 0 ? env->o->deadline_ms : j->item->probe->deadline_ms;
    if (j->allowed_ms <= 0)
        j->allowed_ms = DEFAULT_DEADLINE_MS;
    if (j->item->watch) {
        j->watch_ms = env->o->sample_ms;
        j->allowed_ms += env->o->sample_ms;
        add_watch(env, job);
    }
    build_common(env, j, job);
    int err = j->item->local_only ? build_file(env, j, job, evidence_fd) : build_networked(env, j, job);
    if (err != 0) {
        job_free(job);
        return err;
    }
    job_add_int(job, "deadline_ms", j->allowed_ms);
    j->allowed_ms += KILL_AFTER_MS;
    *out = job;
    return 0;
}
