/* YAML reading at its limits, and typed values one by one. */
#include "lib/cmocka_all.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "site/yaml.h"

static struct arena *arena;
static struct diags diags;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    diags = (struct diags)DIAGS_INIT;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    diags_clear(&diags);
    return 0;
}

static struct yaml_node *parse(const char *text)
{
    return yaml_parse(arena, "f", text, strlen(text), &diags);
}

static void test_tree(void **state)
{
    struct yaml_node *root = parse("a: 1\nb:\n  - x\n  - 'y'\n  - {c: |\n      block\n   }\nd:\n");

    (void)state;
    assert_null(root);       /* a block in a flow map is no YAML */
    diags_clear(&diags);
    root = parse("a: 1\nb:\n  - x\n  - 'y'\nd:\n\"e\": \"t\\tab\"\n");
    assert_non_null(root);
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->n, 4);
    assert_string_equal(root->keys[3], "e");
    assert_int_equal(root->key_lines[3], 6);
    assert_int_equal(root->key_columns[3], 1);
    const struct yaml_node *b = yaml_get(root, "b");
    assert_int_equal(b->kind, YAML_LIST);
    assert_int_equal(b->n, 2);
    assert_string_equal(b->items[1]->text, "y");
    assert_true(b->items[1]->quoted);
    assert_false(b->items[0]->quoted);
    assert_int_equal(b->items[1]->line, 4);
    assert_int_equal(b->items[1]->column, 5);
    assert_true(yaml_is_null(yaml_get(root, "d")));
    assert_string_equal(yaml_get(root, "e")->text, "t\tab");
    assert_null(yaml_get(root, "f"));
    assert_null(yaml_get(b, "x"));
}

static void nested(size_t depth, bool ok)
{
    struct buf text = BUF_INIT(1000);

    for (size_t i = 0; i < depth; i++)
        buf_putc(&text, '[');
    for (size_t i = 0; i < depth; i++)
        buf_putc(&text, ']');
    struct yaml_node *root = parse(buf_str(&text));
    assert_int_equal(root != NULL, ok);
    assert_int_equal(diags.n_errors, !ok);
    buf_clear(&text);
}

static void test_depth(void **state)
{
    (void)state;
    nested(YAML_MAX_DEPTH, true);
    nested(YAML_MAX_DEPTH + 1, false);
    assert_string_equal(diags.v[0].text, "nested deeper than 32 levels");
    assert_int_equal(diags.v[0].column, 33);
}

static void test_nodes(void **state)
{
    struct buf text = BUF_INIT(4 << 20);

    (void)state;
    buf_putc(&text, '[');
    for (int i = 0; i < YAML_MAX_NODES - 2; i++)
        buf_puts(&text, "a,");
    buf_puts(&text, "a]");
    struct yaml_node *root = parse(buf_str(&text));
    assert_non_null(root);
    assert_int_equal(root->n, YAML_MAX_NODES - 1);
    buf_reset(&text);
    buf_putc(&text, '[');
    for (int i = 0; i < YAML_MAX_NODES; i++)
        buf_puts(&text, "a,");
    buf_puts(&text, "a]");
    assert_null(parse(buf_str(&text)));
    assert_int_equal(diags.n_errors, 1);
    buf_clear(&text);
}

/* As many keys as fit, all the same: each told, the first kept, in no more than a moment. */
static void test_many_duplicates(void **state)
{
    struct buf text = BUF_INIT(4 << 20);

    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_puts(&text, "abcdef: x\n");
    assert_non_null(parse(buf_str(&text)));
    assert_int_equal(diags.n_errors, 99999);
    assert_int_equal(diags.n, DIAGS_MAX);
    assert_string_equal(diags.v[0].text, "key 'abcdef' stands here twice; first in line 1");
    buf_clear(&text);
}

static void test_many_unknown_keys(void **state)
{
    static const char *const known[] = { "address", "name" };
    struct buf text = BUF_INIT(4 << 20);

    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "k%d: x\n", i);
    struct yaml_node *root = parse(buf_str(&text));
    const struct yaml_in in = { .arena = arena, .file = "f", .diags = &diags };
    yaml_known_keys(&in, root, "a thing", known, 2);
    assert_int_equal(diags.n_errors, 40);
    buf_clear(&text);
}

static void test_size(void **state)
{
    char *big = xcalloc(1, YAML_MAX_BYTES + 1);

    (void)state;
    memset(big, '#', YAML_MAX_BYTES + 1);
    assert_null(yaml_parse(arena, "f", big, YAML_MAX_BYTES + 1, &diags));
    assert_string_equal(diags.v[0].text, "the file is larger than 8 MiB");
    free(big);
}

/* --- typed values --------------------------------------------------------------------------------------------------------- */

