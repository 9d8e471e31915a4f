/* What our own link's files, frames and kernel answers can hold: the first byte chooses which, the rest is the bytes. Every text that is kept must be
 * valid UTF-8 on one line, and every address one that can be written. */
#include "base/text.h"
#include "collect/own_link.h"
#include "collect/vantage.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void check_text(const char *s)
{
    must(s == NULL || (text_is_utf8(s, strlen(s)) && strchr(s, '\n') == NULL && strchr(s, 0x1b) == NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct own_link *l = own_link_new();
    struct buf b = BUF_INIT(1 << 20);
    const char *bytes = (const char *)data + 1;
    memcpy(l->interface, "eth0", 5);
    switch (data[0] % 7) {
    case 0: own_resolv_parse(l, bytes, size - 1); break;
    case 1: (void)own_lease_parse(l, "file", bytes, size - 1); break;
    case 2: own_vlan_parse(l, bytes, size - 1); break;
    case 3: own_neigh_parse(l, bytes, size - 1); break;
    case 4: own_lldpcli_parse(l, bytes, size - 1); break;
    case 5: own_lldp_file_parse(l, 2, bytes, size - 1); break;
    default: (void)own_lldp_frame_parse(l, 2, data + 1, size - 1); break;
    }
    for (size_t i = 0; i < l->n_peers; i++) {
        const struct own_peer *p = &l->peers[i];
        const char *const texts[] = { p->chassis_id, p->sys_name, p->sys_descr, p->port_id, p->port_descr, p->mac };
        for (size_t k = 0; k < N_ELEMENTS(texts); k++)
            check_text(texts[k]);
        must(p->chassis_id != NULL || p->sys_name != NULL);
    }
    for (size_t i = 0; i < l->n_suffixes; i++)
        check_text(l->suffixes[i]);
    check_text(l->lease.domain);
    own_link_sort_arp(l);
    for (size_t i = 0; i < l->n_arp; i++)
        must(strlen(l->arp[i].mac) == 17 && own_link_mac(l, &l->arp[i].ip) != NULL);
    vantage_json("label", l, &b);
    must(text_is_utf8(buf_str(&b), b.len) && b.data[b.len - 1] == '}');
    buf_clear(&b);
    own_link_free(l);
    return 0;
}
