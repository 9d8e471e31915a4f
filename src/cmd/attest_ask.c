/* preop attest on a terminal: one screen a question. What was typed is kept at once: each value in a draft, each finished answer in attestations.yaml, so that
 * leaving at any point, with q, Ctrl-C or a lost line, loses at most the value under the cursor. Parent. */
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/attest.h"
#include "report/style.h"
#include "site/answer.h"

#define SHOWN_ROWS 12

enum said { SAID_VALUE, SAID_NOTHING, SAID_BACK, SAID_SKIP, SAID_QUIT };

struct ask {
    struct attest *a;
    struct page p;
    bool clear;                      /* a terminal whose screen can be cleared */
    char *line; size_t cap;          /* what was typed last */
    char *message;                   /* shown at the head of the next screen; owned */
    size_t place, n;
};

/* --- one line ---------------------------------------------------------------------------------------------------------- */

static const char how[] = "Enter keeps what stands in [ ]. - empties it, and empty is unknown. back, skip, q to leave, ? for help.";

static void say_prompt(const struct ask *k, const char *label, const char *before)
{
    struct buf b = BUF_INIT(65536);
    fprintf(k->p.out, "  %s", label);
    if (before && before[0]) {
        text_terminal(&b, before, !k->p.style.utf8);
        fprintf(k->p.out, " [%s]", buf_str(&b));
    }
    fputs(" > ", k->p.out);
    fflush(k->p.out);
    buf_clear(&b);
}

/* The line that was typed, without its end; *text borrowed until the next. */
static enum said hear(struct ask *k, const char *label, const char *before, const char *help, const char **text)
{
    for (;;) {
        say_prompt(k, label, before);
        ssize_t n = getline(&k->line, &k->cap, stdin);
        if (n < 0) {
            fputc('\n', k->p.out);
            return SAID_QUIT;
        }
        char *s = text_trim(k->line);
        *text = s;
        if (strcmp(s, "?") == 0) {
            page_wrap(&k->p, INK_DIM, 2, "  %s: %s", help, how);
            continue;
        }
        return s[0] == '\0' ? SAID_NOTHING : text_equal_nocase(s, "back") || text_equal_nocase(s, "b") ? SAID_BACK : text_equal_nocase(s, "skip") ? SAID_SKIP
             : text_equal_nocase(s, "q") || text_equal_nocase(s, "quit") ? SAID_QUIT : SAID_VALUE;
    }
}

/* --- drafts ------------------------------------------------------------------------------------------------------------ */

static bool has_keys(const struct attestation *w, size_t row)
{
    for (size_t c = 0; c < w->form->table->n_columns; c++)
        if ((w->form->table->columns[c].flags & FACT_KEY) && form_asks(w->form, c) && !w->rows[row].values[c])
            return false;
    return true;
}

static void save_draft(struct ask *k, const struct attestation *w)
{
    struct attestation draft = *w;
    struct diags d = DIAGS_INIT;
    for (size_t i = 0; i < w->n_rows; i++)
        if (!has_keys(w, i))
            return;                  /* a row that nobody could find again */
    if (w->n_rows == 0 && !w->none)
        return;
    draft.by = k->a->head.by ? k->a->head.by : "not said yet";
    draft.on = k->a->head.on;
    draft.sha256 = NULL;
    if (site_attest(args_dir(k->a->args), ATTESTATIONS_DRAFT, &draft, &d) != 0)
        diags_print(&d, stderr);
    diags_clear(&d);
}

/* What was begun before, or NULL. */
static const struct attestation *find_draft(struct ask *k, const struct form *f)
{
    struct attestation defaults = { .by = "not said yet", .on = k->a->today }, *v = NULL;
    struct diags d = DIAGS_INIT;
    size_t n = 0;
    char *path = path_join(args_dir(k->a->args), ATTESTATIONS_DRAFT);
    const struct attestation *found = NULL;
    if (site_attestations_read(k->a->site, path, &defaults, &v, &n, &d) != 0)
        diags_print(&d, stderr);
    for (size_t i = 0; i < n; i++)
        if (v[i].form == f)
            found = &v[i];
    diags_clear(&d);
    free(path);
    return found;
}

/* --- values ------------------------------------------------------------------------------------------------------------ */

