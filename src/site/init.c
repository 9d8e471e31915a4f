/* `init`: a new site folder with a commented site file. Parent only. Never overwrites. */
#include "site/site.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/text.h"
#include "site/load.h"

static const char head[] =
    "# The site file of one clinic. Lines that begin with # are examples: take the # away and fill them in.\n"
    "# 'preop status' says what is still missing, 'preop check --dry-run' what would be asked of whom.\n"
    "preop: 1\n";

static const char after_key[] =
    "#codename: BIRCH                  # stands on reports instead of the name until the deal is public\n"
    "#marking: CONFIDENTIAL             # stands on every page of every report; or by reader: {default: CONFIDENTIAL, counsel: \"Privileged\"}\n"
    "stage: diligence                  # diligence | signed | owned | home | dead\n";

static const char middle[] =
    "#clinic_hours: [\"Mon-Fri 08:00-17:30\"]\n"
    "\n"
    "# The dated steps of the deal. Checks name the step that they must pass before.\n"
    "#milestones: {sign: 2026-12-15, close: 2027-02-01, connect: 2027-02-01, day-1: 2027-02-01, ehr-go-live: 2027-03-01, day-100: 2027-05-12}\n"
    "\n"
    "# Who allowed what to be asked. Without it nothing is sent to the clinic; files that were handed over are read all the same.\n"
    "# For a network that is our own: authorization: owner\n"
    "#authorization:\n"
    "#  - {by: A. Example, role: COO, organization: The clinic, on: 2026-11-09, until: 2026-12-18, evidence: evidence/letter.pdf,\n"
    "#     networks: [10.20.0.0/22], never: [10.20.3.0/24], methods: [tls, snmp, ssh, ldap, file, person], hours: [\"Mon-Fri 10:00-12:00\"],\n"
    "#     stop_contact: \"+1 555 0100\"}\n"
    "#never: [10.20.3.0/24]            # networks that are never touched, whoever allows it\n"
    "\n"
    "# Figures that turn findings into hours and money. Leave out what you do not know: no input, no number.\n"
    "#profile: {currency: USD, providers: 12, staff: 48, visits_per_day: 210, revenue_per_visit: 145, staff_hour_cost: 38}\n"
    "\n";

static const char tail[] =
    "\n"
    "# What facts come from. A probe (snmp, ssh, ldap) names a credential of credentials.yaml. ldap:// means StartTLS.\n"
    "# net needs none: 'net: tls' or 'net: tcp' measures how a service can be reached; it is permitted by the method tls, in networks that hold its address.\n"
    "# 'net: smb' and 'net: rdp' see what Windows tells anyone before a log-on; each is a method of permission of its own. Several: net: [tls, rdp].\n"
    "# 'net: dns' is about a domain, asks the public DNS and the registry, and needs no permission.\n"
    "# Files come in with 'preop evidence add FILE --from WHO --observed DATE --as csv/generic-assets'.\n"
    "# Dates like 11/5/2026 in them: 'dates: month-first' or 'dates: day-first' beside 'as:', where no row of the file tells.\n"
    "targets:\n"
    "#  - {name: fw1, address: 10.20.0.1, role: firewall, criticality: clinical, snmp: gear-v3}\n"
    "#  - {name: srv1, address: 10.20.0.15, role: server, criticality: clinical, ssh: admin, snmp: {use: gear-v3, timeout: 2s, retries: 3}}\n"
    "#  - {name: dc1, address: \"ldaps://10.20.0.10\", role: directory, ldap: reader}\n"
    "#  - {name: ehr, address: \"ehr.example.org:443\", role: endpoint, criticality: clinical, net: tls}\n"
    "#  - {name: mail-domain, address: clinic.example, role: domain, net: {use: dns, selectors: [selector1]}}\n";

static const char credentials_text[] =
    "# What we log in with. This file must stay readable by you alone (chmod 600). A secret is best kept elsewhere and named here:\n"
    "# {env: NAME}, {file: PATH}, {command: LINE} (no shell), {systemd: CREDENTIAL}; or, if it must be, a plain text.\n"
    "# 'for:' names the networks outside which a credential is never shown.\n"
    "#gear-v3: {for: [10.20.0.0/22], snmp: {version: 3, user: preop, level: authPriv, auth: SHA-256, auth_secret: {env: SNMP_AUTH}, priv: AES,\n"
    "#          priv_secret: {file: /run/secrets/snmp-priv}}}\n"
    "#gear-v2: {for: [10.20.0.0/24], snmp: {version: 2c, community: {command: \"pass show clinic/snmp\"}}}\n"
    "#admin:   {ssh: {user: audit, key: ~/.ssh/id_ed25519, agent: true}}\n"
    "#reader:  {ldap: {bind_dn: \"audit@clinic.example\", secret: {env: LDAP_SECRET}, tls: {ca: /etc/ssl/clinic-ca.pem}}}\n";

