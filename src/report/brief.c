/* Thirty lines of plain text, at most 80 columns, to paste into a mail: the first page's model, cut to what fits, with a pointer to the rest. Parent. */
#include <stdlib.h>
#include <string.h>

#include "report/front.h"
#include "report/parts.h"
#include "report/request.h"

#define LINES 30
#define WIDTH 80
#define MEANS_FRAME 54               /* bytes of the words around what it means, and what breaking lines leaves empty */
#define TAIL 8                       /* lines that money, patients and staff, how sure, what changed and the run take at the end */

/* Text of finished lines; what does not fit is counted, never half printed. */
struct brief { char *lines[LINES]; size_t n, n_left_out; };

/* What one page_ call wrote, as whole lines. */
static void take(struct brief *b, size_t keep_free, const char *text)
{
    size_t n = 0;
    for (const char *p = text; *p; p++)
        n += *p == '\n';
    if (b->n + n > LINES - keep_free) {
        b->n_left_out++;
        return;
    }
    for (const char *p = text; *p;) {
        size_t len = strcspn(p, "\n");
        b->lines[b->n++] = xstrndup(p, len);
        p += len + (p[len] == '\n');
    }
}

/* A page of its own for a few lines, which take() then cuts apart. */
struct cutting { struct page page; char *text; size_t len; };

static bool piece_begin(struct cutting *q)
{
    *q = (struct cutting){ .page = { { .width = WIDTH, .utf8 = true }, NULL } };
    q->page.out = open_memstream(&q->text, &q->len);
    return q->page.out != NULL;
}

static void piece_end(struct brief *b, size_t keep_free, struct cutting *q)
{
    (void)fclose(q->page.out);
    take(b, keep_free, q->text);
    free(q->text);
}

static void add_line(struct brief *b, size_t keep_free, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void add_line(struct brief *b, size_t keep_free, const char *fmt, ...)
{
    struct cutting q;
    va_list ap;
    va_start(ap, fmt);
    char *line = xvasprintf(fmt, ap);
    va_end(ap);
    if (piece_begin(&q)) {
        page_line(&q.page, INK_PLAIN, "%s", line);
        piece_end(b, keep_free, &q);
    }
    free(line);
}

/* indent: columns of the left text that are its label. */
static void add_both(struct brief *b, size_t keep_free, size_t indent, const char *left, const char *right)
{
    struct cutting q;
    if (!piece_begin(&q))
        return;
    page_both(&q.page, INK_PLAIN, indent, left, right);
    piece_end(b, keep_free, &q);
}

static void put_gates(struct brief *b, const struct front *f)
{
    const size_t widths[] = { 24, 11, 11, 0 };
    for (size_t i = 0; i < f->n_gates; i++) {
        const struct front_gate *g = &f->gates[i];
        const char *cells[] = { g->name, g->date, g->verdict, g->note };
        struct cutting q;
        if (!piece_begin(&q))
            return;
        page_row(&q.page, INK_PLAIN, cells, widths, N_ELEMENTS(cells));
        piece_end(b, TAIL + 3, &q);
    }
}

static void put_obstacles(struct brief *b, const struct front *f)
{
    size_t before = b->n_left_out;
    if (f->n_obstacles == 0)
        return;
    add_line(b, TAIL, "In the way, as it should be and is not:");
    for (size_t i = 0; i < f->n_obstacles; i++) {
        const struct front_obstacle *o = &f->obstacles[i];
        char *line = xasprintf("%3zu %s (%s)", i + 1, o->title, o->owner);
        add_both(b, TAIL + 1, 4, line, o->by);
        free(line);
    }
    if (b->n_left_out > before)
        add_line(b, TAIL, "    and %zu more in the full report", b->n_left_out - before);
}

static void put_requests(struct brief *b, const struct report *r, const struct front *f)
{
    struct request_counts n = request_count(r->requests);
    if (r->requests->n > 0)
        add_line(b, TAIL, "Requests: %zu open (%zu not asked yet), %zu promised, %zu received, %zu refused.", n.by[REQUEST_OPEN], n.unnumbered, n.by[REQUEST_PROMISED], n.by[REQUEST_RECEIVED], n.by[REQUEST_REFUSED]);
    for (size_t i = 0; i < f->n_refused_lines; i++)
        add_line(b, TAIL, "Refused: %s", f->refused[i]);
}

/* Two lines of it, three if the first is long: what is told first, as far as it fits; the rest is in the full report. */
static void put_means(struct brief *b, const struct impact_words *w)
{
    struct buf all = BUF_INIT(65536);
    size_t n = 0;
    while (n < w->n_failing && (n == 0 || all.len + strlen(w->lines[n]) < 2 * WIDTH - MEANS_FRAME)) {
        buf_printf(&all, "%s%s", n ? "; " : "", w->lines[n]);
        n++;
    }
    if (n > 0)
        add_line(b, 4, "Patients and staff: %s%s (bounds).", buf_str(&all), n < w->n_lines ? ", and more" : "");
    else if (w->n_lacks)
        add_line(b, 4, "Patients and staff: no figure, for nobody has said %s%s.", w->lacks[0], w->n_lacks > 1 ? ", and more" : "");
    buf_clear(&all);
}

static void put_all(struct brief *b, const struct report *r, const struct front *f, const char *marking)
{
    struct buf run = BUF_INIT(256);
    add_both(b, TAIL, 0, report_title(r), marking);
    add_line(b, TAIL, "%s", f->question);
    if (f->asked)
        add_line(b, TAIL, "%s: %s", f->asked->verdict, f->answer);
    put_gates(b, f);
    put_obstacles(b, f);
    put_requests(b, r, f);
    if (!(r->left_out & MATTER_PRICES))
        add_line(b, 4, "Money: %s. %s", f->money, f->money_without ? f->money_without : "");
    put_means(b, &f->means);
    add_line(b, 2, "How sure: %s", f->sure);
    add_line(b, 1, "%s", f->since);
    run_text(r, &run);
    add_line(b, 0, "From %s%s%.12s.", buf_str(&run), r->run.seal[0] ? ", seal " : ", not sealed", r->run.seal);
    buf_clear(&run);
}

int report_brief(const struct report *r, const char *ask, FILE *out, char **why)
{
    struct front *f = front_new(r, ask, why);
    if (!f)
        return ERR_NOT_FOUND;
    struct brief b = { .n = 0 };
    char *marking = report_marking(r);
    put_all(&b, r, f, marking);
    for (size_t i = 0; i < b.n; i++) {
        fprintf(out, "%s\n", b.lines[i]);
        free(b.lines[i]);
    }
    free(marking);
    front_free(f);
    return 0;
}
