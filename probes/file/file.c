/* The file probe: an evidence file that others exported, through its mapping, to facts. Runs in a worker without network, locked before
 * the first byte of the file is read; the parent opened the file and checked its hash. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/csv.h"
#include "base/mem.h"
#include "fact/evidence_kind.h"
#include "fact/mapping.h"
#include "fact/table_addresses.h"
#include "fact/table_arp.h"
#include "fact/table_client_counts.h"
#include "fact/table_components.h"
#include "fact/table_devices.h"
#include "fact/table_dhcp_scopes.h"
#include "fact/table_directories.h"
#include "fact/table_directory_accounts.h"
#include "fact/table_domains.h"
#include "fact/table_endpoints.h"
#include "fact/table_filesystems.h"
#include "fact/table_hosts.h"
#include "fact/table_interfaces.h"
#include "fact/table_listening_ports.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_memory.h"
#include "fact/table_neighbors.h"
#include "fact/table_network_clients.h"
#include "fact/table_poe.h"
#include "fact/table_poe_ports.h"
#include "fact/table_prefixes.h"
#include "fact/table_printer_supplies.h"
#include "fact/table_printers.h"
#include "fact/table_processors.h"
#include "fact/table_routes.h"
#include "fact/table_storage.h"
#include "fact/table_ups.h"
#include "fact/table_vlan_ports.h"
#include "fact/table_vlans.h"
#include "fact/table_wireless.h"
#include "probes/file/file_internal.h"
#include "probes/file/file_parse.h"
#include "probes/probe.h"
#include "worker/sandbox.h"
#include "worker/worker.h"

#define MAX_FILE (100 * 1024 * 1024)
/* %zu rows, the first of them */
#define UNDECIDED "%zu rows were left out, because the file does not tell whether they are of guests or patients; the first is row %zu. " \
                  "Name their networks under guest_networks: in site.yaml ([] when there are none)"
#define MAX_TEXT (200 * 1024 * 1024)         /* the same in UTF-8 */

/* What files usually tell. Which tables a file does fill is its mapping's matter, which may name any. */
static const struct fact_table *const tables[] = {
    &fact_devices, &fact_hosts, &fact_interfaces, &fact_addresses, &fact_vlans, &fact_vlan_ports, &fact_neighbors, &fact_routes, &fact_arp,
    &fact_mac_addresses, &fact_wireless, &fact_components, &fact_storage, &fact_filesystems, &fact_processors, &fact_memory, &fact_printers,
    &fact_printer_supplies, &fact_ups, &fact_poe, &fact_poe_ports,
    &fact_listening_ports, &fact_endpoints, &fact_domains,
    &fact_dhcp_scopes, &fact_prefixes, &fact_network_clients, &fact_client_counts, &fact_directories, &fact_directory_accounts,
};
_Static_assert(N_ELEMENTS(tables) <= JOB_MAX_TABLES, "one job can ask for all of them");

/* --- before the lock --------------------------------------------------------------------------------------------------- */

static struct mapping *mapping_take(struct probe_ctx *ctx)
{
    size_t len = 0;
    const void *p = job_get_bytes(probe_job(ctx), "file.mapping", &len);
    struct mapping *m = NULL;

    if (p == NULL) {
        probe_fail(ctx, REASON_NO_MAPPING, "no mapping is named for this file");
        return NULL;
    }
    if (mapping_decode(p, len, &m) != 0) {
        probe_fail(ctx, REASON_INTERNAL, "the mapping did not arrive whole");
        return NULL;
    }
    if (strcmp(m->kind, "csv") != 0) {
        probe_fail(ctx, REASON_NO_MAPPING, "files of kind %s cannot be read", m->kind);
        mapping_free(m);
        return NULL;
    }
    return m;
}

/* The encoding that site.yaml names for the file, else the mapping's, else NULL: guess. False when this machine does not know it. */
static bool encoding_find(struct probe_ctx *ctx, const char *of_mapping, const char **out)
{
    *out = job_get(probe_job(ctx), "file.encoding");
    if (*out == NULL)
        *out = of_mapping;
    if (*out == NULL || csv_warm_encoding(*out) == 0)
        return true;
    probe_fail(ctx, REASON_BAD_FILE, "unknown encoding %s", *out);
    return false;
}

/* --- the bytes --------------------------------------------------------------------------------------------------------- */

