/* What failing checks mean for patients and staff, in sentences: the same words and figures for text, HTML and the brief. Parent; pure. Only for src/report/. */
#ifndef PREOP_REPORT_IMPACT_WORDS_H
#define PREOP_REPORT_IMPACT_WORDS_H

#include "report/report.h"

struct impact_words {
    const char **lines; size_t n_lines, n_failing;       /* of them n_failing first of what failed, day 1 and visits first: "130 to 930 hours of staff time a year, worth $5,000 to $35,000: time, not cash"; the others of what is not excluded */
    const char *none;                            /* why there is no line; NULL when there is one */
    const char **assumed; size_t n_assumed;      /* what the lines rest on and nobody at the clinic said: "minutes lost per person and day: 1 to 5 (no source)" */
    const char **lacks; size_t n_lacks;          /* what would make more figures: "how many visits the clinic has a day" */
};

/* All texts live in a. */
void impact_words_fill(const struct report *r, struct arena *a, struct impact_words *out);

/* One figure as a sentence without its full stop: "130 to 930 hours of staff time a year, worth ...". Only of one that is counted. */
void impact_figure_text(const struct report *r, const struct impact_figure *f, struct buf *out);
/* Why it has no figure: "no figure: nobody has said how many visits the clinic has a day", or that this reader must not see it. Only of one that is not counted. */
void impact_lack_text(const struct impact_figure *f, struct buf *out);
/* Of a check whose failure is rare and large: what it exposes, on which assumption, and why no money. */
void impact_exposure_text(const struct impact_exposure *e, struct buf *out);
/* Whether there is anything to say of day 1 but that nobody knows. */
bool impact_day1_told(const struct impact_day1 *d);
/* "touches 20% to 40% of the visits", "how many of the visits it touches nobody has said". */
void impact_share_text(const struct impact_share *s, struct buf *out);
/* "minutes lost per person and day: 1 to 5 (no source)". */
void impact_value_text(const struct impact_value *v, struct buf *out);

#endif
