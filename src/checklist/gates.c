/* Gates: per milestone a verdict over its own gated checks and those of earlier milestones (design.md section 6). Pure. */
#include <stdlib.h>

#include "checklist/score.h"

static int canonical_rank(const char *name)
{
    for (size_t i = 0; i < n_milestone_names; i++)
        if (strcmp(milestone_names[i], name) == 0)
            return (int)i;
    return -1;
}

static bool listed(const struct gate_score *v, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].milestone, name) == 0)
            return true;
    return false;
}

/* Where a milestone without a date belongs: before the first one that design.md's order puts after it. */
static size_t place_for(const struct gate_score *v, size_t n, const char *name)
{
    int rank = canonical_rank(name);
    for (size_t i = 0; i < n; i++)
        if (rank >= 0 && canonical_rank(v[i].milestone) > rank)
            return i;
    return n;
}

static bool any_gates(const struct evaluation *e, const struct site *site, const char *milestone)
{
    for (size_t i = 0; i < e->n_checks; i++) {
        const struct check *c = e->checks[i].check;
        if (c->gate && strcmp(c->gate, milestone) == 0 && check_gates(c, site->plan))
            return true;
    }
    return false;
}

/* The site's milestones in their order, and those that a check gates although the site does not have them. One that is neither dated nor gated says nothing. */
static void list_milestones(struct score *s, const struct evaluation *e, const struct site *site)
{
    s->gates = arena_array(s->arena, site->n_milestones + e->n_checks + 1, sizeof(*s->gates));
    for (size_t i = 0; i < site->n_milestones; i++)
        if (site->milestones[i].date || any_gates(e, site, site->milestones[i].name))
            s->gates[s->n_gates++] = (struct gate_score){ .milestone = arena_strdup(s->arena, site->milestones[i].name), .date = site->milestones[i].date };
    for (size_t i = 0; i < e->n_checks; i++) {
        const struct check *c = e->checks[i].check;
        if (!c->gate || !check_gates(c, site->plan) || listed(s->gates, s->n_gates, c->gate))
            continue;
        size_t at = place_for(s->gates, s->n_gates, c->gate);
        memmove(&s->gates[at + 1], &s->gates[at], (s->n_gates - at) * sizeof(*s->gates));
        s->gates[at] = (struct gate_score){ .milestone = arena_strdup(s->arena, c->gate) };
        s->n_gates++;
    }
}

static bool gates_by(const struct score *s, size_t upto, const struct check *c, const char *plan)
{
    if (!c->gate || !check_gates(c, plan))
        return false;
    for (size_t i = 0; i <= upto; i++)
        if (strcmp(s->gates[i].milestone, c->gate) == 0)
            return true;
    return false;
}

static void judge(struct score *s, size_t place, const struct evaluation *e, const struct site *site)
{
    struct gate_score *g = &s->gates[place];
    size_t passed = 0;
    g->blockers = arena_array(s->arena, e->n_checks + 1, sizeof(*g->blockers));
    g->unproven = arena_array(s->arena, e->n_checks + 1, sizeof(*g->unproven));
    g->waived = arena_array(s->arena, e->n_checks + 1, sizeof(*g->waived));
    for (size_t i = 0; i < e->n_checks; i++) {
        const struct check *c = e->checks[i].check;
        const struct check_score *k = &s->checks[i];
        if (!gates_by(s, place, c, site->plan) || strcmp(k->status, "not-applicable") == 0)
            continue;
        if (k->n_fail > k->n_waived)
            g->blockers[g->n_blockers++] = c->id;
        if (k->n_unknown > 0)
            g->unproven[g->n_unproven++] = c->id;
        if (k->n_waived > 0)
            g->waived[g->n_waived++] = c->id;
        if (strcmp(k->status, "pass") == 0)
            passed++;
    }
    if (g->n_blockers > 0)
        g->verdict = "NO-GO";
    else if (g->n_unproven > 0 || passed == 0)
        g->verdict = "UNPROVEN";
    else
        g->verdict = g->n_waived > 0 ? "CONDITIONAL" : "GO";
}

void score_gates(struct score *s, const struct evaluation *e, const struct site *site)
{
    list_milestones(s, e, site);
    for (size_t i = 0; i < s->n_gates; i++)
        judge(s, i, e, site);
}
