/* nmap's XML to hosts: expat with nothing but elements and attributes. nmap itself writes an empty <!DOCTYPE nmaprun>; any other document type,
 * and every declaration of an entity, ends the reading. Pure; runs in workers. */
#include "probes/file/file_nmap_parse.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define CHUNK (1 << 20)

/* Depths at which nmap puts its elements; the root's is 1. */
enum depth { IN_RUN = 2, IN_HOST = 3, IN_PORTS = 4, IN_PORT = 5 };

struct parse {
    XML_Parser xml;
    nmap_host_fn fn;
    void *arg;
    struct nmap_report *out;
    unsigned depth;
    size_t n_elements;
    bool in_host, in_ports, in_port;
    bool ended;                      /* the scan says that it came to its end */
    bool up;
    struct nmap_host host;
    struct nmap_port *open; size_t cap;
    struct nmap_port port;           /* the one in work */
    bool port_known, port_other;
};

static void stop(struct parse *p, enum reason reason, const char *detail)
{
    if (p->out->reason == REASON_NONE) {
        p->out->reason = reason;
        snprintf(p->out->detail, sizeof p->out->detail, "%s (line %lu)", detail, (unsigned long)XML_GetCurrentLineNumber(p->xml));
    }
    (void)XML_StopParser(p->xml, XML_FALSE);
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    return "";
}

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static int64_t seconds_of(const char *text)
{
    long long v = 0;
    return text_parse_int(text, 1, INT64_C(253402300799), &v) ? v : 0;
}

/* --- the scan ---------------------------------------------------------------------------------------------------------- */

