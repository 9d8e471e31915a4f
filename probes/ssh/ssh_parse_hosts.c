/* The hosts row: what the machine is, runs and runs on. Runs in workers on hostile bytes. A value that is not there, or that
 * cannot be what it should be, is NULL; a value that is there and cannot be read makes the table partial. */
#include "probes/ssh/ssh_parse.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "fact/table_hosts.h"
#include "probes/ssh/ssh_platform.h"

#define LINES_MAX 4096
#define TEXT_MAX 1024                /* bytes of one value; nobody's os name is longer */
#define UPTIME_MAX_S (INT64_C(200) * 366 * 86400)

struct hosts {
    const struct ssh_output *o;
    const struct ssh_reading *reading;
    struct arena *mem;               /* texts of the row */
    struct fact_row row;
    struct buf bad;                  /* names of the values that could not be read */
};

/* The section's body, empty when there is none or its command failed. A cut one is used by nobody: half a number is a wrong one. */
static struct span body_of(const struct hosts *h, const char *name)
{
    const struct ssh_section *s = ssh_output_find(h->o, name);
    return s && s->ended && s->exit == 0 ? s->body : SPAN_NONE;
}

static struct span first_line(struct span body)
{
    struct span line;
    return span_line(&body, &line) ? span_trim(line) : SPAN_NONE;
}

static struct span line_of(const struct hosts *h, const char *name)
{
    return first_line(body_of(h, name));
}

static void set_text(struct hosts *h, int column, struct span s)
{
    s = span_trim(s);
    if (s.len == 0)
        return;
    s = span_upto(s, TEXT_MAX);
    fact_set_text(&h->row, column, arena_strndup(h->mem, s.p, s.len), s.len);
}

static void set_str(struct hosts *h, int column, const char *text)
{
    if (text)
        set_text(h, column, (struct span){ .p = text, .len = strlen(text) });
}

static void bad_value(struct hosts *h, const char *what)
{
    buf_printf(&h->bad, "%s%s", h->bad.len ? ", " : "", what);
}

/* --- names ----------------------------------------------------------------------------------------------------------- */

static bool is_host_name(struct span s)
{
    if (s.len == 0 || s.len > 255 || s.p[0] == '.')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (!good)
            return false;
    }
    return true;
}

static void set_lower(struct hosts *h, int column, struct span s)
{
    char *low = span_lower(s);
    set_str(h, column, low);
    free(low);
}

static void parse_names(struct hosts *h)
{
    struct span node = line_of(h, "uname-n"), full = line_of(h, "fqdn");
    size_t dot;
    if (is_host_name(node))
        set_lower(h, HOSTS_NAME, span_find(node, ".", &dot) ? span_upto(node, dot) : node);
    else if (node.len)
        bad_value(h, "uname -n");
    if (!is_host_name(full) || !span_find(full, ".", &dot))
        full = node;
    if (full.len && full.p[full.len - 1] == '.')
        full.len--;
    if (is_host_name(full) && span_find(full, ".", &dot) && !span_starts(full, "localhost."))
        set_lower(h, HOSTS_FQDN, full);
}

/* --- operating system ------------------------------------------------------------------------------------------------ */

/* A value as in os-release(5): bare, or quoted for the shell. */
static struct span unquote(struct hosts *h, struct span v)
{
    v = span_upto(span_trim(v), TEXT_MAX);
    if (v.len < 2 || (v.p[0] != '"' && v.p[0] != '\'') || v.p[v.len - 1] != v.p[0])
        return v;
    bool escapes = v.p[0] == '"';
    v = (struct span){ .p = v.p + 1, .len = v.len - 2 };
    char *out = arena_alloc(h->mem, v.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < v.len; i++) {
        if (escapes && v.p[i] == '\\' && i + 1 < v.len)
            i++;
        out[n++] = v.p[i];
    }
    return (struct span){ .p = out, .len = n };
}

