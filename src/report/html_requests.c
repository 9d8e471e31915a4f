/* What was asked of whom, and what came of it: who refused, who promised, what nobody was asked yet. Parent. */
#include "base/clock.h"
#include "report/html_parts.h"
#include "report/parts.h"
#include "report/request.h"

#define MOST_ROWS 60
#define TEXT_MAX 65536

static void put_state(struct html *h, const struct report *r, const struct request *q)
{
    static const char *const classes[REQUEST_STATES] = { [REQUEST_OPEN] = "v-none", [REQUEST_PROMISED] = "v-warn", [REQUEST_RECEIVED] = "v-warn", [REQUEST_REFUSED] = "v-bad" };
    enum request_state state = request_standing(q);
    const struct request_step *step = q->said ? site_request_standing(q->said) : NULL;
    char day[16] = "";
    html(h, "<td data-is=\"State\"><span class=\"v %s\">%s</span>", classes[state], request_state_name(state));
    if (step || q->said)
        human_date(step ? step->on : q->said->asked, r->run.as_of, day);
    if (step)
        html(h, " on %s%s%s%s%s", day, step->by ? " by " : "", step->by, step->note ? ": " : "", step->note);
    else
        html(h, "%s%s", q->said ? " since " : ", asked of nobody yet", day);
    html(h, "</td>");
}

static void put_request(struct html *h, const struct report *r, const struct request *q)
{
    char due[16] = "-", number[24] = "-";
    if (q->due)
        human_date(q->due, r->run.as_of, due);
    if (q->number)
        (void)snprintf(number, sizeof(number), "%lld", (long long)q->number);
    html(h, "<tr><td data-is=\"No.\">%s</td><th scope=\"row\">%s <span class=\"what\">%s</span></th><td data-is=\"Asked of\">%s</td>", number, q->what, q->because, q->asked_of);
    put_state(h, r, q);
    html(h, "<td data-is=\"Holds up\">");
    for (size_t i = 0; i < q->n_gates; i++)
        html(h, "%s%s", i ? ", " : "", front_milestone(q->gates[i]));
    html(h, "%s</td><td class=\"nw\" data-is=\"By\">%s</td><td class=\"n\" data-is=\"Points\">%.1f</td></tr>\n", q->n_gates ? "" : "no step", due, (double)(q->points / (SCORE_ONE / 1000)) / 10);
}

static size_t put_rows(struct html *h, const struct report *r)
{
    const struct request *q;
    size_t shown = 0;
    for (size_t k = 0; k < N_ELEMENTS(request_order); k++)
        for (size_t i = 0; shown < MOST_ROWS && (q = request_next(r->requests, request_order[k], &i)); shown++)
            put_request(h, r, q);
    return shown;
}

void html_requests(struct html_page *p)
{
    const struct request_list *l = p->r->requests;
    struct html *h = &p->h;
    struct request_counts n = request_count(l);
    if (html_is_left_out(p, MATTER_REQUESTS))
        return;
    (void)html_is_left_out(p, MATTER_OUR_TASKS);
    if (l->n == 0) {
        html(h, "<p>Nothing that is unknown has to be asked of anybody.</p>\n");
        return;
    }
    html(h, "<p>%zu open, %zu of them asked of nobody yet; %zu promised, %zu received and still unknown, %zu refused. Until it is answered, what is asked stays unknown, "
            "whoever refused it. Points are those of the score, of 100, that an answer would settle.</p>\n",
         n.by[REQUEST_OPEN], n.unnumbered, n.by[REQUEST_PROMISED], n.by[REQUEST_RECEIVED], n.by[REQUEST_REFUSED]);
    html(h, "<table class=\"stack\">\n<thead><tr><th scope=\"col\">No.</th><th scope=\"col\">What is asked</th><th scope=\"col\">Of whom</th><th scope=\"col\">State</th>"
            "<th scope=\"col\">Holds up</th><th scope=\"col\">By</th><th scope=\"col\" class=\"n\">Points</th></tr></thead>\n<tbody>\n");
    size_t shown = put_rows(h, p->r);
    html(h, "</tbody></table>\n");
    if (l->n > shown)
        html(h, "<p>And %zu more: <code>preop request</code>.</p>\n", l->n - shown);
    if (l->n_settled > 0)
        html(h, "<p>Asked once, and settled in this run: %zu.</p>\n", l->n_settled);
}
