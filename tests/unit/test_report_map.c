/* The map: who is who, one link for what both ends tell, what hangs at which port, lists, what is too slow, and strangers' texts in dot and SVG.
 * With the argument --dot it prints the map of a clinic with 60 devices instead. */
#include "lib/cmocka_all.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/program.h"
#include "report/map.h"

/* --- facts, one call each ------------------------------------------------------------------------------------------------ */

#define MOST 400

static struct map_facts facts_new(void)
{
    struct map_facts f = { .arena = arena_new() };
    f.devices = xcalloc(MOST, sizeof *f.devices);
    f.ports = xcalloc(MOST, sizeof *f.ports);
    f.heard = xcalloc(MOST, sizeof *f.heard);
    f.seen = xcalloc(MOST, sizeof *f.seen);
    f.arp = xcalloc(MOST, sizeof *f.arp);
    f.own = xcalloc(MOST, sizeof *f.own);
    return f;
}

static size_t device(struct map_facts *f, const char *name, const char *role, const char *address)
{
    f->devices[f->n_devices] = (struct map_device){ .name = arena_strdup(f->arena, name), .role = role, .address = arena_strdup(f->arena, address), .read = true };
    return f->n_devices++;
}

static struct map_port *port(struct map_facts *f, size_t d, const char *name, const char *mac, int64_t speed)
{
    struct map_port *p = &f->ports[f->n_ports];
    *p = (struct map_port){ .device = d, .name = arena_strdup(f->arena, name), .mac = arena_strdup(f->arena, mac), .if_index = (int64_t)f->n_ports, .speed_mbps = speed, .up = true, .load_percent = -1 };
    f->n_ports++;
    return p;
}

static void hears(struct map_facts *f, size_t d, const char *own_port, const char *name, const char *chassis, const char *their_port, const char *capabilities)
{
    f->heard[f->n_heard++] = (struct map_heard){ .device = d, .port = own_port, .if_index = -1, .sys_name = name, .chassis = chassis, .their_port = their_port, .capabilities = capabilities };
}

static void sees(struct map_facts *f, size_t d, const char *own_port, const char *mac)
{
    f->seen[f->n_seen++] = (struct map_seen){ .device = d, .port = own_port, .mac = arena_strdup(f->arena, mac), .if_index = -1 };
}

static void knows(struct map_facts *f, size_t d, const char *address, const char *mac)
{
    f->arp[f->n_arp++] = (struct map_arp){ .device = d, .address = arena_strdup(f->arena, address), .mac = arena_strdup(f->arena, mac) };
}

static char *described(const struct map_facts *f, struct map *m)
{
    struct buf b = BUF_INIT(1U << 20);
    map_make(f, m);
    map_describe(m, &b);
    return buf_take(&b);
}

static void has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void has_not(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("\"%s\" is in:\n%s", part, text);
}

/* --- a clinic of 60 ------------------------------------------------------------------------------------------------------ */

static void clinic(struct map_facts *f)
{
    static const char *const access[] = { "sw-front", "sw-exam", "sw-lab" };
    static const char *const uplinks[] = { "Te1/0/1", "Te1/0/2", "Te1/0/3" };
    size_t fw = device(f, "fw1", "firewall", "10.20.0.1"), core = device(f, "sw-core", "switch", "10.20.0.2"), sw[3];
    f->devices[fw].maker = "Fortinet";
    f->devices[fw].model = "FortiGate 60F";
    struct map_port *wan = port(f, fw, "wan1", "00:00:5e:00:53:01", 1000);
    wan->alias = "Internet, Acme Cable";
    wan->fails = "NET-WAN-01";
    wan->load_percent = 91;
    (void)port(f, fw, "internal1", "00:00:5e:00:53:02", 1000);
    (void)port(f, core, "Te1/0/24", "00:00:5e:00:53:10", 1000);
    hears(f, core, "Te1/0/24", "fw1", "00:00:5e:00:53:02", "internal1", "router");
    for (size_t i = 0; i < 3; i++) {
        char mac[20];
        snprintf(mac, sizeof mac, "00:00:5e:00:53:2%zu", i);
        sw[i] = device(f, access[i], "switch", NULL);
        struct map_port *up = port(f, core, uplinks[i], NULL, i == 2 ? 1000 : 10000);
        if (i == 2)
            up->fails = "NET-LAN-05";
        (void)port(f, sw[i], "Te1/0/49", mac, i == 2 ? 1000 : 10000);
        hears(f, core, uplinks[i], access[i], mac, "Te1/0/49", "bridge");
        hears(f, sw[i], "Te1/0/49", "sw-core.clinic.example", "00:00:5e:00:53:10", uplinks[i], "bridge, router");
    }
    size_t n = 0;
    static const struct { const char *role, *prefix; size_t n, speed; bool read; } things[] = {
        { "server", "srv", 4, 10000, true }, { "printer", "prn", 4, 1000, true }, { "access-point", "ap", 6, 1000, true }, { "ups", "ups", 2, 100, true }, { "workstation", "pc", 9, 1000, true }, { NULL, "x", 30, 1000, false },
    };
    for (size_t k = 0; k < N_ELEMENTS(things); k++)
        for (size_t i = 0; i < things[k].n; i++, n++) {
            char mac[20], name[32], address[20], at[16];
            size_t where = k == 0 ? core : sw[i % 3];
            snprintf(mac, sizeof mac, "00:00:5e:00:54:%02zx", n);
            snprintf(name, sizeof name, "%s%zu", things[k].prefix, i + 1);
            snprintf(address, sizeof address, "10.20.1.%zu", n + 1);
            snprintf(at, sizeof at, "Gi1/0/%zu", n + 1);
            struct map_port *p = port(f, where, at, NULL, (int64_t)things[k].speed);
            if (k == 4 && i == 4) {
                p->speed_mbps = 100;
                p->fails = "NET-LAN-02";
            }
            if (things[k].read)
                (void)port(f, device(f, name, things[k].role, address), "eth0", mac, (int64_t)p->speed_mbps);
            sees(f, where, f->ports[p - f->ports].name, mac);
            sees(f, core, where == core ? p->name : uplinks[i % 3], mac);
            knows(f, fw, address, mac);
        }
}

