/* The report document: one run, everything that a reader may need, read from the store and the run's pinned inputs; rendered by one file per format.
 * Parent. What came from targets is valid text by now and is escaped by each renderer for its sink. */
#ifndef PREOP_REPORT_REPORT_H
#define PREOP_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "checklist/checklist.h"
#include "checklist/compare.h"
#include "checklist/pinned.h"
#include "checklist/score.h"
#include "plan/impact.h"
#include "plan/realised.h"
#include "plan/roadmap.h"
#include "report/audience.h"
#include "report/style.h"
#include "store/store.h"

struct report_check {
    const struct check *def;
    const struct check_result *result;
    const struct finding *findings; size_t n_findings;   /* in the store's order: target, subject */
    const struct waiver **waivers;                       /* of each finding: the live one that covers it, as of the run; NULL: none */
    int64_t n_waived;                                    /* failing subjects under a live waiver, as of the run */
    int64_t order_by;                                    /* for an open check that gates a dated milestone; 0 otherwise */
    enum severity shown;                                 /* the worst graded severity among failing findings that are not waived */
};
struct report_gate {
    const struct gate_row *row;
    const struct report_check **blockers; size_t n_blockers;
    const struct report_check **unproven; size_t n_unproven;
    const struct report_check **waived; size_t n_waived;
    const struct roadmap_gate *plan;                     /* with `earliest`; NULL: neither dated nor blocked */
};
/* Unknown findings that one thing would settle. */
struct settle {
    const char *what;                                    /* "sw2, sw3: no answer" */
    const char *action, *ask;                            /* what to do; the same for a committee. NULL: the reason says it */
    const char **targets; size_t n_targets;
    size_t n_checks;
    int64_t points;                                      /* ppb of the site's band that it would close at the most */
};
/* Two sources tell one subject different values; checks use the first. how: "ssh, measured" or "rmm.csv, document". */
struct told_value { const char *value, *how; };
struct disagreement { const char *table, *target, *subject, *column; struct told_value used, other; };

struct request_list;
struct report_told { int64_t at; const char *format; };  /* a report that was handed out: when, and "html"; at 0: none */
struct report {
    struct arena *arena;
    struct run run;
    struct pinned pinned;
    struct results results;
    const struct score_row *site_score;                  /* NULL: not assessed */
    struct report_check *checks; size_t n_checks;        /* by id */
    struct report_gate *gates; size_t n_gates;
    struct impact *impact;                               /* in business terms */
    struct work_set *work;                               /* what stands open as things to do */
    struct realised *realised;                           /* what was decided of work, and what it came to */
    struct roadmap *roadmap;                             /* in dates, planned from the day of the run */
    struct collection *collections; size_t n_collections;
    struct target_record *targets; size_t n_targets;
    struct settle *settles; size_t n_settles;            /* most points first */
    struct disagreement *disagreements; size_t n_disagreements;
    size_t n_pass, n_fail, n_unknown, n_not_applicable;  /* checks */
    struct run previous; bool has_previous;              /* what is compared with: the site's sealed run before this one; report_find_told() may put an earlier one here */
    struct report_told told; bool handed_out;            /* its report, where that run is of the last one to the same reader; handed_out: this one goes to somebody, so that was looked for */
    struct comparison *changes;                          /* with it; NULL when there is none or it cannot be judged again */
    char *changes_why;                                   /* why not */
    struct trend_point *trend; size_t n_trend;           /* the site's sealed runs up to this one, oldest first */
    char *map, *map_why;                                 /* report_gather_page(): the drawing <svg>, or why there is none */
    struct sheet_rows *sheets;                           /* report_gather_page(): systems, contracts, lines (html_sheets.c) */
    struct request_list *requests;                       /* what is unknown as what to ask of whom, and what came of it (request.h) */
    const struct audience *audience; unsigned left_out;  /* whom it is for, and the matters that report_for() took out (audience.h) */
};

/* with_changes: also compare with the previous sealed run (evaluates anew). report_free() it. */
int report_load(struct store *s, int64_t run, bool with_changes, struct report **out, char **why) MUST_CHECK;
void report_free(struct report *r);
/* This report is handed out to an audience (NULL: none), for somebody (NULL: not said): changes are told since the last report of an earlier run that they were given;
 * where that one was given none, that the audience was. Sets previous and told; then report_compare(). */
