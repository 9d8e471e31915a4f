/* The site folder: which files it has, reading them, and looking things up in what was read. Parent only. The files come from a
 * user, or from a run's pinned inputs; nothing in them is trusted. */
#include "site/site.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/path.h"
#include "site/load.h"
#include "site/sheet.h"

struct folder_file {
    const char *kind, *name;
    void (*load)(const struct yaml_in *in, const struct yaml_node *root, struct site *s);
};
/* In the order in which they are read: later ones look at what earlier ones said. */
static const struct folder_file folder_files[] = {
    { "site", "site.yaml", load_site_file },
    { "waivers", "waivers.yaml", load_waivers },
    { "decisions", "decisions.yaml", load_decisions },
    { "work", "work.yaml", load_work },
    { "requests", "requests.yaml", load_requests },
    { "evidence-index", "evidence/index.yaml", load_evidence },
    { "attestations", "attestations.yaml", load_attestations },
};

#define SHEET_KIND "sheet"

/* "sheets/circuits.csv": the sheet, or NULL. */
static const struct form *sheet_of_file(const char *name)
{
    for (size_t i = 0; i < n_forms; i++) {
        char *own = forms[i]->kind == FORM_SHEET ? sheet_file(forms[i]) : NULL;
        bool same = own != NULL && strcmp(own, name) == 0;
        free(own);
        if (same)
            return forms[i];
    }
    return NULL;
}

static const struct folder_file *find_kind(const char *kind)
{
    for (size_t i = 0; i < N_ELEMENTS(folder_files); i++) {
        if (strcmp(folder_files[i].kind, kind) == 0)
            return &folder_files[i];
    }
    return NULL;
}

bool site_says_nothing(const char *p, size_t len)
{
    bool comment = false;

    for (size_t i = 0; i < len; i++) {
        if (p[i] == '\n')
            comment = false;
        else if (p[i] == '#')
            comment = true;
        else if (!comment && p[i] != ' ' && p[i] != '\t' && p[i] != '\r')
            return false;
    }
    return true;
}

/* The name of a file in messages: as the user would type it. */
static const char *shown_name(const struct site *s, const char *name)
{
    if (strcmp(s->dir, ".") == 0)
        return name;
    char *path = path_join(s->dir, name);
    const char *shown = arena_strdup(s->arena, path);
    free(path);
    return shown;
}

static void load_one(struct site *s, const struct folder_file *kind, const struct site_file *f, struct diags *diags)
{
    struct yaml_in in = { .arena = s->arena, .file = shown_name(s, f->name), .diags = diags };

    if (strcmp(kind->kind, "site") != 0 && site_says_nothing(f->bytes, f->len))
        return;
    const struct yaml_node *root = yaml_parse(s->arena, in.file, f->bytes, f->len, diags);
    if (root != NULL)
        kind->load(&in, root, s);
    if (root != NULL && strcmp(kind->kind, "evidence-index") == 0)
        load_evidence_targets(&in, s);
}

static struct site *site_new(const char *dir)
{
    struct arena *arena = arena_new();
    struct site *s = arena_alloc(arena, sizeof(*s));

    s->arena = arena;
    s->dir = arena_strdup(arena, dir);
    s->key = s->name = s->timezone = "";
    return s;
}

/* Loads what s->files has. Gives s, or frees it and gives NULL when there was an error. */
static struct site *load_all(struct site *s, size_t errors_before, struct diags *diags)
{
    for (size_t k = 0; k < N_ELEMENTS(folder_files); k++) {
        for (size_t i = 0; i < s->n_files; i++) {
            if (strcmp(s->files[i].kind, folder_files[k].kind) == 0)
                load_one(s, &folder_files[k], &s->files[i], diags);
        }
    }
    for (size_t i = 0; i < s->n_files; i++) {
        const struct form *f = strcmp(s->files[i].kind, SHEET_KIND) == 0 ? sheet_of_file(s->files[i].name) : NULL;
        if (f != NULL)
            load_sheet(s, f, s->files[i].bytes, s->files[i].len);
    }
    load_sheets_missing(s);
    if (diags->n_errors == errors_before)
        return s;
    site_free(s);
    return NULL;
}

