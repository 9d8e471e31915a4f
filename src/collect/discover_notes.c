/* What limits a discovery, in words: what was left out, and what to do about it. Parent only. The page, discovered.yaml and the exit status all have it from here:
 * who reads only a list must not take it for the whole. */
#include "collect/discover.h"

static void add(struct discover_notes *n, const char *text)
{
    n->v[n->n++] = text;
}

void discover_notes(struct discovery *d, struct discover_notes *out)
{
    out->n = 0;
    if (d->full)
        add(out, arena_printf(d->arena, "More than %d addresses were told of: those that came later are not in this list, and nothing was sent to them. Look at smaller networks, one after the other",
                              DISCOVER_MAX_FINDS));
    if (d->link->arp_cut)
        add(out, arena_printf(d->arena, "This computer's own ARP table has more than %d entries: the rest was not read", OWN_LINK_MAX_ARP));
}
