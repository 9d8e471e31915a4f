/* From unknown findings to requests. Parent; pure. */
#include "report/request.h"

#include <stdlib.h>

#include "base/text.h"
#include "fact/form.h"
#include "fact/reason.h"

/* --- what a finding asks for --- */

/* Of a query about the site, which names no collection, the reason says what to fill. */
static const struct form *form_named(const struct finding *f)
{
    if (!f->reason || !strstr(f->reason, "`preop attest "))
        return NULL;                 /* nearly all of them: there may be ten thousand */
    for (size_t i = 0; i < n_forms; i++) {
        char *word = xasprintf("`preop attest %s`", forms[i]->id);
        bool named = strstr(f->reason, word) != NULL;
        free(word);
        if (named)
            return forms[i];
    }
    return NULL;
}

static const struct form *form_wanted(const struct report_check *c, const struct finding *f, const struct collection *missing)
{
    const struct form *form = missing ? form_of_table(missing->table) : form_named(f);
    return form || missing || !c->def->facts ? form : form_of_table(c->def->facts);
}

static struct request *request_of(struct request_list *l, char *key)
{
    if (l->n > 0 && strcmp(l->v[l->n - 1].key, key) == 0)
        return &l->v[l->n - 1];
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->v[i].key, key) == 0)
            return &l->v[i];
    struct request *q = &l->v[l->n++];
    *q = (struct request){ .key = key, .checks = arena_array(l->arena, l->r->n_checks + 1, sizeof(const struct report_check *)),
                           .tables = arena_array(l->arena, FACT_MAX_TABLES, sizeof(const char *)) };
    return q;
}

static void add_table(struct request *q, const char *name)
{
    for (size_t i = 0; i < q->n_tables; i++)
        if (strcmp(q->tables[i], name) == 0)
            return;
    if (q->n_tables < FACT_MAX_TABLES)
        q->tables[q->n_tables++] = name;
}

/* Why what people were asked is not settled. */
static const char *form_standing(const struct report *r, const struct form *form)
{
    const struct attestation *a = site_attestation(r->pinned.site, form);
    if (!a)
        return form->kind == FORM_SHEET ? "nobody has filled it" : "nobody has answered it";
    if (a->problem)
        return a->problem;
    return attestation_live(a, r->run.as_of) ? "what was answered does not settle it" : "the answer is too old";
}

static void begin_about(struct request_list *l, struct request *q, const struct report_check *c, const struct finding *f)
{
    if (q->form) {
        q->what = q->form->table->summary;
        q->because = form_standing(l->r, q->form);
    } else if (q->missing) {
        bool file = strcmp(q->missing->probe, "file") == 0, net = strcmp(q->missing->probe, "net") == 0;
        q->what = arena_printf(l->arena, "What %s %s%s", q->missing->target, file ? "has as a file" : net ? "shows on the network without a log-in" : "tells over ", file || net ? "" : q->missing->probe);
        q->because = reason_info(q->missing->reason)->text;
    } else {
        q->what = c->def->title;
        q->because = f->reason ? f->reason : "the source did not tell";
    }
}

static void add_unknown(void *ctx, const struct report_check *c, const struct finding *f, const struct collection *missing, double points)
{
    struct request_list *l = ctx;
    const struct form *form = form_wanted(c, f, missing);
    char *key = form ? arena_printf(l->arena, "attest:%s", form->id)
              : missing ? arena_printf(l->arena, "data:%s/%s", missing->target, missing->probe) : arena_printf(l->arena, "check:%s", c->def->id);
    struct request *q = request_of(l, key);
    if (!q->what) {
        q->form = form;
        q->missing = form ? NULL : missing;
        begin_about(l, q, c, f);
    }
    if (missing && !form)
        add_table(q, missing->table->name);
    if (q->n_checks == 0 || q->checks[q->n_checks - 1] != c)
        q->checks[q->n_checks++] = c;
    q->share += points;
}

/* --- what it is for --- */

