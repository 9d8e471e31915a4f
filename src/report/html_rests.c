/* The end of the appendix: what was asked and what came of it, what the run rests on, what the words mean. Parent. */
#include <inttypes.h>

#include "base/clock.h"
#include "base/path.h"
#include "fact/reason.h"
#include "report/html_parts.h"
#include "report/parts.h"
#include "site/mapping.h"
#include "site/yaml.h"

#define MOST_COLLECTIONS 1500
#define TEXT_MAX 65536

/* --- what was asked --- */

static void why_text(const struct report *r, const struct collection *c, struct buf *b)
{
    char day[16] = "";
    if (c->reason != REASON_NONE)
        buf_printf(b, "%s%s%s", reason_info(c->reason)->text, c->detail && c->detail[0] ? ": " : "", c->detail ? c->detail : "");
    if (c->carried && c->observed_at)
        human_day(r->pinned.site->timezone, c->observed_at, r->run.as_of, day);
    if (c->carried)
        buf_printf(b, "%scarried from %s", b->len ? "; " : "", day[0] ? day : "an earlier run");
    if (c->notes && c->notes[0])
        buf_printf(b, "%s%s", b->len ? "; " : "", c->notes);
}

static void put_collection(struct html *h, const struct report *r, const struct collection *c)
{
    struct buf why = BUF_INIT(TEXT_MAX);
    why_text(r, c, &why);
    html(h, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td><td class=\"n\">%ld</td><td>%s</td><td>%s</td></tr>\n", c->target, c->probe, c->table->name,
         state_name(c->state), (long)c->rows, method_name(c->method), buf_str(&why));
    buf_clear(&why);
}

void html_asked(struct html_page *p)
{
    const struct report *r = p->r;
    struct html *h = &p->h;
    struct buf seen = BUF_INIT(TEXT_MAX);
    size_t n = r->n_collections < MOST_COLLECTIONS ? r->n_collections : MOST_COLLECTIONS;
    if (html_is_left_out(p, MATTER_ASKED))
        return;
    vantage_text(&r->run, &seen);
    html(h, "<p>Permission: %s. Seen from: %s.</p>\n", r->run.authorization[0] ? r->run.authorization : "none", seen.len ? buf_str(&seen) : "not said");
    buf_clear(&seen);
    if (n == 0) {
        html(h, "<p>Nothing was asked.</p>\n");
        return;
    }
    html_table_begin(h, "Every question for a table of facts, and what came of it");
    html(h, "<thead><tr><th scope=\"col\">Target</th><th scope=\"col\">Probe</th><th scope=\"col\">Table</th><th scope=\"col\">State</th><th scope=\"col\" class=\"n\">Rows</th>"
            "<th scope=\"col\">Method</th><th scope=\"col\">Reason</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < n; i++)
        put_collection(h, r, &r->collections[i]);
    html(h, "</tbody>");
    html_table_end(h);
    if (r->n_collections > n)
        html(h, "<p>And %zu more: <code>preop report --format json</code>.</p>\n", r->n_collections - n);
}

/* --- what it rests on --- */

static void put_lists(struct html *h, const struct checklists *c)
{
    html_table_begin(h, "Checklists");
    html(h, "<thead><tr><th scope=\"col\">Checklist</th><th scope=\"col\">Version</th><th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < c->n_files; i++)
        html(h, "<tr><th scope=\"row\">%s</th><td>%ld</td><td><code>%s</code></td></tr>\n", c->files[i].name, (long)c->files[i].version, c->files[i].sha256);
    html(h, "</tbody>");
    html_table_end(h);
    html(h, "<h3>Tailored for this site</h3>\n");
    if (c->n_tailorings == 0)
        html(h, "<p>No check was changed for this site.</p>\n");
    else
        html(h, "<ul>\n");
    for (size_t i = 0; i < c->n_tailorings; i++) {
        const struct tailoring *t = &c->tailorings[i];
        html(h, "<li>%s: %s, because %s%s%s</li>\n", t->check, t->what, t->reason ? t->reason : "no reason is given", t->by ? "; by " : "", t->by);
    }
    if (c->n_tailorings)
        html(h, "</ul>\n");
}

void html_rests(struct html_page *p)
{
    const struct report *r = p->r;
    put_lists(&p->h, r->pinned.checklists);
    html(&p->h, "<h3>The seal</h3>\n<p>A seal is a hash over all that the run holds and over the run before it. <code>preop verify --expect</code> with it proves that this run is unchanged.</p>\n"
                "<dl class=\"kv\"><dt>This run</dt><dd><code>%s</code></dd><dt>The run before</dt><dd><code>%s</code></dd></dl>\n",
         r->run.seal[0] ? r->run.seal : "not sealed: this run is not finished", r->run.previous_seal[0] ? r->run.previous_seal : "none");
}

/* --- words --- */

static const struct { const char *word, *means; } words[] = {
    { "GO", "All that must hold before this step was seen, and holds." },
    { "CONDITIONAL", "The same, but for exceptions that a named person accepted until a date." },
    { "UNPROVEN", "Nothing that was found forbids it, but not all that must hold was seen. It is not a yes." },
    { "NO-GO", "Something that must hold before this step does not, and nobody accepted it." },
    { "proven", "The share of the checks, by weight, that was seen to hold. Ten more checks of one domain do not weigh more than another domain." },
    { "at most", "The share that could hold if all that was not seen turned out well." },
    { "seen", "The share that was looked at: measured by a program, read in documents, or told by people." },
    { "unknown", "It could not be decided: not asked, not answered, too old, or from too weak a source. Unknown never passes." },
    { "accepted", "A failing finding that a named person took upon themselves until a date. It stays a failing finding." },
    { "earliest", "Between which dates a step could first hold, given the work, who does it, and how long orders take." },
    { "run", "One assessment of this site. When it is finished it is sealed and never changes." },
};

static bool is_word(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; at && (at = strstr(at, word)); at += len)
        if ((at == text || !is_word(at[-1])) && !is_word(at[len]))
            return true;
    return false;
}

static bool is_used(const struct report *r, const char *word)
{
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct check *d = r->checks[i].def;
        if (has_word(d->title, word) || has_word(d->why, word) || has_word(d->fix, word))
            return true;
    }
    return false;
}

/* What the checks abbreviate, from the shipped glossary; without it, which is a broken installation, only our own words are explained. */
static void put_acronyms(struct html_page *p)
{
    struct arena *arena = arena_new();
    struct diags diags = DIAGS_INIT;
    struct buf b = BUF_INIT(YAML_MAX_BYTES);
    char *path = path_join(data_dir(), "data/glossary.yaml");
    const struct yaml_node *list = file_read(path, b.max, &b) == 0 ? yaml_parse(arena, path, buf_str(&b), b.len, &diags) : NULL;
    for (size_t i = 0; list && list->kind == YAML_MAP && i < list->n; i++)
        if (list->items[i]->kind == YAML_SCALAR && is_used(p->r, list->keys[i]))
            html(&p->h, "<dt>%s</dt><dd>%s</dd>\n", list->keys[i], list->items[i]->text);
    free(path);
    buf_clear(&b);
    diags_clear(&diags);
    arena_free(arena);
}

void html_glossary(struct html_page *p)
{
    html(&p->h, "<dl class=\"kv\">\n");
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        html(&p->h, "<dt>%s</dt><dd>%s</dd>\n", words[i].word, words[i].means);
    put_acronyms(p);
    html(&p->h, "</dl>\n");
}
