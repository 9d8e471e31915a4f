/* The ldap probe: reads a directory's root DSE and its accounts. Runs in a worker, locked before the first byte of the server.
 * Order: TLS; then, nobody yet, the root DSE and whether accounts are shown to anybody; then one bind; then the accounts. */
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "fact/table_directories.h"
#include "fact/table_directory_accounts.h"
#include "probes/ldap/ldap_parse.h"
#include "probes/probe.h"
#include "worker/ldap_session.h"

#define DEFAULT_MAX_ROWS 1000000

static const struct fact_table *const tables[] = { &fact_directories, &fact_directory_accounts };

struct work {
    struct probe_ctx *ctx;
    struct ldap_session *session;
    struct ldap_root root;
    int64_t asked_at;                /* our clock when the root DSE came */
    int anonymous_read;              /* 1, 0, -1 not known */
    struct ldap_account_texts texts;
    struct ldap_account_counts counts;
};

/* --- the root DSE ----------------------------------------------------------------------------------------------------- */

static bool on_root(void *arg, const struct ldap_entry *e)
{
    struct work *w = arg;

    if (!w->root.seen) {
        w->asked_at = clock_now();
        ldap_root_parse(&w->root, e);
    }
    return true;
}

static void read_root(struct work *w, struct ldap_outcome *out)
{
    const struct ldap_query q = { .base = "", .scope = LDAP_READ_BASE, .filter = "(objectClass=*)", .attributes = ldap_root_attributes, .max_entries = 1 };

    ldap_session_search(w->session, &q, on_root, w, out);
}

static bool on_any(void *arg, const struct ldap_entry *e)
{
    (void)e;
    *(bool *)arg = true;
    return true;
}

static const char *search_base(const struct work *w)
{
    const char *base = job_get(probe_job(w->ctx), "ldap.base");

    return base != NULL ? base : w->root.naming_context;
}

/* Are accounts shown to anybody? Asked before the bind, for one account and none of its attributes. */
static void try_anonymous(struct work *w)
{
    static const char *const nothing[] = { "1.1", NULL };
    const struct ldap_query q = { .base = search_base(w), .scope = LDAP_READ_SUBTREE, .filter = ldap_account_filter(w->root.flavour),
                                  .attributes = nothing, .first_only = true, .max_entries = 1 };
    struct ldap_outcome out;
    bool seen = false;

    if (q.base == NULL)
        return;
    ldap_session_search(w->session, &q, on_any, &seen, &out);
    if (seen)
        w->anonymous_read = 1;
    else if (out.reason == REASON_NONE || out.reason == REASON_ACCESS_DENIED || out.reason == REASON_STRONGER_AUTH || out.reason == REASON_EMPTY)
        w->anonymous_read = 0;
}

static void set_level(struct fact_row *row, int column, int level)
{
    if (level >= 0)
        fact_set_int(row, column, level);
}

static void emit_directory(struct work *w)
{
    const struct ldap_tls_facts *tls = ldap_session_tls(w->session);
    const struct ldap_root *r = &w->root;
    struct fact_row row;
    char not_after[ISO_LEN];

    fact_row_init(&row, &fact_directories);
    fact_set_str(&row, DIRECTORIES_NAMING_CONTEXT, r->naming_context);
    fact_set_str(&row, DIRECTORIES_PRODUCT, r->product);
    fact_set_str(&row, DIRECTORIES_VENDOR_NAME, r->vendor_name);
    fact_set_str(&row, DIRECTORIES_VENDOR_VERSION, r->vendor_version);
    fact_set_str(&row, DIRECTORIES_DNS_HOST_NAME, r->dns_host_name);
    set_level(&row, DIRECTORIES_DOMAIN_LEVEL, r->domain_level);
    set_level(&row, DIRECTORIES_FOREST_LEVEL, r->forest_level);
    set_level(&row, DIRECTORIES_DC_LEVEL, r->dc_level);
    set_level(&row, DIRECTORIES_PROTOCOL_VERSION, r->protocol_version);
    fact_set_str(&row, DIRECTORIES_SASL_MECHANISMS, r->sasl_mechanisms);
    set_level(&row, DIRECTORIES_START_TLS, tls->by_start_tls ? 1 : r->start_tls);        /* Samba does it and does not say so */
    set_level(&row, DIRECTORIES_PAGED_RESULTS, r->paged_results);
    set_level(&row, DIRECTORIES_ANONYMOUS_READ, w->anonymous_read);
    fact_set_int(&row, DIRECTORIES_TLS_USED, tls->used);
    if (tls->version[0] != '\0')
        fact_set_str(&row, DIRECTORIES_TLS_VERSION, tls->version);
    if (tls->not_after > 0) {
        iso_format(tls->not_after, not_after);
        fact_set_str(&row, DIRECTORIES_CERTIFICATE_NOT_AFTER, not_after);
    }
    if (r->has_time)
        fact_set_int(&row, DIRECTORIES_CLOCK_OFFSET_S, r->current_time - w->asked_at);
    probe_emit(w->ctx, &row);
}

