/* A roadmap for readers: text, CSV for spreadsheets, JSON for programs. Parent. */
#ifndef PREOP_REPORT_ROADMAP_OUT_H
#define PREOP_REPORT_ROADMAP_OUT_H

#include <stdio.h>
#include "plan/realised.h"
#include "plan/roadmap.h"
#include "report/style.h"

struct roadmap_page {
    const struct roadmap *roadmap;
    const char *title;               /* of the site, for people */
    const struct run *run;           /* whose findings are planned */
    const char *const *what_if; size_t n_what_if;        /* as the user gave them: "close=2027-04-01" */
    const char *const *done; size_t n_done;
    const struct realised *realised; /* what was decided, and what it came to */
    int late_days;                   /* only what is to be ordered in so many days; negative: everything */
};

void roadmap_text(const struct roadmap_page *r, const struct style *style, FILE *out);
/* The columns that `roadmap --in` reads back are item, owner, due, status and ticket. */
void roadmap_csv(const struct roadmap_page *r, FILE *out);
void roadmap_json(const struct roadmap_page *r, FILE *out);          /* contrib/schema/roadmap.schema.json */

#endif
