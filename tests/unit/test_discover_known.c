/* Known devices at new addresses: by each sign that the store or known_hosts has, and not where it is in doubt; and what discovered.yaml says of more than it can hold. */
#include "store_helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/path.h"
#include "collect/discover.h"
#include "fact/table_arp.h"
#include "fact/table_devices.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_neighbors.h"

#define KEY_A "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA"
#define KEY_B "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB"

static const char site_yaml[] = "preop: 1\nsite: a\nname: A\nstage: owned\ntimezone: UTC\nauthorization: owner\ntargets:\n"
    "  - {name: sw1, address: 10.1.0.1, role: switch, ssh: x}\n  - {name: sw2, address: 10.1.0.2, role: switch, ssh: x}\n  - {name: dc, address: dc.clinic.example, role: server, ssh: x}\n";

struct fixture { char *dir, *path; struct store *s; int64_t run, target[3]; struct intake *in; struct site *site; struct makers *makers; struct deny *deny; struct discovery *d; };
static const struct discover_options options;

static int setup(void **state)
{
    struct fixture *f = xcalloc(1, sizeof *f);
    struct diags diags = DIAGS_INIT;
    const struct site_file file = { .kind = "site", .name = "site.yaml", .bytes = site_yaml, .len = sizeof site_yaml - 1 };
    f->dir = helper_dir();
    f->path = helper_db(f->dir);
    f->s = helper_open(f->path);
    f->run = helper_run(f->s, "a");
    f->site = site_load_files(&file, 1, &diags);
    f->makers = makers_new();
    makers_ready(f->makers);
    f->deny = deny_parse("list", "deny_makers: 1\nmakers: []\n", 26, &diags);
    if (f->site == NULL || f->deny == NULL)
        return -1;
    f->site->dir = f->dir;
    for (size_t i = 0; i < 3; i++)
        if (store_target_put(f->s, f->run, f->site->targets[i].name, "switch", f->site->targets[i].host, 2, &f->target[i]) != 0)
            return -1;
    f->d = xcalloc(1, sizeof *f->d);
    *f->d = (struct discovery){ .site = f->site, .store = f->s, .makers = f->makers, .deny = f->deny, .link = own_link_new(), .o = &options, .arena = arena_new() };
    diags_clear(&diags);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    own_link_free(f->d->link);
    discover_free(f->d);
    deny_free(f->deny);
    makers_free(f->makers);
    site_free(f->site);
    store_close(f->s);
    free(f->path);
    helper_remove(f->dir);
    free(f);
    return 0;
}

/* --- what the store knows ------------------------------------------------------------------------------------------------------- */

static struct fact_row row_of(struct fixture *f, size_t target, const struct fact_table *table)
{
    struct collection c = { .target_id = f->target[target], .probe = "snmp", .table = table, .state = STATE_COMPLETE, .method = METHOD_MEASURED, .observed_at = 1700000000 };
    struct fact_row row;
    assert_int_equal(intake_begin(f->s, f->run, &f->in), 0);
    assert_int_equal(intake_collection(f->in, &c), 0);
    fact_row_init(&row, table);
    return row;
}

static void put(struct fixture *f, const struct fact_row *row)
{
    assert_int_equal(intake_row(f->in, row), 0);
    assert_int_equal(intake_commit(f->in), 0);
}

static void put_device(struct fixture *f, size_t target, const char *serial, const char *engine_id)
{
    struct fact_row row = row_of(f, target, &fact_devices);
    fact_set_str(&row, DEVICES_SYS_NAME, "x");
    if (serial != NULL)
        fact_set_str(&row, DEVICES_SERIAL, serial);
    if (engine_id != NULL)
        fact_set_str(&row, DEVICES_ENGINE_ID, engine_id);
    put(f, &row);
}

static void put_interface(struct fixture *f, size_t target, const char *mac)
{
    struct fact_row row = row_of(f, target, &fact_interfaces);
    fact_set_str(&row, INTERFACES_NAME, "Gi1");
    fact_set_str(&row, INTERFACES_MAC, mac);
    put(f, &row);
}

static void seal(struct fixture *f)
{
    char seal[SHA256_HEX];
    assert_int_equal(helper_results(f->s, f->run), 0);
    assert_int_equal(store_run_seal(f->s, f->run, seal), 0);
}

