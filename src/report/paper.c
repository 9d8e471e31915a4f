/* Paper forms as plain text, 80 columns. What was answered before is not printed: the paper goes to others. Parent. */
#include "report/paper.h"

#include "base/buf.h"
#include "site/answer.h"

#define CELLS 3                      /* rows of a list side by side */
#define SHEETS 2                     /* and how often below each other */

static void put_line(struct page *p, const char *label)
{
    char line[256];
    size_t n = p->style.width < 240 ? p->style.width : 240, used = (size_t)snprintf(line, sizeof(line), "  %s ", label);
    for (size_t i = used < n ? used : n; i < n; i++)
        line[i] = '_';
    line[n] = '\0';
    page_line(p, INK_PLAIN, "%s", line);
}

static void put_cells(struct page *p, const char *label)
{
    struct buf b = BUF_INIT(512);
    size_t width = (p->style.width - 25) / CELLS;
    buf_printf(&b, "  %-22s", label);
    for (size_t i = 0; i < CELLS; i++) {
        buf_putc(&b, '|');
        for (size_t k = 0; k + 1 < width; k++)
            buf_putc(&b, '_');
    }
    buf_putc(&b, '|');
    page_line(p, INK_PLAIN, "%s", buf_str(&b));
    buf_clear(&b);
}

static void put_field(struct page *p, const struct fact_column *c)
{
    struct buf wanted = BUF_INIT(4096);
    answer_wanted(c, &wanted);
    page_blank(p);
    page_wrap(p, INK_PLAIN, 2, "  %s (%s)", c->help, buf_str(&wanted));
    put_line(p, c->name);
    buf_clear(&wanted);
}

static void put_legend(struct page *p, const struct form *f)
{
    for (size_t c = 0; c < f->table->n_columns; c++) {
        struct buf wanted = BUF_INIT(4096);
        if (!form_asks(f, c))
            continue;
        answer_wanted(&f->table->columns[c], &wanted);
        page_wrap(p, INK_PLAIN, 25, "  %-22s %s (%s)", f->table->columns[c].name, f->table->columns[c].help, buf_str(&wanted));
        buf_clear(&wanted);
    }
    for (size_t i = 0; i < SHEETS; i++) {
        page_blank(p);
        for (size_t c = 0; c < f->table->n_columns; c++)
            if (form_asks(f, c))
                put_cells(p, f->table->columns[c].name);
    }
}

static void put_form(struct page *p, const struct site *site, const struct form *f)
{
    page_both(p, INK_STRONG, 2, f->id, site_title(site));
    page_wrap(p, INK_STRONG, 0, "%s", f->table->summary);
    page_wrap(p, INK_PLAIN, 10, "To ask    %s", f->asked_of);
    page_wrap(p, INK_PLAIN, 10, "Proof     %s", f->evidence);
    if (f->help[0])
        page_wrap(p, INK_PLAIN, 10, "How       %s", f->help);
    page_wrap(p, INK_PLAIN, 10, "Never     no password, no patient's name, nothing about a patient. What nobody knows stays empty.");
    if (f->kind == FORM_SINGLE) {
        for (size_t c = 0; c < f->table->n_columns; c++)
            if (form_asks(f, c))
                put_field(p, &f->table->columns[c]);
    } else {
        page_blank(p);
        put_legend(p, f);
    }
    page_blank(p);
    put_line(p, "Said by, role");
    put_line(p, "Date");
    put_line(p, "Proof that was handed over");
}

void paper_forms(struct page *p, const struct site *site, const struct form *const *list, size_t n, bool pages)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && pages)
            fputc('\f', p->out);
        else if (i > 0)
            page_heading(p, "", "");
        put_form(p, site, list[i]);
    }
}
