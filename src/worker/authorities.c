/* The system's authorities by the places of the common distributions: libraries are told the file, and read no configuration of their own. */
#include "worker/authorities.h"

#include <unistd.h>
#include "base/mem.h"

const char *authorities_file(void)
{
    static const char *const places[] = {
        "/etc/ssl/certs/ca-certificates.crt",            /* Debian, Ubuntu, Alpine */
        "/etc/pki/tls/certs/ca-bundle.crt",              /* Fedora, RHEL */
        "/etc/ssl/ca-bundle.pem",                        /* SUSE */
        "/etc/ssl/cert.pem",
    };

    for (size_t i = 0; i < N_ELEMENTS(places); i++) {
        if (access(places[i], R_OK) == 0)
            return places[i];
    }
    return NULL;
}
