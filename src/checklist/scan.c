/* The scanner that every expression of a checklist passes before it is pasted into a statement: `1) UNION SELECT ...` would compile and run
 * otherwise. Parent and evaluation child; the text is hostile. */
#include <string.h>

#include "checklist/checklist.h"
#include "checklist/token.h"

#define EXPRESSION_MAX 16384     /* bytes */
#define BRACKETS_MAX 60          /* deep; SQLite's own parser would overflow its stack at 100 */

static bool declared(const struct token *t, const struct param *params, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(params[i].name) == t->len - 1 && memcmp(params[i].name, t->p + 1, t->len - 1) == 0)
            return true;
    return false;
}

const char *expression_scan(const char *expr, const struct param *params, size_t n_params, size_t *at)
{
    size_t pos = 0, depth = 0, n = 0;
    *at = 0;
    if (strlen(expr) > EXPRESSION_MAX)
        return "this expression is longer than 16 KiB";
    for (;; n++) {
        struct token t = token_next(expr, &pos);
        *at = t.at;
        if (t.kind == TOKEN_BAD)
            return t.why;
        if (t.kind == TOKEN_END)
            break;
        if (t.kind == TOKEN_OPEN && ++depth > BRACKETS_MAX)
            return "brackets are nested more than 60 deep";
        if (t.kind == TOKEN_CLOSE && depth-- == 0)
            return "a closing bracket has no opening one";
        if (t.kind == TOKEN_PARAM && !declared(&t, params, n_params))
            return "this param is not declared under params:";
    }
    if (n == 0)
        return "the expression is empty";
    return depth > 0 ? "a bracket is not closed" : NULL;
}