static void fill_purpose(struct request_list *l, struct request *q)
{
    const struct site *site = l->r->pinned.site;
    const struct report_check *gravest = q->checks[0];
    for (size_t i = 1; i < q->n_checks; i++)
        if (q->checks[i]->def->severity > gravest->def->severity)
            gravest = q->checks[i];
    q->why = gravest->def->why ? gravest->def->why : "";
    q->gates = arena_array(l->arena, site->n_milestones + 1, sizeof(const char *));
    for (size_t i = 0; i < site->n_milestones; i++) {
        bool holds = false;
        for (size_t k = 0; k < q->n_checks; k++) {
            const struct check *d = q->checks[k]->def;
            holds = holds || (d->gate && strcmp(d->gate, site->milestones[i].name) == 0 && check_gates(d, site->plan));
        }
        if (!holds)
            continue;
        q->gates[q->n_gates++] = site->milestones[i].name;
        if (!q->due)
            q->due = site->milestones[i].date;
    }
    q->points = (int64_t)(q->share * (double)SCORE_ONE);
}

/* Most points first, then what is due first, then what settles most. */
static int by_worth(const void *a, const void *b)
{
    const struct request *x = a, *y = b;
    if (x->points != y->points)
        return x->points > y->points ? -1 : 1;
    if (x->due != y->due)
        return x->due && (!y->due || x->due < y->due) ? -1 : 1;
    if (x->n_checks != y->n_checks)
        return x->n_checks > y->n_checks ? -1 : 1;
    return strcmp(x->key, y->key);
}

static void find_settled(struct request_list *l, const struct site *said)
{
    l->settled = arena_array(l->arena, said->n_requests + 1, sizeof(const struct site_request *));
    for (size_t i = 0; i < said->n_requests; i++) {
        bool open = false;
        for (size_t k = 0; k < l->n; k++)
            open = open || strcmp(l->v[k].key, said->requests[i].key) == 0;
        if (!open)
            l->settled[l->n_settled++] = &said->requests[i];
    }
}

struct request_list *request_list_make(const struct report *r, const struct site *said)
{
    struct arena *arena = arena_new();
    struct request_list *l = arena_alloc(arena, sizeof(*l));
    l->arena = arena;
    l->r = r;
    l->v = arena_array(arena, r->results.n_findings + 1, sizeof(*l->v));
    report_each_unknown(r, add_unknown, l);
    for (size_t i = 0; i < l->n; i++) {
        struct request *q = &l->v[i];
        fill_purpose(l, q);
        request_fill_forms(arena, r, q);
        q->said = site_request_of(said, q->key);
        q->number = q->said ? q->said->number : 0;
    }
    if (l->n > 0)
        qsort(l->v, l->n, sizeof(*l->v), by_worth);
    find_settled(l, said);
    return l;
}

void request_list_free(struct request_list *l)
{
    if (l)
        arena_free(l->arena);
}

const enum request_state request_order[REQUEST_STATES] = { REQUEST_REFUSED, REQUEST_PROMISED, REQUEST_OPEN, REQUEST_RECEIVED };

struct request_counts request_count(const struct request_list *l)
{
    struct request_counts c = { .unnumbered = 0 };
    for (size_t i = 0; i < l->n; i++) {
        enum request_state state = request_standing(&l->v[i]);
        c.by[state]++;
        c.unnumbered += state == REQUEST_OPEN && !l->v[i].number;
    }
    return c;
}

const struct request *request_next(const struct request_list *l, enum request_state state, size_t *i)
{
    while (*i < l->n) {
        const struct request *q = &l->v[(*i)++];
        if (request_standing(q) == state)
            return q;
    }
    return NULL;
}

enum request_state request_standing(const struct request *q)
{
    const struct request_step *step = q->said ? site_request_standing(q->said) : NULL;
    return step ? step->state : REQUEST_OPEN;
}

struct site_request *request_number(struct request_list *l, const struct site *said, int64_t today, size_t *n, size_t *added)
{
    struct site_request *v = arena_array(l->arena, said->n_requests + l->n + 1, sizeof(*v));
    int64_t next = said->n_requests > 0 ? said->requests[said->n_requests - 1].number + 1 : 1;
    *n = said->n_requests;
    if (*n > 0)
        memcpy(v, said->requests, *n * sizeof(*v));
    for (size_t i = 0; i < l->n; i++) {
        struct request *q = &l->v[i];
        if (q->number)
            continue;
        q->number = next++;
        v[(*n)++] = (struct site_request){ .number = q->number, .key = q->key, .what = q->what, .asked_of = q->asked_of, .asked = today };
    }
    *added = *n - said->n_requests;
    return v;
}
