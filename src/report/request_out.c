/* Requests for readers: text, CSV, JSON, and a page to print. Parent. */
#include "report/request.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "fact/form.h"
#include "report/html_out.h"
#include "report/parts.h"

#define LINE_MAX_BYTES (1u << 20)

static const char *day(int64_t t, char out[DATE_LEN])
{
    date_format(t, out);
    return t ? out : "";
}

static void list_text(struct buf *b, const char *const *v, size_t n, const char *between)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(b, "%s%s", i ? between : "", v[i]);
}

static void checks_text(struct buf *b, const struct request *q, const char *between)
{
    for (size_t i = 0; i < q->n_checks; i++)
        buf_printf(b, "%s%s", i ? between : "", q->checks[i]->def->id);
}

/* "1.25 of 100 points, 2 checks; holds up sign, close". */
static void worth_text(const struct request *q, struct buf *b)
{
    char points[8];
    score_percent(q->points, points);
    buf_printf(b, "%s of 100 points, %zu %s", points, q->n_checks, plural(q->n_checks, "check", "checks"));
    if (q->n_gates > 0)
        buf_puts(b, "; holds up ");
    list_text(b, q->gates, q->n_gates, ", ");
}

void request_said_text(const struct site_request *said, struct buf *b)
{
    const struct request_step *step = said ? site_request_standing(said) : NULL;
    char on[DATE_LEN];
    if (!step)
        return;
    buf_printf(b, "%s on %s", request_state_name(step->state), day(step->on, on));
    if (step->by)
        buf_printf(b, " by %s", step->by);
    if (step->note)
        buf_printf(b, ": %s", step->note);
}

/* --- text --- */

static void put_request(struct page *p, const struct request *q)
{
    struct buf left = BUF_INIT(LINE_MAX_BYTES), b = BUF_INIT(LINE_MAX_BYTES);
    char due[DATE_LEN], by[DATE_LEN + 16] = "";
    enum request_state state = request_standing(q);
    if (q->due)
        (void)snprintf(by, sizeof(by), "by %s", day(q->due, due));
    if (q->number)
        buf_printf(&left, "%3" PRId64 "  %s", q->number, q->what);
    else
        buf_printf(&left, "  -  %s", q->what);
    page_blank(p);
    page_both(p, state == REQUEST_REFUSED ? INK_BAD : INK_STRONG, 5, buf_str(&left), by);
    page_wrap(p, INK_PLAIN, 13, "     ask     %s", q->asked_of);
    page_wrap(p, INK_PLAIN, 13, "     matter  %s", q->because);
    list_text(&b, q->tables, q->n_tables, ", ");
    if (q->n_tables > 0)
        page_wrap(p, INK_DIM, 13, "     tables  %s", buf_str(&b));
    if (q->why[0])
        page_wrap(p, INK_PLAIN, 13, "     why     %s", q->why);
    for (size_t i = 0; i < q->n_accepted; i++)
        page_wrap(p, INK_PLAIN, 13, "     %s  %s", i ? "     or" : "accept ", q->accepted[i]);
    buf_reset(&b);
    worth_text(q, &b);
    page_wrap(p, INK_PLAIN, 13, "     settles %s", buf_str(&b));
    buf_reset(&b);
    request_said_text(q->said, &b);
    if (b.len)
        page_wrap(p, state == REQUEST_REFUSED ? INK_BAD : INK_WARN, 13, "     state   %s", buf_str(&b));
    buf_clear(&left);
    buf_clear(&b);
}

static void put_settled(struct page *p, const struct request_list *l)
{
    if (l->n_settled > 0)
        page_heading(p, "ASKED ONCE, AND SETTLED IN THIS RUN", "");
    for (size_t i = 0; i < l->n_settled; i++)
        page_wrap(p, INK_DIM, 5, "%3" PRId64 "  %s", l->settled[i]->number, l->settled[i]->what);
}

