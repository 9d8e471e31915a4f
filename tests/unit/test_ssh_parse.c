/* The ssh probe's parsers over recorded and hostile outputs. The recordings are in tests/unit/data/ssh: NAME.txt is what the script
 * printed with the nonce "@@", NAME.expected the rows and outcomes, one line each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "fact/table_filesystems.h"
#include "fact/table_hosts.h"
#include "fact/table_listening_ports.h"
#include "probes/ssh/ssh_parse.h"
#include "probes/ssh/ssh_script.h"

#define NOW INT64_C(1795323660)      /* 2026-11-22T05:01:00Z */
#define TEXT_MAX (8 * 1024 * 1024)

/* --- rows as text ------------------------------------------------------------------------------------------------------- */

static void put_row(void *ctx, const struct fact_row *row)
{
    struct buf *out = ctx;
    buf_puts(out, row->table->name);
    for (size_t i = 0; i < row->table->n_columns; i++) {
        const struct fact_value *v = &row->v[i];
        if (v->kind == FACT_KIND_NULL)
            continue;
        buf_printf(out, " %s=", row->table->columns[i].name);
        if (v->kind == FACT_KIND_INTEGER)
            buf_printf(out, "%lld", (long long)v->i);
        else if (v->kind == FACT_KIND_REAL)
            buf_printf(out, "%.10g", v->r);
        else {
            char *copy = xstrndup(v->s, v->len);
            text_terminal(out, copy, false);
            free(copy);
        }
    }
    buf_putc(out, '\n');
}

static void put_table(void *ctx, const struct fact_table *t, enum state state, enum reason reason, const char *detail)
{
    buf_printf(ctx, "table %s %s %s: %s\n", t->name, state_name(state), reason_info(reason)->name, detail);
}

static void put_note(void *ctx, const struct fact_table *t, const char *text)
{
    buf_printf(ctx, "note %s: %s\n", t->name, text);
}

static void parse_all(const char *p, size_t len, enum reason cut, struct buf *out)
{
    struct ssh_output *o = xcalloc(1, sizeof(*o));
    const struct ssh_sink sink = { .ctx = out, .row = put_row, .table = put_table, .note = put_note };
    const struct ssh_reading r = { .now = NOW, .cut = cut };
    ssh_output_split(p, len, "@@", o);
    ssh_parse_hosts(o, &r, &sink);
    ssh_parse_listening_ports(o, &r, &sink);
    ssh_parse_filesystems(o, &r, &sink);
    free(o);
}

static char *parse_text(const char *text)
{
    struct buf out = BUF_INIT(TEXT_MAX);
    parse_all(text, strlen(text), REASON_NONE, &out);
    return buf_take(&out);
}

static void read_data(const char *name, const char *suffix, struct buf *out)
{
    char *path = xasprintf("%s/tests/unit/data/ssh/%s%s", getenv("srcdir") ? getenv("srcdir") : ".", name, suffix);
    assert_int_equal(file_read(path, TEXT_MAX, out), 0);
    free(path);
}

/* --- recordings --------------------------------------------------------------------------------------------------------- */

static void recording(void **state)
{
    struct buf in = BUF_INIT(TEXT_MAX), want = BUF_INIT(TEXT_MAX), got = BUF_INIT(TEXT_MAX);
    read_data(*state, ".txt", &in);
    read_data(*state, ".expected", &want);
    parse_all(in.data, in.len, REASON_NONE, &got);
    assert_string_equal(buf_str(&got), buf_str(&want));
    buf_clear(&in);
    buf_clear(&want);
    buf_clear(&got);
}

/* Cut at every byte: nothing crashes, and no number is half a number. */
static void cut_anywhere(void **state)
{
    struct buf in = BUF_INIT(TEXT_MAX), whole = BUF_INIT(TEXT_MAX);
    (void)state;
    read_data("debian", ".txt", &in);
    parse_all(in.data, in.len, REASON_NONE, &whole);
    size_t end_of_df = (size_t)(strstr(buf_str(&in), "@@ end df") - in.data);
    for (size_t len = 0; len < end_of_df; len += 7) {
        struct buf got = BUF_INIT(TEXT_MAX);
        char *copy = xmalloc(len + 1);               /* of exactly this size, so that a sanitizer sees a step too far */
        memcpy(copy, in.data, len);
        parse_all(copy, len, REASON_TIMEOUT, &got);
        assert_non_null(strstr(buf_str(&got), "timeout"));
        for (char *line = got.data; *line;) {
            char *end = strchr(line, '\n');
            *end = '\0';
            if (strncmp(line, "listening_ports", 15) == 0 || strncmp(line, "filesystems mount=/boot", 23) == 0) {
                const char *known = strstr(whole.data, strncmp(line, "filesystems", 11) == 0 ? "filesystems mount=/boot" : line);
                assert_non_null(known);
            }
            line = end + 1;
        }
        free(copy);
        buf_clear(&got);
    }
    buf_clear(&in);
    buf_clear(&whole);
}

