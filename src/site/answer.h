/* One answer of a person, as text: whether it is what its column wants, and in which form it is kept. Whoever asks (a screen, --set, YAML, a sheet as
 * Excel writes it) comes through here, so that nothing is guessed anywhere. Pure. Parent only; the text is a stranger's. */
#ifndef PREOP_SITE_ANSWER_H
#define PREOP_SITE_ANSWER_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "fact/form.h"
#include "fact/row.h"

#define ANSWER_MAX 4000              /* bytes of one answer */

struct answer_context {
    const char *timezone;            /* of times of day; NULL: UTC */
    bool semicolons;                 /* from a file whose separator is ';': 1.234 may mean one thousand there */
};

/* 1: *out has the answer in its one form (a date 2026-03-31, a moment in UTC, a number with a point, true or false, "a, b", text in one line).
 * 0: nothing was said ("", "?", "unknown", "n/a"): the column stays unknown. ERR_BAD_INPUT: *why (owned) completes "COLUMN ...". */
int answer_parse(const struct fact_column *c, const char *text, const struct answer_context *ctx, struct buf *out, char **why) MUST_CHECK;
/* Sets a row's column from that form. The row borrows it, or what is made of it in the arena. */
void answer_set(struct fact_row *row, size_t column, const char *form, struct arena *arena);
/* Whether a text looks as if somebody wrote a secret into it: "password: x", a private key; in admin_custody also a single word that is made like one. */
bool answer_looks_secret(const struct fact_table *t, const char *text);
/* "a date like 2026-03-31", "one of yes, no, consent": what a column takes, for the person who is asked. */
void answer_wanted(const struct fact_column *c, struct buf *out);

#endif