/* --- accounts --------------------------------------------------------------------------------------------------------- */

static bool on_account(void *arg, const struct ldap_entry *e)
{
    struct work *w = arg;
    struct fact_row row;

    if (ldap_account_parse(w->root.flavour, e, &row, &w->texts, &w->counts))
        probe_emit(w->ctx, &row);
    return probe_left_ms(w->ctx) > 0;
}

static void account_notes(struct work *w, const struct ldap_outcome *out)
{
    const struct ldap_account_counts *c = &w->counts;

    if (c->no_id > 0)
        probe_note(w->ctx, &fact_directory_accounts, "%zu accounts show no unchanging id to this login (objectGUID, entryUUID): they are told apart by their order", c->no_id);
    if (c->no_control > 0)
        probe_note(w->ctx, &fact_directory_accounts, "userAccountControl of %zu accounts is not readable for this login: whether they are enabled is unknown", c->no_control);
    if (c->skipped_trusts > 0)
        probe_note(w->ctx, &fact_directory_accounts, "%zu accounts of trusts between domains were left out", c->skipped_trusts);
    if (out->n_references > 0)
        probe_note(w->ctx, &fact_directory_accounts, "references to other directories that were not followed: %zu", out->n_references);
}

/* Partial where some rows are right; else what the reason usually means. */
static void say_outcome(struct work *w, const struct fact_table *t, const struct ldap_outcome *out, const char *doing)
{
    enum state state = out->partial ? STATE_PARTIAL : reason_info(out->reason)->state;

    probe_table(w->ctx, t, state, out->reason, "%s: %s", doing, out->detail);
}

static void read_accounts(struct work *w)
{
    const struct ldap_query q = { .base = search_base(w), .scope = LDAP_READ_SUBTREE, .filter = ldap_account_filter(w->root.flavour),
                                  .attributes = ldap_account_attributes(w->root.flavour), .paged = true, .paging_known = w->root.paged_results == 1,
                                  .max_entries = (size_t)job_get_int(probe_job(w->ctx), "max_rows", DEFAULT_MAX_ROWS) };
    struct ldap_outcome out;

    if (q.base == NULL) {
        probe_table(w->ctx, &fact_directory_accounts, STATE_FAILED, REASON_EMPTY, "the root DSE names no tree to search");
        return;
    }
    ldap_session_search(w->session, &q, on_account, w, &out);
    account_notes(w, &out);
    if (out.reason != REASON_NONE)
        say_outcome(w, &fact_directory_accounts, &out, "reading accounts");
    else if (probe_left_ms(w->ctx) == 0)
        probe_table(w->ctx, &fact_directory_accounts, STATE_PARTIAL, REASON_TIMEOUT, "out of time after %zu accounts", w->counts.rows);
    else if (w->counts.rows == 0)
        probe_table(w->ctx, &fact_directory_accounts, STATE_FAILED, REASON_EMPTY, "no account below %s is shown to this login", q.base);
}

/* --- together --------------------------------------------------------------------------------------------------------- */

/* The root DSE is public by its standard; where a server hides it from strangers it is asked for again after the bind. */
static bool learn_root(struct work *w, bool *bound)
{
    struct ldap_outcome out;

    read_root(w, &out);
    if (w->root.seen) {
        try_anonymous(w);
        return true;
    }
    if (out.code < 0) {              /* no conversation: nothing further will help */
        probe_fail(w->ctx, out.reason, "reading the root DSE: %s", out.detail);
        return false;
    }
    ldap_session_bind(w->session, &out);
    *bound = true;
    if (out.reason != REASON_NONE) {
        probe_fail(w->ctx, out.reason, "login: %s", out.detail);
        return false;
    }
    read_root(w, &out);
    if (w->root.seen)
        return true;
    probe_fail(w->ctx, out.reason != REASON_NONE ? out.reason : REASON_EMPTY, "reading the root DSE: %s", out.detail);
    return false;
}