static void keep_file(struct site *s, const char *kind, const char *name, const char *bytes, size_t len)
{
    s->files[s->n_files++] = (struct site_file){ .kind = kind, .name = name, .bytes = arena_strndup(s->arena, bytes, len), .len = len };
}

/* False when the file cannot be read; an optional file that is not there is no error. */
static void read_one(struct site *s, const struct folder_file *kind, struct diags *diags)
{
    struct buf bytes = BUF_INIT(YAML_MAX_BYTES + 1);
    char *path = path_join(s->dir, kind->name);
    int err = file_read(path, YAML_MAX_BYTES, &bytes);

    if (err == 0)
        keep_file(s, kind->kind, kind->name, buf_str(&bytes), bytes.len);
    else if ((err == -ENOENT || err == -ENOTDIR) && strcmp(kind->kind, "site") == 0)
        diag_add(diags, DIAG_ERROR, path, 0, 0, "there is no site file here; 'preop init DIR' makes a site folder, -C DIR names one");
    else if (err != -ENOENT && err != -ENOTDIR)
        diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", err_text(err));
    buf_clear(&bytes);
    free(path);
}

static void read_sheet(struct site *s, const struct form *f, struct diags *diags)
{
    struct buf bytes = BUF_INIT(YAML_MAX_BYTES + 1);
    char *name = sheet_file(f), *path = path_join(s->dir, name);
    int err = file_read(path, YAML_MAX_BYTES, &bytes);

    if (err == 0)
        keep_file(s, SHEET_KIND, arena_strdup(s->arena, name), buf_str(&bytes), bytes.len);
    else if (err != -ENOENT && err != -ENOTDIR)
        diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", err_text(err));
    buf_clear(&bytes);
    free(path);
    free(name);
}

struct site *site_load(const char *dir, struct diags *diags)
{
    struct site *s = site_new(dir);
    size_t errors_before = diags->n_errors;

    s->files = arena_array(s->arena, N_ELEMENTS(folder_files) + n_forms, sizeof(*s->files));
    for (size_t i = 0; i < N_ELEMENTS(folder_files); i++)
        read_one(s, &folder_files[i], diags);
    for (size_t i = 0; i < n_forms; i++) {
        if (forms[i]->kind == FORM_SHEET)
            read_sheet(s, forms[i], diags);
    }
    return load_all(s, errors_before, diags);
}

struct site *site_load_files(const struct site_file *files, size_t n, struct diags *diags)
{
    struct site *s = site_new(".");
    size_t errors_before = diags->n_errors;

    s->files = arena_array(s->arena, N_ELEMENTS(folder_files) + n_forms, sizeof(*s->files));
    for (size_t i = 0; i < n; i++) {
        const struct folder_file *kind = find_kind(files[i].kind);
        bool sheet = strcmp(files[i].kind, SHEET_KIND) == 0 && sheet_of_file(files[i].name) != NULL;
        const char *name = kind != NULL ? kind->name : files[i].name;
        bool again = false;
        for (size_t j = 0; j < s->n_files; j++)
            again = again || (strcmp(s->files[j].kind, files[i].kind) == 0 && strcmp(s->files[j].name, name) == 0);
        if ((kind != NULL || sheet) && !again)
            keep_file(s, kind != NULL ? kind->kind : SHEET_KIND, arena_strdup(s->arena, name), files[i].bytes, files[i].len);
    }
    if (s->n_files == 0 || strcmp(s->files[0].kind, "site") != 0)
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "the site file is missing among the files of this run");
    return load_all(s, errors_before, diags);
}

void site_free(struct site *s)
{
    if (s != NULL)
        arena_free(s->arena);
}

