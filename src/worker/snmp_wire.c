/* net-snmp's single-session API, asynchronous, over a socket of our own. Runs in a worker: set up before the lock, used after
 * it. Datagrams are hostile: the library decodes them, and what it hands over is copied into our own bounded form here.
 *
 * init_snmp() is not called: it would read and make certificate folders (/var/lib/snmp/cert_indexes), look for MIBs and
 * configuration, and cost 2 ms. The parts that a session needs are called one by one. */
#include "worker/snmp_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"
#include "worker/snmp_usm.h"

#define DATAGRAM_MAX 65507
#define VARBINDS_MAX 8192            /* in one answer; an answer cannot hold more in 64 KiB anyway */
#define NEVER_US (3600L * 1000000L)  /* the library's own timers stay out of the way */

struct snmp_wire {
    const struct job *job;
    void *handle;                    /* the library's session list entry */
    netsnmp_session *session;        /* the library's copy */
    int fd;
    enum reason thrown_away;
    bool sending;                    /* inside snmp_wire_send: callbacks only repeat what it returns */
    snmp_answer_fn fn;               /* during snmp_wire_read */
    void *arg;
    struct snmp_varbind *varbinds;   /* grown as needed */
    size_t varbinds_cap;
    uint32_t *numbers;               /* their object identifiers and values of that type */
    size_t numbers_cap;
};

/* --- the library, once in a process ----------------------------------------------------------------------------------- */

static void library_start(bool v3)
{
    static bool done;
    if (done)
        return;
    done = true;
    netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
    netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_APPTYPE, "preop");
    static const int off[] = { NETSNMP_DS_LIB_DONT_READ_CONFIGS, NETSNMP_DS_LIB_DONT_PERSIST_STATE, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD,
                               NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, NETSNMP_DS_LIB_DONT_LOAD_HOST_FILES };
    for (size_t i = 0; i < N_ELEMENTS(off); i++)
        netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, off[i], 1);
    netsnmp_session s;
    snmp_sess_init(&s);
    if (!v3)
        return;
    init_callbacks();
    setup_engineID(NULL, "preop");   /* ours, never used: by name, so that no interface is looked at */
    init_usm();
    /* Random salts for encryption are drawn in this callback. */
    snmp_call_callbacks(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_PREMIB_READ_CONFIG, NULL);
}

/* --- transport: one connected socket, so that the kernel drops what others send ------------------------------------------ */

