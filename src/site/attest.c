/* Writing down what people answered: one entry of attestations.yaml at a time, the rest of the file as the user left it. Parent only. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/text.h"
#include "site/answer.h"
#include "site/load.h"
#include "site/sheet.h"

static const char file_head[] =
    "# What people answered, one entry each, written by `preop attest`. An entry may be edited; `preop attest --list` says how it counts.\n"
    "# Never write a password, a patient's name or anything about a patient here.\n";

/* --- an entry as text ----------------------------------------------------------------------------------------------------- */

static void put_value(struct buf *out, const struct fact_column *c, const char *value)
{
    bool bare = c->type == FACT_BOOLEAN || c->type == FACT_INTEGER || c->type == FACT_REAL || strcmp(c->source, ANSWER_DATE) == 0;

    if (bare)
        buf_puts(out, value);
    else
        put_quoted(out, value);
}

static void put_answers(struct buf *out, const struct attestation *a)
{
    const struct fact_table *t = a->form->table;

    buf_puts(out, "  answers:");
    size_t start = out->len;
    for (size_t c = 0; c < t->n_columns && a->n_rows > 0; c++) {
        if (a->rows[0].values[c] == NULL)
            continue;
        buf_printf(out, "\n    %s: ", t->columns[c].name);
        put_value(out, &t->columns[c], a->rows[0].values[c]);
    }
    buf_puts(out, out->len == start ? " {}\n" : "\n");
}

static void put_rows(struct buf *out, const struct attestation *a)
{
    const struct fact_table *t = a->form->table;

    if (a->none) {
        buf_puts(out, "  none: true\n");
        return;
    }
    buf_puts(out, "  rows:\n");
    for (size_t i = 0; i < a->n_rows; i++) {
        bool first = true;
        buf_puts(out, "    - {");
        for (size_t c = 0; c < t->n_columns; c++) {
            if (a->rows[i].values[c] == NULL)
                continue;
            buf_printf(out, "%s%s: ", first ? "" : ", ", t->columns[c].name);
            put_value(out, &t->columns[c], a->rows[i].values[c]);
            first = false;
        }
        buf_puts(out, "}\n");
    }
}

static void put_entry(struct buf *out, const struct attestation *a)
{
    const char *const heads[] = { "by", "role", "evidence" }, *const texts[] = { a->by, a->role, a->evidence };
    char day[DATE_LEN];

    buf_printf(out, "%s:\n", a->form->id);
    for (size_t i = 0; i < N_ELEMENTS(heads); i++) {
        if (texts[i] == NULL)
            continue;
        buf_printf(out, "  %s: ", heads[i]);
        put_quoted(out, texts[i]);
        buf_putc(out, '\n');
    }
    date_format(a->on, day);
    buf_printf(out, "  on: %s\n", day);
    if (a->expires_said) {
        date_format(a->expires, day);
        buf_printf(out, "  expires: %s\n", day);
    }
    if (a->form->kind == FORM_SINGLE)
        put_answers(out, a);
    else if (a->form->kind == FORM_LIST)
        put_rows(out, a);
    else if (a->none)
        buf_puts(out, "  none: true\n");
    else if (a->sha256 == NULL)              /* begun, and not in a file of its own yet */
        put_rows(out, a);
    else
        buf_printf(out, "  sha256: \"%s\"\n", a->sha256);
}

/* --- the file around it --------------------------------------------------------------------------------------------------- */

struct span { size_t from, to; bool found; };

/* Where line n (from 1) begins. */
static size_t line_start(const char *p, size_t len, int n)
{
    size_t at = 0;

    for (int line = 1; line < n && at < len; line++) {
        const char *end = memchr(p + at, '\n', len - at);
        at = end != NULL ? (size_t)(end - p) + 1 : len;
    }
    return at;
}

/* Comments and blank lines before the next entry belong to it. */
static size_t before_comments(const char *p, size_t from, size_t to)
{
    while (to > from) {
        size_t start = to - 1;
        while (start > from && p[start - 1] != '\n')
            start--;
        const char *s = p + start;
        s += strspn(s, " \t\r");
        if (*s != '#' && *s != '\n' && s < p + to)
            break;
        to = start;
    }
    return to;
}

/* The lines of a form's entry. False when the file is no list of entries, each from the beginning of its line. */
static bool find_entry(const struct yaml_node *root, const char *p, size_t len, const char *id, struct span *out)
{
    *out = (struct span){ .from = len, .to = len };
    if (root == NULL || yaml_is_null(root))
        return true;
    if (root->kind != YAML_MAP)
        return false;
    for (size_t i = 0; i < root->n; i++) {
        size_t from = line_start(p, len, root->key_lines[i]);
        if (root->key_columns[i] != 1 || p[from] == '{')
            return false;
        if (strcmp(root->keys[i], id) != 0)
            continue;
        size_t to = i + 1 < root->n ? line_start(p, len, root->key_lines[i + 1]) : len;
        *out = (struct span){ .from = from, .to = i + 1 < root->n ? before_comments(p, from, to) : to, .found = true };
    }
    return true;
}

/* The file with the entry in it, or without it (entry empty). False when its form does not allow that. */
static bool splice(const char *p, size_t len, const char *id, const struct buf *entry, struct buf *out)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT;
    struct span at = { 0, 0, false };
    const struct yaml_node *root = site_says_nothing(p, len) ? NULL : yaml_parse(arena, NULL, p, len, &diags);
    bool ok = diags.n_errors == 0 && find_entry(root, p, len, id, &at);

    if (ok) {
        buf_append(out, p, at.from);
        if (out->len > 0 && out->data[out->len - 1] != '\n')
            buf_putc(out, '\n');
        buf_append(out, entry->data, entry->len);
        buf_append(out, p + at.to, len - at.to);
    }
    diags_clear(&diags);
    arena_free(arena);
    return ok && !out->overflow;
}

