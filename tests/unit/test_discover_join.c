/* Which addresses are one device, and which are not: signs, contradictions, chains of signs, copies of one machine; and whose maker is believed. */
#include "lib/cmocka_all.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "collect/discover_jobs.h"
#include "fact/table_arp.h"
#include "fact/table_dns_names.h"

static const struct discover_options options;

static struct discovery *begin(struct site *site)
{
    struct discovery *d = xcalloc(1, sizeof *d);
    struct makers *makers = makers_new();
    struct diags diags = DIAGS_INIT;
    static const char table[] = "00:00:0c Cisco Systems, Inc\n00:80:a3 Lantronix\n", list[] = "deny_makers: 1\nmakers:\n  - {maker: lantronix, kind: module, why: a module}\n";
    makers_parse(makers, table, sizeof table - 1);
    makers_ready(makers);
    *d = (struct discovery){ .site = site, .makers = makers, .deny = deny_parse("list", list, sizeof list - 1, &diags), .link = own_link_new(), .o = &options, .arena = arena_new() };
    assert_non_null(d->deny);
    memcpy(d->link->mac, "02:00:00:00:00:02", OWN_LINK_MAC);
    assert_true(ip_parse("10.0.0.2", &d->link->addresses[0].ip));
    d->link->addresses[0].len = 16;
    d->link->n_addresses = 1;
    diags_clear(&diags);
    return d;
}

static void end(struct discovery *d)
{
    makers_free((struct makers *)(uintptr_t)d->makers);
    deny_free((struct deny *)(uintptr_t)d->deny);
    own_link_free(d->link);
    discover_free(d);
}

static struct find *at(struct discovery *d, const char *address)
{
    struct ip ip;
    assert_true(ip_parse(address, &ip));
    struct find *f = discover_find_ip(d, &ip, true);
    assert_non_null(f);
    return f;
}

static void shows(struct find *f, const char *key)
{
    f->host_keys[f->n_host_keys++] = key;
}

static void owns(struct find *f, const char *address)
{
    assert_true(ip_parse(address, &f->own[f->n_own++]));
}

static bool one(const struct find *a, const struct find *b)
{
    return a->device == b->device;
}

static void test_signs(void **state)
{
    (void)state;
    struct site site = { 0 };
    struct discovery *d = begin(&site);
    struct find *a = at(d, "10.1.0.1"), *b = at(d, "10.1.0.2"), *c = at(d, "10.1.0.3"), *e = at(d, "10.1.0.4"), *f = at(d, "10.1.0.5"), *g = at(d, "10.1.0.6");
    a->serial = b->serial = "FOC1234X0AB";
    a->vendor = b->vendor = "cisco";
    c->serial = "FOC1234X0AB";               /* another maker's of the same number */
    c->vendor = "moxa";
    discover_set_mac(d, e, "00:00:0c:00:00:05");
    owns(e, "10.1.0.5");
    f->sys_name = "core";
    g->serial = "000000";
    g->vendor = "cisco";
    at(d, "10.1.0.7")->serial = "000000";
    at(d, "10.1.0.7")->vendor = "cisco";
    discover_join(d);
    assert_true(one(a, b));
    assert_false(one(a, c));
    assert_true(one(e, f));
    assert_ptr_equal(&d->finds[e->device], f);       /* who has a name stands for both */
    assert_false(one(g, at(d, "10.1.0.7")));         /* a number that nobody filled in */
    assert_int_equal(e->device, f->device);
    end(d);
}

/* Three copies of one virtual machine: the one without a serial number must not join the two that have one each. */
static void test_chains(void **state)
{
    (void)state;
    struct site site = { 0 };
    struct discovery *d = begin(&site);
    struct find *a = at(d, "10.1.0.1"), *b = at(d, "10.1.0.2"), *c = at(d, "10.1.0.3");
    shows(a, "AAAAC3Nz");
    shows(b, "AAAAC3Nz");
    shows(c, "AAAAC3Nz");
    a->serial = "one-1";
    c->serial = "two-2";
    struct find *x = at(d, "10.2.0.1"), *y = at(d, "10.2.0.2"), *z = at(d, "10.2.0.3");
    discover_set_mac(d, x, "00:00:0c:00:00:01");     /* x and y by hardware address, y and z by engine id; x and z have two names */
    discover_set_mac(d, y, "00:00:0c:00:00:01");
    y->engine_id = z->engine_id = "80000009";
    x->sys_name = "left";
    z->sys_name = "right";
    discover_join(d);
    assert_false(one(a, c));
    assert_true(one(a, b));
    assert_true(one(x, y));
    assert_false(one(y, z));
    end(d);
}

