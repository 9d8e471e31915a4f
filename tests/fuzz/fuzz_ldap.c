/* Entries of a directory, as a server may send them: to rows of accounts, and the root DSE. The input is lines: "ad", "other" or "root",
 * the DN, then "name: value" or "name:: hex"; the same name twice makes two attributes, "+ value" adds a value to the last one. */
#include "base/mem.h"
#include "base/text.h"
#include "fact/table_directory_accounts.h"
#include "probes/ldap/ldap_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static struct ldap_attribute attributes[LDAP_ENTRY_ATTRIBUTES];
static struct ldap_value values[LDAP_ENTRY_VALUES];

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place: as many bytes as there are pairs of digits. */
static size_t from_hex(char *s, size_t len)
{
    size_t n = 0;

    while (2 * n + 1 < len && hex_digit(s[2 * n]) >= 0 && hex_digit(s[2 * n + 1]) >= 0) {
        s[n] = (char)(hex_digit(s[2 * n]) << 4 | hex_digit(s[2 * n + 1]));
        n++;
    }
    return n;
}

/* Reads a line as an attribute, or as one more value of the last. */
static void take_line(struct ldap_entry *e, char *line, size_t len, size_t *n_values)
{
    char *colon = memchr(line, ':', len);
    bool more = len >= 2 && line[0] == '+' && line[1] == ' ' && e->n > 0;
    char *value = more ? line + 2 : colon == NULL ? line + len : colon + 1;

    if ((!more && (colon == NULL || e->n == LDAP_ENTRY_ATTRIBUTES)) || *n_values == LDAP_ENTRY_VALUES)
        return;
    bool hex = value < line + len && *value == ':';
    value += hex;
    value += value < line + len && *value == ' ';
    size_t value_len = (size_t)(line + len - value);
    if (hex)
        value_len = from_hex(value, value_len);
    values[*n_values] = (struct ldap_value){ value, value_len };
    if (!more) {
        *colon = '\0';
        attributes[e->n++] = (struct ldap_attribute){ line, &values[*n_values], 0 };
    }
    attributes[e->n - 1].n++;
    (*n_values)++;
}

static void try_account(enum ldap_flavour f, const struct ldap_entry *e)
{
    struct ldap_account_counts counts = { 0 };
    struct ldap_account_texts texts;
    struct fact_row row;
    struct buf mem = BUF_INIT(1 << 24);
    uint64_t dropped = 0;

    if (!ldap_account_parse(f, e, &row, &texts, &counts)) {
        must(counts.rows == 0 && counts.skipped_trusts == 1);
        return;
    }
    must(counts.rows == 1);
    /* an account whose control word is not readable is neither on nor off */
    must(f != LDAP_FLAVOUR_AD || counts.no_control == 0 || row.v[DIRECTORY_ACCOUNTS_ENABLED].kind == FACT_KIND_NULL);
    fact_row_normalize(&row, &mem, &dropped);
    for (size_t c = 0; c < row.table->n_columns; c++) {
        must(row.v[c].kind != FACT_KIND_TEXT || text_is_utf8(row.v[c].s, row.v[c].len));
        must(row.table->columns[c].type != FACT_BOOLEAN || row.v[c].kind == FACT_KIND_NULL || row.v[c].i == 0 || row.v[c].i == 1);
    }
    buf_clear(&mem);
}

static void try_root(const struct ldap_entry *e)
{
    struct ldap_root r;

    ldap_root_init(&r);
    ldap_root_parse(&r, e);
    must(r.seen);
    must(r.naming_context == NULL || text_is_utf8(r.naming_context, strlen(r.naming_context)));
    must(r.sasl_mechanisms == NULL || text_is_utf8(r.sasl_mechanisms, strlen(r.sasl_mechanisms)));
    ldap_root_clear(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = xstrndup((const char *)data, size), *line = copy, *end = copy + size, *dn = copy + size;
    struct ldap_entry e = { .attributes = attributes };
    size_t n_values = 0;

    for (size_t number = 0; line < end; number++) {
        char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t len = stop == NULL ? (size_t)(end - line) : (size_t)(stop - line);

        if (stop != NULL)
            *stop = '\0';
        if (number == 1)
            dn = line;
        if (number > 1)
            take_line(&e, line, len, &n_values);
        line += len + 1;
    }
    e.dn = dn;
    if (size > 0 && copy[0] == 'r')
        try_root(&e);
    else
        try_account(size > 0 && copy[0] == 'a' ? LDAP_FLAVOUR_AD : LDAP_FLAVOUR_OTHER, &e);
    free(copy);
    return 0;
}
