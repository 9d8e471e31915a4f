/* preop history: every run of the site, newest first. */
#include <inttypes.h>
#include <jansson.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checklist/score.h"
#include "cmd/commands.h"
#include "report/style.h"

static const char *const formats[] = { "text", "json", NULL };

struct line { struct run *run; char low[8], high[8]; struct buf gates; json_t *verdicts; int64_t score[2]; };

static void fill(struct store *s, struct line *l)
{
    struct results res;
    memcpy(l->low, "-", 2);
    memcpy(l->high, "-", 2);
    buf_init(&l->gates, 65536);
    l->verdicts = json_object();
    l->score[0] = l->score[1] = SCORE_NONE;
    if (!l->run->seal[0] || store_results_get(s, l->run->id, &res))
        return;
    for (size_t i = 0; i < res.n_scores; i++)
        if (strcmp(res.scores[i].level, "site") == 0 && res.scores[i].low >= 0) {
            score_percent(res.scores[i].low, l->low);
            score_percent(res.scores[i].high, l->high);
            l->score[0] = res.scores[i].low;
            l->score[1] = res.scores[i].high;
        }
    for (size_t i = 0; i < res.n_gates; i++) {
        json_object_set_new(l->verdicts, res.gates[i].milestone, json_string(res.gates[i].verdict));
        buf_printf(&l->gates, "%s%s %s", i ? ", " : "", res.gates[i].milestone, res.gates[i].verdict);
    }
    results_clear(&res);
}

static void print_text(struct page *p, struct line *l)
{
    char id[24], started[ISO_LEN];
    (void)snprintf(id, sizeof(id), "%" PRId64, l->run->id);
    iso_format(l->run->started, started);
    started[16] = '\0';                      /* to the minute; UTC */
    started[10] = ' ';
    struct buf rest = BUF_INIT(8192);
    buf_printf(&rest, "%s%s%s%s", l->run->label && l->run->label[0] ? "@" : "", l->run->label ? l->run->label : "", l->run->label && l->run->label[0] ? "  " : "",
               l->run->seal[0] ? buf_str(&l->gates) : "not judged");
    const char *cells[] = { id, started, l->run->state, l->low, l->high, buf_str(&rest) };
    const size_t widths[] = { 5, 16, 11, 7, 7, 0 };
    page_row(p, l->run->seal[0] ? INK_PLAIN : INK_DIM, cells, widths, N_ELEMENTS(cells));
    buf_clear(&rest);
}

static json_t *percent(int64_t ppb)
{
    return ppb < 0 ? json_null() : json_real((double)(ppb / (SCORE_ONE / 10000)) / 100.0);
}

static json_t *line_json(const struct line *l)
{
    char started[ISO_LEN];
    iso_format(l->run->started, started);
    return json_pack("{s:I, s:s, s:s, s:s, s:s?, s:b, s:o, s:o, s:O, s:s?}", "id", (json_int_t)l->run->id, "uuid", l->run->uuid, "started", started, "state", l->run->state,
                     "label", l->run->label && l->run->label[0] ? l->run->label : NULL, "partial", (int)l->run->partial, "low", percent(l->score[0]), "high", percent(l->score[1]),
                     "verdicts", l->verdicts, "seal", l->run->seal[0] ? l->run->seal : NULL);
}

static int print_all(struct args *a, struct store *s, struct run *v, size_t n, int format)
{
    FILE *out = args_output(a);
    if (!out)
        return EXIT_USAGE;
    struct page p = { .out = out };
    json_t *list = json_array();
    args_style(a, out, &p.style);
    if (format == 0) {
        const char *head[] = { "run", "started, UTC", "state", "proven", "at most", "" };
        const size_t widths[] = { 5, 16, 11, 7, 7, 0 };
        page_row(&p, INK_STRONG, head, widths, N_ELEMENTS(head));
    }
    for (size_t i = 0; i < n; i++) {
        struct line l = { .run = &v[i] };
        fill(s, &l);
        if (format == 0)
            print_text(&p, &l);
        else
            json_array_append_new(list, line_json(&l));
        json_decref(l.verdicts);
        buf_clear(&l.gates);
    }
    if (format == 1) {
        json_dumpf(list, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
        fputc('\n', out);
    }
    json_decref(list);
    return args_output_close(a, out, EXIT_DONE);
}

static int run(struct args *a)
{
    int status = EXIT_DONE, format = args_format(a);
    struct run *v = NULL;
    size_t n = 0;
    char *key = args_site_key(a, &status);
    struct store *s = key ? args_store(a, STORE_READ, &status) : NULL;
    if (s) {
        int err = store_runs(s, key, &v, &n);
        status = err ? fail_err(err, "the runs of %s cannot be read: %s", key, err_text(err)) : print_all(a, s, v, n, format);
    }
    runs_free(v, n);
    store_close(s);
    free(key);
    return status;
}

const struct cmd cmd_history = {
    .name = "history", .synopsis = "", .summary = "Every run of this site, newest first, with its verdicts", .group = "read",
    .min_args = 0, .max_args = 0, .formats = formats, .run = run,
};