/* --- hostile ------------------------------------------------------------------------------------------------------------ */

#define NAME_SECTION "@@ begin uname-n\nbox\n@@ end uname-n 0\n"

static void numbers(void **state)
{
    static const struct { const char *section, *body, *want; } cases[] = {
        { "memory", "MemTotal: 99999999999999999999999 kB", "cannot be read: memory" },
        { "memory", "MemTotal: 9223372036854775807 kB", "cannot be read: memory" },
        { "memory", "MemTotal: -5 kB", "cannot be read: memory" },
        { "memory", "MemTotal: 5 MB", "cannot be read: memory" },
        { "memory", "0", "cannot be read: memory" },
        { "memory", "18446744073709551616", "cannot be read: memory" },
        { "memory", "MemTotal: 4 kB", "memory_bytes=4096" },
        { "cpus", "many", "cannot be read: number of CPUs" },
        { "cpus", "0", "cannot be read: number of CPUs" },
        { "cpus", "65537", "cannot be read: number of CPUs" },
        { "cpus", "65536", "cpus=65536" },
        { "uptime", "-3.5 1", "cannot be read: uptime" },
        { "uptime", "nan 1", "cannot be read: uptime" },
        { "uptime", "99999999999999999999 1", "cannot be read: uptime" },
        { "uptime", "{ sec = 99, usec = 0 }", "cannot be read: uptime" },       /* without a clock to compare */
        { "uptime", "Sat Nov 21 05:21:00 2026", "cannot be read: uptime" },
        { "time", "1795323660x", "cannot be read: date" },
        { "time", "999999999999999", "cannot be read: date" },
        { "time", "1795323600", "clock_offset_s=-60" },
    };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        char *text = xasprintf(NAME_SECTION "@@ begin %s\n%s\n@@ end %s 0\n", cases[i].section, cases[i].body, cases[i].section);
        char *got = parse_text(text);
        if (!strstr(got, cases[i].want))
            fail_msg("%s \"%s\" gave: %s", cases[i].section, cases[i].body, got);
        free(got);
        free(text);
    }
}

static void failed_commands_are_not_read(void **state)
{
    (void)state;
    char *got = parse_text(NAME_SECTION "@@ begin memory\n123456\n@@ end memory 1\n@@ begin cpus\n4\n@@ begin finish\n@@ end finish 0\n");
    assert_null(strstr(got, "memory_bytes"));
    assert_null(strstr(got, "cpus="));               /* never ended */
    free(got);
}

static void names(void **state)
{
    (void)state;
    char *got = parse_text("@@ begin uname-n\n\033[31mred\n@@ end uname-n 0\n");
    assert_non_null(strstr(got, "table hosts failed malformed: the host did not say its name"));
    free(got);
    struct buf big = BUF_INIT(TEXT_MAX);
    buf_puts(&big, "@@ begin uname-n\n");
    for (int i = 0; i < 65536; i++)
        buf_putc(&big, 'a');
    buf_puts(&big, "\n@@ end uname-n 0\n");
    got = parse_text(buf_str(&big));
    assert_non_null(strstr(got, "table hosts failed malformed"));
    free(got);
    buf_clear(&big);
    got = parse_text("");
    assert_non_null(strstr(got, "table hosts failed"));
    assert_non_null(strstr(got, "table listening_ports unsupported"));
    free(got);
}

