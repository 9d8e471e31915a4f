/* preop init: a new site's folder. */
#include "base/diag.h"
#include "base/mem.h"
#include "base/path.h"
#include "cmd/commands.h"
#include "site/site.h"

/* The site's key from the folder's name: lower case, [a-z0-9-]. Owned; NULL when nothing is left of it. */
static char *key_from(const char *dir)
{
    size_t len = strlen(dir);
    while (len > 1 && dir[len - 1] == '/')
        len--;
    size_t start = len;
    while (start > 0 && dir[start - 1] != '/')
        start--;
    char *key = xcalloc(len - start + 1, 1);
    size_t n = 0;
    for (size_t i = start; i < len; i++) {
        char c = dir[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain)
            key[n++] = c;
        else if (n > 0 && key[n - 1] != '-')
            key[n++] = '-';
    }
    while (n > 0 && key[n - 1] == '-')
        key[--n] = '\0';
    if (n > 0)
        return key;
    free(key);
    return NULL;
}

static int run(struct args *a)
{
    const char *const *rest;
    (void)arg_rest(a, &rest);
    struct diags d = DIAGS_INIT;
    char *key = arg_text(a, "key") ? xstrdup(arg_text(a, "key")) : key_from(rest[0]);
    if (!key)
        return fail_usage("init: no key can be made of '%s': say one with --key (a-z, 0-9, -)", rest[0]);
    int err = site_init(rest[0], key, arg_text(a, "like"), &d);
    diags_print(&d, stderr);
    if (!err && !arg_flag(a, "quiet"))
        printf("%s is ready for the site '%s'.\n\n"
               "Next  edit %s/site.yaml         who allowed what, and what is there\n"
               "      edit %s/credentials.yaml  what to log in with (0600; secrets by reference)\n"
               "      preop -C %s check --dry-run   one page to sign: who would be asked what\n"
               "      preop -C %s check\n", rest[0], key, rest[0], rest[0], rest[0], rest[0]);
    int status = exit_for_err(err);
    if (err && d.n == 0)
        status = fail_err(err, "%s cannot be made: %s", rest[0], err_text(err));
    diags_clear(&d);
    free(key);
    return status;
}

static const struct opt opts[] = {
    { "key", 0, OPT_TEXT, "KEY", "the site's key in the store (default: from the folder's name)" },
    { "like", 0, OPT_TEXT, "DIR", "take checklists, owners, capacity and plan from this site's folder" },
};

const struct cmd cmd_init = {
    .name = "init", .synopsis = "DIR", .summary = "Make a new site's folder, with commented files to fill in", .group = "prepare",
    .details = "Nothing that exists is overwritten. --like takes neither targets nor permissions nor secrets.",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 1, .max_args = 1, .no_output = true, .run = run,
};
