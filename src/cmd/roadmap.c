/* preop roadmap: what stands open as dated work; and what those who do the work say of it. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/path.h"
#include "checklist/load.h"
#include "checklist/pinned.h"
#include "cmd/commands.h"
#include "plan/work_csv.h"
#include "report/roadmap_out.h"

#define LATE_DAYS 14
#define CSV_MAX (8u << 20)

static const char *const formats[] = { "text", "csv", "json", NULL };

/* pinned: the run's checklists, and its site unless the folder's stands in its place. */
struct asked { struct store *store; struct site *folder; const struct site *site; struct run run; struct results results; struct pinned pinned; int64_t begin; };

/* --- what is asked --- */

/* Roles that somebody may have: the usual ones, the site's, and those of the run's checks. */
static const char **roles_of(const struct asked *q, const struct site *site, size_t *n)
{
    const struct checklists *c = q->pinned.checklists;
    const char **v = xcalloc(n_owner_names + site->n_capacities + site->n_owners + 2 * c->n_checks + 1, sizeof(const char *));
    for (*n = 0; *n < n_owner_names; (*n)++)
        v[*n] = owner_names[*n];
    for (size_t i = 0; i < site->n_capacities; i++)
        v[(*n)++] = site->capacities[i].role;
    for (size_t i = 0; i < site->n_owners; i++)
        v[(*n)++] = site->owners[i].role;
    for (size_t i = 0; i < c->n_checks; i++) {
        if (c->checks[i].owner)
            v[(*n)++] = c->checks[i].owner;
        if (c->checks[i].co_owner)
            v[(*n)++] = c->checks[i].co_owner;
    }
    return v;
}

static int set_capacity(const struct asked *q, struct site *site, const char *role, const char *value)
{
    char *end = NULL, meant[DID_YOU_MEAN_LEN];
    double days = strtod(value, &end);
    size_t n = 0;
    bool known = false;
    if (value[0] == '\0' || *end != '\0' || !isfinite(days) || days < 0 || days > 1e5)
        return fail_usage("roadmap: capacity is a number of person-days per month, not '%s'", value);
    const char **roles = roles_of(q, site, &n);
    for (size_t i = 0; i < n && !known; i++)
        known = strcmp(roles[i], role) == 0;
    int status = known ? EXIT_DONE : fail_usage("roadmap: --what-if: there is no role '%s'%s; it is an owner of site.yaml or of a check", role, did_you_mean(role, roles, n, meant));
    free(roles);
    if (known)
        site_set_capacity(site, role, days);
    return status;
}

static int set_milestone(struct site *site, const char *name, const char *value)
{
    int64_t day = 0;
    if (!date_parse(value, &day))
        return fail_usage("roadmap: --what-if %s=%s: a date like 2027-04-01", name, value);
    return site_set_milestone(site, name, day) ? EXIT_DONE : fail_milestone("roadmap: --what-if", site, name);
}

static int what_if(const struct asked *q, struct site *site, const char *text)
{
    static const char capacity[] = "capacity.";
    const char *equals = strchr(text, '=');
    if (!equals)
        return fail_usage("roadmap: --what-if is MILESTONE=DATE or capacity.ROLE=DAYS, not '%s'", text);
    char *name = xstrndup(text, (size_t)(equals - text));
    bool role = strncmp(name, capacity, sizeof(capacity) - 1) == 0;
    int status = role ? set_capacity(q, site, name + sizeof(capacity) - 1, equals + 1) : set_milestone(site, name, equals + 1);
    free(name);
    return status;
}

/* The run's findings; the folder as it is now, unless a run was named: then as it was. */
static int load(struct args *a, struct asked *q)
{
    const char *const *rest;
    const char *as_of = arg_text(a, "as-of"), *spec = arg_rest(a, &rest) ? rest[0] : NULL;
    char *why = NULL;
    int status = EXIT_DONE;
    q->folder = args_site(a, &status);
    q->store = q->folder ? args_store(a, STORE_READ, &status) : NULL;
    if (!q->store || !args_run(a, q->store, q->folder->key, spec, &q->run, &status))
        return status;
    int err = pinned_load(q->store, q->run.id, &q->pinned, &why);
    if (!err)
        err = store_results_get(q->store, q->run.id, &q->results);
    if (err)
        status = fail_err(err, "%s", why ? why : err_text(err));
    free(why);
    q->begin = spec ? q->run.as_of : clock_now();
    if (!err && as_of && !date_parse(as_of, &q->begin))
        return fail_usage("roadmap: --as-of is a day like 2026-12-01, not '%s'", as_of);
    struct site *site = spec ? q->pinned.site : q->folder;
    const char *const *changes;
    size_t n = arg_list(a, "what-if", &changes);
    for (size_t i = 0; !err && i < n && status == EXIT_DONE; i++)
        status = what_if(q, site, changes[i]);
    q->site = site;
    return status;
}

static void asked_clear(struct asked *q)
{
    results_clear(&q->results);
    pinned_clear(&q->pinned);
    run_clear(&q->run);
    store_close(q->store);
    site_free(q->folder);
}

/* --- CSV in --- */

/* What a row may name: items of the run in any state, and whatever its checks ask for. */
static const char **known_names(const struct asked *q, const struct work_set *w, size_t *n)
{
    const struct checklists *c = q->pinned.checklists;
    const char **v = xcalloc(w->n_items + 2 * c->n_checks + 1, sizeof(const char *));
    *n = 0;
    for (size_t i = 0; i < w->n_items; i++)
        v[(*n)++] = w->items[i].id;
    for (size_t i = 0; i < c->n_checks; i++) {
        v[(*n)++] = c->checks[i].id;
        v[(*n)++] = fix_name(&c->checks[i]);
    }
    return v;
}