/* The whole file; NULL after probe_fail(). */
static char *file_read_whole(struct probe_ctx *ctx, int fd, size_t *len)
{
    size_t have = 0;
    /* not fstat: glibc makes it a newfstatat, which the lock refuses; the parent has made sure that it is a regular file */
    off_t size = lseek(fd, 0, SEEK_END);

    if (size < 0 || lseek(fd, 0, SEEK_SET) != 0) {
        probe_fail(ctx, REASON_BAD_FILE, "not a regular file");
        return NULL;
    }
    if (size > MAX_FILE) {
        probe_fail(ctx, REASON_BAD_FILE, "the file is larger than 100 MiB");
        return NULL;
    }
    char *p = xmalloc((size_t)size + 1);
    while (have < (size_t)size) {
        ssize_t n = read(fd, p + have, (size_t)size - have);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        have += (size_t)n;
    }
    if (have == 0) {
        probe_fail(ctx, REASON_BAD_FILE, "the file is empty");
        free(p);
        return NULL;
    }
    *len = have;
    return p;
}

/* In UTF-8, into text; the raw bytes go first, so that both are never held longer than needed. */
static bool text_read(struct probe_ctx *ctx, const char *encoding, struct buf *text)
{
    size_t len = 0;
    char *raw = file_read_whole(ctx, worker_evidence_fd(ctx), &len);
    int rc;

    if (raw == NULL)
        return false;
    rc = csv_to_utf8(raw, len, encoding, text);
    free(raw);
    if (rc != 0)
        probe_fail(ctx, REASON_BAD_FILE, "%s", rc == ERR_LIMIT ? "the file is larger than 200 MiB as UTF-8" : "the file's encoding cannot be read");
    return rc == 0;
}

/* --- what came of it --------------------------------------------------------------------------------------------------- */

struct work { struct probe_ctx *ctx; const char *own_target; };

static bool on_row(void *arg, const char *target, const struct fact_row *row)
{
    struct work *w = arg;

    if (target == NULL || (w->own_target != NULL && strcmp(target, w->own_target) == 0))
        probe_emit(w->ctx, row);
    else
        probe_emit_at(w->ctx, target, row);
    return probe_left_ms(w->ctx) > 0;
}

static const char *type_words(enum fact_type type)
{
    switch (type) {
    case FACT_TIMESTAMP: return "a date";
    case FACT_INTEGER: case FACT_REAL: return "a number";
    case FACT_BOOLEAN: return "yes or no";
    case FACT_ADDRESS: return "an address";
    case FACT_PREFIX: return "a network";
    case FACT_MAC: return "a hardware address";
    default: return "a value";
    }
}

/* What the site says of the file's dates. */
static enum date_order dates_said(const struct probe_ctx *ctx)
{
    const char *text = job_get(probe_job(ctx), "file.dates");
    enum date_order order = DATES_UNKNOWN;

    if (text != NULL)
        (void)date_order_parse(text, &order);            /* the parent has checked it */
    return order;
}

/* Which columns the file has nothing for, in one note. */
static void absent_note(struct probe_ctx *ctx, const struct mapping_table *t, const struct file_table_result *r)
{
    struct buf names = BUF_INIT(FACT_MAX_COLUMNS * 64);

    for (size_t i = 0; i < t->n_columns; i++) {
        if (!r->columns[i].present)
            buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", t->table->columns[t->columns[i].column].name);
    }
    if (names.len > 0)
        probe_note(ctx, t->table, "the file has no headings for: %s. They stay unknown", buf_str(&names));
    buf_clear(&names);
}

static void dates_unknown(struct probe_ctx *ctx, const struct mapping_table *t, const struct file_column_result *c)
{
    enum date_order said = dates_said(ctx);
    const bool month = c->month_first != 0, day = c->day_first != 0;

    if (month && day)
        probe_note(ctx, t->table, NOTE_DATES "in \"%s\" row %zu has the month first and row %zu the day, so that none of its %zu dates can be believed (the first is in row %zu). "
                   "Ask for the file with dates like 2026-11-05", c->heading, c->month_first, c->day_first, c->n_ambiguous, c->first_ambiguous);
    else if (c->order == DATES_CONTRADICT)
        probe_note(ctx, t->table, NOTE_DATES "dates: %s is written for this file, but in row %zu \"%s\" has the %s first, so that none of its %zu dates can be believed (the first is in row %zu). "
                   "Correct or remove dates:", date_order_name(said), month ? c->month_first : c->day_first, c->heading, month ? "month" : "day", c->n_ambiguous, c->first_ambiguous);
    else
        probe_note(ctx, t->table, NOTE_DATES "%zu of \"%s\" may have the month or the day first, and no row of the file tells (the first is row %zu). Ask who exported it, and write "
                   "dates: month-first or dates: day-first beside as: of this file, in site.yaml or evidence/index.yaml", c->n_ambiguous, c->heading, c->first_ambiguous);
}

