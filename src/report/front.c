/* The first page's model. Parent; pure. */
#include "report/front.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "fact/reason.h"
#include "report/parts.h"
#include "report/request.h"

#define MOST_NAMES 3
#define MOST_DECISIONS 6
#define MOST_MISSING 4
#define MOST_REFUSED 3
#define TEXT_MAX 65536

/* --- words --- */

/* name: as a heading; ask: the question, before the date; aim: after "before". */
struct milestone_words { const char *milestone, *name, *ask; };
static const struct milestone_words words[] = {
    { "sign", "Sign", "May we sign" },
    { "close", "Close", "May we close" },
    { "connect", "Join the networks", "May we join the networks" },
    { "day-1", "Day 1", "Is the clinic ready for day 1" },
    { "ehr-go-live", "EHR go-live", "May the EHR (electronic health record) go live" },
    { "day-100", "Day 100", "Is the clinic ready for day 100" },
    { "tsa-exit", "Seller's services end", "May the seller's services end" },
};

static const struct milestone_words *words_of(const char *milestone)
{
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (strcmp(words[i].milestone, milestone) == 0)
            return &words[i];
    return NULL;
}

const char *front_milestone(const char *name)
{
    const struct milestone_words *w = words_of(name);
    return w ? w->name : name;
}

void front_date(int64_t t, char out[32])
{
    static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" };
    struct tm at;
    clock_local("UTC", t, &at);
    (void)snprintf(out, 32, "%d %s %d", at.tm_mday % 100, months[(unsigned)at.tm_mon % 12], (at.tm_year + 1900) % 10000);
}

/* What b holds, kept in the arena; b is cleared. */
static const char *keep(struct front *f, struct buf *b)
{
    const char *text = arena_strdup(f->arena, b->overflow ? "(too long to show)" : buf_str(b));
    buf_clear(b);
    return text;
}

static const char *count_text(struct front *f, size_t n, const char *one, const char *many)
{
    return arena_printf(f->arena, "%zu %s", n, plural(n, one, many));
}

/* --- what a committee does not type --- */

/* The first of the reasons whose words for IT stand in text; NULL. */
static const struct reason_info *said_for_it(const char *text, const char **at)
{
    for (int r = REASON_NONE + 1; r < REASON_COUNT; r++) {
        const struct reason_info *info = reason_info((enum reason)r);
        if (info->action[0] && (*at = strstr(text, info->action)) != NULL)
            return info;
    }
    return NULL;
}

/* Where the part that holds a command begins and ends: a bracket, what stands behind a colon, or the sentence. */
static void command_part(const char *text, const char *tick, const char **from, const char **to)
{
    const char *close = strchr(tick + 1, '`');
    *to = close ? close + 1 : tick + strlen(tick);
    if (tick - text >= 2 && strncmp(tick - 2, " (", 2) == 0 && **to == ')') {
        *from = tick - 2;
        ++*to;
        return;
    }
    if (tick - text >= 2 && strncmp(tick - 2, ": ", 2) == 0) {
        *from = tick - 2;
        return;
    }
    *from = text;
    for (const char *p = text; p < tick; p++)
        if (strncmp(p, ". ", 2) == 0)
            *from = p + 1;
    const char *end = strstr(*to, ". ");
    *to = end ? end + 1 : *to + strlen(*to);
}

const char *front_plain(struct arena *a, const char *text)
{
    const char *at = NULL, *from, *to;
    const struct reason_info *info = said_for_it(text, &at);
    if (info)
        text = arena_printf(a, "%.*s%s%s", (int)(at - text), text, info->ask, at + strlen(info->action));
    for (const char *tick; (tick = strchr(text, '`')) != NULL;) {
        command_part(text, tick, &from, &to);
        text = arena_printf(a, "%.*s%s", (int)(from - text), text, to);
    }
    return text;
}

/* --- milestones --- */

static bool settles(const struct request *q, const struct report_check *c)
{
    for (size_t i = 0; i < q->n_checks; i++)
        if (q->checks[i] == c)
            return true;
    return false;
}

