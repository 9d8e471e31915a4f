/* preop check: the main job. Permit, probe, store, evaluate, score, print. Parent. */
#include <inttypes.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "checklist/assess.h"
#include "checklist/pinned.h"
#include "checklist/score.h"
#include "cmd/commands.h"
#include "cmd/progress.h"
#include "collect/collect.h"
#include "collect/people.h"
#include "collect/vantage.h"
#include "fact/form.h"
#include "fact/watch.h"
#include "report/report.h"
#include "site/permit.h"

#define RESUME_LIMIT_S (24 * 3600)

static const char *const formats[] = { "text", "json", NULL };

/* Everything that one check holds; cleared in one place. */
struct job_of_check {
    struct args *args;
    int format;
    struct site *site;
    struct checklists *lists;
    struct zygote *zygote;
    struct credentials *cred;
    struct plan *plan;
    struct store *store;
    struct collect_options options;
    const struct fact_table **gate_tables;
    struct collect_result collected;
    struct run run;                  /* the one that is made or resumed */
    int64_t previous;                /* the site's newest sealed run, 0 for none */
    bool locked;
};

static void clear(struct job_of_check *j)
{
    collect_result_clear(&j->collected);
    run_clear(&j->run);
    plan_free(j->plan);
    free(j->gate_tables);
    zygote_stop(j->zygote);
    credentials_free(j->cred);
    if (j->locked)
        store_unlock_site(j->store);
    if (j->store)
        store_close(j->store);
    checklists_free(j->lists);
    site_free(j->site);
}

static void take_options(struct job_of_check *j)
{
    const struct args *a = j->args;
    struct collect_options *o = &j->options;
    const char *const *list;
    long long number;
    o->offline = arg_flag(a, "offline");
    o->fast = arg_flag(a, "fast");
    o->accept_new = arg_flag(a, "accept-new");
    o->require_sandbox = arg_flag(a, "require-sandbox");
    o->failed_only = arg_flag(a, "failed");
    o->vantage = arg_text(a, "from");
    if (arg_int(a, "jobs", &number))
        o->jobs = (int)(number > 10000 ? 10000 : number);
    if (arg_int(a, "deadline", &number))
        o->deadline_ms = number * 1000;
    o->n_targets = arg_list(a, "target", &list);
    o->targets = (const char **)(uintptr_t)list;
    o->n_probes = arg_list(a, "probe", &list);
    o->probes = (const char **)(uintptr_t)list;
    o->n_retry_credentials = arg_list(a, "retry-credential", &list);
    o->retry_credentials = (const char **)(uintptr_t)list;
}

static int take_time(const struct args *a, const char *name, int64_t min_ms, int64_t max_ms, const char *bounds, int64_t *out)
{
    const char *text = arg_text(a, name);
    long long ms;
    if (!text)
        return 0;
    if (!text_parse_duration(text, max_ms, &ms) || ms < min_ms)
        return fail_usage("check: --%s is a time like 30s, 5m or 8h, %s, not '%s'", name, bounds, text);
    *out = ms;
    return 0;
}

/* --sample and --every. */
static int take_watch(struct job_of_check *j)
{
    struct collect_options *o = &j->options;
    int status = take_time(j->args, "sample", WATCH_SAMPLE_MIN_MS, WATCH_SAMPLE_MAX_MS, "from 1s to 21d", &o->sample_ms);
    if (!status)
        status = take_time(j->args, "every", WATCH_EVERY_MIN_MS, WATCH_EVERY_MAX_MS, "from 1s to 1h", &o->every_ms);
    if (!status && o->every_ms > 0 && o->sample_ms == 0)
        return fail_usage("check: --every says how often --sample reads: give --sample too, as in --sample 8h --every 60s");
    if (!status && o->every_ms > o->sample_ms)
        return fail_usage("check: --every is longer than --sample");
    return status;
}