/* --- looking up ------------------------------------------------------------------------------------------------------- */

char *site_file_path(const struct site *s, const char *file)
{
    return path_join(s->dir, file);
}

const struct evidence *site_evidence(const struct site *s, const char *file)
{
    for (size_t i = 0; i < s->n_evidence; i++) {
        if (s->evidence[i].file != NULL && strcmp(s->evidence[i].file, file) == 0)
            return &s->evidence[i];
    }
    return NULL;
}

const struct attestation *site_attestation(const struct site *s, const struct form *f)
{
    for (size_t i = 0; i < s->n_answers; i++) {
        if (s->answers[i].form == f)
            return &s->answers[i];
    }
    return NULL;
}

bool attestation_live(const struct attestation *a, int64_t as_of)
{
    return a->expires == 0 || as_of <= a->expires;
}

const struct target *site_target(const struct site *s, const char *name)
{
    for (size_t i = 0; i < s->n_targets; i++) {
        if (strcmp(s->targets[i].name, name) == 0)
            return &s->targets[i];
    }
    return NULL;
}

const char *site_title(const struct site *s)
{
    return s->codename && s->stage == STAGE_DILIGENCE ? s->codename : s->name;
}

const char *const audience_names[] = { "committee", "it", "seller", "insurer", "counsel" };
const size_t n_audience_names = N_ELEMENTS(audience_names);

const char *site_marking(const struct site *s, const char *audience)
{
    if (!audience)
        return s->marking ? s->marking : "CONFIDENTIAL";
    for (size_t i = 0; i < s->n_markings; i++)
        if (strcmp(s->markings[i].audience, audience) == 0)
            return s->markings[i].text;
    return NULL;
}

const char *site_owner_name(const struct site *s, const char *role)
{
    for (size_t i = 0; i < s->n_owners; i++) {
        if (strcmp(s->owners[i].role, role) == 0)
            return s->owners[i].name;
    }
    return NULL;
}

const char *site_owner_text(const struct site *s, const char *role)
{
    const char *name = site_owner_name(s, role);

    return name != NULL ? name : role;
}

static const struct profile_value *find_profile(const struct site *s, const char *name)
{
    for (size_t i = 0; i < s->n_profile; i++) {
        if (strcmp(s->profile[i].name, name) == 0)
            return &s->profile[i];
    }
    return NULL;
}

const char *site_profile_text(const struct site *s, const char *name)
{
    const struct profile_value *v = find_profile(s, name);

    return v != NULL ? v->text : NULL;
}

bool site_profile_number(const struct site *s, const char *name, double *out)
{
    const struct profile_value *v = find_profile(s, name);

    if (v == NULL || v->text != NULL)
        return false;
    *out = v->value;
    return true;
}

bool site_profile_range(const struct site *s, const char *name, double out[2])
{
    const struct profile_value *v = find_profile(s, name);

    if (v == NULL || v->text != NULL)
        return false;
    out[0] = v->value;
    out[1] = v->high;
    return true;
}

int milestone_order(const struct site *s, const char *name)
{
    for (size_t i = 0; i < s->n_milestones; i++) {
        if (strcmp(s->milestones[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

void site_set_capacity(struct site *s, const char *role, double days_per_month)
{
    struct capacity *v = arena_array(s->arena, s->n_capacities + 1, sizeof(*v));
    size_t n = s->n_capacities;

    for (size_t i = 0; i < n; i++) {
        if (strcmp(s->capacities[i].role, role) == 0) {
            s->capacities[i].days_per_month = days_per_month;
            return;
        }
    }
    if (n > 0)
        memcpy(v, s->capacities, n * sizeof(*v));
    v[n] = (struct capacity){ arena_strdup(s->arena, role), days_per_month };
    s->capacities = v;
    s->n_capacities = n + 1;
}

bool waiver_live(const struct waiver *w, int64_t as_of)
{
    return as_of >= w->date && as_of <= w->expires;
}
