/* preop attest: what only people know. Parent. */
#include "cmd/attest.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "report/paper.h"
#include "site/sheet.h"

#define MAX_FILE (8u << 20)
#define LAST_SECOND 86399

static const char *const formats[] = { "text", "json", NULL };

/* --- who says it ------------------------------------------------------------------------------------------------------- */

static int64_t today_in(const struct site *s)
{
    struct tm tm;
    clock_local(s->timezone, clock_now(), &tm);
    tm.tm_isdst = 0;
    tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
    return (int64_t)timegm(&tm);
}

static bool one_line(const char *s)
{
    return s[0] != '\0' && strlen(s) <= 200 && text_is_utf8(s, strlen(s)) && strpbrk(s, "\n\r\t") == NULL;
}

bool attest_reload(struct attest *a)
{
    int status = 0;
    struct site *again = args_site(a->args, &status);
    if (!again)
        return false;
    /* the head's texts may live in the old one */
    a->head.by = arena_strdup(again->arena, a->head.by);
    a->head.role = arena_strdup(again->arena, a->head.role);
    a->head.evidence = arena_strdup(again->arena, a->head.evidence);
    /* answers that are being given borrow from it: it goes at the end */
    a->former = xrealloc_array(a->former, a->n_former + 1, sizeof(*a->former));
    a->former[a->n_former++] = a->site;
    a->site = again;
    return true;
}

/* Keeps a file of this machine as evidence; its name in the folder is found again by its bytes. */
static const char *add_file(struct attest *a, const char *path, const struct attestation *head)
{
    struct buf bytes = BUF_INIT((256u << 20) + 1);
    struct diags d = DIAGS_INIT;
    char hex[SHA256_HEX], *target = NULL;
    const char *found = NULL;
    int err = file_read(path, 256u << 20, &bytes);
    if (err) {
        fail_usage("attest: evidence '%s' is neither a link nor a file that can be read: %s", path, err_text(err));
        buf_clear(&bytes);
        return NULL;
    }
    sha256_hex(buf_str(&bytes), bytes.len, hex);
    buf_clear(&bytes);
    const struct evidence_words words = { .from = head->by ? head->by : "unknown", .observed = head->on };
    err = site_evidence_add(args_dir(a->args), path, &words, &target, &d);
    diags_print(&d, stderr);
    diags_clear(&d);
    free(target);
    if (err || !attest_reload(a))
        return NULL;
    for (size_t i = 0; i < a->site->n_evidence && !found; i++)
        if (strcmp(a->site->evidence[i].sha256, hex) == 0)
            found = a->site->evidence[i].file;
    return found;
}

bool attest_proof(struct attest *a, const char *text, struct attestation *head)
{
    head->evidence = NULL;
    head->has_file = false;
    if (!text || !text[0])
        return true;
    bool link = text_starts_with(text, "https://") || text_starts_with(text, "http://");
    if (link && one_line(text)) {
        head->evidence = arena_strdup(a->site->arena, text);
        return true;
    }
    const struct evidence *known = site_evidence(a->site, text);
    const char *file = known ? known->file : add_file(a, text, head);
    head->evidence = file ? arena_strdup(a->site->arena, file) : NULL;
    head->has_file = file != NULL;
    return file != NULL;
}

static int take_dates(struct attest *a)
{
    const char *on = arg_text(a->args, "on"), *expires = arg_text(a->args, "expires");
    a->today = today_in(a->site);
    a->head.on = a->today;
    if (on && !date_parse(on, &a->head.on))
        return fail_usage("attest: --on wants a date like 2026-03-31, not '%s'", on);
    if (a->head.on > a->today)
        return fail_usage("attest: --on %s has not come yet", on);
    if (expires && !date_parse(expires, &a->head.expires))
        return fail_usage("attest: --expires wants a date like 2026-03-31, not '%s'", expires);
    if (expires && a->head.expires < a->head.on)
        return fail_usage("attest: --expires %s is before the day of the answer", expires);
    a->head.expires_said = expires != NULL;
    return 0;
}

/* writing: --by must be there. */
static int take_head(struct attest *a, bool writing)
{
    const char *by = arg_text(a->args, "by"), *role = arg_text(a->args, "role");
    int status = take_dates(a);
    if (status)
        return status;
    if (writing && !by)
        return fail_usage("attest: --by WHO is missing: an answer that nobody gave proves nothing");
    if ((by && !one_line(by)) || (role && !one_line(role)))
        return fail_usage("attest: --by and --role are one line of at most 200 bytes each");
    a->head.by = by;
    a->head.role = role;
    if (writing && !attest_proof(a, arg_text(a->args, "evidence"), &a->head))
        return EXIT_USAGE;
    return 0;
}

/* --- keeping ----------------------------------------------------------------------------------------------------------- */