/* Every shipped checklist, and what its verdicts rest on. A new site is judged by all of them: what is not judged is missing in a verdict without a word. */
static const struct { const char *name, *rests_on; } shipped[] = {
    { "core", "the basis of every other verdict" },
    { "network", "gear that is asked (snmp), and days of watching" },
    { "power", "UPSes and gear that are asked, the sheet closets" },
    { "lifecycle", "what gear, servers and inventories say of their age" },
    { "hosts", "servers that are logged in to (ssh), inventories" },
    { "endpoints", "services that are reached (net)" },
    { "identity", "the directory (ldap), exports of accounts" },
    { "email", "the public DNS (net: dns), which nobody has to permit" },
    { "integration", "the home site's run beside the clinic's" },
    { "data-protection", "answers about backups, with proof" },
    { "clinical", "answers about the systems that care depends on" },
    { "hipaa", "answers about duties, insurance and claims" },
    { "vendors", "the sheets contracts and business_associates" },
    { "support", "answers about who supports it, tickets" },
    { "governance", "owners and decisions of this folder" },
    { "ai", "answers about data and AI; nothing of it is urgent" },
};

/* --- parts of the site file ---------------------------------------------------------------------------------------------- */

void put_quoted(struct buf *out, const char *s)
{
    buf_putc(out, '"');
    for (const char *p = s; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            buf_putc(out, '\\');
        buf_putc(out, *p);
    }
    buf_putc(out, '"');
}

/* This machine's zone, as a first guess. */
static const char *guess_zone(char *target, size_t size)
{
    static const char folder[] = "/zoneinfo/";
    ssize_t n = readlink("/etc/localtime", target, size - 1);

    if (n <= 0)
        return "UTC";
    target[n] = '\0';
    const char *at = strstr(target, folder);
    return at != NULL && clock_zone_known(at + strlen(folder)) ? at + strlen(folder) : "UTC";
}

static void put_checklists(const struct site *like, struct buf *out, struct diags *diags)
{
    size_t n = 0;

    if (like == NULL) {
        buf_puts(out, "# What judges the site, and what each rests on. Nobody has to answer everything at once: what is not known is shown as unknown, never as good.\n"
                      "# Put a # before a line that is not to count; then its verdicts do not count either.\n"
                      "checklists:\n");
        for (size_t i = 0; i < N_ELEMENTS(shipped); i++)
            buf_printf(out, "  - %-18s # %s\n", shipped[i].name, shipped[i].rests_on);
        return;
    }
    buf_puts(out, "checklists: [");
    for (size_t i = 0; i < like->n_checklists; i++) {
        const char *name = like->checklists[i].name;
        /* Overlays are the other site's own files, with reasons that hold there. */
        if (strstr(name, ".yaml") != NULL)
            diag_add(diags, DIAG_NOTE, NULL, 0, 0, "the overlay %s of the other site is not taken over", name);
        else
            buf_printf(out, "%s%s", n++ > 0 ? ", " : "", name);
    }
    buf_puts(out, "]\n");
}

static void put_owners(const struct site *like, struct buf *out)
{
    if (like == NULL || like->n_owners == 0) {
        buf_puts(out, "#owners: {it-infrastructure: Network operations, service-line: Ambulatory care, clinic-operations: Practice manager}\n");
        return;
    }
    buf_puts(out, "owners:\n");
    for (size_t i = 0; i < like->n_owners; i++) {
        buf_printf(out, "  %s: ", like->owners[i].role);
        put_quoted(out, like->owners[i].name);
        buf_putc(out, '\n');
    }
}

static void put_capacity(const struct site *like, struct buf *out)
{
    if (like == NULL || like->n_capacities == 0) {
        buf_puts(out, "#capacity: {it-infrastructure: 12, vendor: 4}     # person-days per month\n");
        return;
    }
    buf_puts(out, "capacity:                         # person-days per month\n");
    for (size_t i = 0; i < like->n_capacities; i++)
        buf_printf(out, "  %s: %g\n", like->capacities[i].role, like->capacities[i].days_per_month);
}

