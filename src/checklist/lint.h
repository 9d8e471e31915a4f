/* What lint finds beyond what loading refuses. Parent. */
#ifndef PREOP_CHECKLIST_LINT_H
#define PREOP_CHECKLIST_LINT_H

#include "checklist/checklist.h"

/* Compiles every check against empty tables under the authorizer, and types its comparisons: errors with places. */
void lint_compile(const struct checklists *c, struct diags *diags);
/* Texts that are missing or hard to read, references that do not exist, dependencies that go round in a circle, conditions that hide what is not known. */
void lint_texts(const struct checklists *c, struct diags *diags);

#endif