void request_text(const struct request_list *l, const struct style *style, FILE *out)
{
    struct page p = { *style, out };
    struct buf left = BUF_INIT(4096), run = BUF_INIT(256);
    size_t n[REQUEST_STATES] = { 0 };
    for (size_t i = 0; i < l->n; i++)
        n[request_standing(&l->v[i])]++;
    run_text(l->r, &run);
    buf_printf(&left, "Requests, %s", report_title(l->r));
    page_both(&p, INK_STRONG, 2, buf_str(&left), buf_str(&run));
    page_wrap(&p, INK_PLAIN, 0, "%zu open, %zu promised, %zu received, %zu refused", n[REQUEST_OPEN], n[REQUEST_PROMISED], n[REQUEST_RECEIVED], n[REQUEST_REFUSED]);
    for (size_t i = 0; i < l->n; i++)
        put_request(&p, &l->v[i]);
    put_settled(&p, l);
    if (l->n > 0) {
        page_blank(&p);
        page_line(&p, INK_DIM, "preop request --set NUMBER=promised|received|refused|open --on DATE --by NAME --note TEXT");
    }
    buf_clear(&left);
    buf_clear(&run);
}

/* --- in a report --- */

static void put_short(struct page *p, const struct request *q)
{
    struct buf b = BUF_INIT(LINE_MAX_BYTES);
    char due[DATE_LEN];
    enum request_state state = request_standing(q);
    if (q->number)
        buf_printf(&b, " %3" PRId64 "  %s (%s)", q->number, q->what, q->asked_of);
    else
        buf_printf(&b, "   -  %s (%s)", q->what, q->asked_of);
    page_both(p, state == REQUEST_REFUSED ? INK_BAD : INK_PLAIN, 6, buf_str(&b), q->due ? day(q->due, due) : "");
    buf_reset(&b);
    request_said_text(q->said, &b);
    if (b.len)
        page_wrap(p, state == REQUEST_REFUSED ? INK_BAD : INK_WARN, 6, "      %s", buf_str(&b));
    buf_clear(&b);
}

void request_put(struct page *p, const struct request_list *l)
{
    struct request_counts n = request_count(l);
    const struct request *q;
    if (l->n == 0)
        return;
    page_heading(p, "REQUESTS", "by");
    page_wrap(p, INK_PLAIN, 1, " %zu open, %zu of them asked of nobody yet; %zu promised, %zu received and still unknown, %zu refused", n.by[REQUEST_OPEN], n.unnumbered, n.by[REQUEST_PROMISED],
              n.by[REQUEST_RECEIVED], n.by[REQUEST_REFUSED]);
    for (size_t k = 0; k < N_ELEMENTS(request_order); k++)
        for (size_t i = 0; (q = request_next(l, request_order[k], &i));)
            put_short(p, q);
}

/* --- CSV --- */

static void put_field(struct buf *line, const char *s)
{
    if (line->len)
        buf_putc(line, ',');
    text_csv_field(line, s ? s : "");
}

static void put_joined(struct buf *line, const char *const *v, size_t n, const char *between)
{
    struct buf b = BUF_INIT(LINE_MAX_BYTES);
    list_text(&b, v, n, between);
    put_field(line, buf_str(&b));
    buf_clear(&b);
}

static void csv_request(const struct request *q, struct buf *line)
{
    const struct request_step *step = q->said ? site_request_standing(q->said) : NULL;
    char due[DATE_LEN], on[DATE_LEN] = "", points[8], number[24] = "-";
    struct buf checks = BUF_INIT(LINE_MAX_BYTES);
    if (q->number)
        (void)snprintf(number, sizeof(number), "%" PRId64, q->number);
    score_percent(q->points, points);
    checks_text(&checks, q, " ");
    put_field(line, number);
    put_field(line, request_state_name(request_standing(q)));
    put_field(line, step ? day(step->on, on) : "");
    put_field(line, step ? step->by : "");
    put_field(line, step ? step->note : "");
    put_field(line, q->asked_of);
    put_field(line, q->what);
    put_field(line, q->because);
    put_field(line, q->why);
    put_joined(line, q->accepted, q->n_accepted, "\n");
    put_field(line, day(q->due, due));
    put_joined(line, q->gates, q->n_gates, " ");
    put_field(line, points);
    put_field(line, buf_str(&checks));
    put_field(line, q->key);
    buf_clear(&checks);
}

void request_csv(const struct request_list *l, FILE *out)
{
    fputs("number,state,on,by,note,ask,what,matter,why,accepted,due,holds_up,points,checks,key\r\n", out);
    for (size_t i = 0; i < l->n; i++) {
        struct buf line = BUF_INIT(LINE_MAX_BYTES);
        csv_request(&l->v[i], &line);
        fprintf(out, "%s\r\n", buf_str(&line));
        buf_clear(&line);
    }
}

/* --- JSON --- */

static json_t *texts_json(const char *const *v, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_string(v[i]));
    return list;
}

