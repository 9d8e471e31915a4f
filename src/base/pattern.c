/* PCRE2 under limits. Parent and worker; patterns come from data files, texts from devices. */
#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"

#define NEST_MAX 50
#define STEPS_MAX 200000
#define DEPTH_MAX 2000
#define HEAP_MAX_KIB 1024

struct pattern { pcre2_code *code; pcre2_match_data *data; pcre2_match_context *limits; };

void pattern_free(struct pattern *p)
{
    if (p == NULL)
        return;
    pcre2_match_context_free(p->limits);
    pcre2_match_data_free(p->data);
    pcre2_code_free(p->code);
    free(p);
}

struct pattern *pattern_new(const char *text, char **why)
{
    int err = 0;
    PCRE2_SIZE at = 0;
    pcre2_compile_context *limits = pcre2_compile_context_create(NULL);
    *why = NULL;
    if (limits == NULL)
        BUG("out of memory");
    pcre2_set_max_pattern_length(limits, PATTERN_TEXT_MAX);
    pcre2_set_parens_nest_limit(limits, NEST_MAX);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &err, &at, limits);
    pcre2_compile_context_free(limits);
    if (code == NULL) {
        PCRE2_UCHAR what[128] = "";
        pcre2_get_error_message(err, what, sizeof what);
        *why = xasprintf("%s at byte %zu of the pattern", (const char *)what, at + 1);
        return NULL;
    }
    struct pattern *p = xcalloc(1, sizeof *p);
    p->code = code;
    p->data = pcre2_match_data_create(PATTERN_GROUPS, NULL);
    p->limits = pcre2_match_context_create(NULL);
    if (p->data == NULL || p->limits == NULL)
        BUG("out of memory");
    pcre2_set_match_limit(p->limits, STEPS_MAX);
    pcre2_set_depth_limit(p->limits, DEPTH_MAX);
    pcre2_set_heap_limit(p->limits, HEAP_MAX_KIB);
    return p;
}

bool pattern_match(const struct pattern *p, const char *text, size_t len, struct pattern_groups *groups)
{
    if (len > PATTERN_SUBJECT_MAX)
        return false;
    int n = pcre2_match(p->code, (PCRE2_SPTR)text, len, 0, 0, p->data, p->limits);
    if (n < 0)
        return false;
    if (groups == NULL)
        return true;
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(p->data);
    *groups = (struct pattern_groups){ .n = n == 0 ? PATTERN_GROUPS : (size_t)n };
    for (size_t i = 0; i < groups->n; i++) {
        if (at[2 * i] == PCRE2_UNSET || at[2 * i + 1] < at[2 * i] || at[2 * i + 1] > len)
            continue;
        groups->v[i].s = text + at[2 * i];
        groups->v[i].len = at[2 * i + 1] - at[2 * i];
    }
    return true;
}