/* How a column's dates were read, where the file left a choice. */
static void dates_note(struct probe_ctx *ctx, const struct mapping_table *t, const struct file_column_result *c)
{
    const size_t shows = c->order == DATES_MONTH_FIRST ? c->month_first : c->day_first;

    if (c->n_ambiguous > 0)
        dates_unknown(ctx, t, c);
    else if (date_order_name(c->order) != NULL && shows != 0)
        probe_note(ctx, t->table, "the dates of \"%s\" were read %s, as row %zu shows", c->heading, date_order_name(c->order), shows);
    else if (date_order_name(c->order) != NULL && c->present)
        probe_note(ctx, t->table, "the dates of \"%s\" were read %s, as is written for this file", c->heading, date_order_name(c->order));
}

/* The places in words: "12 values of "Last seen" could not be read as a date; the first is in row 7". */
static void column_notes(struct probe_ctx *ctx, const struct mapping_table *t, const struct file_table_result *r)
{
    absent_note(ctx, t, r);
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct mapping_column *c = &t->columns[i];
        size_t n = r->columns[i].n_bad;

        if (n > 0)
            probe_note(ctx, t->table, "%zu %s of \"%s\" could not be read as %s; the first is in row %zu", n, n == 1 ? "value" : "values",
                       r->columns[i].heading, type_words(t->table->columns[c->column].type), r->columns[i].first_bad);
        dates_note(ctx, t, &r->columns[i]);
    }
}

static void table_say(struct probe_ctx *ctx, const struct mapping_table *t, const struct file_table_result *r, const struct file_result *f)
{
    if (!r->usable) {
        probe_table(ctx, t->table, STATE_FAILED, REASON_BAD_FILE, "no heading %s in row %zu", r->lacks, f->header_record);
        return;
    }
    column_notes(ctx, t, r);
    if (f->repeated_heading[0] != '\0')
        probe_note(ctx, t->table, "the heading \"%s\" stands more than once: the first is used", f->repeated_heading);
    if (f->n_remarks > 0)
        probe_note(ctx, t->table, "rows that are a sum or a remark, and were left out: %zu; the first is row %zu", f->n_remarks, f->first_remark);
    if (r->n_incomplete > 0)
        probe_note(ctx, t->table, "%zu rows without a required value were left out; the first is row %zu", r->n_incomplete, r->first_incomplete);
    if (f->reason != REASON_NONE)
        probe_table(ctx, t->table, r->rows > 0 ? STATE_PARTIAL : STATE_FAILED, f->reason, "%s", f->detail);
    if (f->n_shifted > 0)
        probe_table(ctx, t->table, STATE_PARTIAL, REASON_BAD_FILE, "%zu rows have more values than there are headings and were left out; the first is row %zu",
                    f->n_shifted, f->first_shifted);
    if (r->n_unreadable > 0)
        probe_table(ctx, t->table, STATE_PARTIAL, REASON_BAD_FILE, "%zu rows were left out because a required value could not be read; the first is row %zu",
                    r->n_unreadable, r->first_unreadable);
    if (f->n_undecided > 0 && t->guests.n > 0)
        probe_table(ctx, t->table, STATE_PARTIAL, REASON_NOT_IN_FILE, UNDECIDED, f->n_undecided, f->first_undecided);
    if (r->rows == 0 && t->table->min_rows > 0)
        probe_table(ctx, t->table, STATE_FAILED, REASON_BAD_FILE, "no row of the file is about %s", t->table->name);
}

void file_guests_emit(struct probe_ctx *ctx, const struct guest_tally *tally)
{
    for (size_t i = 0; i < tally->n && probe_wants(ctx, &fact_client_counts); i++) {
        struct fact_row row;

        fact_row_init(&row, &fact_client_counts);
        fact_set_str(&row, CLIENT_COUNTS_NETWORK, tally->v[i].network);
        fact_set_int(&row, CLIENT_COUNTS_CLIENTS, (int64_t)tally->v[i].clients);
        probe_emit(ctx, &row);
    }
}

