/* Pure: a record's bytes in, what a receiver makes of it out. */
#include "probes/net/mail_records.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/cidr.h"
#include "base/text.h"
#include "worker/public_key.h"

#define MAX_TERM 512

/* --- tags: name=value; name=value ------------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool mail_tag(const char *text, size_t len, const char *name, char *out, size_t max)
{
    size_t name_len = strlen(name);

    for (size_t at = 0; at < len;) {
        const char *p = text + at, *semicolon = memchr(p, ';', len - at);
        size_t n = semicolon == NULL ? len - at : (size_t)(semicolon - p);
        at += n + 1;
        while (n > 0 && is_blank(*p))
            p++, n--;
        const char *equals = memchr(p, '=', n);
        size_t key = equals == NULL ? 0 : (size_t)(equals - p);
        while (key > 0 && is_blank(p[key - 1]))
            key--;
        if (equals == NULL || key != name_len || strncasecmp(p, name, key) != 0)
            continue;
        n -= (size_t)(equals + 1 - p);
        p = equals + 1;
        while (n > 0 && is_blank(*p))
            p++, n--;
        while (n > 0 && is_blank(p[n - 1]))
            n--;
        if (n >= max)
            return false;
        memcpy(out, p, n);
        out[n] = '\0';
        return true;
    }
    return false;
}

static void fault(bool *valid, char problem[120], const char *words, const char *what)
{
    if (*valid)
        snprintf(problem, 120, "%s%.60s", words, what);
    *valid = false;
}

/* --- SPF -------------------------------------------------------------------------------------------------------------- */

bool spf_is_record(const char *text, size_t len)
{
    return len >= 6 && strncasecmp(text, "v=spf1", 6) == 0 && (len == 6 || text[6] == ' ');
}

