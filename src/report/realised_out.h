/* What decisions came to, for readers: text, HTML and JSON. Only for src/report/ and the roadmap. */
#ifndef PREOP_REPORT_REALISED_OUT_H
#define PREOP_REPORT_REALISED_OUT_H

#include <jansson.h>
#include "report/report.h"

/* What a reader may not see is left out: prices, days of work. */
struct realised_view { const struct realised *r; const char *currency; bool prices, days; };

/* As r's reader may see it. */
struct realised_view report_realised_view(const struct report *r);
/* Nothing where no decision has a remedy. */
void realised_text(struct page *p, const struct realised_view *v);
/* {"items": [...], "cost": {...}, "days": {...}} */
json_t *realised_json(const struct realised_view *v);
/* "planned $800 to $1,400, came to $1,200", "planned ..., not known yet", "planned is not known: WHY; came to ..."; of money or of days. */
void realised_cost_text(const struct realised_view *v, const struct realised_row *row, struct buf *out);
void realised_days_text(const struct realised_row *row, struct buf *out);
/* "2 compared: planned ..., came to ...; 1 not known yet" */
void realised_sum_text(const struct realised_view *v, bool money, struct buf *out);

#endif