static void put_keys(struct fixture *f, const char *text)
{
    char *path = path_join(f->dir, "known_hosts");
    assert_int_equal(file_write_atomic(path, text, strlen(text), 0600), 0);
    free(path);
}

/* --- what was found ------------------------------------------------------------------------------------------------------------------ */

static struct find *at(struct fixture *f, const char *address)
{
    struct ip ip;
    assert_true(ip_parse(address, &ip));
    struct find *found = discover_find_ip(f->d, &ip, true);
    assert_non_null(found);
    return found;
}

static struct find *answers(struct fixture *f, const char *address)
{
    struct find *found = at(f, address);
    found->answered = found->contacted = true;
    return found;
}

/* The moves as text: "sw1 10.9.0.1 serial number\n"... */
static char *moves(struct fixture *f)
{
    struct moves m;
    struct buf out = BUF_INIT(65536);
    discover_join(f->d);
    assert_int_equal(discover_moves(f->d, &m), 0);
    for (size_t i = 0; i < m.n; i++) {
        char ip[IP_TEXT];
        ip_format(&m.v[i].f->ip, ip);
        buf_printf(&out, "%s %s %s%s\n", m.v[i].target->name, ip, m.v[i].because, m.v[i].was_asked ? ", asked" : "");
    }
    moves_clear(&m);
    char *text = xstrdup(buf_str(&out));
    buf_clear(&out);
    return text;
}

static void expect(struct fixture *f, const char *expected)
{
    char *got = moves(f);
    assert_string_equal(got, expected);
    free(got);
}

static char *rendered(struct fixture *f)
{
    struct moves m;
    struct buf out = BUF_INIT(64 << 20);
    discover_join(f->d);
    assert_int_equal(discover_moves(f->d, &m), 0);
    discover_render(f->d, &m, &out);
    moves_clear(&m);
    assert_false(out.overflow);
    char *text = xstrdup(buf_str(&out));
    buf_clear(&out);
    return text;
}

/* --- signs ------------------------------------------------------------------------------------------------------------------------------ */

static void by_serial(void **state)
{
    struct fixture *f = *state;
    put_device(f, 0, "FOC1234X0AB", NULL);
    seal(f);
    answers(f, "10.9.0.1")->serial = "FOC1234X0AB";
    at(f, "10.1.0.1")->contacted = true;
    expect(f, "sw1 10.9.0.1 serial number, asked\n");
    assert_true(at(f, "10.9.0.1")->moved);
}

static void not_by_what_a_factory_left(void **state)
{
    static const char *const left[] = { "0000", "To be filled by O.E.M.", "Not Specified", "Default string", "123456789" };
    struct fixture *f = *state;
    put_device(f, 0, "To be filled by O.E.M.", NULL);
    put_device(f, 1, "0000", NULL);
    seal(f);
    for (size_t i = 0; i < N_ELEMENTS(left); i++) {
        char address[IP_TEXT];
        (void)snprintf(address, sizeof address, "10.9.0.%zu", i + 1);
        answers(f, address)->serial = left[i];
        at(f, address)->vendor = "v";
        answers(f, address)->host_keys[0] = KEY_A;
        at(f, address)->n_host_keys = 1;
    }
    expect(f, "");
    /* nor do they tell apart: the same key joins them all */
    for (size_t i = 1; i < f->d->n; i++)
        assert_int_equal(f->d->finds[i].device, f->d->finds[0].device);
}

static void by_engine_id(void **state)
{
    struct fixture *f = *state;
    put_device(f, 1, NULL, "80001f8880aa");
    seal(f);
    answers(f, "10.9.0.1")->engine_id = "80001f8880aa";
    expect(f, "sw2 10.9.0.1 SNMP engine id\n");
}

/* An engine id that is made of a hardware address, which now stands in an ARP table. */
static void by_the_address_in_an_engine_id(void **state)
{
    struct fixture *f = *state;
    put_device(f, 0, NULL, "8000000903001b21010203");
    seal(f);
    discover_set_mac(f->d, answers(f, "10.9.0.1"), "00:1b:21:01:02:03");
    expect(f, "sw1 10.9.0.1 hardware address\n");
}

