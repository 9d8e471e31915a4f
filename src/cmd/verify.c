/* preop verify: is what the store says still what was found? */
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/commands.h"

static void print_problem(void *ctx, const char *problem)
{
    struct buf safe = BUF_INIT(65536);
    text_terminal(&safe, problem, false);
    fprintf(ctx, "%s\n", buf_str(&safe));
    buf_clear(&safe);
}

static int run(struct args *a)
{
    int status = EXIT_DONE;
    size_t n = 0;
    const char *expect = arg_text(a, "expect");
    struct store *s = args_store(a, STORE_READ, &status);
    FILE *out = s ? args_output(a) : NULL;
    if (s && !out)
        status = EXIT_USAGE;
    if (!out) {
        store_close(s);
        return status;
    }
    int err = store_verify(s, arg_text(a, "site"), expect, print_problem, out, &n);
    if (err == ERR_NOT_FOUND && expect)
        status = fail_err(ERR_SEAL, "the seal %s is not in this store: the report was made from another one, or this one was rewritten", expect);
    else if (err)
        status = fail_err(err, "%s", err == ERR_SEAL ? "the store and its seals differ: it was changed after it was sealed" : err_text(err));
    else if (!arg_flag(a, "quiet"))
        fprintf(out, "%zu sealed %s, all as sealed%s%s\n", n, n == 1 ? "run" : "runs", expect ? "; in the chain: " : "", expect ? expect : "");
    store_close(s);
    /* problems are the result */
    int written = args_output_close(a, out, EXIT_DONE);
    return written ? written : status;
}

static const struct opt opts[] = {
    { "expect", 0, OPT_TEXT, "SEAL", "the seal (12 digits or more) on a printed report must be in the chain" },
    { "site", 0, OPT_TEXT, "KEY", "only this site's runs (default: all)" },
};

const struct cmd cmd_verify = {
    .name = "verify", .synopsis = "", .summary = "Recompute every seal: was a sealed run changed?", .group = "keep",
    .details = "Exit 0 when all is as sealed, 4 when it is not.", .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = 0, .run = run,
};