int attest_keep(struct attest *a, struct attestation *answer)
{
    struct diags d = DIAGS_INIT;
    answer->by = a->head.by;
    answer->role = a->head.role;
    answer->on = a->head.on;
    answer->expires = a->head.expires;
    answer->expires_said = a->head.expires_said;
    answer->evidence = a->head.evidence;
    answer->has_file = a->head.has_file;
    int err = answer->form->kind == FORM_SHEET && !answer->none ? site_sheet_put(args_dir(a->args), answer, &d) : site_attest(args_dir(a->args), ATTESTATIONS_FILE, answer, &d);
    if (!err)
        err = site_attest_forget(args_dir(a->args), ATTESTATIONS_DRAFT, answer->form, &d);
    diags_print(&d, stderr);
    diags_clear(&d);
    return exit_for_err(err);
}

/* What is kept at most: the row that an answer without rows had is not one of a list. */
static bool says_something(const struct attestation *a)
{
    return a->none || a->n_rows > 0;
}

static void say_kept(const struct attest *a, const struct attestation *answer)
{
    char until[DATE_LEN] = "";
    const struct form *f = answer->form;
    int64_t end = answer->expires_said ? answer->expires : f->valid_days ? answer->on + (int64_t)f->valid_days * 86400 : 0;
    if (arg_flag(a->args, "quiet"))
        return;
    date_format(end, until);
    printf("%s is kept, %s%s%s\n", f->id, answer->has_file ? "as a document" : "as a word: a check that wants a document calls it \"claimed only\"", end ? ", until " : "", end ? until : "");
}

/* --- --set ------------------------------------------------------------------------------------------------------------- */

/* All assignments of one form. Nothing is kept where one of them does not fit. */
static int set_form(struct attest *a, const struct assignment *v, size_t n, size_t first, struct attestation *out)
{
    const struct form *f = v[first].form;
    struct arena *arena = a->site->arena;
    char *why = NULL;
    *out = attestation_copy(arena, f, site_attestation(a->site, f));
    for (size_t i = first; i < n; i++) {
        if (v[i].form != f)
            continue;
        size_t row = attestation_row(arena, out, v[i].key, a->site->timezone, &why);
        if (row != SIZE_MAX && attestation_put(arena, out, row, v[i].column, v[i].value, a->site->timezone, &why) == 0)
            continue;
        int status = row == SIZE_MAX ? fail_usage("attest: %s", why) : fail_usage("attest: %s.%s %s", f->id, f->table->columns[v[i].column].name, why);
        free(why);
        return status;
    }
    return 0;
}

static int keep_assigned(struct attest *a, const struct assignment *v, size_t n)
{
    struct attestation *work = xcalloc(n + 1, sizeof(*work));
    size_t n_work = 0;
    int status = 0;
    for (size_t i = 0; i < n && !status; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || v[k].form == v[i].form;
        if (!again)
            status = set_form(a, v, n, i, &work[n_work++]);
    }
    for (size_t i = 0; i < n_work && !status; i++) {
        status = attest_keep(a, &work[i]);
        if (!status)
            say_kept(a, &work[i]);
    }
    free(work);
    return status;
}

static int set(struct attest *a)
{
    const char *const *texts;
    size_t n = arg_list(a->args, "set", &texts);
    struct assignment *v = xcalloc(n + 1, sizeof(*v));
    int status = 0;
    for (size_t i = 0; i < n && !status; i++) {
        char *why = NULL;
        if (assignment_parse(texts[i], &v[i], &why) != 0)
            status = fail_usage("attest: %s", why);
        free(why);
    }
    if (!status)
        status = keep_assigned(a, v, n);
    for (size_t i = 0; i < n; i++)
        free(v[i].key);
    free(v);
    return status;
}

/* sheet: only sheets are meant. */
static int no_such_form(const char *name, bool sheet)
{
    const char **names = xcalloc(n_forms + 1, sizeof(const char *));
    size_t n = 0;
    char meant[DID_YOU_MEAN_LEN];
    for (size_t i = 0; i < n_forms; i++)
        if (!sheet || forms[i]->kind != FORM_SINGLE)
            names[n++] = forms[i]->id;
    int status = fail_usage("attest: there is no %s '%s'%s; `preop attest --list` shows them", sheet ? "sheet" : "form or sheet", name, did_you_mean(name, names, n, meant));
    free(names);
    return status;
}

/* --- --none, --from, --csv --------------------------------------------------------------------------------------------- */

