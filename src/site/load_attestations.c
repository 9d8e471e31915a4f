/* attestations.yaml and the sheets beside it: what people answered. Parent only; the files are users'. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "site/answer.h"
#include "site/load.h"
#include "site/sheet.h"

#define LAST_SECOND 86399
#define DAY_S 86400

/* --- values -------------------------------------------------------------------------------------------------------------- */

/* One value: a scalar, or a list for a column that takes one. */
static const char *load_value(const struct yaml_in *in, const struct yaml_node *node, const struct form *f, size_t column, const struct site *s)
{
    const struct fact_column *c = &f->table->columns[column];
    const struct answer_context ctx = { .timezone = s->timezone };
    struct buf text = BUF_INIT(2 * ANSWER_MAX), form = BUF_INIT(2 * ANSWER_MAX);
    const char **items = NULL, *value = NULL;
    char *why = NULL;
    size_t n = 0;

    if (yaml_is_null(node) || !yaml_text_list(in, node, c->name, &items, &n))
        return NULL;
    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "%s%s", i > 0 ? ", " : "", items[i]);
    int got = answer_parse(c, text.overflow ? "" : buf_str(&text), &ctx, &form, &why);
    if (text.overflow || got < 0)
        yaml_error(in, node, "%s %s", c->name, why != NULL ? why : "is too long");
    else if (got == 1 && answer_looks_secret(f->table, buf_str(&form)))
        yaml_error(in, node, "%s looks like a secret. Nothing secret is kept here: write the name of its entry in the vault", c->name);
    else if (got == 1)
        value = arena_strdup(in->arena, buf_str(&form));
    free(why);
    buf_clear(&text);
    buf_clear(&form);
    return value;
}

static void load_row(const struct yaml_in *in, const struct yaml_node *node, const struct form *f, const struct site *s, struct answer_row *row)
{
    const char *names[FACT_MAX_COLUMNS];
    size_t n = 0;

    row->values = arena_array(in->arena, f->table->n_columns, sizeof(*row->values));
    if (!yaml_want(in, node, YAML_MAP, "an answer"))
        return;
    for (size_t c = 0; c < f->table->n_columns; c++) {
        if (form_asks(f, c))
            names[n++] = f->table->columns[c].name;
    }
    yaml_known_keys(in, node, f->id, names, n);
    for (size_t c = 0; c < f->table->n_columns; c++) {
        const struct fact_column *column = &f->table->columns[c];
        const struct yaml_node *value = form_asks(f, c) ? yaml_get(node, column->name) : NULL;
        if (value != NULL)
            row->values[c] = load_value(in, value, f, c, s);
        if (f->kind == FORM_LIST && (column->flags & FACT_KEY) != 0 && (value == NULL || yaml_is_null(value)))
            yaml_error(in, node, "a row of %s needs %s: it says which row is which", f->id, column->name);
    }
}

static bool same_key(const struct form *f, const struct answer_row *a, const struct answer_row *b)
{
    for (size_t c = 0; c < f->table->n_columns; c++) {
        if ((f->table->columns[c].flags & FACT_KEY) == 0)
            continue;
        if (a->values[c] == NULL || b->values[c] == NULL || !text_equal_nocase(a->values[c], b->values[c]))
            return false;
    }
    return true;
}

static void load_rows(const struct yaml_in *in, const struct yaml_node *node, const struct site *s, struct attestation *a)
{
    const struct yaml_node *list = load_list(in, node, "rows", SITE_MAX_LIST);

    if (list == NULL)
        return;
    a->rows = arena_array(in->arena, list->n + 1, sizeof(*a->rows));
    for (size_t i = 0; i < list->n; i++) {
        load_row(in, list->items[i], a->form, s, &a->rows[a->n_rows++]);
        for (size_t k = 0; k < i; k++) {
            if (same_key(a->form, &a->rows[k], &a->rows[i]))
                yaml_error(in, list->items[i], "this row is about the same thing as the one in line %d", list->items[k]->line);
        }
    }
}

/* --- an entry ------------------------------------------------------------------------------------------------------------ */