static void test_copies(void **state)
{
    (void)state;
    struct site site = { 0 };
    struct discovery *d = begin(&site);
    struct find *a = at(d, "10.1.0.1"), *b = at(d, "10.1.0.2"), *c = at(d, "10.1.0.3"), *e = at(d, "10.1.0.4");
    shows(a, "shared");
    shows(b, "shared");              /* two hardware addresses, nothing else: copies, as far as anybody knows */
    discover_set_mac(d, a, "00:00:0c:00:00:01");
    discover_set_mac(d, b, "00:00:0c:00:00:02");
    shows(c, "routed");
    shows(e, "routed");              /* nothing tells these apart */
    struct find *p = at(d, "10.3.0.1"), *q = at(d, "10.3.0.2"), *r = at(d, "10.3.0.3"), *s = at(d, "10.3.0.4");
    p->engine_id = q->engine_id = "80001f88";        /* the same image, never renamed: each lists its own address alone */
    p->sys_name = q->sys_name = "template";
    owns(p, "10.3.0.1");
    owns(q, "10.3.0.2");
    shows(r, "greets");
    shows(s, "greets");
    r->ssh_greeting = "SSH-2.0-OpenSSH_9.2";
    s->ssh_greeting = "SSH-2.0-dropbear";
    discover_join(d);
    assert_false(one(a, b));
    assert_true(one(c, e));
    assert_false(one(p, q));
    assert_false(one(r, s));
    end(d);
}

/* A hostile table: every address with the same signs, or each contradicting the others. Quadratic work would not end here in time. */
static void test_many(void **state)
{
    (void)state;
    struct site site = { 0 };
    struct discovery *d = begin(&site);
    alarm(30);
    for (unsigned i = 0; i < 60000; i++) {
        char address[32];
        (void)snprintf(address, sizeof address, "10.%u.%u.%u", 8 + i / 20000, i / 200 % 100, i % 200);
        struct find *f = at(d, address);
        f->engine_id = f->chassis_id = "same";
        shows(f, "same");
        f->serial = i % 2 == 0 ? arena_printf(d->arena, "serial-%u", i) : NULL;
        f->vendor = "v";
    }
    discover_join(d);
    alarm(0);
    assert_false(one(at(d, "10.8.0.0"), at(d, "10.8.0.2")));
    end(d);
}

static void test_makers(void **state)
{
    (void)state;
    struct site site = { .owner_authorized = true };
    struct discovery *d = begin(&site);
    struct find *known = at(d, "10.0.0.5"), *denied = at(d, "10.0.0.6"), *unheard = at(d, "10.0.0.7"), *routed = at(d, "10.9.0.1");
    discover_set_mac(d, known, "00:00:0c:00:00:05");
    discover_set_mac(d, denied, "00:80:a3:00:00:06");
    assert_true(discover_may_touch(d, known, "tcp", false));
    assert_false(discover_may_touch(d, denied, "tcp", true));        /* named or not */
    assert_string_equal(denied->denied, "a module");
    discover_set_mac(d, denied, "00:00:0c:00:00:06");
    assert_false(discover_may_touch(d, denied, "tcp", true));        /* denied once, denied for good */
    assert_true(discover_must_hear(d, unheard));
    unheard->arp_asked = true;
    assert_false(discover_may_touch(d, unheard, "snmp", true));
    assert_string_equal(unheard->not_asked, "nobody on our own link answers for it");
    assert_false(discover_must_hear(d, routed));
    assert_true(discover_is_lone(routed));
    assert_false(discover_may_touch(d, routed, "tcp", false));       /* its own site, but no network was named: no sweep */
    end(d);
}

