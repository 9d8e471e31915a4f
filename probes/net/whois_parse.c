/* Pure: text in, values out. Where a word stands twice, the first counts: what the registry says comes before what it quotes of others. */
#include "probes/net/whois_parse.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#define MAX_LINE 1024

enum what { REGISTRAR, ORGANIZATION, CREATED, EXPIRES, STATUS };

static const struct { const char *word; enum what what; } words[] = {
    { "Registrar", REGISTRAR }, { "Sponsoring Registrar", REGISTRAR }, { "registrar name", REGISTRAR },
    { "Registrant Organization", ORGANIZATION }, { "Registrant Organisation", ORGANIZATION }, { "org", ORGANIZATION },
    { "Creation Date", CREATED }, { "Created On", CREATED }, { "Registered on", CREATED }, { "created", CREATED }, { "Domain record activated", CREATED }, { "Registration Time", CREATED },
    { "Registry Expiry Date", EXPIRES }, { "Registrar Registration Expiration Date", EXPIRES }, { "Expiry Date", EXPIRES }, { "Expiration Date", EXPIRES },
    { "Domain expires", EXPIRES }, { "paid-till", EXPIRES }, { "expires", EXPIRES }, { "expire", EXPIRES }, { "Expiration Time", EXPIRES }, { "Renewal date", EXPIRES }, { "validity", EXPIRES },
    { "Domain Status", STATUS }, { "status", STATUS }, { "Registration status", STATUS },
};

/* How registries say that nobody has it; at the beginning of a line. */
static const char *const none[] = { "No match", "NOT FOUND", "Domain not found", "No Data Found", "No entries found", "The queried object does not exist", "No Object Found", "Status: free",
                                    "Status: AVAILABLE", "Domain Status: No Object Found", "This domain is available", "%% No entries found", "No information available", "Not Registered" };

/* --- dates ------------------------------------------------------------------------------------------------------------ */