int report_find_told(struct store *s, struct report *r, const struct audience *audience, const char *made_for) MUST_CHECK;
/* Fills r->changes, or changes_why. Before report_for(). */
void report_compare(struct store *s, struct report *r);
/* Requests that were refused since then. */
size_t report_n_refused_since(const struct report *r);
/* Of the run's requests, what came of them as said (a site's folder) tells instead of the run's own copy; said has to live as long as r. Before report_for(). */
void report_take_requests(struct report *r, const struct site *said);
/* For html and pdf, after report_for(): the map and what people wrote of systems, contracts and lines. A map that cannot be drawn spoils no page: map_why. */
int report_gather_page(struct store *s, struct report *r) MUST_CHECK;
void report_page_free(struct report *r);                 /* report_free() calls it */

/* The site's name for people: the codename where there is one. */
const char *report_title(const struct report *r);
/* The mapped name, else the role; with a co-owner both: "Network operations with Ambulatory care". Lives as long as r. */
const char *report_owner(const struct report *r, const struct check *c);
/* The marking that every page bears: "CONFIDENTIAL - prepared for counsel". Owned. */
char *report_marking(const struct report *r);
/* The live waiver that covers f, which is one of c's findings; NULL: none. */
const struct waiver *report_waiver(const struct report_check *c, const struct finding *f);
const struct report_check *report_check_find(const struct report *r, const char *id);

/* Sources that tell one subject different values (two collections of one table at one target). Fills r->disagreements. */
int report_find_disagreements(struct store *s, struct report *r) MUST_CHECK;
/* Groups what is unknown by what would settle it. Fills r->settles. */
void report_find_settles(struct report *r);
/* Every unknown finding, in the order of the checks: missing is the collection that it lacks, NULL where it lacks none (or the site as a whole does); points is the
 * share of the site's band, of 1, that settling it would close at the most. */
typedef void (*report_unknown_fn)(void *ctx, const struct report_check *c, const struct finding *f, const struct collection *missing, double points);
void report_each_unknown(const struct report *r, report_unknown_fn fn, void *ctx);

void report_json(const struct report *r, FILE *out);     /* design.md section 9 */
void report_text(const struct report *r, const struct style *style, FILE *out);  /* everything, for a reader with time */
/* What `check` prints for the person on site; n NULL: the head of the full report, with nothing left out. */
/* dir: the site's folder as the user named it, for the commands that are proposed; NULL: the current one. */
struct check_notes { const char *dir; size_t n_questions; const char *asked_log; int64_t ms; bool no_view; int exit_status; };
void report_check_page(const struct report *r, const struct check_notes *n, const struct style *style, FILE *out);

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_HTML, REPORT_BRIEF, REPORT_SVG, REPORT_DOT, REPORT_PDF };
/* The report in one of its formats but svg and dot (report_map_svg, report_map_dot), as bytes (render.c). ask: as below; style: of text. ERR_NOT_FOUND or another error with *why (owned). *bytes (owned) is NULL then. */
int report_render(const struct report *r, enum report_format format, const char *ask, const struct style *style, char **bytes, size_t *len, char **why) MUST_CHECK;
/* The record of a report that is written; texts are owned: disclosures_free() it as one of one. file: where to, as the user named it; made_for may be NULL. */
struct disclosure *report_disclosure(const struct report *r, const char *format, const char *made_for, const char *file, const char *bytes, size_t len);
/* Every report of the site that was written, newest first. */
void report_disclosures_text(const struct disclosure *v, size_t n, const struct style *style, FILE *out);
void report_disclosures_json(const struct disclosure *v, size_t n, FILE *out);

/* One self-contained page (html.c); ask: the milestone that is asked about, NULL: the next one not decided. And thirty lines to paste into a mail (brief.c).
 * ERR_NOT_FOUND with *why (owned) where there is no such milestone. */
int report_html(const struct report *r, const char *ask, FILE *out, char **why) MUST_CHECK;
int report_brief(const struct report *r, const char *ask, FILE *out, char **why) MUST_CHECK;

void compare_text(const struct comparison *c, const struct run *old, const struct run *now, const struct style *style, FILE *out);
void compare_json(const struct comparison *c, const struct run *old, const struct run *now, FILE *out);


/* The map: devices, links with their speeds, what is too slow. Appended to out.
 * svg: laid out by Graphviz's dot; an element <svg> that may stand in a page (no script, no reference, its own background), with texts for who
 * cannot see it. Without dot -ENOENT; in every failure *why, owned, says what to do, or is NULL where the log has it. dot: its input; always possible. */
int report_map_svg(struct store *s, const struct report *r, struct buf *out, char **why) MUST_CHECK;
int report_map_dot(struct store *s, const struct report *r, struct buf *out) MUST_CHECK;

#endif
