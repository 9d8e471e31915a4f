/* The sections of the HTML report. Each writes its own <section>; html.c has their order. Only for src/report/. */
#ifndef PREOP_REPORT_HTML_PARTS_H
#define PREOP_REPORT_HTML_PARTS_H

#include "report/front.h"
#include "report/html_out.h"
#include "report/report.h"

struct html_page { struct html h; const struct report *r; const struct front *f; const char *marking; };

/* Style sheet (html_style.c): the fixed part, and the rules that put the marking on every printed page. marking may be anything: it is escaped as a CSS string. */
extern const char *const html_style[];       /* NULL at the end */
void html_style_marking(const char *marking, struct buf *out);

/* A verdict or a check's status: the word, a sign, and a colour, so that none of them is needed alone. */
void html_status(struct html *h, const char *status);
/* A part of the run is left out for this reader: says so. True when it is. */
bool html_is_left_out(struct html_page *p, unsigned matter);
/* A wide table: on a phone and at high zoom it scrolls by itself, also with the keyboard. label: what it is called. */
void html_table_begin(struct html *h, const char *label);
void html_table_end(struct html *h);
/* A score's bounds as a bar; the words beside it say the same, so it is hidden from readers that speak. low and high in ppb. */
void html_bar(struct html *h, int64_t low, int64_t high);

void html_front(struct html_page *p);        /* html_front.c */
void html_means(struct html_page *p);        /* html_means.c */
void html_domains(struct html_page *p);      /* html_domains.c */
void html_trend(struct html_page *p);
void html_plan(struct html_page *p);        /* html_plan.c */
void html_network(struct html_page *p);      /* html_sheets.c */
void html_sheets(struct html_page *p);
void html_collisions(struct html_page *p);   /* html_found.c */
void html_changes(struct html_page *p);
void html_unknown(struct html_page *p);
void html_requests(struct html_page *p);     /* html_requests.c */
void html_accepted(struct html_page *p);
void html_realised(struct html_page *p);      /* html_realised.c */
void html_checks(struct html_page *p);       /* html_checks.c */
void html_asked(struct html_page *p);        /* html_rests.c */
void html_rests(struct html_page *p);
void html_glossary(struct html_page *p);

#endif
