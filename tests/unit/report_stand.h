/* A site with everything that a report can show, assessed twice two days apart: what the tests of reports stand on. */
#ifndef PREOP_TESTS_REPORT_STAND_H
#define PREOP_TESTS_REPORT_STAND_H

#include "checklist_fixture.h"
#include "report/report.h"

#define DAY 86400

extern const char stand_site_yaml[], stand_waivers_yaml[], stand_checks_yaml[];

struct stand { struct fx f; struct site *site; struct checklists *lists; int64_t run, previous; char seal[SHA256_HEX]; };

struct site *load_site(const char *text, const char *waivers);
void stand_open(struct stand *s);            /* the site and its checks, no run yet */
/* The same with other texts; waivers may be NULL. */
void stand_open_with(struct stand *s, const char *site, const char *waivers, const char *checks);
void stand_close(struct stand *s);
void begin(struct stand *s, const char *label, const char *narrowed);        /* a run; the one before it is its previous */
void judge(struct stand *s);
void collect(struct stand *s, bool before);  /* one run's facts; before: as they were in the first run */
void two_runs(struct stand *s);
struct report *load(struct stand *s, bool with_changes);
extern const struct fx_how stand_ssh, stand_file, stand_no_answer, stand_untouched, stand_has_none;

#endif