/* One column of one row. */
static enum said ask_value(struct ask *k, struct attestation *w, size_t row, size_t column)
{
    const struct fact_column *c = &w->form->table->columns[column];
    struct buf wanted = BUF_INIT(4096);
    enum said s;
    answer_wanted(c, &wanted);
    page_blank(&k->p);
    page_wrap(&k->p, INK_PLAIN, 2, "  %s (%s)", c->help, buf_str(&wanted));
    for (;;) {
        const char *text = NULL;
        char *why = NULL;
        const char *before = w->rows[row].values[column];
        s = hear(k, c->name, before && strcmp(before, "true") == 0 ? "yes" : before && strcmp(before, "false") == 0 ? "no" : before, c->help, &text);
        if (s == SAID_NOTHING && before == NULL && (c->flags & FACT_KEY))
            s = SAID_BACK;           /* Enter on an empty new row leaves it */
        if (s != SAID_VALUE)
            break;
        if (attestation_put(k->a->site->arena, w, row, column, strcmp(text, "-") == 0 ? "" : text, k->a->site->timezone, &why) == 0) {
            save_draft(k, w);
            break;
        }
        page_wrap(&k->p, INK_WARN, 2, "  It %s.", why);
        free(why);
    }
    buf_clear(&wanted);
    return s;
}

/* All columns of a row; back goes to the column before. */
static enum said ask_row(struct ask *k, struct attestation *w, size_t row)
{
    const struct form *f = w->form;
    for (size_t c = 0; c < f->table->n_columns;) {
        if (!form_asks(f, c)) {
            c++;
            continue;
        }
        enum said s = ask_value(k, w, row, c);
        if (s == SAID_SKIP || s == SAID_QUIT)
            return s;
        if (s != SAID_BACK) {
            c++;
            continue;
        }
        size_t before = c;
        while (before > 0 && !form_asks(f, before - 1))
            before--;
        if (before == 0)
            return SAID_BACK;
        c = before - 1;
    }
    return SAID_VALUE;
}

/* --- lists ------------------------------------------------------------------------------------------------------------- */

static void show_rows(struct ask *k, const struct attestation *w)
{
    page_blank(&k->p);
    if (w->n_rows == 0)
        page_line(&k->p, INK_PLAIN, "  %s", w->none ? "It was said that there is nothing." : "No row yet.");
    for (size_t i = 0; i < w->n_rows && i < SHOWN_ROWS; i++) {
        struct buf name = BUF_INIT(4096);
        attestation_row_name(w, i, &name);
        page_line(&k->p, INK_PLAIN, "  %2zu  %s", i + 1, buf_str(&name));
        buf_clear(&name);
    }
    if (w->n_rows > SHOWN_ROWS)
        page_line(&k->p, INK_DIM, "      and %zu more: preop attest --sheet %s --csv out", w->n_rows - SHOWN_ROWS, w->form->id);
}

static enum said new_row(struct ask *k, struct attestation *w)
{
    size_t row = attestation_add_row(k->a->site->arena, w);
    enum said s = ask_row(k, w, row);
    if (!has_keys(w, row))
        attestation_drop_row(w, row);
    return s;
}

/* "3" or "d 3": the row's place, or SIZE_MAX. */
static size_t row_number(const struct attestation *w, const char *text)
{
    long long n = 0;
    return text_parse_int(text, 1, 1000000, &n) && (size_t)n <= w->n_rows ? (size_t)n - 1 : SIZE_MAX;
}

static enum said ask_list(struct ask *k, struct attestation *w)
{
    static const char help[] = "a adds a row, a number changes one, d NUMBER removes one, none says that there is nothing here, done goes on";
    for (;;) {
        const char *text = NULL;
        show_rows(k, w);
        enum said s = hear(k, "a to add, NUMBER to change, d NUMBER to remove, none, done", w->n_rows ? "done" : "a", help, &text);
        if (s != SAID_VALUE && s != SAID_NOTHING)
            return s;
        bool add = s == SAID_NOTHING ? w->n_rows == 0 : text_equal_nocase(text, "a"), remove = s == SAID_VALUE && strncmp(text, "d ", 2) == 0;
        size_t row = s == SAID_VALUE ? row_number(w, remove ? text + 2 : text) : SIZE_MAX;
        if (s == SAID_VALUE && text_equal_nocase(text, "none")) {
            w->n_rows = 0;
            w->none = true;
            return SAID_VALUE;
        }
        if ((s == SAID_NOTHING && w->n_rows) || (s == SAID_VALUE && text_equal_nocase(text, "done"))) {
            if (w->n_rows)
                return SAID_VALUE;
            page_line(&k->p, INK_WARN, "  There is no row: add one, or say none, or skip.");
        } else if (remove && row != SIZE_MAX) {
            attestation_drop_row(w, row);
            save_draft(k, w);
        } else if (add || row != SIZE_MAX) {
            s = add ? new_row(k, w) : ask_row(k, w, row);
            if (s == SAID_SKIP || s == SAID_QUIT)
                return s;
        } else {
            page_wrap(&k->p, INK_WARN, 2, "  %s", help);
        }
    }
}

