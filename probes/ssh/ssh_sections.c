/* Cuts the script's output at its marker lines. Runs in workers on hostile bytes; borrows throughout.
 * A marker is a line of its own: NONCE begin NAME, or NONCE end NAME STATUS. The nonce is new for every job, so that what a
 * file or a mount point contains cannot open a section. */
#include "probes/ssh/ssh_parse.h"

struct marker {
    bool begin;
    struct span name;
    int exit;
};

static bool marker_parse(struct span line, const char *nonce, struct marker *m)
{
    struct span word, rest = line;
    uint64_t status = 0;
    if (!span_token(&rest, &word) || !span_is(word, nonce) || word.p != line.p || !span_token(&rest, &word))
        return false;
    m->begin = span_is(word, "begin");
    if (!m->begin && !span_is(word, "end"))
        return false;
    if (!span_token(&rest, &m->name))
        return false;
    if (!m->begin && (!span_token(&rest, &word) || !span_u64(word, &status) || status > 255))
        return false;
    m->exit = (int)status;
    return span_trim(rest).len == 0;
}

static struct ssh_section *section_open(struct ssh_output *o, struct span name)
{
    for (size_t i = 0; i < o->n; i++)
        if (o->v[i].name.len == name.len && memcmp(o->v[i].name.p, name.p, name.len) == 0) {
            o->repeated = true;
            return NULL;
        }
    if (o->n == SSH_SECTIONS_MAX)
        return NULL;
    struct ssh_section *s = &o->v[o->n++];
    *s = (struct ssh_section){ .name = name, .body = SPAN_NONE };
    return s;
}

/* The body runs from start to the marker line at stop; the script prints a newline of its own before each marker. */
static struct span body_between(const char *start, const char *stop)
{
    size_t len = (size_t)(stop - start);
    if (len > 0 && start[len - 1] == '\n')
        len--;
    return (struct span){ .p = start, .len = len };
}

void ssh_output_split(const char *p, size_t len, const char *nonce, struct ssh_output *out)
{
    struct span rest = { .p = len ? p : "", .len = len }, line;
    struct ssh_section *open = NULL;
    bool seen = false;
    memset(out, 0, sizeof(*out));
    out->noise = rest;
    while (span_line(&rest, &line)) {
        struct marker m;
        if (!marker_parse(line, nonce, &m))
            continue;
        if (!seen)
            out->noise = (struct span){ .p = out->noise.p, .len = (size_t)(line.p - out->noise.p) };
        seen = true;
        if (m.begin) {
            open = section_open(out, m.name);
            if (open)
                open->body = rest;
        } else if (open && open->name.len == m.name.len && memcmp(open->name.p, m.name.p, m.name.len) == 0) {
            open->body = body_between(open->body.p, line.p);
            open->exit = m.exit;
            open->ended = true;
            out->finished = out->finished || span_is(m.name, "finish");
            open = NULL;
        }
    }
}

const struct ssh_section *ssh_output_find(const struct ssh_output *o, const char *name)
{
    for (size_t i = 0; i < o->n; i++)
        if (span_is(o->v[i].name, name))
            return &o->v[i];
    return NULL;
}