/* ":domain" into out. A domain with a macro is valid, and cannot be followed. */
static bool domain_spec(const char *p, bool *macro, char out[MAIL_MAX_NAME])
{
    size_t len = strcspn(p, "/");

    if (len == 0 || len >= MAIL_MAX_NAME)
        return false;
    if (memchr(p, '%', len) != NULL) {
        *macro = true;
        out[0] = '\0';
        return true;
    }
    memcpy(out, p, len);
    out[len] = '\0';
    if (out[len - 1] == '.')
        out[len - 1] = '\0';
    return strchr(out, '.') != NULL && out[strspn(out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0';
}

static bool address_term(const char *name, const char *value)
{
    struct cidr c;

    return value != NULL && cidr_parse(value, true, &c) && c.ip.family == (strcasecmp(name, "ip6") == 0 ? 6 : 4);
}

static void include_term(struct spf *out, const char *value)
{
    char domain[MAIL_MAX_NAME];

    if (value == NULL || !domain_spec(value, &out->macro, domain))
        fault(&out->valid, out->problem, "an include without a domain: ", value == NULL ? "" : value);
    else if (domain[0] != '\0' && out->n_include < SPF_MAX_FOLLOW)
        memcpy(out->include[out->n_include++], domain, sizeof domain);
}

/* One mechanism behind its qualifier: "include:example.org". */
static void mechanism(struct spf *out, char qualifier, char *term)
{
    char *value = strpbrk(term, ":/"), domain[MAIL_MAX_NAME], sign = value == NULL ? '\0' : *value;
    bool macro = false;

    if (value != NULL)
        *value++ = '\0';
    if (strcasecmp(term, "all") == 0 && value == NULL) {
        snprintf(out->all, sizeof out->all, "%call", qualifier);
        return;
    }
    if (strcasecmp(term, "ip4") == 0 || strcasecmp(term, "ip6") == 0) {
        if (sign != ':' || !address_term(term, value))
            fault(&out->valid, out->problem, "not an address: ", value == NULL ? term : value);
        return;
    }
    out->lookups++;
    if (strcasecmp(term, "include") == 0) {
        include_term(out, sign == ':' ? value : NULL);
    } else if (strcasecmp(term, "exists") == 0) {
        if (sign != ':' || !domain_spec(value, &macro, domain))
            fault(&out->valid, out->problem, "exists without a domain", "");
    } else if (strcasecmp(term, "a") == 0 || strcasecmp(term, "mx") == 0 || strcasecmp(term, "ptr") == 0) {
        if (sign == ':' && !domain_spec(value, &macro, domain))
            fault(&out->valid, out->problem, "not a domain: ", value);
    } else {
        fault(&out->valid, out->problem, "nobody knows the word ", term);
    }
}

static void term_read(struct spf *out, char *term, char redirect[MAIL_MAX_NAME])
{
    const char *equals = strchr(term, '='), *before = strpbrk(term, ":/");
    char qualifier = strchr("+-~?", term[0]) != NULL ? term[0] : '+';

    if (equals != NULL && (before == NULL || before > equals)) {
        if (strncasecmp(term, "redirect=", 9) == 0 && !domain_spec(term + 9, &out->macro, redirect))
            fault(&out->valid, out->problem, "redirect without a domain", "");
        return;
    }
    if (out->all[0] == '\0')         /* what follows "all" is never reached */
        mechanism(out, qualifier, term[0] == qualifier ? term + 1 : term);
}

void spf_parse(const char *text, size_t len, struct spf *out)
{
    char redirect[MAIL_MAX_NAME] = "";

    *out = (struct spf){ .valid = true };
    for (size_t at = 6; at < len;) {
        char term[MAX_TERM];
        size_t n = 0;
        while (at < len && text[at] == ' ')
            at++;
        for (; at < len && text[at] != ' '; at++)
            if (n + 1 < sizeof term && text[at] != '\0')
                term[n++] = text[at];
        term[n] = '\0';
        if (n + 1 >= sizeof term)
            fault(&out->valid, out->problem, "a word of more than 500 bytes", "");
        else if (n > 0)
            term_read(out, term, redirect);
    }
    if (out->all[0] != '\0' || redirect[0] == '\0')
        return;
    out->lookups++;
    memcpy(out->redirect, redirect, sizeof redirect);
}

/* --- DMARC ------------------------------------------------------------------------------------------------------------ */

bool dmarc_is_record(const char *text, size_t len)
{
    char version[8];

    return mail_tag(text, len < 16 ? len : 16, "v", version, sizeof version) && strcmp(version, "DMARC1") == 0;
}

static bool policy_ok(const char *p)
{
    return strcmp(p, "none") == 0 || strcmp(p, "quarantine") == 0 || strcmp(p, "reject") == 0;
}

void dmarc_parse(const char *text, size_t len, struct dmarc *out)
{
    char percent[8];
    long long v = 100;

    *out = (struct dmarc){ .valid = true, .percent = 100 };
    if (!mail_tag(text, len, "p", out->policy, sizeof out->policy))
        fault(&out->valid, out->problem, "it names no policy (p)", "");
    text_lower_ascii(out->policy);
    if (out->valid && !policy_ok(out->policy))
        fault(&out->valid, out->problem, "no policy is named ", out->policy);
    if (!mail_tag(text, len, "sp", out->subdomain_policy, sizeof out->subdomain_policy))
        memcpy(out->subdomain_policy, out->policy, sizeof out->policy);
    text_lower_ascii(out->subdomain_policy);
    if (out->valid && !policy_ok(out->subdomain_policy))
        fault(&out->valid, out->problem, "no policy is named ", out->subdomain_policy);
    if (mail_tag(text, len, "pct", percent, sizeof percent) && !text_parse_int(percent, 0, 100, &v))
        fault(&out->valid, out->problem, "pct is no share from 0 to 100: ", percent);
    out->percent = (int)v;
    if (!mail_tag(text, len, "rua", out->reports, sizeof out->reports))
        out->reports[0] = '\0';
}

/* --- DKIM ------------------------------------------------------------------------------------------------------------- */

void dkim_parse(const char *text, size_t len, struct dkim *out)
{
    char value[4096], type[16] = "rsa", flags[64] = "";

    *out = (struct dkim){ .valid = true };
    if (mail_tag(text, len, "v", value, sizeof value) && strcmp(value, "DKIM1") != 0)
        fault(&out->valid, out->problem, "it is no DKIM1 record", "");
    if (mail_tag(text, len, "k", value, sizeof value))
        snprintf(type, sizeof type, "%.15s", value);
    if (mail_tag(text, len, "t", flags, sizeof flags))
        out->testing = strcasecmp(flags, "y") == 0 || strncasecmp(flags, "y:", 2) == 0 || strcasestr(flags, ":y") != NULL;
    if (!mail_tag(text, len, "p", value, sizeof value)) {
        fault(&out->valid, out->problem, "it has no key (p)", "");
        return;
    }
    out->revoked = value[0] == '\0';
    if (!out->revoked && !public_key_describe(value, strcasecmp(type, "ed25519") == 0, out->key, &out->key_bits))
        fault(&out->valid, out->problem, "its key cannot be read", "");
}