/* Only the options themselves: values may be passwords (--script-args), paths and people's names. */
static void options_keep(struct nmap_report *out, const char *args)
{
    struct buf kept = BUF_INIT(NMAP_MAX_OPTIONS - 1);
    for (const char *at = args; *at != '\0'; at += strcspn(at, " "), at += strspn(at, " ")) {
        size_t len = strspn(at, "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
        if (*at != '-' || kept.len + len + 2 > kept.max)
            continue;
        buf_printf(&kept, "%s%.*s", kept.len > 0 ? " " : "", (int)len, at);
    }
    snprintf(out->options, sizeof out->options, "%s", buf_str(&kept));
    buf_clear(&kept);
}

static void scan_take(struct nmap_report *out, const XML_Char **a)
{
    const char *protocol = attribute(a, "protocol"), *services = attribute(a, "services");
    bool whole = is(services, "1-65535") || is(services, "0-65535");
    size_t len = strlen(out->ports), digits = strspn(services, "0123456789,-");
    out->tcp_whole = out->tcp_whole || (is(protocol, "tcp") && whole);
    out->udp_whole = out->udp_whole || (is(protocol, "udp") && whole);
    if (services[digits] == '\0' && (is(protocol, "tcp") || is(protocol, "udp")))
        snprintf(out->ports + len, sizeof out->ports - len, "%s%s %s", len > 0 ? ", " : "", protocol, services);
}

static void root_take(struct parse *p, const char *name, const XML_Char **a)
{
    if (!is(name, "nmaprun")) {
        stop(p, REASON_BAD_FILE, "XML, but not nmap's: its first element is not nmaprun");
        return;
    }
    p->out->is_nmap = true;
    p->out->started = seconds_of(attribute(a, "start"));
    const char *version = attribute(a, "version");
    snprintf(p->out->version, sizeof p->out->version, "%.*s", (int)strspn(version, "0123456789.SVNsvn"), version);
    options_keep(p->out, attribute(a, "args"));
}

static void end_take(struct parse *p, const XML_Char **a)
{
    p->ended = true;
    p->out->finished = seconds_of(attribute(a, "time"));
    const char *how = attribute(a, "exit");
    if (how[0] != '\0' && !is(how, "success")) {
        p->out->reason = REASON_BAD_FILE;
        snprintf(p->out->detail, sizeof p->out->detail, "nmap says that the scan ended with an error");
    }
}

/* --- a host ------------------------------------------------------------------------------------------------------------ */

static void host_begin(struct parse *p)
{
    struct nmap_host none = { .n_open = 0 };
    p->in_host = true;
    p->up = false;
    p->host = none;
}

static void address_take(struct parse *p, const XML_Char **a)
{
    const char *kind = attribute(a, "addrtype"), *text = attribute(a, "addr");
    struct ip ip;
    if (is(kind, "mac") && p->host.mac[0] == '\0' && strlen(text) < sizeof p->host.mac) {
        memcpy(p->host.mac, text, strlen(text) + 1);
        text_lower_ascii(p->host.mac);
    }
    if (!is(kind, "mac") && p->host.address[0] == '\0' && ip_parse(text, &ip))
        ip_format(&ip, p->host.address);
}

static void port_begin(struct parse *p, const XML_Char **a)
{
    long long number = 0;
    const char *protocol = attribute(a, "protocol");
    p->in_port = true;
    p->port_other = !is(protocol, "tcp") && !is(protocol, "udp");
    p->port_known = !p->port_other && text_parse_int(attribute(a, "portid"), 0, 65535, &number);
    p->port = (struct nmap_port){ is(protocol, "udp"), (uint16_t)number };
}

static void port_state(struct parse *p, const char *state)
{
    if (is(state, "closed"))
        return;
    if (!is(state, "open")) {
        p->out->n_silent += p->up;
        return;
    }
    p->out->n_other += p->port_other && p->up;
    if (!p->port_known)
        return;
    if (p->host.n_open == NMAP_MAX_PORTS) {
        stop(p, REASON_LIMIT, "a host with more open ports than there are");
        return;
    }
    if (p->host.n_open == p->cap) {
        p->cap = p->cap == 0 ? 64 : 2 * p->cap;
        p->open = xrealloc_array(p->open, p->cap, sizeof *p->open);
    }
    p->open[p->host.n_open++] = p->port;
    p->port_known = false;           /* one state each */
}

/* "977 ports are filtered": hosts are large in number, so these come as one element. */
static void extra_take(struct parse *p, const XML_Char **a)
{
    long long n = 0;
    if (!is(attribute(a, "state"), "closed") && text_parse_int(attribute(a, "count"), 0, NMAP_MAX_PORTS, &n) && p->up)
        p->out->n_silent += (size_t)n;
}

static void host_end(struct parse *p)
{
    p->in_host = false;
    if (!p->up) {
        p->out->n_down++;
        return;
    }
    p->out->n_up++;
    p->out->n_without_mac += p->host.mac[0] == '\0';
    p->out->n_without_address += p->host.address[0] == '\0';
    p->host.open = p->open;
    if (p->host.address[0] != '\0' && !p->fn(p->arg, &p->host))
        stop(p, REASON_TIMEOUT, "out of time");
}

/* --- elements ---------------------------------------------------------------------------------------------------------- */

static void in_run(struct parse *p, const char *name, const XML_Char **a)
{
    if (is(name, "host"))
        host_begin(p);
    else if (is(name, "scaninfo"))
        scan_take(p->out, a);
}

static void in_host(struct parse *p, const char *name, const XML_Char **a)
{
    if (p->in_host && is(name, "status"))
        p->up = is(attribute(a, "state"), "up");
    else if (p->in_host && is(name, "address"))
        address_take(p, a);
    else if (p->in_host && is(name, "ports"))
        p->in_ports = true;
    else if (!p->in_host && is(name, "finished"))
        end_take(p, a);
}

static bool element_bears(struct parse *p, const XML_Char **a)
{
    size_t n = 0;
    for (; a[n] != NULL; n += 2) {
        if (n >= 2 * NMAP_MAX_ATTRIBUTES)
            stop(p, REASON_LIMIT, "an element with more than 64 attributes");
        else if (strlen(a[n + 1]) > NMAP_MAX_VALUE)
            stop(p, REASON_LIMIT, "a value of more than 1 MiB");
        else
            continue;
        return false;
    }
    if (p->depth > NMAP_MAX_DEPTH)
        stop(p, REASON_LIMIT, "elements within each other more than 64 deep");
    else if (++p->n_elements > NMAP_MAX_ELEMENTS)
        stop(p, REASON_LIMIT, "more than 10 million elements");
    else
        return true;
    return false;
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **a)
{
    struct parse *p = arg;
    p->depth++;
    if (p->out->reason == REASON_LIMIT || p->out->reason == REASON_TIMEOUT || !element_bears(p, a))
        return;
    if (p->depth == 1)
        root_take(p, name, a);
    else if (p->depth == IN_RUN)
        in_run(p, name, a);
    else if (p->depth == IN_HOST)
        in_host(p, name, a);
    else if (p->depth == IN_PORTS && p->in_ports && is(name, "port"))
        port_begin(p, a);
    else if (p->depth == IN_PORTS && p->in_ports && is(name, "extraports"))
        extra_take(p, a);
    else if (p->depth == IN_PORT && p->in_port && is(name, "state"))
        port_state(p, attribute(a, "state"));
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
    struct parse *p = arg;
    (void)name;
    if (p->depth == IN_PORTS)
        p->in_port = false;
    else if (p->depth == IN_HOST)
        p->in_ports = false;
    else if (p->depth == IN_RUN && p->in_host)
        host_end(p);
    p->depth--;
}

/* --- what is refused --------------------------------------------------------------------------------------------------- */

static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id, int has_subset)
{
    if (!is(name, "nmaprun") || system_id != NULL || public_id != NULL || has_subset)
        stop(arg, REASON_BAD_FILE, "a document type with declarations: nmap writes none");
}

