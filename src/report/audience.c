/* Who reads a report, and what that reader must not see. Parent; pure. */
#include "report/audience.h"

#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "report/request.h"

#define LEFT_OUT "left out"

/* The whole of it. A new matter needs a bit in audience.h, a line in matters[], and its part of report_for(). */
const struct audience audiences[] = {
    { "committee", "the planning committee", "for the planning committee", MATTER_NAMES | MATTER_CLEAN_TEAM },
    { "it", "IT", "for IT", MATTER_CLEAN_TEAM | MATTER_PRICES },
    { "seller", "the seller", "for the seller", MATTER_NAMES | MATTER_ANSWERABLE | MATTER_CLEAN_TEAM | MATTER_OTHER_SITES | MATTER_PRICES | MATTER_PLAN | MATTER_DECISIONS | MATTER_OUR_TASKS },
    { "insurer", "the insurer", "for the insurer",
      MATTER_NAMES | MATTER_ANSWERABLE | MATTER_CLEAN_TEAM | MATTER_OTHER_SITES | MATTER_PRICES | MATTER_PLAN | MATTER_DECISIONS | MATTER_FINDINGS | MATTER_ASKED |
          MATTER_REQUESTS },
    { "counsel", "counsel", "prepared for counsel", 0 },
};
const size_t n_audiences = N_ELEMENTS(audiences);

static const struct { unsigned bit; const char *text; } matters[] = {
    { MATTER_NAMES, "names of people" },
    { MATTER_ANSWERABLE, "names of who owns, accepted or decided what" },
    { MATTER_CLEAN_TEAM, "prices and revenue of the clinic" },
    { MATTER_OTHER_SITES, "facts of other sites" },
    { MATTER_PRICES, "what it costs" },
    { MATTER_PLAN, "effort and dates of the work" },
    { MATTER_DECISIONS, "decisions and why exceptions were accepted" },
    { MATTER_FINDINGS, "the devices and rows behind each verdict" },
    { MATTER_ASKED, "what was asked of which device" },
    { MATTER_OUR_TASKS, "what is asked of our own people" },
    { MATTER_REQUESTS, "what is asked of whom" },
};

const struct audience *audience_find(const char *name)
{
    for (size_t i = 0; i < n_audiences; i++)
        if (strcmp(audiences[i].name, name) == 0)
            return &audiences[i];
    return NULL;
}

const char *matter_text(unsigned m, size_t *i)
{
    while (*i < N_ELEMENTS(matters)) {
        size_t at = (*i)++;
        if (m & matters[at].bit)
            return matters[at].text;
    }
    return NULL;
}

/* --- columns --- */

/* The flags of facts that this reader must not see. */
static unsigned hidden_flags(unsigned out)
{
    return (out & MATTER_NAMES ? (unsigned)FACT_PERSONAL : 0) | (out & MATTER_CLEAN_TEAM ? (unsigned)FACT_CLEAN_TEAM : 0) | (out & MATTER_OTHER_SITES ? (unsigned)FACT_ORG_VALUE : 0);
}

static unsigned key_flags(const struct fact_table *t)
{
    unsigned flags = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].flags & FACT_KEY)
            flags |= t->columns[i].flags;
    return flags;
}