static int check_names(const struct job_of_check *j)
{
    for (size_t i = 0; i < j->options.n_targets; i++)
        if (!site_target(j->site, j->options.targets[i]))
            return fail_target("check", j->site, j->options.targets[i]);
    for (size_t i = 0; i < j->options.n_probes; i++)
        if (!probe_find(j->options.probes[i]))
            return fail_usage("check: no probe '%s'; there are snmp, ssh, ldap, net, file", j->options.probes[i]);
    const char *fail_on = arg_text(j->args, "fail-on");
    if (fail_on && strcmp(fail_on, "no-go") != 0 && strcmp(fail_on, "unproven") != 0 && strcmp(fail_on, "regression") != 0)
        return fail_usage("check: --fail-on is no-go, unproven or regression, not '%s'", fail_on);
    const char *label = arg_text(j->args, "label");
    if (label && (!label[0] || strlen(label) > 64 || strspn(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != strlen(label)))
        return fail_usage("check: a label has up to 64 letters, digits, '.', '_', '-': '%s'", label);
    return 0;
}

/* --gate M: only the tables that the checks of that milestone and of the earlier ones judge are asked; the rest is carried. */
static int narrow_to_gate(struct job_of_check *j)
{
    const char *gate = arg_text(j->args, "gate");
    if (!gate)
        return 0;
    int upto = milestone_order(j->site, gate);
    if (upto < 0)
        return fail_milestone("check", j->site, gate);
    j->gate_tables = xcalloc(fact_n_tables + 1, sizeof(const struct fact_table *));
    size_t n = 0;
    for (size_t t = 0; t < fact_n_tables; t++) {
        bool needed = false;
        for (size_t k = 0; k < j->lists->n_checks && !needed; k++) {
            const struct check *c = &j->lists->checks[k];
            int order = c->gate ? milestone_order(j->site, c->gate) : -1;
            bool gates = order >= 0 && order <= upto && check_gates(c, j->site->plan);
            needed = gates && (!c->facts || c->facts == fact_tables[t]);     /* a query may read any table */
        }
        if (needed)
            j->gate_tables[n++] = fact_tables[t];
    }
    if (n == 0)
        return fail_usage("check: no check of this site's lists must hold before '%s'", gate);
    j->options.tables = j->gate_tables;
    j->options.n_tables = n;
    return 0;
}

/* A name that is misspelt would leave the credential ended, and say nothing. */
static int check_retries(const struct job_of_check *j)
{
    for (size_t i = 0; i < j->options.n_retry_credentials; i++) {
        const char *name = j->options.retry_credentials[i];
        if (credentials_has(j->cred, name))
            continue;
        const char *near = credentials_nearest(j->cred, name);
        return fail_usage("check: no credential '%s' in credentials.yaml%s%s%s", name, near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
    }
    return 0;
}

static int load_inputs(struct job_of_check *j)
{
    struct diags d = DIAGS_INIT;
    int status = 0;
    j->site = args_site(j->args, &status);
    if (!j->site)
        return status;
    status = check_names(j);
    if (status)
        return status;
    j->lists = checklists_load(j->site, &d);
    int err = j->lists ? zygote_start(&j->zygote) : 0;   /* before any credential is read */
    if (err)
        status = fail_err(err, "the worker process cannot be started: %s", err_text(err));
    if (j->lists && !err)
        j->cred = credentials_load(args_dir(j->args), &d);
    diags_print(&d, stderr);
    if (!status && (!j->lists || !j->cred))
        status = EXIT_USAGE;
    diags_clear(&d);
    return status ? status : check_retries(j);
}

static int make_plan(struct job_of_check *j)
{
    struct diags d = DIAGS_INIT;
    int status = narrow_to_gate(j);
    if (status)
        return status;
    j->plan = plan_make(j->site, j->cred, j->store, &j->options, clock_now(), &d);
    diags_print(&d, stderr);
    diags_clear(&d);
    return j->plan ? 0 : EXIT_USAGE;
}

/* --- the page to sign --- */

/* Nothing of it is cut: it is to be signed. */
static void put_watch(struct buf *what, const struct collect_options *o)
{
    char whole[64], every[64];
    human_duration(o->sample_ms, whole, sizeof(whole));
    human_duration(o->every_ms, every, sizeof(every));
    if (o->every_ms > 0 && o->every_ms < o->sample_ms)
        buf_printf(what, ", watched for %s, read every %s", whole, every);
    else
        buf_printf(what, ", read twice, %s apart", whole);
}

static void put_item(struct page *p, const struct plan_item *item, const struct collect_options *o)
{
    struct buf what = BUF_INIT(4096);
    if (item->reason != REASON_NONE) {
        buf_printf(&what, "%s%s%s", reason_info(item->reason)->text, item->detail ? ": " : "", item->detail ? item->detail : "");
    } else {
        if (item->tp && item->tp->credential)
            buf_printf(&what, "as %s: ", item->tp->credential);
        for (size_t i = 0; i < item->n_tables; i++)
            buf_printf(&what, "%s%s", i ? ", " : "", item->tables[i]->name);
        if (item->watch)
            put_watch(&what, o);
    }
    page_wrap(p, item->reason == REASON_NONE ? INK_PLAIN : INK_WARN, 41, "  %-14s %-17s %-5s %s", item->target->name,
              item->target->host ? item->target->host : item->target->file, item->probe->name, buf_str(&what));
    buf_clear(&what);
}

static void put_permission(struct page *p, const struct site *s)
{
    struct buf b = BUF_INIT(8192);
    permit_summary(s, clock_now(), &b);
    page_wrap(p, INK_PLAIN, 12, "Permission  %s", buf_str(&b));
    buf_reset(&b);
    for (size_t i = 0; i < s->n_authorizations; i++) {
        const struct authorization *a = &s->authorizations[i];
        for (size_t k = 0; k < a->n_never; k++) {
            char text[CIDR_TEXT];
            cidr_format(&a->never[k], text);
            buf_printf(&b, "%s%s", b.len ? ", " : "", text);
        }
        if (a->stop_contact)
            page_wrap(p, INK_STRONG, 12, "To stop it  call %s, or press Ctrl-C on the laptop: nothing is sent after 2 seconds", a->stop_contact);
    }
    page_wrap(p, INK_PLAIN, 12, "Never       %s%snothing is changed, no file contents, no patient data, no password guessed; a refused password is not tried again", buf_str(&b), b.len ? "; " : "");
    buf_clear(&b);
}

static int dry_run(struct job_of_check *j)
{
    FILE *out = args_output(j->args);
    struct page p = { .out = out };
    if (!out)
        return EXIT_USAGE;
    args_style(j->args, out, &p.style);
    page_line(&p, INK_STRONG, "%s: what preop would ask, of whom. Nothing has been sent.", j->site->name);
    put_permission(&p, j->site);
    if (j->options.fast)
        page_line(&p, INK_WARN, "How often   as fast as the machine can (--fast)");
    else
        page_line(&p, INK_PLAIN, "How often   at most 50 packets/s and %d targets at a time; each target once", j->options.jobs ? j->options.jobs : 8);
    page_heading(&p, "ASKED", "");
    for (size_t i = 0; i < j->plan->n; i++)
        if (j->plan->items[i].reason == REASON_NONE)
            put_item(&p, &j->plan->items[i], &j->options);
    bool headed = false;
    for (size_t i = 0; i < j->plan->n; i++) {
        const struct plan_item *item = &j->plan->items[i];
        if (item->reason == REASON_NONE || item->reason == REASON_NOT_WATCHED)       /* nobody wanted a watch */
            continue;
        if (!headed)
            page_heading(&p, "NOT ASKED", "");
        headed = true;
        put_item(&p, item, &j->options);
    }
    page_blank(&p);
    page_line(&p, INK_PLAIN, "Every question word for word: preop explain --probe snmp (ssh, ldap, net, file)");
    page_blank(&p);
    page_line(&p, INK_PLAIN, "Agreed: ______________________________   Date: ______________");
    return args_output_close(j->args, out, EXIT_DONE);
}

/* --- the run --- */

static int find_previous(struct job_of_check *j)
{
    struct run prev = { 0 };
    char *why = NULL;
    int err = store_run_find(j->store, j->site->key, NULL, false, &prev, &why);
    j->previous = err ? 0 : prev.id;
    run_clear(&prev);
    free(why);
    return err == ERR_NOT_FOUND ? 0 : err;
}

static char *narrowed_text(const struct job_of_check *j)
{
    const struct collect_options *o = &j->options;
    struct buf b = BUF_INIT(4096);
    if (o->offline)
        buf_puts(&b, "files and sheets (--offline)");
    if (o->failed_only)
        buf_printf(&b, "%swhat could not be read before", b.len ? "; " : "");
    for (size_t i = 0; i < o->n_targets; i++)
        buf_printf(&b, "%s%s", b.len ? (i ? ", " : "; ") : "", o->targets[i]);
    for (size_t i = 0; i < o->n_probes; i++)
        buf_printf(&b, "%s%s", b.len ? (i ? ", " : "; ") : "", o->probes[i]);
    if (arg_text(j->args, "gate"))
        buf_printf(&b, "%swhat decides %s", b.len ? "; " : "", arg_text(j->args, "gate"));
    return buf_take(&b);
}

static int begin_run(struct job_of_check *j)
{
    struct buf b = BUF_INIT(8192);
    struct run *r = &j->run;
    r->site = xstrdup(j->site->key);
    r->site_name = xstrdup(j->site->name);
    r->stage = xstrdup(stage_name(j->site->stage));
    r->label = xstrdup(arg_text(j->args, "label") ? arg_text(j->args, "label") : "");
    r->narrowed = narrowed_text(j);
    r->partial = r->narrowed[0] != '\0';
    vantage_describe(j->options.vantage, j->options.offline, &b);
    r->vantage = xstrdup(buf_str(&b));
    buf_reset(&b);
    permit_summary(j->site, clock_now(), &b);
    r->authorization = xstrdup(buf_str(&b));
    buf_reset(&b);
    buf_printf(&b, "{\"fast\":%s,\"offline\":%s,\"accept_new\":%s}", j->options.fast ? "true" : "false", j->options.offline ? "true" : "false", j->options.accept_new ? "true" : "false");
    r->options = xstrdup(buf_str(&b));
    r->version = xstrdup(PACKAGE_VERSION);
    buf_clear(&b);
    int err = store_run_begin(j->store, r);
    if (!err)
        err = pinned_put(j->store, r->id, j->site, j->lists);
    return err ? fail_err(err, "the run cannot be begun: %s", err_text(err)) : 0;
}

/* --resume: the interrupted run's own pinned inputs; only what is missing, failed or partial is asked. */
static int resume_run(struct job_of_check *j)
{
    char *why = NULL;
    int err = store_run_find(j->store, j->site->key, NULL, true, &j->run, &why);
    if (err || strcmp(j->run.state, "interrupted") != 0) {
        free(why);
        return fail_usage("check: there is no interrupted run of %s to go on with", j->site->key);
    }
    if (clock_now() - j->run.started > RESUME_LIMIT_S && !arg_flag(j->args, "resume-old"))
        return fail_usage("check: run %" PRId64 " was begun more than 24 hours ago: what it saw is old. Start anew, or say --resume-old", j->run.id);
    struct pinned pinned;
    err = pinned_load(j->store, j->run.id, &pinned, &why);
    if (err) {
        int status = fail_err(err, "run %" PRId64 " cannot go on: %s", j->run.id, why ? why : err_text(err));
        free(why);
        return status;
    }
    if (!permit_same(pinned.site, j->site)) {    /* what was allowed then may be forbidden now */
        pinned_clear(&pinned);
        return fail_usage("check: the authorization in site.yaml is not what it was when run %" PRId64 " was begun: start a new check", j->run.id);
    }
    /* targets and permission are the pinned ones; the folder is still where known_hosts and evidence lie */
    pinned.site->dir = arena_strdup(pinned.site->arena, j->site->dir);
    checklists_free(j->lists);
    site_free(j->site);
    j->site = pinned.site;
    j->lists = pinned.checklists;
    err = store_run_reopen(j->store, j->run.id);
    return err ? fail_err(err, "run %" PRId64 " cannot go on: %s", j->run.id, err_text(err)) : 0;
}

static int open_store(struct job_of_check *j)
{
    int status = 0;
    char *why = NULL;
    j->store = args_store(j->args, STORE_WRITE, &status);
    if (!j->store)
        return status;
    int err = store_lock_site(j->store, j->site->key, &why);
    if (err) {
        status = fail_err(err, "%s", why ? why : err_text(err));
        free(why);
        return status;
    }
    j->locked = true;
    for (size_t i = 0; i < j->options.n_retry_credentials && !err; i++)
        err = store_credential_retry(j->store, j->site->key, j->options.retry_credentials[i]);
    if (!err)
        err = store_sweep(j->store);
    if (!err)
        err = find_previous(j);
    return err ? fail_err(err, "the store cannot be used: %s", err_text(err)) : 0;
}

/* The run stays as it is, to be gone on with. */
static int stopped(struct job_of_check *j, int err, const char *what)
{
    int again = store_run_mark_interrupted(j->store, j->run.id);
    if (again)
        log_error("run %" PRId64 " cannot be marked as interrupted: %s", j->run.id, err_text(again));
    return fail_err(err, "run %" PRId64 " %s: %s; what is complete is kept: preop check --resume", j->run.id, what, err_text(err));
}

/* With every run, however it is narrowed: nothing has to be asked over the network for it. */
static int take_people(struct job_of_check *j)
{
    const struct fact_table **wanted = xcalloc(n_forms + 1, sizeof(const struct fact_table *));
    size_t n = checklists_people_tables(j->lists, wanted);
    int err = collect_people(j->store, j->run.id, j->site, wanted, n, j->run.as_of);
    free(wanted);
    return err;
}

static int collect(struct job_of_check *j)
{
    progress_init(arg_flag(j->args, "quiet"));
    int err = collect_run(j->zygote, j->plan, j->site, j->cred, j->store, j->run.id, &j->options, progress_show, NULL, &j->collected);
    progress_end();
    if (!err)
        err = take_people(j);
    if (err)
        return stopped(j, err, "stopped");
    return j->collected.interrupted ? stopped(j, ERR_INTERRUPTED, "stopped") : 0;
}

/* --- the end --- */

static bool is_regression(const struct report *r)
{
    for (size_t i = 0; r->changes && i < r->changes->n_findings; i++)
        if (r->changes->findings[i].change <= CHANGE_REGRESSED)
            return true;
    return false;
}

static bool gate_is(const struct report *r, const char *verdict, const char *only)
{
    for (size_t i = 0; i < r->n_gates; i++)
        if (strcmp(r->gates[i].row->verdict, verdict) == 0 && (!only || strcmp(only, r->gates[i].row->milestone) == 0))
            return true;
    return false;
}

static int readiness(const struct job_of_check *j, const struct report *r)
{
    const char *fail_on = arg_text(j->args, "fail-on"), *gate = arg_text(j->args, "gate");
    if (!fail_on)
        return EXIT_DONE;
    bool bad = strcmp(fail_on, "regression") == 0 ? is_regression(r) : gate_is(r, "NO-GO", gate);
    if (strcmp(fail_on, "unproven") == 0)
        bad = bad || gate_is(r, "UNPROVEN", gate);
    return bad ? EXIT_READINESS : EXIT_DONE;
}

/* In this run, also in the part of it before it was gone on with; what is carried was another run's to tell. */
static bool is_unreached(const struct report *r)
{
    for (size_t i = 0; i < r->n_collections; i++)
        if (!r->collections[i].carried && reason_unreached(r->collections[i].state, r->collections[i].reason))
            return true;
    return false;
}

/* Under -q a run that changed nothing says nothing, unless a file or a program wants the result: cron sends no mail then. */
static bool silent(const struct job_of_check *j, const struct report *r)
{
    if (!arg_flag(j->args, "quiet") || !r->changes || j->format != 0 || arg_text(j->args, "output"))
        return false;
    for (size_t i = 0; i < r->changes->n_findings; i++)
        if (r->changes->findings[i].change != CHANGE_STILL_FAILING)
            return false;
    return r->changes->before.low == r->changes->after.low && r->changes->before.high == r->changes->after.high;
}

static int print_page(struct job_of_check *j, const struct report *r, int status)
{
    FILE *out = args_output(j->args);
    struct style style;
    if (!out)
        return EXIT_USAGE;
    char *log = store_asked_log_path(j->store, j->run.id);
    struct check_notes notes = { .dir = arg_text(j->args, "directory"), .n_questions = j->collected.n_questions,
                                 .asked_log = log, .ms = j->collected.ms, .no_view = j->collected.no_view_of_clinic, .exit_status = status };
    args_style(j->args, out, &style);
    if (j->format == 1)
        report_json(r, out);
    else
        report_check_page(r, &notes, &style, out);
    free(log);
    return args_output_close(j->args, out, status);
}

static int judge_and_print(struct job_of_check *j)
{
    char seal[SHA256_HEX], *why = NULL;
    struct report *r = NULL;
    int err = assess_run(j->store, j->run.id, j->previous, j->site, j->lists, seal);
    if (err)
        return stopped(j, err, "could not be judged");
    err = report_load(j->store, j->run.id, true, &r, &why);
    if (err) {
        int status = fail_err(err, "%s", why ? why : err_text(err));
        free(why);
        return status;
    }
    int status = readiness(j, r);
    if (is_unreached(r))
        status = exit_worse(status, EXIT_UNREACHED);
    if (!silent(j, r))
        status = print_page(j, r, status);
    report_free(r);
    return status;
}

/* The page to sign knows what the store knows, which credential was refused and what --failed leaves out, and makes none. */
static int peek_into_store(struct job_of_check *j)
{
    char *why = NULL;
    int err = store_open(&j->store, arg_text(j->args, "db"), STORE_READ, &why);
    int status = err && err != ERR_NOT_FOUND ? fail_err(err, "%s", why ? why : err_text(err)) : 0;
    if (err)
        j->store = NULL;
    free(why);
    return status;
}

static int prepare(struct job_of_check *j)
{
    int status = args_output_possible(j->args) ? load_inputs(j) : EXIT_USAGE;
    if (!status && arg_flag(j->args, "dry-run")) {
        status = peek_into_store(j);
        if (!status)
            status = make_plan(j);
        return status ? status : dry_run(j);
    }
    if (!status)
        status = open_store(j);
    if (!status && arg_flag(j->args, "resume"))
        status = resume_run(j);
    if (!status)
        status = make_plan(j);
    if (!status && !arg_flag(j->args, "resume"))
        status = begin_run(j);
    return status;
}

static int run(struct args *a)
{
    struct job_of_check j = { .args = a };
    j.format = args_format(a);
    take_options(&j);
    int status = take_watch(&j);
    if (!status)
        status = prepare(&j);
    if (!status && !arg_flag(a, "dry-run"))
        status = collect(&j);
    if (!status && !arg_flag(a, "dry-run"))
        status = judge_and_print(&j);
    if (j.lists && arg_flag(a, "quiet") && !arg_flag(a, "dry-run"))
        args_records_new(j.site, j.lists, j.store, j.run.id);
    else if (j.lists)
        args_records(j.site, j.lists, j.store);
    clear(&j);
    return status;
}

static const struct opt opts[] = {
    { "dry-run", 0, OPT_FLAG, NULL, "one page to sign: who would be asked what; sends nothing" },
    { "label", 0, OPT_TEXT, "LABEL", "a name for this run, used as @LABEL" },
    { "from", 0, OPT_TEXT, "WHERE", "from where we look: \"wall port room 4\"" },
    { "offline", 0, OPT_FLAG, NULL, "files, sheets and answers only; opens no socket" },
    { "failed", 0, OPT_FLAG, NULL, "only what could not be read in the last run" },
    { "gate", 0, OPT_TEXT, "MILESTONE", "only what decides this milestone" },
    { "target", 0, OPT_LIST, "NAME", "only these targets" },
    { "probe", 0, OPT_LIST, "NAME", "only these probes: snmp, ssh, ldap, net, file" },
    { "resume", 0, OPT_FLAG, NULL, "go on with the interrupted run" },
    { "resume-old", 0, OPT_FLAG, NULL, "with --resume: even when it is older than 24 hours" },
    { "accept-new", 0, OPT_FLAG, NULL, "record unknown host keys; no password is shown to them" },
    { "retry-credential", 0, OPT_LIST, "NAME", "use a refused credential again: it was mended" },
    { "fast", 0, OPT_FLAG, NULL, "no politeness limits: for our own networks" },
    { "sample", 0, OPT_TEXT, "TIME", "watch interfaces for so long: 30s (two reads), 8h" },
    { "every", 0, OPT_TEXT, "TIME", "with --sample: from one read to the next, 60s; rows are by the hour" },
    { "jobs", 'j', OPT_INT, "N", "targets at a time (default 8)" },
    { "deadline", 0, OPT_INT, "SECONDS", "for one target and probe" },
    { "require-sandbox", 0, OPT_FLAG, NULL, "refuse where the kernel lacks a layer" },
    { "fail-on", 0, OPT_TEXT, "WHAT", "exit 1 on no-go, unproven or regression" },
};

const struct cmd cmd_check = {
    .name = "check", .synopsis = "", .summary = "Assess this site: ask what is permitted, judge it, store it, say what blocks", .group = "assess",
    .details = "With -q it prints only when something changed, and tells what is wrong in waivers.yaml, decisions.yaml and work.yaml once: for cron.", .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = 0, .formats = formats, .run = run,
};
