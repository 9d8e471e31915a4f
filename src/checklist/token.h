/* SQL expressions of checklists cut into tokens, as SQLite would cut them: for the scanner, for renaming :params, for typing comparisons.
 * Pure; the text is hostile. Parent and evaluation child. */
#ifndef PREOP_CHECKLIST_TOKEN_H
#define PREOP_CHECKLIST_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,              /* a name or a keyword */
    TOKEN_NAME,              /* "a quoted name" */
    TOKEN_STRING,            /* 'text' */
    TOKEN_BLOB,              /* x'00' */
    TOKEN_INTEGER, TOKEN_REAL,
    TOKEN_PARAM,             /* :name */
    TOKEN_OPERATOR,          /* < <= <> = == != > >= + - * / % & | ~ || << >> */
    TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_DOT,
    TOKEN_BAD                /* nothing that a checklist may contain; .why says what */
};
struct token {
    enum token_kind kind;
    const char *p;           /* into the text, with quotes and colon */
    size_t len, at;          /* bytes */
    const char *why;         /* of TOKEN_BAD: a static sentence */
};

/* The token at *pos; moves *pos behind it. After TOKEN_END and TOKEN_BAD it does not move any more. */
struct token token_next(const char *text, size_t *pos);
bool token_is(const struct token *t, const char *word);      /* a word or an operator, whatever the case */
/* The name that a WORD or NAME stands for, without quotes, into out: false when it does not fit. */
bool token_name(const struct token *t, char *out, size_t size);

#endif