/* A router that answers ARP for everybody: its maker is not theirs, and they are not one device. */
static void test_proxy_arp(void **state)
{
    (void)state;
    static const struct discover_options named = { .n_networks = 1 };
    struct site site = { .owner_authorized = true };
    struct discovery *d = begin(&site);
    d->o = &named;
    for (unsigned i = 0; i < 6; i++) {
        char address[32];
        (void)snprintf(address, sizeof address, "10.0.7.%u", i + 1);
        discover_set_mac(d, at(d, address), "00:00:0c:00:00:07");
    }
    struct find *f = at(d, "10.0.7.1");
    assert_false(discover_is_lone(f));
    discover_mark_stand_ins(d);
    assert_true(discover_is_lone(f));
    assert_true(discover_may_touch(d, f, "tcp", false));
    f->knocked = true;
    assert_false(discover_may_touch(d, f, "tcp", false));
    discover_join(d);
    assert_false(one(f, at(d, "10.0.7.2")));
    end(d);
}

/* A row of the resolver about an address; name NULL: it has none. */
static void resolves(struct discovery *d, const char *address, const char *name)
{
    struct fact_row row;
    fact_row_init(&row, &fact_dns_names);
    fact_set_str(&row, DNS_NAMES_QUERY, address);
    fact_set_str(&row, DNS_NAMES_TYPE, "PTR");
    if (name != NULL)
        fact_set_str(&row, DNS_NAMES_NAME, name);
    discover_take_row(d, NULL, &row);
}

/* Who may have a name of never: waits until the resolver has said what it is called, or that it is called nothing. */
static void test_names(void **state)
{
    (void)state;
    static const struct discover_options without = { .n_networks = 1, .without_names = true }, with = { .n_networks = 1 };
    static const char *never[] = { "mri-*" };
    struct target targets[] = { { .name = "sw1", .host = "10.9.0.4" } };
    struct site site = { .owner_authorized = true, .never_names = never, .n_never_names = 1, .targets = targets, .n_targets = 1 };
    struct discovery *d = begin(&site);
    struct discover_notes notes;
    d->o = &with;
    struct find *silent = at(d, "10.9.0.1"), *named = at(d, "10.9.0.2"), *nameless = at(d, "10.9.0.3"), *ours = at(d, "10.9.0.4"), *mri = at(d, "10.9.0.5");
    resolves(d, "10.9.0.2", "pc-7.clinic.example");
    resolves(d, "10.9.0.3", NULL);
    resolves(d, "10.9.0.5", "MRI-2.clinic.example");
    assert_true(discover_must_wait(d, silent));
    assert_string_equal(silent->not_asked, "never: has names, and nobody could look up its name");
    assert_false(discover_must_wait(d, named) || discover_must_wait(d, nameless) || discover_must_wait(d, ours));
    assert_false(discover_may_touch(d, mri, "tcp", true));
    assert_string_equal(mri->denied, "'mri-*' under never:");
    discover_notes(d, &notes);
    assert_int_equal(notes.n, 1);
    assert_non_null(strstr(notes.v[0], "1 address was not asked: never: has names (mri-*), and the resolver could not say"));
    d->no_names = true;
    discover_notes(d, &notes);
    assert_non_null(strstr(notes.v[0], "the resolver does not answer"));
    d->o = &without;
    assert_false(discover_must_wait(d, silent));
    discover_notes(d, &notes);
    assert_int_equal(notes.n, 0);
    end(d);
}

/* On our own link who was not heard waits, in words; the deny-list and permission come first. */
static void test_unheard(void **state)
{
    (void)state;
    struct site site = { .owner_authorized = true };
    struct discovery *d = begin(&site);
    struct discover_notes notes;
    struct find *a = at(d, "10.0.0.7"), *b = at(d, "10.0.0.8"), *heard = at(d, "10.0.0.9"), *routed = at(d, "10.9.0.1");
    discover_set_mac(d, heard, "00:00:0c:00:00:09");
    assert_true(discover_must_wait(d, a) && discover_must_wait(d, b));
    assert_false(discover_must_wait(d, heard) || discover_must_wait(d, routed));
    assert_non_null(strstr(a->not_asked, "run preop as root or with CAP_NET_RAW, or name it in site.yaml"));
    discover_notes(d, &notes);
    assert_int_equal(notes.n, 1);
    assert_non_null(strstr(notes.v[0], "2 addresses were not asked: on our own link makers are read by ARP"));
    b->arp_asked = true;             /* asked for after all: it is not held back any more */
    discover_notes(d, &notes);
    assert_non_null(strstr(notes.v[0], "1 address was not asked: on our own link"));
    end(d);
}

