/* Every file of tests/unit/data/site: the good ones load without a word, the bad ones give exactly the lines of their .expected file. */
#include "lib/cmocka_all.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "site/credential.h"
#include "site/mapping.h"
#include "site/site.h"

/* What other files of a folder stand on. */
static const char base_site[] =
    "preop: 1\nsite: a\nname: A\nstage: diligence\ntimezone: UTC\ntargets:\n  - {name: taken, file: evidence/taken.csv, as: csv/x}\n";

static char *data_path(const char *name)
{
    const char *srcdir = getenv("srcdir");

    return xasprintf("%s/tests/unit/data/site/%s", srcdir != NULL ? srcdir : ".", name);
}

static void read_data(const char *name, struct buf *out)
{
    char *path = data_path(name);

    if (file_read(path, 1 << 20, out) != 0)
        fail_msg("cannot read %s", path);
    (void)buf_str(out);
    free(path);
}

static bool load_folder_file(const char *kind, const char *name, const struct buf *bytes, struct diags *diags)
{
    const struct site_file files[] = {
        { "site", "site.yaml", base_site, sizeof(base_site) - 1 },
        { kind, name, bytes->data, bytes->len },
    };
    struct site *s = site_load_files(files, 2, diags);
    bool ok = s != NULL;

    site_free(s);
    return ok;
}

static bool load(const char *name, const struct buf *bytes, struct diags *diags)
{
    bool ok = false;

    if (text_starts_with(name, "site-")) {
        const struct site_file file = { "site", "site.yaml", bytes->data, bytes->len };
        struct site *s = site_load_files(&file, 1, diags);
        ok = s != NULL;
        site_free(s);
    } else if (text_starts_with(name, "credentials")) {
        struct credentials *c = credentials_parse("/nonexistent", "credentials.yaml", bytes->data, bytes->len, diags);
        ok = c != NULL;
        credentials_free(c);
    } else if (text_starts_with(name, "mapping")) {
        struct mapping *m = NULL;
        ok = mapping_parse("mapping.yaml", bytes->data, bytes->len, "Europe/Berlin", &m, diags) == 0;
        mapping_free(m);
    } else if (text_starts_with(name, "waivers")) {
        ok = load_folder_file("waivers", "waivers.yaml", bytes, diags);
    } else if (text_starts_with(name, "decisions")) {
        ok = load_folder_file("decisions", "decisions.yaml", bytes, diags);
    } else if (text_starts_with(name, "work")) {
        ok = load_folder_file("work", "work.yaml", bytes, diags);
    } else if (text_starts_with(name, "requests")) {
        ok = load_folder_file("requests", "requests.yaml", bytes, diags);
    } else if (text_starts_with(name, "attestations")) {
        ok = load_folder_file("attestations", "attestations.yaml", bytes, diags);
    } else if (text_starts_with(name, "evidence-index")) {
        ok = load_folder_file("evidence-index", "evidence/index.yaml", bytes, diags);
    } else {
        fail_msg("a fixture of no known kind: %s", name);
    }
    return ok;
}

static char *said(const struct diags *diags)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    assert_non_null(f);
    diags_print(diags, f);
    (void)fclose(f);
    return text;
}

typedef void (*fixture_fn)(const char *name, const char *path);

static size_t each_fixture(const char *folder, fixture_fn fn)
{
    char *dir = data_path(folder);
    struct dirent **entries = NULL;
    int n = scandir(dir, &entries, NULL, alphasort);
    size_t seen = 0;

    if (n < 0)
        fail_msg("no fixtures in %s", dir);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name, *end = strrchr(name, '.');
        if (end != NULL && strcmp(end, ".yaml") == 0) {
            char *path = xasprintf("%s/%s", folder, name);
            fn(name, path);
            free(path);
            seen++;
        }
        free(entries[i]);
    }
    free(entries);
    free(dir);
    return seen;
}

static void is_good(const char *name, const char *path)
{
    struct buf bytes = BUF_INIT(1 << 20);
    struct diags diags = DIAGS_INIT;

    read_data(path, &bytes);
    bool ok = load(name, &bytes, &diags);
    char *text = said(&diags);
    if (!ok || diags.n != 0)
        fail_msg("%s should load:\n%s", path, text);
    free(text);
    diags_clear(&diags);
    buf_clear(&bytes);
}

static void is_bad(const char *name, const char *path)
{
    struct buf bytes = BUF_INIT(1 << 20), expected = BUF_INIT(1 << 20);
    struct diags diags = DIAGS_INIT;
    char *expected_path = xasprintf("%.*s.expected", (int)(strlen(path) - strlen(".yaml")), path);

    read_data(path, &bytes);
    read_data(expected_path, &expected);
    bool ok = load(name, &bytes, &diags);
    char *text = said(&diags);
    assert_false(ok);
    if (strcmp(text, expected.data) != 0) {
        print_message("%s says\n", path);
        (void)fputs(text, stderr);
        fail_msg("%s says something else than its .expected file", path);
    }
    free(text);
    free(expected_path);
    diags_clear(&diags);
    buf_clear(&bytes);
    buf_clear(&expected);
}

static void test_good(void **state)
{
    (void)state;
    assert_true(each_fixture("good", is_good) >= 9);
}

static void test_bad(void **state)
{
    (void)state;
    assert_true(each_fixture("bad", is_bad) >= 20);
}

/* Whatever is wrong with a file of secrets, no message repeats one. */
static void test_no_secret_in_messages(void **state)
{
    struct buf expected = BUF_INIT(1 << 20), bytes = BUF_INIT(1 << 20);
    struct diags diags = DIAGS_INIT;

    (void)state;
    read_data("bad/credentials.yaml", &bytes);
    assert_non_null(strstr(bytes.data, "hunter2"));
    assert_false(load("credentials.yaml", &bytes, &diags));
    char *text = said(&diags);
    assert_null(strstr(text, "hunter2"));
    /* nor when the file is cut at any place */
    for (size_t len = 0; len < bytes.len; len += 7) {
        struct diags again = DIAGS_INIT;
        struct credentials *c = credentials_parse("/nonexistent", "credentials.yaml", bytes.data, len, &again);
        char *cut = said(&again);
        assert_null(strstr(cut, "hunter"));
        credentials_free(c);
        free(cut);
        diags_clear(&again);
    }
    free(text);
    diags_clear(&diags);
    buf_clear(&bytes);
    buf_clear(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_no_secret_in_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