/* A file of the index, or a link. Anything else would look like proof and be none. */
static void load_proof(const struct yaml_in *in, const struct yaml_node *node, const struct site *s, struct attestation *a)
{
    if (node == NULL || yaml_is_null(node) || !yaml_line(in, node, "evidence", 1024, &a->evidence))
        return;
    a->has_file = site_evidence(s, a->evidence) != NULL;
    if (a->has_file || text_starts_with(a->evidence, "https://") || text_starts_with(a->evidence, "http://"))
        return;
    yaml_error(in, node, "evidence '%.80s' is neither a link nor a file of evidence/index.yaml. Add the file with `preop evidence add`; leave this out when it was only said", a->evidence);
    a->evidence = NULL;
}

static void load_dates(const struct yaml_in *in, const struct yaml_node *node, const struct attestation *defaults, struct attestation *a)
{
    bool given = defaults != NULL && defaults->on != 0 && yaml_get(node, "on") == NULL;
    bool dated = given || yaml_date(in, yaml_need(in, node, "an answer", "on"), "on", &a->on);
    const struct yaml_node *expires = yaml_get(node, "expires");

    if (given)
        a->on = defaults->on;
    if (expires == NULL && defaults != NULL && defaults->expires_said) {
        a->expires = defaults->expires;
        a->expires_said = true;
        return;
    }
    if (expires == NULL) {
        a->expires = a->form->valid_days > 0 ? a->on + (int64_t)a->form->valid_days * DAY_S + LAST_SECOND : 0;
        return;
    }
    if (!yaml_date(in, expires, "expires", &a->expires))
        return;
    a->expires_said = true;
    if (dated && a->expires < a->on)
        yaml_error(in, expires, "expires is before on: this answer never counts");
    a->expires += LAST_SECOND;
}

/* own: of the folder's own file, where a sheet has no rows. */
static void load_content(const struct yaml_in *in, const struct yaml_node *node, const struct site *s, bool own, struct attestation *a)
{
    const struct yaml_node *answers = yaml_get(node, "answers"), *rows = yaml_get(node, "rows");
    const struct form *f = a->form;

    (void)yaml_bool(in, yaml_get(node, "none"), "none", &a->none);
    load_line(in, node, "sha256", 64, &a->sha256);
    if (f->kind != FORM_SINGLE && answers != NULL)
        yaml_error(in, answers, f->kind == FORM_SHEET ? "the rows of a sheet are in sheets/%s.csv, not here" : "%s is a list: it has rows, not answers", f->id);
    bool rows_fit = f->kind == FORM_LIST || (f->kind == FORM_SHEET && !own);
    if (!rows_fit && rows != NULL)
        yaml_error(in, rows, f->kind == FORM_SHEET ? "the rows of a sheet are in sheets/%s.csv, not here" : "%s is one answer: it has answers, not rows", f->id);
    if (f->kind == FORM_SINGLE && a->none)
        yaml_error(in, yaml_get(node, "none"), "none is for lists; %s is one answer", f->id);
    if (f->kind == FORM_SINGLE && answers == NULL)
        yaml_error(in, node, "%s needs answers", f->id);
    if (f->kind == FORM_LIST && rows == NULL && !a->none)
        yaml_error(in, node, "%s needs rows, or none: true when there is no such thing here", f->id);
    if (f->kind == FORM_SINGLE && answers != NULL) {
        a->rows = arena_array(in->arena, 1, sizeof(*a->rows));
        load_row(in, answers, f, s, a->rows);
        a->n_rows = 1;
    } else if (rows_fit && rows != NULL) {
        load_rows(in, rows, s, a);
        if (a->none && a->n_rows > 0)
            yaml_error(in, rows, "%s has rows and none: true: it is one or the other", f->id);
        if (!a->none && a->n_rows == 0)
            yaml_error(in, rows, "%s has no row: say none: true when there is no such thing here", f->id);
    }
}

static void load_answer(const struct yaml_in *in, const struct yaml_node *node, const struct site *s, const struct attestation *defaults, struct attestation *a)
{
    static const char *const keys[] = { "by", "role", "on", "expires", "evidence", "none", "answers", "rows", "sha256" };

    a->line = node->line;
    a->column = node->column;
    if (!yaml_want(in, node, YAML_MAP, "an answer"))
        return;
    yaml_known_keys(in, node, "an answer", keys, N_ELEMENTS(keys));
    if (defaults != NULL) {
        a->by = defaults->by;
        a->role = defaults->role;
        a->evidence = defaults->evidence;
        a->has_file = defaults->has_file;
    }
    if (a->by == NULL || yaml_get(node, "by") != NULL)
        (void)yaml_line(in, yaml_need(in, node, "an answer", "by"), "by", SITE_MAX_NAME, &a->by);
    load_line(in, node, "role", SITE_MAX_NAME, &a->role);
    load_proof(in, yaml_get(node, "evidence"), s, a);
    load_dates(in, node, defaults, a);
    load_content(in, node, s, defaults == NULL, a);
}

