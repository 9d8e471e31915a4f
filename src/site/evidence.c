/* `evidence add`: keeps a file that others gave, and notes whence and when. Parent only. The file's name and bytes are a stranger's:
 * the name is made harmless, the bytes are only copied and hashed. */
#include "site/site.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/text.h"
#include "fact/evidence_kind.h"
#include "site/load.h"
#include "site/mapping.h"

#define MAX_EVIDENCE (256u << 20)    /* bytes of one file */
#define MAX_STEM 80
#define MAX_TRIES 10000
#define INDEX "evidence/index.yaml"

static const char index_head[] =
    "# Files that others gave us, one entry each, written by 'preop evidence add'. An entry with 'as:' and 'target:' is a target that the\n"
    "# file probe reads; without them the file is kept as proof only.\n";

/* --- names -------------------------------------------------------------------------------------------------------------- */

/* The last component in letters, digits, dots, - and _; *dot is where its last extension begins (or its end). */
static char *harmless_name(const char *path, size_t *dot)
{
    const char *base = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    struct buf out = BUF_INIT(1024);

    for (const char *p = base; *p != '\0' && out.len < 200; p++) {
        bool ok = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '_' || (*p == '.' && out.len > 0);
        if (ok)
            buf_putc(&out, *p);
        else if (out.len > 0 && out.data[out.len - 1] != '-')
            buf_putc(&out, '-');
    }
    if (out.len == 0)
        buf_puts(&out, "file");
    char *name = buf_take(&out);
    const char *last = strrchr(name, '.');
    size_t len = strlen(name), stem = last != NULL && len - (size_t)(last - name) <= 8 ? (size_t)(last - name) : len;
    if (stem > MAX_STEM) {
        memmove(name + MAX_STEM, name + stem, len - stem + 1);
        stem = MAX_STEM;
    }
    *dot = stem;
    return name;
}

/* The n-th form of a name: "rmm.csv", "rmm-2.csv", ... */
static char *numbered(const char *name, size_t dot, int n)
{
    return n == 1 ? xstrdup(name) : xasprintf("%.*s-%d%s", (int)dot, name, n, name + dot);
}

static char *free_target_name(const struct site *s, const char *name, size_t dot)
{
    char *stem = xstrndup(name, dot);

    text_lower_ascii(stem);
    for (int n = 1; n < MAX_TRIES; n++) {
        char *candidate = numbered(stem, strlen(stem), n);
        if (site_target(s, candidate) == NULL) {
            free(stem);
            return candidate;
        }
        free(candidate);
    }
    free(stem);
    return NULL;
}

/* --- the copy ----------------------------------------------------------------------------------------------------------- */

/* Writes bytes to a new file under evidence/, whose name (relative to dir) comes back in *file. */
static int write_copy(const char *dir, const char *name, size_t dot, const struct buf *bytes, char **file)
{
    char *folder = path_join(dir, "evidence");
    int err = dir_make(folder, 0700), fd = -1;

    free(folder);
    for (int n = 1; err == 0 && fd < 0 && n < MAX_TRIES; n++) {
        char *candidate = numbered(name, dot, n), *relative = xasprintf("evidence/%s", candidate), *path = path_join(dir, relative);
        /* index.yaml is ours, whether it is there yet or not */
        if (strcmp(relative, INDEX) != 0)
            fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 && strcmp(relative, INDEX) != 0 && errno != EEXIST)
            err = -errno;
        if (fd >= 0)
            *file = xstrdup(relative);
        free(candidate);
        free(relative);
        free(path);
    }
    if (fd < 0)
        return err != 0 ? err : -EEXIST;
    err = fd_write_all(fd, bytes->data, bytes->len);
    if (err == 0 && fsync(fd) != 0)
        err = -errno;
    if (close(fd) != 0 && err == 0)
        err = -errno;
    return err;
}

static void remove_copy(const char *dir, char *file)
{
    if (file == NULL)
        return;
    char *path = path_join(dir, file);
    (void)unlink(path);
    free(path);
    free(file);
}

/* --- the index ---------------------------------------------------------------------------------------------------------- */

static void put_text(struct buf *out, const char *key, const char *s)
{
    if (s == NULL)
        return;
    buf_printf(out, ", %s: ", key);
    put_quoted(out, s);
}

static void put_entry(struct buf *out, const struct evidence *e)
{
    char observed[ISO_LEN], received[ISO_LEN];

    iso_format(e->observed, observed);
    iso_format(e->received, received);
    buf_printf(out, "- {file: \"%s\", sha256: \"%s\"", e->file, e->sha256);
    put_text(out, "from", e->from);
    buf_printf(out, ", observed: \"%s\", received: \"%s\"", observed, received);
    put_text(out, "covers", e->covers);
    put_text(out, "as", e->as);
    put_text(out, "dates", date_order_name(e->dates));
    put_text(out, "target", e->target);
    buf_puts(out, "}\n");
}

static const struct site_file *find_file(const struct site *s, const char *kind)
{
    for (size_t i = 0; i < s->n_files; i++) {
        if (strcmp(s->files[i].kind, kind) == 0)
            return &s->files[i];
    }
    return NULL;
}

/* Whether the folder would still load with the new index: a user may have given the list another form than ours. */
static bool would_load(const struct site *s, const struct buf *index)
{
    const struct site_file *main_file = find_file(s, "site");
    if (main_file == NULL)
        return false;
    struct diags diags = DIAGS_INIT;
    const struct site_file files[] = { *main_file, { .kind = "evidence-index", .name = INDEX, .bytes = index->data, .len = index->len } };
    struct site *again = site_load_files(files, 2, &diags);
    bool ok = again != NULL && again->n_evidence == s->n_evidence + 1;

    site_free(again);
    diags_clear(&diags);
    return ok;
}