static void converse(struct work *w)
{
    struct ldap_outcome out = { .reason = REASON_NONE };
    bool bound = false;

    if (!learn_root(w, &bound))
        return;
    if (probe_wants(w->ctx, &fact_directories))
        emit_directory(w);
    /* No password is shown for what everybody may read. */
    if (!probe_wants(w->ctx, &fact_directory_accounts))
        return;
    if (!bound)
        ldap_session_bind(w->session, &out);
    if (out.reason != REASON_NONE)
        say_outcome(w, &fact_directory_accounts, &out, "login");
    else
        read_accounts(w);
}

/* For `discover`: what everybody may read, and no more. No log-in, no search below it. */
static void look(struct work *w)
{
    struct ldap_outcome out;

    read_root(w, &out);
    if (w->root.seen)
        emit_directory(w);
    else
        probe_fail(w->ctx, out.reason != REASON_NONE ? out.reason : REASON_EMPTY, "reading the root DSE: %s", out.detail);
}

static int collect(struct probe_ctx *ctx)
{
    struct work w = { .ctx = ctx, .anonymous_read = -1 };
    const char *mode = job_get(probe_job(ctx), "mode");

    ldap_root_init(&w.root);
    if (ldap_session_open(ctx, &w.session) == 0 && (mode == NULL || strcmp(mode, "trust") != 0)) {
        if (mode != NULL && strcmp(mode, "discover") == 0)
            look(&w);
        else
            converse(&w);
    }
    ldap_session_close(w.session);
    ldap_root_clear(&w.root);
    return 0;
}

static void explain_list(FILE *out, const char *const *names)
{
    size_t width = 4;

    fputs("   ", out);
    for (size_t i = 0; names[i] != NULL; i++) {
        size_t len = strlen(names[i]) + 1;

        if (width + len > 78) {
            fputs("\n   ", out);
            width = 4;
        }
        fprintf(out, " %s", names[i]);
        width += len;
    }
    fputc('\n', out);
}

static void explain(FILE *out)
{
    fputs("ldap: one connection to the directory server; only bind, search and unbind are sent.\n\n"
          "1. ldaps:// starts TLS at once; ldap:// sends StartTLS first and stops when it is refused;\n"
          "   ldap+plain:// stays open to readers on the way, and must be asked for by that name.\n"
          "   The server's certificate must be valid, of a known authority, and name the host.\n"
          "2. Before the login, the root DSE (base \"\", scope base), these attributes:\n", out);
    explain_list(out, ldap_root_attributes);
    fputs("3. Before the login, whether accounts are shown to anybody: one search as in 5, for one\n"
          "   entry, none of its attributes.\n"
          "4. One bind as the credential says: simple, SASL EXTERNAL or anonymous. It is tried once.\n"
          "   Left out when only the table directories is asked for.\n"
          "5. The accounts below the naming context (or the credential's base), scope subtree, in\n"
          "   pages of 500 (control 1.2.840.113556.1.4.319); referrals are not followed.\n"
          "   Active Directory and Samba:\n    ", out);
    fputs(ldap_account_filter(LDAP_FLAVOUR_AD), out);
    fputc('\n', out);
    explain_list(out, ldap_ad_account_attributes);
    fputs("   Other directories:\n    ", out);
    fputs(ldap_account_filter(LDAP_FLAVOUR_OTHER), out);
    fputc('\n', out);
    explain_list(out, ldap_other_account_attributes);
    fputs("\nNever asked for: description, info, comment, userPassword, LAPS and BitLocker values.\n", out);
}

const struct probe probe_ldap = {
    .name = "ldap",
    .summary = "directories over LDAP: server, encryption, accounts",
    .permission = "ldap",
    .credential = CREDENTIAL_LDAP,
    .tables = tables,
    .n_tables = N_ELEMENTS(tables),
    .port = 636,
    .deadline_ms = 300000,
    .warm = ldap_session_warm,
    .collect = collect,
    .explain = explain,
};