/* The count is as whole as the list that was counted. */
static void counts_say(struct probe_ctx *ctx, const struct mapping *m, const struct file_result *f)
{
    const struct fact_table *t = &fact_client_counts;
    const char *when = job_get(probe_job(ctx), "file.observed");
    bool usable = false;
    int64_t observed;

    for (size_t i = 0; i < m->n_tables; i++)
        usable = usable || (m->tables[i].guests.n > 0 && f->tables[i].usable);
    if (!probe_wants(ctx, t) || !usable)
        return;
    if (when != NULL && iso_parse(when, &observed))
        probe_observed(ctx, t, observed);
    probe_table(ctx, t, STATE_COMPLETE, REASON_NONE, "%s", "");
    file_guests_emit(ctx, &f->guests);
    if (f->reason != REASON_NONE)
        probe_table(ctx, t, STATE_PARTIAL, f->reason, "%s", f->detail);
    if (f->n_undecided > 0)
        probe_table(ctx, t, STATE_PARTIAL, REASON_NOT_IN_FILE, UNDECIDED, f->n_undecided, f->first_undecided);
    if (f->n_shifted > 0)
        probe_table(ctx, t, STATE_PARTIAL, REASON_BAD_FILE, "%zu rows have more values than there are headings, and were not counted", f->n_shifted);
    if (probe_left_ms(ctx) == 0)
        probe_table(ctx, t, STATE_PARTIAL, REASON_TIMEOUT, "out of time");
}

static void outcome_say(struct probe_ctx *ctx, const struct mapping *m, const struct file_result *f)
{
    int64_t observed;
    const char *when = job_get(probe_job(ctx), "file.observed");

    for (size_t t = 0; t < m->n_tables; t++) {
        if (when != NULL && iso_parse(when, &observed))
            probe_observed(ctx, m->tables[t].table, observed);
        probe_table(ctx, m->tables[t].table, STATE_COMPLETE, REASON_NONE, "%s", "");     /* what is worse stands */
        if (f->header_record == 0)
            probe_table(ctx, m->tables[t].table, STATE_FAILED, f->reason, "%s", f->detail);
        else
            table_say(ctx, &m->tables[t], &f->tables[t], f);
        if (probe_left_ms(ctx) == 0)
            probe_table(ctx, m->tables[t].table, STATE_PARTIAL, REASON_TIMEOUT, "out of time");
    }
    counts_say(ctx, m, f);
    if (f->header_record == 0)
        probe_fail(ctx, f->reason, "%s", f->detail);
    probe_fail(ctx, REASON_NO_MAPPING, "the mapping does not fill this table");      /* what is wanted and was not said yet */
}

/* --- together ---------------------------------------------------------------------------------------------------------- */

static void read_csv(struct probe_ctx *ctx, const struct mapping *m, const char *encoding)
{
    struct buf text = BUF_INIT(MAX_TEXT);
    struct file_result *result = xcalloc(1, sizeof(*result));
    struct work w = { ctx, job_get(probe_job(ctx), "target") };
    bool wanted[MAPPING_MAX_TABLES];

    for (size_t t = 0; t < m->n_tables; t++)
        wanted[t] = probe_wants(ctx, m->tables[t].table);
    if (text_read(ctx, encoding, &text)) {
        struct file_aliases *aliases = file_aliases_of(probe_job(ctx));

        struct guests *guests = guests_of(probe_job(ctx));
        const struct file_how how = { .wanted = wanted, .aliases = aliases, .dates = dates_said(ctx), .guests = guests, .fn = on_row, .arg = &w };

        file_csv_parse(m, &how, buf_str(&text), text.len, result);
        guests_free(guests);
        file_aliases_free(aliases);
        outcome_say(ctx, m, result);
    }
    buf_clear(&text);
    free(result);
}

static void collect_csv(struct probe_ctx *ctx)
{
    struct mapping *m = mapping_take(ctx);
    const char *encoding;

    if (m == NULL)
        return;
    if (encoding_find(ctx, m->encoding, &encoding) && sandbox_lock(ctx, SANDBOX_FILE) == 0)
        read_csv(ctx, m, encoding);
    mapping_free(m);
}