static bool date_read(const char *s, int64_t *out)
{
    static const char *const forms[] = { "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%d-%b-%Y", "%Y.%m.%d", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d" };

    for (size_t i = 0; i < N_ELEMENTS(forms); i++) {
        struct tm tm = { 0 };
        char iso[ISO_LEN];
        const char *rest = strptime(s, forms[i], &tm);
        if (rest == NULL || (rest[0] >= '0' && rest[0] <= '9'))
            continue;
        *out = (int64_t)timegm(&tm);
        iso_format(*out, iso);
        return iso[0] != '\0' && tm.tm_year > 70;
    }
    return false;
}

/* --- lines ------------------------------------------------------------------------------------------------------------ */

static void keep(char *into, size_t max, const char *value)
{
    if (into[0] == '\0')
        snprintf(into, max, "%s", value);
}

/* "clientTransferProhibited https://icann.org/epp#..." */
static void status_add(struct whois *out, const char *value)
{
    size_t n = strcspn(value, " \t(,"), at = strlen(out->status);

    out->has_status = true;
    out->locked = out->locked || strncasecmp(value, "clientTransferProhibited", 24) == 0 || strncasecmp(value, "serverTransferProhibited", 24) == 0;
    if (n > 0 && at + n + 3 < sizeof out->status)
        snprintf(out->status + at, sizeof out->status - at, "%s%.*s", at > 0 ? ", " : "", (int)n, value);
}

static void value_take(struct whois *out, enum what what, const char *value)
{
    int64_t t = 0;

    switch (what) {
    case REGISTRAR:
        keep(out->registrar, sizeof out->registrar, value);
        break;
    case ORGANIZATION:
        if (strcasestr(value, "redacted") == NULL && strcasestr(value, "privacy") == NULL && strcasestr(value, "not disclosed") == NULL)
            keep(out->organization, sizeof out->organization, value);
        break;
    case CREATED:
        if (out->created_at == INT64_MIN && date_read(value, &t))
            out->created_at = t;
        break;
    case EXPIRES:
        if (out->expires_at == INT64_MIN && date_read(value, &t))
            out->expires_at = t;
        break;
    case STATUS:
        status_add(out, value);
        break;
    }
}

/* The word before a colon or, as some write it, before dots and a colon; -1 when it is none of ours. */
static int word_find(const char *line, const char **value)
{
    const char *colon = strchr(line, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - line);

    while (len > 0 && (line[len - 1] == '.' || line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    for (size_t i = 0; len > 0 && i < N_ELEMENTS(words); i++) {
        if (strlen(words[i].word) == len && strncasecmp(line, words[i].word, len) == 0) {
            *value = colon + 1 + strspn(colon + 1, " \t");
            return (int)words[i].what;
        }
    }
    return -1;
}

static bool says_none(const char *line)
{
    for (size_t i = 0; i < N_ELEMENTS(none); i++)
        if (strncasecmp(line, none[i], strlen(none[i])) == 0)
            return true;
    return false;
}

void whois_parse(const char *text, size_t len, struct whois *out)
{
    int waiting = -1;                /* a word whose value stands in the next line */

    *out = (struct whois){ .created_at = INT64_MIN, .expires_at = INT64_MIN };
    for (size_t at = 0; at < len;) {
        char copy[MAX_LINE];
        const char *end = memchr(text + at, '\n', len - at), *value = NULL;
        size_t n = end == NULL ? len - at : (size_t)(end - (text + at)), kept = n < MAX_LINE - 1 ? n : MAX_LINE - 1;
        memcpy(copy, text + at, kept);
        copy[kept] = '\0';
        at += n + 1;
        char *line = text_trim(copy);
        int what = word_find(line, &value);
        if (what < 0 && waiting >= 0 && line[0] != '\0')
            value_take(out, (enum what)waiting, line);
        else if (what >= 0 && value[0] != '\0' && !says_none(line))
            value_take(out, (enum what)what, value);
        out->free = out->free || says_none(line);
        waiting = what >= 0 && value[0] == '\0' ? what : -1;
    }
    out->known = out->registrar[0] != '\0' || out->expires_at != INT64_MIN || out->created_at != INT64_MIN;
    out->free = out->free && !out->known;
}

/* --- servers ---------------------------------------------------------------------------------------------------------- */

bool whois_server(const char *domain, char out[256])
{
    /* Where it is not whois.nic.LABEL, as IANA's root zone database names it. */
    static const struct { const char *label, *server; } servers[] = {
        { "com", "whois.verisign-grs.com" }, { "net", "whois.verisign-grs.com" }, { "org", "whois.publicinterestregistry.org" }, { "edu", "whois.educause.edu" },
        { "gov", "whois.dotgov.gov" }, { "info", "whois.nic.info" }, { "io", "whois.nic.io" }, { "ca", "whois.cira.ca" }, { "uk", "whois.nic.uk" }, { "de", "whois.denic.de" },
        { "eu", "whois.eu" }, { "fr", "whois.nic.fr" }, { "nl", "whois.domain-registry.nl" }, { "au", "whois.auda.org.au" }, { "ch", "whois.nic.ch" }, { "mx", "whois.mx" },
        { "ai", "whois.nic.ai" }, { "tv", "whois.nic.tv" }, { "pro", "whois.nic.pro" }, { "app", "whois.nic.google" }, { "dev", "whois.nic.google" }, { "pr", "whois.afilias-srs.net" },
    };
    const char *dot = strrchr(domain, '.');

    if (dot == NULL || dot[1] == '\0')
        return false;
    for (size_t i = 0; i < N_ELEMENTS(servers); i++) {
        if (strcasecmp(dot + 1, servers[i].label) == 0) {
            snprintf(out, 256, "%s", servers[i].server);
            return true;
        }
    }
    return snprintf(out, 256, "whois.nic.%s", dot + 1) < 256;
}