static void by_another_interface(void **state)
{
    struct fixture *f = *state;
    static const char *const macs[] = { "00:1b:21:01:02:04", "00:1b:21:01:02:03" };
    put_interface(f, 0, "00:1b:21:01:02:03");
    seal(f);
    struct find *found = answers(f, "10.9.0.1");
    discover_set_mac(f->d, found, "00:1b:21:01:02:04");      /* that of the address is new */
    found->macs[found->n_macs++] = macs[0];
    found->macs[found->n_macs++] = macs[1];
    expect(f, "sw1 10.9.0.1 hardware address\n");
}

static void by_chassis_and_arp(void **state)
{
    struct fixture *f = *state;
    struct fact_row row = row_of(f, 1, &fact_neighbors);
    fact_set_str(&row, NEIGHBORS_PROTOCOL, "lldp");
    fact_set_int(&row, NEIGHBORS_LOCAL_PORT_NUMBER, 1);
    fact_set_int(&row, NEIGHBORS_NUMBER, 1);
    fact_set_str(&row, NEIGHBORS_ADDRESS, "10.1.0.1");
    fact_set_str(&row, NEIGHBORS_CHASSIS_ID, "00:1b:21:0a:0b:0c");
    put(f, &row);
    row = row_of(f, 1, &fact_mac_addresses);
    fact_set_str(&row, MAC_ADDRESSES_MAC, "00:1b:21:0d:0d:0d");
    fact_set_str(&row, MAC_ADDRESSES_STATUS, "self");
    put(f, &row);
    seal(f);
    discover_set_mac(f->d, answers(f, "10.9.0.1"), "00:1b:21:0a:0b:0c");     /* a neighbour's chassis id is a hardware address, too */
    answers(f, "10.9.0.2")->chassis_id = "00:1b:21:0d:0d:0d";
    expect(f, "sw1 10.9.0.1 hardware address\nsw2 10.9.0.2 hardware address\n");
}

static void by_arp(void **state)
{
    struct fixture *f = *state;
    struct fact_row row = row_of(f, 1, &fact_arp);
    fact_set_int(&row, ARP_IF_INDEX, 1);
    fact_set_str(&row, ARP_ADDRESS, "10.1.0.1");
    fact_set_str(&row, ARP_MAC, "00:1b:21:0a:0b:0c");
    put(f, &row);
    seal(f);
    discover_set_mac(f->d, at(f, "10.9.0.7"), "00:1b:21:0a:0b:0c");          /* it answers nothing: its hardware address is enough */
    expect(f, "sw1 10.9.0.7 hardware address\n");
}

static void by_each_kind_of_host_key(void **state)
{
    struct fixture *f = *state;
    put_keys(f, "# mine\n10.1.0.1 " KEY_A " comment\n10.1.0.2\t" KEY_B "\n@revoked 10.1.0.2 ssh-ed25519 AAAAREVOKED\n");
    struct find *one = answers(f, "10.9.0.1"), *two = answers(f, "10.9.0.2"), *three = answers(f, "10.9.0.3");
    discover_add_host_key(f->d, one, "ssh-rsa AAAAother");
    discover_add_host_key(f->d, one, KEY_A);                 /* the first that was shown is unknown */
    discover_add_host_key(f->d, two, KEY_B);
    discover_add_host_key(f->d, two, "ssh-ed25519 AAAAother2");
    discover_add_host_key(f->d, three, "ssh-ed25519 AAAAREVOKED");
    expect(f, "sw1 10.9.0.1 SSH host key\nsw2 10.9.0.2 SSH host key\n");
    const char *kinds[DISCOVER_MAX_KEYS];
    assert_int_equal(discover_known_kinds(f->d, kinds, DISCOVER_MAX_KEYS), 2);
    assert_string_equal(kinds[0], "ssh-ed25519");
    assert_string_equal(kinds[1], "ssh-rsa");
    assert_true(discover_has_key(one, "ssh-rsa") && discover_has_key(one, "ssh-ed25519") && !discover_has_key(one, "ssh"));
    discover_add_host_key(f->d, one, KEY_A);
    assert_int_equal(one->n_host_keys, 2);
}

/* --- doubt ------------------------------------------------------------------------------------------------------------------------------- */

static void who_still_answers_has_not_moved(void **state)
{
    struct fixture *f = *state;
    put_device(f, 0, "FOC1234X0AB", NULL);
    seal(f);
    answers(f, "10.1.0.1")->serial = "OTHER1234";
    answers(f, "10.9.0.1")->serial = "FOC1234X0AB";
    expect(f, "");
    assert_false(at(f, "10.9.0.1")->moved);
}

