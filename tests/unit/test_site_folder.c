/* Writing the site folder: init and evidence add. Works in a folder of its own below the current one. */
#include "lib/cmocka_all.h"

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "site/credentials.h"
#include "site/site.h"

static char folder[] = "test_site_folder.XXXXXX";

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int setup(void **state)
{
    (void)state;
    umask(022);
    clock_set(1795339410);
    return mkdtemp(folder) != NULL && chmod(folder, 0700) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put_file(const char *name, const char *bytes, size_t len)
{
    char *path = path_join(folder, name);

    assert_int_equal(file_write_atomic(path, bytes, len, 0644), 0);
    free(path);
}

static void expect_mode(const char *name, mode_t mode)
{
    struct stat st;
    char *path = path_join(folder, name);

    if (stat(path, &st) != 0 || (st.st_mode & 07777) != mode)
        fail_msg("%s is not there with mode %o", path, (unsigned)mode);
    free(path);
}

static struct site *must_load(const char *dir)
{
    struct diags diags = DIAGS_INIT;
    struct site *s = site_load(dir, &diags);

    if (s == NULL || diags.n != 0)
        diags_print(&diags, stderr);
    assert_non_null(s);
    assert_int_equal(diags.n, 0);
    return s;
}

/* Every shipped checklist, and no other. */
static void expect_all_shipped(const struct site *s)
{
    const char *srcdir = getenv("srcdir");
    char *pattern = path_join(srcdir != NULL ? srcdir : ".", "checklists/*.yaml");
    glob_t g;
    assert_int_equal(glob(pattern, 0, NULL, &g), 0);
    assert_int_equal(s->n_checklists, g.gl_pathc);
    for (size_t i = 0; i < g.gl_pathc; i++) {
        bool named = false;
        for (size_t k = 0; k < s->n_checklists; k++) {
            char *end = xasprintf("/%s.yaml", s->checklists[k].name);
            named |= strstr(g.gl_pathv[i], end) != NULL;
            free(end);
        }
        if (!named)
            fail_msg("init does not name %s", g.gl_pathv[i]);
    }
    globfree(&g);
    free(pattern);
}

static void test_init(void **state)
{
    struct diags diags = DIAGS_INIT;
    char *dir = path_join(folder, "North Clinic.2");

    (void)state;
    assert_int_equal(site_init(dir, NULL, NULL, &diags), 0);
    assert_int_equal(diags.n, 0);
    expect_mode("North Clinic.2", 0700);
    expect_mode("North Clinic.2/site.yaml", 0600);
    expect_mode("North Clinic.2/credentials.yaml", 0600);
    expect_mode("North Clinic.2/known_hosts", 0600);
    expect_mode("North Clinic.2/evidence", 0700);
    struct site *s = must_load(dir);
    assert_string_equal(s->key, "north-clinic-2");
    assert_int_equal(s->stage, STAGE_DILIGENCE);
    assert_int_equal(s->n_targets, 0);
    assert_int_equal(s->n_authorizations, 0);
    expect_all_shipped(s);
    site_free(s);
    struct credentials *c = credentials_load(dir, &diags);
    assert_non_null(c);
    credentials_free(c);
    /* never again over it */
    assert_int_equal(site_init(dir, NULL, NULL, &diags), ERR_BAD_INPUT);
    assert_int_equal(diags.n_errors, 3);
    diags_clear(&diags);
    assert_int_equal(site_init(dir, "Not A Key", NULL, &diags), ERR_BAD_INPUT);
    diags_clear(&diags);
    free(dir);
}

/* Every example in the template is good when its # is taken away. */
static void test_template_examples(void **state)
{
    struct buf text = BUF_INIT(1 << 20), plain = BUF_INIT(1 << 20);
    char *path = path_join(folder, "North Clinic.2/site.yaml");
    struct diags diags = DIAGS_INIT;

    (void)state;
    assert_int_equal(file_read(path, 1 << 20, &text), 0);
    for (const char *p = buf_str(&text); *p != '\0';) {
        size_t len = strcspn(p, "\n");
        bool example = p[0] == '#' && p[1] != ' ', item = strncmp(p, "#  ", 3) == 0;
        size_t skip = example || item ? 1 : 0;
        if (strncmp(p, "# ", 2) != 0 || item)
            buf_append(&plain, p + skip, len - skip);
        buf_putc(&plain, '\n');
        p += len + (p[len] == '\n');
    }
    const struct site_file file = { "site", "site.yaml", buf_str(&plain), plain.len };
    struct site *s = site_load_files(&file, 1, &diags);
    diags_print(&diags, stderr);
    assert_non_null(s);
    assert_int_equal(s->n_authorizations, 1);
    assert_int_equal(s->n_targets, 5);
    assert_int_equal(s->n_owners, 3);
    assert_string_equal(s->codename, "BIRCH");
    assert_string_equal(s->plan, "trust");
    site_free(s);
    buf_clear(&text);
    buf_clear(&plain);
    free(path);
}

static void test_like(void **state)
{
    static const char model[] =
        "preop: 1\nsite: model\nname: Model\nstage: owned\ntimezone: UTC\nauthorization: owner\nintegration: {plan: merge}\n"
        "capacity: {vendor: 0.5}\nowners: {vendor: 'The \"IT\" people \\ co'}\nchecklists: [core, mine.yaml, network]\n"
        "targets: [{name: fw, address: 10.0.0.1, snmp: secret-one}]\n";
    struct diags diags = DIAGS_INIT;
    char *other = path_join(folder, "model"), *dir = path_join(folder, "copy"), *yaml = path_join(folder, "copy/site.yaml");
    struct buf text = BUF_INIT(1 << 20);

    (void)state;
    assert_int_equal(dir_make(other, 0700), 0);
    put_file("model/site.yaml", model, strlen(model));
    assert_int_equal(site_init(dir, "copy-1", other, &diags), 0);
    assert_int_equal(diags.n_errors, 0);
    assert_int_equal(diags.n, 1);    /* the overlay that was left out */
    struct site *s = must_load(dir);
    assert_string_equal(s->key, "copy-1");
    assert_string_equal(s->plan, "merge");
    assert_int_equal(s->n_capacities, 1);
    assert_string_equal(site_owner_name(s, "vendor"), "The \"IT\" people \\ co");
    assert_int_equal(s->n_checklists, 2);
    assert_int_equal(s->n_targets, 0);
    assert_false(s->owner_authorized);
    assert_int_equal(s->stage, STAGE_DILIGENCE);
    site_free(s);
    assert_int_equal(file_read(yaml, 1 << 20, &text), 0);
    assert_null(strstr(buf_str(&text), "secret-one"));
    diags_clear(&diags);
    buf_clear(&text);
    free(other);
    free(dir);
    free(yaml);
}

/* --- evidence -------------------------------------------------------------------------------------------------------------- */

static char *add(const char *dir, const char *file, const char *as, int expected)
{
    struct diags diags = DIAGS_INIT;
    char *target = NULL, *path = path_join(folder, file);
    const struct evidence_words words = { .from = "D. Example, \"IT\" contractor \\ owner", .observed = 1793913600, .covers = "all PCs; caf\xc3\xa9", .as = as, .dates = as != NULL ? DATES_DAY_FIRST : DATES_UNKNOWN };
    int err = site_evidence_add(dir, path, &words, &target, &diags);

    if (err != expected)
        diags_print(&diags, stderr);
    assert_int_equal(err, expected);
    assert_int_equal(diags.n_errors > 0, expected != 0);
    diags_clear(&diags);
    free(path);
    return target;
}

static void test_evidence(void **state)
{
    char *dir = path_join(folder, "copy"), hex[SHA256_HEX];

    (void)state;
    put_file("RMM Export (final).csv", "Device Name\npc1\n", 16);
    char *target = add(dir, "RMM Export (final).csv", "csv/generic-assets", 0);
    assert_string_equal(target, "rmm-export-final-");
    free(target);
    expect_mode("copy/evidence/RMM-Export-final-.csv", 0600);
    expect_mode("copy/evidence/index.yaml", 0600);
    struct site *s = must_load(dir);
    assert_int_equal(s->n_evidence, 1);
    const struct evidence *e = &s->evidence[0];
    sha256_hex("Device Name\npc1\n", 16, hex);
    assert_string_equal(e->sha256, hex);
    assert_string_equal(e->from, "D. Example, \"IT\" contractor \\ owner");
    assert_string_equal(e->covers, "all PCs; caf\xc3\xa9");
    assert_int_equal(e->observed, 1793913600);
    assert_int_equal(e->received, 1795339410);
    assert_int_equal(s->n_targets, 1);
    assert_string_equal(s->targets[0].file, "evidence/RMM-Export-final-.csv");
    assert_string_equal(s->targets[0].as, "csv/generic-assets");
    site_free(s);
    /* the same bytes again change nothing; another file of that name gets another name */
    target = add(dir, "RMM Export (final).csv", "csv/generic-assets", 0);
    assert_string_equal(target, "rmm-export-final-");
    free(target);
    put_file("RMM Export (final).csv", "Device Name\npc2\n", 16);
    target = add(dir, "RMM Export (final).csv", "csv/generic-assets", 0);
    assert_string_equal(target, "rmm-export-final--2");
    free(target);
    expect_mode("copy/evidence/RMM-Export-final--2.csv", 0600);
    s = must_load(dir);
    assert_int_equal(s->n_evidence, 2);
    assert_int_equal(s->n_targets, 2);
    site_free(s);
    free(dir);
}

static void test_evidence_names(void **state)
{
    char *dir = path_join(folder, "copy");

    (void)state;
    put_file("index.yaml", "not ours", 8);
    assert_null(add(dir, "index.yaml", NULL, 0));
    expect_mode("copy/evidence/index-2.yaml", 0600);
    /* the index's own name is never given away, not even while there is no index */
    char *fresh = path_join(folder, "North Clinic.2");
    assert_null(add(fresh, "index.yaml", NULL, 0));
    expect_mode("North Clinic.2/evidence/index-2.yaml", 0600);
    struct site *north = must_load(fresh);
    assert_string_equal(north->evidence[0].file, "evidence/index-2.yaml");
    site_free(north);
    free(fresh);
    put_file(".hidden\n\x1b[31m", "x", 1);
    assert_null(add(dir, ".hidden\n\x1b[31m", NULL, 0));
    expect_mode("copy/evidence/hidden-31m", 0600);
    put_file("\xff\xfe", "y", 1);
    assert_null(add(dir, "\xff\xfe", NULL, 0));
    expect_mode("copy/evidence/file", 0600);
    put_file("empty", "", 0);
    assert_null(add(dir, "empty", NULL, 0));
    struct site *s = must_load(dir);
    assert_int_equal(s->n_evidence, 6);
    assert_int_equal(s->n_targets, 2);
    site_free(s);
    free(dir);
}

static void test_evidence_refused(void **state)
{
    char *dir = path_join(folder, "copy"), *index = path_join(folder, "copy/evidence/index.yaml"), *target = NULL;
    struct diags diags = DIAGS_INIT;
    struct buf before = BUF_INIT(1 << 20), after = BUF_INIT(1 << 20);

    (void)state;
    assert_null(add(dir, "no such file", NULL, -ENOENT));
    assert_null(add(dir, "empty", "csv/no-such-mapping", ERR_BAD_INPUT));
    assert_null(add(dir, "empty", "../../x", ERR_BAD_INPUT));
    assert_null(add(dir, ".", NULL, -EISDIR));
    assert_int_equal(site_evidence_add(dir, index, &(const struct evidence_words){ .from = "two\nlines" }, &target, &diags), ERR_BAD_INPUT);
    assert_int_equal(site_evidence_add(dir, index, &(const struct evidence_words){ .from = "" }, &target, &diags), ERR_BAD_INPUT);
    diags_clear(&diags);
    /* an index in another form is left as it is, and no copy stays behind */
    put_file("copy/evidence/index.yaml", "[]\n", 3);
    put_file("new.csv", "new", 3);
    assert_null(add(dir, "new.csv", NULL, ERR_BAD_INPUT));
    assert_int_equal(file_read(index, 100, &after), 0);
    assert_string_equal(buf_str(&after), "[]\n");
    char *copy = path_join(folder, "copy/evidence/new.csv");
    assert_int_not_equal(access(copy, F_OK), 0);
    free(copy);
    buf_clear(&before);
    buf_clear(&after);
    free(index);
    free(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init),
        cmocka_unit_test(test_template_examples),
        cmocka_unit_test(test_like),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_evidence_names),
        cmocka_unit_test(test_evidence_refused),
    };
    const char *srcdir = getenv("srcdir");
    char *data = xasprintf("%s/checklists", srcdir != NULL ? srcdir : ".");
    int failed = setenv("PREOP_DATADIR", data, 1);

    failed += cmocka_run_group_tests(tests, setup, teardown);
    free(data);
    return failed;
}
