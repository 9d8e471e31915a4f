/* Evaluation, the parent's side: the job is made, children do the work, their answers are checked and settled. A check that hangs or kills its child errs;
 * the others go on in a new one. Parent; trusts no answer. */
#include "checklist/evaluate.h"

#include <errno.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "checklist/child.h"
#include "checklist/compile.h"
#include "checklist/gather.h"
#include "checklist/types.h"

#define LIMIT_MS 60000
#define STATEMENT_MAX_MS 10000
#define STATEMENT_MIN_MS 300
#define STATEMENT_GRACE_MS 1500          /* beyond it a statement no longer listens, and the child is killed */
#define CHILDREN_MAX 40                  /* of one lane */
#define LANES_MAX 2
#define LANE_CHECKS 60                   /* fewer are not worth a second child */
#define SUBJECTS_MAX 8000000             /* of all checks together */

static const char over_time[] = "over the time limit";

/* One child after the other, for a part of the checks: check i belongs to lane i modulo their number. */
struct lane {
    bool running;
    struct child child;
    size_t n_children;                   /* started so far */
    uint32_t current[GROUP_MAX]; size_t n_current;       /* being worked on */
    int64_t begun_ms;                    /* since when */
    bool ended;                          /* the child said that it is through */
    struct buf in;
};
struct parent {
    struct gathered g;
    const struct checklists *c;
    struct raw_check *raw;               /* by check */
    size_t n_subjects;
    char **names;                        /* by target: texts that all subjects share */
    int64_t deadline_ms;
    struct lane lanes[LANES_MAX]; size_t n_lanes;
};

static struct lane *lane_of(struct parent *p, size_t check)
{
    return &p->lanes[check % p->n_lanes];
}

/* --- what the child says ---------------------------------------------------------------------------------------------- */

static void *grown(struct arena *a, void *p, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return p;
    size_t more = *cap == 0 ? 4 : 2 * *cap;
    void *bigger = arena_array(a, more, size);
    if (n > 0)
        memcpy(bigger, p, n * size);
    *cap = more;
    return bigger;
}

static void forget(struct parent *p, struct raw_check *r)
{
    p->n_subjects -= r->n_subjects;
    r->n_subjects = r->n_counts = 0;
    r->erred = false;
    r->error = NULL;
}

static void set_error(struct parent *p, struct raw_check *r, const char *text, size_t len)
{
    forget(p, r);
    r->erred = true;
    r->error = arena_strndup(p->g.arena, text, len);
}

static int take_begin(const struct parent *p, struct lane *l, const struct answer *a)
{
    struct reader r;
    reader_init(&r, a->checks, 4 * a->n_checks);
    l->n_current = 0;
    l->begun_ms = clock_mono_ms();
    for (size_t i = 0; i < a->n_checks && i < GROUP_MAX; i++) {
        uint32_t check = reader_u32(&r);
        if (check >= p->g.job.n_checks)
            return ERR_FORMAT;
        l->current[l->n_current++] = check;
    }
    return 0;
}

static int take_tables(struct parent *p, struct raw_check *raw, const struct answer *a)
{
    struct reader r;
    reader_init(&r, a->tables, 2 * a->n_tables);
    if (a->n_tables > 2 * fact_n_tables)
        return ERR_FORMAT;
    raw->tables = arena_array(p->g.arena, a->n_tables + 1, sizeof(*raw->tables));
    for (raw->n_tables = 0; raw->n_tables < a->n_tables; raw->n_tables++) {
        uint16_t t = reader_u16(&r);
        if ((t & (uint16_t)~EVAL_ORG) >= fact_n_tables)
            return ERR_FORMAT;
        raw->tables[raw->n_tables] = t;
    }
    return 0;
}

static int take_subject(struct parent *p, struct raw_check *raw, const struct answer *a)
{
    struct arena *arena = p->g.arena;
    if (++p->n_subjects > SUBJECTS_MAX) {
        static const char text[] = "more subjects than can be listed";
        set_error(p, raw, text, sizeof(text) - 1);
        return 0;
    }
    raw->subjects = grown(arena, raw->subjects, raw->n_subjects, &raw->cap_subjects, sizeof(*raw->subjects));
    struct subject_verdict *s = &raw->subjects[raw->n_subjects++];
    *s = (struct subject_verdict){ .target = p->names[a->target == EVAL_SITE ? p->g.job.n_targets : a->target], .verdict = a->verdict,
                                   .severity = a->severity, .method = a->method, .seen = a->seen, .observed_at = a->observed_at };
    s->subject = arena_strndup(arena, a->subject, a->subject_len);
    if (a->evidence_len > 2)
        s->evidence = arena_strndup(arena, a->evidence, a->evidence_len);
    if (a->verdict != VERDICT_UNKNOWN)
        return 0;
    char *detail = xstrndup(a->text, a->text_len);
    settle_why(arena, raw->check, a->why, detail, a->method, a->observed_at, &s->reason, &s->settled_by);
    free(detail);
    return 0;
}

