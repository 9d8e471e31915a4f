/* preop lint: checklists and mappings, before they decide anything. */
#include "base/diag.h"
#include "base/mem.h"
#include "base/path.h"
#include "checklist/checklist.h"
#include "checklist/evaluate.h"
#include "cmd/commands.h"
#include "site/mapping.h"

/* A mapping says so in its first key. */
static bool is_mapping(const char *path)
{
    struct buf b = BUF_INIT(8u << 20);
    bool yes = !file_read(path, b.max, &b) && (strncmp(buf_str(&b), "mapping:", 8) == 0 || strstr(buf_str(&b), "\nmapping:"));
    buf_clear(&b);
    return yes;
}

static void lint_file(const char *path, struct diags *d)
{
    if (is_mapping(path)) {
        if (mapping_check_file(path, d) && d->n_errors == 0)
            diag_add(d, DIAG_ERROR, path, 0, 0, "cannot be read");
        return;
    }
    struct checklists *c = checklists_load_path(path, d);
    if (c)
        evaluate_lint(c, d);
    checklists_free(c);
}

static int run(struct args *a)
{
    const char *const *files;
    size_t n = arg_rest(a, &files);
    struct diags d = DIAGS_INIT;
    for (size_t i = 0; i < n; i++)
        lint_file(files[i], &d);
    diags_print(&d, stdout);
    if (!arg_flag(a, "quiet"))
        fprintf(stdout, "%zu %s, %zu %s in %zu %s\n", d.n_errors, d.n_errors == 1 ? "error" : "errors", d.n_warnings, d.n_warnings == 1 ? "warning" : "warnings", n,
                n == 1 ? "file" : "files");
    int status = d.n_errors ? EXIT_USAGE : EXIT_DONE;
    diags_clear(&d);
    return status;
}

const struct cmd cmd_lint = {
    .name = "lint", .synopsis = "FILE...", .summary = "Check checklists and CSV mappings: do they compile, are they whole?", .group = "keep",
    .details = "Exit 2 when there is an error; warnings alone are 0.", .min_args = 1, .max_args = -1, .run = run,
};