/* How many of the answers that a milestone lacks somebody refused to give. */
static size_t refused_of(const struct report *r, const struct report_gate *g)
{
    size_t n = 0;
    for (size_t k = 0; k < g->n_unproven; k++) {
        const struct request *q;
        bool refused = false;
        for (size_t i = 0; !refused && (q = request_next(r->requests, REQUEST_REFUSED, &i));)
            refused = settles(q, g->unproven[k]);
        n += refused;
    }
    return n;
}

static const char *gate_note(struct front *f, const struct report *r, const struct report_gate *g)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    if (g->n_blockers)
        buf_puts(&b, count_text(f, g->n_blockers, "blocker", "blockers"));
    if (g->n_unproven)
        buf_printf(&b, "%s%s missing", b.len ? ", " : "", count_text(f, g->n_unproven, "answer", "answers"));
    size_t n_refused = refused_of(r, g);
    if (n_refused)
        buf_printf(&b, " (%zu refused)", n_refused);
    if (g->n_waived)
        buf_printf(&b, "%s%zu accepted", b.len ? ", " : "", g->n_waived);
    if (!b.len)
        buf_puts(&b, strcmp(g->row->verdict, "UNPROVEN") == 0 ? "nothing was tested that must hold before it" : "all that must hold was seen");
    if (g->plan && g->plan->has_earliest && strcmp(g->row->verdict, "NO-GO") == 0) {
        char from[16], to[16];
        human_date(g->plan->earliest[0], r->run.as_of, from);
        human_date(g->plan->earliest[1], r->run.as_of, to);
        buf_printf(&b, "; earliest %s%s%s", from, strcmp(from, to) ? " to " : "", strcmp(from, to) ? to : "");
    }
    return keep(f, &b);
}

static void fill_gates(struct front *f, const struct report *r)
{
    f->gates = arena_array(f->arena, r->n_gates + 1, sizeof(*f->gates));
    f->n_gates = r->n_gates;
    for (size_t i = 0; i < r->n_gates; i++) {
        const struct report_gate *g = &r->gates[i];
        char date[16] = "no date";
        if (g->row->date)
            human_date(g->row->date, r->run.as_of, date);
        f->gates[i] = (struct front_gate){ g, front_milestone(g->row->milestone), arena_strdup(f->arena, date), g->row->verdict, gate_note(f, r, g) };
    }
}

static bool is_decided(const struct report *r, const char *milestone)
{
    const struct site *s = r->pinned.site;
    for (size_t i = 0; i < s->n_decisions; i++)
        if (s->decisions[i].milestone && strcmp(s->decisions[i].milestone, milestone) == 0)
            return true;
    return false;
}

/* The next one not decided yet: the first whose day is not past; else the first without a day; else the last undecided one; else, with all decided, the last. */
static const struct front_gate *next_gate(const struct front *f, const struct report *r)
{
    const struct front_gate *last = f->n_gates ? &f->gates[f->n_gates - 1] : NULL, *past = NULL, *undated = NULL;
    for (size_t i = 0; i < f->n_gates; i++) {
        const struct gate_row *g = f->gates[i].g->row;
        if (is_decided(r, g->milestone))
            continue;
        if (g->date && days_between(r->run.as_of, g->date) >= 0)
            return &f->gates[i];
        if (!g->date && !undated)
            undated = &f->gates[i];
        past = &f->gates[i];
    }
    return undated ? undated : past ? past : last;
}

static const struct front_gate *find_gate(const struct front *f, const char *milestone)
{
    for (size_t i = 0; i < f->n_gates; i++)
        if (strcmp(f->gates[i].g->row->milestone, milestone) == 0)
            return &f->gates[i];
    return NULL;
}

static char *no_such_gate(const struct front *f, const char *ask)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    const char **names = arena_array(f->arena, f->n_gates + 1, sizeof(const char *));
    char meant[DID_YOU_MEAN_LEN];
    for (size_t i = 0; i < f->n_gates; i++) {
        names[i] = f->gates[i].g->row->milestone;
        buf_printf(&b, "%s%s", i ? ", " : "", names[i]);
    }
    char *why = xasprintf("no milestone '%s' in this run%s; it has %s", ask, did_you_mean(ask, names, f->n_gates, meant), b.len ? buf_str(&b) : "none");
    buf_clear(&b);
    return why;
}