static int collect_walk(struct probe_ctx *ctx)
{
    struct buf text = BUF_INIT(MAX_TEXT);
    struct snmp_know *know = NULL;
    const char *encoding;
    size_t len = 0;
    const void *rules = job_get_bytes(probe_job(ctx), "snmp.rules", &len);

    if (rules != NULL && probe_wants(ctx, &fact_devices) && (know = snmp_know_new(rules, len)) == NULL)
        return ERR_FORMAT;           /* the parent has checked them */
    if (encoding_find(ctx, NULL, &encoding) && sandbox_lock(ctx, SANDBOX_FILE) == 0 && text_read(ctx, encoding, &text)) {
        struct file_aliases *aliases = file_aliases_of(probe_job(ctx));

        file_walk_read(ctx, know, buf_str(&text), text.len, aliases);
        file_aliases_free(aliases);
    }
    snmp_know_free(know);
    buf_clear(&text);
    return 0;
}

/* Kinds whose readers want nothing but the text. */
static void collect_text(struct probe_ctx *ctx, const char *kind)
{
    struct buf text = BUF_INIT(MAX_TEXT);
    const char *encoding;

    if (encoding_find(ctx, NULL, &encoding) && sandbox_lock(ctx, SANDBOX_FILE) == 0 && text_read(ctx, encoding, &text)) {
        struct file_aliases *aliases = file_aliases_of(probe_job(ctx));

        if (strcmp(kind, "nmap") == 0)
            file_nmap_read(ctx, buf_str(&text), text.len, aliases);
        else
            file_leases_read(ctx, strcmp(kind, "kea-leases") == 0, buf_str(&text), text.len, aliases);
        file_aliases_free(aliases);
    }
    buf_clear(&text);
}

static int collect(struct probe_ctx *ctx)
{
    const char *kind = job_get(probe_job(ctx), "file.kind");

    if (worker_evidence_fd(ctx) < 0)
        probe_fail(ctx, REASON_FILE_MISSING, "the file could not be opened");
    else if (kind != NULL && strcmp(kind, "snmpwalk") == 0)
        return collect_walk(ctx);
    else if (kind != NULL && evidence_kind_find(kind) != NULL)
        collect_text(ctx, kind);
    else
        collect_csv(ctx);
    return 0;
}

static void explain(FILE *out)
{
    fputs("file: reads one evidence file that was added with `preop evidence add`; sends nothing, opens no socket.\n\n"
          "The file's columns become facts by its mapping (`as:` in site.yaml): only headings that the\n"
          "mapping names are read, everything else in the file is skipped. Encodings: UTF-8, UTF-16 and\n"
          "CP1252 are recognised, others are named in the mapping. Separators: comma, semicolon, tab, |.\n"
          "Clients in networks of guests and patients are counted (client_counts), and nothing else of them is\n"
          "kept: networks that say so in their name, and those under guest_networks: in site.yaml.\n"
          "A value that cannot be read stays unknown, and is counted in a note. At most 100 MiB.\n\n"
          "Kinds of files that need no mapping:\n", out);
    for (size_t i = 0; i < evidence_n_kinds; i++)
        fprintf(out, "    as: %-16s %s\n", evidence_kinds[i].name, evidence_kinds[i].title);
    fputs("snmpwalk is read as if the device had answered the snmp probe itself: the same objects become the same\n"
          "facts (`preop explain --probe snmp` lists both), as a document. What stands in its text beside\n"
          "values, a community among it, is not read.\n\n"
          "nmap: addresses with hardware addresses become arp, open TCP and UDP ports listening_ports; the scan's\n"
          "own date is theirs. A port that was not tried or gave no answer stays unknown. Guesses at systems and\n"
          "services, outputs of scripts and the values of nmap's options are not read.\n\n"
          "dhcpd-leases, kea-leases: the last entry of each address becomes network_clients: address, hardware\n"
          "address, name, state, end. A lease tells its address only: without guest_networks: in site.yaml ([] when\n"
          "there are none) all are left out. Client identifiers and options are not read.\n\n"
          "A mapping may fill any fact table (`preop facts --schema`); files usually tell of these:\n", out);
    for (size_t i = 0; i < N_ELEMENTS(tables); i++)
        fprintf(out, "    %-20s %s\n", tables[i]->name, tables[i]->summary);
}

const struct probe probe_file = {
    .name = "file",
    .summary = "evidence that others exported: CSV through a mapping, text of snmpwalk, XML of nmap, leases of DHCP servers",
    .permission = "file",
    .credential = CREDENTIAL_NONE,
    .tables = tables,
    .n_tables = N_ELEMENTS(tables),
    .port = 0,
    .deadline_ms = 120000,
    .warm = csv_warm,
    .collect = collect,
    .explain = explain,
};
