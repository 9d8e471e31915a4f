/* The journal of an interrupted discovery, as --resume reads it: the bytes are its records, behind a head that is in order. Whatever they hold, the finds are
 * in order, and what is kept is text on one line. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "collect/discover_jobs.h"

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

static void check_finds(struct discovery *d)
{
    must(d->n <= DISCOVER_MAX_FINDS);
    for (size_t i = 0; i < d->n; i++) {
        struct find *f = &d->finds[i];
        must(f->ip.family == 0 || discover_find_ip(d, &f->ip, false) == f);
        must(f->n_own <= DISCOVER_MAX_LIST && f->n_macs <= DISCOVER_MAX_LIST && f->n_seen_by <= DISCOVER_MAX_LIST);
        const char *const texts[] = { f->sys_name, f->sys_descr, f->serial, f->dns_name, f->ssh_greeting, f->lldp_name, f->ldap_name };
        for (size_t k = 0; k < N_ELEMENTS(texts); k++)
            check_text(texts[k]);
        must(f->n_host_keys <= DISCOVER_MAX_KEYS);
        for (size_t k = 0; k < f->n_host_keys; k++)
            check_text(f->host_keys[k]);
    }
    discover_join(d);
    for (size_t i = 0; i < d->n; i++)
        must(d->finds[d->finds[i].device].device == d->finds[i].device);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct discover_options options;
    static const struct site site;
    struct discovery *d = xcalloc(1, sizeof *d);
    struct makers *makers = makers_new();
    struct diags diags = DIAGS_INIT;
    struct deny *deny = deny_parse("list", "deny_makers: 1\nmakers: []\n", 26, &diags);
    struct buf head = BUF_INIT(1 << 16), bytes = BUF_INIT(2 << 20);
    struct djobs q;
    size_t whole = 0;
    makers_ready(makers);
    *d = (struct discovery){ .site = &site, .makers = makers, .deny = deny, .link = own_link_new(), .o = &options, .arena = arena_new(), .started = clock_now() };
    d->networks = xcalloc(1, sizeof *d->networks);
    must(cidr_parse("0.0.0.0/0", false, &d->networks[d->n_networks++]));
    djobs_init(&q, d, NULL);
    journal_head(&q, d->started, &head);
    buf_put_bytes(&bytes, head.data, head.len);
    buf_append(&bytes, (const char *)data, size);
    int err = journal_replay(&q, &bytes, &whole);
    must((err == 0 || err == ERR_FORMAT) && whole <= bytes.len);
    check_finds(d);
    buf_clear(&head);
    buf_clear(&bytes);
    djobs_clear(&q);
    own_link_free(d->link);
    discover_free(d);
    makers_free(makers);
    deny_free(deny);
    diags_clear(&diags);
    return 0;
}