static void fill_question(struct front *f)
{
    if (!f->asked) {
        f->question = "No milestone is set, so nothing is asked: site.yaml names them.";
        return;
    }
    const struct gate_row *g = f->asked->g->row;
    const struct milestone_words *w = words_of(g->milestone);
    char date[32] = "";
    if (g->date)
        front_date(g->date, date);
    const char *ask = w ? w->ask : arena_printf(f->arena, "Is the clinic ready for %s", g->milestone);
    f->question = arena_printf(f->arena, "%s%s%s?", ask, date[0] ? " on " : "", date);
}

static const char *blocked_answer(struct front *f, const struct report_gate *g)
{
    const char *more = g->n_unproven ? arena_printf(f->arena, ", and %s missing", count_text(f, g->n_unproven, "answer is", "answers are")) : "";
    return arena_printf(f->arena, "%s in the way%s.", count_text(f, g->n_blockers, "check that must hold stands", "checks that must hold stand"), more);
}

/* Checks that have to hold before the step, or before an earlier one. */
static size_t n_gating(const struct report *r, const struct report_gate *g)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct check *d = r->checks[i].def;
        bool before = false;
        for (size_t k = 0; d->gate && check_gates(d, r->pinned.site->plan) && !before && k < r->n_gates && &r->gates[k] <= g; k++)
            before = strcmp(r->gates[k].row->milestone, d->gate) == 0;
        n += before;
    }
    return n;
}

static const char *untested_answer(struct front *f, const struct report *r)
{
    size_t n = n_gating(r, f->asked->g);
    if (n == 0)
        return "not tested: none of the checks that were chosen for this clinic has to hold before this step, so nothing speaks for it or against it.";
    return arena_printf(f->arena, "not tested: %s to hold before it, and nothing was found at this clinic to which %s.", count_text(f, n, "check has", "checks have"),
                        n == 1 ? "it applies" : "they apply");
}

static void fill_answer(struct front *f, const struct report *r)
{
    if (!f->asked) {
        f->answer = "";
        return;
    }
    const struct report_gate *g = f->asked->g;
    const char *verdict = g->row->verdict;
    if (strcmp(verdict, "NO-GO") == 0)
        f->answer = blocked_answer(f, g);
    else if (strcmp(verdict, "UNPROVEN") == 0 && g->n_unproven)
        f->answer = arena_printf(f->arena, "not yet: nothing found forbids it, but %s missing; if all of it is good, this becomes %s.",
                                 count_text(f, g->n_unproven, "answer is", "answers are"), g->n_waived ? "CONDITIONAL" : "GO");
    else if (strcmp(verdict, "UNPROVEN") == 0)
        f->answer = untested_answer(f, r);
    else if (strcmp(verdict, "CONDITIONAL") == 0)
        f->answer = arena_printf(f->arena, "yes, with %s that somebody accepted; all else that must hold was seen.", count_text(f, g->n_waived, "exception", "exceptions"));
    else
        f->answer = "yes: all that must hold before it was seen, and holds.";
}

/* --- what stands in the way --- */

/* "2 of 14: sw1 / P2, sw1 / P3 and 4 more" */
static const char *where_text(struct front *f, const struct report_check *c)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    int64_t open = c->result->n_fail - c->n_waived;
    size_t shown = 0;
    buf_printf(&b, "not so at %" PRId64 " of %" PRId64, open, c->result->n_pass + c->result->n_fail + c->result->n_unknown);
    for (size_t i = 0; i < c->n_findings && shown < MOST_NAMES; i++) {
        if (c->findings[i].status != FINDING_FAIL || c->waivers[i])
            continue;
        buf_puts(&b, shown++ ? ", " : ": ");
        finding_text(&c->findings[i], &b);
    }
    if (shown > 0 && open > (int64_t)shown)
        buf_printf(&b, " and %" PRId64 " more", open - (int64_t)shown);
    return keep(f, &b);
}

