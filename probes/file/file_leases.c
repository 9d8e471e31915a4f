/* A DHCP server's own file of leases: who has which address becomes network_clients, as a document; those in networks of guests and patients are
 * counted, and nothing else of them is kept. Runs in a worker, after the lock. */
#include "fact/guests.h"

#include <string.h>
#include "base/clock.h"
#include "fact/table_client_counts.h"
#include "fact/table_network_clients.h"
#include "probes/file/file_internal.h"
#include "probes/file/file_leases_parse.h"

struct work {
    struct probe_ctx *ctx;
    struct file_aliases *aliases;
    struct guests *guests;
    struct guest_tally tally;
    size_t n_undecided, n_never_used;
};

/* An address that nobody holds and nobody is known to have held is no client. */
static bool is_nobodys(const struct lease *l)
{
    return l->mac[0] == '\0' && l->name == NULL && (l->state == NULL || (strcmp(l->state, "Active") != 0 && strcmp(l->state, "ActiveReservation") != 0));
}

static void emit(struct work *w, const struct lease *l, const char *address)
{
    const char *target = file_aliases_find(w->aliases, address), *own = job_get(probe_job(w->ctx), "target");
    char ends[ISO_LEN], scope[24];
    struct fact_row row;
    fact_row_init(&row, &fact_network_clients);
    fact_set_str(&row, NETWORK_CLIENTS_ADDRESS, address);
    fact_set_str(&row, NETWORK_CLIENTS_MAC, l->mac[0] == '\0' ? NULL : l->mac);
    fact_set_text(&row, NETWORK_CLIENTS_NAME, l->name, l->name_len);
    fact_set_str(&row, NETWORK_CLIENTS_LEASE_STATE, l->state);
    if (l->scope >= 0) {
        snprintf(scope, sizeof scope, "%lld", (long long)l->scope);
        fact_set_str(&row, NETWORK_CLIENTS_SCOPE, scope);
    }
    if (l->ends > 0) {
        iso_format(l->ends, ends);
        fact_set_str(&row, NETWORK_CLIENTS_LEASE_EXPIRES_AT, ends);
    }
    if (target != NULL && (own == NULL || strcmp(target, own) != 0))
        probe_emit_at(w->ctx, target, &row);
    else
        probe_emit(w->ctx, &row);
}

static bool on_lease(void *arg, const struct lease *l)
{
    struct work *w = arg;
    const char *network = NULL;
    char address[IP_TEXT];
    ip_format(&l->ip, address);
    if (is_nobodys(l))
        w->n_never_used++;
    else if (!guests_told(w->guests))
        w->n_undecided++;
    else if (guests_hold(w->guests, address, &network))
        guest_tally_add(&w->tally, network);
    else if (probe_wants(w->ctx, &fact_network_clients))
        emit(w, l, address);
    return probe_left_ms(w->ctx) > 0;
}

static void say_table(struct work *w, const struct fact_table *t, const struct leases_report *r, bool is_kea)
{
    const char *observed = job_get(probe_job(w->ctx), "file.observed");
    int64_t when;
    if (!probe_wants(w->ctx, t))
        return;
    if (observed != NULL && iso_parse(observed, &when))
        probe_observed(w->ctx, t, when);
    if (r->reason != REASON_NONE)
        probe_table(w->ctx, t, r->reason == REASON_LIMIT ? STATE_FAILED : STATE_PARTIAL, r->reason, "%s", r->detail);
    if (r->n_unread > 0)
        probe_table(w->ctx, t, STATE_PARTIAL, REASON_BAD_FILE, "%zu entries could not be read, and no lease of their addresses was kept; the first is in line %zu", r->n_unread, r->first_unread);
    if (w->n_undecided > 0)
        probe_table(w->ctx, t, STATE_PARTIAL, REASON_NOT_IN_FILE, FILE_LEASES_UNDECIDED, w->n_undecided);
    if (is_kea && r->n_headings == 1)
        probe_table(w->ctx, t, STATE_PARTIAL, REASON_NOT_IN_FILE, "Kea keeps older leases beside it, in files whose names end in .2 and .1: join them, oldest first (cat kea-leases4.csv.2 kea-leases4.csv.1 kea-leases4.csv)");
}

static void say_notes(struct work *w, const struct leases_report *r)
{
    probe_note(w->ctx, NULL, "entries in the file: %zu; of them replaced by a later one of the same address: %zu; addresses whose lease was removed: %zu, that nobody is known to have had: %zu",
               r->n_entries, r->n_earlier, r->n_removed, w->n_never_used);
    if (r->n_bad_ends > 0)
        probe_note(w->ctx, &fact_network_clients, "%zu ends of leases are no time, and stay unknown; the first is in line %zu", r->n_bad_ends, r->first_bad_ends);
    if (r->n_prefixes > 0)
        probe_note(w->ctx, NULL, "%zu entries are of whole prefixes, given to routers, and were left out", r->n_prefixes);
}

void file_leases_read(struct probe_ctx *ctx, bool is_kea, const char *text, size_t len, struct file_aliases *aliases)
{
    struct work w = { .ctx = ctx, .aliases = aliases, .guests = guests_of(probe_job(ctx)) };
    struct leases_report r;
    (is_kea ? leases_parse_kea : leases_parse_dhcpd)(text, len, on_lease, &w, &r);
    if (r.is_leases) {
        say_table(&w, &fact_network_clients, &r, is_kea);
        say_table(&w, &fact_client_counts, &r, is_kea);
        file_guests_emit(ctx, &w.tally);
        say_notes(&w, &r);
    } else
        probe_fail(ctx, r.reason, "%s", r.detail);
    guests_free(w.guests);
}