static int write_index(const struct site *s, const struct evidence *e, struct diags *diags)
{
    struct buf index = BUF_INIT(YAML_MAX_BYTES), entry = BUF_INIT(64 * 1024);
    const struct site_file *old = find_file(s, "evidence-index");
    int err = 0;

    put_entry(&entry, e);
    if (old != NULL)
        buf_append(&index, old->bytes, old->len);
    else
        buf_puts(&index, index_head);
    if (index.len > 0 && index.data[index.len - 1] != '\n')
        buf_putc(&index, '\n');
    buf_append(&index, entry.data, entry.len);
    char *path = path_join(s->dir, INDEX);
    if (index.overflow || !would_load(s, &index)) {
        diag_add(diags, DIAG_ERROR, path, 0, 0, "is not a plain list of entries ('- {...}', one each line), so that nothing was added");
        err = ERR_BAD_INPUT;
    } else {
        err = file_write_atomic(path, index.data, index.len, 0600);
        if (err != 0)
            diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be written: %s", err_text(err));
    }
    free(path);
    buf_clear(&index);
    buf_clear(&entry);
    return err;
}

/* --- the whole ---------------------------------------------------------------------------------------------------------- */

static bool one_line(const char *s, size_t max)
{
    size_t len = strlen(s);

    if (len == 0 || len > max || !text_is_utf8(s, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)s[i + 1] < 0xa0))
            return false;
    }
    return true;
}

static bool check_arguments(const char *dir, const struct evidence_words *words, struct diags *diags)
{
    const char *from = words->from, *covers = words->covers, *as = words->as;
    size_t before = diags->n_errors;

    if (!one_line(from, SITE_MAX_NAME))
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "who gave the file must be one line of at most %d bytes", SITE_MAX_NAME);
    if (covers != NULL && !one_line(covers, SITE_MAX_PROSE))
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "what the file covers must be one line of at most %d bytes", SITE_MAX_PROSE);
    char *path = as != NULL ? mapping_path(dir, as) : NULL;
    if (as != NULL && path == NULL && evidence_kind_find(as) == NULL)
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "there is no mapping '%s': neither mappings/%s.yaml in the site folder nor among the shipped ones", as, as);
    if (words->dates != DATES_UNKNOWN && (as == NULL || evidence_kind_find(as) != NULL))
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "dates: is for files that a mapping reads (csv/NAME)");
    free(path);
    return diags->n_errors == before;
}

/* The entry that has these bytes already and would not change. */
static const struct evidence *known_already(const struct site *s, const char *sha256, const char *as)
{
    for (size_t i = 0; i < s->n_evidence; i++) {
        const struct evidence *e = &s->evidence[i];
        if (strcmp(e->sha256, sha256) == 0 && (as == NULL || (e->as != NULL && strcmp(e->as, as) == 0)))
            return e;
    }
    return NULL;
}

static int keep(const struct site *s, const char *src_file, const struct buf *bytes, struct evidence *e, char **target_name, struct diags *diags)
{
    size_t dot = 0;
    char *name = harmless_name(src_file, &dot), *file = NULL, *target = NULL;

    if (e->as != NULL)
        target = free_target_name(s, name, dot);
    int err = write_copy(s->dir, name, dot, bytes, &file);
    if (err != 0) {
        diag_add(diags, DIAG_ERROR, src_file, 0, 0, "cannot be copied into evidence/: %s", err_text(err));
    } else {
        e->file = file;
        e->target = target;
        err = write_index(s, e, diags);
    }
    free(name);
    if (err != 0) {
        remove_copy(s->dir, file);
        free(target);
        return err;
    }
    diag_add(diags, DIAG_NOTE, NULL, 0, 0, "kept as %s", file);
    free(file);
    *target_name = target;
    return 0;
}

int site_evidence_add(const char *dir, const char *src_file, const struct evidence_words *words, char **target_name, struct diags *diags)
{
    struct buf bytes = BUF_INIT(MAX_EVIDENCE + 1);
    char hex[SHA256_HEX];

    *target_name = NULL;
    if (!check_arguments(dir, words, diags))
        return ERR_BAD_INPUT;
    struct site *s = site_load(dir, diags);
    if (s == NULL)
        return ERR_BAD_INPUT;
    int err = file_read(src_file, MAX_EVIDENCE, &bytes);
    if (err != 0) {
        diag_add(diags, DIAG_ERROR, src_file, 0, 0, "cannot be read: %s", err_text(err));
    } else {
        (void)buf_str(&bytes);
        sha256_hex(bytes.data, bytes.len, hex);
        const struct evidence *known = known_already(s, hex, words->as);
        struct evidence e = { .sha256 = hex, .from = words->from, .covers = words->covers, .as = words->as, .dates = words->dates, .observed = words->observed, .received = clock_now() };
        if (known != NULL) {
            diag_add(diags, DIAG_NOTE, src_file, 0, 0, "these bytes are kept already, as %s", known->file);
            if (words->dates != DATES_UNKNOWN && words->dates != known->dates)
                diag_add(diags, DIAG_ERROR, src_file, 0, 0, "its entry in " INDEX " does not say dates: %s: write it there, beside as:", date_order_name(words->dates));
            *target_name = xstrdup(known->as != NULL ? known->target : NULL);
        } else {
            err = keep(s, src_file, &bytes, &e, target_name, diags);
        }
    }
    buf_clear(&bytes);
    site_free(s);
    return err;
}
