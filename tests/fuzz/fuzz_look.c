/* What the look probe reads from a network: the first byte chooses a greeting, a DNS answer or an ARP reply; the rest is the bytes. */
#include "base/text.h"
#include "probes/look/look.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void on_srv(void *arg, const char *name, unsigned port, const struct ip *address)
{
    size_t *n = arg;
    must(name[0] != '\0' && strlen(name) < 1025 && port <= 65535 && ++*n <= 32 * 8 && (address == NULL || address->family == 4 || address->family == 6));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ip ip;
    uint8_t mac[6];
    size_t n = 0;
    if (size < 1)
        return 0;
    if (data[0] % 3 == 0) {
        char *line = look_ssh_greeting((const char *)data + 1, size - 1);
        must(line == NULL || (text_is_utf8(line, strlen(line)) && strncmp(line, "SSH-", 4) == 0 && strchr(line, '\n') == NULL && strchr(line, 0x1b) == NULL));
        free(line);
    } else if (data[0] % 3 == 1) {
        look_srv_parse(data + 1, size - 1, on_srv, &n);
    } else if (look_arp_parse(data + 1, size - 1, &ip, mac)) {
        must(size - 1 >= 42 && ip.family == 4 && memcmp(mac, data + 1 + 22, 6) == 0);
    }
    return 0;
}
