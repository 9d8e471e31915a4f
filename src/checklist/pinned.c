/* A run's pinned inputs: written when it starts, read back whenever it is judged again, so that a later edit of a file changes no old run.
 * Runs in the parent. */
#include "checklist/pinned.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"

int pinned_put(struct store *s, int64_t run, const struct site *site, const struct checklists *c)
{
    for (size_t i = 0; i < site->n_files; i++) {
        int err = store_input_put(s, run, site->files[i].kind, site->files[i].name, site->files[i].bytes, site->files[i].len);
        if (err)
            return err;
    }
    for (size_t i = 0; i < c->n_files; i++) {
        int err = store_input_put(s, run, "checklist", c->files[i].name, c->files[i].bytes, c->files[i].len);
        if (err)
            return err;
    }
    for (size_t i = 0; i < c->n_data; i++) {
        int err = store_input_put(s, run, "data", c->data[i].name, c->data[i].bytes, c->data[i].len);
        if (err)
            return err;
    }
    return 0;
}

static bool of_checklists(const struct input *in)
{
    return strcmp(in->kind, "checklist") == 0 || strcmp(in->kind, "data") == 0;
}

/* The first problem, as one sentence. */
static char *first_problem(const struct diags *d)
{
    if (d->n == 0)
        return xstrdup("its pinned files cannot be read");
    const struct diag *p = &d->v[0];
    return xasprintf("its pinned %s, line %d: %s", p->file ? p->file : "file", p->line, p->text);
}

static bool of_the_folder(const struct input *in)
{
    return !of_checklists(in);
}

static bool of_records(const struct input *in)
{
    static const char *const kinds[] = { "site", "waivers", "decisions", "requests" };
    for (size_t i = 0; i < N_ELEMENTS(kinds); i++)
        if (strcmp(in->kind, kinds[i]) == 0)
            return true;
    return false;
}

static struct site *load_site(const struct input *in, size_t n, bool (*wanted)(const struct input *), struct diags *d)
{
    struct site_file *files = xcalloc(n + 1, sizeof(*files));
    size_t k = 0;
    /* the site file first, as site_load_files() wants it */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++)
            if (wanted(&in[i]) && (strcmp(in[i].kind, "site") == 0) == (pass == 0))
                files[k++] = (struct site_file){ in[i].kind, in[i].name, in[i].bytes, in[i].len };
    struct site *site = k > 0 ? site_load_files(files, k, d) : NULL;
    free(files);
    return site;
}

static struct checklists *load_checklists(const struct input *in, size_t n, const struct site *site, struct diags *d)
{
    struct checklist_file *files = xcalloc(n + 1, sizeof(*files));
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (!of_checklists(&in[i]))
            continue;
        files[k] = (struct checklist_file){ .name = in[i].name, .path = in[i].name, .bytes = in[i].bytes, .len = in[i].len, .is_data = strcmp(in[i].kind, "data") == 0 };
        memcpy(files[k++].sha256, in[i].sha256, sizeof(in[i].sha256));
    }
    struct checklists *c = checklists_load_files(files, k, site, d);
    free(files);
    return c;
}

/* Whatever else than facts can change a verdict: checklists, data files, and the profile as checks see it. */
static void fingerprint(const struct input *in, size_t n, const struct checklists *c, char out[SHA256_HEX])
{
    struct buf b = BUF_INIT(1 << 20);
    for (size_t i = 0; i < n; i++)
        if (of_checklists(&in[i]))
            buf_printf(&b, "%s\t%s\n", in[i].name, in[i].sha256);
    for (int id = 0; id < LOOKUP_COUNT; id++) {          /* files are among the inputs */
        const struct lookup_rows *rows = &c->lookups[id];
        bool read = id == LOOKUP_SITE_PROFILE || (lookup_tables[id].file == NULL && lookup_wanted(c->checks, c->n_checks, (enum lookup_id)id));
        for (size_t k = 0; read && k < rows->n * lookup_tables[id].n_columns; k++)
            buf_printf(&b, "%s\n", rows->values[k] != NULL ? rows->values[k] : "");
    }
    sha256_hex(buf_str(&b), b.len, out);
    buf_clear(&b);
}

int pinned_load(struct store *s, int64_t run, struct pinned *out, char **why)
{
    struct input *in = NULL;
    size_t n = 0;
    struct diags d = DIAGS_INIT;
    *out = (struct pinned){ 0 };
    if (why)
        *why = NULL;
    int err = store_inputs(s, run, &in, &n);
    if (err)
        return err;
    out->site = load_site(in, n, of_the_folder, &d);
    if (out->site)
        out->checklists = load_checklists(in, n, out->site, &d);
    if (out->checklists)
        fingerprint(in, n, out->checklists, out->fingerprint);
    if (!out->checklists) {
        err = ERR_BAD_INPUT;
        if (why)
            *why = first_problem(&d);
        pinned_clear(out);
    }
    diags_clear(&d);
    inputs_free(in, n);
    return err;
}

int pinned_records(struct store *s, int64_t run, struct site **out, char **why)
{
    struct input *in = NULL;
    size_t n = 0;
    struct diags d = DIAGS_INIT;
    *out = NULL;
    *why = NULL;
    int err = store_inputs(s, run, &in, &n);
    if (err)
        return err;
    *out = load_site(in, n, of_records, &d);
    if (!*out) {
        err = ERR_BAD_INPUT;
        *why = first_problem(&d);
    }
    diags_clear(&d);
    inputs_free(in, n);
    return err;
}

void pinned_clear(struct pinned *p)
{
    checklists_free(p->checklists);
    site_free(p->site);
    *p = (struct pinned){ 0 };
}
