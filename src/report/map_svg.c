/* The map as SVG: dot lays it out, and what it writes is looked through before it may stand in a page of ours. dot is a program of this
 * machine, but the texts in its output are strangers': only what draws passes. */
#include "report/map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "base/mem.h"
#include "base/program.h"
#include "base/text.h"
#include "report/parts.h"

#define DOT_MAX (8U << 20)
#define SVG_MAX (32U << 20)
#define DOT_MS 60000

/* Text between tags. */
static void xml_text(struct buf *out, const char *s)
{
    struct buf safe = BUF_INIT(DOT_MAX);
    text_clean(&safe, s, strlen(s));
    for (const char *p = buf_str(&safe); *p != '\0'; p++) {
        if (*p == '<')
            buf_puts(out, "&lt;");
        else if (*p == '>')
            buf_puts(out, "&gt;");
        else if (*p == '&')
            buf_puts(out, "&amp;");
        else
            buf_putc(out, *p);
    }
    buf_clear(&safe);
}

/* A tag without < and >: one that only draws, with attributes that neither run nor load anything. */
static bool tag_is_harmless(const char *p, size_t len)
{
    static const char *const names[] = { "svg", "g", "title", "polygon", "polyline", "path", "ellipse", "text", "tspan", "defs", "linearGradient", "stop" };
    static const char *const attributes[] = { "on", "href", "xlink:", "style", "src" };
    size_t at = len > 0 && p[0] == '/', end = at;
    bool known = false;
    while (end < len && strchr(" \n\t/", p[end]) == NULL)
        end++;
    for (size_t i = 0; i < N_ELEMENTS(names); i++)
        known = known || (strlen(names[i]) == end - at && memcmp(p + at, names[i], end - at) == 0);
    bool quoted = false;
    for (size_t i = end; known && i < len; i++) {
        quoted = quoted != (p[i] == '"');
        if (quoted || strchr(" \n\t", p[i]) == NULL)
            continue;
        for (size_t k = 0; k < N_ELEMENTS(attributes); k++)
            if (len - i - 1 >= strlen(attributes[k]) && memcmp(p + i + 1, attributes[k], strlen(attributes[k])) == 0)
                return false;
    }
    return known && !quoted;
}

/* The text for a tag's id: "n3" is a node, "e5" a link. NULL: neither. Owned. */
static char *title_of(const struct map *m, const char *tag, size_t len)
{
    const char *id = memmem(tag, len, "id=\"", 4);
    struct buf text = BUF_INIT(65536);
    if (id == NULL || (id[4] != 'n' && id[4] != 'e'))
        return NULL;
    size_t n = (size_t)strtoul(id + 5, NULL, 10);
    if (id[5] < '0' || id[5] > '9' || n >= (id[4] == 'n' ? m->n_nodes : m->n_links))
        return NULL;
    if (id[4] == 'n')
        map_node_text(&m->nodes[n], &text);
    else
        map_link_text(m, &m->links[n], &text);
    return buf_take(&text);
}

static void head_put(const struct map *m, const char *title, const char *tag, size_t len, struct buf *out)
{
    struct buf words = BUF_INIT(DOT_MAX);
    map_describe(m, &words);
    buf_putc(out, '<');
    buf_append(out, tag, len);
    buf_puts(out, " role=\"img\">\n<title>");
    xml_text(out, title);
    buf_puts(out, "</title>\n<desc>");
    xml_text(out, buf_str(&words));
    buf_puts(out, "</desc>\n");
    buf_clear(&words);
}

