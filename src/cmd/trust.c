/* preop trust: shows who answers, and records host keys that a person has compared. */
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "collect/collect.h"
#include "collect/known_hosts.h"
#include "report/style.h"

struct found { char *target, *host; int port; char *name, *algorithm, *kind, *verdict, *fingerprint, *detail; uint8_t *blob; size_t len; enum reason reason; };
struct founds { struct found *v; size_t n; };

static void take(void *ctx, const struct peer_seen *p)
{
    struct founds *f = ctx;
    f->v = xrealloc_array(f->v, f->n + 1, sizeof(*f->v));
    struct found *k = &f->v[f->n++];
    *k = (struct found){ .target = xstrdup(p->target->name), .host = xstrdup(p->host), .port = p->port, .name = xstrdup(p->name), .algorithm = xstrdup(p->algorithm), .kind = xstrdup(p->kind), .verdict = xstrdup(p->verdict),
                         .fingerprint = xstrdup(p->fingerprint), .detail = xstrdup(p->detail), .len = p->len, .reason = p->reason };
    if (p->len) {
        k->blob = xmalloc(p->len);
        memcpy(k->blob, p->blob, p->len);
    }
}

static void founds_clear(struct founds *f)
{
    for (size_t i = 0; i < f->n; i++) {
        struct found *k = &f->v[i];
        free(k->target);
        free(k->host);
        free(k->name);
        free(k->algorithm);
        free(k->kind);
        free(k->verdict);
        free(k->fingerprint);
        free(k->detail);
        free(k->blob);
    }
    free(f->v);
}

static bool is_new_key(const struct found *k)
{
    return k->kind && strcmp(k->kind, "ssh-hostkey") == 0 && k->blob && k->verdict && (strcmp(k->verdict, "unknown") == 0 || strcmp(k->verdict, "changed") == 0);
}

/* Fingerprints stand in full: they are there to be compared, digit by digit. */
static void show(struct page *p, const struct founds *f)
{
    bool certificates = false;
    for (size_t i = 0; i < f->n; i++) {
        const struct found *k = &f->v[i];
        if (!k->blob) {
            page_wrap(p, INK_WARN, 15, "%-14s %s%s%s", k->target, reason_info(k->reason)->text, k->detail && k->detail[0] ? ": " : "", k->detail ? k->detail : "");
            continue;
        }
        bool bad = strcmp(k->verdict, "changed") == 0 || strcmp(k->verdict, "revoked") == 0;
        certificates = certificates || strcmp(k->kind, "ssh-hostkey") != 0;
        page_line(p, bad ? INK_BAD : INK_PLAIN, "%-14s %s %s, %s", k->target, k->name, k->algorithm, k->verdict);
        page_wrap(p, bad ? INK_BAD : INK_STRONG, 15, "%-14s %s", "", k->fingerprint);
    }
    if (certificates)
        page_wrap(p, INK_DIM, 0, "Certificates are judged here by this machine's own authorities; a check uses those of the credential (tls: {ca: FILE}).");
}

static bool agreed(const struct args *a, size_t n)
{
    char answer[16];
    if (arg_flag(a, "yes"))
        return true;
    if (!isatty(STDIN_FILENO))
        return false;
    printf("\nCompare them with the clinic's own list, by telephone or on paper.\nRecord %s %zu %s in known_hosts? (yes/no) ", n == 1 ? "this" : "these", n, n == 1 ? "key" : "keys");
    fflush(stdout);
    return fgets(answer, sizeof(answer), stdin) && strcmp(answer, "yes\n") == 0;
}

static int record(struct args *a, const struct founds *f)
{
    size_t n_new = 0, n_changed = 0;
    for (size_t i = 0; i < f->n; i++) {
        n_new += is_new_key(&f->v[i]);
        n_changed += is_new_key(&f->v[i]) && strcmp(f->v[i].verdict, "changed") == 0;
    }
    if (n_new == 0)
        return EXIT_DONE;
    if (n_changed && !arg_flag(a, "replace"))
        return fail_usage("trust: %zu %s from the recorded one. Ask the clinic why; then: preop trust --replace TARGET", n_changed, n_changed == 1 ? "key differs" : "keys differ");
    if (!agreed(a, n_new)) {
        printf("Nothing was recorded. To record without being asked: --yes\n");
        return EXIT_DONE;
    }
    for (size_t i = 0; i < f->n; i++) {
        if (!is_new_key(&f->v[i]))
            continue;
        int err = strcmp(f->v[i].verdict, "changed") == 0 ? known_hosts_forget(args_dir(a), f->v[i].host, f->v[i].port) : 0;
        if (!err)
            err = known_hosts_add(args_dir(a), f->v[i].host, f->v[i].port, f->v[i].blob, f->v[i].len);
        if (err)
            return fail_err(err, "known_hosts cannot be written: %s", err_text(err));
    }
    printf("%zu %s recorded in known_hosts.\n", n_new, n_new == 1 ? "key" : "keys");
    return EXIT_DONE;
}

static int run(struct args *a)
{
    const char *const *rest;
    int status = EXIT_DONE;
    struct founds f = { 0 };
    struct zygote *z = NULL;
    struct collect_options o = { .fast = arg_flag(a, "fast") };
    o.n_targets = arg_rest(a, &rest);
    o.targets = (const char **)(uintptr_t)rest;
    struct site *site = args_site(a, &status);
    for (size_t i = 0; site && i < o.n_targets && !status; i++)
        if (!site_target(site, o.targets[i]))
            status = fail_target("trust", site, o.targets[i]);
    int err = site && !status ? zygote_start(&z) : 0;
    struct store *store = site && !status && !err ? args_store(a, STORE_WRITE, &status) : NULL;      /* its log: every question is kept */
    if (store)
        err = collect_peers(z, site, store, &o, take, &f);
    if (err)
        status = fail_err(err, "nobody could be asked: %s", err_text(err));
    if (site && !status) {
        struct page p = { .out = stdout };
        args_style(a, stdout, &p.style);
        show(&p, &f);
        status = record(a, &f);
        for (size_t i = 0; i < f.n; i++)
            if (!f.v[i].blob)
                status = exit_worse(status, EXIT_UNREACHED);
    }
    zygote_stop(z);
    store_close(store);
    founds_clear(&f);
    site_free(site);
    return status;
}

static const struct opt opts[] = {
    { "yes", 'y', OPT_FLAG, NULL, "record without asking: they have been compared" },
    { "replace", 0, OPT_FLAG, NULL, "also record keys that differ from the recorded ones" },
    { "fast", 0, OPT_FLAG, NULL, "no politeness limits" },
};

const struct cmd cmd_trust = {
    .name = "trust", .synopsis = "[TARGET...]", .summary = "Show host keys and certificates, and record the keys that you compared", .group = "prepare",
    .details = "Nothing is logged in to. Without TARGET: all that the site reads over ssh or ldap.", .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = -1, .no_output = true, .run = run,
};
