/* Markup that is written, with everything put into it escaped. Parent; what is put in is hostile. */
#include "report/html_out.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define TEXT_MAX (1 << 20)          /* of one text; the store keeps none that is near it */

void html_init(struct html *h, FILE *out)
{
    *h = (struct html){ .out = out };
    buf_init(&h->scratch, TEXT_MAX * 8);
}

void html_clear(struct html *h)
{
    buf_clear(&h->scratch);
}

void html_raw(struct html *h, const char *markup)
{
    fputs(markup, h->out);
}

static void put_text(struct html *h, const char *text)
{
    buf_reset(&h->scratch);
    text_html(&h->scratch, text ? text : "");
    fputs(h->scratch.overflow ? "(too long to show)" : buf_str(&h->scratch), h->out);
}

static bool takes(const char **at, const char *conversion)
{
    size_t len = strlen(conversion);
    if (strncmp(*at, conversion, len) != 0)
        return false;
    *at += len;
    return true;
}

void html(struct html *h, const char *markup, ...)
{
    va_list ap;
    va_start(ap, markup);
    for (const char *p = markup; *p;) {
        size_t plain = strcspn(p, "%");
        (void)fwrite(p, 1, plain, h->out);
        p += plain;
        if (!*p)
            break;
        if (takes(&p, "%s"))
            put_text(h, va_arg(ap, const char *));
        else if (takes(&p, "%d"))
            fprintf(h->out, "%d", va_arg(ap, int));
        else if (takes(&p, "%zu"))
            fprintf(h->out, "%zu", va_arg(ap, size_t));
        else if (takes(&p, "%ld"))
            fprintf(h->out, "%ld", va_arg(ap, long));
        else if (takes(&p, "%.1f"))
            fprintf(h->out, "%.1f", va_arg(ap, double));
        else if (takes(&p, "%%"))
            fputc('%', h->out);
        else
            BUG("html() knows no '%.4s'", p);
    }
    va_end(ap);
}
