/* Lint, the half that reads: is a check complete, can a committee understand it, does its condition hide what is not known? Parent. */
#include "checklist/lint.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "checklist/load.h"
#include "checklist/token.h"
#include "site/mapping.h"

#define SENTENCE_WORDS 25

struct lint {
    const struct checklists *c;
    struct diags *diags;
    const struct yaml_node *glossary;
    char *citations;                 /* the file's bytes, or NULL */
    struct checklists *shipped;      /* read when first asked for; NULL when it cannot be */
    bool asked_shipped;
};

static void say(const struct lint *l, enum diag_level level, const struct check *c, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static void say(const struct lint *l, enum diag_level level, const struct check *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = xvasprintf(fmt, ap);
    va_end(ap);
    diag_add(l->diags, level, c->file, c->line, c->column, "%s: %s", c->id, text);
    free(text);
}

/* --- completeness ----------------------------------------------------------------------------------------------------- */

static void lint_missing(const struct lint *l, const struct check *c)
{
    const struct { const char *name; bool there; } needed[] = {
        { "why", c->why != NULL }, { "fix", c->fix != NULL }, { "owner", c->owner != NULL }, { "impact", c->n_impacts > 0 },
        { "cost_basis, from where its cost comes", !c->has_cost || c->cost_basis != NULL },
    };
    for (size_t i = 0; i < N_ELEMENTS(needed); i++)
        if (!needed[i].there)
            say(l, DIAG_ERROR, c, "has no %s", needed[i].name);
    if (c->gate != NULL && c->severity == SEVERITY_INFO)
        say(l, DIAG_WARNING, c, "blocks the milestone %s, and its severity is info, which weighs nothing", c->gate);
    if (!c->has_effort)
        say(l, DIAG_WARNING, c, "has no effort_days: its fix looks free");
    if (c->n_params > 0 && c->where == NULL && c->pass == NULL && c->query == NULL)
        say(l, DIAG_WARNING, c, "has params that nothing uses");
}

/* --- words for the committee ------------------------------------------------------------------------------------------ */

static void lint_sentences(const struct lint *l, const struct check *c, const char *text)
{
    size_t words = 0;
    bool in_word = false;
    for (const char *p = text;; p++) {
        bool end = *p == '\0' || ((*p == '.' || *p == '!' || *p == '?') && (p[1] == ' ' || p[1] == '\n' || p[1] == '\0'));
        bool blank = *p == ' ' || *p == '\n' || *p == '\t' || end;
        if (!blank && !in_word)
            words++;
        in_word = !blank;
        if (end && words > SENTENCE_WORDS)
            say(l, DIAG_WARNING, c, "why has a sentence of %zu words: more than %d are hard to read", words, SENTENCE_WORDS);
        if (end)
            words = 0;
        if (*p == '\0')
            return;
    }
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Two capitals or more make an acronym: EHR, PCs, SNMPv3. Its capitals are looked up, with a plural's s or a version behind them left out. */
static bool acronym_of(const char *p, size_t len, char *out, size_t size)
{
    size_t n = 0, capitals = 0;
    while (n < len && n + 1 < size && (upper(p[n]) || (p[n] >= '0' && p[n] <= '9'))) {
        out[n] = p[n];
        capitals += upper(p[n]);
        n++;
    }
    out[n] = '\0';
    return capitals >= 2;
}

static bool expanded_here(const char *text, const char *acronym)
{
    char *in_brackets = xasprintf("(%s", acronym);
    bool yes = strstr(text, in_brackets) != NULL;
    free(in_brackets);
    return yes;
}

static void lint_acronyms(const struct lint *l, const struct check *c, const char *name, const char *text)
{
    char word[32];
    for (const char *p = text; *p != '\0';) {
        size_t n = 0;
        while (letter(p[n]) || (n > 0 && p[n] >= '0' && p[n] <= '9'))
            n++;
        if (n == 0) {
            p++;
            continue;
        }
        if (acronym_of(p, n, word, sizeof(word)) && l->glossary != NULL && yaml_get(l->glossary, word) == NULL && !expanded_here(text, word))
            say(l, DIAG_WARNING, c, "%s says %s, which is neither expanded there nor in the glossary", name, word);
        p += n;
    }
}

/* --- conditions that hide what is not known --------------------------------------------------------------------------- */

static void hides(const struct lint *l, const struct check *c, const char *part, const char *what)
{
    say(l, DIAG_WARNING, c, "%s uses %s, which makes true or false of what is not known; if that is meant, say so with null_ok: REASON", part, what);
}

static void lint_hiding(const struct lint *l, const struct check *c, const char *part, const char *text)
{
    size_t pos = 0;
    struct token last = { 0 };
    if (text == NULL || c->null_ok != NULL)
        return;
    for (;;) {
        struct token t = token_next(text, &pos);
        size_t ahead = pos;
        struct token next = token_next(text, &ahead);
        if (t.kind == TOKEN_END || t.kind == TOKEN_BAD)
            return;
        bool call = next.kind == TOKEN_OPEN;
        if (call && (token_is(&t, "coalesce") || token_is(&t, "ifnull") || token_is(&t, "count")))
            hides(l, c, part, token_is(&t, "count") ? "count()" : token_is(&t, "ifnull") ? "ifnull()" : "coalesce()");
        if (token_is(&last, "is") && token_is(&t, "not"))
            hides(l, c, part, "IS NOT");
        if (token_is(&last, "not") && (token_is(&t, "exists") || token_is(&t, "in")))
            hides(l, c, part, token_is(&t, "in") ? "NOT IN" : "NOT EXISTS");
        last = t;
    }
}

/* --- references and dependencies -------------------------------------------------------------------------------------- */

/* A line "scheme TAB id TAB": the id itself, or one below it: 164.308(a)(1) has 164.308(a)(1)(i). */
static bool cited(const struct lint *l, const char *scheme, const char *id)
{
    char *whole = xasprintf("\n%s\t%s\t", scheme, id), *below = xasprintf("\n%s\t%s(", scheme, id);
    bool yes = strstr(l->citations, whole) != NULL || strstr(l->citations, below) != NULL;
    free(whole);
    free(below);
    return yes;
}

static bool has_scheme(const struct lint *l, const char *scheme)
{
    char *start = xasprintf("\n%s\t", scheme);
    bool yes = strstr(l->citations, start) != NULL;
    free(start);
    return yes;
}

static void lint_refs(const struct lint *l, const struct check *c)
{
    for (size_t i = 0; l->citations != NULL && i < c->n_refs; i++)
        for (size_t k = 0; has_scheme(l, c->refs[i].scheme) && k < c->refs[i].n; k++)
            if (!cited(l, c->refs[i].scheme, c->refs[i].ids[k]))
                say(l, DIAG_ERROR, c, "refs: %s has no '%.40s'", c->refs[i].scheme, c->refs[i].ids[k]);
}

enum colour { WHITE, GREY, BLACK };

/* A checklist of one's own may rest on a check that is shipped in another. */
static bool is_shipped(struct lint *l, const char *id)
{
    struct diags ignored = DIAGS_INIT;
    if (!l->asked_shipped)
        l->shipped = checklists_load_shipped(&ignored);
    l->asked_shipped = true;
    diags_clear(&ignored);
    return l->shipped != NULL && checklists_find(l->shipped, id) != NULL;
}

/* Depth first; the way back to a grey check is a circle. Recursion is as deep as the longest chain, which the loader's CHECKS_MAX bounds. */
static void visit(struct lint *l, size_t at, unsigned char *colour)
{
    const struct check *c = &l->c->checks[at];
    colour[at] = GREY;
    for (size_t i = 0; i < c->n_depends; i++) {
        const struct check *on = checklists_find(l->c, c->depends[i]);
        size_t k = on != NULL ? (size_t)(on - l->c->checks) : 0;
        if (on == NULL) {
            if (!is_shipped(l, c->depends[i]))
                say(l, DIAG_WARNING, c, "depends on %.60s, which is neither among these checks nor among the shipped ones", c->depends[i]);
        } else if (colour[k] == GREY)
            say(l, DIAG_ERROR, c, "depends on %s, which depends on it in turn", on->id);
        else if (colour[k] == WHITE)
            visit(l, k, colour);
    }
    colour[at] = BLACK;
}

/* --- data files ------------------------------------------------------------------------------------------------------- */

static char *read_data(const char *name, char **path)
{
    struct buf b = BUF_INIT(YAML_MAX_BYTES);
    *path = path_join(data_dir(), name);
    char *out = file_read(*path, b.max, &b) == 0 ? buf_take(&b) : NULL;
    buf_clear(&b);
    return out;
}

void lint_texts(const struct checklists *c, struct diags *diags)
{
    struct lint l = { .c = c, .diags = diags };
    struct arena *arena = arena_new();
    char *path = NULL, *citations = NULL;
    char *glossary = read_data("data/glossary.yaml", &path);
    if (glossary != NULL)
        l.glossary = yaml_parse(arena, path, glossary, strlen(glossary), diags);
    free(path);
    l.citations = citations = read_data("data/citations.tsv", &path);
    if (glossary == NULL || citations == NULL)
        diag_add(diags, DIAG_NOTE, path, 0, 0, "the shipped glossary or citations are not installed: acronyms and references are not checked");
    free(path);
    unsigned char *colour = xcalloc(c->n_checks + 1, 1);
    for (size_t i = 0; i < c->n_checks; i++) {
        const struct check *one = &c->checks[i];
        lint_missing(&l, one);
        lint_refs(&l, one);
        lint_hiding(&l, one, "pass", one->pass);
        lint_hiding(&l, one, "query", one->query);
        if (one->why != NULL) {
            lint_sentences(&l, one, one->why);
            lint_acronyms(&l, one, "why", one->why);
        }
        if (one->title != NULL)
            lint_acronyms(&l, one, "title", one->title);
        if (colour[i] == WHITE)
            visit(&l, i, colour);
    }
    checklists_free(l.shipped);
    free(colour);
    free(citations);
    free(glossary);
    arena_free(arena);
}
