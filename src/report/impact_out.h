/* Impact for readers: text and JSON. Only for src/report/. */
#ifndef PREOP_REPORT_IMPACT_OUT_H
#define PREOP_REPORT_IMPACT_OUT_H

#include <jansson.h>
#include "report/report.h"
#include "report/style.h"

/* Each figure with every assumption and the key that overrides it; sums within a kind. Nothing where no check has a model. */
void put_impact(struct page *p, const struct report *r);
json_t *impact_json(const struct report *r);

#endif