/* The value behind "KEY<separator>" at the start of a line. */
static struct span value_of(struct span body, const char *key, char separator)
{
    struct span line;
    size_t key_len = strlen(key);
    for (int i = 0; i < LINES_MAX && span_line(&body, &line); i++) {
        line = span_trim(line);
        if (span_starts(line, key) && line.len > key_len && line.p[key_len] == separator)
            return span_trim(span_from(line, key_len + 1));
    }
    return SPAN_NONE;
}

/* "CentOS release 6.10 (Final)": what there was before os-release. */
static void parse_redhat(struct hosts *h, struct span line)
{
    static const struct { const char *starts, *id; } makers[] = {
        { "CentOS", "centos" }, { "Red Hat Enterprise Linux", "rhel" }, { "Oracle Linux", "ol" }, { "Fedora", "fedora" }, { "Scientific Linux", "scientific" },
    };
    size_t at;
    set_text(h, HOSTS_OS_NAME, line);
    for (size_t i = 0; i < N_ELEMENTS(makers); i++)
        if (span_starts(line, makers[i].starts))
            set_str(h, HOSTS_OS_ID, makers[i].id);
    if (span_find(line, " release ", &at)) {
        struct span rest = span_from(line, at + strlen(" release ")), version;
        if (span_token(&rest, &version))
            set_text(h, HOSTS_OS_VERSION, version);
    }
}

static void parse_os_release(struct hosts *h, struct span body)
{
    struct span name = unquote(h, value_of(body, "PRETTY_NAME", '='));
    if (!name.len)
        name = unquote(h, value_of(body, "NAME", '='));
    struct span id = unquote(h, value_of(body, "ID", '='));
    if (!name.len && !id.len) {
        parse_redhat(h, first_line(body));
        return;
    }
    set_text(h, HOSTS_OS_NAME, name);
    set_lower(h, HOSTS_OS_ID, id);
    set_text(h, HOSTS_OS_VERSION, unquote(h, value_of(body, "VERSION_ID", '=')));
}

static void set_joined(struct hosts *h, int column, struct span a, struct span b)
{
    struct buf text = BUF_INIT(2 * TEXT_MAX + 2);
    a = span_upto(a, TEXT_MAX);
    b = span_upto(b, TEXT_MAX);
    buf_append(&text, a.p, a.len);
    buf_putc(&text, ' ');
    buf_append(&text, b.p, b.len);
    set_str(h, column, buf_str(&text));
    buf_clear(&text);
}

static void parse_mac(struct hosts *h, struct span body)
{
    struct span product = value_of(body, "ProductName", ':'), version = value_of(body, "ProductVersion", ':');
    set_joined(h, HOSTS_OS_NAME, product, version);
    set_str(h, HOSTS_OS_ID, "macos");
    set_text(h, HOSTS_OS_VERSION, version);
}

static void parse_os(struct hosts *h)
{
    struct span release = body_of(h, "os-release"), mac = body_of(h, "sw_vers"), freebsd = line_of(h, "freebsd-version");
    struct span kind = line_of(h, "uname-s"), kernel = line_of(h, "uname-r");
    size_t dash;
    set_text(h, HOSTS_KERNEL, kernel);
    set_text(h, HOSTS_ARCHITECTURE, line_of(h, "uname-m"));
    if (span_trim(release).len) {
        parse_os_release(h, release);
    } else if (mac.len) {
        parse_mac(h, mac);
    } else if (freebsd.len) {
        set_joined(h, HOSTS_OS_NAME, kind, freebsd);
        set_str(h, HOSTS_OS_ID, "freebsd");
        set_text(h, HOSTS_OS_VERSION, span_find(freebsd, "-", &dash) ? span_upto(freebsd, dash) : freebsd);
    } else if (span_is(kind, "OpenBSD") || span_is(kind, "NetBSD")) {
        set_joined(h, HOSTS_OS_NAME, kind, kernel);
        set_lower(h, HOSTS_OS_ID, kind);
        set_text(h, HOSTS_OS_VERSION, kernel);
    } else {
        set_text(h, HOSTS_OS_NAME, kind);
    }
}

/* --- numbers --------------------------------------------------------------------------------------------------------- */

/* A number of our own making goes into an integer or a real column, as the table declares it. */
static void set_number(struct hosts *h, int column, int64_t v)
{
    if (h->row.table->columns[column].type == FACT_REAL)
        fact_set_real(&h->row, column, (double)v);
    else
        fact_set_int(&h->row, column, v);
}

