/* preop lint: checklists, mappings and device rules, before they decide anything. */
#include "base/diag.h"
#include "base/mem.h"
#include "base/path.h"
#include "checklist/checklist.h"
#include "checklist/evaluate.h"
#include "cmd/commands.h"
#include "fact/form.h"
#include "probes/probe.h"
#include "site/deny.h"
#include "site/device_rules.h"
#include "site/mapping.h"

/* A mapping, and a file of device rules, say so in their first key. */
static bool begins_with_key(const char *path, const char *key)
{
    struct buf b = BUF_INIT(8u << 20), line = BUF_INIT(64);
    buf_printf(&line, "\n%s:", key);
    bool yes = !file_read(path, b.max, &b) && (strncmp(buf_str(&b), buf_str(&line) + 1, line.len - 1) == 0 || strstr(buf_str(&b), buf_str(&line)));
    buf_clear(&b);
    buf_clear(&line);
    return yes;
}

static void lint_device_rules(const char *path, struct diags *d)
{
    size_t before = d->n_errors;
    if (device_rules_check_file(path, d) && d->n_errors == before)
        diag_add(d, DIAG_ERROR, path, 0, 0, "cannot be read");
}

static void lint_deny_makers(const char *path, struct diags *d)
{
    size_t before = d->n_errors;
    if (deny_check_file(path, d) && d->n_errors == before)
        diag_add(d, DIAG_ERROR, path, 0, 0, "cannot be read");
}

static void lint_mapping(const char *path, struct diags *d)
{
    size_t before = d->n_errors;
    if (mapping_check_file(path, d) && d->n_errors == before)
        diag_add(d, DIAG_ERROR, path, 0, 0, "cannot be read");
}

static void mark(bool *fed, const struct fact_table *const *tables, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fed[fact_table_index(tables[i])] = true;
}

/* What a probe lists, also for one of its uses or by watching, and what a form or a sheet asks. Evidence that others exported comes through probes too. */
static void find_fed(bool *fed)
{
    for (size_t i = 0; i < n_probes; i++) {
        mark(fed, probes[i]->tables, probes[i]->n_tables);
        mark(fed, probes[i]->sampled, probes[i]->n_sampled);
        for (size_t k = 0; k < probes[i]->n_uses; k++) {
            mark(fed, probes[i]->uses[k].tables, probes[i]->uses[k].n_tables);
            mark(fed, probes[i]->uses[k].sampled, probes[i]->uses[k].n_sampled);
        }
    }
    for (size_t i = 0; i < n_forms; i++)
        mark(fed, &forms[i]->table, 1);
}

/* Mappings and device rules stand alone. Checklists are read together: they depend on each other's checks, and may not share an id. */
static void lint_files(const char *const *files, size_t n, struct diags *d)
{
    const char **lists = xcalloc(n, sizeof(*lists));
    size_t n_lists = 0;
    for (size_t i = 0; i < n; i++) {
        if (begins_with_key(files[i], "mapping"))
            lint_mapping(files[i], d);
        else if (begins_with_key(files[i], "device_rules"))
            lint_device_rules(files[i], d);
        else if (begins_with_key(files[i], "deny_makers"))
            lint_deny_makers(files[i], d);
        else
            lists[n_lists++] = files[i];
    }
    struct checklists *c = n_lists > 0 ? checklists_load_paths(lists, n_lists, d) : NULL;
    if (c) {
        bool *fed = xcalloc(fact_n_tables, sizeof(*fed));
        find_fed(fed);
        evaluate_lint(c, fed, d);
        free(fed);
    }
    checklists_free(c);
    free(lists);
}

static int run(struct args *a)
{
    const char *const *files;
    size_t n = arg_rest(a, &files);
    struct diags d = DIAGS_INIT;
    FILE *out = args_output(a);
    if (!out)
        return EXIT_USAGE;
    lint_files(files, n, &d);
    diags_print(&d, out);
    if (!arg_flag(a, "quiet"))
        fprintf(out, "%zu %s, %zu %s in %zu %s\n", d.n_errors, d.n_errors == 1 ? "error" : "errors", d.n_warnings, d.n_warnings == 1 ? "warning" : "warnings", n,
                n == 1 ? "file" : "files");
    /* what is found is the result: a file gets it whether good or bad */
    int status = args_output_close(a, out, EXIT_DONE);
    if (!status && d.n_errors)
        status = EXIT_USAGE;
    diags_clear(&d);
    return status;
}

const struct cmd cmd_lint = {
    .name = "lint", .synopsis = "FILE...", .summary = "Check checklists, CSV mappings and device rules: do they compile, are they whole?", .group = "keep",
    .details = "Several checklists are checked together, as a site would use them. Exit 2 when there is an error; warnings alone are 0.", .min_args = 1, .max_args = -1, .run = run,
};