static void fill_by(struct front *f, const struct report *r, const struct gate_row *g, struct front_obstacle *o)
{
    char date[16];
    if (!o->c->order_by && !g->date) {
        o->by = "no date is set";
        return;
    }
    human_date(o->c->order_by ? o->c->order_by : g->date, r->run.as_of, date);
    o->late = days_between(r->run.as_of, o->c->order_by ? o->c->order_by : g->date) < 0;
    const char *what = !o->c->order_by ? "by" : o->c->def->lead_days[1] > 0 ? "order by" : "begin by";
    o->by = arena_printf(f->arena, "%s %s%s", what, date, o->late ? ": too late" : "");
}

static int by_day(const void *a, const void *b)
{
    const struct front_obstacle *x = a, *y = b;
    if (x->c->order_by != y->c->order_by)
        return x->c->order_by < y->c->order_by ? -1 : 1;
    return strcmp(x->c->def->id, y->c->def->id);
}

static void fill_obstacles(struct front *f, const struct report *r)
{
    f->obstacles = arena_array(f->arena, r->n_checks + 1, sizeof(*f->obstacles));
    for (size_t g = 0; g < r->n_gates; g++) {
        size_t first = f->n_obstacles;
        for (size_t i = 0; i < r->gates[g].n_blockers; i++) {
            const struct report_check *c = r->gates[g].blockers[i];
            if (strcmp(c->def->gate, r->gates[g].row->milestone) != 0)
                continue;            /* said at its own milestone */
            struct front_obstacle *o = &f->obstacles[f->n_obstacles++];
            *o = (struct front_obstacle){ .c = c, .title = c->def->title, .what = where_text(f, c), .milestone = f->gates[g].name, .owner = report_owner(r, c->def) };
            fill_by(f, r, r->gates[g].row, o);
        }
        if (f->n_obstacles > first)
            qsort(f->obstacles + first, f->n_obstacles - first, sizeof(*f->obstacles), by_day);
    }
}

static void fill_missing(struct front *f, const struct report *r)
{
    f->missing = arena_array(f->arena, MOST_MISSING, sizeof(*f->missing));
    for (size_t g = 0; g < r->n_gates; g++)
        for (size_t i = 0; i < r->gates[g].n_unproven; i++)
            f->n_missing += strcmp(r->gates[g].unproven[i]->def->gate, r->gates[g].row->milestone) == 0;
    for (size_t i = 0; i < r->n_settles && f->n_missing_lines < MOST_MISSING; i++) {
        const struct settle *s = &r->settles[i];
        struct buf b = BUF_INIT(TEXT_MAX);
        for (size_t k = 0; k < s->n_targets && k < MOST_NAMES; k++)
            buf_printf(&b, "%s%s", k ? ", " : "", s->targets[k]);
        if (s->n_targets > MOST_NAMES)
            buf_printf(&b, " and %zu more", s->n_targets - MOST_NAMES);
        buf_printf(&b, "%s%s (%s)", b.len ? ": " : "", front_plain(f->arena, s->what), count_text(f, s->n_checks, "check", "checks"));
        if (s->ask && s->ask[0])
            buf_printf(&b, ". %s", s->ask);
        f->missing[f->n_missing_lines++] = keep(f, &b);
    }
}

