/* What the store's tests share: folders of their own below the build folder, and small sites, runs and rows. */
#ifndef PREOP_TESTS_STORE_HELPER_H
#define PREOP_TESTS_STORE_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "fact/table_hosts.h"
#include "fact/table_interfaces.h"
#include "store/internal.h"

char *helper_dir(void);                      /* a new folder, 0700; helper_remove() it */
void helper_remove(char *dir);               /* with everything in it; frees */
char *helper_db(const char *dir);            /* owned: DIR/preop.db */
struct store *helper_open(const char *path); /* for writing; fails the test */

/* Begins a run of the site; gives its id. */
int64_t helper_run(struct store *s, const char *site);
/* A collection of interfaces at a target with ports "P0".."Pn-1" (given in order when sorted, backwards otherwise), in one job. */
void helper_interfaces(struct store *s, int64_t run, const char *target, size_t n, int64_t speed);
/* The same without failing the test: the first error. */
int helper_job(struct store *s, int64_t run, int64_t target, size_t n, int64_t speed);
/* Two checks, findings of each status, scores, a gate. */
int helper_results(struct store *s, int64_t run);
/* A whole sealed run of two targets; gives its seal. */
int64_t helper_sealed(struct store *s, const char *site, int64_t speed, char seal[SHA256_HEX]);

int64_t helper_int(struct store *s, const char *sql);        /* the one integer of a query */
void helper_exec(struct store *s, const char *sql);

/* Collects problems of store_verify; one a line. */
void helper_problem(void *buf, const char *problem);

#endif
