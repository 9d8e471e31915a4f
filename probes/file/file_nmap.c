/* nmap's XML: what a scan met becomes facts, as a document of the scan's own day. Runs in a worker, after the lock. */
#include <string.h>
#include "base/clock.h"
#include "fact/guests.h"
#include "fact/table_arp.h"
#include "fact/table_client_counts.h"
#include "fact/table_listening_ports.h"
#include "probes/file/file_internal.h"
#include "probes/file/file_nmap_parse.h"

struct work { struct probe_ctx *ctx; struct file_aliases *aliases; struct guests *guests; struct guest_tally tally; size_t n_macs; };

/* The device that knows the hardware addresses is the scanner: they are never another target's. */
static void emit_mac(struct work *w, const struct nmap_host *h)
{
    struct fact_row row;
    fact_row_init(&row, &fact_arp);
    fact_set_str(&row, ARP_ADDRESS, h->address);
    fact_set_str(&row, ARP_MAC, h->mac);
    fact_set_str(&row, ARP_TYPE, "dynamic");
    probe_emit(w->ctx, &row);
    w->n_macs++;
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static bool on_host(void *arg, const struct nmap_host *h)
{
    struct work *w = arg;
    const char *target = file_aliases_find(w->aliases, h->address), *own = job_get(probe_job(w->ctx), "target"), *network = NULL;
    if (guests_hold(w->guests, h->address, &network)) {
        guest_tally_add(&w->tally, network);
        return probe_left_ms(w->ctx) > 0;
    }
    if (h->mac[0] != '\0' && probe_wants(w->ctx, &fact_arp))
        emit_mac(w, h);
    for (size_t i = 0; i < h->n_open && probe_wants(w->ctx, &fact_listening_ports); i++) {
        struct fact_row row;
        fact_row_init(&row, &fact_listening_ports);
        fact_set_str(&row, LISTENING_PORTS_PROTOCOL, h->open[i].udp ? "udp" : "tcp");
        fact_set_int(&row, LISTENING_PORTS_PORT, h->open[i].port);
        fact_set_str(&row, LISTENING_PORTS_ADDRESS, h->address);
        if (!is_loopback(h->address))            /* a host that scanned itself proves nothing of the network */
            fact_set_int(&row, LISTENING_PORTS_LOOPBACK_ONLY, 0);
        if (target != NULL && (own == NULL || strcmp(target, own) != 0))
            probe_emit_at(w->ctx, target, &row);
        else
            probe_emit(w->ctx, &row);
    }
    return probe_left_ms(w->ctx) > 0;
}

/* A port that was not tried, or did not answer, may be open to others: rarely is a scan the whole truth about a host. */
static void say_ports(struct probe_ctx *ctx, const struct nmap_report *r)
{
    const struct fact_table *t = &fact_listening_ports;
    if (r->ports[0] == '\0')
        probe_table(ctx, t, STATE_NOT_ASKED, REASON_NOT_IN_FILE, "the scan tried no port: it only looked for hosts");
    else if (!r->tcp_whole)
        probe_table(ctx, t, STATE_PARTIAL, REASON_NOT_IN_FILE, "the scan did not try every TCP port; it tried %s", r->ports);
    else if (!r->udp_whole)
        probe_table(ctx, t, STATE_PARTIAL, REASON_NOT_IN_FILE, "the scan tried every TCP port, but not every UDP port");
    else if (r->n_silent > 0)
        probe_table(ctx, t, STATE_PARTIAL, REASON_NOT_IN_FILE, "%zu ports gave no certain answer to the scanner", r->n_silent);
    if (r->n_up == 0)
        probe_table(ctx, t, STATE_PARTIAL, REASON_NOT_IN_FILE, "no host answered the scan");
    if (r->n_other > 0)
        probe_note(ctx, t, "open ports that are neither TCP nor UDP were left out: %zu", r->n_other);
}

static void say_scan(struct probe_ctx *ctx, const struct nmap_report *r)
{
    char when[ISO_LEN] = "at an unknown time";
    if (r->started > 0)
        iso_format(r->started, when);
    probe_note(ctx, NULL, "nmap %s, begun %s, options %s (values left out); ports tried: %s; hosts up %zu, down %zu. It shows what this scanner could reach from where it stood",
               r->version[0] != '\0' ? r->version : "of unknown version", when, r->options[0] != '\0' ? r->options : "not said",
               r->ports[0] != '\0' ? r->ports : "none", r->n_up, r->n_down);
    if (r->n_without_address > 0)
        probe_note(ctx, NULL, "%zu hosts have no IP address in the file, and were left out", r->n_without_address);
}

/* The scan's own date; the date that the file was registered with, when it has none. */
static int64_t observed_of(struct probe_ctx *ctx, const struct nmap_report *r)
{
    const char *said = job_get(probe_job(ctx), "file.observed");
    int64_t when = r->finished > 0 ? r->finished : r->started;
    if (when == 0 && (said == NULL || !iso_parse(said, &when)))
        when = 0;
    return when;
}

void file_nmap_read(struct probe_ctx *ctx, const char *text, size_t len, struct file_aliases *aliases)
{
    static const struct fact_table *const tables[] = { &fact_arp, &fact_listening_ports, &fact_client_counts };
    struct work w = { .ctx = ctx, .aliases = aliases, .guests = guests_of(probe_job(ctx)) };
    struct nmap_report r;
    nmap_parse(text, len, on_host, &w, &r);
    file_guests_emit(ctx, &w.tally);
    if (!guests_told(w.guests))
        probe_table(ctx, &fact_client_counts, STATE_NOT_ASKED, REASON_NOT_IN_FILE, "the file does not tell which networks are of guests: name them under guest_networks: in site.yaml");
    guests_free(w.guests);
    if (!r.is_nmap) {
        probe_fail(ctx, REASON_BAD_FILE, "%s", r.detail);
        return;
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (!probe_wants(ctx, tables[i]))
            continue;
        probe_observed(ctx, tables[i], observed_of(ctx, &r));
        if (r.reason != REASON_NONE)
            probe_table(ctx, tables[i], STATE_PARTIAL, r.reason, "%s", r.detail);
    }
    if (w.n_macs == 0)
        probe_table(ctx, &fact_arp, STATE_NOT_ASKED, REASON_NOT_IN_FILE, "no hardware address in it: nmap sees them only on its own network, with an administrator's rights");
    else if (r.n_without_mac > 0)
        probe_note(ctx, &fact_arp, "hosts whose hardware address the scanner did not see: %zu of %zu", r.n_without_mac, r.n_up);
    say_ports(ctx, &r);
    say_scan(ctx, &r);
}
