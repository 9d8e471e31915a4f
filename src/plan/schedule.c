/* Work placed into days (schedule.h; the rules stand in README.md beside). Pure; parent. */
#include "plan/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* --- days --- */

int64_t day_of(int64_t t)
{
    return (t - ((t % DAY_S) + DAY_S) % DAY_S) / DAY_S;
}

static int weekday(int64_t day)              /* 0 Monday; 1970-01-01 was a Thursday */
{
    return (int)(((day + 3) % 7 + 7) % 7);
}

int64_t day_monday(int64_t day)
{
    return day - weekday(day);
}

/* The proleptic Gregorian calendar in eras of 400 years that begin in March, so that the leap day is a year's last. */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400, year = y - era * 400;
    int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + year * 365 + year / 4 - year / 100 + of_year - 719468;
}

struct civil { int64_t year; int month, day; };

static struct civil civil_of(int64_t day)
{
    day += 719468;
    int64_t era = (day >= 0 ? day : day - 146096) / 146097, of_era = day - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), m = (5 * of_year + 2) / 153;
    struct civil c = { .month = (int)(m < 10 ? m + 3 : m - 9), .day = (int)(of_year - (153 * m + 2) / 5 + 1) };
    c.year = year + era * 400 + (c.month <= 2);
    return c;
}

static int64_t month_first(int64_t year, int month)      /* month from 1; 13 is the next year's first */
{
    return month > 12 ? days_from_civil(year + (month - 1) / 12, (month - 1) % 12 + 1, 1) : days_from_civil(year, month, 1);
}

int64_t day_add_months(int64_t day, int months)
{
    struct civil c = civil_of(day);
    int64_t first = month_first(c.year, c.month + months), next = month_first(c.year, c.month + months + 1);
    return first + c.day - 1 < next ? first + c.day - 1 : next - 1;
}

int64_t day_month(int64_t day)
{
    return day - civil_of(day).day + 1;
}

/* --- capacity --- */

/* The month that was asked for last: days are asked for in a row. */
struct month { int64_t first, next; int n_weekdays; };

/* Weekdays among n days that begin on this day of the week. */
static int count_weekdays(int from, int64_t n)
{
    int count = (int)(n / 7) * 5;
    for (int64_t i = 0; i < n % 7; i++)
        count += (from + i) % 7 < 5;
    return count;
}

static int64_t capacity_on(struct month *m, int64_t per_month, int64_t day)
{
    if (weekday(day) >= 5)
        return 0;
    if (day < m->first || day >= m->next) {
        struct civil c = civil_of(day);
        m->first = month_first(c.year, c.month);
        m->next = month_first(c.year, c.month + 1);
        m->n_weekdays = count_weekdays(weekday(m->first), m->next - m->first);
    }
    int64_t k = count_weekdays(weekday(m->first), day - m->first + 1), n = m->n_weekdays;
    return per_month * k / n - per_month * (k - 1) / n;
}

int64_t day_capacity(int64_t per_month, int64_t day)
{
    struct month m = { 0, 0, 0 };
    return capacity_on(&m, per_month, day);
}

/* --- placing --- */

struct placing {
    int64_t day0;
    const int64_t *per_month;
    int64_t **used;                  /* by role, then by day from day0 */
    struct month month;
    struct schedule *out;
    size_t cap_pieces;
};

static void take(struct placing *p, size_t job, int64_t day, int64_t effort)
{
    struct schedule *s = p->out;
    if (s->n_pieces == p->cap_pieces) {
        p->cap_pieces = p->cap_pieces ? p->cap_pieces * 2 : 64;
        s->pieces = xrealloc_array(s->pieces, p->cap_pieces, sizeof(*s->pieces));
    }
    s->pieces[s->n_pieces++] = (struct piece){ job, day, effort };
}

/* The first free days from `from` on. Where they do not suffice within the years that are planned, nothing is taken. */
static void take_days(struct placing *p, const struct job *j, size_t i, int64_t from)
{
    struct slot *s = &p->out->slots[i];
    size_t first = p->out->n_pieces;
    int64_t left = j->effort, day = from;
    for (; left > 0 && day < p->day0 + SCHEDULE_DAYS; day++) {
        int64_t free_now = capacity_on(&p->month, p->per_month[j->role], day) - p->used[j->role][day - p->day0];
        int64_t now = free_now < left ? free_now : left;
        if (now <= 0)
            continue;
        if (left == j->effort)
            s->start = day;
        take(p, i, day, now);
        left -= now;
        if (s->due != 0 && day >= s->due)
            s->missing += now;
    }
    if (left > 0) {
        s->state = SLOT_TOO_FAR;
        s->start = 0;
        s->missing = s->due ? j->effort : 0;
        p->out->n_pieces = first;
        return;
    }
    for (size_t k = first; k < p->out->n_pieces; k++)
        p->used[j->role][p->out->pieces[k].day - p->day0] += p->out->pieces[k].effort;
    s->ready = day;
    s->order_on = s->start - j->lead;
}

static void place(struct placing *p, const struct job *jobs, size_t i)
{
    const struct job *j = &jobs[i];
    struct slot *s = &p->out->slots[i];
    int64_t from = p->day0 + j->lead;
    for (size_t k = 0; k < j->n_after; k++) {
        const struct slot *first = &p->out->slots[j->after[k]];
        if (j->after[k] >= i)
            BUG("job %zu is before what it depends on", i);
        if (first->state > SLOT_PROMISED) {
            s->state = SLOT_WAITS;
            return;
        }
        if (first->ready > from)
            from = first->ready;
    }
    if (j->effort > 0 && j->role >= 0) {
        take_days(p, j, i, from);
        return;
    }
    if (j->effort > 0 && j->promised < p->day0) {
        s->state = SLOT_NO_CAPACITY;
        return;
    }
    s->state = j->effort > 0 ? SLOT_PROMISED : SLOT_PLACED;
    s->start = s->ready = s->state == SLOT_PROMISED && j->promised > from ? j->promised : from;
    s->order_on = s->start - j->lead;
}