static int transport_receive(netsnmp_transport *t, void *buf, int size, void **opaque, int *opaque_len)
{
    *opaque = NULL;
    *opaque_len = 0;
    ssize_t n;
    do
        n = recv(t->sock, buf, (size_t)size, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    return (int)n;
}

static int transport_send(netsnmp_transport *t, const void *buf, int size, void **opaque, int *opaque_len)
{
    (void)opaque;
    (void)opaque_len;
    ssize_t n;
    do
        n = send(t->sock, buf, (size_t)size, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return (int)n;
}

static int transport_close(netsnmp_transport *t)
{
    int fd = t->sock;
    t->sock = -1;
    return fd >= 0 ? close(fd) : 0;
}

static char *transport_name(netsnmp_transport *t, const void *data, int len)
{
    (void)t;
    (void)data;
    (void)len;
    return strdup("the peer");
}

static int socket_connect(const struct net_peer *peer)
{
    struct sockaddr_storage to;
    socklen_t to_len = ip_to_sockaddr(&peer->ip, peer->port, &to);
    int fd = socket(peer->ip.family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int room = 256 * 1024;           /* several large answers may come at once */
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (connect(fd, (const struct sockaddr *)&to, to_len) == 0)
        return fd;
    int err = -errno;
    close(fd);
    return err;
}

static netsnmp_transport *transport_new(int fd)
{
    netsnmp_transport *t = calloc(1, sizeof *t);
    if (t == NULL)
        BUG("out of memory");
    t->domain = netsnmpUDPDomain;
    t->domain_length = (int)netsnmpUDPDomain_len;
    t->sock = fd;
    t->msgMaxSize = DATAGRAM_MAX;
    t->flags = NETSNMP_TRANSPORT_FLAG_OPENED;
    t->f_recv = transport_receive;
    t->f_send = transport_send;
    t->f_close = transport_close;
    t->f_fmtaddr = transport_name;
    return t;
}

/* --- opening --------------------------------------------------------------------------------------------------------- */

static int configure(const struct job *job, netsnmp_session *s, const char **why)
{
    const char *version = job_get(job, "snmp.version");
    snmp_sess_init(s);
    s->retries = 0;
    s->timeout = NEVER_US;
    s->rcvMsgMaxSize = s->sndMsgMaxSize = DATAGRAM_MAX;
    if (version != NULL && strcmp(version, "3") == 0) {
        s->version = SNMP_VERSION_3;
        return snmp_usm_configure(job, s, why);
    }
    const char *community = job_get(job, "snmp.community");
    union { const char *in; u_char *out; } not_const = { .in = community };
    if (version == NULL || (strcmp(version, "1") != 0 && strcmp(version, "2c") != 0) || community == NULL || *community == '\0') {
        *why = "the credential has no SNMP version with its community or user";
        return ERR_BAD_INPUT;
    }
    s->version = strcmp(version, "1") == 0 ? SNMP_VERSION_1 : SNMP_VERSION_2c;
    s->community = not_const.out;
    s->community_len = strlen(community);
    return 0;
}

int snmp_wire_open(const struct job *job, const struct net_peer *peer, struct snmp_wire **out, const char **why)
{
    const char *version = job_get(job, "snmp.version");
    library_start(version != NULL && strcmp(version, "3") == 0);
    netsnmp_session s;
    int rc = configure(job, &s, why);
    if (rc != 0)
        return rc;
    int fd = socket_connect(peer);
    if (fd < 0)
        return fd;
    void *handle = snmp_sess_add(&s, transport_new(fd), NULL, NULL);
    if (handle == NULL)
        return ERR_INTERNAL;         /* the transport went with it */
    struct snmp_wire *w = xcalloc(1, sizeof *w);
    w->job = job;
    w->handle = handle;
    w->session = snmp_sess_session(handle);
    w->session->flags |= SNMP_FLAGS_DONT_PROBE;          /* discovery is ours: it would block inside the library */
    w->session->myvoid = w;
    w->fd = fd;
    *out = w;
    return 0;
}

void snmp_wire_close(struct snmp_wire *w)
{
    if (w == NULL)
        return;
    snmp_sess_close(w->handle);
    free(w->varbinds);
    free(w->numbers);
    free(w);
}

int snmp_wire_fd(const struct snmp_wire *w)
{
    return w->fd;
}

bool snmp_wire_is_v3(const struct snmp_wire *w)
{
    return w->session->version == SNMP_VERSION_3;
}

bool snmp_wire_encrypts(const struct snmp_wire *w)
{
    return snmp_wire_is_v3(w) && w->session->securityLevel == SNMP_SEC_LEVEL_AUTHPRIV;
}

bool snmp_wire_has_bulk(const struct snmp_wire *w)
{
    return w->session->version != SNMP_VERSION_1;
}

enum reason snmp_wire_thrown_away(const struct snmp_wire *w)
{
    return w->thrown_away;
}

bool snmp_wire_discovered(const struct snmp_wire *w)
{
    return w->session->securityEngineIDLen > 0;
}

int snmp_wire_make_keys(struct snmp_wire *w)
{
    return snmp_usm_make_user(w->job, w->session);
}

const uint8_t *snmp_wire_engine_id(const struct snmp_wire *w, size_t *len)
{
    if (!snmp_wire_is_v3(w) || w->session->securityEngineIDLen == 0)
        return NULL;
    *len = w->session->securityEngineIDLen;
    return w->session->securityEngineID;
}

/* --- answers --------------------------------------------------------------------------------------------------------- */

static void need_numbers(struct snmp_wire *w, const netsnmp_variable_list *list)
{
    size_t numbers = 0, n = 0;
    for (const netsnmp_variable_list *v = list; v != NULL && n < VARBINDS_MAX; v = v->next_variable, n++)
        numbers += v->name_length + (v->type == ASN_OBJECT_ID ? v->val_len / sizeof(oid) : 0);
    if (n > w->varbinds_cap)
        w->varbinds = xrealloc_array(w->varbinds, w->varbinds_cap = n, sizeof *w->varbinds);
    if (numbers > w->numbers_cap)
        w->numbers = xrealloc_array(w->numbers, w->numbers_cap = numbers, sizeof *w->numbers);
}

static const uint32_t *copy_oid(struct snmp_wire *w, size_t *at, const oid *id, size_t n)
{
    uint32_t *to = w->numbers + *at;
    for (size_t i = 0; i < n; i++)
        to[i] = id[i] > UINT32_MAX ? UINT32_MAX : (uint32_t)id[i];
    *at += n;
    return to;
}

static struct snmp_value copy_value(struct snmp_wire *w, size_t *at, const netsnmp_variable_list *v)
{
    struct snmp_value value = { .type = SNMP_OTHER };
    switch (v->type) {
    case ASN_INTEGER:
        value.type = SNMP_INTEGER;
        value.i = *v->val.integer;
        break;
    case ASN_COUNTER: case ASN_GAUGE: case ASN_TIMETICKS:
        value.type = v->type;
        value.u = (unsigned long)*v->val.integer & UINT32_MAX;
        break;
    case ASN_COUNTER64:
        value.type = SNMP_COUNTER64;
        value.u = (uint64_t)v->val.counter64->high << 32 | (v->val.counter64->low & UINT32_MAX);
        break;
    case ASN_OCTET_STR: case ASN_IPADDRESS: case ASN_OPAQUE:
        value.type = v->type;
        value.bytes = v->val.string;
        value.len = v->val_len;
        break;
    case ASN_OBJECT_ID:
        value.type = SNMP_OBJECT_ID;
        value.n_oid = v->val_len / sizeof(oid);
        value.oid = copy_oid(w, at, v->val.objid, value.n_oid);
        break;
    case ASN_NULL: case SNMP_NOSUCHOBJECT: case SNMP_NOSUCHINSTANCE: case SNMP_ENDOFMIBVIEW:
        value.type = v->type;
        break;
    default:
        break;
    }
    return value;
}

static void answer_varbinds(struct snmp_wire *w, const netsnmp_pdu *pdu, struct snmp_answer *a)
{
    size_t at = 0;
    need_numbers(w, pdu->variables);
    for (const netsnmp_variable_list *v = pdu->variables; v != NULL && a->n < VARBINDS_MAX; v = v->next_variable) {
        struct snmp_varbind *b = &w->varbinds[a->n++];
        b->n = v->name_length;
        b->oid = copy_oid(w, &at, v->name, v->name_length);
        b->value = copy_value(w, &at, v);
    }
    a->varbinds = w->varbinds;
}

/* What a report means (RFC 3414 section 3.2, RFC 3412 section 7.2), or what the library found wrong with a message. */
static enum reason reason_of(int err, const char **detail)
{
    switch (err) {
    case SNMPERR_UNKNOWN_USER_NAME: case SNMPERR_USM_UNKNOWNSECURITYNAME:
        return REASON_UNKNOWN_USER;
    case SNMPERR_AUTHENTICATION_FAILURE: case SNMPERR_USM_AUTHENTICATIONFAILURE:
        return REASON_WRONG_DIGEST;
    case SNMPERR_DECRYPTION_ERR: case SNMPERR_USM_DECRYPTIONERROR:
        return REASON_DECRYPTION;
    case SNMPERR_NOT_IN_TIME_WINDOW: case SNMPERR_USM_NOTINTIMEWINDOW:
        return REASON_NOT_IN_TIME_WINDOW;
    case SNMPERR_UNSUPPORTED_SEC_LEVEL: case SNMPERR_USM_UNSUPPORTEDSECURITYLEVEL:
        *detail = "the agent does not give this user this security level";
        return REASON_ACCESS_DENIED;
    case SNMPERR_BAD_CONTEXT:
        *detail = "the agent does not know this context";
        return REASON_ACCESS_DENIED;
    case SNMPERR_UNKNOWN_SEC_MODEL: case SNMPERR_BAD_VERSION:
        *detail = "the agent does not speak this security model";
        return REASON_ACCESS_DENIED;
    case SNMPERR_UNKNOWN_ENG_ID: case SNMPERR_USM_UNKNOWNENGINEID:
        *detail = "the agent does not know its own engine id any more";
        return REASON_MALFORMED;
    default:
        return REASON_MALFORMED;
    }
}

static uint32_t tag_of(void *magic)
{
    return (uint32_t)(uintptr_t)magic;
}

/* The library's callback. It answers 1: the request is done with. A report is announced twice, as a message and then as a
 * security error or, for a clock that differs, as a resent question: only the second is news. */
static int on_library(int operation, netsnmp_session *session, int reqid, netsnmp_pdu *pdu, void *magic)
{
    struct snmp_wire *w = session->myvoid;
    (void)reqid;
    if (w == NULL || w->sending || w->fn == NULL || pdu == NULL)
        return 1;
    struct snmp_answer a = { .tag = tag_of(magic) };
    if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE && pdu->command == SNMP_MSG_RESPONSE) {
        a.status = pdu->errstat;
        a.index = pdu->errindex;
        answer_varbinds(w, pdu, &a);
    } else if (operation == NETSNMP_CALLBACK_OP_SEC_ERROR) {
        a.reason = reason_of(snmpv3_get_report_type(pdu), &a.detail);
    } else if (operation == NETSNMP_CALLBACK_OP_RESEND) {
        a.resent = true;
    } else if (operation == NETSNMP_CALLBACK_OP_SEND_FAILED) {
        a.reason = REASON_CONNECTION_LOST;
    } else {
        return 1;
    }
    w->fn(w->arg, &a);
    return 1;
}

int snmp_wire_read(struct snmp_wire *w, snmp_answer_fn fn, void *arg)
{
    w->fn = fn;
    w->arg = arg;
    w->session->s_snmp_errno = 0;
    netsnmp_large_fd_set set;
    netsnmp_large_fd_set_init(&set, w->fd + 1);
    NETSNMP_LARGE_FD_SET(w->fd, &set);
    errno = 0;
    int rc = snmp_sess_read2(w->handle, &set);
    int err = w->session->s_errno;
    netsnmp_large_fd_set_cleanup(&set);
    w->fn = NULL;
    if (rc == 0)
        return 0;
    if (w->session->s_snmp_errno != SNMPERR_BAD_RECVFROM) {
        const char *unused;
        w->thrown_away = reason_of(w->session->s_snmp_errno, &unused);
        return 0;
    }
    return err == EAGAIN || err == EWOULDBLOCK || err == 0 ? 0 : -err;
}

/* --- questions ------------------------------------------------------------------------------------------------------- */

/* Ids nobody can guess: who cannot see our question cannot answer it. */
static void random_ids(netsnmp_pdu *pdu)
{
    uint32_t ids[2] = { 0, 0 };
    if (getrandom(ids, sizeof ids, 0) != (ssize_t)sizeof ids)
        return;                      /* the library's own stay */
    pdu->reqid = (long)(ids[0] & 0x7FFFFFFFU);
    pdu->msgid = (long)(ids[1] & 0x7FFFFFFFU);
}

static netsnmp_pdu *pdu_new(const struct snmp_wire *w, const struct snmp_question *q)
{
    static const int commands[] = { [SNMP_DISCOVER] = SNMP_MSG_GET, [SNMP_UNENCRYPTED] = SNMP_MSG_GET, [SNMP_GET] = SNMP_MSG_GET, [SNMP_GETNEXT] = SNMP_MSG_GETNEXT, [SNMP_GETBULK] = SNMP_MSG_GETBULK };
    netsnmp_pdu *pdu = snmp_pdu_create(commands[q->kind]);
    if (pdu == NULL)
        BUG("out of memory");
    random_ids(pdu);
    pdu->version = w->session->version;
    if (q->kind == SNMP_GETBULK) {
        pdu->non_repeaters = 0;
        pdu->max_repetitions = q->repetitions;
    }
    if (q->kind == SNMP_DISCOVER) {  /* RFC 3414 section 4: nobody, no engine, nothing asked */
        pdu->securityName = strdup("");
        pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
        pdu->securityModel = SNMP_SEC_MODEL_USM;
    }
    if (q->kind == SNMP_UNENCRYPTED)
        pdu->securityLevel = SNMP_SEC_LEVEL_AUTHNOPRIV;
    oid id[SNMP_OID_MAX];
    for (size_t i = 0; i < q->n; i++) {
        for (size_t j = 0; j < q->oid[i]->n; j++)
            id[j] = q->oid[i]->id[j];
        snmp_add_null_var(pdu, id, q->oid[i]->n);
    }
    return pdu;
}

int snmp_wire_send(struct snmp_wire *w, const struct snmp_question *q, uint32_t tag)
{
    netsnmp_pdu *pdu = pdu_new(w, q);
    w->session->s_snmp_errno = w->session->s_errno = 0;
    w->sending = true;
    int sent = snmp_sess_async_send(w->handle, pdu, on_library, (void *)(uintptr_t)tag);
    w->sending = false;
    if (sent != 0)
        return 0;
    snmp_free_pdu(pdu);
    if (w->session->s_snmp_errno != SNMPERR_BAD_SENDTO)
        return ERR_BAD_INPUT;
    int err = w->session->s_errno;
    return err > 0 ? -err : -EIO;
}