static void unknown_form(const struct yaml_in *in, const struct yaml_node *root, size_t i)
{
    const char **names = arena_array(in->arena, n_forms + 1, sizeof(*names));

    for (size_t k = 0; k < n_forms; k++)
        names[k] = forms[k]->id;
    const char *near = strlen(root->keys[i]) <= 64 ? nearest_word(root->keys[i], names, n_forms) : NULL;
    yaml_error_at(in, root->key_lines[i], root->key_columns[i], "there is no form or sheet '%.60s'%s%s%s; `preop attest --list` shows them", root->keys[i],
                  near != NULL ? " (did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?)" : "");
}

void load_answers(const struct yaml_in *in, const struct yaml_node *root, const struct site *s, const struct attestation *defaults, struct attestation *out, size_t *n)
{
    *n = 0;
    if (root == NULL || yaml_is_null(root) || !yaml_want(in, root, YAML_MAP, "a file of answers"))
        return;
    for (size_t i = 0; i < root->n; i++) {
        const struct form *f = form_find(root->keys[i]);
        if (f == NULL || strcmp(f->id, root->keys[i]) != 0) {
            unknown_form(in, root, i);
            continue;
        }
        out[*n] = (struct attestation){ .form = f };
        load_answer(in, root->items[i], s, defaults, &out[(*n)++]);
    }
}

void load_attestations(const struct yaml_in *in, const struct yaml_node *root, struct site *s)
{
    s->answers = arena_array(in->arena, n_forms, sizeof(*s->answers));
    load_answers(in, root, s, NULL, s->answers, &s->n_answers);
}

/* --- sheets -------------------------------------------------------------------------------------------------------------- */

static struct attestation *sheet_answer(struct site *s, const struct form *f)
{
    for (size_t i = 0; i < s->n_answers; i++) {
        if (s->answers[i].form == f)
            return &s->answers[i];
    }
    if (s->answers == NULL)
        s->answers = arena_array(s->arena, n_forms, sizeof(*s->answers));
    s->answers[s->n_answers] = (struct attestation){ .form = f };
    return &s->answers[s->n_answers++];
}

/* The first fault, as one sentence. */
static const char *first_fault(struct site *s, const struct diags *d)
{
    if (d->n == 0)
        return "it cannot be read";
    const struct diag *first = &d->v[0];
    const char *row = first->line > 0 ? arena_printf(s->arena, "row %d: ", first->line) : "";
    const char *more = d->n_errors > 1 ? arena_printf(s->arena, " (and %zu more)", d->n_errors - 1) : "";
    return arena_printf(s->arena, "%s%s%s", row, first->text, more);
}

void load_sheet(struct site *s, const struct form *f, const char *bytes, size_t len)
{
    struct attestation *a = sheet_answer(s, f);
    struct diags faults = DIAGS_INIT;
    char hex[SHA256_HEX];

    sha256_hex(bytes, len, hex);
    if (sheet_read(s->arena, f, NULL, bytes, len, s->timezone, NULL, &a->rows, &a->n_rows, &faults) != 0)
        a->problem = first_fault(s, &faults);
    else if (a->by == NULL)
        a->problem = "nobody has said who filled it, and when";
    else if (a->sha256 != NULL && strcmp(a->sha256, hex) != 0)
        a->problem = "it is not what was taken in: it was changed since";
    else if (a->none && a->n_rows > 0)
        a->problem = "it has rows, and attestations.yaml says that there are none";
    else if (!a->none && a->n_rows == 0)
        a->problem = "it has no row, and nobody has said that there is nothing";
    if (a->problem != NULL)
        a->n_rows = 0;
    diags_clear(&faults);
}

void load_sheets_missing(struct site *s)
{
    for (size_t i = 0; i < s->n_answers; i++) {
        struct attestation *a = &s->answers[i];
        if (a->form->kind == FORM_SHEET && a->rows == NULL && a->problem == NULL && !a->none)
            a->problem = arena_printf(s->arena, "sheets/%s.csv is not there", a->form->table->name);
    }
}
