/* What limits a discovery, in words: what was left out, and what to do about it. Parent only. The page, discovered.yaml and the exit status all have it from here:
 * who reads only a list must not take it for the whole. */
#include "collect/discover.h"

static void add(struct discover_notes *n, const char *text)
{
    n->v[n->n++] = text;
}

static size_t waiting(const struct discovery *d, enum discover_wait wait, uint8_t family)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct find *f = &d->finds[i];
        const bool still = wait == WAIT_MAKER ? discover_must_hear(d, f) : discover_must_name(d, f);
        n += f->wait == wait && still && f->ip.family == family && f->denied == NULL && !f->answered && !f->reached;
    }
    return n;
}

static const char *addresses(size_t n)
{
    return n == 1 ? "address was" : "addresses were";
}

static void add_makers(struct discovery *d, struct discover_notes *out)
{
    const size_t n = waiting(d, WAIT_MAKER, 4), n6 = waiting(d, WAIT_MAKER, 6);
    if (n > 0)
        add(out, arena_printf(d->arena, "%zu %s not asked: on our own link makers are read by ARP before anything is sent, and this computer may not ask by ARP (not root, and without CAP_NET_RAW). "
                              "Run preop as root, give it the right (setcap cap_net_raw+ep FILE), or name what is to be read in site.yaml", n, addresses(n)));
    if (n6 > 0)
        add(out, arena_printf(d->arena, "%zu IPv6 %s not asked: no table has their hardware addresses, so nobody knows their makers. Name what is to be read in site.yaml", n6, addresses(n6)));
}

/* Who has a name under never: gets nothing; so who may have one gets nothing either. */
static void add_names(struct discovery *d, struct discover_notes *out)
{
    const size_t n = waiting(d, WAIT_NAME, 4) + waiting(d, WAIT_NAME, 6);
    struct buf names = BUF_INIT(1u << 20);
    for (size_t i = 0; i < d->site->n_never_names && i < 8; i++)
        buf_printf(&names, "%s%s", i > 0 ? ", " : "", d->site->never_names[i]);
    if (n > 0)
        add(out, arena_printf(d->arena, "%zu %s not asked: never: has names (%s%s), and %s, so any of these may be one of them. Mend this computer's resolver and discover again; or write "
                              "addresses or hardware addresses under never: instead; or, when none of them can be there, say --without-names", n, addresses(n), buf_str(&names),
                              d->site->n_never_names > 8 ? ", ..." : "", d->no_names ? "the resolver does not answer" : "the resolver could not say what they are called"));
    buf_clear(&names);
}

void discover_notes(struct discovery *d, struct discover_notes *out)
{
    out->n = 0;
    if (d->full)
        add(out, arena_printf(d->arena, "More than %d addresses were told of: those that came later are not in this list, and nothing was sent to them. Look at smaller networks, one after the other",
                              DISCOVER_MAX_FINDS));
    if (d->link->arp_cut)
        add(out, arena_printf(d->arena, "This computer's own ARP table has more than %d entries: the rest was not read", OWN_LINK_MAX_ARP));
    add_makers(d, out);
    add_names(d, out);
}