static void XMLCALL on_entity(void *arg, const XML_Char *name, int is_parameter, const XML_Char *value, int len, const XML_Char *base, const XML_Char *system_id,
                              const XML_Char *public_id, const XML_Char *notation)
{
    (void)name, (void)is_parameter, (void)value, (void)len, (void)base, (void)system_id, (void)public_id, (void)notation;
    stop(arg, REASON_BAD_FILE, "an entity is declared: nmap declares none");
}

/* --- the file ---------------------------------------------------------------------------------------------------------- */

static void broke(struct parse *p)
{
    enum XML_Error err = XML_GetErrorCode(p->xml);
    if (p->out->reason != REASON_NONE)
        return;                      /* we stopped it */
    p->out->reason = REASON_BAD_FILE;
    if (!p->out->is_nmap && (err == XML_ERROR_SYNTAX || err == XML_ERROR_INVALID_TOKEN || err == XML_ERROR_NO_ELEMENTS))
        snprintf(p->out->detail, sizeof p->out->detail, "not XML: ask for the file that nmap writes with -oX");
    else if (err == XML_ERROR_NO_ELEMENTS || err == XML_ERROR_UNCLOSED_TOKEN || err == XML_ERROR_PARTIAL_CHAR || err == XML_ERROR_UNCLOSED_CDATA_SECTION)
        snprintf(p->out->detail, sizeof p->out->detail, "the file is cut off before the scan's end (line %lu)", (unsigned long)XML_GetCurrentLineNumber(p->xml));
    else
        snprintf(p->out->detail, sizeof p->out->detail, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(p->xml), XML_ErrorString(err));
}

void nmap_parse(const char *text, size_t len, nmap_host_fn fn, void *arg, struct nmap_report *out)
{
    struct parse p = { .fn = fn, .arg = arg, .out = out };
    *out = (struct nmap_report){ .reason = REASON_NONE };
    p.xml = XML_ParserCreate("UTF-8");               /* whatever the file says: it has been converted */
    if (p.xml == NULL)
        BUG("expat: out of memory");
    XML_SetUserData(p.xml, &p);
    XML_SetElementHandler(p.xml, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(p.xml, on_doctype);
    XML_SetEntityDeclHandler(p.xml, on_entity);
    size_t at = 0;
    enum XML_Status status = XML_STATUS_OK;
    do {
        size_t n = len - at < CHUNK ? len - at : CHUNK;
        status = XML_Parse(p.xml, text + at, (int)n, at + n == len);
        at += n;
    } while (status == XML_STATUS_OK && at < len);
    if (status != XML_STATUS_OK)
        broke(&p);
    else if (!p.ended && out->reason == REASON_NONE) {
        out->reason = REASON_BAD_FILE;
        snprintf(out->detail, sizeof out->detail, "nmap did not write that the scan came to its end");
    }
    XML_ParserFree(p.xml);
    free(p.open);
}