/* "What fw1 tells over snmp: asked of IT contractor, refused on 24 Nov by B. Sample: not before the letter. Without it: Sign, Close." */
static const char *refused_text(struct front *f, const struct report *r, const struct request *q)
{
    const struct request_step *step = site_request_standing(q->said);
    struct buf b = BUF_INIT(TEXT_MAX);
    char on[16];
    human_date(step->on, r->run.as_of, on);
    buf_printf(&b, "%s: asked of %s, refused on %s", q->what, q->asked_of, on);
    if (step->by)
        buf_printf(&b, " by %s", step->by);
    if (step->note)
        buf_printf(&b, " (\"%s\")", step->note);
    buf_puts(&b, ". It holds up: ");
    for (size_t i = 0; i < q->n_gates; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", front_milestone(q->gates[i]));
    return keep(f, &b);
}

static void fill_refused(struct front *f, const struct report *r)
{
    const struct request *q;
    f->refused = arena_array(f->arena, MOST_REFUSED, sizeof(*f->refused));
    for (size_t i = 0; (q = request_next(r->requests, REQUEST_REFUSED, &i));) {
        if (q->n_gates == 0)
            continue;
        f->n_refused++;
        if (f->n_refused_lines < MOST_REFUSED)
            f->refused[f->n_refused_lines++] = refused_text(f, r, q);
    }
}

/* --- money, certainty, change --- */

static void put_range(struct buf *b, const json_t *pair, const char *currency, const char *what)
{
    double low = json_number_value(json_array_get(pair, 0)), high = json_number_value(json_array_get(pair, 1));
    buf_puts(b, b->len ? ", " : "");
    money_range(low, high, currency, b);
    buf_printf(b, " %s", what);
}

/* "Not in it: $800 once for what was accepted as it is; what we could not see may add up to $9,000."; NULL: all is in it. */
static const char *without_text(struct front *f, const json_t *j, const char *currency)
{
    const json_t *once = json_object_get(j, "waived_cost"), *yearly = json_object_get(j, "waived_cost_yearly");
    double unknown = json_number_value(json_object_get(j, "unknown_cost"));
    struct buf b = BUF_INIT(TEXT_MAX), out = BUF_INIT(TEXT_MAX);
    if (json_number_value(json_array_get(once, 1)) > 0)
        put_range(&b, once, currency, "once");
    if (json_number_value(json_array_get(yearly, 1)) > 0)
        put_range(&b, yearly, currency, "a year");
    if (b.len)
        buf_printf(&out, "%s for what was accepted as it is", buf_str(&b));
    buf_clear(&b);
    if (unknown > 0) {
        buf_printf(&out, "%swhat we could not see may add up to ", out.len ? "; " : "");
        human_money(unknown, currency, &out);
    }
    const char *text = out.len ? arena_printf(f->arena, "Not in it: %s.", buf_str(&out)) : NULL;
    buf_clear(&out);
    return text;
}

static void fill_money(struct front *f, const struct report *r)
{
    const char *currency = site_profile_text(r->pinned.site, "currency");
    json_t *j = json_loads(r->results.summary[0] ? r->results.summary : "{}", 0, NULL);
    struct buf b = BUF_INIT(TEXT_MAX);
    put_range(&b, json_object_get(j, "open_cost"), currency, "once");
    put_range(&b, json_object_get(j, "open_cost_yearly"), currency, "a year");
    f->money = keep(f, &b);
    f->money_without = without_text(f, j, currency);
    json_decref(j);
}

static void fill_sure(struct front *f, const struct report *r)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    sure_sentence(r->site_score, &b);
    f->sure = keep(f, &b);
}

/* "Since the report of 2 Nov to the planning committee (html, of run 11): ", or why it is only since the run before. */
static void put_since_when(const struct report *r, struct buf *b)
{
    const char *to = r->audience ? " to " : "", *whom = r->audience ? r->audience->title : "";
    char day[16];
    if (r->told.at) {
        human_day(r->pinned.site->timezone, r->told.at, r->run.as_of, day);
        buf_printf(b, "Since the report of %s%s%s (%s, of run %" PRId64 "): ", day, to, whom, r->told.format, r->previous.id);
        return;
    }
    human_day(r->pinned.site->timezone, r->previous.started, r->run.as_of, day);
    if (r->handed_out)
        buf_printf(b, "No report of an earlier run was handed out%s%s. Since the run before, run %" PRId64 " of %s: ", to, whom, r->previous.id, day);
    else
        buf_printf(b, "Since run %" PRId64 " of %s: ", r->previous.id, day);
}