int map_svg_finish(const struct map *m, const char *title, const char *svg, size_t len, struct buf *out)
{
    const char *end = svg + len, *p = memmem(svg, len, "<svg", 4);
    char *said = NULL;
    bool skip = false, head = true, ok = p != NULL;
    while (ok && p < end) {
        const char *open = memchr(p, '<', (size_t)(end - p)), *close = open == NULL ? NULL : memchr(open, '>', (size_t)(end - open));
        if (!skip)
            buf_append(out, p, (size_t)((open != NULL ? open : end) - p));
        if (open == NULL)
            break;
        if ((size_t)(end - open) > 4 && memcmp(open, "<!--", 4) == 0) {          /* comments repeat names: left out */
            close = memmem(open, (size_t)(end - open), "-->", 3);
            ok = close != NULL;
            p = ok ? close + 3 : end;
            continue;
        }
        size_t tag = close == NULL ? 0 : (size_t)(close - open - 1);
        ok = close != NULL && tag_is_harmless(open + 1, tag);
        if (!ok)
            break;
        bool title_begins = tag == 5 && memcmp(open + 1, "title", 5) == 0, title_ends = tag == 6 && memcmp(open + 1, "/title", 6) == 0;
        if (tag > 1 && open[1] == 'g' && open[2] == ' ') {
            free(said);
            said = title_of(m, open + 1, tag);
        }
        if (head)
            head_put(m, title, open + 1, tag, out);
        else if (title_begins && said != NULL) {
            buf_puts(out, "<title>");
            xml_text(out, said);
            buf_puts(out, "</title>");
        } else if (!title_begins && !title_ends)
            buf_append(out, open, tag + 2);
        skip = title_begins;         /* dot's own titles are its names of things */
        head = false;
        p = close + 1;
    }
    free(said);
    return ok && !out->overflow ? 0 : ERR_FORMAT;
}

/* --- the report's door --------------------------------------------------------------------------------------------------- */

static char *title_text(const struct report *r)
{
    struct buf run = BUF_INIT(1024);
    run_text(r, &run);
    char *title = xasprintf("%s: how the network is connected, %s", report_title(r), buf_str(&run));
    buf_clear(&run);
    return title;
}

static int make(struct store *s, const struct report *r, struct map *m)
{
    struct map_facts f;
    int err = map_facts_load(s, r, &f);
    if (err != 0)
        return err;
    map_make(&f, m);
    map_facts_free(&f);
    return 0;
}

int report_map_dot(struct store *s, const struct report *r, struct buf *out)
{
    struct map m = { .arena = NULL };
    int err = make(s, r, &m);
    char *title = title_text(r);
    if (err == 0)
        map_dot(&m, title, out);
    free(title);
    map_free(&m);
    return err;
}

static int lay_out(const struct buf *dot, struct buf *svg, char **why)
{
    static const char *const argv[] = { "dot", "-Tsvg", NULL };
    static char path[] = "PATH=" PROGRAM_PATH, lang[] = "LANG=C.UTF-8";
    char *const env[] = { path, lang, NULL };
    int status = 0, err = program_run(argv, env, dot->data, dot->len, DOT_MS, svg, &status);
    if (err == -ENOENT)
        *why = xstrdup("Graphviz, which lays the map out, is not installed: install the package graphviz, or take --format dot to another machine");
    else if (err == -ETIMEDOUT)
        *why = xstrdup("Graphviz (dot) did not finish within a minute; --format dot gives what it was asked to draw");
    else if (err != 0)
        *why = xasprintf("Graphviz (dot) cannot be run: %s", err_text(err));
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        *why = xstrdup("Graphviz (dot) could not draw the map; --format dot gives what it was asked to draw");
    return *why == NULL ? 0 : err != 0 ? err : ERR_FORMAT;
}

int report_map_svg(struct store *s, const struct report *r, struct buf *out, char **why)
{
    struct map m = { .arena = NULL };
    struct buf dot = BUF_INIT(DOT_MAX), svg = BUF_INIT(SVG_MAX);
    char *title = title_text(r);
    *why = NULL;
    int err = make(s, r, &m);
    if (err == 0)
        map_dot(&m, title, &dot);
    if (err == 0 && dot.overflow)
        err = ERR_LIMIT;
    if (err == 0)
        err = lay_out(&dot, &svg, why);
    if (err == 0 && (err = map_svg_finish(&m, title, buf_str(&svg), svg.len, out)) != 0)
        *why = xstrdup("what Graphviz (dot) wrote is not a plain drawing, and was refused");
    free(title);
    buf_clear(&dot);
    buf_clear(&svg);
    map_free(&m);
    return err;
}
