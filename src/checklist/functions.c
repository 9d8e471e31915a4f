/* SQL functions for checks. They run on hostile patterns and values: everything is bounded, what cannot be decided is NULL.
 * Evaluation child (and lint, which only compiles). */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "checklist/functions.h"

#include <pcre2.h>
#include <string.h>

#include "base/cidr.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#define PATTERN_MAX 1000         /* bytes */
#define PATTERN_NEST 50
#define MATCH_LIMIT 100000       /* steps for one text: some milliseconds */
#define DEPTH_LIMIT 2000
#define HEAP_LIMIT_KIB 2048

const char *const function_names[] = {
    "abs", "avg", "cidr_contains", "cidr_overlaps", "coalesce", "count", "days_since", "days_until", "glob", "group_concat", "ifnull", "iif", "instr", "length", "like",
    "lower", "ltrim", "max", "min", "nullif", "regexp", "replace", "round", "rtrim", "substr", "substring", "sum", "total", "trim", "typeof", "upper", "version_cmp",
};
const size_t n_function_names = N_ELEMENTS(function_names);

bool function_allowed(const char *name)
{
    for (size_t i = 0; i < n_function_names; i++)
        if (text_equal_nocase(function_names[i], name))
            return true;
    return false;
}

static const char *text_arg(sqlite3_value *v)
{
    return sqlite3_value_type(v) == SQLITE_TEXT ? (const char *)sqlite3_value_text(v) : NULL;
}

/* --- addresses -------------------------------------------------------------------------------------------------------- */

static void fn_cidr_overlaps(sqlite3_context *c, int n, sqlite3_value **v)
{
    struct cidr a, b;
    (void)n;
    const char *s = text_arg(v[0]), *t = text_arg(v[1]);
    if (s != NULL && t != NULL && cidr_parse(s, true, &a) && cidr_parse(t, true, &b))
        sqlite3_result_int(c, cidr_overlaps(&a, &b));
}

static void fn_cidr_contains(sqlite3_context *c, int n, sqlite3_value **v)
{
    struct cidr net;
    struct ip ip;
    (void)n;
    const char *s = text_arg(v[0]), *t = text_arg(v[1]);
    if (s != NULL && t != NULL && cidr_parse(s, true, &net) && ip_parse(t, &ip))
        sqlite3_result_int(c, cidr_contains(&net, &ip));
}

/* --- versions --------------------------------------------------------------------------------------------------------- */

enum piece_kind { PIECE_PRERELEASE, PIECE_END, PIECE_WORD, PIECE_NUMBER };       /* in order: 1.0rc1 < 1.0 < 1.0a < 1.0.1 */
struct piece { enum piece_kind kind; const char *p; size_t len; };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_prerelease(const char *p, size_t len)
{
    static const char *const words[] = { "rc", "alpha", "beta", "pre", "preview", "dev" };
    char word[16];
    if (len >= sizeof(word))
        return false;
    memcpy(word, p, len);
    word[len] = '\0';
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (text_equal_nocase(word, words[i]))
            return true;
    return false;
}

static struct piece next_piece(const char **s)
{
    struct piece out = { PIECE_END, *s, 0 };
    bool tilde = false;
    while (**s != '\0' && !digit(**s) && !letter(**s))
        tilde = *(*s)++ == '~';
    out.p = *s;
    if (digit(**s)) {
        while (**s == '0' && digit((*s)[1]))
            (*s)++;
        out.p = *s;
        out.kind = PIECE_NUMBER;
        while (digit(**s))
            (*s)++;
    } else if (letter(**s)) {
        while (letter(**s))
            (*s)++;
        out.kind = tilde || is_prerelease(out.p, (size_t)(*s - out.p)) ? PIECE_PRERELEASE : PIECE_WORD;
    }
    out.len = (size_t)(*s - out.p);
    return out;
}

static int compare_numbers(const struct piece *a, const struct piece *b)
{
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    int r = memcmp(a->p, b->p, a->len);
    return (r > 0) - (r < 0);
}

static int compare_words(const struct piece *a, const struct piece *b)
{
    for (size_t i = 0; i < a->len && i < b->len; i++) {
        int x = a->p[i] | 0x20, y = b->p[i] | 0x20;
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a->len > b->len) - (a->len < b->len);
}

int version_compare(const char *a, const char *b, bool *known)
{
    static const struct piece zero = { PIECE_NUMBER, "0", 1 };
    *known = strpbrk(a, "0123456789") != NULL && strpbrk(b, "0123456789") != NULL;
    while (*known) {
        struct piece x = next_piece(&a), y = next_piece(&b);
        if (x.kind == PIECE_END && y.kind == PIECE_END)
            return 0;
        if (x.kind == PIECE_END && y.kind == PIECE_NUMBER)       /* 1 is 1.0 */
            x = zero;
        if (y.kind == PIECE_END && x.kind == PIECE_NUMBER)
            y = zero;
        int r = x.kind != y.kind ? (x.kind < y.kind ? -1 : 1) : x.kind == PIECE_NUMBER ? compare_numbers(&x, &y) : compare_words(&x, &y);
        if (r != 0)
            return r;
    }
    return 0;
}

