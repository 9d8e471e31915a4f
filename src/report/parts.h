/* Pieces that the text pages share. Only for src/report/. */
#ifndef PREOP_REPORT_PARTS_H
#define PREOP_REPORT_PARTS_H

#include "report/report.h"
#include "report/style.h"

/* "38 of 100 proven ready, 71 at most; seen 67 (measured 41, documents 18, told 8)", and the bounds without what is waived where they differ.
 * Whole points that add up. NULL: not assessed. */
void score_sentence(const struct score_row *s, struct buf *out);
/* The same for a committee: "Of 100, 38 are proven ready, and 71 at most if all that we could not see is fine. We saw 67: ... Not seen: 33." */
void sure_sentence(const struct score_row *s, struct buf *out);
/* "worst critical, $84,000 to $172,000 once, 12 to 20 days of work; not in it: what is waived ($800 once), and what is unknown, up to $9,000"; "" when there is
 * nothing of the kind. Open is what fails and no live waiver covers, as in the roadmap. */
void open_work_text(const struct report *r, struct buf *out);
/* "wall port room 4, 10.20.1.77/24, gateway 10.20.0.1"; "" when nothing is known. */
void vantage_text(const struct run *run, struct buf *out);
/* "$84,000 to $172,000"; one figure where both are the same. */
void money_range(double low, double high, const char *currency, struct buf *out);
/* "run 14, Wed 18 Nov 2026 10:42" in the site's zone. */
void run_text(const struct report *r, struct buf *out);
/* The subject for people: "sw1 / Gi1/0/24", "sw2 (not collected: interfaces)". evidence (JSON, may be NULL) may have a label that says more than the key. */
void subject_text(const char *target, const char *subject, const char *evidence, struct buf *out);
/* Only what stands behind the target: "Gi1/0/24". */
void key_text(const char *subject, const char *evidence, struct buf *out);
void finding_text(const struct finding *f, struct buf *out);
/* "speed_mbps 100, duplex half" from the evidence's JSON, without the label. */
void evidence_text(const char *json, struct buf *out);
bool is_open(const struct report_check *c);      /* has a failing subject that no live waiver covers */
const char *plural(size_t n, const char *one, const char *many);

#endif
