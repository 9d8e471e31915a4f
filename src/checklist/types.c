/* Typing by pattern, not by parsing: only where a plain column stands directly beside a plain value is something said, so what is refused is wrong for sure.
 * Parent; the text is hostile, but scanned. */
#include "checklist/types.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "checklist/token.h"
#include "checklist/views.h"

enum class { CLASS_UNKNOWN, CLASS_NUMBER, CLASS_BOOLEAN, CLASS_TEXT, CLASS_TIME, CLASS_NULL };

#define WINDOW 16400             /* tokens: the scanner lets 16 KiB pass */
struct window { struct token v[WINDOW]; size_t n; const struct fact_table *t; const struct param *params; size_t n_params; };

struct operand {
    enum class class;
    bool column;
    char name[72];               /* of the column */
    struct token value;          /* of a literal */
    size_t at;                   /* byte */
};

static enum class class_of_type(enum fact_type type)
{
    switch (type) {
    case FACT_INTEGER:
    case FACT_REAL: return CLASS_NUMBER;
    case FACT_BOOLEAN: return CLASS_BOOLEAN;
    case FACT_TIMESTAMP: return CLASS_TIME;
    case FACT_TEXT:
    case FACT_ADDRESS:
    case FACT_PREFIX:
    case FACT_MAC: return CLASS_TEXT;
    }
    return CLASS_UNKNOWN;
}

static enum class class_of_column(const struct fact_table *t, const char *name)
{
    int c = t != NULL ? fact_column_find(t, name) : -1;
    enum class found = CLASS_UNKNOWN;
    if (c >= 0)
        return class_of_type(t->columns[c].type);
    /* Of another table: only when all that have it agree. */
    for (size_t i = 0; i < fact_n_tables; i++) {
        c = fact_column_find(fact_tables[i], name);
        if (c < 0)
            continue;
        enum class one = class_of_type(fact_tables[i]->columns[c].type);
        if (found != CLASS_UNKNOWN && one != found)
            return CLASS_UNKNOWN;
        found = one;
    }
    if (found == CLASS_UNKNOWN && strcmp(name, "observed_at") == 0)
        return CLASS_TIME;
    for (size_t i = 0; found == CLASS_UNKNOWN && i < n_view_columns; i++)
        if (strcmp(view_columns[i], name) == 0)
            return CLASS_TEXT;
    return found;
}

static bool is_word_of(const struct token *t, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (token_is(t, words[i]))
            return true;
    return false;
}

/* Keywords that may stand beside an operand without being part of it. */
static bool is_keyword(const struct token *t)
{
    static const char *const words[] = { "and", "or", "not", "is", "in", "like", "glob", "regexp", "between", "null", "true", "false", "case", "when", "then", "else", "end",
        "select", "from", "where", "group", "by", "having", "order", "limit", "on", "join", "exists", "as", "distinct", "collate", "escape", "isnull", "notnull", "union", "cast" };
    return t->kind == TOKEN_WORD && is_word_of(t, words, N_ELEMENTS(words));
}

static bool is_arithmetic(const struct token *t)
{
    static const char *const ops[] = { "+", "-", "*", "/", "%", "&", "|", "||", "<<", ">>", "~" };
    return t->kind == TOKEN_OPERATOR && is_word_of(t, ops, N_ELEMENTS(ops));
}

/* What a single token is as a value. */
static bool plain_value(const struct window *w, size_t i, struct operand *out)
{
    const struct token *t = &w->v[i];
    *out = (struct operand){ .at = t->at, .value = *t };
    if (t->kind == TOKEN_STRING || t->kind == TOKEN_BLOB)
        out->class = CLASS_TEXT;
    else if (t->kind == TOKEN_INTEGER || t->kind == TOKEN_REAL)
        out->class = CLASS_NUMBER;
    else if (token_is(t, "null"))
        out->class = CLASS_NULL;
    else if (token_is(t, "true") || token_is(t, "false"))
        out->class = CLASS_BOOLEAN;
    else if (t->kind == TOKEN_PARAM) {
        for (size_t k = 0; k < w->n_params; k++)
            if (strlen(w->params[k].name) == t->len - 1 && memcmp(w->params[k].name, t->p + 1, t->len - 1) == 0)
                out->class = w->params[k].is_text ? CLASS_TEXT : CLASS_NUMBER;
    } else if ((t->kind == TOKEN_WORD || t->kind == TOKEN_NAME) && !is_keyword(t)) {
        if (!token_name(t, out->name, sizeof(out->name)))
            return false;
        out->column = true;
        out->class = class_of_column(w->t, out->name);
    }
    return out->class != CLASS_UNKNOWN;
}

