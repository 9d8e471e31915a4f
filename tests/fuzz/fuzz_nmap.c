/* XML of nmap, as a stranger's file has it: whatever it says, each host has an address as inet_ntop writes it, its ports are ports, and what was
 * handed over is what the report counts. */
#include <stdlib.h>
#include <string.h>
#include "probes/file/file_nmap_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool on_host(void *arg, const struct nmap_host *h)
{
    size_t *n = arg;
    struct ip ip;
    char again[IP_TEXT];
    if (!ip_parse(h->address, &ip) || h->n_open > NMAP_MAX_PORTS || strlen(h->mac) >= sizeof h->mac)
        abort();
    ip_format(&ip, again);
    if (strcmp(again, h->address) != 0)
        abort();
    volatile unsigned port;          /* every one must be there to be read */
    for (size_t i = 0; i < h->n_open; i++) {
        port = h->open[i].port;
        (void)port;
    }
    return ++*n < 1000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nmap_report r;
    size_t n = 0;
    nmap_parse((const char *)data, size, on_host, &n, &r);
    if (n != r.n_up - r.n_without_address || (n > 0 && !r.is_nmap) || (!r.is_nmap && r.reason == REASON_NONE) || (r.reason != REASON_NONE && r.detail[0] == '\0'))
        abort();
    return 0;
}
