/* A report as bytes, in any of its formats, and the record of its having been written. Parent. */
#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "report/pdf.h"
#include "report/report.h"

#define PDF_MAX (256u << 20)

static int put(const struct report *r, enum report_format format, const char *ask, const struct style *style, FILE *out, char **why)
{
    switch (format) {
    case REPORT_TEXT: report_text(r, style, out); return 0;
    case REPORT_JSON: report_json(r, out); return 0;
    case REPORT_PDF:
    case REPORT_HTML: return report_html(r, ask, out, why);
    case REPORT_BRIEF: return report_brief(r, ask, out, why);
    case REPORT_SVG: case REPORT_DOT: break;         /* drawn from the store: report_map_svg(), report_map_dot() */
    }
    BUG("no report format %d", (int)format);
}

/* The page in *bytes becomes a PDF in its place. */
static int to_pdf(char **bytes, size_t *len, char **why)
{
    struct buf pdf = BUF_INIT(PDF_MAX);
    int err = pdf_from_html(*bytes, *len, &pdf, why);
    if (!err) {
        free(*bytes);
        *len = pdf.len;
        *bytes = buf_take(&pdf);
    }
    buf_clear(&pdf);
    return err;
}

int report_render(const struct report *r, enum report_format format, const char *ask, const struct style *style, char **bytes, size_t *len, char **why)
{
    *bytes = NULL;
    *len = 0;
    *why = NULL;
    FILE *f = open_memstream(bytes, len);
    if (!f)
        return -errno;
    int err = put(r, format, ask, style, f, why);
    if (fclose(f) != 0 && !err)
        err = -errno;
    if (!err && format == REPORT_PDF)
        err = to_pdf(bytes, len, why);
    if (err) {
        free(*bytes);
        *bytes = NULL;
        *len = 0;
    }
    return err;
}

struct disclosure *report_disclosure(const struct report *r, const char *format, const char *made_for, const char *file, const char *bytes, size_t len)
{
    struct disclosure *d = xcalloc(1, sizeof(*d));
    struct buf left = BUF_INIT(4096);
    const char *what;
    size_t i = 0;
    while ((what = matter_text(r->left_out, &i)))
        buf_printf(&left, "%s%s", left.len ? "; " : "", what);
    *d = (struct disclosure){ .run = r->run.id, .format = xstrdup(format), .audience = xstrdup(r->audience ? r->audience->name : ""), .left_out = xstrdup(buf_str(&left)),
                              .made_for = xstrdup(made_for ? made_for : ""), .marking = report_marking(r), .file = xstrdup(file), .bytes = (int64_t)len };
    sha256_hex(bytes, len, d->sha256);
    buf_clear(&left);
    return d;
}
