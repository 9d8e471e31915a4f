/* How the HTML report looks: light, dark, phone, paper. Colours keep a contrast of at least 4.5 to 1 on their ground in both themes (WCAG 2.2 AA). No rule fetches
 * anything. Drawings carry their light colours as attributes too, for printers that do not apply a page's rules to them. */
#include "report/html_parts.h"

#include <string.h>

#include "base/utf8.h"

const char *const html_style[] = {
    ":root{color-scheme:light dark;--bg:#fff;--ink:#1b2127;--dim:#56606a;--line:#c9d0d7;--soft:#f3f5f7;--link:#0a4f9c;--good:#0a6537;--bad:#a8201a;--warn:#7d4a00;--bar:#2d6aa6;--gap:#a9c4df}\n",
    "@media (prefers-color-scheme:dark){:root{--bg:#14181c;--ink:#e8ebee;--dim:#aeb6bf;--line:#414a53;--soft:#1e242a;--link:#8cbcff;--good:#74d6a0;--bad:#ff938a;--warn:#ffc773;--bar:#6aa8e6;--gap:#34506c}}\n",
    "*{box-sizing:border-box}\n",
    "body{margin:0;background-color:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,'Segoe UI','Liberation Sans','DejaVu Sans',Arial,sans-serif;overflow-wrap:anywhere}\n",
    "header,main,footer,nav{max-width:62rem;margin:0 auto;padding:0 1rem}\n",
    "header{padding-top:1rem}\n",
    ".mark{margin:0;font-weight:700;letter-spacing:.04em;color:var(--bad)}\n",
    "h1{font-size:1.7rem;line-height:1.2;margin:.3rem 0}\n",
    "h2{font-size:1.3rem;line-height:1.3;margin:2.2rem 0 .6rem;padding-top:.6rem;border-top:2px solid var(--line)}\n",
    "h3{font-size:1.05rem;line-height:1.35;margin:1.4rem 0 .3rem}\n",
    "p,ul,ol,dl{margin:.4rem 0}\n",
    ".dim{color:var(--dim)}\n",
    "a{color:var(--link);text-underline-offset:.15em}\n",
    "a:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}\n",
    ".skip{position:absolute;left:-100rem}\n",
    ".skip:focus{position:static;display:block;padding:.6rem 1rem}\n",
    "nav ol{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;margin:1rem 0;list-style:none}\n",
    "nav a{display:inline-block;padding:.2rem 0}\n",
    ".asked{border:2px solid var(--line);border-left-width:.5rem;border-radius:.3rem;padding:.8rem 1rem;margin:1rem 0;background-color:var(--soft)}\n",
    ".asked p{margin:.2rem 0}\n",
    ".asked .q{font-size:1.2rem;font-weight:700}\n",
    ".asked.v-bad{border-left-color:var(--bad)}.asked.v-warn{border-left-color:var(--warn)}.asked.v-good{border-left-color:var(--good)}\n",
    ".v{font-weight:700;white-space:nowrap}\n",
    ".v-good{color:var(--good)}.v-bad{color:var(--bad)}.v-warn{color:var(--warn)}.v-none{color:var(--dim)}\n",
    ".asked.v-good,.asked.v-bad,.asked.v-warn{color:var(--ink)}\n",
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}\n",
    "caption{text-align:left;color:var(--dim);padding:.2rem 0}\n",
    "th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line)}\n",
    "thead th{color:var(--dim);font-weight:600}\n",
    "tbody th{font-weight:600}\n",
    "td,th{overflow-wrap:break-word}tbody th{overflow-wrap:anywhere}\n",
    /* a first column that is broken letter by letter cannot be read: where a table may scroll it keeps a width */
    ".scroll tbody th{min-width:8.5rem}\n",
    "td ul{margin:0;padding-left:1.1rem}\n",
    ".what{display:block;font-weight:400;color:var(--dim)}\n",
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n",
    ".nw{white-space:nowrap}\n",
    ".scroll{overflow-x:auto;max-width:100%}\n",
    "ul.ticks{list-style:none;padding:0}\n",
    "ul.ticks li{padding:.15rem 0 .15rem 2rem;text-indent:-2rem}\n",
    ".box{display:inline-block;width:1.1em;height:1.1em;margin-right:.9rem;border:2px solid var(--ink);border-radius:.15rem;vertical-align:-.2em}\n",
    ".rule{display:inline-block;min-width:12rem;border-bottom:1px solid var(--ink)}\n",
    "dl.kv{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}\n",
    "dl.kv dt{color:var(--dim)}dl.kv dd{margin:0}\n",
    ".check{border-top:1px solid var(--line);margin-top:1rem}\n",
    ".check h3{margin-top:.7rem}\n",
    "code{font-family:ui-monospace,'Liberation Mono','DejaVu Sans Mono',Menlo,monospace;font-size:.92em}\n",
    "svg{max-width:100%;height:auto;display:block}\n",
    "svg.wide{min-width:44rem;max-width:none}\n",
    "svg.bar{width:9rem;min-width:6rem;height:.9rem}\n",
    "svg .ink{fill:var(--ink)}svg .dimfill{fill:var(--dim)}svg .grid{stroke:var(--line)}svg .proven{fill:var(--bar)}svg .maybe{fill:var(--gap)}svg .low{stroke:var(--bar)}svg .edge{stroke:var(--dim)}svg .soft{fill:var(--soft)}\n",
    "svg .good{fill:var(--good)}svg .bad{fill:var(--bad)}svg .warn{fill:var(--warn)}\n",
    "footer{margin-top:2.5rem;padding-bottom:2rem;border-top:2px solid var(--line)}\n",
    "@media (max-width:36rem){h1{font-size:1.4rem}dl.kv{grid-template-columns:1fr}dl.kv dd{margin-bottom:.4rem}"
    "table.stack,table.stack tbody,table.stack tr,table.stack th,table.stack td{display:block}table.stack thead{position:absolute;left:-100rem}"
    "table.stack tr{border-bottom:1px solid var(--line);padding:.4rem 0}table.stack th,table.stack td{border:0;padding:.05rem 0}"
    "table.stack .n{text-align:left}table.stack td[data-is]::before{content:attr(data-is) ': ';color:var(--dim)}}\n",
    "@media print{:root{color-scheme:light;--bg:#fff;--ink:#000;--dim:#444;--line:#999;--soft:#f4f4f4;--link:#000;--good:#0a5230;--bad:#8f1a15;--warn:#6b4000;--bar:#2d6aa6;--gap:#a9c4df}"
    "body{font-size:9.5pt;line-height:1.35}header,main,footer,nav{max-width:none;padding:0}nav,.skip{display:none}a{text-decoration:none}.scroll{overflow:visible}"
    "h1{font-size:16pt}h2{font-size:13pt}h2,h3,caption,thead{break-after:avoid}tr,.asked,ul.ticks li,svg{break-inside:avoid}thead{display:table-header-group}svg.wide{min-width:0;max-width:100%}"
    "header .mark{display:none}.asked{margin:.4rem 0;padding:.4rem .8rem}h2{margin:1rem 0 .3rem}#first h2{margin:.2rem 0}#first p,#first ul{margin:.15rem 0}"
    /* literal colours once more: WeasyPrint knows no variables in these */
    "h2{border-top:2px solid #999}.asked{border:2px solid #999;border-left-width:.5rem}.asked.v-bad{border-left-color:#8f1a15}.asked.v-warn{border-left-color:#6b4000}.asked.v-good{border-left-color:#0a5230}th,td{border-bottom:1px solid #999}.check{border-top:1px solid #999}.box{border:2px solid #000}.rule{border-bottom:1px solid #000}footer{border-top:2px solid #999}#first{break-after:page}.appendix{break-before:page}th,td{padding:.12rem .5rem .12rem 0}#first h3{margin:.6rem 0 .1rem}.scroll tbody th{min-width:26mm}}\n",
    NULL
};

/* Everything but plain letters, digits and blanks as an escape, which needs a blank behind it: nothing ends the string, the rule or the element. */
static void css_string(const char *s, struct buf *out)
{
    size_t len = strlen(s);
    buf_putc(out, '"');
    for (size_t i = 0; i < len;) {
        uint32_t cp = 0;
        size_t n = utf8_decode(s + i, len - i, &cp);
        bool plain = n == 1 && ((cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= '0' && cp <= '9') || cp == ' ');
        if (plain)
            buf_putc(out, (char)cp);
        else
            buf_printf(out, "\\%x ", n && cp ? (unsigned)cp : 0xfffdu);
        i += n ? n : 1;
    }
    buf_putc(out, '"');
}

void html_style_marking(const char *marking, struct buf *out)
{
    buf_puts(out, "@page{size:A4;margin:18mm 15mm 16mm;@top-left{content:");
    css_string(marking, out);
    buf_puts(out, ";font:700 9pt 'Liberation Sans','DejaVu Sans',Arial,sans-serif}@bottom-right{content:'page ' counter(page) ' of ' counter(pages);font:8pt 'Liberation Sans','DejaVu Sans',Arial,sans-serif}}\n");
}
