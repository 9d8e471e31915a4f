/* What the resolver of this machine says of addresses and of the site's directory service. Asked before the lock, through the system's resolver, as
 * every name is; SRV answers are parsed behind it. */
#include "probes/look/look.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "fact/table_dns_names.h"
#include "worker/sandbox.h"

#define ANSWER_MAX 4096
#define SUFFIX_MAX 8
#define SILENT_MAX 3                 /* questions on end without an answer: then the resolver is not there */

struct ptr { struct ip ip; char *name; };    /* name NULL: it is said to have none */
struct srv { char *query; unsigned char answer[ANSWER_MAX]; size_t len; };
struct names { struct probe_ctx *ctx; struct ptr *ptr; size_t n_ptr; struct srv srv[SUFFIX_MAX]; size_t n_srv; unsigned silent, n_asked; };

static void ask_ptr(struct names *w, const char *text)
{
    struct ip ip;
    struct hostent host, *found = NULL;
    char space[8192];
    int why = 0;
    if (w->n_ptr == LOOK_MAX_NAMES || !ip_parse(text, &ip) || probe_left_ms(w->ctx) == 0)
        return;
    probe_pace(w->ctx);
    probe_asked(w->ctx, "the resolver", text);
    /* not getnameinfo(): it does not tell a resolver that refuses from a name that does not exist */
    int err = gethostbyaddr_r(ip.b, ip.family == 4 ? 4 : 16, ip.family == 4 ? AF_INET : AF_INET6, &host, space, sizeof space, &found, &why);
    const bool named = err == 0 && found != NULL && found->h_name != NULL, none = !named && (why == HOST_NOT_FOUND || why == NO_DATA);
    w->n_asked++;
    w->silent = named || none ? 0 : w->silent + 1;
    if (!named && !none)
        return;
    w->ptr = xrealloc_array(w->ptr, w->n_ptr + 1, sizeof *w->ptr);
    w->ptr[w->n_ptr++] = (struct ptr){ .ip = ip, .name = named ? xstrdup(found->h_name) : NULL };
}

static void ask_srv(struct names *w, const char *suffix)
{
    if (w->n_srv == SUFFIX_MAX || probe_left_ms(w->ctx) == 0)
        return;
    struct srv *s = &w->srv[w->n_srv];
    s->query = xasprintf("_ldap._tcp.%s", suffix);
    probe_pace(w->ctx);
    probe_asked(w->ctx, "the resolver", s->query);
    int n = res_query(s->query, ns_c_in, ns_t_srv, s->answer, sizeof s->answer);
    w->n_asked++;
    w->silent = n < 0 && h_errno == TRY_AGAIN ? w->silent + 1 : 0;
    s->len = n < 0 ? 0 : (size_t)n < sizeof s->answer ? (size_t)n : sizeof s->answer;
    w->n_srv++;
}

static void emit_name(struct probe_ctx *ctx, const char *query, const char *type, const char *name, int port, const struct ip *address)
{
    struct fact_row row;
    char text[IP_TEXT];
    fact_row_init(&row, &fact_dns_names);
    fact_set_str(&row, DNS_NAMES_QUERY, query);
    fact_set_str(&row, DNS_NAMES_TYPE, type);
    if (name != NULL)
        fact_set_str(&row, DNS_NAMES_NAME, name);
    if (port > 0)
        fact_set_int(&row, DNS_NAMES_PORT, port);
    if (address != NULL) {
        ip_format(address, text);
        fact_set_str(&row, DNS_NAMES_ADDRESS, text);
    }
    probe_emit(ctx, &row);
}

struct emitting { struct probe_ctx *ctx; const char *query; };

static void on_srv(void *arg, const char *name, unsigned port, const struct ip *address)
{
    const struct emitting *e = arg;
    emit_name(e->ctx, e->query, "SRV", name, (int)port, address);
}

static void emit_all(struct names *w)
{
    for (size_t i = 0; i < w->n_ptr; i++) {
        char text[IP_TEXT];
        ip_format(&w->ptr[i].ip, text);
        emit_name(w->ctx, text, "PTR", w->ptr[i].name, 0, NULL);
    }
    for (size_t i = 0; i < w->n_srv; i++) {
        struct emitting e = { w->ctx, w->srv[i].query };
        look_srv_parse(w->srv[i].answer, w->srv[i].len, on_srv, &e);
    }
}

int look_names(struct probe_ctx *ctx)
{
    struct names *w = xcalloc(1, sizeof *w);
    size_t cursor = 0;
    const char *text;
    w->ctx = ctx;
    setenv("RES_OPTIONS", "timeout:2 attempts:1", 1);
    while ((text = job_next(probe_job(ctx), "look.suffix", &cursor)) != NULL)
        ask_srv(w, text);
    cursor = 0;
    while (w->silent < SILENT_MAX && (text = job_next(probe_job(ctx), "look.address", &cursor)) != NULL)
        ask_ptr(w, text);
    int err = sandbox_lock(ctx, SANDBOX_DATAGRAM);
    if (err == 0)
        emit_all(w);
    if (w->silent >= SILENT_MAX || (w->silent > 0 && w->silent == w->n_asked))
        probe_fail(ctx, REASON_TIMEOUT, "this computer's resolver did not answer %u questions on end", w->silent);
    for (size_t i = 0; i < w->n_ptr; i++)
        free(w->ptr[i].name);
    for (size_t i = 0; i < w->n_srv; i++)
        free(w->srv[i].query);
    free(w->ptr);
    free(w);
    return err;
}