static json_t *steps_json(const struct site_request *said)
{
    json_t *list = json_array();
    char on[DATE_LEN];
    for (size_t i = 0; said && i < said->n_steps; i++) {
        const struct request_step *s = &said->steps[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s?}", "state", request_state_name(s->state), "on", day(s->on, on), "by", s->by, "note", s->note));
    }
    return list;
}

static json_t *request_to_json(const struct request *q)
{
    char due[DATE_LEN], points[8];
    json_t *checks = json_array();
    for (size_t i = 0; i < q->n_checks; i++)
        json_array_append_new(checks, json_string(q->checks[i]->def->id));
    score_percent(q->points, points);
    json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "key", q->key, "state", request_state_name(request_standing(q)), "what", q->what, "ask", q->asked_of, "matter", q->because, "why", q->why);
    json_object_set_new(j, "number", q->number ? json_integer(q->number) : json_null());
    json_object_set_new(j, "form", q->form ? json_string(q->form->id) : json_null());
    json_object_set_new(j, "target", q->missing ? json_string(q->missing->target) : json_null());
    json_object_set_new(j, "tables", texts_json(q->tables, q->n_tables));
    json_object_set_new(j, "accepted", texts_json(q->accepted, q->n_accepted));
    json_object_set_new(j, "due", q->due ? json_string(day(q->due, due)) : json_null());
    json_object_set_new(j, "holds_up", texts_json(q->gates, q->n_gates));
    json_object_set_new(j, "points", json_real(strtod(points, NULL)));
    json_object_set_new(j, "checks", checks);
    json_object_set_new(j, "steps", steps_json(q->said));
    return j;
}

json_t *request_list_json(const struct request_list *l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < l->n; i++)
        json_array_append_new(list, request_to_json(&l->v[i]));
    return list;
}

void request_json(const struct request_list *l, FILE *out)
{
    json_t *list = request_list_json(l), *settled = json_array();
    for (size_t i = 0; i < l->n_settled; i++)
        json_array_append_new(settled, json_pack("{s:I, s:s, s:s, s:o}", "number", (json_int_t)l->settled[i]->number, "key", l->settled[i]->key, "what", l->settled[i]->what, "steps",
                                                 steps_json(l->settled[i])));
    json_t *j = json_pack("{s:i, s:s, s:I, s:o, s:o}", "preop", 1, "site", l->r->run.site, "run", (json_int_t)l->r->run.id, "requests", list, "settled", settled);
    json_dumpf(j, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    fputc('\n', out);
    json_decref(j);
}

/* --- a page to print --- */

static void html_request(struct html *h, const struct request *q)
{
    struct buf b = BUF_INIT(LINE_MAX_BYTES);
    char due[DATE_LEN];
    if (q->number)
        html(h, "<section>\n<h2>%ld. %s</h2>\n", (long)q->number, q->what);
    else
        html(h, "<section>\n<h2>Not numbered: %s</h2>\n", q->what);
    html(h, "<p>Asked of: <strong>%s</strong>%s%s. The matter: %s.</p>\n<p>%s</p>\n<ul>\n", q->asked_of, q->due ? ", by " : "", day(q->due, due), q->because, q->why);
    for (size_t i = 0; i < q->n_accepted; i++)
        html(h, "<li>%s</li>\n", q->accepted[i]);
    worth_text(q, &b);
    html(h, "</ul>\n<p>It would settle %s.</p>\n", buf_str(&b));
    buf_reset(&b);
    request_said_text(q->said, &b);
    if (b.len)
        html(h, "<p><strong>State: %s.</strong></p>\n", buf_str(&b));
    html(h, "</section>\n");
    buf_clear(&b);
}

void request_html(const struct request_list *l, FILE *out)
{
    struct html h;
    struct buf run = BUF_INIT(256);
    char *marking = report_marking(l->r);
    run_text(l->r, &run);
    html_init(&h, out);
    html(&h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n<title>%s: requests</title>\n</head>\n<body>\n"
             "<main>\n<p>%s</p>\n<h1>%s: what we ask for</h1>\n<p>%s</p>\n", report_title(l->r), marking, report_title(l->r), buf_str(&run));
    if (l->n == 0)
        html(&h, "<p>Nothing is unknown: there is nothing to ask.</p>\n");
    for (size_t i = 0; i < l->n; i++)
        html_request(&h, &l->v[i]);
    html(&h, "</main>\n</body>\n</html>\n");
    html_clear(&h);
    free(marking);
    buf_clear(&run);
}
