/* preop discover: what is there, in a safe order. Parent. */
#include <errno.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/path.h"
#include "cmd/commands.h"
#include "cmd/discover_page.h"
#include "cmd/progress.h"
#include "collect/discover.h"
#include "collect/vantage.h"
#include "site/merge.h"

#define YAML_MAX (64u << 20)

static const char *const formats[] = { "text", "json", NULL };

/* Everything that one discovery holds. */
struct job_of_discover {
    struct args *args;
    struct site *site;
    struct zygote *zygote;
    struct credentials *cred;
    struct store *store;
    struct makers *makers;
    struct deny *deny;
    struct own_link *link;
    struct discovery *d;
    struct discover_options o;
    struct cidr *networks;
    struct ip *gear;
    bool locked;
};

static int own_link(struct args *a)
{
    struct own_link *l = own_link_read(arg_text(a, "interface"));
    if (!l)
        return fail_usage("discover: there is no interface '%s'", arg_text(a, "interface"));
    struct page p = { .out = args_output(a) };
    if (!p.out) {
        own_link_free(l);
        return EXIT_USAGE;
    }
    if (args_format(a) == 1) {
        struct buf b = BUF_INIT(64 * 1024);
        vantage_json(arg_text(a, "from"), l, &b);
        fprintf(p.out, "%s\n", buf_str(&b));
        buf_clear(&b);
    } else {
        args_style(a, p.out, &p.style);
        discover_put_own_link(&p, l, arg_text(a, "from"));
    }
    own_link_free(l);
    return args_output_close(a, p.out, EXIT_DONE);
}

static void clear(struct job_of_discover *j)
{
    discover_free(j->d);
    zygote_stop(j->zygote);
    credentials_free(j->cred);
    if (j->locked)
        store_unlock_site(j->store);
    store_close(j->store);
    makers_free(j->makers);
    deny_free(j->deny);
    own_link_free(j->link);
    site_free(j->site);
    free(j->networks);
    free(j->gear);
}

static int take_options(struct job_of_discover *j)
{
    const struct args *a = j->args;
    const char *const *list;
    long long number;
    struct discover_options *o = &j->o;
    *o = (struct discover_options){ .fast = arg_flag(a, "fast"), .require_sandbox = arg_flag(a, "require-sandbox"), .resume = arg_flag(a, "resume"), .without_names = arg_flag(a, "without-names"), .vantage = arg_text(a, "from") };
    if (arg_int(a, "jobs", &number))
        o->jobs = (int)(number > 10000 ? 10000 : number);
    size_t n = arg_rest(a, &list);
    j->networks = xcalloc(n + 1, sizeof(*j->networks));
    for (size_t i = 0; i < n; i++)
        if (!cidr_parse(list[i], false, &j->networks[o->n_networks++]))
            return fail_usage("discover: '%s' is no network like 10.20.0.0/22, nor an address", list[i]);
    o->networks = j->networks;
    n = arg_list(a, "gear", &list);
    j->gear = xcalloc(n + 1, sizeof(*j->gear));
    for (size_t i = 0; i < n; i++)
        if (!ip_parse(list[i], &j->gear[o->n_gear++]))
            return fail_usage("discover: --gear takes the address of a gateway or switch, not '%s'", list[i]);
    o->gear = j->gear;
    return 0;
}

static int load_inputs(struct job_of_discover *j)
{
    struct diags d = DIAGS_INIT;
    int status = 0;
    j->site = args_site(j->args, &status);
    if (!j->site)
        return status;
    j->makers = makers_load(arg_text(j->args, "makers"), &d);
    j->deny = deny_load(args_dir(j->args), &d);
    int err = d.n_errors == 0 ? zygote_start(&j->zygote) : 0;    /* before any credential is read */
    if (err)
        status = fail_err(err, "the worker process cannot be started: %s", err_text(err));
    if (d.n_errors == 0 && !err)
        j->cred = credentials_load(args_dir(j->args), &d);
    j->link = own_link_read(arg_text(j->args, "interface"));
    diags_print(&d, stderr);
    if (!status && (!j->makers || !j->deny || !j->cred))
        status = EXIT_USAGE;
    else if (!status && !j->link)
        status = fail_usage("discover: there is no interface '%s'", arg_text(j->args, "interface"));
    diags_clear(&d);
    return status;
}

static int open_store(struct job_of_discover *j)
{
    int status = 0;
    char *why = NULL;
    j->store = args_store(j->args, STORE_WRITE, &status);        /* its log: every question is kept */
    if (!j->store)
        return status;
    int err = store_lock_site(j->store, j->site->key, &why);
    if (err)
        status = fail_err(err, "%s", why ? why : err_text(err));
    j->locked = !err;
    free(why);
    return status;
}

static int make(struct job_of_discover *j)
{
    struct diags d = DIAGS_INIT;
    j->d = discover_new(j->site, j->cred, j->store, j->makers, j->deny, j->link, &j->o, &d);
    diags_print(&d, stderr);
    diags_clear(&d);
    return j->d ? 0 : EXIT_USAGE;
}

static int dry_run(struct job_of_discover *j)
{
    struct page p = { .out = args_output(j->args) };
    if (!p.out)
        return EXIT_USAGE;
    args_style(j->args, p.out, &p.style);
    discover_put_dry_run(&p, j->d);
    return args_output_close(j->args, p.out, EXIT_DONE);
}