static bool number_in(struct span s, uint64_t low, uint64_t high, int64_t *out)
{
    uint64_t v;
    if (!span_u64(s, &v) || v < low || v > high)
        return false;
    *out = (int64_t)v;
    return true;
}

/* Linux: "2072.30 4013.15"; BSD and macOS: "{ sec = 1700000000, usec = 0 } Tue Nov 14 ...". Seconds, or -1. */
static int64_t uptime_of(struct span line, int64_t remote_now)
{
    size_t at;
    int64_t v;
    if (span_starts(line, "{ sec = ")) {
        struct span number = span_from(line, strlen("{ sec = "));
        number = span_find(number, ",", &at) ? span_upto(number, at) : number;
        if (!number_in(number, 1, INT64_MAX, &v) || remote_now <= 0 || v > remote_now)
            return -1;
        return remote_now - v <= UPTIME_MAX_S ? remote_now - v : -1;
    }
    struct span number;
    if (!span_token(&line, &number))
        return -1;
    number = span_find(number, ".", &at) ? span_upto(number, at) : number;
    return number_in(number, 0, (uint64_t)UPTIME_MAX_S, &v) ? v : -1;
}

static void parse_times(struct hosts *h)
{
    struct span clock = line_of(h, "time"), line = line_of(h, "uptime");
    int64_t remote = 0;
    if (number_in(clock, 1, INT64_C(253402300799), &remote))
        set_number(h, HOSTS_CLOCK_OFFSET_S, remote - h->reading->now);
    else if (clock.len)
        bad_value(h, "date");
    if (!line.len)
        return;
    int64_t up = uptime_of(line, remote);
    if (up < 0) {
        bad_value(h, "uptime");
        return;
    }
    char *booted = arena_alloc(h->mem, ISO_LEN);
    iso_format(h->reading->now - up, booted);
    set_number(h, HOSTS_UPTIME_S, up);
    fact_set_str(&h->row, HOSTS_BOOTED_AT, booted);
}

/* The first of the section's lines that is a number: getconf says "undefined" where it does not know. */
static void parse_cpus(struct hosts *h)
{
    struct span body = body_of(h, "cpus"), line;
    int64_t v;
    for (int i = 0; i < LINES_MAX && span_line(&body, &line); i++)
        if (number_in(span_trim(line), 1, 65536, &v)) {
            set_number(h, HOSTS_CPUS, v);
            return;
        }
    if (span_trim(body_of(h, "cpus")).len)
        bad_value(h, "number of CPUs");
}

/* "MemTotal:  24684084 kB", or bytes alone. */
static void parse_memory(struct hosts *h)
{
    struct span line = line_of(h, "memory"), rest = line, word, unit;
    bool in_kib = span_starts(line, "MemTotal:");
    int64_t v;
    if (!line.len)
        return;
    if (in_kib)
        (void)span_token(&rest, &word);
    bool good = span_token(&rest, &word) && number_in(word, 1, in_kib ? INT64_MAX / 1024 : INT64_MAX, &v);
    if (good && in_kib)
        good = span_token(&rest, &unit) && span_is(unit, "kB");
    if (good)
        set_number(h, HOSTS_MEMORY_BYTES, in_kib ? v * 1024 : v);
    else
        bad_value(h, "memory");
}

/* --- the machine ----------------------------------------------------------------------------------------------------- */

/* 32 hex digits, or a UUID of as many; all zeros is nobody's. Only its hash leaves this function. */
static void hash_machine_id(struct hosts *h, struct span id)
{
    char digits[33];
    size_t n = 0, zeros = 0;
    for (size_t i = 0; i < id.len && n < 33; i++) {
        uint64_t v;
        if (id.p[i] == '-')
            continue;
        if (n == 32 || !span_hex((struct span){ .p = id.p + i, .len = 1 }, &v))
            return;
        zeros += v == 0;
        digits[n++] = "0123456789abcdef"[v];
    }
    if (n == 32 && zeros < 32) {
        char *hex = arena_alloc(h->mem, SHA256_HEX);
        sha256_hex(digits, n, hex);
        fact_set_str(&h->row, HOSTS_MACHINE_ID_HASH, hex);
    }
    explicit_bzero(digits, sizeof(digits));
}

