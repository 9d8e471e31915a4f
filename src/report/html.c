/* The report as one self-contained HTML page: no script, nothing loaded, a policy that forbids both. Parent; everything that came from a clinic is text, because
 * html() makes it so. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "report/html_parts.h"
#include "report/parts.h"

#define STYLE_MAX (64 * 1024)

/* The report's order: what is read by everybody first, what only IT reads last. */
static const struct { const char *id, *title; void (*put)(struct html_page *p); } sections[] = {
    { "first", "First page", html_front },
    { "means", "For patients and staff", html_means },
    { "changes", "What changed", html_changes },
    { "domains", "Domains", html_domains },
    { "trend", "Trend", html_trend },
    { "plan", "Work and dates", html_plan },
    { "network", "The network", html_network },
    { "systems", "Systems, contracts, lines", html_sheets },
    { "collisions", "Collisions with our other sites", html_collisions },
    { "unknown", "Unknown", html_unknown },
    { "requests", "Requests", html_requests },
    { "accepted", "Accepted and decided", html_accepted },
    { "realised", "What decisions came to", html_realised },
    { "checks", "Every check", html_checks },
    { "asked", "What was asked", html_asked },
    { "rests", "What it rests on", html_rests },
    { "glossary", "Words", html_glossary },
};

/* --- pieces for all sections --- */

void html_status(struct html *h, const char *status)
{
    static const struct { const char *status, *class, *sign; } looks[] = {
        { "GO", "v-good", "\xe2\x9c\x93" }, { "CONDITIONAL", "v-warn", "!" }, { "UNPROVEN", "v-warn", "?" }, { "NO-GO", "v-bad", "\xe2\x9c\x95" },
        { "pass", "v-good", "\xe2\x9c\x93" }, { "fail", "v-bad", "\xe2\x9c\x95" }, { "unknown", "v-warn", "?" }, { "accepted", "v-warn", "!" },
    };
    for (size_t i = 0; i < N_ELEMENTS(looks); i++)
        if (strcmp(looks[i].status, status) == 0) {
            html(h, "<span class=\"v %s\"><span aria-hidden=\"true\">%s</span> %s</span>", looks[i].class, looks[i].sign, status);
            return;
        }
    html(h, "<span class=\"v v-none\">%s</span>", status);
}

bool html_is_left_out(struct html_page *p, unsigned matter)
{
    size_t i = 0;
    if (!(p->r->left_out & matter))
        return false;
    html(&p->h, "<p class=\"dim\">Left out for this reader: %s.</p>\n", matter_text(matter, &i));
    return true;
}

void html_table_begin(struct html *h, const char *label)
{
    html(h, "<div class=\"scroll\" role=\"region\" aria-label=\"%s\" tabindex=\"0\"><table>\n", label);
}

void html_table_end(struct html *h)
{
    html(h, "</table></div>\n");
}

void html_bar(struct html *h, int64_t low, int64_t high)
{
    long from = (long)(low / (SCORE_ONE / 1000)), to = (long)(high / (SCORE_ONE / 1000));
    html(h, "<svg class=\"bar\" viewBox=\"0 0 1000 90\" width=\"144\" height=\"14\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
            "<rect class=\"maybe\" fill=\"#a9c4df\" x=\"%ld\" y=\"25\" width=\"%ld\" height=\"40\"/><rect class=\"proven\" fill=\"#2d6aa6\" x=\"0\" y=\"0\" width=\"%ld\" height=\"90\"/></svg>",
         from, to - from, from);
}

/* --- the frame --- */

/* The style sheet's hash is the only style that the page's policy allows; everything that could load or run is off. */
static void put_head(struct html_page *p, const char *title)
{
    struct buf style = BUF_INIT(STYLE_MAX);
    uint8_t digest[SHA256_LEN];
    char hash[4 * ((SHA256_LEN + 2) / 3) + 1];
    for (size_t i = 0; html_style[i]; i++)
        buf_puts(&style, html_style[i]);
    html_style_marking(p->marking, &style);
    struct sha256 *s = sha256_new();
    sha256_add(s, style.data, style.len);
    sha256_end(s, digest);
    base64_encode(digest, sizeof(digest), hash);
    html(&p->h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
                "<meta name=\"robots\" content=\"noindex\">\n<title>%s: technology readiness</title>\n<style>", hash, title);
    html_raw(&p->h, buf_str(&style));
    html(&p->h, "</style>\n</head>\n");
    buf_clear(&style);
}

static void put_left_out(struct html_page *p)
{
    const char *what;
    size_t i = 0, n = 0;
    if (!p->r->left_out)
        return;
    html(&p->h, "<p class=\"dim\">Left out for this reader: ");
    while ((what = matter_text(p->r->left_out, &i)))
        html(&p->h, "%s%s", n++ ? "; " : "", what);
    html(&p->h, ".</p>\n");
}

static void put_header(struct html_page *p, const char *title)
{
    struct buf run = BUF_INIT(256);
    const struct report *r = p->r;
    run_text(r, &run);
    html(&p->h, "<body>\n<a class=\"skip\" href=\"#main\">Skip to the first page</a>\n<header>\n<p class=\"mark\">%s</p>\n<h1>%s: technology readiness</h1>\n"
                "<p class=\"dim\">%s%s%s%s</p>\n", p->marking, title, r->audience ? "For " : "", r->audience ? r->audience->title : "", r->audience ? "; " : "", buf_str(&run));
    if (r->run.partial)
        html(&p->h, "<p><strong>This run asked only a part: %s.</strong> The rest is carried from earlier runs.</p>\n", r->run.narrowed[0] ? r->run.narrowed : "not said which");
    put_left_out(p);
    html(&p->h, "</header>\n<nav aria-label=\"Contents\"><ol>\n");
    for (size_t i = 0; i < N_ELEMENTS(sections); i++)
        html(&p->h, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id, sections[i].title);
    html(&p->h, "</ol></nav>\n<main id=\"main\">\n");
    buf_clear(&run);
}

static void put_sections(struct html_page *p)
{
    for (size_t i = 0; i < N_ELEMENTS(sections); i++) {
        bool first = i == 0, appendix = sections[i].put == html_checks;
        html(&p->h, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n", sections[i].id, sections[i].id);
        if (appendix)
            html(&p->h, "<p class=\"appendix dim\">Appendix, for those who run the technology.</p>\n");
        html(&p->h, "<h2 id=\"%s-h\">%s</h2>\n", sections[i].id, first ? "Asked today" : sections[i].title);
        sections[i].put(p);
        html(&p->h, "</section>\n");
    }
}

int report_html(const struct report *r, const char *ask, FILE *out, char **why)
{
    struct front *f = front_new(r, ask, why);
    if (!f)
        return ERR_NOT_FOUND;
    char *marking = report_marking(r);
    struct html_page p = { .r = r, .f = f, .marking = marking };
    const char *title = report_title(r);
    html_init(&p.h, out);
    put_head(&p, title);
    put_header(&p, title);
    put_sections(&p);
    html(&p.h, "</main>\n<footer>\n<p class=\"mark\">%s</p>\n<p class=\"dim\">Run %ld%s<code>%s</code>. Made by preop %s.</p>\n</footer>\n</body>\n</html>\n", marking, (long)r->run.id,
         r->run.seal[0] ? ", seal " : ", not sealed", r->run.seal, r->run.version);
    html_clear(&p.h);
    free(marking);
    front_free(f);
    return 0;
}