/* A query's columns may have any name: one that is named like a hidden column of any table is hidden. */
static bool hidden_column(const char *column, unsigned hidden)
{
    for (size_t i = 0; i < fact_n_tables; i++) {
        int c = fact_column_find(fact_tables[i], column);
        if (c >= 0 && (fact_tables[i]->columns[c].flags & hidden))
            return true;
    }
    return false;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool names_word(const char *sql, const char *prefix, const char *word)
{
    struct buf name = BUF_INIT(512);
    bool found = false;
    buf_printf(&name, "%s%s", prefix, word);
    for (const char *p = sql; !found && (p = strstr(p, buf_str(&name))) != NULL; p += name.len)
        found = (p == sql || !is_word(p[-1])) && !is_word(p[name.len]);
    buf_clear(&name);
    return found;
}

bool check_reads_other_sites(const struct check *d)
{
    for (size_t i = 0; d->query && i < fact_n_tables; i++)
        if (names_word(d->query, "org_", fact_tables[i]->name))
            return true;
    return false;
}

/* Whether a query that reads t speaks of one of t's hidden columns. */
static bool names_hidden_column(const char *sql, const struct fact_table *t, unsigned hidden)
{
    if (!names_word(sql, "", t->name) && !names_word(sql, "org_", t->name))
        return false;
    for (size_t i = 0; i < t->n_columns; i++)
        if ((t->columns[i].flags & hidden) && names_word(sql, "", t->columns[i].name))
            return true;
    return false;
}

/* What of a check's findings is to go: the subject, because it may be what is hidden; all of the evidence, because any of it may. A query's subject may be
 * made of any column that it names. */
struct hide { unsigned flags; bool subject, evidence; };

static struct hide hide_of(const struct check *d, unsigned out)
{
    struct hide h = { .flags = hidden_flags(out) };
    h.evidence = (out & MATTER_OTHER_SITES) && check_reads_other_sites(d);
    h.subject = h.evidence || (d->facts && (key_flags(d->facts) & h.flags));
    for (size_t i = 0; d->query && !h.subject && i < fact_n_tables; i++)
        h.subject = names_hidden_column(d->query, fact_tables[i], h.flags);
    return h;
}

/* Owned; NULL when nothing is left. */
static char *evidence_left(const char *json, const struct hide *h)
{
    json_t *j = json && json[0] && !h->evidence ? json_loads(json, 0, NULL) : NULL, *v;
    const char *key;
    void *next;
    json_object_foreach_safe(j, next, key, v)
        if (hidden_column(key, h->flags))
            json_object_del(j, key);
    char *text = j && json_object_size(j) ? json_dumps(j, JSON_COMPACT) : NULL;
    char *mine = xstrdup(text);
    free(text);
    json_decref(j);
    return mine;
}

/* "(not collected: interfaces)" tells nothing of anybody. */
static bool stands_for_missing(const char *subject)
{
    return subject[0] == '(' || subject[0] == '\0';
}

/* --- the document, part by part --- */

static void hide_findings(struct report *r, unsigned out)
{
    const struct report_check *c = NULL;
    struct hide h = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < r->results.n_findings; i++) {
        struct finding *f = &r->results.findings[i];
        if (!c || strcmp(c->def->id, f->check_id) != 0) {
            c = report_check_find(r, f->check_id);
            if (!c)
                continue;
            h = hide_of(c->def, out);
            n = 0;
        }
        char *left = evidence_left(f->evidence, &h);
        free(f->evidence);
        f->evidence = left;
        if (!h.subject || stands_for_missing(f->subject))
            continue;
        free(f->subject);
        f->subject = xasprintf("[\"" LEFT_OUT " %zu\"]", ++n);
    }
}

static void hide_changes(struct report *r, unsigned out)
{
    struct comparison *k = r->changes;
    for (size_t i = 0; k && i < k->n_findings; i++) {
        struct changed_finding *f = &k->findings[i];
        struct hide h = { .flags = hidden_flags(out), .subject = true, .evidence = true };
        if (f->check)
            h = hide_of(f->check, out);
        char *left = evidence_left(f->evidence, &h);
        f->evidence = arena_strdup(r->arena, left);
        free(left);
        if (h.subject && f->subject && !stands_for_missing(f->subject))
            f->subject = "[\"" LEFT_OUT "\"]";
    }
}

static void hide_disagreements(struct report *r, unsigned out)
{
    unsigned hidden = hidden_flags(out);
    size_t n = 0;
    for (size_t i = 0; i < r->n_disagreements; i++) {
        struct disagreement d = r->disagreements[i];
        const struct fact_table *t = fact_table_find(d.table);
        if (!t || hidden_column(d.column, hidden))
            continue;
        if (key_flags(t) & hidden)
            d.subject = "[\"" LEFT_OUT "\"]";
        r->disagreements[n++] = d;
    }
    r->n_disagreements = n;
}