/* --- who said it --------------------------------------------------------------------------------------------------------- */

static bool take_text(struct ask *k, const char **out, const char *text)
{
    struct buf clean = BUF_INIT(4096);
    if (strlen(text) > 200) {
        page_line(&k->p, INK_WARN, "  At most 200 bytes.");
        return false;
    }
    text_clean(&clean, text, strlen(text));
    *out = arena_strdup(k->a->site->arena, buf_str(&clean));
    buf_clear(&clean);
    return true;
}

static bool take_date(struct ask *k, const char *text, int64_t from, int64_t to, int64_t *out)
{
    int64_t t = 0;
    if (!date_parse(text, &t))
        page_line(&k->p, INK_WARN, "  It must be a date like 2026-03-31.");
    else if (t < from || t > to)
        page_line(&k->p, INK_WARN, "  %s", t > to ? "That day has not come yet." : "That is before the day of the answer.");
    else {
        *out = t;
        return true;
    }
    return false;
}

enum head_step { HEAD_BY, HEAD_ROLE, HEAD_ON, HEAD_PROOF, HEAD_UNTIL, HEAD_END };

static void default_until(const struct attestation *head, const struct form *f, char out[DATE_LEN])
{
    out[0] = '\0';
    if (head->expires_said)
        date_format(head->expires, out);
    else if (f->valid_days)
        date_format(head->on + (int64_t)f->valid_days * 86400, out);
}

static bool take_head(struct ask *k, enum head_step step, const char *text)
{
    struct attestation *h = &k->a->head;
    switch (step) {
    case HEAD_BY:
        return take_text(k, &h->by, text);
    case HEAD_ROLE:
        return take_text(k, &h->role, text);
    case HEAD_ON:
        return take_date(k, text, INT64_MIN, k->a->today, &h->on);
    case HEAD_PROOF:
        return attest_proof(k->a, strcmp(text, "-") == 0 ? NULL : text, h);
    case HEAD_UNTIL:
        h->expires_said = take_date(k, text, h->on, INT64_MAX, &h->expires);
        return h->expires_said;
    case HEAD_END:
        break;
    }
    return true;
}

static enum said ask_head(struct ask *k, const struct form *f)
{
    static const char *const labels[] = { "Said by", "Role", "On", "Proof: file, link, or Enter", "Counts until" };
    static const char *const helps[] = { "The name of who said it", "Practice manager, compliance lead, vendor", "The day on which it was said",
                                         "A file is copied into evidence/ and makes the answer a document; a link is noted; without, it is only said", "The last day on which it counts" };
    struct attestation *h = &k->a->head;
    page_blank(&k->p);
    for (int step = HEAD_BY; step < HEAD_END;) {
        char on[DATE_LEN], until[DATE_LEN];
        const char *text = NULL;
        date_format(h->on, on);
        default_until(h, f, until);
        const char *before[] = { h->by, h->role, on, h->evidence, until[0] ? until : "for good" };
        enum said s = hear(k, labels[step], before[step], helps[step], &text);
        if (s == SAID_SKIP || s == SAID_QUIT || (s == SAID_BACK && step == HEAD_BY))
            return s;
        if (s == SAID_BACK) {
            step--;
        } else if (s == SAID_NOTHING && step == HEAD_BY && !h->by) {
            page_line(&k->p, INK_WARN, "  An answer that nobody gave proves nothing: whose is it?");
        } else if (s == SAID_NOTHING || take_head(k, (enum head_step)step, text)) {
            step++;
        }
    }
    return SAID_VALUE;
}

/* --- a screen -------------------------------------------------------------------------------------------------------------- */

