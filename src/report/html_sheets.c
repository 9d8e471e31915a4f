/* What the page shows beside verdicts: the map of the network, and what people wrote of systems, contracts and lines. Parent; what people and devices say
 * is text, because html() makes it so. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/html_parts.h"

#define MAP_MAX (16u << 20)
#define MOST_ROWS 100
#define TEXT_MAX 4096

/* The columns that a reader of the page needs; the sheet itself has more. */
static const struct { const char *table, *title, *columns[8]; } shown[] = {
    { "systems", "Systems", { "system", "kind", "vendor", "criticality", "hosting", "business_owner", "it_owner", "downtime_procedure" } },
    { "contracts", "Contracts", { "vendor", "contract", "kind", "renews", "notice_days", "change_of_control", "price_year", "decision" } },
    { "circuits", "Lines", { "circuit", "carrier", "medium", "down_mbps", "up_mbps", "contract_end" } },
};

struct sheet_rows {
    const struct fact_table *table;
    int columns[8]; size_t n_columns;
    char ***rows; size_t n, n_all;
};

/* --- gathering ---------------------------------------------------------------------------------------------------------- */

static char *cell_text(const struct fact_column *c, const struct fact_value *v)
{
    switch (v->kind) {
    case FACT_KIND_NULL: return xstrdup("");
    case FACT_KIND_INTEGER: return c->type == FACT_BOOLEAN ? xstrdup(v->i ? "yes" : "no") : xasprintf("%" PRId64, v->i);
    case FACT_KIND_REAL: return xasprintf("%.10g", v->r);
    case FACT_KIND_TEXT: return xstrndup(v->s, c->type == FACT_TIMESTAMP && v->len > 10 ? 10 : v->len < TEXT_MAX ? v->len : TEXT_MAX);
    }
    BUG("no kind of value %d", (int)v->kind);
}

static int on_row(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct sheet_rows *s = ctx;
    (void)target;
    (void)subject;
    (void)c;
    if (s->n_all++ >= MOST_ROWS)
        return 0;
    char **cells = xcalloc(s->n_columns, sizeof(*cells));
    for (size_t i = 0; i < s->n_columns; i++)
        cells[i] = cell_text(&s->table->columns[s->columns[i]], &row->v[s->columns[i]]);
    s->rows = xrealloc_array(s->rows, s->n + 1, sizeof(*s->rows));
    s->rows[s->n++] = cells;
    return 0;
}

static bool column_is_left_out(const struct report *r, const struct fact_column *c)
{
    return ((c->flags & FACT_PERSONAL) && (r->left_out & MATTER_NAMES)) || ((c->flags & FACT_CLEAN_TEAM) && (r->left_out & MATTER_CLEAN_TEAM));
}

static int sheet_load(struct store *s, const struct report *r, size_t which, struct sheet_rows *out)
{
    out->table = fact_table_find(shown[which].table);
    if (!out->table)
        BUG("no table %s", shown[which].table);
    for (size_t i = 0; i < N_ELEMENTS(shown[which].columns) && shown[which].columns[i]; i++) {
        int column = fact_column_find(out->table, shown[which].columns[i]);
        if (column < 0)
            BUG("no column %s.%s", shown[which].table, shown[which].columns[i]);
        if (!column_is_left_out(r, &out->table->columns[column]))
            out->columns[out->n_columns++] = column;
    }
    return store_facts_each(s, r->run.id, out->table, on_row, out);
}

int report_gather_page(struct store *s, struct report *r)
{
    int err = 0;
    r->sheets = xcalloc(N_ELEMENTS(shown), sizeof(*r->sheets));
    for (size_t i = 0; i < N_ELEMENTS(shown) && !err && !(r->left_out & MATTER_FINDINGS); i++)
        err = sheet_load(s, r, i, &r->sheets[i]);
    if (err || (r->left_out & (MATTER_FINDINGS | MATTER_ASKED)))
        return err;
    struct buf map = BUF_INIT(MAP_MAX);
    char *why = NULL;
    if (report_map_svg(s, r, &map, &why) == 0)
        r->map = buf_take(&map);
    else
        r->map_why = why ? why : xstrdup("it could not be drawn");
    buf_clear(&map);
    return 0;
}

void report_page_free(struct report *r)
{
    for (size_t i = 0; r->sheets && i < N_ELEMENTS(shown); i++) {
        for (size_t k = 0; k < r->sheets[i].n; k++) {
            for (size_t c = 0; c < r->sheets[i].n_columns; c++)
                free(r->sheets[i].rows[k][c]);
            free(r->sheets[i].rows[k]);
        }
        free(r->sheets[i].rows);
    }
    free(r->sheets);
    free(r->map);
    free(r->map_why);
}

/* --- the sections ------------------------------------------------------------------------------------------------------- */

/* The drawing is our own element <svg>, made of harmless tags only (map_svg.c), so it goes in as it is. */
void html_network(struct html_page *p)
{
    struct html *h = &p->h;
    if (p->r->left_out & (MATTER_FINDINGS | MATTER_ASKED)) {
        html(h, "<p class=\"dim\">Left out for this reader: the map shows every device.</p>\n");
    } else if (p->r->map) {
        html(h, "<p>Devices that were read or seen, how they are connected, and what is over its capacity. Each shape and line has its words.</p>\n"
                "<div class=\"scroll map\" role=\"region\" aria-label=\"Map of the network\" tabindex=\"0\">\n");
        html_raw(h, p->r->map);
        html(h, "\n</div>\n");
    } else {
        html(h, "<p>There is no map here: %s.</p>\n", p->r->map_why ? p->r->map_why : "it was not drawn");
    }
}

static void put_sheet(struct html *h, const struct sheet_rows *s, const char *title)
{
    html(h, "<h3>%s</h3>\n", title);
    if (s->n == 0) {
        html(h, "<p>Nobody filled the sheet %s: <code>preop attest --sheet %s --csv out</code>.</p>\n", s->table->name, s->table->name);
        return;
    }
    html_table_begin(h, title);
    html(h, "<thead><tr>");
    for (size_t i = 0; i < s->n_columns; i++)
        html(h, "<th scope=\"col\">%s</th>", s->table->columns[s->columns[i]].name);
    html(h, "</tr></thead>\n<tbody>\n");
    for (size_t k = 0; k < s->n; k++) {
        html(h, "<tr>");
        for (size_t i = 0; i < s->n_columns; i++)
            html(h, i == 0 ? "<th scope=\"row\">%s</th>" : "<td>%s</td>", s->rows[k][i][0] ? s->rows[k][i] : "unknown");
        html(h, "</tr>\n");
    }
    html(h, "</tbody>");
    html_table_end(h);
    if (s->n_all > s->n)
        html(h, "<p>And %zu more: <code>preop facts %s</code>.</p>\n", s->n_all - s->n, s->table->name);
}

void html_sheets(struct html_page *p)
{
    if (html_is_left_out(p, MATTER_FINDINGS))
        return;
    if (!p->r->sheets) {
        html(&p->h, "<p>What people wrote of them was not read for this page.</p>\n");
        return;
    }
    for (size_t i = 0; i < N_ELEMENTS(shown); i++)
        put_sheet(&p->h, &p->r->sheets[i], shown[i].title);
}