static void hide_people(struct report *r)
{
    struct site *s = r->pinned.site;
    for (size_t i = 0; i < s->n_waivers; i++)
        s->waivers[i].accepted_by = s->waivers[i].role ? s->waivers[i].role : "a person who is named in the store";
    for (size_t i = 0; i < s->n_decisions; i++)
        s->decisions[i].by = "the committee";
    for (size_t i = 0; i < r->pinned.checklists->n_tailorings; i++)
        r->pinned.checklists->tailorings[i].by = NULL;
    s->n_owners = 0;
    for (size_t i = 0; i < r->work->n_items; i++) {
        r->work->items[i].owner = r->work->items[i].role ? r->work->items[i].role : "nobody";
        r->work->items[i].co_owner = r->work->items[i].co_role;
        r->work->items[i].note = NULL;
    }
}

static void forget(struct report *r, const char *const *keys, size_t n)
{
    json_t *j = json_loads(r->results.summary, 0, NULL);
    for (size_t i = 0; i < n && json_is_object(j); i++)
        if (json_object_get(j, keys[i]))
            json_object_set_new(j, keys[i], json_null());
    char *text = json_is_object(j) ? json_dumps(j, JSON_COMPACT) : NULL;
    if (text) {
        free(r->results.summary);
        r->results.summary = xstrdup(text);
    }
    free(text);
    json_decref(j);
}

static void hide_prices(struct report *r)
{
    static const char *const keys[] = { "open_cost", "open_cost_yearly", "waived_cost", "waived_cost_yearly", "unknown_cost" };
    struct checklists *c = r->pinned.checklists;
    for (size_t i = 0; i < c->n_checks; i++) {
        struct check *d = &c->checks[i];
        d->has_cost = false;
        d->cost_basis = NULL;
        for (int k = 0; k < 2; k++)
            d->cost[k] = d->cost_yearly[k] = 0;
    }
    for (size_t i = 0; i < r->work->n_items; i++) {
        r->work->items[i].basis = NULL;
        for (int k = 0; k < 2; k++)
            r->work->items[i].a.cost[k] = r->work->items[i].a.yearly[k] = 0;
    }
    forget(r, keys, N_ELEMENTS(keys));
}

/* What failures come to: of visits and cash it would tell what the clinic takes in and pays; of time what an hour costs. */
static void hide_impact(struct report *r, unsigned out)
{
    impact_hide_money(r->impact, IMPACT_VISITS);
    impact_hide_money(r->impact, IMPACT_CASH);
    if (out & MATTER_PRICES)
        impact_hide_money(r->impact, IMPACT_STAFF_TIME);
}

static void hide_plan(struct report *r)
{
    static const char *const keys[] = { "open_effort_days", "waived_effort_days" };
    struct checklists *c = r->pinned.checklists;
    for (size_t i = 0; i < c->n_checks; i++) {
        struct check *d = &c->checks[i];
        d->has_effort = false;
        for (int k = 0; k < 2; k++)
            d->effort_days[k] = d->lead_days[k] = 0;
    }
    for (size_t i = 0; i < r->n_checks; i++)
        r->checks[i].order_by = 0;
    for (size_t i = 0; i < r->n_gates; i++)
        r->gates[i].plan = NULL;
    r->roadmap->n_items = r->roadmap->n_gates = r->roadmap->n_load = 0;
    forget(r, keys, N_ELEMENTS(keys));
}

static void hide_decisions(struct report *r)
{
    struct site *s = r->pinned.site;
    s->n_decisions = 0;
    for (size_t i = 0; i < r->work->n_items; i++) {
        r->work->items[i].remedy = REMEDY_UNDECIDED;
        r->work->items[i].decided = NULL;
    }
    for (size_t i = 0; i < s->n_waivers; i++) {
        s->waivers[i].reason = LEFT_OUT;
        s->waivers[i].accepted_by = LEFT_OUT;
        s->waivers[i].compensating_control = NULL;
    }
}