static int take_in(struct args *a, const struct asked *q, const struct work_set *w, const char *file)
{
    struct buf bytes = BUF_INIT(CSV_MAX + 1);
    struct diags d = DIAGS_INIT;
    size_t n_known = 0, n = 0;
    const char **known = known_names(q, w, &n_known);
    int err = file_read(file, CSV_MAX, &bytes), status = EXIT_USAGE;
    struct site_work *v = err ? NULL : work_csv_read(w->arena, file, buf_str(&bytes), bytes.len, q->folder->work, q->folder->n_work, known, n_known, &n, &d);
    diags_print(&d, stderr);
    if (err)
        status = fail_usage("%s cannot be read: %s", file, err_text(err));
    else if (v)
        err = site_work_write(args_dir(a), v, n);
    if (v)
        status = err ? fail_err(err, "work.yaml cannot be written: %s", err_text(err)) : EXIT_DONE;
    if (status == EXIT_DONE && !arg_flag(a, "quiet"))
        fprintf(stderr, "work.yaml now says something of %zu %s\n", n, n == 1 ? "item" : "items");
    diags_clear(&d);
    buf_clear(&bytes);
    free(known);
    return status;
}

/* --- out --- */

/* Names that no item answers to are mistakes. */
static int check_done(const struct work_set *w, const char *const *done, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = 0; k < w->n_items; k++)
            found = found || work_is_called(&w->items[k], done[i]);
        if (found)
            continue;
        const char **names = xcalloc(2 * w->n_items + 1, sizeof(const char *));
        for (size_t k = 0; k < w->n_items; k++) {
            names[2 * k] = w->items[k].id;
            names[2 * k + 1] = w->items[k].fix;
        }
        char meant[DID_YOU_MEAN_LEN];
        int status = fail_usage("roadmap: --done: nothing that is open, waived or unknown is called '%s'%s", done[i], did_you_mean(done[i], names, 2 * w->n_items, meant));
        free(names);
        return status;
    }
    return EXIT_DONE;
}

static int write_out(struct args *a, const struct asked *q, const struct work_set *w)
{
    struct roadmap_page page = { .title = site_title(q->site), .run = &q->run, .late_days = arg_flag(a, "late") ? LATE_DAYS : -1 };
    page.n_done = arg_list(a, "done", &page.done);
    page.n_what_if = arg_list(a, "what-if", &page.what_if);
    int status = check_done(w, page.done, page.n_done), format = args_format(a);
    FILE *out = status == EXIT_DONE ? args_output(a) : NULL;
    if (!out)
        return EXIT_USAGE;
    struct realised *realised = NULL;
    int err = realised_make(q->store, q->site, &realised);
    if (err)
        return args_output_close(a, out, fail_err(err, "what was decided cannot be held against its runs: %s", err_text(err)));
    struct roadmap *map = roadmap_make(w, q->begin, page.done, page.n_done);
    struct style style;
    page.roadmap = map;
    page.realised = realised;
    args_style(a, out, &style);
    if (format == 1)
        roadmap_csv(&page, out);
    else if (format == 2)
        roadmap_json(&page, out);
    else
        roadmap_text(&page, &style, out);
    roadmap_free(map);
    realised_free(realised);
    return args_output_close(a, out, status);
}

static int run(struct args *a)
{
    struct asked q = { 0 };
    const char *in = arg_text(a, "in");
    const char *const *rest;
    if (in && arg_rest(a, &rest) > 0)
        return fail_usage("roadmap: --in writes what is said now: it takes no RUN");
    int status = load(a, &q);
    struct work_set *w = status == EXIT_DONE ? work_make(q.site, q.pinned.checklists, &q.results, q.run.as_of) : NULL;
    if (w)
        status = in ? take_in(a, &q, w, in) : write_out(a, &q, w);
    work_free(w);
    if (status == EXIT_DONE && !in && arg_rest(a, &rest) == 0)
        args_records(q.folder, NULL, q.store);
    asked_clear(&q);
    return status;
}

static const struct opt opts[] = {
    { "late", 0, OPT_FLAG, NULL, "only what must be ordered or begun within 14 days" },
    { "what-if", 0, OPT_LIST, "X=Y", "with another date or capacity: close=2027-04-01, capacity.it-infrastructure=20" },
    { "done", 0, OPT_LIST, "FIX", "as if this check, fix group or item were done" },
    { "as-of", 0, OPT_TEXT, "DATE", "plan from this day (default: today; with a RUN, the day of the run)" },
    { "in", 0, OPT_TEXT, "FILE", "take owner, due, status and ticket of items from a CSV into work.yaml" },
};

const struct cmd cmd_roadmap = {
    .name = "roadmap", .synopsis = "[RUN]", .summary = "What stands open as dated work: what to order when, who has room for it, what does not fit", .group = "read",
    .details = "Without RUN the latest run's findings are planned with the folder as it is now: milestones, capacity, owners, decisions, work.yaml. With a RUN, as it was.\n"
               "--format csv writes a table for a spreadsheet; fill in owner, due, status and ticket there, and --in FILE brings them back.",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = 1, .formats = formats, .run = run,
};