static int take(struct parent *p, struct lane *l, const struct answer *a)
{
    if (a->kind == ANSWER_END) {
        l->ended = true;
        return 0;
    }
    if (a->kind == ANSWER_BEGIN)
        return take_begin(p, l, a);
    struct raw_check *raw = &p->raw[a->check];
    if (raw->done || lane_of(p, a->check) != l)
        return ERR_FORMAT;
    switch (a->kind) {
    case ANSWER_RESET:
        forget(p, raw);
        return 0;
    case ANSWER_TABLES:
        return take_tables(p, raw, a);
    case ANSWER_COUNT:
        if (raw->erred)
            return 0;
        raw->counts = grown(p->g.arena, raw->counts, raw->n_counts, &raw->cap_counts, sizeof(*raw->counts));
        raw->counts[raw->n_counts++] = (struct raw_count){ a->target, a->pass, a->fail, a->unknown, a->seen, a->method };
        return raw->n_counts > p->g.job.n_targets + 1 ? ERR_FORMAT : 0;
    case ANSWER_SUBJECT:
        return raw->erred ? 0 : take_subject(p, raw, a);
    case ANSWER_ERROR:
        set_error(p, raw, a->text, a->text_len);
        return 0;
    case ANSWER_DONE:
        raw->done = true;
        return 0;
    case ANSWER_BEGIN:
    case ANSWER_END:
        break;
    }
    return ERR_FORMAT;
}

static int take_all(struct parent *p, struct lane *l)
{
    struct answer a;
    size_t at = 0, used = 0;
    int more = 0;
    while ((more = answer_next((const uint8_t *)l->in.data + at, l->in.len - at, p->g.job.n_checks, p->g.job.n_targets, &a, &used)) == 1) {
        int err = take(p, l, &a);
        if (err != 0)
            return err;
        at += used;
    }
    memmove(l->in.data, l->in.data + at, l->in.len - at);
    l->in.len -= at;
    return more;
}

/* --- a child's life --------------------------------------------------------------------------------------------------- */

enum ending { ENDING_NONE, ENDING_DONE, ENDING_DIED, ENDING_STATEMENT, ENDING_DEADLINE, ENDING_GARBAGE };

/* Who was at work when it ended so errs, when it was alone; several are tried again one by one. */
static void blame(struct parent *p, const struct lane *l, enum ending e, int status)
{
    bool alone = l->n_current == 1;
    for (size_t i = 0; i < l->n_current; i++) {
        struct raw_check *r = &p->raw[l->current[i]];
        if (r->done)
            continue;
        r->solo = true;
        if (!alone)
            continue;
        const char *text = over_time;
        if (e == ENDING_GARBAGE)
            text = "its evaluation answered nonsense and was ended";
        else if (e == ENDING_DIED)
            text = WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU ? over_time : "its evaluation ended unexpectedly (a crash, or over the memory limit)";
        set_error(p, r, text, strlen(text));
        r->done = true;
    }
}

/* A new child for what this lane has left; whatever an earlier one had said of it is forgotten. Starts none when nothing is left. */
static int lane_start(struct parent *p, struct lane *l)
{
    struct eval_job *j = &p->g.job;
    struct buf job = BUF_INIT(EVAL_JOB_MAX);
    j->n_todo = 0;
    for (uint32_t i = 0; i < j->n_checks; i++) {
        if (p->raw[i].done || lane_of(p, i) != l)
            continue;
        forget(p, &p->raw[i]);
        j->todo[j->n_todo++] = (struct eval_todo){ i, p->raw[i].solo };
    }
    if (j->n_todo == 0 || l->n_children >= CHILDREN_MAX)
        return 0;
    eval_job_encode(j, &job);
    int err = job.overflow ? ERR_LIMIT : child_start(&job, &l->child);
    buf_clear(&job);
    if (err != 0)
        return err;
    l->running = true;
    l->n_children++;
    l->n_current = 0;
    l->ended = false;
    l->begun_ms = clock_mono_ms();
    buf_reset(&l->in);
    return 0;
}

/* Reaps the child, says who is to blame, and goes on with the rest. */
static int lane_end(struct parent *p, struct lane *l, enum ending e)
{
    int status = child_end(&l->child, e != ENDING_DONE && e != ENDING_DIED);
    l->running = false;
    if (e == ENDING_DIED && l->n_current == 0) {
        log_error("the evaluation could not begin (status %d)", status);
        return ERR_INTERNAL;
    }
    if (e == ENDING_DEADLINE)
        return 0;
    if (e != ENDING_DONE)
        blame(p, l, e, status);
    return lane_start(p, l);
}