static void show_before(struct ask *k, const struct form *f, bool draft)
{
    const struct attestation *old = site_attestation(k->a->site, f);
    char on[16] = "", until[16] = "";
    if (draft)
        page_wrap(&k->p, INK_WARN, 10, "Begun     and not finished; what was typed stands in [ ]");
    if (!old)
        return;
    if (old->problem) {
        page_wrap(&k->p, INK_WARN, 10, "Before    %s", old->problem);
        return;
    }
    human_date(old->on, k->a->today, on);
    if (old->expires)
        human_date(old->expires, k->a->today, until);
    bool live = attestation_live(old, clock_now());
    page_wrap(&k->p, live ? INK_PLAIN : INK_WARN, 10, "Before    %s, by %s%s%s, %s%s%s", on, old->by, old->role ? ", " : "", old->role ? old->role : "", old->has_file ? "with a document" : "only said",
              until[0] ? live ? ", counts until " : "; too old since " : "", until);
}

static void show_question(struct ask *k, const struct form *f, bool draft)
{
    char place[48];
    if (k->clear)
        fputs("\033[H\033[2J", k->p.out);
    else
        page_blank(&k->p);
    if (k->message)
        page_wrap(&k->p, INK_GOOD, 0, "%s", k->message);
    free(k->message);
    k->message = NULL;
    snprintf(place, sizeof(place), "%zu of %zu", k->place + 1, k->n);
    char *left = xasprintf("%s   %s", f->id, form_phase_title(f->phase));
    page_both(&k->p, INK_STRONG, 2, left, place);
    free(left);
    page_blank(&k->p);
    page_wrap(&k->p, INK_STRONG, 0, "%s", f->table->summary);
    page_wrap(&k->p, INK_PLAIN, 10, "Ask       %s", f->asked_of);
    page_wrap(&k->p, INK_PLAIN, 10, "Proof     %s", f->evidence);
    if (f->help[0])
        page_wrap(&k->p, INK_PLAIN, 10, "How       %s", f->help);
    show_before(k, f, draft);
    page_wrap(&k->p, INK_DIM, 0, "%s", how);
}

static enum said keep(struct ask *k, struct attestation *w)
{
    char until[DATE_LEN];
    struct attestation *h = &k->a->head;
    default_until(h, w->form, until);
    if (attest_keep(k->a, w) != 0)
        return SAID_QUIT;            /* said why; the draft is there */
    k->message = xasprintf("%s is kept, %s%s%s.", w->form->id, h->has_file ? "as a document" : "as a word", until[0] ? ", until " : "", until);
    if (!k->clear)
        page_wrap(&k->p, INK_GOOD, 0, "%s", k->message);
    if (!k->clear) {
        free(k->message);
        k->message = NULL;
    }
    h->evidence = NULL;              /* proof and expiry belong to one answer; who and when go on */
    h->has_file = h->expires_said = false;
    return attest_reload(k->a) ? SAID_VALUE : SAID_QUIT;
}

static enum said ask_form(struct ask *k, const struct form *f)
{
    const struct attestation *draft = find_draft(k, f), *old = site_attestation(k->a->site, f);
    struct attestation w = attestation_copy(k->a->site->arena, f, draft ? draft : old);
    show_question(k, f, draft != NULL);
    enum said s = f->kind == FORM_SINGLE ? ask_row(k, &w, 0) : ask_list(k, &w);
    while (s == SAID_VALUE || s == SAID_NOTHING) {
        s = ask_head(k, f);
        if (s == SAID_BACK) {
            s = f->kind == FORM_SINGLE ? ask_row(k, &w, 0) : ask_list(k, &w);
            continue;
        }
        return s == SAID_VALUE ? keep(k, &w) : s;
    }
    return s;
}

int attest_ask(struct attest *a, const struct form *const *list, size_t n)
{
    struct ask k = { .a = a, .p = { .out = stdout }, .n = n };
    args_style(a->args, stdout, &k.p.style);
    k.clear = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && k.p.style.width >= 40;
    enum said s = SAID_VALUE;
    for (k.place = 0; k.place < n && s != SAID_QUIT;) {
        s = ask_form(&k, list[k.place]);
        if (s == SAID_BACK)
            k.place -= k.place > 0;
        else if (s != SAID_QUIT)
            k.place++;
    }
    if (k.message)
        page_wrap(&k.p, INK_GOOD, 0, "%s", k.message);
    if (n == 0)
        page_line(&k.p, INK_PLAIN, "Nothing is open. preop attest --list shows all; preop attest FORM asks one again.");
    else if (s == SAID_QUIT)
        page_line(&k.p, INK_PLAIN, "Left. What was typed is kept; preop attest goes on.");
    free(k.message);
    free(k.line);
    return EXIT_DONE;
}