static int write_file(struct job_of_discover *j, const struct moves *moves)
{
    struct buf b = BUF_INIT(YAML_MAX);
    char *path = path_join(args_dir(j->args), DISCOVERED_FILE);
    discover_render(j->d, moves, &b);
    int err = b.overflow ? ERR_LIMIT : file_write_atomic(path, buf_str(&b), b.len, 0600);
    int status = err ? fail_err(err, "%s cannot be written: %s", path, err_text(err)) : EXIT_DONE;
    free(path);
    buf_clear(&b);
    return status;
}

static int report(struct job_of_discover *j)
{
    struct moves moves = { 0 };
    struct discover_notes notes;
    discover_sort(j->d);
    discover_join(j->d);
    int err = discover_moves(j->d, &moves);
    int status = err ? fail_err(err, "earlier runs cannot be read: %s", err_text(err)) : write_file(j, &moves);
    if (!status && !arg_flag(j->args, "quiet")) {
        struct page p = { .out = stdout };
        args_style(j->args, stdout, &p.style);
        discover_put_result(&p, j->d, &moves);
    }
    moves_clear(&moves);
    discover_notes(j->d, &notes);
    return notes.n > 0 ? exit_worse(status, EXIT_UNREACHED) : status;
}

static int carry_out(struct job_of_discover *j)
{
    progress_init(arg_flag(j->args, "quiet"));
    int err = discover_run(j->d, j->zygote, progress_show, NULL);
    progress_end();
    if (err == ERR_NOT_FOUND)
        return fail_usage("discover: there is no interrupted discovery of %s to go on with", j->site->key);
    if (err == ERR_FORMAT)
        return fail_usage("discover: the interrupted discovery was of other networks, or of another version of preop: start anew, without --resume");
    if (err == ERR_LIMIT)
        return fail_usage("discover: the interrupted discovery was begun more than 24 hours ago: start anew, without --resume");
    if (err && err != ERR_INTERRUPTED)
        return fail_err(err, "the discovery could not be done: %s", err_text(err));
    int status = report(j);
    if (err == ERR_INTERRUPTED)
        fprintf(stderr, "preop: interrupted; what is known stands in " DISCOVERED_FILE ". Go on with preop discover --resume\n");
    return err == ERR_INTERRUPTED ? exit_worse(status, EXIT_NOT_DONE) : status;
}

static int merge(struct args *a)
{
    struct diags d = DIAGS_INIT;
    size_t n = 0;
    int err = site_merge_discovered(args_dir(a), &n, &d);
    diags_print(&d, stderr);
    if (!err && !arg_flag(a, "quiet"))
        printf(n == 0 ? "Nothing new: site.yaml has all of it.\n" : "%zu %s added to site.yaml; nothing that stood there was changed.\n", n, n == 1 ? "target" : "targets");
    diags_clear(&d);
    return exit_for_err(err);
}

static int run(struct args *a)
{
    const char *const *rest;
    if (arg_flag(a, "own-link"))
        return arg_rest(a, &rest) == 0 ? own_link(a) : fail_usage("discover: --own-link sends nothing, so it takes no network");
    if (args_format(a) == 1)
        return fail_usage("discover: --format json is for --own-link; what is found is written to " DISCOVERED_FILE);
    if (arg_flag(a, "merge") && arg_rest(a, &rest) == 0)
        return merge(a);
    struct job_of_discover j = { .args = a };
    int status = take_options(&j);
    if (!status)
        status = load_inputs(&j);
    if (!status && !arg_flag(a, "dry-run"))
        status = open_store(&j);
    if (!status)
        status = make(&j);
    if (!status)
        status = arg_flag(a, "dry-run") ? dry_run(&j) : carry_out(&j);
    clear(&j);
    return !status && arg_flag(a, "merge") && !arg_flag(a, "dry-run") ? merge(a) : status;
}

static const struct opt opts[] = {
    { "own-link", 0, OPT_FLAG, NULL, "only what this machine's own link knows: needs no permission, sends nothing" },
    { "dry-run", 0, OPT_FLAG, NULL, "one page: what would be sent to whom, what is never touched. Nothing is sent" },
    { "gear", 0, OPT_LIST, "ADDRESS", "a gateway or switch to ask for its tables, beside those of site.yaml and our own gateway" },
    { "makers", 0, OPT_TEXT, "FILE", "the table of makers of network interfaces (default: that of the package ieee-data)" },
    { "merge", 0, OPT_FLAG, NULL, "add the targets of discovered.yaml to site.yaml; without NETWORK nothing is sent" },
    { "resume", 0, OPT_FLAG, NULL, "go on with the discovery that was interrupted" },
    { "without-names", 0, OPT_FLAG, NULL, "ask also whose name nobody could look up, though never: has names" },
    { "fast", 0, OPT_FLAG, NULL, "no politeness limits" },
    { "jobs", 0, OPT_INT, "N", "addresses at a time (default 8)" },
    { "require-sandbox", 0, OPT_FLAG, NULL, "refuse where the kernel cannot lock workers in" },
    { "interface", 0, OPT_TEXT, "NAME", "the interface to look from (default: that of the default route)" },
    { "from", 0, OPT_TEXT, "LABEL", "where this is, in a person's words: \"wall port room 4\"" },
};

const struct cmd cmd_discover = {
    .name = "discover", .synopsis = "[NETWORK...]", .summary = "Find what is there, in a safe order, and write it to discovered.yaml", .group = "prepare",
    .details = "1. What our own link knows; 2. gateways and switches, for their ARP, forwarding, neighbour and routing tables; 3. only then addresses whose maker is\n"
               "known from there and is none of medical devices. An address of unknown maker is asked only where site.yaml permits the method sweep. Without NETWORK:\n"
               "all networks that site.yaml permits. Then read discovered.yaml, and take it over with preop discover --merge.",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = -1, .formats = formats, .run = run,
};