static void long_texts_are_cut(void **state)
{
    struct buf big = BUF_INIT(TEXT_MAX);
    (void)state;
    buf_puts(&big, NAME_SECTION "@@ begin os-release\nPRETTY_NAME=\"");
    for (int i = 0; i < 65536; i++)
        buf_puts(&big, "x");
    buf_puts(&big, "\"\nID=\"we\\\"ird\"\n@@ end os-release 0\n");
    char *got = parse_text(buf_str(&big));
    assert_true(strlen(got) < 3000);
    assert_non_null(strstr(got, "os_id=we\"ird"));
    free(got);
    buf_clear(&big);
}

/* A second section of a name, a foreign nonce and markers with too much or too little behind them change nothing. */
static void markers(void **state)
{
    struct ssh_output o;
    static const char text[] =
        "noise\n@@ begin a\n1\n@@ end a 0\n@@ begin a\n2\n@@ end a 0\n@@x begin b\n3\n@@x end b 0\n @@ begin c\n4\n@@ begin d e\n5\n"
        "@@ begin f\n6\n@@ end g 0\n@@ end f 300\n@@ end f\n7\n@@ end f 7\n@@ begin finish\n@@ end finish 0";
    (void)state;
    ssh_output_split(text, strlen(text), "@@", &o);
    assert_int_equal(o.n, 3);
    assert_true(o.repeated);
    assert_true(o.finished);
    assert_true(span_is(o.noise, "noise\n"));
    assert_true(span_is(ssh_output_find(&o, "a")->body, "1"));
    assert_int_equal(ssh_output_find(&o, "f")->exit, 7);
    assert_null(ssh_output_find(&o, "b"));
    assert_null(ssh_output_find(&o, "c"));
    assert_null(ssh_output_find(&o, "d"));

    struct buf many = BUF_INIT(TEXT_MAX);
    for (int i = 0; i < 1000; i++)
        buf_printf(&many, "@@ begin s%d\n@@ end s%d 0\n", i, i);
    ssh_output_split(many.data, many.len, "@@", &o);
    assert_int_equal(o.n, SSH_SECTIONS_MAX);
    buf_clear(&many);
}

static void ports(void **state)
{
    (void)state;
    char *got = parse_text(NAME_SECTION "@@ begin ss\n"
        "tcp LISTEN 0 1 1.2.3.4:99999 *:*\n"             /* no such port */
        "tcp LISTEN 0 1 1.2.3.4.5:80 *:*\n"
        "tcp LISTEN 0\n"
        "tcp LISTEN 0 1 [::1:80 *:*\n"
        "tcp LISTEN 0 1 \033[2J:80 *:*\n"
        "tcp LISTEN 0 1 127.0.0.1:80 0.0.0.0:* users:((\"\033]0;owned\007\",pid=1,fd=2))\n"
        "tcp ESTAB 0 1 127.0.0.1:81 0.0.0.0:*\n"
        "sctp LISTEN 0 1 127.0.0.1:82 0.0.0.0:*\n"
        "@@ end ss 0\n@@ begin finish\n@@ end finish 0\n");
    assert_non_null(strstr(got, "table listening_ports partial malformed: 5 lines"));
    assert_non_null(strstr(got, "port=80 address=127.0.0.1"));
    assert_null(strstr(got, "port=81"));
    assert_null(strstr(got, "port=82"));
    assert_null(strchr(got, '\033'));
    free(got);

    struct buf many = BUF_INIT(TEXT_MAX);
    buf_puts(&many, "@@ begin ss\n");
    for (int i = 0; i < 20000; i++)
        buf_printf(&many, "tcp LISTEN 0 1 10.%d.%d.1:80 0.0.0.0:*\n", i / 250, i % 250);
    buf_puts(&many, "@@ end ss 0\n");
    got = parse_text(buf_str(&many));
    assert_non_null(strstr(got, "table listening_ports partial limit"));
    free(got);
    buf_clear(&many);
}