static void test_clinic(void **state)
{
    (void)state;
    struct map_facts f = facts_new();
    struct map m;
    clinic(&f);
    char *text = described(&f, &m);
    has(text, "30 devices were read, 30 only seen by others");
    has(text, "Internet to fw1 wan1: 1 Gb/s, 91% used in the worst hour, over its capacity, fails NET-WAN-01");
    has(text, "fw1 internal1 to sw-core Te1/0/24: 1 Gb/s (known by LLDP or CDP)");
    has(text, "sw-core Te1/0/1 to sw-front Te1/0/49: 10 Gb/s (known by LLDP or CDP)");
    has(text, "sw-core Te1/0/3 to sw-lab Te1/0/49: 1 Gb/s, fails NET-LAN-05");
    has(text, "10 unmanaged things: 10.20.1.");
    has(text, "; and 6 more");
    has(text, "3 computers: pc5 at Gi1/0/21, 100 Mb/s ! NET-LAN-02; pc2 at");          /* what is wrong comes first */
    has(text, "4 servers: srv1 at Gi1/0/1, 10 Gb/s");
    assert_true(m.n_nodes < 25);
    size_t n = 0;
    for (size_t i = 0; i < m.n_nodes; i++)
        n += m.nodes[i].n;
    assert_int_equal(n, 61);         /* all of them, and the internet */
    assert_int_equal(m.n_links, m.n_nodes - 1);          /* each wire once: a tree */
    for (size_t i = 0; i < m.n_links; i++)
        assert_true(m.nodes[m.links[i].from].level < m.nodes[m.links[i].to].level);
    free(text);
    map_free(&m);
    map_facts_free(&f);
}

/* --- edges --------------------------------------------------------------------------------------------------------------- */

static void test_identity(void **state)
{
    (void)state;
    struct map_facts f = facts_new();
    struct map m;
    size_t a = device(&f, "a", "switch", "10.0.0.1"), b = device(&f, "b", "switch", "10.0.0.2");
    (void)port(&f, a, "1", "00:00:5e:00:53:01", 1000);
    (void)port(&f, b, "7", "00:00:5e:00:53:02", 100);
    hears(&f, a, "1", "B.example.org", NULL, "7", "bridge");             /* by its name, LLDP */
    hears(&f, a, "1", NULL, "00:00:5e:00:53:02", "7", "bridge");         /* by its address, CDP: the same */
    hears(&f, b, "7", "a", NULL, NULL, "bridge");                        /* from the other side, without a port */
    hears(&f, b, "8", "phone-17", "00:00:5e:00:53:aa", "port 1", "bridge, telephone");
    sees(&f, b, "8", "00:00:5e:00:53:aa");                               /* the phone itself */
    sees(&f, b, "7", "00:00:5e:00:53:55");                               /* behind the other switch */
    sees(&f, a, "1", "ff:ff:ff:ff:ff:ff");
    sees(&f, a, "9", "01:00:5e:00:00:01");                               /* of a group: nobody's */
    char *text = described(&f, &m);
    has(text, "b 7 to a 1: 100 Mb/s (known by LLDP or CDP)");            /* the slower end is what passes */
    has(text, "phone-17, unmanaged phone");
    has(text, "b 8 to phone-17 port 1: speed unknown");
    assert_int_equal(m.n_nodes, 3);
    assert_int_equal(m.n_links, 2);
    free(text);
    map_free(&m);
    map_facts_free(&f);
}

static void test_nothing(void **state)
{
    (void)state;
    struct map_facts f = facts_new();
    struct map m;
    struct buf dot = BUF_INIT(1U << 20);
    f.devices[f.n_devices++] = (struct map_device){ .name = "list", .role = "evidence", .address = "evidence/list.csv" };
    f.devices[f.n_devices++] = (struct map_device){ .name = "ehr", .role = "endpoint", .address = "ehr.example" };
    char *text = described(&f, &m);
    assert_int_equal(m.n_nodes, 0);
    map_dot(&m, "t", &dot);
    has(buf_str(&dot), "No device of this run told of itself");
    free(text);
    buf_clear(&dot);
    map_free(&m);
    map_facts_free(&f);
}