/* Whether the folder takes the new file; its own words where it does not. */
static bool would_load(const struct site *s, const char *file, const struct buf *text, struct diags *diags)
{
    struct site_file *files = xcalloc(s->n_files + 1, sizeof(*files));
    struct diags faults = DIAGS_INIT;
    size_t n = 0;

    for (size_t i = 0; i < s->n_files; i++) {
        if (strcmp(s->files[i].kind, "attestations") != 0)
            files[n++] = s->files[i];
    }
    files[n++] = (struct site_file){ .kind = "attestations", .name = ATTESTATIONS_FILE, .bytes = text->data, .len = text->len };
    struct site *again = site_load_files(files, n, &faults);
    for (size_t i = 0; i < faults.n && again == NULL; i++)
        diag_add(diags, DIAG_ERROR, file, 0, 0, "%s", faults.v[i].text);
    bool ok = again != NULL;
    site_free(again);
    diags_clear(&faults);
    free(files);
    return ok;
}

static int rewrite(const char *dir, const char *file, const char *id, const struct buf *entry, struct diags *diags)
{
    struct buf old = BUF_INIT(YAML_MAX_BYTES + 1), text = BUF_INIT(YAML_MAX_BYTES);
    char *path = path_join(dir, file);
    struct site *s = site_load(dir, diags);
    int err = s == NULL ? ERR_BAD_INPUT : file_read(path, YAML_MAX_BYTES, &old);

    if (err == -ENOENT) {
        buf_puts(&old, file_head);
        err = 0;
    }
    if (s != NULL && err != 0)
        diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", err_text(err));
    if (err == 0 && !splice(buf_str(&old), old.len, id, entry, &text)) {
        diag_add(diags, DIAG_ERROR, path, 0, 0, "is not a plain list of entries, each from the beginning of a line: nothing was written");
        err = ERR_BAD_INPUT;
    }
    if (err == 0 && strcmp(file, ATTESTATIONS_FILE) == 0 && !would_load(s, path, &text, diags))
        err = ERR_BAD_INPUT;
    if (err == 0) {
        err = file_write_atomic(path, buf_str(&text), text.len, 0600);
        if (err != 0)
            diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be written: %s", err_text(err));
    }
    site_free(s);
    free(path);
    buf_clear(&old);
    buf_clear(&text);
    return err;
}

int site_attest(const char *dir, const char *file, const struct attestation *a, struct diags *diags)
{
    struct buf entry = BUF_INIT(YAML_MAX_BYTES);

    put_entry(&entry, a);
    int err = rewrite(dir, file, a->form->id, &entry, diags);
    buf_clear(&entry);
    return err;
}

int site_attest_forget(const char *dir, const char *file, const struct form *f, struct diags *diags)
{
    struct buf nothing = BUF_INIT(16);
    char *path = path_join(dir, file);
    struct buf there = BUF_INIT(YAML_MAX_BYTES + 1);
    int err = file_read(path, YAML_MAX_BYTES, &there);

    buf_clear(&there);
    free(path);
    return err == -ENOENT ? 0 : rewrite(dir, file, f->id, &nothing, diags);
}

int site_sheet_put(const char *dir, const struct attestation *a, struct diags *diags)
{
    struct buf csv = BUF_INIT(YAML_MAX_BYTES);
    struct attestation head = *a;
    char hex[SHA256_HEX], *name = sheet_file(a->form), *path = path_join(dir, name), *folder = path_join(dir, "sheets");

    sheet_write(a->form, a->rows, a->n_rows, &csv);
    sha256_hex(buf_str(&csv), csv.len, hex);
    head.sha256 = hex;
    int err = csv.overflow ? ERR_LIMIT : dir_make(folder, 0700);
    if (err == 0)
        err = file_write_atomic(path, buf_str(&csv), csv.len, 0600);
    if (err != 0)
        diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be written: %s", err_text(err));
    /* Between the two the sheet's hash is not the one that is said, and so it counts for nothing. */
    if (err == 0)
        err = site_attest(dir, ATTESTATIONS_FILE, &head, diags);
    free(folder);
    free(path);
    free(name);
    buf_clear(&csv);
    return err;
}

int site_attestations_read(struct site *s, const char *path, const struct attestation *defaults, struct attestation **out, size_t *n, struct diags *diags)
{
    struct buf bytes = BUF_INIT(YAML_MAX_BYTES + 1);
    struct yaml_in in = { .arena = s->arena, .file = arena_strdup(s->arena, path), .diags = diags };
    size_t errors = diags->n_errors;
    int err = file_read(path, YAML_MAX_BYTES, &bytes);

    *out = arena_array(s->arena, n_forms, sizeof(**out));
    *n = 0;
    if (err == 0 && !site_says_nothing(buf_str(&bytes), bytes.len)) {
        const struct yaml_node *root = yaml_parse(s->arena, in.file, buf_str(&bytes), bytes.len, diags);
        load_answers(&in, root, s, defaults, *out, n);
    } else if (err != 0 && err != -ENOENT) {
        diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", err_text(err));
    }
    buf_clear(&bytes);
    return diags->n_errors == errors ? 0 : ERR_BAD_INPUT;
}
