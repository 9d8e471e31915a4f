/* `never:` of the site file: networks, names and beginnings of hardware addresses that are left alone, whoever allows them. Parent only. What is
 * unclear here is an error: it must not become something that may be touched. */
#include "site/load.h"
#include <string.h>
#include "base/mac.h"

/* A name of a host or target, with * and ?; something in it must be more than those, and it must not look like a misspelt network. */
static bool is_name(const char *s)
{
    size_t len = strlen(s);

    return len > 0 && len <= 253 && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.*?") == len &&
           strpbrk(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") != NULL;
}

static void add_text(const struct yaml_in *in, const char ***v, size_t *n, const char *text)
{
    const char **grown = arena_array(in->arena, *n + 1, sizeof(*grown));

    if (*n > 0)
        memcpy(grown, *v, *n * sizeof(*grown));
    grown[(*n)++] = text;
    *v = grown;
}

static bool load_entry(const struct yaml_in *in, const struct yaml_node *at, const char *text, struct site *s, struct cidr *net)
{
    struct cidr loose;
    uint64_t bits = 0;
    unsigned n_bits = 0;
    char said[CIDR_TEXT];

    if (cidr_parse(text, false, net))
        return true;
    if (cidr_parse(text, true, &loose)) {
        cidr_format(&loose, said);
        yaml_error(in, at, "never '%s' has bits set behind its prefix length: did you mean %s?", text, said);
    } else if (strchr(text, ':') != NULL && mac_prefix_parse(text, &bits, &n_bits)) {
        add_text(in, &s->never_macs, &s->n_never_macs, text);
    } else if (is_name(text)) {
        add_text(in, &s->never_names, &s->n_never_names, text);
    } else {
        yaml_error(in, at, "never must be networks like 10.20.0.0/22 or fd00:20::/48, names like mri-*, or beginnings of hardware addresses like aa:bb:cc, not '%.60s'", text);
    }
    return false;
}

bool load_never(const struct yaml_in *in, const struct yaml_node *node, struct site *s, struct cidr **out, size_t *n)
{
    const char **texts = NULL;
    size_t n_texts = 0, errors = in->diags->n_errors;

    if (!yaml_text_list(in, node, "never", &texts, &n_texts))
        return false;
    if (n_texts > SITE_MAX_LIST) {
        yaml_error(in, node, "never has more than %d entries", SITE_MAX_LIST);
        return false;
    }
    struct cidr *v = arena_array(in->arena, n_texts + 1, sizeof(*v));
    for (size_t i = 0; i < n_texts; i++) {
        if (load_entry(in, node->kind == YAML_LIST ? node->items[i] : node, texts[i], s, &v[*n]))
            (*n)++;
    }
    *out = v;
    return in->diags->n_errors == errors;
}
