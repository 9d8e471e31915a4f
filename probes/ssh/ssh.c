/* The ssh probe: one login, one script, three fact tables. Runs in a worker; the talking is worker/ssh_session.h's, the reading of the output
 * ssh_parse.h's, and what is sent stands in ssh_script.c. */
#include "probes/probe.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "fact/table_filesystems.h"
#include "fact/table_hosts.h"
#include "fact/table_listening_ports.h"
#include "probes/ssh/ssh_parse.h"
#include "probes/ssh/ssh_script.h"
#include "worker/ssh_session.h"

#define OUTPUT_MAX ((size_t)4 * 1024 * 1024)
#define WORDS 120                    /* bytes of a host's complaint that a detail shows */

static const struct fact_table *const tables[] = { &fact_hosts, &fact_filesystems, &fact_listening_ports };

/* --- where the parsers' rows go -------------------------------------------------------------------------------------- */

static void sink_row(void *ctx, const struct fact_row *row)
{
    probe_emit(ctx, row);
}

static void sink_table(void *ctx, const struct fact_table *t, enum state state, enum reason reason, const char *detail)
{
    probe_table(ctx, t, state, reason, "%s", detail);
}

static void sink_note(void *ctx, const struct fact_table *t, const char *text)
{
    probe_note(ctx, t, "%s", text);
}

/* --- what came back -------------------------------------------------------------------------------------------------- */

/* The first line with something printable in it. */
static void first_words(struct span s, char out[WORDS + 1])
{
    size_t n = 0;
    s = span_trim(s);
    while (n < s.len && n < WORDS && s.p[n] != '\n' && s.p[n] != '\r') {
        out[n] = s.p[n] >= 0x20 && s.p[n] < 0x7f ? s.p[n] : '?';
        n++;
    }
    out[n] = '\0';
}

/* Failed, whatever state the reason usually means: nothing was read. */
static void fail_all(struct probe_ctx *ctx, enum reason reason, const char *said)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        probe_table(ctx, tables[i], STATE_FAILED, reason, "the host took the login and then did not run the script.%s", said);
}

/* The script never began: a forced command, an account without a shell, or a host without /bin/sh. */
static void fail_command(struct probe_ctx *ctx, const struct ssh_result *r, const struct ssh_output *o)
{
    char words[WORDS + 1], said[WORDS + 16] = "";
    struct span err = { .p = r->err.len ? r->err.data : "", .len = r->err.len };
    size_t at;
    first_words(span_trim(err).len ? err : o->noise, words);
    if (words[0])
        snprintf(said, sizeof(said), " It said: %s", words);
    if (r->cut == REASON_TIMEOUT || r->cut == REASON_CONNECTION_LOST)
        fail_all(ctx, r->cut, said);
    else if (r->exit == 127 || span_find(err, "not recognized", &at) || span_find(err, "cannot find the path", &at))
        probe_fail(ctx, REASON_COMMAND_FAILED, "the host has no /bin/sh (Windows, or network gear): read it another way.%s", said);
    else if (r->signal[0])
        probe_fail(ctx, REASON_COMMAND_FAILED, "the script was ended by signal %s.%s", r->signal, said);
    else
        probe_fail(ctx, REASON_COMMAND_FAILED, "the account runs no script (exit status %d): it needs a login shell and no ForceCommand or command= in authorized_keys.%s", r->exit, said);
}

static void parse(struct probe_ctx *ctx, const struct ssh_result *r, const char *nonce)
{
    const struct ssh_sink sink = { .ctx = ctx, .row = sink_row, .table = sink_table, .note = sink_note };
    struct ssh_reading reading = { .now = r->first_at, .cut = r->cut };
    struct ssh_output *o = xcalloc(1, sizeof(*o));
    ssh_output_split(r->out.len ? r->out.data : "", r->out.len, nonce, o);
    if (!o->finished && reading.cut == REASON_NONE)
        reading.cut = REASON_COMMAND_FAILED;             /* it began and ended early: killed, or its shell broke off */
    if (o->n == 0) {
        fail_command(ctx, r, o);
        free(o);
        return;
    }
    if (probe_wants(ctx, &fact_hosts))
        ssh_parse_hosts(o, &reading, &sink);
    if (probe_wants(ctx, &fact_listening_ports))
        ssh_parse_listening_ports(o, &reading, &sink);
    if (probe_wants(ctx, &fact_filesystems))
        ssh_parse_filesystems(o, &reading, &sink);
    free(o);
}

static void log_script(struct probe_ctx *ctx, const char *to)
{
    char hex[SHA256_HEX], what[160];
    sha256_hex(ssh_script, ssh_script_len(), hex);
    snprintf(what, sizeof(what), "SSH exec " SSH_SCRIPT_COMMAND ": the script of `explain --probe ssh`, %zu bytes, SHA-256 %.12s", ssh_script_len(), hex);
    probe_pace(ctx);
    probe_asked(ctx, to, what);
}

static int collect(struct probe_ctx *ctx)
{
    struct ssh_session *s = NULL;
    struct ssh_result r;
    char uuid[37], command[sizeof(SSH_SCRIPT_COMMAND) + 40];
    int rc = ssh_session_open(ctx, &s);
    if (!s)
        return rc;
    if (ssh_session_without_proof(s))
        probe_note(ctx, &fact_hosts, "this user is let in without key or password");
    uuid_make(uuid);
    snprintf(command, sizeof(command), SSH_SCRIPT_COMMAND " %s", uuid);
    log_script(ctx, ssh_session_peer(s));
    bool started = ssh_session_exec(s, command, ssh_script, ssh_script_len(), OUTPUT_MAX, &r);
    ssh_session_close(s);
    if (started)
        parse(ctx, &r, uuid);
    ssh_result_clear(&r);
    return 0;
}

static void explain(FILE *out)
{
    fputs("One SSH login for each host. Host keys are checked against known_hosts; keys and agent are offered first, then one\n"
          "password, once. Then one command is run, \"" SSH_SCRIPT_COMMAND " NONCE\", with this script as its standard input. NONCE is a random\n"
          "word that marks the sections of the output. Nothing is written or changed on the host.\n\n", out);
    fwrite(ssh_script, 1, ssh_script_len(), out);
}

const struct probe probe_ssh = {
    .name = "ssh",
    .summary = "Hosts over SSH: system, file systems, listening ports; one login, one script that only reads",
    .permission = "ssh",
    .credential = CREDENTIAL_SSH,
    .tables = tables,
    .n_tables = sizeof(tables) / sizeof(tables[0]),
    .port = 22,
    .deadline_ms = 60000,
    .warm = ssh_warm,
    .collect = collect,
    .explain = explain,
};
