/* A table of makers in any form: every name that is found must be clean text, and every block at least three bytes long. */
#include "base/text.h"
#include "site/makers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct makers *m = makers_new();
    size_t n = makers_parse(m, (const char *)data, size);
    if (n != makers_count(m))
        abort();
    makers_ready(m);
    for (size_t i = 0; i + 6 <= size && i < 2000; i++) {
        char mac[18];
        (void)snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", data[i], data[i + 1], data[i + 2], data[i + 3], data[i + 4], data[i + 5]);
        const char *name = makers_find(m, mac);
        if (name != NULL && (name[0] == '\0' || !text_is_utf8(name, strlen(name)) || strpbrk(name, "\n\t\r\x1b") != NULL))
            abort();
    }
    makers_free(m);
    return 0;
}