/* The operand that ends before token i: [table .] column or a value, with nothing arithmetic before it. */
static bool operand_before(const struct window *w, size_t i, struct operand *out)
{
    if (i == 0 || !plain_value(w, i - 1, out))
        return false;
    size_t start = i - 1;
    while (start >= 2 && w->v[start - 1].kind == TOKEN_DOT)
        start -= 2;
    if (start == 0)
        return true;
    const struct token *before = &w->v[start - 1];
    /* "a BETWEEN 1 AND b = 2" and the like: leave it. A sign before a number is part of it. */
    return !is_arithmetic(before) && !token_is(before, "collate") && !token_is(before, "escape") && !token_is(before, "cast");
}

/* The operand that begins at token i; *next: behind it. */
static bool operand_after(const struct window *w, size_t i, struct operand *out, size_t *next)
{
    if (i < w->n && (token_is(&w->v[i], "-") || token_is(&w->v[i], "+")) && (w->v[i + 1].kind == TOKEN_INTEGER || w->v[i + 1].kind == TOKEN_REAL))
        i++;
    while (i + 2 < w->n && (w->v[i].kind == TOKEN_WORD || w->v[i].kind == TOKEN_NAME) && w->v[i + 1].kind == TOKEN_DOT)
        i += 2;
    if (i >= w->n || !plain_value(w, i, out))
        return false;
    *next = i + 1;
    return !is_arithmetic(&w->v[i + 1]) && w->v[i + 1].kind != TOKEN_OPEN && w->v[i + 1].kind != TOKEN_DOT;
}

static const char *class_words(enum class c)
{
    static const char *const words[] = { "", "a number", "true or false", "text", "a time", "NULL" };
    return words[c];
}

static bool is_time_literal(const struct token *t)
{
    char text[32];
    int64_t when = 0;
    if (t->kind != TOKEN_STRING || t->len < 3 || t->len - 2 >= sizeof(text))
        return false;
    memcpy(text, t->p + 1, t->len - 2);
    text[t->len - 2] = '\0';
    return date_parse(text, &when) || iso_parse(text, &when);
}

static bool is_zero_or_one(const struct token *t)
{
    return t->kind == TOKEN_PARAM || (t->kind == TOKEN_INTEGER && t->len == 1 && (t->p[0] == '0' || t->p[0] == '1'));
}

/* A sentence when a column meets something that it cannot be compared with. */
static char *compare(const struct operand *a, const struct operand *b, bool is)
{
    if (!a->column)
        return b->column ? compare(b, a, is) : NULL;
    enum class x = a->class, y = b->class;
    if (y == CLASS_NULL)
        return is ? NULL : xasprintf("%s is compared with NULL, which is never true: write IS NULL", a->name);
    if (x == CLASS_BOOLEAN && y == CLASS_NUMBER && !b->column && !is_zero_or_one(&b->value))
        return xasprintf("%s is true or false, and is compared with %.*s", a->name, (int)b->value.len, b->value.p);
    if (x == CLASS_TIME && y == CLASS_TEXT && b->value.kind == TOKEN_STRING && !b->column && !is_time_literal(&b->value))
        return xasprintf("%s is a time like 2026-01-31 or 2026-01-31T08:00:00Z, and is compared with %.*s", a->name, (int)b->value.len, b->value.p);
    bool numeric = x == CLASS_NUMBER || x == CLASS_BOOLEAN, other = y == CLASS_NUMBER || y == CLASS_BOOLEAN;
    if (numeric == other)
        return NULL;
    return xasprintf("%s is %s, and is compared with %s%s", a->name, class_words(x), class_words(y), b->column ? " (another column)" : "");
}

