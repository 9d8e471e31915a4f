/* requests.yaml: what was asked of others and what came of it. Read from the folder or from a run's pinned inputs; written by `preop request`. Parent only;
 * input is a user's file. */
#include "site/load.h"
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/path.h"
#include "site/yaml_put.h"

#define MAX_NUMBER 1000000

static const char *const state_names[REQUEST_STATES] = {
    [REQUEST_OPEN] = "open", [REQUEST_PROMISED] = "promised", [REQUEST_RECEIVED] = "received", [REQUEST_REFUSED] = "refused",
};

const char *request_state_name(enum request_state s)
{
    return state_names[s];
}

bool request_state_parse(const char *text, enum request_state *out)
{
    for (int i = 0; i < REQUEST_STATES; i++) {
        if (strcmp(text, state_names[i]) == 0) {
            *out = (enum request_state)i;
            return true;
        }
    }
    return false;
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */

static void load_step(const struct yaml_in *in, const struct yaml_node *node, struct request_step *out)
{
    static const char *const keys[] = { "state", "on", "by", "note" };
    int state = 0;

    if (!yaml_want(in, node, YAML_MAP, "a step of a request"))
        return;
    yaml_known_keys(in, node, "a step of a request", keys, N_ELEMENTS(keys));
    if (yaml_choice(in, yaml_need(in, node, "a step of a request", "state"), "state", state_names, REQUEST_STATES, &state))
        out->state = (enum request_state)state;
    (void)yaml_date(in, yaml_need(in, node, "a step of a request", "on"), "on", &out->on);
    load_line(in, node, "by", SITE_MAX_NAME, &out->by);
    load_line(in, node, "note", SITE_MAX_PROSE, &out->note);
}

static void load_request(const struct yaml_in *in, const struct yaml_node *node, struct site_request *r)
{
    static const char *const keys[] = { "number", "key", "what", "asked_of", "asked", "steps" };

    *r = (struct site_request){ .line = node->line };
    if (!yaml_want(in, node, YAML_MAP, "a request"))
        return;
    yaml_known_keys(in, node, "a request", keys, N_ELEMENTS(keys));
    (void)yaml_int(in, yaml_need(in, node, "a request", "number"), "number", 1, MAX_NUMBER, &r->number);
    (void)yaml_line(in, yaml_need(in, node, "a request", "key"), "key", SITE_MAX_PROSE, &r->key);
    (void)yaml_line(in, yaml_need(in, node, "a request", "what"), "what", SITE_MAX_PROSE, &r->what);
    (void)yaml_line(in, yaml_need(in, node, "a request", "asked_of"), "asked_of", SITE_MAX_NAME, &r->asked_of);
    (void)yaml_date(in, yaml_need(in, node, "a request", "asked"), "asked", &r->asked);
    const struct yaml_node *steps = load_list(in, yaml_get(node, "steps"), "steps", SITE_MAX_LIST);
    if (steps == NULL)
        return;
    r->steps = arena_array(in->arena, steps->n + 1, sizeof(*r->steps));
    for (size_t i = 0; i < steps->n; i++)
        load_step(in, steps->items[i], &r->steps[r->n_steps++]);
}

static void refuse_twins(const struct yaml_in *in, const struct yaml_node *node, const struct site *s, const struct site_request *r)
{
    for (size_t i = 0; i < s->n_requests; i++) {
        if (s->requests[i].number == r->number)
            yaml_error(in, node, "number %d stands in requests.yaml twice; first in line %d", (int)r->number, s->requests[i].line);
        else if (strcmp(s->requests[i].key, r->key) == 0)
            yaml_error(in, node, "'%.60s' stands in requests.yaml twice; first in line %d", r->key, s->requests[i].line);
    }
}

static int by_number(const void *a, const void *b)
{
    const struct site_request *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

void load_requests(const struct yaml_in *in, const struct yaml_node *root, struct site *s)
{
    const struct yaml_node *list = load_list(in, root, "requests.yaml", SITE_MAX_RECORDS);

    if (list == NULL)
        return;
    s->requests = arena_array(in->arena, list->n + 1, sizeof(*s->requests));
    for (size_t i = 0; i < list->n; i++) {
        struct site_request *r = &s->requests[s->n_requests];
        load_request(in, list->items[i], r);
        if (r->key == NULL || r->number == 0)
            continue;
        refuse_twins(in, list->items[i], s, r);
        s->n_requests++;
    }
    qsort(s->requests, s->n_requests, sizeof(*s->requests), by_number);
}

const struct site_request *site_request_of(const struct site *s, const char *key)
{
    for (size_t i = 0; i < s->n_requests; i++) {
        if (strcmp(s->requests[i].key, key) == 0)
            return &s->requests[i];
    }
    return NULL;
}

const struct request_step *site_request_standing(const struct site_request *r)
{
    return r->n_steps > 0 ? &r->steps[r->n_steps - 1] : NULL;
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

static void put_field(struct buf *out, const char *before, const char *s)
{
    if (s == NULL || s[0] == '\0')
        return;
    buf_puts(out, before);
    yaml_put_scalar(out, s);
}

static void put_date(struct buf *out, const char *before, int64_t t)
{
    char day[DATE_LEN];

    date_format(t, day);
    buf_printf(out, "%s%s", before, day);
}

static void put_request(struct buf *out, const struct site_request *r)
{
    buf_printf(out, "- number: %d\n", (int)r->number);
    put_field(out, "  key: ", r->key);
    put_field(out, "\n  what: ", r->what);
    put_field(out, "\n  asked_of: ", r->asked_of);
    put_date(out, "\n  asked: ", r->asked);
    buf_puts(out, r->n_steps > 0 ? "\n  steps:\n" : "\n");
    for (size_t i = 0; i < r->n_steps; i++) {
        buf_printf(out, "    - {state: %s", request_state_name(r->steps[i].state));
        put_date(out, ", on: ", r->steps[i].on);
        put_field(out, ", by: ", r->steps[i].by);
        put_field(out, ", note: ", r->steps[i].note);
        buf_puts(out, "}\n");
    }
}

int site_requests_write(const char *dir, const struct site_request *v, size_t n)
{
    struct buf out = BUF_INIT(YAML_MAX_BYTES);
    char *path = path_join(dir, "requests.yaml");

    buf_puts(&out, "# What was asked of others, under numbers that never change: `preop request` writes this.\n");
    for (size_t i = 0; i < n; i++)
        put_request(&out, &v[i]);
    int err = out.overflow ? ERR_LIMIT : file_write_atomic(path, out.data, out.len, 0600);
    buf_clear(&out);
    free(path);
    return err;
}
