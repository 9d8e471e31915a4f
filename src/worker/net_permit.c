/* Permission of a worker, decided on the address that it really uses. Pure: job and address in, verdict out. */
#include "worker/net_permit.h"

enum net_verdict net_permit(const struct job *job, const struct ip *addr)
{
    bool inside = false, never = false, narrowed = false, shown = false;
    size_t cursor = 0;
    const char *rule;
    while ((rule = job_next(job, "permit", &cursor)) != NULL) {
        struct cidr net;
        if (rule[0] == '\0' || !cidr_parse(rule + 1, true, &net))
            return NET_NEVER;
        bool in = cidr_contains(&net, addr);
        switch (rule[0]) {
        case '+':
            inside = inside || in;
            break;
        case '-':
            never = never || in;
            break;
        case '=':
            narrowed = true;
            shown = shown || in;
            break;
        default:
            return NET_NEVER;
        }
    }
    if (never)
        return NET_NEVER;
    if (!inside)
        return NET_OUTSIDE;
    return narrowed && !shown ? NET_NOT_FOR_CREDENTIAL : NET_ALLOWED;
}