static void put_site(const char *key, const struct site *like, struct buf *out, struct diags *diags)
{
    char link[PATH_MAX];

    buf_puts(out, head);
    buf_printf(out, "site: %s\nname: %s   # as it stands on reports\n", key, key);
    buf_puts(out, after_key);
    buf_printf(out, "timezone: %s   # the clinic's: hours and dates are meant there\n", guess_zone(link, sizeof(link)));
    buf_puts(out, middle);
    if (like != NULL && like->plan != NULL)
        buf_printf(out, "integration: {plan: %s}        # separate | trust | merge: what day 1 is to join\n", like->plan);
    else
        buf_puts(out, "#integration: {plan: trust}       # separate | trust | merge: what day 1 is to join\n");
    put_capacity(like, out);
    put_owners(like, out);
    put_checklists(like, out, diags);
    buf_puts(out, tail);
}

/* --- files --------------------------------------------------------------------------------------------------------------- */

static int write_new(const char *dir, const char *name, const char *text, size_t len, struct diags *diags)
{
    char *path = path_join(dir, name);
    int err = 0, fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0) {
        err = -errno;
    } else {
        err = fd_write_all(fd, text, len);
        if (close(fd) != 0 && err == 0)
            err = -errno;
    }
    if (err != 0)
        diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be written: %s", err_text(err));
    free(path);
    return err;
}

static bool refuse_existing(const char *dir, struct diags *diags)
{
    static const char *const names[] = { "site.yaml", "credentials.yaml", "known_hosts" };
    bool found = false;

    for (size_t i = 0; i < N_ELEMENTS(names); i++) {
        char *path = path_join(dir, names[i]);
        if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
            diag_add(diags, DIAG_ERROR, path, 0, 0, "is there already; a site folder is never overwritten");
            found = true;
        }
        free(path);
    }
    return found;
}

/* The last component of dir in the letters of a key, or "site". */
static char *key_from(const char *dir)
{
    char *real = realpath(dir, NULL);
    const char *path = real != NULL ? real : dir, *base = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    struct buf out = BUF_INIT(64);

    for (const char *p = base; *p != '\0' && out.len < 64; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_putc(&out, c);
        else if (out.len > 0 && out.data[out.len - 1] != '-')
            buf_putc(&out, '-');
    }
    while (out.len > 0 && out.data[out.len - 1] == '-')
        out.data[--out.len] = '\0';
    free(real);
    if (out.len == 0)
        buf_puts(&out, "site");
    return buf_take(&out);
}

static int write_folder(const char *dir, const char *key, const struct site *like, struct diags *diags)
{
    struct buf site = BUF_INIT(1u << 20);
    char *evidence = path_join(dir, "evidence");

    put_site(key, like, &site, diags);
    int err = write_new(dir, "site.yaml", buf_str(&site), site.len, diags);
    if (err == 0)
        err = write_new(dir, "credentials.yaml", credentials_text, strlen(credentials_text), diags);
    if (err == 0)
        err = write_new(dir, "known_hosts", "", 0, diags);
    if (err == 0) {
        err = dir_make(evidence, 0700);
        if (err != 0)
            diag_add(diags, DIAG_ERROR, evidence, 0, 0, "cannot be made: %s", err_text(err));
    }
    free(evidence);
    buf_clear(&site);
    return err;
}

int site_init(const char *dir, const char *key, const char *like_dir, struct diags *diags)
{
    struct site *like = NULL;
    char *own_key = NULL;
    int err = ERR_BAD_INPUT;

    if (key != NULL && !site_key_ok(key)) {
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "a site's key has only a-z, 0-9 and -, at most 64, not '%.60s'", key);
        return ERR_BAD_INPUT;
    }
    if (like_dir != NULL && (like = site_load(like_dir, diags)) == NULL)
        return ERR_BAD_INPUT;
    if (refuse_existing(dir, diags))
        goto out;
    err = dir_make(dir, 0700);
    if (err != 0) {
        diag_add(diags, DIAG_ERROR, dir, 0, 0, "cannot be made: %s", err_text(err));
        goto out;
    }
    own_key = key_from(dir);
    err = write_folder(dir, key != NULL ? key : own_key, like, diags);
out:
    free(own_key);
    site_free(like);
    return err;
}