static void filesystems(void **state)
{
    (void)state;
    char *got = parse_text(NAME_SECTION "@@ begin mounts\n"
        "/dev/a / ext4 ro 0 0\n/dev/b /odd\\040\\011\\134\\999\\04 xfs rw 0 0\n/dev/c /c ext4 rw,errors=remount-ro 0 0\nshort line\n"
        "@@ end mounts 0\n@@ begin df\n"
        "/dev/a 100 90 10 90% /\n"
        "/dev/b 100 50 50 50% /odd \t\\\\999\\04\n"
        "/dev/c 9223372036854775807 1 1 1% /c\n"           /* bytes would overflow */
        "/dev/d 1 2 3 /d\n"
        "/dev/e 1 2 x 5% /e\n"
        "/dev/f 1 1 0 100% relative\n"
        "/dev/g 0 0 0 - /g\n"
        "1 2 3 4 5% /h\n"
        "@@ end df 0\n@@ begin finish\n@@ end finish 0\n");
    assert_non_null(strstr(got, "filesystems mount=/ device=/dev/a type=ext4 size_bytes=102400 used_bytes=92160 available_bytes=10240 used_percent=90 read_only=1\n"));
    assert_non_null(strstr(got, "device=/dev/b type=xfs"));
    assert_null(strstr(got, "/dev/c"));
    assert_null(strstr(got, "/dev/g"));
    assert_non_null(strstr(got, "mount=/h device=1 "));
    assert_non_null(strstr(got, "table filesystems partial malformed: 4 lines of df cannot be read"));
    free(got);
}

static void virtualization(void **state)
{
    static const struct { const char *platform, *want; } cases[] = {
        { "hypervisor=1", "virtualization=vm" }, { "hypervisor=0\nsys_vendor=HP", "virtualization=none" }, { "hypervisor=0", NULL }, { "", NULL },
        { "sys_vendor=QEMU\nproduct_name=Standard PC", "virtualization=qemu" }, { "sys_vendor=Microsoft Corporation\nproduct_name=Virtual Machine", "virtualization=microsoft" },
        { "sys_vendor=Microsoft Corporation\nproduct_name=Surface\nhypervisor=0", "virtualization=none" }, { "container=lxc", "virtualization=lxc" },
        { "container=\033[1m", NULL }, { "vm_guest=hv", "virtualization=microsoft" }, { "xen=xen", "virtualization=xen" }, { "hw_model=VMware7,1\nhv_vmm_present=1", "virtualization=vmware" },
    };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        char *text = xasprintf(NAME_SECTION "@@ begin platform\n%s\n@@ end platform 0\n", cases[i].platform);
        char *got = parse_text(text);
        const char *found = strstr(got, cases[i].want ? cases[i].want : "virtualization=");
        if (cases[i].want ? !found || (found[strlen(cases[i].want)] != '\n' && found[strlen(cases[i].want)] != ' ') : found != NULL)
            fail_msg("\"%s\" gave: %s", cases[i].platform, got);
        free(got);
        free(text);
    }
}

/* The script promises to change nothing and to read no arguments of processes. */
static void script_only_reads(void **state)
{
    static const char *const never[] = { " ps ", "/cmdline", "sudo", " rm ", "mkdir", "touch ", "mktemp", "/tmp", "tee ", " >/", ">>", "kill", "environ", "passwd", "shadow", "netstat -p", "ss -a" };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(never); i++) {
        const char *hit = ssh_script;
        while ((hit = strstr(hit, never[i])) != NULL) {
            if (strncmp(hit, " >/dev/null", 11) != 0)
                fail_msg("the script holds \"%s\"", never[i]);
            hit++;
        }
    }
    assert_int_equal(ssh_script_len(), strlen(ssh_script));
}

int main(void)
{
    static char debian[] = "debian", alpine[] = "alpine", rhel[] = "rhel", centos6[] = "centos6", freebsd[] = "freebsd", macos[] = "macos", openwrt[] = "openwrt";
    const struct CMUnitTest tests[] = {
        { "recording of Debian", recording, NULL, NULL, debian }, { "recording of Alpine", recording, NULL, NULL, alpine }, { "recording of RHEL 8", recording, NULL, NULL, rhel },
        { "recording of CentOS 6", recording, NULL, NULL, centos6 }, { "recording of FreeBSD", recording, NULL, NULL, freebsd }, { "recording of macOS", recording, NULL, NULL, macos },
        { "recording of OpenWrt", recording, NULL, NULL, openwrt },
        cmocka_unit_test(cut_anywhere), cmocka_unit_test(numbers), cmocka_unit_test(failed_commands_are_not_read), cmocka_unit_test(names), cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(markers), cmocka_unit_test(ports), cmocka_unit_test(filesystems), cmocka_unit_test(virtualization), cmocka_unit_test(script_only_reads),
    };
    return cmocka_run_group_tests_name("ssh_parse", tests, NULL, NULL);
}
