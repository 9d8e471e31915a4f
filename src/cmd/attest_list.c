/* preop attest --list: how each question stands. Parent. */
#include <jansson.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cmd/attest.h"
#include "report/style.h"

enum attest_standing attest_standing(const struct site *s, const struct form *f, int64_t now)
{
    const struct attestation *a = site_attestation(s, f);
    if (!a)
        return STANDING_OPEN;
    if (a->problem)
        return STANDING_BAD;
    if (!attestation_live(a, now))
        return STANDING_EXPIRED;
    return a->has_file ? STANDING_DOCUMENT : STANDING_SAID;
}

const char *attest_standing_word(enum attest_standing s)
{
    static const char *const words[] = { [STANDING_OPEN] = "open", [STANDING_EXPIRED] = "expired", [STANDING_BAD] = "bad file", [STANDING_SAID] = "said", [STANDING_DOCUMENT] = "document" };
    return words[s];
}

static const char *kind_word(enum form_kind k)
{
    return k == FORM_SINGLE ? "answer" : k == FORM_LIST ? "list" : "sheet";
}

static void put_json(const struct attest *a, FILE *out)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n_forms; i++) {
        const struct form *f = forms[i];
        const struct attestation *have = site_attestation(a->site, f);
        char on[DATE_LEN] = "", until[DATE_LEN] = "";
        if (have && have->on)
            date_format(have->on, on);
        if (have && have->expires)
            date_format(have->expires, until);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?, s:I, s:s?}", "form", f->id, "table", f->table->name, "kind", kind_word(f->kind),
                                              "standing", attest_standing_word(attest_standing(a->site, f, clock_now())), "question", f->table->summary, "asked_of", f->asked_of,
                                              "proof", f->evidence, "on", on[0] ? on : NULL, "until", until[0] ? until : NULL, "evidence", have ? have->evidence : NULL,
                                              "rows", (json_int_t)(have ? have->n_rows : 0), "problem", have ? have->problem : NULL));
    }
    json_dumpf(list, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(list);
}

static void put_line(struct page *p, const struct attest *a, const struct form *f)
{
    const struct attestation *have = site_attestation(a->site, f);
    enum attest_standing standing = attest_standing(a->site, f, clock_now());
    enum ink ink = standing == STANDING_DOCUMENT ? INK_GOOD : standing == STANDING_SAID ? INK_PLAIN : standing == STANDING_OPEN ? INK_DIM : INK_WARN;
    char until[16] = "", *text;
    if (have && have->expires)
        human_date(have->expires, clock_now(), until);
    if (standing == STANDING_BAD)
        text = xasprintf("%s", have->problem);
    else if (standing == STANDING_OPEN)
        text = xasprintf("%s: %s", f->asked_of, f->table->summary);
    else
        text = xasprintf("%s%s%s", standing == STANDING_EXPIRED ? "counted until " : until[0] ? "counts until " : "counts on", until, f->kind == FORM_SINGLE ? "" : have->none ? "; there is nothing" : "");
    page_wrap(p, ink, 31, "  %-19s %-8s %s", f->id, attest_standing_word(standing), text);
    free(text);
}

int attest_list(struct attest *a)
{
    FILE *out = args_output(a->args);
    struct page p = { .out = out };
    size_t n[STANDING_DOCUMENT + 1] = { 0 };
    if (!out)
        return EXIT_USAGE;
    args_style(a->args, out, &p.style);
    if (args_format(a->args) == 1) {
        put_json(a, out);
        return args_output_close(a->args, out, EXIT_DONE);
    }
    for (size_t i = 0; i < n_forms; i++) {
        if (i == 0 || forms[i]->phase != forms[i - 1]->phase)
            page_heading(&p, form_phase_title(forms[i]->phase), "");
        put_line(&p, a, forms[i]);
        n[attest_standing(a->site, forms[i], clock_now())]++;
    }
    page_blank(&p);
    page_wrap(&p, INK_STRONG, 0, "%zu open, %zu expired, %zu that cannot be read, %zu said, %zu with a document", n[STANDING_OPEN], n[STANDING_EXPIRED], n[STANDING_BAD], n[STANDING_SAID],
              n[STANDING_DOCUMENT]);
    page_line(&p, INK_DIM, "preop attest asks what is open; preop attest FORM asks one again");
    return args_output_close(a->args, out, EXIT_DONE);
}