/* What is there to read of one child. */
static enum ending hear(struct parent *p, struct lane *l)
{
    char bytes[65536];
    ssize_t got = read(l->child.fd, bytes, sizeof(bytes));
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return ENDING_NONE;
    if (got <= 0)
        return l->ended ? ENDING_DONE : ENDING_DIED;
    buf_append(&l->in, bytes, (size_t)got);
    return l->in.overflow || take_all(p, l) < 0 ? ENDING_GARBAGE : ENDING_NONE;
}

/* Milliseconds until a statement, or everything, is over its time. */
static int wait_ms(const struct parent *p)
{
    int64_t now = clock_mono_ms(), until = p->deadline_ms;
    for (size_t i = 0; i < p->n_lanes; i++) {
        int64_t statement = p->lanes[i].begun_ms + p->g.job.statement_ms + STATEMENT_GRACE_MS;
        if (p->lanes[i].running && statement < until)
            until = statement;
    }
    return until <= now ? 0 : (int)(until - now);
}

static enum ending late(const struct parent *p, const struct lane *l)
{
    int64_t now = clock_mono_ms();
    if (now >= p->deadline_ms)
        return ENDING_DEADLINE;
    return now >= l->begun_ms + p->g.job.statement_ms + STATEMENT_GRACE_MS ? ENDING_STATEMENT : ENDING_NONE;
}

/* One turn: waits, and does what is to be done for each child. */
static int turn(struct parent *p)
{
    struct pollfd fds[LANES_MAX];
    int err = 0;
    for (size_t i = 0; i < p->n_lanes; i++)
        fds[i] = (struct pollfd){ .fd = p->lanes[i].running ? p->lanes[i].child.fd : -1, .events = POLLIN };
    int n = poll(fds, p->n_lanes, wait_ms(p));
    if (n < 0)
        return errno == EINTR ? 0 : -errno;
    for (size_t i = 0; err == 0 && i < p->n_lanes; i++) {
        struct lane *l = &p->lanes[i];
        if (!l->running)
            continue;
        enum ending e = fds[i].revents != 0 ? hear(p, l) : ENDING_NONE;
        if (e == ENDING_NONE)            /* one that never stops talking is late, too */
            e = late(p, l);
        if (e != ENDING_NONE)
            err = lane_end(p, l, e);
    }
    return err;
}

static bool any_running(const struct parent *p)
{
    bool any = false;
    for (size_t i = 0; i < p->n_lanes; i++)
        any |= p->lanes[i].running;
    return any;
}

static int run_children(struct parent *p)
{
    int err = 0;
    for (size_t i = 0; err == 0 && i < p->n_lanes; i++)
        err = lane_start(p, &p->lanes[i]);
    while (err == 0 && any_running(p))
        err = turn(p);
    for (size_t i = 0; i < p->n_lanes; i++)
        if (p->lanes[i].running)
            child_end(&p->lanes[i].child, true);
    if (err != 0)
        return err;
    bool is_late = clock_mono_ms() >= p->deadline_ms;
    for (size_t i = 0; i < p->g.job.n_checks; i++) {
        static const char gave_up[] = "too many other checks ended their evaluation";
        if (!p->raw[i].done)
            set_error(p, &p->raw[i], is_late ? over_time : gave_up, strlen(is_late ? over_time : gave_up));
    }
    return 0;
}

/* --- the whole -------------------------------------------------------------------------------------------------------- */

static const char *scan_part(const struct check *c, const char *text, const char *name, char **out)
{
    size_t at = 0;
    const char *bad = text != NULL ? expression_scan(text, c->params, c->n_params, &at) : NULL;
    if (bad != NULL)
        *out = xasprintf("%s: %s", name, bad);
    return bad;
}

/* What can be refused without running it: owned, NULL when fine. */
static char *refused(const struct check *c)
{
    char *out = NULL;
    bool bad = scan_part(c, c->where, "where", &out) != NULL || scan_part(c, c->pass, "pass", &out) != NULL || scan_part(c, c->query, "query", &out) != NULL;
    for (size_t i = 0; i < c->n_grades && !bad; i++)
        bad = scan_part(c, c->grades[i].when, "grade", &out) != NULL;
    if (!bad && (c->facts == NULL) == (c->query == NULL))
        out = xstrdup("it has neither facts with pass nor a query, or both");
    else if (!bad && c->facts != NULL && c->pass == NULL)
        out = xstrdup("it has no pass");
    return out != NULL ? out : check_types(c);
}

static bool mentions_org(const struct checklists *c)
{
    for (size_t i = 0; i < c->n_checks; i++) {
        const char *const texts[] = { c->checks[i].where, c->checks[i].pass, c->checks[i].query };
        for (size_t k = 0; k < N_ELEMENTS(texts); k++)
            if (texts[k] != NULL && strcasestr(texts[k], "org_") != NULL)
                return true;
    }
    return false;
}

