/* Taking in what people answered. Parent only. Values were brought into form when the folder was read; the store checks them once more. */
#include "collect/people.h"

#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "collect/earlier.h"
#include "fact/form.h"
#include "site/answer.h"

#define DAY_S 86400
#define MAX_PROOF (256u << 20)       /* bytes of an evidence file, as in `evidence add` */

struct people {
    struct store *store;
    int64_t run, as_of;
    const struct site *site;
    struct earlier have;
    struct arena *arena;
};

/* What proves an answer. */
struct proof { bool kept; int64_t id; char *note; };

static int find_proof(const struct people *p, const struct attestation *a, struct proof *out)
{
    const struct evidence *e = a->has_file ? site_evidence(p->site, a->evidence) : NULL;
    struct buf bytes = BUF_INIT(MAX_PROOF + 1);
    char hex[SHA256_HEX];
    int err = 0;

    *out = (struct proof){ .kept = false };
    if (e == NULL)
        return 0;
    char *path = site_file_path(p->site, e->file);
    if (file_read(path, MAX_PROOF, &bytes) != 0) {
        out->note = xasprintf("%s, which proves it, cannot be read: it counts as said only", e->file);
    } else {
        sha256_hex(buf_str(&bytes), bytes.len, hex);
        out->kept = strcmp(hex, e->sha256) == 0;
        if (!out->kept)
            out->note = xasprintf("%s is not the file that was added: it counts as said only", e->file);
    }
    if (out->kept)
        err = store_evidence_put(p->store, p->site->key, e->file, hex, e->from, e->covers, e->observed, e->received, &out->id);
    buf_clear(&bytes);
    free(path);
    return err;
}

/* --- rows ---------------------------------------------------------------------------------------------------------------------- */

static void set_head(struct people *p, struct fact_row *row, const struct attestation *a, bool kept)
{
    const struct fact_table *t = row->table;
    char on[ISO_LEN], expires[ISO_LEN];

    iso_format(a->on, on);
    fact_set_str(row, fact_column_find(t, "answered_on"), arena_strdup(p->arena, on));
    fact_set_str(row, fact_column_find(t, "answered_by"), a->by);
    fact_set_str(row, fact_column_find(t, "answered_role"), a->role);
    fact_set_int(row, fact_column_find(t, "has_evidence"), kept);
    fact_set_str(row, fact_column_find(t, "evidence"), a->evidence);
    if (a->expires != 0) {
        iso_format(a->expires, expires);
        fact_set_str(row, fact_column_find(t, "answer_expires_on"), arena_strdup(p->arena, expires));
    }
    if (a->form->kind == FORM_SINGLE)
        fact_set_str(row, fact_column_find(t, "form"), a->form->id);
}

static int put_rows(struct people *p, struct intake *in, const struct attestation *a, bool kept)
{
    int err = 0;
    for (size_t i = 0; i < a->n_rows && err == 0; i++) {
        struct fact_row row;
        fact_row_init(&row, a->form->table);
        for (size_t c = 0; c < a->form->table->n_columns; c++)
            if (a->rows[i].values[c] != NULL)
                answer_set(&row, c, a->rows[i].values[c], p->arena);
        set_head(p, &row, a, kept);
        err = intake_row(in, &row);
    }
    return err;
}

/* --- collections --------------------------------------------------------------------------------------------------------------- */

/* How an answer counts at as_of. */
static void judge(const struct people *p, const struct attestation *a, struct collection *c)
{
    char day[DATE_LEN];

    c->state = STATE_COMPLETE;
    c->reason = REASON_NONE;
    if (a->problem != NULL) {
        c->state = STATE_FAILED;
        c->reason = REASON_BAD_FILE;
        c->detail = xasprintf("sheets/%s.csv: %s. Take it in with `preop attest --sheet %s --csv in`", a->form->table->name, a->problem, a->form->id);
    } else if (a->on - DAY_S > p->as_of) {           /* today has begun earlier elsewhere */
        date_format(a->on, day);
        c->state = STATE_FAILED;
        c->reason = REASON_BAD_FILE;
        c->detail = xasprintf("attestations.yaml: %s was answered on %s, a day that has not come", a->form->id, day);
    } else if (!attestation_live(a, p->as_of)) {
        date_format(a->expires, day);
        c->state = STATE_NOT_ASKED;
        c->reason = REASON_ANSWER_EXPIRED;
        c->detail = xasprintf("%s counted until %s. Ask %s again: `preop attest %s`", a->form->id, day, a->form->asked_of, a->form->id);
    } else {
        c->observed_at = a->on < p->as_of ? a->on : p->as_of;
        c->rows = (int64_t)a->n_rows;
    }
}

static int take_answer(struct people *p, const struct form *f, const struct attestation *a)
{
    int64_t now = clock_now();
    char *name = form_target(f), *file = f->kind == FORM_SHEET ? xasprintf("sheets/%s.csv", f->table->name) : xstrdup("attestations.yaml");
    struct collection c = { .probe = PEOPLE_PROBE, .table = f->table, .method = METHOD_PERSON, .started = now, .finished = now, .received_at = now,
                            .state = STATE_NOT_ASKED, .reason = REASON_NOT_ANSWERED };
    struct proof proof = { .kept = false };
    struct intake *in = NULL;

    if (a != NULL)
        judge(p, a, &c);
    else
        c.detail = xasprintf("%s: ask %s", f->id, f->asked_of);
    int err = c.state == STATE_COMPLETE ? find_proof(p, a, &proof) : 0;
    if (proof.kept) {
        c.method = METHOD_DOCUMENT;
        c.evidence_id = proof.id;
    }
    if (err == 0)
        err = store_target_put(p->store, p->run, name, f->kind == FORM_SHEET ? "sheet" : PEOPLE_TARGET, file, CRITICALITY_BUSINESS, &c.target_id);
    if (err == 0)
        err = intake_begin(p->store, p->run, &in);
    if (err == 0)
        err = intake_collection(in, &c);
    if (err == 0 && proof.note != NULL)
        err = intake_note(in, proof.note);
    if (err == 0 && c.state == STATE_COMPLETE)
        err = put_rows(p, in, a, proof.kept);
    if (err == 0)
        err = intake_commit(in);
    else if (in != NULL)
        intake_abort(in);
    free(proof.note);
    free(c.detail);
    free(file);
    free(name);
    return err;
}

static bool among(const struct fact_table *const *v, size_t n, const struct fact_table *t)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == t)
            return true;
    return false;
}

int collect_people(struct store *store, int64_t run, const struct site *site, const struct fact_table *const *wanted, size_t n_wanted, int64_t as_of)
{
    struct people p = { .store = store, .run = run, .site = site, .as_of = as_of, .arena = arena_new() };
    int err = earlier_load_run(&p.have, store, run);

    for (size_t i = 0; i < n_forms && err == 0; i++) {
        const struct form *f = forms[i];
        const struct attestation *a = site_attestation(site, f);
        char *name = form_target(f);
        bool done = earlier_find(&p.have, name, PEOPLE_PROBE, f->table) != NULL;
        if (!done && (a != NULL || among(wanted, n_wanted, f->table)))
            err = take_answer(&p, f, a);
        free(name);
    }
    if (err != 0)
        log_error("what people answered could not be stored: %s", err_text(err));
    earlier_clear(&p.have);
    arena_free(p.arena);
    return err;
}
