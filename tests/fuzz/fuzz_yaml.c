/* Every YAML file that the site room reads. The first byte says which: s site.yaml, w waivers, d decisions, e evidence index, c credentials,
 * m mapping; what follows is the file. Besides not crashing: an error is told when and only when nothing loads, a mapping survives its
 * wire form, and what a site says about permission can be asked. */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "fact/mapping.h"
#include "site/credential.h"
#include "site/mapping.h"
#include "site/permit.h"
#include "site/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char base_site[] = "preop: 1\nsite: a\nname: A\nstage: diligence\ntimezone: UTC\n";

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void ask(const struct site *s)
{
    static const char *const addresses[] = { "10.20.0.1", "10.20.3.9", "fd00::1" };
    struct buf text = BUF_INIT(1 << 20);

    for (size_t i = 0; i < N_ELEMENTS(addresses); i++) {
        struct permit p;
        struct ip ip;
        must(ip_parse(addresses[i], &ip));
        permit_ask(s, "ssh", &ip, 1795000000, &p);
        must(p.reason != NULL && !(p.allowed && p.do_not_touch));
        must(!p.allowed || s->owner_authorized || p.by != NULL);
        must(!p.allowed || p.until > 1795000000);
        permit_clear(&p);
    }
    permit_summary(s, 1795000000, &text);
    for (size_t i = 0; i < s->n_targets; i++)
        must(s->targets[i].name != NULL && (s->targets[i].file != NULL) != (s->targets[i].host != NULL));
    buf_clear(&text);
}

static void try_site(const char *kind, const char *name, const char *p, size_t len, struct diags *diags)
{
    const struct site_file own = { "site", "site.yaml", p, len };
    const struct site_file with[] = { { "site", "site.yaml", base_site, sizeof(base_site) - 1 }, { kind, name, p, len } };
    struct site *s = kind == NULL ? site_load_files(&own, 1, diags) : site_load_files(with, 2, diags);

    must((s == NULL) == (diags->n_errors > 0));
    if (s != NULL)
        ask(s);
    site_free(s);
}

static void try_credentials(const char *p, size_t len, struct diags *diags)
{
    struct credentials *c = credentials_parse("/nonexistent", "credentials.yaml", p, len, diags);

    must((c == NULL) == (diags->n_errors > 0));
    for (size_t i = 0; c != NULL && i < c->n; i++)
        must(credentials_kind(c, c->v[i].name) != CREDENTIAL_NONE);
    credentials_free(c);
}

static void try_mapping(const char *p, size_t len, struct diags *diags)
{
    struct buf wire = BUF_INIT(MAPPING_MAX_WIRE), again = BUF_INIT(MAPPING_MAX_WIRE);
    struct mapping *m = NULL, *decoded = NULL;
    int err = mapping_parse("mapping.yaml", p, len, "UTC", &m, diags);

    must((err != 0) == (diags->n_errors > 0));
    if (err == 0) {
        mapping_encode(m, &wire);
        if (!wire.overflow) {
            must(mapping_decode(wire.data, wire.len, &decoded) == 0);
            mapping_encode(decoded, &again);
            must(wire.len == again.len && memcmp(wire.data, again.data, wire.len) == 0);
            mapping_free(decoded);
        }
        mapping_free(m);
    }
    buf_clear(&wire);
    buf_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diags diags = DIAGS_INIT;

    if (size == 0)
        return 0;
    char *p = xstrndup((const char *)data + 1, size - 1);
    size_t len = size - 1;
    if (data[0] == 's')
        try_site(NULL, NULL, p, len, &diags);
    else if (data[0] == 'w')
        try_site("waivers", "waivers.yaml", p, len, &diags);
    else if (data[0] == 'd')
        try_site("decisions", "decisions.yaml", p, len, &diags);
    else if (data[0] == 'e')
        try_site("evidence-index", "evidence/index.yaml", p, len, &diags);
    else if (data[0] == 'a')
        try_site("attestations", "attestations.yaml", p, len, &diags);
    else if (data[0] == 'c')
        try_credentials(p, len, &diags);
    else
        try_mapping(p, len, &diags);
    diags_clear(&diags);
    free(p);
    return 0;
}