/* Checks are sorted by id, as checklists_find() relies on; targets of this run by name. */
static void make_watch(struct parent *p, const struct evaluate_options *o)
{
    struct eval_job *j = &p->g.job;
    if (o->all_subjects || o->n_watch == 0)
        return;
    j->watch = arena_array(p->g.arena, o->n_watch, sizeof(*j->watch));
    for (size_t i = 0; i < o->n_watch; i++) {
        const struct check *c = checklists_find(p->c, o->watch[i].check_id);
        uint32_t target = EVAL_SITE;
        bool found = strcmp(o->watch[i].target, "(site)") == 0;
        for (uint32_t t = 0; t < j->n_targets && !found; t++)
            if (j->targets[t].site == NULL && strcmp(j->targets[t].name, o->watch[i].target) == 0) {
                target = t;
                found = true;
            }
        if (c != NULL && found)
            j->watch[j->n_watch++] = (struct eval_watch){ (uint32_t)(c - p->c->checks), target, o->watch[i].subject };
    }
}

static void prepare(struct parent *p, struct store *s, const struct checklists *c, const struct evaluate_options *o)
{
    struct eval_job *j = &p->g.job;
    struct arena *a = p->g.arena;
    int64_t limit = o->limit_ms > 0 ? o->limit_ms : LIMIT_MS;
    const char *file = sqlite3_db_filename(store_db(s), "main");
    p->c = c;
    p->deadline_ms = clock_mono_ms() + limit;
    j->immutable = file != NULL && sqlite3_uri_boolean(file, "immutable", 0) != 0;
    j->statement_ms = limit / 6 > STATEMENT_MAX_MS ? STATEMENT_MAX_MS : limit / 6 < STATEMENT_MIN_MS ? STATEMENT_MIN_MS : limit / 6;
    j->all_subjects = o->all_subjects;
    if (o->as_of != 0)
        j->as_of = p->g.settle.as_of = o->as_of;
    j->checks = c->checks;
    j->n_checks = c->n_checks;
    memcpy(j->lookups, c->lookups, sizeof(j->lookups));
    j->todo = arena_array(a, c->n_checks + 1, sizeof(*j->todo));
    p->raw = arena_array(a, c->n_checks + 1, sizeof(*p->raw));
    p->names = arena_array(a, j->n_targets + 1, sizeof(*p->names));
    for (size_t i = 0; i < j->n_targets; i++)
        p->names[i] = arena_strdup(a, j->targets[i].name);
    p->names[j->n_targets] = arena_strdup(a, "(site)");
    for (size_t i = 0; i < c->n_checks; i++) {
        p->raw[i].check = &c->checks[i];
        char *bad = refused(&c->checks[i]);
        if (bad != NULL) {
            set_error(p, &p->raw[i], bad, strlen(bad));
            p->raw[i].done = true;
        }
        free(bad);
    }
    make_watch(p, o);
}

/* The arena, with everything in it, becomes the evaluation's. */
static void finish(struct parent *p, struct evaluation **out)
{
    struct evaluation *e = arena_alloc(p->g.arena, sizeof(*e));
    e->arena = p->g.arena;
    e->n_checks = p->c->n_checks;
    e->checks = arena_array(e->arena, e->n_checks + 1, sizeof(*e->checks));
    for (size_t i = 0; i < e->n_checks; i++)
        settle_check(&p->g.settle, &p->raw[i], &e->checks[i]);
    p->g.arena = NULL;
    *out = e;
}

int evaluate_run(struct store *s, int64_t run, const struct checklists *c, const struct evaluate_options *o, struct evaluation **out)
{
    static const struct evaluate_options defaults = { 0 };
    struct parent p = { .c = c, .n_lanes = c->n_checks >= LANE_CHECKS && sysconf(_SC_NPROCESSORS_ONLN) > 1 ? LANES_MAX : 1 };
    *out = NULL;
    for (size_t i = 0; i < LANES_MAX; i++)
        buf_init(&p.lanes[i].in, 4u << 20);
    int err = gather(s, run, mentions_org(c), &p.g);
    if (err == 0)
        prepare(&p, s, c, o != NULL ? o : &defaults);
    if (err == 0 && lookup_wanted(c->checks, c->n_checks, LOOKUP_EARLIER_RUNS))
        err = lookup_earlier(p.g.arena, s, run, &p.g.job.lookups[LOOKUP_EARLIER_RUNS]);
    if (err == 0)
        err = run_children(&p);
    if (err == 0)
        finish(&p, out);
    gather_clear(&p.g);
    for (size_t i = 0; i < LANES_MAX; i++)
        buf_clear(&p.lanes[i].in);
    return err;
}

void evaluation_free(struct evaluation *e)
{
    if (e != NULL)
        arena_free(e->arena);
}
