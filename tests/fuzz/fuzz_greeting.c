/* What a file server or a remote desktop answers to a greeting: any bytes at all, through every parser. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "probes/net/rdp_parse.h"
#include "probes/net/smb_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void check_name(const char *name)
{
    must(memchr(name, '\0', SMB_MAX_NAME) != NULL && text_is_utf8(name, strlen(name)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smb_negotiated n;
    struct smb_challenge c;
    bool accepted = false;
    double t = 0;

    if (smb2_negotiate_parse(data, size, &n)) {
        must(smb_dialect_name(n.dialect) != NULL && n.has_guid);
        (void)smb_time(n.system_time, &t);
    }
    if (!smb1_negotiate_parse(data, size, &accepted, &n))
        must(!accepted);
    if (smb2_challenge_parse(data, size, &c)) {
        const char *const names[] = { c.computer, c.domain, c.dns_computer, c.dns_domain, c.dns_forest };
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            check_name(names[i]);
        must((c.software == SMB_SOFTWARE_WINDOWS) == (c.build != 0));
    }
    struct rdp_answer a = rdp_answer_parse(data, size);
    must(a.kind != RDP_NONE || a.value == 0);
    return 0;
}
