/* The tokenizer of checklist expressions. Follows SQLite's own rules for quotes and numbers, because whatever the two would see
 * differently would be a hole; what it does not know it refuses. Parent and evaluation child. */
#include "checklist/token.h"

#include <string.h>
#include <strings.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word(char c)
{
    return is_word_start(c) || is_digit(c);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static struct token bad(const char *p, size_t at, const char *why)
{
    return (struct token){ .kind = TOKEN_BAD, .p = p, .len = 1, .at = at, .why = why };
}

/* From the opening quote to behind the closing one; a doubled quote is one within. 0 when it never ends or holds a control character. */
static size_t quoted_len(const char *p)
{
    char quote = p[0];
    size_t i = 1;
    for (;;) {
        unsigned char c = (unsigned char)p[i];
        if (c == '\0' || (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
            return 0;
        i++;
        if (p[i - 1] != quote)
            continue;
        if (p[i] != quote)
            return i;
        i++;
    }
}

static struct token quoted(const char *p, size_t at, enum token_kind kind, size_t prefix)
{
    size_t n = quoted_len(p + prefix);
    if (n == 0)
        return bad(p, at, "a quote is not closed, or holds a control character");
    return (struct token){ .kind = kind, .p = p, .len = prefix + n, .at = at };
}

/* 12, 1.5, .5, 1e9, 0xff; a word character directly behind is an error, as it is for SQLite. */
static struct token number(const char *p, size_t at)
{
    struct token t = { .kind = TOKEN_INTEGER, .p = p, .at = at };
    size_t i = 0;
    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        for (i = 2; is_hex(p[i]); i++)
            ;
    } else {
        while (is_digit(p[i]))
            i++;
        if (p[i] == '.') {
            t.kind = TOKEN_REAL;
            for (i++; is_digit(p[i]); i++)
                ;
        }
        size_t e = i + 1;
        if ((p[i] == 'e' || p[i] == 'E') && (p[e] == '+' || p[e] == '-'))
            e++;
        if ((p[i] == 'e' || p[i] == 'E') && is_digit(p[e])) {
            t.kind = TOKEN_REAL;
            for (i = e; is_digit(p[i]); i++)
                ;
        }
    }
    if (is_word(p[i]))
        return bad(p + i, at + i, "a number runs into a word");
    t.len = i;
    return t;
}

static struct token operator(const char *p, size_t at)
{
    static const char *const two[] = { "<=", "<>", ">=", "==", "!=", "||", "<<", ">>" };
    struct token t = { .kind = TOKEN_OPERATOR, .p = p, .len = 1, .at = at };
    if ((p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*'))
        return bad(p, at, "comments are not allowed in an expression");
    for (size_t i = 0; i < sizeof(two) / sizeof(two[0]); i++)
        if (p[0] == two[i][0] && p[1] == two[i][1]) {
            t.len = 2;
            return t;
        }
    if (p[0] == '!' || strchr("<>=+-*/%&|~", p[0]) == NULL)
        return bad(p, at, p[0] == ';' ? "a second statement is not allowed" : "this character is not allowed in an expression");
    return t;
}

static struct token one(const char *p, size_t at)
{
    struct token t = { .p = p, .len = 1, .at = at };
    switch (p[0]) {
    case '\0': t.kind = TOKEN_END; t.len = 0; return t;
    case '(': t.kind = TOKEN_OPEN; return t;
    case ')': t.kind = TOKEN_CLOSE; return t;
    case ',': t.kind = TOKEN_COMMA; return t;
    case '\'': return quoted(p, at, TOKEN_STRING, 0);
    case '"': return quoted(p, at, TOKEN_NAME, 0);
    default: break;
    }
    if ((p[0] == 'x' || p[0] == 'X') && p[1] == '\'')
        return quoted(p, at, TOKEN_BLOB, 1);
    if (is_digit(p[0]) || (p[0] == '.' && is_digit(p[1])))
        return number(p, at);
    if (p[0] == '.') {
        t.kind = TOKEN_DOT;
        return t;
    }
    if (is_word_start(p[0]) || (p[0] == ':' && is_word_start(p[1]))) {
        t.kind = p[0] == ':' ? TOKEN_PARAM : TOKEN_WORD;
        while (is_word(p[t.len]))
            t.len++;
        if ((unsigned char)p[t.len] >= 0x80)
            return bad(p + t.len, at + t.len, "letters beyond ASCII are allowed within quotes only");
        return t;
    }
    if (p[0] == ':')
        return bad(p, at, "a colon stands only before the name of a param");
    if ((unsigned char)p[0] >= 0x80)
        return bad(p, at, "letters beyond ASCII are allowed within quotes only");
    return operator(p, at);
}

struct token token_next(const char *text, size_t *pos)
{
    while (is_blank(text[*pos]))
        (*pos)++;
    struct token t = one(text + *pos, *pos);
    if (t.kind != TOKEN_BAD)
        *pos += t.len;
    return t;
}

bool token_is(const struct token *t, const char *word)
{
    return (t->kind == TOKEN_WORD || t->kind == TOKEN_OPERATOR) && strlen(word) == t->len && strncasecmp(t->p, word, t->len) == 0;
}

bool token_name(const struct token *t, char *out, size_t size)
{
    size_t n = 0;
    bool is_quoted = t->kind == TOKEN_NAME;
    size_t end = is_quoted ? t->len - 1 : t->len;
    for (size_t i = is_quoted ? 1 : 0; i < end; i++) {
        if (n + 1 >= size)
            return false;
        out[n++] = t->p[i];
        if (is_quoted && t->p[i] == '"')
            i++;
    }
    out[n] = '\0';
    return true;
}