static void test_values(void **state)
{
    struct yaml_node *root = parse("int: 12\nquoted: '12'\nreal: -1.5e1\nhex: 0x10\ninf: .inf\nyes: yes\ntrue: true\ndate: 2026-12-15\nlong: 90d\n"
                                   "list: [a, b]\nword: red\nline: \"a\\nb\"\nmap: {}\nnull: ~\n");
    const struct yaml_in in = { .arena = arena, .file = "f", .diags = &diags };
    static const char *const colours[] = { "red", "green" };
    int64_t i = -1;
    double r = -1;
    bool b = false;
    int choice = -1;
    const char *text = NULL, **list = NULL;
    size_t n = 0;

    (void)state;
    assert_true(yaml_int(&in, yaml_get(root, "int"), "x", 0, 12, &i));
    assert_int_equal(i, 12);
    assert_false(yaml_int(&in, yaml_get(root, "int"), "x", 0, 11, &i));
    assert_string_equal(diags.v[diags.n - 1].text, "x must be a whole number from 0 to 11, not '12'");
    assert_false(yaml_int(&in, yaml_get(root, "quoted"), "x", 0, 20, &i));
    assert_false(yaml_int(&in, yaml_get(root, "hex"), "x", 0, 20, &i));
    assert_int_equal(i, 12);         /* untouched */
    assert_true(yaml_real(&in, yaml_get(root, "real"), "x", -20, 0, &r));
    assert_true(r > -15.1 && r < -14.9);
    assert_false(yaml_real(&in, yaml_get(root, "inf"), "x", -20, 0, &r));
    assert_false(yaml_real(&in, yaml_get(root, "hex"), "x", -20, 20, &r));
    assert_true(yaml_bool(&in, yaml_get(root, "true"), "x", &b));
    assert_true(b);
    assert_false(yaml_bool(&in, yaml_get(root, "yes"), "x", &b));
    assert_true(yaml_date(&in, yaml_get(root, "date"), "x", &i));
    assert_int_equal(i, 1797292800);
    assert_true(yaml_duration(&in, yaml_get(root, "long"), "x", 90LL * 86400000, &i));
    assert_false(yaml_duration(&in, yaml_get(root, "long"), "x", 89LL * 86400000, &i));
    assert_true(yaml_text_list(&in, yaml_get(root, "list"), "x", &list, &n));
    assert_int_equal(n, 2);
    assert_string_equal(list[1], "b");
    assert_true(yaml_text_list(&in, yaml_get(root, "word"), "x", &list, &n));
    assert_int_equal(n, 1);
    assert_false(yaml_text_list(&in, yaml_get(root, "map"), "x", &list, &n));
    assert_true(yaml_choice(&in, yaml_get(root, "word"), "colour", colours, 2, &choice));
    assert_int_equal(choice, 0);
    assert_false(yaml_choice(&in, yaml_get(root, "int"), "colour", colours, 2, &choice));
    assert_string_equal(diags.v[diags.n - 1].text, "colour must be red or green, not '12'");
    assert_true(yaml_text(&in, yaml_get(root, "line"), "x", &text));
    assert_false(yaml_line(&in, yaml_get(root, "line"), "x", 10, &text));
    assert_false(yaml_line(&in, yaml_get(root, "date"), "x", 9, &text));
    assert_false(yaml_text(&in, yaml_get(root, "null"), "x", &text));
    size_t before = diags.n_errors;
    assert_false(yaml_text(&in, NULL, "x", &text));
    assert_int_equal(diags.n_errors, before);
}

/* The same errors in a file of secrets name no value. */
static void test_secret_values(void **state)
{
    static const char text[] = "a: hunter2\nhunter2: b\nhunter2: c\n";
    static const char *const known[] = { "address" }, *const colours[] = { "red" };
    struct yaml_node *root = yaml_parse_secret(arena, "f", text, strlen(text), &diags);
    const struct yaml_in in = { .arena = arena, .file = "f", .diags = &diags, .secret = true };
    const struct yaml_node *a = yaml_get(root, "a");
    int64_t i = 0;
    double r = 0;
    bool b = false;
    int choice = 0;

    (void)state;
    assert_false(yaml_int(&in, a, "x", 0, 1, &i) || yaml_real(&in, a, "x", 0, 1, &r) || yaml_bool(&in, a, "x", &b) || yaml_date(&in, a, "x", &i) ||
                 yaml_duration(&in, a, "x", 10, &i) || yaml_choice(&in, a, "x", colours, 1, &choice));
    yaml_known_keys(&in, root, "f", known, 1);
    assert_int_equal(diags.n_errors, 10);
    for (size_t d = 0; d < diags.n; d++)
        assert_null(strstr(diags.v[d].text, "hunter2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tree, setup, teardown),
        cmocka_unit_test_setup_teardown(test_depth, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nodes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_duplicates, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_unknown_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(test_size, setup, teardown),
        cmocka_unit_test_setup_teardown(test_values, setup, teardown),
        cmocka_unit_test_setup_teardown(test_secret_values, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
