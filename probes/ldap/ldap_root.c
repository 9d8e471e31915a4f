/* The root DSE: which directory this is and what it offers. Pure, over hostile bytes; runs in workers. */
#include "probes/ldap/ldap_parse.h"

#include <string.h>
#include "base/mem.h"
#include "base/text.h"

#define OID_START_TLS "1.3.6.1.4.1.1466.20037"
#define OID_PAGED_RESULTS "1.2.840.113556.1.4.319"
#define OID_ACTIVE_DIRECTORY "1.2.840.113556.1.4.800"
#define OID_AD_LDS "1.2.840.113556.1.4.1851"
#define ROOT_TEXT_MAX 1024           /* bytes kept of one text */
#define MECHANISMS_MAX 32

const char *const ldap_root_attributes[] = {
    "objectClass", "structuralObjectClass", "defaultNamingContext", "namingContexts", "rootDomainNamingContext", "dnsHostName", "currentTime",
    "domainFunctionality", "forestFunctionality", "domainControllerFunctionality", "supportedSASLMechanisms", "supportedLDAPVersion",
    "supportedCapabilities", "supportedControl", "supportedExtension", "vendorName", "vendorVersion", "ipaDomainLevel", NULL
};

void ldap_root_init(struct ldap_root *r)
{
    memset(r, 0, sizeof(*r));
    r->flavour = LDAP_FLAVOUR_OTHER;
    r->domain_level = r->forest_level = r->dc_level = r->protocol_version = -1;
    r->start_tls = r->paged_results = -1;
}

void ldap_root_clear(struct ldap_root *r)
{
    free(r->naming_context);
    free(r->vendor_name);
    free(r->vendor_version);
    free(r->dns_host_name);
    free(r->sasl_mechanisms);
    ldap_root_init(r);
}

static bool value_is(const struct ldap_value *v, const char *word)
{
    return v->len == strlen(word) && strncasecmp(v->p, word, v->len) == 0;
}

/* 1 when the attribute has the value, 0 when it has others, -1 when it is not there: then nothing is known. */
static int has_value(const struct ldap_entry *e, const char *name, const char *word)
{
    const struct ldap_attribute *a = ldap_entry_find(e, name);

    if (a == NULL)
        return -1;
    for (size_t i = 0; i < a->n; i++) {
        if (value_is(&a->values[i], word))
            return 1;
    }
    return 0;
}

static char *first_text(const struct ldap_entry *e, const char *name)
{
    const struct ldap_value *v = ldap_entry_first(e, name);
    struct buf clean = BUF_INIT(4 * ROOT_TEXT_MAX);

    if (v == NULL || v->len == 0 || v->len > ROOT_TEXT_MAX)
        return NULL;
    text_clean(&clean, v->p, v->len);
    return buf_take(&clean);
}

static int first_level(const struct ldap_entry *e, const char *name)
{
    const struct ldap_value *v = ldap_entry_first(e, name);
    int64_t n;

    return v != NULL && ldap_int_parse(v, &n) && n >= 0 && n < 1000 ? (int)n : -1;
}

/* In one order, whatever the server's, so that two runs compare equal. */
static char *mechanisms(const struct ldap_entry *e)
{
    const struct ldap_attribute *a = ldap_entry_find(e, "supportedSASLMechanisms");
    char *names[MECHANISMS_MAX];
    size_t n = 0;
    struct buf out = BUF_INIT(MECHANISMS_MAX * 64);

    if (a == NULL)
        return NULL;
    for (size_t i = 0; i < a->n && n < MECHANISMS_MAX; i++) {
        if (a->values[i].len > 0 && a->values[i].len < 32)
            names[n++] = xstrndup(a->values[i].p, a->values[i].len);
    }
    qsort(names, n, sizeof(names[0]), text_order);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_puts(&out, " ");
        text_clean(&out, names[i], strlen(names[i]));
        free(names[i]);
    }
    return buf_take(&out);
}