/* --- strangers' texts ---------------------------------------------------------------------------------------------------- */

static bool dot_is_here(void)
{
    static const char *const argv[] = { "dot", "-V", NULL };
    char *env[] = { NULL };
    struct buf out = BUF_INIT(65536);
    int status = 0, err = program_run(argv, env, NULL, 0, 10000, &out, &status);
    buf_clear(&out);
    return err == 0;
}

static const char hostile[] = "x\"]; evil [label=\"\\N \\G &lt;script&gt;<script>alert(1)</script>\n\x1b[31m]]>--><!--";

static void test_hostile(void **state)
{
    (void)state;
    struct map_facts f = facts_new();
    struct map m;
    size_t a = device(&f, hostile, "switch", hostile);
    f.devices[a].maker = hostile;
    f.devices[a].model = hostile;
    port(&f, a, hostile, NULL, 1000)->fails = "NET-LAN-01";
    hears(&f, a, hostile, hostile, "\"><svg onload=\"x\">", hostile, hostile);
    hears(&f, a, "2", "%n$%s\\", "\\", "\\\"", NULL);
    struct buf dot = BUF_INIT(1U << 20), svg = BUF_INIT(1U << 20), out = BUF_INIT(1U << 22);
    map_make(&f, &m);
    map_dot(&m, hostile, &dot);
    has_not(buf_str(&dot), "evil [label=\"");
    has_not(buf_str(&dot), "<script");
    has_not(buf_str(&dot), "\\N");
    has_not(buf_str(&dot), "\x1b");
    if (dot_is_here()) {
        static const char *const argv[] = { "dot", "-Tsvg", NULL };
        char path[] = "PATH=" PROGRAM_PATH, *env[] = { path, NULL };
        int status = 0;
        assert_int_equal(program_run(argv, env, dot.data, dot.len, 30000, &svg, &status), 0);
        assert_int_equal(status, 0);
        assert_int_equal(map_svg_finish(&m, hostile, buf_str(&svg), svg.len, &out), 0);
        has(buf_str(&out), "&lt;script&gt;");
        has_not(buf_str(&out), "<script");
        has_not(buf_str(&out), "<svg onload");
        assert_memory_equal(buf_str(&out), "<svg ", 5);
    }
    buf_clear(&dot);
    buf_clear(&svg);
    buf_clear(&out);
    map_free(&m);
    map_facts_free(&f);
}

static void test_svg_gate(void **state)
{
    (void)state;
    static const struct { const char *svg; bool good; } cases[] = {
        { "<?xml version=\"1.0\"?><!DOCTYPE svg><svg width=\"1pt\"><g id=\"n0\" class=\"node\"><title>n0</title><text x=\"1\">a</text></g></svg>", true },
        { "<svg><!-- <script> --><g/></svg>", true },
        { "<svg><script>x</script></svg>", false },
        { "<svg onload=\"x\"></svg>", false },
        { "<svg><g onclick=\"x\"/></svg>", false },
        { "<svg><image href=\"x\"/></svg>", false },
        { "<svg><a xlink:href=\"x\"><text/></a></svg>", false },
        { "<svg><text style=\"background:url(x)\"/></svg>", false },
        { "<svg><!-- open", false },
        { "<svg><text", false },
        { "nothing", false },
    };
    struct map_node node = { .kind = MAP_SWITCH, .name = "sw <1>", .read = true, .n = 1 };
    const struct map m = { .nodes = &node, .n_nodes = 1 };
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct buf out = BUF_INIT(1U << 20);
        int err = map_svg_finish(&m, "the map", cases[i].svg, strlen(cases[i].svg), &out);
        if ((err == 0) != cases[i].good)
            fail_msg("%s: %d", cases[i].svg, err);
        if (i == 0) {
            has(buf_str(&out), "<svg width=\"1pt\" role=\"img\">\n<title>the map</title>\n<desc>");
            has(buf_str(&out), "<title>sw &lt;1&gt;, switch</title>");
            has_not(buf_str(&out), "<title>n0</title>");
        }
        buf_clear(&out);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--dot") == 0) {
        struct map_facts f = facts_new();
        struct map m;
        struct buf dot = BUF_INIT(1U << 20);
        clinic(&f);
        map_make(&f, &m);
        map_dot(&m, "Riverside Family Clinic: how the network is connected, run 2, Sun 22 Nov 2026 00:45", &dot);
        fputs(buf_str(&dot), stdout);
        buf_clear(&dot);
        map_free(&m);
        map_facts_free(&f);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clinic), cmocka_unit_test(test_identity), cmocka_unit_test(test_nothing), cmocka_unit_test(test_hostile), cmocka_unit_test(test_svg_gate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