/* The last day from which the role's whole capacity suffices. */
static int64_t latest_start(const int64_t *per_month, const struct job *j, int64_t due)
{
    struct month m = { 0, 0, 0 };
    int64_t left = j->role >= 0 ? j->effort : 0, day = due;
    while (left > 0 && day > due - 10 * SCHEDULE_DAYS)
        left -= capacity_on(&m, per_month[j->role], --day);
    return day;
}

/* Backwards, so that what others depend on is due when they begin. */
static void set_latest(const int64_t *per_month, const struct job *jobs, size_t n, struct slot *slots)
{
    for (size_t i = 0; i < n; i++)
        slots[i].due = jobs[i].due;
    for (size_t i = n; i-- > 0;) {
        struct slot *s = &slots[i];
        if (s->due == 0)
            continue;
        s->latest_start = latest_start(per_month, &jobs[i], s->due);
        s->order_by = s->latest_start - jobs[i].lead;
        for (size_t k = 0; k < jobs[i].n_after; k++) {
            struct slot *first = &slots[jobs[i].after[k]];
            if (first->due == 0 || s->latest_start < first->due)
                first->due = s->latest_start;
        }
    }
}

void schedule_place(int64_t day0, const int64_t *per_month, size_t n_roles, const struct job *jobs, size_t n, struct schedule *out)
{
    struct placing p = { .day0 = day0, .per_month = per_month, .out = out };
    *out = (struct schedule){ .n = n, .slots = xcalloc(n + 1, sizeof(*out->slots)) };
    p.used = xcalloc(n_roles + 1, sizeof(*p.used));
    for (size_t r = 0; r < n_roles; r++)
        p.used[r] = xcalloc(SCHEDULE_DAYS, sizeof(**p.used));
    set_latest(per_month, jobs, n, out->slots);
    for (size_t i = 0; i < n; i++)
        place(&p, jobs, i);
    for (size_t r = 0; r < n_roles; r++)
        free(p.used[r]);
    free(p.used);
}

void schedule_clear(struct schedule *s)
{
    free(s->slots);
    free(s->pieces);
    *s = (struct schedule){ 0 };
}

/* --- the bound --- */

/* A role that works its jobs one after the other: where it stands, and what it has already done on that day. */
struct hands { struct month month; int64_t per_month, day, done; };

/* The day on which it is ready; INT64_MAX: not within the years that are planned. */
static int64_t work(struct hands *h, int64_t from, int64_t effort, int64_t limit)
{
    if (from > h->day) {
        h->day = from;
        h->done = 0;
    }
    while (h->day < limit) {
        int64_t left = capacity_on(&h->month, h->per_month, h->day) - h->done, now = left < effort ? left : effort;
        h->done += now;
        effort -= now;
        if (effort == 0)
            return h->day + 1;
        h->day++;
        h->done = 0;
    }
    return INT64_MAX;
}

struct head { int64_t from; size_t job; };

static int by_head(const void *a, const void *b)
{
    const struct head *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->job < y->job ? -1 : x->job > y->job;
}

/* When each could begin and end if it were alone: out. False: nobody can say. */
static bool alone(int64_t day0, const int64_t *per_month, const struct job *jobs, size_t n, struct head *heads, int64_t *ready)
{
    for (size_t i = 0; i < n; i++) {
        const struct job *j = &jobs[i];
        int64_t from = day0 + j->lead;
        for (size_t k = 0; k < j->n_after; k++)
            from = ready[j->after[k]] > from ? ready[j->after[k]] : from;
        heads[i] = (struct head){ from, i };
        if (j->effort == 0) {
            ready[i] = from;
        } else if (j->role >= 0) {
            struct hands h = { .per_month = per_month[j->role] };
            ready[i] = from == INT64_MAX ? from : work(&h, from, j->effort, day0 + SCHEDULE_DAYS);
        } else if (j->promised >= day0) {
            ready[i] = j->promised > from ? j->promised : from;
        } else {
            return false;
        }
    }
    return true;
}

int64_t schedule_bound(int64_t day0, const int64_t *per_month, size_t n_roles, const struct job *jobs, size_t n)
{
    struct head *heads = xcalloc(n + 1, sizeof(*heads));
    int64_t *ready = xcalloc(n + 1, sizeof(*ready)), bound = day0;
    bool known = alone(day0, per_month, jobs, n, heads, ready);
    for (size_t i = 0; known && i < n; i++)
        bound = ready[i] > bound ? ready[i] : bound;
    if (known && n > 0)
        qsort(heads, n, sizeof(*heads), by_head);
    for (size_t r = 0; known && r < n_roles; r++) {
        struct hands h = { .per_month = per_month[r], .day = day0 };
        for (size_t i = 0; i < n && bound != INT64_MAX; i++) {
            const struct job *j = &jobs[heads[i].job];
            int64_t end = j->role == (int)r && j->effort > 0 ? work(&h, heads[i].from, j->effort, day0 + SCHEDULE_DAYS) : bound;
            bound = end > bound ? end : bound;
        }
    }
    free(heads);
    free(ready);
    return !known || bound == INT64_MAX ? -1 : bound;
}
