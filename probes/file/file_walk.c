/* Text of snmpwalk: an agent that answers from a file, read by the snmp probe's own reading. Runs in a worker, after the lock. */
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "fact/evidence_kind.h"
#include "probes/file/file_internal.h"
#include "probes/snmp/snmp_agent.h"
#include "probes/snmp/snmp_parse.h"
#include "probes/snmp/snmp_recording.h"
#include "probes/snmp/snmp_sources.h"

/* --- whose it is ------------------------------------------------------------------------------------------------------- */

struct finder { struct file_aliases *aliases; const char *found; bool two; };

static void try_name(struct finder *f, const char *name)
{
    const char *target = name[0] == '\0' ? NULL : file_aliases_find(f->aliases, name);
    if (target == NULL)
        return;
    f->two = f->two || (f->found != NULL && strcmp(f->found, target) != 0);
    f->found = target;
}

static void on_address(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    (void)column;
    (void)v;
    uint8_t four[4];
    struct arena *mem = arena_new();
    for (size_t i = 0; i < sizeof four; i++)
        four[i] = i < n_index && index[i] < 256 ? (uint8_t)index[i] : 0;
    if (n_index == sizeof four)
        try_name(arg, snmp_address_text(four, sizeof four, mem));
    arena_free(mem);
}

/* The site's target that the device is: by its name, whole or without its domain, else by an address of its own. NULL: none, or several. */
static const char *target_of(struct snmp_recording *r, struct file_aliases *aliases)
{
    static const char *const addresses[] = { "1.3.6.1.2.1.4.20.1.2" };       /* ipAdEntIfIndex: its index is the address */
    struct finder f = { .aliases = aliases };
    const struct snmp_value *name = snmp_recording_get(r, "1.3.6.1.2.1.1.5.0");
    struct buf text = BUF_INIT(RECORDING_VALUE_MAX * 4);
    if (name != NULL && name->type == SNMP_OCTETS && snmp_text(&text, name)) {
        try_name(&f, buf_str(&text));
        if (f.found == NULL) {
            text.data[strcspn(text.data, ".")] = '\0';
            try_name(&f, text.data);
        }
    }
    buf_clear(&text);
    if (f.found == NULL) {
        struct snmp_walk w = { .objects = addresses, .n_objects = 1, .cell = on_address, .arg = &f };
        (void)snmp_recording_fetch(r, &w, 1);
    }
    return f.two ? NULL : f.found;
}

/* --- what it was like -------------------------------------------------------------------------------------------------- */

static void say_account(struct probe_ctx *ctx, const struct snmp_recording_account *a)
{
    if (a->n_named > 0)
        probe_note(ctx, NULL, "%zu lines name their object instead of giving its number, and were left out; the first is line %zu. snmpwalk -On writes numbers", a->n_named, a->first_named);
    if (a->n_untyped > 0)
        probe_note(ctx, NULL, "%zu values have no type, and were left out; the first is in line %zu. snmpwalk writes types without -Oq and -OQ", a->n_untyped, a->first_untyped);
    if (a->n_unread > 0)
        probe_note(ctx, NULL, "%zu values are not what their type says, and were left out; the first is in line %zu", a->n_unread, a->first_unread);
    if (a->broken == REASON_NO_ANSWER)
        probe_note(ctx, NULL, "the walk broke off: line %zu says that the device gave no answer", a->broken_line);
    else if (a->broken != REASON_NONE)
        probe_note(ctx, NULL, "the file ends within a line: it was cut, and what followed is not known");
    if (!a->whole)
        probe_note(ctx, NULL, "not known to be the device's whole tree: a table that is not in the file may exist");
}

/* Lines that were left out may be of any table. */
static void say_left_out(struct probe_ctx *ctx, const struct snmp_recording_account *a)
{
    const struct fact_table *const *tables = probe_snmp.tables;
    if (a->n_named + a->n_untyped == 0)
        return;
    for (size_t i = 0; i < probe_snmp.n_tables; i++)
        if (probe_wants(ctx, tables[i]))
            probe_table(ctx, tables[i], STATE_PARTIAL, REASON_BAD_FILE, "%zu lines of the file could not be read", a->n_named + a->n_untyped);
}

static void say_nothing(struct probe_ctx *ctx, const struct snmp_recording_account *a)
{
    if (a->n_named > 0)
        probe_fail(ctx, REASON_BAD_FILE, "objects are named, not numbered (line %zu): ask for snmpwalk with -On", a->first_named);
    else if (a->n_untyped > 0)
        probe_fail(ctx, REASON_BAD_FILE, "values have no type (line %zu): ask for snmpwalk without -Oq and -OQ", a->first_untyped);
    else if (a->broken != REASON_NONE)
        probe_fail(ctx, REASON_BAD_FILE, "no value in it; line %zu says that the device gave no answer", a->broken_line);
    else
        probe_fail(ctx, REASON_BAD_FILE, "no line in it is a value of snmpwalk, like \".1.3.6.1.2.1.1.5.0 = STRING: ...\"");
}

/* --- together ---------------------------------------------------------------------------------------------------------- */

static const char *no_detail(void *arg)
{
    (void)arg;
    return "";
}

static enum reason nothing_thrown_away(void *arg)
{
    (void)arg;
    return REASON_NONE;
}

static const uint8_t *no_engine(void *arg, size_t *len)
{
    (void)arg;
    *len = 0;
    return NULL;
}

void file_walk_read(struct probe_ctx *ctx, struct snmp_know *know, const char *text, size_t len, struct file_aliases *aliases)
{
    struct snmp_recording *r = snmp_recording_parse(text, len);
    struct snmp_recording_account a;
    const char *observed = job_get(probe_job(ctx), "file.observed");
    int64_t when = 0;
    snmp_recording_account(r, &a);
    if (observed == NULL || !iso_parse(observed, &when))
        when = 0;
    if (a.n_values == 0) {
        say_nothing(ctx, &a);
    } else {
        const char *target = target_of(r, aliases), *own = job_get(probe_job(ctx), "target");
        if (target != NULL && own != NULL && strcmp(target, own) == 0)
            target = NULL;
        const struct snmp_agent agent = { .arg = r, .fetch = snmp_recording_fetch, .detail = no_detail, .thrown_away = nothing_thrown_away,
                                          .engine_id = no_engine, .target = target, .answered_at = when, .shows_part = !a.whole };
        snmp_read(ctx, &agent, know);
        say_left_out(ctx, &a);
        say_account(ctx, &a);
    }
    for (size_t i = 0; i < probe_snmp.n_tables && when != 0; i++)
        if (probe_wants(ctx, probe_snmp.tables[i]))
            probe_observed(ctx, probe_snmp.tables[i], when);
    snmp_recording_free(r);
}