/* The head of the tree that holds people: the server's own word for it, else the first that is no bookkeeping of the server. */
static char *naming_context(const struct ldap_entry *e)
{
    static const char *const own[] = { "cn=config", "cn=schema", "cn=monitor", "cn=changelog", "cn=accesslog", "o=ipaca" };
    const struct ldap_attribute *a = ldap_entry_find(e, "namingContexts");
    char *text = first_text(e, "defaultNamingContext");

    if (text != NULL || a == NULL)
        return text;
    for (size_t i = 0; i < a->n; i++) {
        const struct ldap_value *v = &a->values[i];
        bool bookkeeping = v->len == 0 || v->len > ROOT_TEXT_MAX;

        for (size_t j = 0; j < N_ELEMENTS(own); j++)
            bookkeeping = bookkeeping || value_is(v, own[j]);
        if (!bookkeeping) {
            struct buf clean = BUF_INIT(4 * ROOT_TEXT_MAX);

            text_clean(&clean, v->p, v->len);
            return buf_take(&clean);
        }
    }
    return NULL;
}

static bool starts_nocase(const char *s, const char *prefix)
{
    return s != NULL && strncasecmp(s, prefix, strlen(prefix)) == 0;
}

/* Vendors tell themselves in vendorName (RFC 3045); Microsoft by a capability, OpenLDAP by an object class. */
static const char *product(const struct ldap_root *r, const struct ldap_entry *e)
{
    static const struct { const char *vendor, *product; } vendors[] = {
        { "389 Project", "389-ds" },
        { "Red Hat", "389-ds" },
        { "NetIQ", "edirectory" },
        { "Novell", "edirectory" },
        { "Oracle", "oracle-ds" },
        { "Sun Microsystems", "oracle-ds" },
        { "ForgeRock", "opendj" },
        { "Open Identity Platform", "opendj" },
        { "Ping Identity", "pingdirectory" },
        { "Apache Software Foundation", "apacheds" },
    };

    if (starts_nocase(r->vendor_name, "Samba"))
        return "samba-ad";
    if (has_value(e, "supportedCapabilities", OID_AD_LDS) == 1)
        return "ad-lds";
    if (has_value(e, "supportedCapabilities", OID_ACTIVE_DIRECTORY) == 1)
        return "active-directory";
    if (ldap_entry_find(e, "ipaDomainLevel") != NULL)
        return "freeipa";
    if (has_value(e, "objectClass", "OpenLDAProotDSE") == 1 || has_value(e, "structuralObjectClass", "OpenLDAProotDSE") == 1)
        return "openldap";
    for (size_t i = 0; i < N_ELEMENTS(vendors); i++) {
        if (starts_nocase(r->vendor_name, vendors[i].vendor))
            return vendors[i].product;
    }
    return NULL;
}

static int protocol_version(const struct ldap_entry *e)
{
    const struct ldap_attribute *a = ldap_entry_find(e, "supportedLDAPVersion");
    int best = -1;
    int64_t n;

    for (size_t i = 0; a != NULL && i < a->n; i++) {
        if (ldap_int_parse(&a->values[i], &n) && n > best && n < 100)
            best = (int)n;
    }
    return best;
}

void ldap_root_parse(struct ldap_root *r, const struct ldap_entry *e)
{
    const struct ldap_value *v;

    ldap_root_clear(r);
    r->seen = true;
    r->naming_context = naming_context(e);
    r->vendor_name = first_text(e, "vendorName");
    r->vendor_version = first_text(e, "vendorVersion");
    r->dns_host_name = first_text(e, "dnsHostName");
    r->sasl_mechanisms = mechanisms(e);
    r->domain_level = first_level(e, "domainFunctionality");
    r->forest_level = first_level(e, "forestFunctionality");
    r->dc_level = first_level(e, "domainControllerFunctionality");
    r->protocol_version = protocol_version(e);
    r->start_tls = has_value(e, "supportedExtension", OID_START_TLS);
    r->paged_results = has_value(e, "supportedControl", OID_PAGED_RESULTS);
    r->product = product(r, e);
    if (has_value(e, "supportedCapabilities", OID_ACTIVE_DIRECTORY) == 1)
        r->flavour = LDAP_FLAVOUR_AD;
    v = ldap_entry_first(e, "currentTime");
    r->has_time = v != NULL && ldap_time_parse(v, &r->current_time);
}
