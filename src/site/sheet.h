/* Sheets: lists that people fill, as CSV files in the site's folder. Reading is strict: what a spreadsheet may have mangled is refused, with row and column,
 * and nothing of the file is taken then. Parent only; the bytes are a stranger's. */
#ifndef PREOP_SITE_SHEET_H
#define PREOP_SITE_SHEET_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/err.h"
#include "fact/form.h"
#include "site/site.h"

#define SHEET_MAX_ROWS 20000

char *sheet_file(const struct form *f);      /* "sheets/circuits.csv": owned */
/* Rows of a file, in the arena; every fault is an error of diags under the name file (its line is the row, as a spreadsheet counts). before: the sheet as it
 * was, NULL when it is new: a key that has lost the zeros that it had there is refused. ERR_BAD_INPUT when there was one. */
int sheet_read(struct arena *arena, const struct form *f, const char *file, const void *p, size_t len, const char *zone, const struct attestation *before,
               struct answer_row **rows, size_t *n, struct diags *diags) MUST_CHECK;
/* The file for people to fill: BOM, a line of column names, the rows. Formulas are defused. */
void sheet_write(const struct form *f, const struct answer_row *rows, size_t n, struct buf *out);

#endif
