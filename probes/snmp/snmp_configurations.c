/* The row of `configurations` from CISCO-CONFIG-MAN-MIB: its times are the agent's clock when it happened. Pure. */
#include "probes/snmp/snmp_sources.h"

#include "fact/table_configurations.h"

#define STARTING (10 * 60 * 100)     /* hundredths of a second: reading the saved configuration at the start counts as a change of the running one */

enum { RUNNING_CHANGED, STARTUP_CHANGED };
static const char *const objects[] = { "1.3.6.1.4.1.9.9.43.1.1.1.0", "1.3.6.1.4.1.9.9.43.1.1.3.0" };

static int64_t ticks_at(const struct snmp_table *t, size_t column)
{
    const struct snmp_value *v = snmp_table_get(t, 0, column);
    return v != NULL && v->type == SNMP_TIME_TICKS ? (int64_t)v->u : -1;
}

/* Sets how long ago it was. False when it was before the start, or the clock does not tell. */
static bool ago(struct fact_row *row, int column, int64_t ticks, int64_t uptime)
{
    if (ticks <= 0 || ticks > uptime)
        return false;
    fact_set_int(row, column, (uptime - ticks) / 100);
    return true;
}

static void rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[0];
    int64_t changed = ticks_at(t, RUNNING_CHANGED), saved = ticks_at(t, STARTUP_CHANGED);
    struct fact_row row;
    if (changed < 0 && saved < 0)
        return;
    fact_row_init(&row, &fact_configurations);
    fact_set_int(&row, CONFIGURATIONS_NUMBER, 1);
    if (v->uptime >= 0 && !v->uptime_wrapped) {                  /* a clock that has begun anew since puts nothing in order */
        bool change = ago(&row, CONFIGURATIONS_RUNNING_CHANGED_S, changed, v->uptime), save = ago(&row, CONFIGURATIONS_SAVED_S, saved, v->uptime);
        if (change && save)
            fact_set_int(&row, CONFIGURATIONS_UNSAVED, changed > saved);
        else if (change && saved == 0 && changed > STARTING)
            fact_set_int(&row, CONFIGURATIONS_UNSAVED, 1);
        else if (changed == 0 && saved >= 0 && saved <= v->uptime)
            fact_set_int(&row, CONFIGURATIONS_UNSAVED, 0);
    }
    v->emit(v->arg, &row);
}

static const struct snmp_part parts[] = { SNMP_SINGLES_OF(snmp_cisco, objects) };
const struct snmp_source snmp_configurations = { .table = &fact_configurations, .parts = parts, .n_parts = N_ELEMENTS(parts), .mandatory = { NULL }, .rows = rows };