/* a IN (1, 2): every plain value of the list. */
static char *compare_list(const struct window *w, const struct operand *a, size_t i, size_t *at)
{
    struct operand b;
    size_t next = 0;
    for (i++; i < w->n && operand_after(w, i, &b, &next); i = next + 1) {
        *at = a->at;
        char *bad = b.column ? NULL : compare(a, &b, false);
        if (bad != NULL || w->v[next].kind != TOKEN_COMMA)
            return bad;
    }
    return NULL;
}

static bool is_comparison(const struct token *t)
{
    static const char *const ops[] = { "=", "==", "<>", "!=", "<", "<=", ">", ">=" };
    return t->kind == TOKEN_OPERATOR && is_word_of(t, ops, N_ELEMENTS(ops));
}

static char *check_at(const struct window *w, size_t i, size_t *at)
{
    struct operand a, b;
    size_t next = i + 1;
    bool is = token_is(&w->v[i], "is");
    size_t left = i > 0 && token_is(&w->v[i - 1], "not") ? i - 1 : i;
    if (is && token_is(&w->v[next], "not"))
        next++;
    if (is && token_is(&w->v[next], "distinct") && token_is(&w->v[next + 1], "from"))
        next += 2;
    if (is_comparison(&w->v[i]) || is) {
        if (!operand_before(w, i, &a) || !operand_after(w, next, &b, &next))
            return NULL;
        *at = a.at;
        return compare(&a, &b, is);
    }
    if (token_is(&w->v[i], "between") && operand_before(w, left, &a) && operand_after(w, i + 1, &b, &next)) {
        *at = a.at;
        char *bad = compare(&a, &b, false);
        if (bad == NULL && token_is(&w->v[next], "and") && operand_after(w, next + 1, &b, &next))
            bad = compare(&a, &b, false);
        return bad;
    }
    if (token_is(&w->v[i], "in") && w->v[next].kind == TOKEN_OPEN && operand_before(w, left, &a) && a.column)
        return compare_list(w, &a, next, at);
    if ((token_is(&w->v[i], "like") || token_is(&w->v[i], "glob") || token_is(&w->v[i], "regexp")) && operand_before(w, left, &a) && a.column &&
        (a.class == CLASS_NUMBER || a.class == CLASS_BOOLEAN)) {
        *at = a.at;
        return xasprintf("%s is %s, and is matched with a text pattern", a.name, class_words(a.class));
    }
    return NULL;
}

char *expression_types(const char *expr, const struct fact_table *t, const struct param *params, size_t n_params, size_t *at)
{
    struct window *w = xcalloc(1, sizeof(*w));
    size_t pos = 0;
    char *bad = NULL;
    w->t = t;
    w->params = params;
    w->n_params = n_params;
    /* Two ends at least stay behind the last token, so that looking ahead needs no care. */
    while (w->n + 4 < WINDOW) {
        struct token one = token_next(expr, &pos);
        if (one.kind == TOKEN_END || one.kind == TOKEN_BAD)
            break;
        w->v[w->n++] = one;
    }
    for (size_t i = 0; i < w->n && bad == NULL; i++)
        bad = check_at(w, i, at);
    free(w);
    return bad;
}

char *check_types(const struct check *c)
{
    const char *const texts[] = { c->where, c->pass, c->query }, *const names[] = { "where", "pass", "query" };
    size_t at = 0;
    for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
        char *bad = texts[i] != NULL ? expression_types(texts[i], c->facts, c->params, c->n_params, &at) : NULL;
        if (bad == NULL)
            continue;
        char *whole = xasprintf("%s: %s", names[i], bad);
        free(bad);
        return whole;
    }
    for (size_t i = 0; i < c->n_grades; i++) {
        char *bad = expression_types(c->grades[i].when, c->facts, c->params, c->n_params, &at);
        if (bad != NULL)
            return bad;
    }
    return NULL;
}
