/* A DHCP server's file of leases, as a stranger's file has it: whatever it says, each address comes once, in order, in a form that a fact takes.
 * The first byte says whose file it is: K of Kea, anything else of ISC DHCP. */
#include <stdlib.h>
#include <string.h>
#include "fact/row.h"
#include "probes/file/file_leases_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen { size_t n; struct ip last; };

static bool on_lease(void *arg, const struct lease *l)
{
    struct seen *s = arg;
    volatile char byte;              /* every one of the name must be there to be read */
    if (l->ip.family == 0 || (s->n > 0 && memcmp(&l->ip, &s->last, sizeof l->ip) <= 0) || l->ends < 0 || l->ends > 253402300799 || l->name_len > LEASES_MAX_NAME)
        abort();
    if ((l->mac[0] != '\0' && !fact_text_fits(FACT_MAC, l->mac)) || (l->name == NULL) != (l->name_len == 0))
        abort();
    for (size_t i = 0; i < l->name_len; i++) {
        byte = l->name[i];
        (void)byte;
    }
    s->last = l->ip;
    return ++s->n < 1000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct leases_report r;
    struct seen s = { 0 };
    if (size == 0)
        return 0;
    (data[0] == 'K' ? leases_parse_kea : leases_parse_dhcpd)((const char *)data + 1, size - 1, on_lease, &s, &r);
    if (s.n + r.n_earlier + r.n_removed > r.n_entries || (s.n > 0 && !r.is_leases) || (!r.is_leases && r.reason == REASON_NONE) || (r.reason != REASON_NONE && r.detail[0] == '\0'))
        abort();
    return 0;
}
