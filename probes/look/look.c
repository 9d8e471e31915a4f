/* look: the jobs of `discover` that ask nobody's protocol. Runs in a worker; the parent has decided address by address and port by port, and the
 * worker holds the permission and the ports that are never opened against what it does once more. */
#include "probes/look/look.h"

#include <string.h>
#include "base/mem.h"
#include "fact/port.h"
#include "fact/table_arp.h"
#include "fact/table_contacts.h"
#include "fact/table_dns_names.h"

static const struct fact_table *const tables[] = { &fact_contacts, &fact_dns_names, &fact_arp };

static int collect(struct probe_ctx *ctx)
{
    static const struct { const char *mode; int (*run)(struct probe_ctx *); } modes[] = { { "contact", look_contact }, { "names", look_names }, { "arp", look_arp }, { "nudge", look_nudge } };
    const char *mode = job_get(probe_job(ctx), "mode");
    for (size_t i = 0; i < N_ELEMENTS(modes) && mode != NULL; i++)
        if (strcmp(mode, modes[i].mode) == 0)
            return modes[i].run(ctx);
    probe_fail(ctx, REASON_INTERNAL, "look is a probe of discover alone");
    return 0;
}

static void explain(FILE *out)
{
    fputs("look: what `preop discover` does to learn who is there, beside reading gear over SNMP.\n\n"
          "1. TCP connections to a few ports of one address (22, 53, 80, 389, 443, 445, 636, 3389), each\n"
          "   made once and closed at once; nothing is sent over them. The line that an SSH server says\n"
          "   first is read. Permitted by the method tcp, or by the port's own (ssh, dns, ldap, tls, smb, rdp).\n"
          "2. Names: this computer's resolver is asked for the name of addresses (PTR), and for\n"
          "   _ldap._tcp of the site's DNS suffix (SRV). Permitted by the method dns.\n"
          "3. On our own link, before anything is sent to an address: one ARP broadcast for it (a second when\n"
          "   nobody answers), which tells its maker. Where this computer may not send ARP itself (not root, no\n"
          "   CAP_NET_RAW), nothing is sent; but gear that site.yaml names gets one empty UDP datagram to port 9,\n"
          "   which makes the kernel ask.\n"
          "4. Behind a router that does not tell makers, where the method sweep is permitted: one TCP\n"
          "   connection to each address, and nothing more.\n\n"
          "Never opened, whoever permits it: " PORTS_NEVER_OPENED ".\n", out);
}

const struct probe probe_look = {
    .name = "look",
    .summary = "who is there: connect-only TCP, names, ARP; used by discover alone",
    .permission = "tcp",
    .credential = CREDENTIAL_NONE,
    .tables = tables,
    .n_tables = N_ELEMENTS(tables),
    .deadline_ms = 60000,
    .collect = collect,
    .explain = explain,
};