static void hide_rows(struct report *r)
{
    for (size_t i = 0; i < r->n_checks; i++)
        r->checks[i].n_findings = 0;
    for (size_t i = 0; i < r->n_settles; i++)
        r->settles[i].n_targets = 0;
    for (size_t i = 0; r->changes && i < r->changes->n_findings; i++) {
        r->changes->findings[i].target = LEFT_OUT;
        r->changes->findings[i].subject = "";
        r->changes->findings[i].evidence = NULL;
    }
    r->n_disagreements = 0;
}

static void hide_asked(struct report *r)
{
    collections_free(r->collections, r->n_collections);
    r->collections = NULL;
    r->n_collections = 0;
    r->run.authorization[0] = '\0';
    r->run.vantage[0] = '\0';
}

/* Its days and states, without who said so in which words. */
static const struct site_request *unnamed(struct arena *a, const struct site_request *said)
{
    if (!said)
        return NULL;
    struct site_request *mine = arena_alloc(a, sizeof(*mine));
    *mine = *said;
    mine->steps = arena_array(a, said->n_steps + 1, sizeof(*mine->steps));
    for (size_t i = 0; i < said->n_steps; i++)
        mine->steps[i] = (struct request_step){ .state = said->steps[i].state, .on = said->steps[i].on };
    return mine;
}

static void hide_requests(struct report *r, unsigned out)
{
    struct request_list *l = r->requests;
    size_t n = 0;
    if (out & MATTER_REQUESTS)
        l->n = l->n_settled = 0;
    for (size_t i = 0; i < l->n; i++) {
        struct request *q = &l->v[i];
        if ((out & MATTER_OUR_TASKS) && q->ours)
            continue;
        if ((out & MATTER_ANSWERABLE) && !q->form && !q->missing)
            q->asked_of = report_owner(r, q->checks[0]->def);        /* roles: who they are is hidden by now */
        if (out & MATTER_ANSWERABLE)
            q->said = unnamed(l->arena, q->said);
        l->v[n++] = *q;
    }
    l->n = n;
    for (size_t i = 0; (out & MATTER_ANSWERABLE) && i < l->n_settled; i++)
        l->settled[i] = unnamed(l->arena, l->settled[i]);
}

/* A key like "riverside" would tell what a codename hides. */
static void hide_organization(struct report *r)
{
    struct site *s = r->pinned.site;
    if (strcmp(report_title(r), s->name) == 0 || !s->codename)
        return;
    char *key = arena_strdup(r->arena, s->codename);
    text_lower_ascii(key);
    s->key = key;
    s->name = s->codename;
}

void report_for(struct report *r, const struct audience *audience, unsigned also)
{
    unsigned out = (audience ? audience->leaves_out : 0) | also;
    r->audience = audience;
    r->left_out = out;
    if (audience)
        hide_organization(r);
    if (out & (MATTER_NAMES | MATTER_CLEAN_TEAM | MATTER_OTHER_SITES)) {
        hide_findings(r, out);
        hide_changes(r, out);
        hide_disagreements(r, out);
    }
    if (out & MATTER_ANSWERABLE)
        hide_people(r);
    if (out & (MATTER_ANSWERABLE | MATTER_OUR_TASKS | MATTER_REQUESTS))
        hide_requests(r, out);
    if (out & (MATTER_PRICES | MATTER_CLEAN_TEAM))
        hide_impact(r, out);
    if (out & MATTER_PRICES)
        hide_prices(r);
    if (out & MATTER_PLAN)
        hide_plan(r);
    if (out & MATTER_DECISIONS)
        hide_decisions(r);
    if (out & MATTER_FINDINGS)
        hide_rows(r);
    if (out & MATTER_ASKED)
        hide_asked(r);
}
