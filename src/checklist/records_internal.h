/* What records.c and records_waivers.c share; nobody else includes it. Parent. */
#ifndef PREOP_CHECKLIST_RECORDS_INTERNAL_H
#define PREOP_CHECKLIST_RECORDS_INTERNAL_H

#include "checklist/records.h"

struct records {
    const struct records_in *in;
    struct arena *arena;
    struct diags *diags;
    const char **checks; size_t n_checks;    /* ids, earlier ones too */
    const char **targets; size_t n_targets;  /* of the folder and of the run, sorted */
};

void records_say(const struct records *r, const char *file, struct file_place at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* " (did you mean 'X'?)", or "". In the arena. */
const char *records_near(const struct records *r, const char *word, const char *const *among, size_t n);
/* The check of this id, or that had it; NULL. */
const struct check *records_find(const struct records *r, const char *id);
bool records_has_target(const struct records *r, const char *name);

/* Says of each id that stands before: an id is a handle only while one thing has it. */
struct record_id { const char *id; struct file_place at; };      /* id NULL: it has none */
void records_same_ids(const struct records *r, const char *file, struct record_id *v, size_t n, const char *what);

#define WAIVERS_FILE "waivers.yaml"
void records_overlaps(const struct records *r);
int records_waivers(struct records *r) MUST_CHECK;

#endif
