/* When could it be done, and by when must it be ordered: bounds over effort, capacity and lead time. Pure; runs in the parent. */
#include "plan/plan.h"

#include <math.h>
#include <string.h>

#define DAY 86400
#define DAYS_PER_MONTH (365.0 / 12.0)

static double capacity_of(const struct site *site, const char *role)
{
    for (size_t i = 0; role && i < site->n_capacities; i++)
        if (strcmp(site->capacities[i].role, role) == 0)
            return site->capacities[i].days_per_month;
    return 0;
}

static bool same_owner(const struct work *a, const struct work *b)
{
    return strcmp(a->owner ? a->owner : "", b->owner ? b->owner : "") == 0;
}

/* Calendar days that effort takes at a role's capacity; negative: not known. */
static double calendar_days(double effort, double capacity)
{
    if (effort <= 0)
        return 0;
    return capacity > 0 ? effort / capacity * DAYS_PER_MONTH : -1;
}

static int64_t day_after(int64_t as_of, double days)
{
    int64_t midnight = as_of - ((as_of % DAY) + DAY) % DAY;
    return midnight + (int64_t)ceil(days) * DAY;
}

/* All of one owner's work, begun at once: the low bound has nothing waiting for anything but its own order and the owner's hands; the high bound has
 * everything wait for the longest order. */
static bool owner_days(const struct work *w, size_t n, size_t first, const struct site *site, double out[2])
{
    double capacity = capacity_of(site, w[first].owner), sum[2] = { 0, 0 }, lead = 0, alone = 0;
    for (size_t i = 0; i < n; i++) {
        if (!same_owner(&w[i], &w[first]))
            continue;
        double own = calendar_days(w[i].effort_days[0], capacity), worst = calendar_days(w[i].effort_days[1], capacity);
        if (own < 0 || worst < 0)
            return false;
        sum[0] += own;
        sum[1] += worst;
        alone = fmax(alone, w[i].lead_days[0] + own);
        lead = fmax(lead, w[i].lead_days[1]);
    }
    out[0] = fmax(alone, sum[0]);
    out[1] = lead + sum[1];
    return true;
}

bool plan_earliest(const struct work *w, size_t n, const struct site *site, int64_t as_of, int64_t out[2])
{
    double days[2] = { 0, 0 };
    for (size_t i = 0; i < n; i++) {
        double owner[2];
        if (!owner_days(w, n, i, site, owner))
            return false;
        days[0] = fmax(days[0], owner[0]);
        days[1] = fmax(days[1], owner[1]);
    }
    out[0] = day_after(as_of, days[0]);
    out[1] = day_after(as_of, days[1]);
    return true;
}

int64_t plan_order_by(const struct work *w, const struct site *site, int64_t milestone)
{
    if (milestone == 0)
        return 0;
    double effort = calendar_days(w->effort_days[1], capacity_of(site, w->owner));
    return milestone - (int64_t)ceil(w->lead_days[1] + fmax(effort, 0)) * DAY;
}