static int none(struct attest *a)
{
    const char *const *ids;
    size_t n = arg_list(a->args, "none", &ids);
    int status = 0;
    for (size_t i = 0; i < n && !status; i++) {
        const struct form *f = form_find(ids[i]);
        if (!f)
            return no_such_form(ids[i], false);
        if (f->kind == FORM_SINGLE)
            return fail_usage("attest: %s is one answer; --none is for lists and sheets", f->id);
        struct attestation answer = { .form = f, .none = true };
        char *name = sheet_file(f), *path = path_join(args_dir(a->args), name);
        if (f->kind == FORM_SHEET && access(path, F_OK) == 0)
            status = fail_usage("attest: %s has a file, %s. Remove it first where there is nothing", f->id, path);
        free(path);
        free(name);
        if (!status)
            status = attest_keep(a, &answer);
        if (!status)
            say_kept(a, &answer);
    }
    return status;
}

static int from_file(struct attest *a)
{
    const char *path = arg_text(a->args, "from");
    struct attestation *v = NULL;
    struct diags d = DIAGS_INIT;
    size_t n = 0;
    if (access(path, R_OK) != 0)
        return fail_usage("attest: %s cannot be read", path);
    int err = site_attestations_read(a->site, path, &a->head, &v, &n, &d);
    for (size_t i = 0; i < n && !err; i++)
        if (v[i].on > a->today) {
            diag_add(&d, DIAG_ERROR, path, v[i].line, v[i].column, "%s is answered on a day that has not come", v[i].form->id);
            err = ERR_BAD_INPUT;
        }
    diags_print(&d, stderr);
    diags_clear(&d);
    int status = exit_for_err(err);
    const struct attestation own = a->head;
    for (size_t i = 0; i < n && !status; i++) {
        a->head = v[i];                  /* each may have a head of its own */
        if (!says_something(&v[i]))
            continue;
        status = attest_keep(a, &v[i]);
        if (!status)
            say_kept(a, &v[i]);
    }
    a->head = own;
    return status;
}

int attest_csv_in(struct attest *a, const struct form *f, const char *file)
{
    struct buf bytes = BUF_INIT(MAX_FILE + 1);
    struct diags d = DIAGS_INIT;
    struct attestation answer = { .form = f };
    int err = file_read(file, MAX_FILE, &bytes);
    if (err) {
        buf_clear(&bytes);
        return fail_usage("attest: %s cannot be read: %s", file, err_text(err));
    }
    err = sheet_read(a->site->arena, f, file, buf_str(&bytes), bytes.len, a->site->timezone, site_attestation(a->site, f), &answer.rows, &answer.n_rows, &d);
    buf_clear(&bytes);
    diags_print(&d, stderr);
    diags_clear(&d);
    if (err)
        return fail_usage("attest: nothing of %s was taken", file);
    if (answer.n_rows == 0)
        return fail_usage("attest: %s has no row. Where there is nothing: preop attest --none %s --by WHO", file, f->id);
    int status = attest_keep(a, &answer);
    if (!status && !arg_flag(a->args, "quiet"))
        printf("%zu %s taken. ", answer.n_rows, answer.n_rows == 1 ? "row" : "rows");
    if (!status)
        say_kept(a, &answer);
    return status;
}

static int csv_out(struct attest *a, const struct form *f)
{
    const struct attestation *have = site_attestation(a->site, f);
    struct buf b = BUF_INIT(MAX_FILE);
    if (have && have->problem && have->rows == NULL)
        have = NULL;
    sheet_write(f, have ? have->rows : NULL, have ? have->n_rows : 0, &b);
    FILE *out = args_output(a->args);
    if (out)
        fwrite(buf_str(&b), 1, b.len, out);
    buf_clear(&b);
    return out ? args_output_close(a->args, out, EXIT_DONE) : EXIT_USAGE;
}

static int sheet(struct attest *a)
{
    const char *csv = arg_text(a->args, "csv"), *name = arg_text(a->args, "sheet");
    const char *const *rest;
    const struct form *f = form_find(name);
    size_t n_rest = arg_rest(a->args, &rest);
    if (!f || f->kind == FORM_SINGLE)
        return f ? fail_usage("attest: %s is one answer, no sheet", name) : no_such_form(name, true);
    if (csv && strcmp(csv, "out") == 0 && n_rest == 0)
        return csv_out(a, f);
    if (csv && strcmp(csv, "in") == 0 && n_rest == 1)
        return attest_csv_in(a, f, rest[0]);
    if (csv)
        return fail_usage("attest: --csv out, or --csv in FILE");
    return attest_ask(a, &f, 1);
}

/* --- the whole --------------------------------------------------------------------------------------------------------- */

static int print_paper(struct attest *a, const struct form *const *list, size_t n)
{
    FILE *out = args_output(a->args);
    struct page p = { .out = out };
    if (!out)
        return EXIT_USAGE;
    args_style(a->args, out, &p.style);
    paper_forms(&p, a->site, list, n, !isatty(fileno(out)));
    return args_output_close(a->args, out, EXIT_DONE);
}

