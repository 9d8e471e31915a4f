/* Which reports were written, for whom: the listing. Parent. */
#include <inttypes.h>
#include <jansson.h>

#include "base/clock.h"
#include "report/report.h"

void report_disclosures_text(const struct disclosure *v, size_t n, const struct style *style, FILE *out)
{
    struct page p = { *style, out };
    if (n == 0)
        page_line(&p, INK_PLAIN, "No report was written for anybody yet.");
    for (size_t i = 0; i < n; i++) {
        const struct disclosure *d = &v[i];
        char at[ISO_LEN];
        iso_format(d->at, at);
        page_wrap(&p, INK_STRONG, 2, "%s  run %" PRId64 ", %s, %s%s%s%s", at, d->run, d->format, d->audience[0] ? "audience " : "nothing left out for an audience", d->audience,
                  d->made_for[0] ? ", for " : "", d->made_for);
        page_wrap(&p, INK_PLAIN, 4, "  %s, %" PRId64 " bytes, marked \"%s\"", strcmp(d->file, "-") == 0 ? "to the standard output" : d->file, d->bytes, d->marking);
        page_line(&p, INK_PLAIN, "  sha256 %s", d->sha256);
        if (d->left_out[0])
            page_wrap(&p, INK_DIM, 4, "  left out: %s", d->left_out);
    }
}

static json_t *text_or_null(const char *s)
{
    return s[0] ? json_string(s) : json_null();
}

void report_disclosures_json(const struct disclosure *v, size_t n, FILE *out)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        const struct disclosure *d = &v[i];
        char at[ISO_LEN];
        iso_format(d->at, at);
        json_array_append_new(list, json_pack("{s:I, s:I, s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:s, s:I}", "id", (json_int_t)d->id, "run", (json_int_t)d->run, "at", at, "format", d->format,
                                              "audience", text_or_null(d->audience), "for", text_or_null(d->made_for), "left_out", text_or_null(d->left_out), "marking", d->marking,
                                              "file", d->file, "sha256", d->sha256, "bytes", (json_int_t)d->bytes));
    }
    json_dumpf(list, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(list);
}
