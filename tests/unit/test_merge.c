/* Adding to site.yaml: every style, nothing else changed, or a refusal; and YAML scalars of hostile texts. */
#include "lib/cmocka_all.h"

#include <string.h>
#include "base/mem.h"
#include "site/merge.h"
#include "site/yaml.h"
#include "site/yaml_put.h"

#define HEAD "preop: 1\nsite: a\nname: A\nstage: owned\ntimezone: UTC\nauthorization: owner\n"
#define FOUND "preop: 1\ntargets:\n  # x\n  - {name: sw9, address: 10.0.0.9, role: switch, snmp: v2}\n"
#define LINE "- {name: sw9, address: 10.0.0.9, role: switch, snmp: v2}\n"

static int merge(const char *site, const char *found, struct buf *out, size_t *n)
{
    struct diags d = DIAGS_INIT;
    buf_init(out, 1 << 20);
    int err = site_merge_bytes(site, strlen(site), found, strlen(found), out, n, &d);
    if (err != 0)
        assert_true(d.n_errors > 0);
    diags_clear(&d);
    return err;
}

static void check(const char *before, const char *after)
{
    struct buf out;
    size_t n = 0;
    assert_int_equal(merge(before, FOUND, &out, &n), 0);
    assert_int_equal(n, 1);
    assert_string_equal(buf_str(&out), after);
    buf_clear(&out);
}

static void test_styles(void **state)
{
    (void)state;
    check(HEAD, HEAD "targets:\n  " LINE);
    check(HEAD "targets:\n", HEAD "targets:\n  " LINE);
    check(HEAD "targets: # none yet\nchecklists: [core]\n", HEAD "targets: # none yet\n  " LINE "checklists: [core]\n");
    check(HEAD "targets:\n  - {name: a, address: 10.0.0.1}   # mine\n\n# lists\nchecklists: [core]\n", HEAD "targets:\n  - {name: a, address: 10.0.0.1}   # mine\n  " LINE "\n# lists\nchecklists: [core]\n");
    check(HEAD "targets:\n- name: a\n  address: 10.0.0.1\n", HEAD "targets:\n- name: a\n  address: 10.0.0.1\n" LINE);
    check(HEAD "targets:\n- {name: a, address: 10.0.0.1}", HEAD "targets:\n- {name: a, address: 10.0.0.1}\n" LINE);
    check(HEAD "targets: []\n", HEAD "targets: [{name: sw9, address: 10.0.0.9, role: switch, snmp: v2}]\n");
    check(HEAD "targets: [{name: a, address: 10.0.0.1}] # x\n", HEAD "targets: [{name: a, address: 10.0.0.1}, {name: sw9, address: 10.0.0.9, role: switch, snmp: v2}] # x\n");
    check(HEAD "targets:\r\n  - {name: a, address: 10.0.0.1}\r\n", HEAD "targets:\r\n  - {name: a, address: 10.0.0.1}\r\n  - {name: sw9, address: 10.0.0.9, role: switch, snmp: v2}\r\n");
}

static void test_nothing_new(void **state)
{
    (void)state;
    struct buf out;
    size_t n = 9;
    assert_int_equal(merge(HEAD "targets:\n  - {name: other, address: 10.0.0.9}\n", FOUND, &out, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(out.len, 0);
    buf_clear(&out);
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const sites[] = { HEAD "targets:\n  - {name: sw9, address: 10.0.0.1}\n", HEAD "targets: ~\n", HEAD "targets: text\n", "[]\n", "{" };
    for (size_t i = 0; i < N_ELEMENTS(sites); i++) {
        struct buf out;
        size_t n = 0;
        assert_int_not_equal(merge(sites[i], FOUND, &out, &n), 0);
        assert_int_equal(out.len, 0);
        buf_clear(&out);
    }
    static const char *const founds[] = { "targets:\n  - {name: \"a\\nb\", address: 10.0.0.9}\n", "targets:\n  - {name: x, address: 10.0.0.9, oops: 1}\n", "targets:\n  - {name: x}\n", "targets: [x]\n" };
    for (size_t i = 0; i < N_ELEMENTS(founds); i++) {
        struct buf out;
        size_t n = 0;
        assert_int_not_equal(merge(HEAD, founds[i], &out, &n), 0);
        assert_int_equal(out.len, 0);
        buf_clear(&out);
    }
}

static void test_scalars(void **state)
{
    (void)state;
    static const char *const texts[] = { "sw1", "10.0.0.1", "on", "y", "1e3", "", " ", "a: b", "x\n- name: evil", "\"quoted\\\"", "#", "{a", "\xe2\x80\xa8line", "\xc2\x85", "\xf0\x9f\x98\x80", "Gi1/0/24", "aa:bb:cc:dd:ee:ff",
        "fd00::1", "null", "~", "*x", "&x", "!x", "%x", "@x", "`x", "\xef\xbb\xbf", "tab\there" };
    for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
        struct buf b = BUF_INIT(4096);
        struct arena *arena = arena_new();
        struct diags d = DIAGS_INIT;
        buf_puts(&b, "a: [");
        yaml_put_scalar(&b, texts[i]);
        buf_puts(&b, ", end]\n");
        assert_int_equal(strcspn(buf_str(&b), "\n"), b.len - 1);
        const struct yaml_node *root = yaml_parse(arena, "f", buf_str(&b), b.len, &d);
        if (strcmp(texts[i], "\xc2\x85") != 0) {        /* a control character: refused when it is read, and it could not be taken for anything else */
            assert_non_null(root);
            assert_int_equal(root->items[0]->n, 2);
            assert_string_equal(root->items[0]->items[0]->text, texts[i]);
            assert_false(yaml_is_null(root->items[0]->items[0]));
        }
        diags_clear(&d);
        arena_free(arena);
        buf_clear(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_styles), cmocka_unit_test(test_nothing_new), cmocka_unit_test(test_refusals), cmocka_unit_test(test_scalars) };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