/* The forms that were named, or all. */
static int choose(struct attest *a, const struct form **list, size_t *n)
{
    const char *const *rest;
    size_t n_rest = arg_rest(a->args, &rest);
    *n = 0;
    if (arg_text(a->args, "sheet") && arg_text(a->args, "csv"))
        return 0;
    for (size_t i = 0; i < n_rest; i++) {
        const struct form *f = form_find(rest[i]);
        if (!f)
            return no_such_form(rest[i], false);
        if (*n < n_forms)
            list[(*n)++] = f;
    }
    return 0;
}

/* Without names: what is open, in the order of the first 90 days. */
static size_t open_ones(const struct attest *a, const struct form **list)
{
    size_t n = 0;
    for (size_t i = 0; i < n_forms; i++)
        if (attest_standing(a->site, forms[i], clock_now()) <= STANDING_BAD)
            list[n++] = forms[i];
    return n;
}

static int work(struct attest *a, const struct form **list)
{
    const char *const *unused;
    size_t n = 0;
    bool sets = arg_list(a->args, "set", &unused) > 0, nones = arg_list(a->args, "none", &unused) > 0, from = arg_text(a->args, "from") != NULL;
    const char *csv = arg_text(a->args, "csv");
    bool in = csv && strcmp(csv, "in") == 0;
    int status = choose(a, list, &n);
    if (!status && sets + nones + from + (arg_text(a->args, "sheet") != NULL) + arg_flag(a->args, "list") + arg_flag(a->args, "print") > 1)
        status = fail_usage("attest: one of --set, --none, --from, --sheet, --list, --print");
    if (!status)
        status = take_head(a, sets || nones || in || (from && arg_text(a->args, "by")));
    if (status)
        return status;
    if (arg_flag(a->args, "list"))
        return attest_list(a);
    if (arg_flag(a->args, "print"))
        return n ? print_paper(a, list, n) : print_paper(a, forms, n_forms);
    if (sets)
        return set(a);
    if (nones)
        return none(a);
    if (from)
        return from_file(a);
    if (arg_text(a->args, "sheet"))
        return sheet(a);
    if (n == 0)
        n = open_ones(a, list);
    return attest_ask(a, list, n);
}

static int run(struct args *args)
{
    struct attest a = { .args = args };
    int status = 0;
    a.site = args_site(args, &status);
    if (!a.site)
        return status;
    const struct form **list = xcalloc(n_forms + 1, sizeof(const struct form *));
    status = work(&a, list);
    free(list);
    site_free(a.site);
    for (size_t i = 0; i < a.n_former; i++)
        site_free(a.former[i]);
    free(a.former);
    return status;
}

static const struct opt opts[] = {
    { "list", 0, OPT_FLAG, NULL, "how each question stands: open, expired, said, document" },
    { "set", 0, OPT_EACH, "FORM.COLUMN=VALUE", "write one value down; FORM[ROW].COLUMN=VALUE for lists and sheets. Again for more" },
    { "none", 0, OPT_LIST, "FORM", "a list or sheet of which there is nothing here" },
    { "from", 0, OPT_TEXT, "FILE", "answers in the form of attestations.yaml" },
    { "sheet", 0, OPT_TEXT, "NAME", "this sheet or list" },
    { "csv", 0, OPT_TEXT, "out|in", "out: as CSV to fill in a spreadsheet; in FILE: take it in, all of it or nothing" },
    { "print", 0, OPT_FLAG, NULL, "forms for paper" },
    { "by", 0, OPT_TEXT, "WHO", "who says it" },
    { "role", 0, OPT_TEXT, "ROLE", "in which role" },
    { "on", 0, OPT_TEXT, "DATE", "when it was said (default: today)" },
    { "expires", 0, OPT_TEXT, "DATE", "the last day on which it counts (default: by the form)" },
    { "evidence", 0, OPT_TEXT, "FILE|LINK", "what proves all of it; a file is kept in evidence/. Without: only said" },
};

const struct cmd cmd_attest = {
    .name = "attest", .synopsis = "[FORM...]", .summary = "Ask what only people know: questions, sheets, paper forms; with who said it, and the proof", .group = "prepare",
    .details = "Without options it asks on the terminal what is open, in the order of the first 90 days; leave at any time with q.\n"
               "What is kept as a file counts as a document, what is only said as a person's word. An empty answer is unknown.\n"
               "Never write a password, a patient's name or anything about a patient.\n"
               "Example: preop attest --set CMP-RA-01.date=2026-03-01 --set CMP-RA-01.signed=yes --by \"D. Reyes\" --evidence ra.pdf\n"
               "         preop attest --sheet circuits --csv out -o circuits.csv",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = -1, .formats = formats, .run = run,
};