/* `"IOPlatformUUID" = "..."` as ioreg prints it. */
static struct span ioreg_value(struct span body, const char *key)
{
    size_t at;
    if (!span_find(body, key, &at))
        return SPAN_NONE;
    struct span rest = span_from(body, at + strlen(key));
    if (!span_find(rest, "= \"", &at))
        return SPAN_NONE;
    rest = span_from(rest, at + 3);
    return span_find(rest, "\"", &at) ? span_upto(rest, at) : SPAN_NONE;
}

static void parse_machine(struct hosts *h)
{
    struct span platform = body_of(h, "platform"), ioreg = body_of(h, "ioreg"), mac_model = value_of(platform, "hw_model", '=');
    struct span vendor = ssh_platform_word(value_of(platform, "sys_vendor", '=')), model = ssh_platform_word(value_of(platform, "product_name", '='));
    struct span serial = ssh_platform_word(value_of(platform, "product_serial", '='));
    struct span id = line_of(h, "machine-id");
    if (mac_model.len) {
        vendor = (struct span){ .p = "Apple", .len = 5 };
        model = mac_model;
        serial = ioreg_value(ioreg, "\"IOPlatformSerialNumber\"");
        id = ioreg_value(ioreg, "\"IOPlatformUUID\"");
    } else if (!model.len) {
        model = ssh_platform_word(value_of(platform, "board", '='));
    }
    set_text(h, HOSTS_VENDOR, vendor);
    set_text(h, HOSTS_MODEL, model);
    set_text(h, HOSTS_SERIAL, serial);
    hash_machine_id(h, id);

    struct ssh_platform p = {
        .detected = first_line(ssh_output_find(h->o, "virt") && ssh_output_find(h->o, "virt")->ended ? ssh_output_find(h->o, "virt")->body : SPAN_NONE),
        .container = value_of(platform, "container", '='), .xen = value_of(platform, "xen", '='), .hypervisor = value_of(platform, "hypervisor", '='),
        .guest = value_of(platform, "vm_guest", '='), .mac_guest = value_of(platform, "hv_vmm_present", '='), .vendor = vendor, .model = model,
    };
    set_str(h, HOSTS_VIRTUALIZATION, ssh_platform_virtualization(&p));
}

/* --- together -------------------------------------------------------------------------------------------------------- */

static void finish(struct hosts *h, const struct ssh_sink *sink)
{
    const struct ssh_section *last = ssh_output_find(h->o, "fqdn");
    if (h->row.v[HOSTS_NAME].kind == FACT_KIND_NULL) {
        enum reason why = h->reading->cut != REASON_NONE ? h->reading->cut : REASON_MALFORMED;
        sink->table(sink->ctx, &fact_hosts, STATE_FAILED, why, "the host did not say its name (uname -n)");
        return;
    }
    sink->row(sink->ctx, &h->row);
    if (h->reading->cut != REASON_NONE && !(last && last->ended))
        sink->table(sink->ctx, &fact_hosts, STATE_PARTIAL, h->reading->cut, "the output ends before everything was said");
    if (h->bad.len) {
        char *text = xasprintf("cannot be read: %s", buf_str(&h->bad));
        sink->table(sink->ctx, &fact_hosts, STATE_PARTIAL, REASON_MALFORMED, text);
        free(text);
    }
}

void ssh_parse_hosts(const struct ssh_output *o, const struct ssh_reading *r, const struct ssh_sink *sink)
{
    struct hosts h = { .o = o, .reading = r, .mem = arena_new(), .bad = BUF_INIT(1024) };
    fact_row_init(&h.row, &fact_hosts);
    parse_names(&h);
    parse_os(&h);
    parse_times(&h);
    parse_cpus(&h);
    parse_memory(&h);
    parse_machine(&h);
    finish(&h, sink);
    buf_clear(&h.bad);
    arena_free(h.mem);
}