static void fn_version_cmp(sqlite3_context *c, int n, sqlite3_value **v)
{
    bool known = false;
    (void)n;
    const char *a = text_arg(v[0]), *b = text_arg(v[1]);
    if (a == NULL || b == NULL)
        return;
    int r = version_compare(a, b, &known);
    if (known)
        sqlite3_result_int(c, r);
}

/* --- days ------------------------------------------------------------------------------------------------------------- */

static void days(sqlite3_context *c, sqlite3_value *v, int64_t sign)
{
    const struct functions *f = sqlite3_user_data(c);
    const char *s = text_arg(v);
    int64_t t = 0;
    if (s != NULL && (iso_parse(s, &t) || date_parse(s, &t)))
        sqlite3_result_int64(c, sign * days_between(f->as_of, t));
}

static void fn_days_until(sqlite3_context *c, int n, sqlite3_value **v)
{
    (void)n;
    days(c, v[0], 1);
}

static void fn_days_since(sqlite3_context *c, int n, sqlite3_value **v)
{
    (void)n;
    days(c, v[0], -1);
}

/* --- regexp ----------------------------------------------------------------------------------------------------------- */

struct pattern { pcre2_code *code; pcre2_match_data *data; pcre2_match_context *limits; };

static void pattern_free(void *p)
{
    struct pattern *x = p;
    if (x == NULL)
        return;
    pcre2_match_context_free(x->limits);
    pcre2_match_data_free(x->data);
    pcre2_code_free(x->code);
    free(x);
}

/* Owned; NULL after the check was told what is wrong. */
static struct pattern *pattern_compile(sqlite3_context *c, sqlite3_value *v)
{
    int err = 0;
    size_t at = 0;
    pcre2_compile_context *limits = pcre2_compile_context_create(NULL);
    if (limits == NULL) {
        sqlite3_result_error_nomem(c);
        return NULL;
    }
    pcre2_set_max_pattern_length(limits, PATTERN_MAX);
    pcre2_set_parens_nest_limit(limits, PATTERN_NEST);
    const unsigned char *text = sqlite3_value_text(v);
    size_t len = (size_t)sqlite3_value_bytes(v);
    pcre2_code *code = text == NULL ? NULL : pcre2_compile(text, len, PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &err, &at, limits);
    pcre2_compile_context_free(limits);
    if (code == NULL) {
        PCRE2_UCHAR what[128] = "";
        pcre2_get_error_message(err, what, sizeof(what));
        char *message = xasprintf("regexp: %s at byte %zu of the pattern", (const char *)what, at + 1);
        sqlite3_result_error(c, message, -1);
        free(message);
        return NULL;
    }
    struct pattern *p = xcalloc(1, sizeof(*p));
    p->code = code;
    p->data = pcre2_match_data_create(1, NULL);      /* whether it matches is all that is asked */
    p->limits = pcre2_match_context_create(NULL);
    if (p->data == NULL || p->limits == NULL) {
        pattern_free(p);
        sqlite3_result_error_nomem(c);
        return NULL;
    }
    pcre2_set_match_limit(p->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(p->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(p->limits, HEAP_LIMIT_KIB);
    return p;
}

static void pattern_match(sqlite3_context *c, const struct pattern *p, sqlite3_value *v)
{
    struct functions *f = sqlite3_user_data(c);
    const unsigned char *text = sqlite3_value_text(v);
    if (text == NULL)
        return;
    int r = pcre2_match(p->code, text, (size_t)sqlite3_value_bytes(v), 0, 0, p->data, p->limits);
    if (r >= 0 || r == PCRE2_ERROR_NOMATCH)
        sqlite3_result_int(c, r >= 0);
    else
        f->regexp_limit = true;      /* NULL: what took too long is not known */
}

/* "x REGEXP p" is regexp(p, x). */
static void fn_regexp(sqlite3_context *c, int n, sqlite3_value **v)
{
    (void)n;
    if (sqlite3_value_type(v[0]) == SQLITE_NULL || sqlite3_value_type(v[1]) == SQLITE_NULL)
        return;
    if (text_arg(v[0]) == NULL || text_arg(v[1]) == NULL) {
        sqlite3_result_error(c, "regexp: pattern and value have to be text", -1);
        return;
    }
    struct pattern *p = sqlite3_get_auxdata(c, 0);
    struct pattern *made = NULL;
    if (p == NULL)
        p = made = pattern_compile(c, v[0]);
    if (p == NULL)
        return;
    pattern_match(c, p, v[1]);
    if (made != NULL)                /* may free it at once: not to be used after */
        sqlite3_set_auxdata(c, 0, made, pattern_free);
}

int functions_register(sqlite3 *db, struct functions *f)
{
    static const struct { const char *name; int args; void (*fn)(sqlite3_context *, int, sqlite3_value **); } ours[] = {
        { "cidr_overlaps", 2, fn_cidr_overlaps }, { "cidr_contains", 2, fn_cidr_contains }, { "version_cmp", 2, fn_version_cmp },
        { "days_until", 1, fn_days_until }, { "days_since", 1, fn_days_since }, { "regexp", 2, fn_regexp },
    };
    for (size_t i = 0; i < N_ELEMENTS(ours); i++)
        if (sqlite3_create_function_v2(db, ours[i].name, ours[i].args, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, f, ours[i].fn, NULL, NULL, NULL) != SQLITE_OK)
            return ERR_STORE;
    return 0;
}
