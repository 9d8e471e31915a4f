/* Changing an answer value by value. Parent only. */
#include "site/attest_edit.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "site/answer.h"

size_t attestation_add_row(struct arena *arena, struct attestation *a)
{
    struct answer_row *rows = arena_array(arena, a->n_rows + 1, sizeof(*rows));

    if (a->n_rows > 0)
        memcpy(rows, a->rows, a->n_rows * sizeof(*rows));
    rows[a->n_rows].values = arena_array(arena, a->form->table->n_columns, sizeof(*rows->values));
    a->rows = rows;
    a->none = false;
    return a->n_rows++;
}

void attestation_drop_row(struct attestation *a, size_t row)
{
    memmove(&a->rows[row], &a->rows[row + 1], (a->n_rows - row - 1) * sizeof(*a->rows));
    a->n_rows--;
}

struct attestation attestation_copy(struct arena *arena, const struct form *f, const struct attestation *old)
{
    struct attestation a = { .form = f };

    for (size_t i = 0; old != NULL && i < old->n_rows; i++) {
        size_t row = attestation_add_row(arena, &a);
        for (size_t c = 0; c < f->table->n_columns; c++)
            a.rows[row].values[c] = arena_strdup(arena, old->rows[i].values[c]);
    }
    a.none = old != NULL && old->none;
    if (f->kind == FORM_SINGLE && a.n_rows == 0)
        (void)attestation_add_row(arena, &a);
    return a;
}

int attestation_put(struct arena *arena, struct attestation *a, size_t row, size_t column, const char *text, const char *zone, char **why)
{
    const struct answer_context ctx = { .timezone = zone };
    struct buf form = BUF_INIT(2 * ANSWER_MAX);
    int got = answer_parse(&a->form->table->columns[column], text, &ctx, &form, why);

    if (got == 1 && answer_looks_secret(a->form->table, buf_str(&form))) {
        *why = xstrdup("looks like a secret. Nothing secret is kept here: write the name of its entry in the vault");
        got = ERR_BAD_INPUT;
    }
    if (got >= 0)
        a->rows[row].values[column] = got == 1 ? arena_strdup(arena, buf_str(&form)) : NULL;
    buf_clear(&form);
    return got < 0 ? ERR_BAD_INPUT : 0;
}

void attestation_row_name(const struct attestation *a, size_t row, struct buf *out)
{
    const struct fact_table *t = a->form->table;
    bool first = true;

    for (size_t c = 0; c < t->n_columns; c++) {
        if ((t->columns[c].flags & FACT_KEY) == 0 || a->rows[row].values[c] == NULL)
            continue;
        buf_printf(out, "%s%s", first ? "" : ", ", a->rows[row].values[c]);
        first = false;
    }
}

static bool same_keys(const struct attestation *a, size_t x, size_t y)
{
    const struct fact_table *t = a->form->table;

    for (size_t c = 0; c < t->n_columns; c++) {
        const char *p = a->rows[x].values[c], *q = a->rows[y].values[c];
        if ((t->columns[c].flags & FACT_KEY) != 0 && (p == NULL || q == NULL || !text_equal_nocase(p, q)))
            return false;
    }
    return true;
}

/* Puts the parts of key into the key columns of a row. */
static bool put_keys(struct arena *arena, struct attestation *a, size_t row, const char *key, const char *zone, char **why)
{
    const struct fact_table *t = a->form->table;
    char *problem = NULL;

    for (size_t c = 0; c < t->n_columns && problem == NULL; c++) {
        if ((t->columns[c].flags & FACT_KEY) == 0)
            continue;
        size_t len = key != NULL ? strcspn(key, "|") : 0;
        char *part = xstrndup(key != NULL ? key : "", len), *value_why = NULL;
        if (attestation_put(arena, a, row, c, part, zone, &value_why) != 0)
            problem = xasprintf("%s %s", t->columns[c].name, value_why);
        else if (a->rows[row].values[c] == NULL)
            problem = xasprintf("%s is missing between the brackets", t->columns[c].name);
        key = key != NULL && key[len] == '|' ? key + len + 1 : NULL;
        free(value_why);
        free(part);
    }
    if (problem == NULL && key != NULL)
        problem = xasprintf("there are more keys between the brackets than %s has", a->form->id);
    *why = problem;
    return problem == NULL;
}

size_t attestation_row(struct arena *arena, struct attestation *a, const char *key, const char *zone, char **why)
{
    *why = NULL;
    if (a->form->kind == FORM_SINGLE) {
        *why = key != NULL ? xasprintf("%s is one answer: no brackets", a->form->id) : NULL;
        return key != NULL ? SIZE_MAX : 0;
    }
    if (key == NULL) {
        *why = xasprintf("%s is a list: say which row, like %s[NAME].COLUMN=VALUE", a->form->id, a->form->id);
        return SIZE_MAX;
    }
    bool none = a->none;
    size_t row = attestation_add_row(arena, a);
    if (!put_keys(arena, a, row, key, zone, why)) {
        attestation_drop_row(a, row);
        a->none = none;
        return SIZE_MAX;
    }
    for (size_t i = 0; i < row; i++) {
        if (!same_keys(a, i, row))
            continue;
        attestation_drop_row(a, row);
        return i;
    }
    return row;
}

/* --- assignments ---------------------------------------------------------------------------------------------------------- */

static bool find_column(const struct form *f, const char *name, size_t *out, char **why)
{
    const char *names[FACT_MAX_COLUMNS];
    size_t n = 0;

    for (size_t c = 0; c < f->table->n_columns; c++) {
        if (!form_asks(f, c))
            continue;
        names[n++] = f->table->columns[c].name;
        if (strcmp(f->table->columns[c].name, name) != 0)
            continue;
        *out = c;
        return true;
    }
    const char *near = nearest_word(name, names, n);
    *why = xasprintf("%s has no column '%.60s'%s%s%s", f->id, name, near != NULL ? " (did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?)" : "");
    return false;
}

int assignment_parse(const char *text, struct assignment *out, char **why)
{
    size_t id_len = strcspn(text, ".[="), name_len;
    const char *p = text + id_len, *close = NULL;
    char *id = xstrndup(text, id_len), *name = NULL;

    *out = (struct assignment){ .form = form_find(id), .key = NULL };
    *why = NULL;
    if (*p == '[' && (close = strstr(p, "].")) != NULL) {
        out->key = xstrndup(p + 1, (size_t)(close - p) - 1);
        p = close + 1;
    }
    name_len = strcspn(p, "=");
    if (*p != '.' || p[name_len] != '=') {
        *why = xasprintf("'%.80s' is not FORM.COLUMN=VALUE, nor FORM[ROW].COLUMN=VALUE", text);
    } else if (out->form == NULL) {
        *why = xasprintf("there is no form or sheet '%.60s'; `preop attest --list` shows them", id);
    } else {
        name = xstrndup(p + 1, name_len - 1);
        out->value = p + name_len + 1;
        (void)find_column(out->form, name, &out->column, why);
    }
    if (*why == NULL && out->form->kind != FORM_SINGLE && (out->form->table->columns[out->column].flags & FACT_KEY) != 0)
        *why = xasprintf("%s says which row it is: name it between the brackets", out->form->table->columns[out->column].name);
    if (*why != NULL) {
        free(out->key);
        out->key = NULL;
    }
    free(name);
    free(id);
    return *why != NULL ? ERR_BAD_INPUT : 0;
}