static void fill_since(struct front *f, const struct report *r)
{
    if (!r->has_previous) {
        f->since = "This is the first run of this site: there is nothing to compare with.";
        return;
    }
    struct buf b = BUF_INIT(TEXT_MAX);
    size_t by[CHANGE_COUNT] = { 0 }, n = 0, refused = report_n_refused_since(r);
    put_since_when(r, &b);
    for (size_t i = 0; r->changes && i < r->changes->n_findings; i++)
        by[r->changes->findings[i].change]++;
    for (int k = 0; k < CHANGE_COUNT; k++)
        if (by[k] && k != CHANGE_STILL_FAILING)
            buf_printf(&b, "%s%zu %s", n++ ? ", " : "", by[k], change_name((enum change)k));
    if (!r->changes)
        buf_printf(&b, "cannot be compared: %s", r->changes_why ? front_plain(f->arena, r->changes_why) : "the reason is not known");
    else if (n == 0)
        buf_puts(&b, "nothing changed");
    if (refused)
        buf_printf(&b, "; %s refused", count_text(f, refused, "answer was", "answers were"));
    buf_puts(&b, ".");
    f->since = keep(f, &b);
}

/* --- what to decide --- */

static void tick(struct front *f, const char *text)
{
    if (f->n_decide < MOST_DECISIONS)
        f->decide[f->n_decide++] = text;
}

/* A blocker of the milestone that is asked about: what is ordered takes its time, so that is a decision of today's; all else can be a condition. */
static void tick_obstacle(struct front *f, const struct front_obstacle *o)
{
    const struct check *d = o->c->def;
    if (d->lead_days[1] > 0)
        tick(f, arena_printf(f->arena, "Order now, before all is known: %s (takes %g to %g days)", d->title, d->lead_days[0], d->lead_days[1]));
    else
        tick(f, arena_printf(f->arena, "Make it a condition of this step: %s", d->title));
}

/* Nothing was tested: either a test is named, or the step is decided on other grounds. */
static void tick_untested(struct front *f, const struct report *r)
{
    if (n_gating(r, f->asked->g) == 0)
        tick(f, "Say first what has to hold before this step, and have it looked at:");
    else
        tick(f, "Have somebody who knows the clinic confirm that none of it applies here, by name:");
    tick(f, "Decide on other grounds than this report, which are:");
    tick(f, "Not now, because:");
}

static void fill_decide(struct front *f, const struct report *r)
{
    f->decide = arena_array(f->arena, MOST_DECISIONS, sizeof(*f->decide));
    if (!f->asked)
        return;
    const struct report_gate *g = f->asked->g;
    if (strcmp(g->row->verdict, "GO") == 0 || strcmp(g->row->verdict, "CONDITIONAL") == 0) {
        tick(f, "Go ahead");
        tick(f, "Not yet, because:");
        return;
    }
    for (size_t i = 0; i < f->n_obstacles && f->n_decide + 2 < MOST_DECISIONS; i++)
        for (size_t k = 0; k < g->n_blockers; k++)
            if (g->blockers[k] == f->obstacles[i].c)
                tick_obstacle(f, &f->obstacles[i]);
    if (g->n_unproven)
        tick(f, arena_printf(f->arena, "Wait for the %s", count_text(f, g->n_unproven, "missing answer", "missing answers")));
    if (g->n_blockers)
        tick(f, "Accept what stands in the way until a date, by name:");
    else if (g->n_unproven)
        tick(f, "Go ahead without them, accepted by name:");
    else
        tick_untested(f, r);
}

struct front *front_new(const struct report *r, const char *ask, char **why)
{
    struct arena *arena = arena_new();
    struct front *f = arena_alloc(arena, sizeof(*f));
    f->arena = arena;
    *why = NULL;
    fill_gates(f, r);
    f->asked = ask ? find_gate(f, ask) : next_gate(f, r);
    if (ask && !f->asked) {
        *why = no_such_gate(f, ask);
        front_free(f);
        return NULL;
    }
    fill_question(f);
    fill_answer(f, r);
    fill_obstacles(f, r);
    fill_missing(f, r);
    fill_refused(f, r);
    fill_money(f, r);
    impact_words_fill(r, f->arena, &f->means);
    fill_sure(f, r);
    fill_since(f, r);
    fill_decide(f, r);
    return f;
}

void front_free(struct front *f)
{
    if (f)
        arena_free(f->arena);
}
