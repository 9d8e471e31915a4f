/* What a resolver and a registry may answer about a domain. The first byte chooses: a DNS message to a question of each type, a TXT record, or
 * a registry's text. */
#include <stdlib.h>
#include <string.h>
#include "probes/net/dns_message.h"
#include "probes/net/mail_records.h"
#include "probes/net/whois_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void message(const uint8_t *data, size_t size)
{
    static const enum dns_type types[] = { DNS_A, DNS_NS, DNS_CNAME, DNS_SOA, DNS_MX, DNS_TXT, DNS_AAAA, DNS_DS, DNS_CAA };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct dns_answer a;
        if (dns_answer_parse(data, size, 0x1234, "clinic.example", types[i], &a)) {
            must(a.n <= DNS_MAX_RECORDS);
            for (size_t k = 0; k < a.n; k++)
                must(a.v[k].ip.family != 0 || (a.v[k].text != NULL && a.v[k].len <= DNS_MAX_TEXT && a.v[k].text[a.v[k].len] == '\0'));
        }
        dns_answer_clear(&a);
    }
}

static void record(const char *text, size_t size)
{
    struct spf s;
    struct dmarc d;
    struct dkim k;

    if (spf_is_record(text, size)) {
        spf_parse(text, size, &s);
        must(s.valid == (s.problem[0] == '\0') && s.n_include <= SPF_MAX_FOLLOW && s.n_include <= s.lookups);
    }
    if (dmarc_is_record(text, size)) {
        dmarc_parse(text, size, &d);
        must(d.valid == (d.problem[0] == '\0') && d.percent >= 0 && d.percent <= 100);
    }
    dkim_parse(text, size, &k);
    must(k.valid == (k.problem[0] == '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct whois w;

    if (size == 0)
        return 0;
    if (data[0] == 'M')
        message(data + 1, size - 1);
    else if (data[0] == 'T')
        record((const char *)data + 1, size - 1);
    else {
        whois_parse((const char *)data + 1, size - 1, &w);
        must(!(w.known && w.free));
    }
    return 0;
}
