/* What the files of `preop attest` share. Parent. */
#ifndef PREOP_CMD_ATTEST_H
#define PREOP_CMD_ATTEST_H

#include "cmd/commands.h"
#include "site/attest_edit.h"

/* One session: the folder, and who says what is said in it. */
struct attest {
    struct args *args;
    struct site *site;               /* loaded anew after each answer that was kept */
    struct site **former; size_t n_former;               /* earlier loads, from which answers borrow; freed at the end */
    struct attestation head;         /* by, role, on, expires, expires_said, evidence, has_file */
    int64_t today;
};

/* --evidence or what was typed: a link, a file of the index, or a file of this machine, which is added to the folder. Sets a's head. NULL text: only said. */
bool attest_proof(struct attest *a, const char *text, struct attestation *head);
/* The head onto the answer, and the answer into the folder; the draft of it goes. An exit status, after messages. */
int attest_keep(struct attest *a, struct attestation *answer);
bool attest_reload(struct attest *a);
/* A file of this machine that was taken in: "csv in" of a sheet. */
int attest_csv_in(struct attest *a, const struct form *f, const char *file);
/* Asks on the terminal, one screen a question, until it is done or left. */
int attest_ask(struct attest *a, const struct form *const *list, size_t n);
/* --list: how each question stands. */
int attest_list(struct attest *a);
enum attest_standing { STANDING_OPEN, STANDING_EXPIRED, STANDING_BAD, STANDING_SAID, STANDING_DOCUMENT };
enum attest_standing attest_standing(const struct site *s, const struct form *f, int64_t now);
const char *attest_standing_word(enum attest_standing s);

#endif