/* IPv6 neighbours: makers come from tables, this computer's own or gear's; nobody is asked for them, so who stands in none waits. */
static void test_ipv6(void **state)
{
    (void)state;
    struct site site = { .owner_authorized = true };
    struct discovery *d = begin(&site);
    struct discover_notes notes;
    struct fact_row row;
    assert_true(ip_parse("fd00:9::2", &d->link->addresses[1].ip));
    d->link->addresses[1].len = 64;
    d->link->n_addresses = 2;
    d->networks = xcalloc(1, sizeof *d->networks);
    assert_true(cidr_parse("fd00:9::/64", false, &d->networks[d->n_networks++]));
    d->link->arp = xcalloc(1, sizeof *d->link->arp);
    d->link->n_arp = 1;
    assert_true(ip_parse("fd00:9::7", &d->link->arp[0].ip));
    memcpy(d->link->arp[0].mac, "00:00:0c:00:00:07", OWN_LINK_MAC);
    fact_row_init(&row, &fact_arp);
    fact_set_int(&row, ARP_IF_INDEX, 1);
    fact_set_str(&row, ARP_ADDRESS, "fd00:9::9");
    fact_set_str(&row, ARP_MAC, "00:80:a3:00:00:09");
    discover_take_row(d, NULL, &row);
    struct find *own = at(d, "fd00:9::7"), *denied = at(d, "fd00:9::9"), *nobody = at(d, "fd00:9::5");
    assert_string_equal(own->mac, "00:00:0c:00:00:07");
    assert_string_equal(own->maker, "Cisco Systems, Inc");
    assert_true(discover_may_touch(d, own, "tcp", false));
    assert_false(discover_must_wait(d, own));
    assert_false(discover_may_touch(d, denied, "tcp", true));
    assert_string_equal(denied->denied, "a module");
    assert_true(discover_on_link(d, &nobody->ip));
    assert_true(discover_must_wait(d, nobody));
    discover_notes(d, &notes);
    assert_int_equal(notes.n, 1);
    assert_non_null(strstr(notes.v[0], "1 IPv6 address was not asked: no table has their hardware addresses"));
    end(d);
}

static void feed(struct djobs *q, unsigned n, double ms)
{
    for (unsigned i = 0; i < n; i++)
        djobs_back_off(q, ms);
}

/* Round trips that double halve what goes on at a time, again and again; as before, and it comes back. A single slow one, noise below a millisecond, and addresses where
 * nobody answered change nothing; --fast never backs off. */
static void test_back_off(void **state)
{
    (void)state;
    static const struct discover_options fast = { .fast = true };
    struct site site = { 0 };
    struct discovery *d = begin(&site);
    struct djobs q;
    djobs_init(&q, d, NULL);
    feed(&q, 16, 5);                 /* the first: what is usual here */
    feed(&q, 8, 9.9);
    assert_int_equal(q.slow, 0);
    feed(&q, 7, 5);
    feed(&q, 1, 500);                /* one of eight */
    assert_int_equal(q.slow, 0);
    feed(&q, 100, 0);                /* nobody there */
    assert_int_equal(q.slow, 0);
    feed(&q, 8, 10);
    assert_int_equal(q.slow, 1);
    feed(&q, 8, 40);
    assert_int_equal(q.slow, 2);
    feed(&q, 80, 40);
    assert_int_equal(q.slow, 4);     /* no further */
    feed(&q, 8, 9);                  /* not doubled, and not as before either */
    assert_int_equal(q.slow, 4);
    feed(&q, 32, 6);
    assert_int_equal(q.slow, 0);
    djobs_clear(&q);
    djobs_init(&q, d, NULL);
    feed(&q, 16, 0.01);
    feed(&q, 8, 0.9);
    assert_int_equal(q.slow, 0);
    djobs_clear(&q);
    d->o = &fast;
    djobs_init(&q, d, NULL);
    feed(&q, 16, 5);
    feed(&q, 80, 500);
    assert_int_equal(q.slow, 0);
    assert_int_equal(q.options.jobs, 256);
    djobs_clear(&q);
    end(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signs), cmocka_unit_test(test_chains), cmocka_unit_test(test_copies), cmocka_unit_test(test_many), cmocka_unit_test(test_makers), cmocka_unit_test(test_proxy_arp), cmocka_unit_test(test_names), cmocka_unit_test(test_unheard), cmocka_unit_test(test_back_off), cmocka_unit_test(test_ipv6),
    };
    return cmocka_run_group_tests_name("discover_join", tests, NULL, NULL);
}