/* Two devices with one sign: a stronger one decides, else nobody. */
static void copies_are_in_doubt(void **state)
{
    struct fixture *f = *state;
    put_device(f, 0, "FOC1234X0AB", "80001f8880aa");
    put_device(f, 1, NULL, "80001f8880bb");
    seal(f);
    struct find *a = answers(f, "10.9.0.1"), *b = answers(f, "10.9.0.2"), *c = answers(f, "10.9.0.3"), *e = answers(f, "10.9.0.4");
    a->engine_id = b->engine_id = "80001f8880aa";
    a->sys_name = "a";
    b->sys_name = "b";
    b->serial = "FOC1234X0AB";
    c->engine_id = e->engine_id = "80001f8880bb";
    c->sys_name = "c";
    e->sys_name = "e";
    expect(f, "sw1 10.9.0.2 serial number\n");
}

static void two_targets_with_one_sign(void **state)
{
    struct fixture *f = *state;
    put_device(f, 0, NULL, "80001f8880aa");
    put_device(f, 1, NULL, "80001f8880aa");
    seal(f);
    answers(f, "10.9.0.1")->engine_id = "80001f8880aa";
    expect(f, "");
}

/* site.yaml has it by a host's name: no new target, and no change either. */
static void by_name_is_no_move(void **state)
{
    struct fixture *f = *state;
    put_device(f, 2, "VM-12345", NULL);
    seal(f);
    answers(f, "10.9.0.9")->serial = "VM-12345";
    char *text = rendered(f);
    assert_non_null(strstr(text, "changes: []\n"));
    assert_non_null(strstr(text, "targets: []\n"));
    free(text);
}

/* --- what discovered.yaml says --------------------------------------------------------------------------------------------------------- */

static void a_change_is_no_second_target(void **state)
{
    struct fixture *f = *state;
    put_device(f, 0, "FOC1234X0AB", NULL);
    seal(f);
    answers(f, "10.9.0.1")->serial = "FOC1234X0AB";
    answers(f, "10.9.0.2")->sys_name = "new";
    char *text = rendered(f);
    assert_non_null(strstr(text, "  # Its address in site.yaml was not asked in this discovery: it may have both.\n  - {target: sw1, address: 10.9.0.1, was: 10.1.0.1, because: \"serial number\"}\n"));
    assert_non_null(strstr(text, "{name: new, address: 10.9.0.2}"));
    assert_null(strstr(text, "name: host-10-9-0-1"));
    free(text);
}

static void more_than_it_holds_is_said(void **state)
{
    struct fixture *f = *state;
    struct ip ip = { .family = 4, .b = { 10 } };
    for (unsigned i = 0; i < DISCOVER_MAX_FINDS; i++) {
        ip.b[1] = (uint8_t)(100 + i / 65536);
        ip.b[2] = (uint8_t)(i >> 8);
        ip.b[3] = (uint8_t)i;
        assert_non_null(discover_find_ip(f->d, &ip, true));
    }
    assert_false(f->d->full);
    char *text = rendered(f);
    assert_non_null(strstr(text, "complete: true\n"));
    assert_non_null(strstr(text, "notes: []\n"));
    free(text);
    ip.b[0] = 11;
    assert_null(discover_find_ip(f->d, &ip, false));
    assert_false(f->d->full);
    assert_null(discover_find_ip(f->d, &ip, true));
    assert_null(discover_find_mac(f->d, "00:1b:21:01:02:03", true));
    assert_true(f->d->full);
    text = rendered(f);
    assert_non_null(strstr(text, "complete: false\n"));
    assert_non_null(strstr(text, "  - \"More than 65536 addresses were told of"));
    free(text);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(by_serial), EACH(not_by_what_a_factory_left), EACH(by_engine_id), EACH(by_the_address_in_an_engine_id), EACH(by_another_interface), EACH(by_chassis_and_arp), EACH(by_arp),
        EACH(by_each_kind_of_host_key), EACH(who_still_answers_has_not_moved), EACH(copies_are_in_doubt), EACH(two_targets_with_one_sign), EACH(by_name_is_no_move),
        EACH(a_change_is_no_second_target), EACH(more_than_it_holds_is_said),
    };
    return cmocka_run_group_tests_name("discover_known", tests, NULL, NULL);
}
