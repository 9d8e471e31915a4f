/* An answer in the making: a copy of the one before, changed value by value. Parent only; values are a stranger's. */
#ifndef PREOP_SITE_ATTEST_EDIT_H
#define PREOP_SITE_ATTEST_EDIT_H

#include "base/buf.h"
#include "base/err.h"
#include "fact/form.h"
#include "site/site.h"

/* The rows of old (NULL: none) without who said them and when. A single answer has its one row from the beginning. */
struct attestation attestation_copy(struct arena *arena, const struct form *f, const struct attestation *old);
size_t attestation_add_row(struct arena *arena, struct attestation *a);
void attestation_drop_row(struct attestation *a, size_t row);
/* The row with these key values, several separated by '|', any case; added where there is none. SIZE_MAX and *why (owned) where they do not fit. */
size_t attestation_row(struct arena *arena, struct attestation *a, const char *key, const char *zone, char **why);
/* One value as a person gives it; "" and "?" take it away. ERR_BAD_INPUT and *why (owned, completes "COLUMN ..."). */
int attestation_put(struct arena *arena, struct attestation *a, size_t row, size_t column, const char *text, const char *zone, char **why) MUST_CHECK;
/* "a, b" of the row's key values, for people. */
void attestation_row_name(const struct attestation *a, size_t row, struct buf *out);

/* CMP-RA-01.date=2026-03-01, BKP-RST-01[EHR].minutes=90: key is owned, NULL without brackets; value is borrowed from text. */
struct assignment { const struct form *form; char *key; size_t column; const char *value; };
int assignment_parse(const char *text, struct assignment *out, char **why) MUST_CHECK;

#endif
