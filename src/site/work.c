/* What people decided of a work item and say of it: remedies of decisions.yaml, and work.yaml. Parent only; input is a user's file. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/path.h"
#include "site/load.h"

static const char *const remedy_names[REMEDY_COUNT] = { "undecided", "seller-fixes", "price", "escrow", "tsa", "we-fix", "accept" };

const char *remedy_name(enum remedy_kind r)
{
    return remedy_names[r < REMEDY_COUNT ? r : REMEDY_UNDECIDED];
}

static const char *const status_names[WORK_STATUS_COUNT] = { "", "open", "ordered", "in-progress", "blocked", "done" };

const char *work_status_name(enum work_status s)
{
    return status_names[s < WORK_STATUS_COUNT ? s : WORK_STATUS_NONE];
}

bool work_status_parse(const char *text, enum work_status *out)
{
    for (size_t i = 0; i < WORK_STATUS_COUNT; i++) {
        if (strcmp(status_names[i], text) == 0) {
            *out = (enum work_status)i;
            return true;
        }
    }
    return false;
}

/* --- remedies of a decision ------------------------------------------------------------------------------------------- */

static bool load_amount(const struct yaml_in *in, const struct yaml_node *map, const char *key, double max, double *out)
{
    return yaml_real(in, yaml_get(map, key), key, 0, max, out);
}

static void load_remedy(const struct yaml_in *in, const struct yaml_node *node, struct remedy *r)
{
    static const char *const keys[] = { "item", "remedy", "note", "amount", "actual_cost", "actual_days" };
    int which = 0;

    if (!yaml_want(in, node, YAML_MAP, "a remedy"))
        return;
    yaml_known_keys(in, node, "a remedy", keys, N_ELEMENTS(keys));
    r->at_item = load_place(yaml_get(node, "item"));
    (void)yaml_line(in, yaml_need(in, node, "a remedy", "item"), "item", SITE_MAX_NAME, &r->item);
    if (yaml_choice(in, yaml_need(in, node, "a remedy", "remedy"), "remedy", &remedy_names[1], REMEDY_COUNT - 1, &which))
        r->remedy = (enum remedy_kind)(which + 1);
    load_prose(in, node, "note", &r->note);
    r->has_amount = load_amount(in, node, "amount", 1e12, &r->amount);
    r->has_actual_cost = load_amount(in, node, "actual_cost", 1e12, &r->actual_cost);
    r->has_actual_days = load_amount(in, node, "actual_days", 1e6, &r->actual_days);
}

void load_remedies(const struct yaml_in *in, const struct yaml_node *node, struct decision *d)
{
    const struct yaml_node *list = load_list(in, node, "remedies", SITE_MAX_LIST);

    if (list == NULL)
        return;
    d->remedies = arena_array(in->arena, list->n + 1, sizeof(*d->remedies));
    for (size_t i = 0; i < list->n; i++) {
        struct remedy *r = &d->remedies[d->n_remedies];
        load_remedy(in, list->items[i], r);
        for (size_t k = 0; r->item != NULL && k < d->n_remedies; k++) {
            if (strcmp(d->remedies[k].item, r->item) == 0)
                yaml_error(in, list->items[i], "'%.60s' has two remedies in one decision", r->item);
        }
        d->n_remedies += r->item != NULL;
    }
}

const struct remedy *site_remedy(const struct site *s, const char *item, const char *fix)
{
    const struct remedy *found = NULL;
    int64_t date = 0;

    for (size_t i = 0; i < s->n_decisions; i++) {
        const struct decision *d = &s->decisions[i];
        for (size_t k = 0; k < d->n_remedies; k++) {
            const struct remedy *r = &d->remedies[k];
            bool names_it = strcmp(r->item, item) == 0 || strcmp(r->item, fix) == 0;
            if (!names_it || (found != NULL && d->date < date))
                continue;
            found = r;
            date = d->date;
        }
    }
    return found;
}

/* --- work.yaml -------------------------------------------------------------------------------------------------------- */

static void load_note(const struct yaml_in *in, const struct yaml_node *node, struct site_work *w)
{
    static const char *const keys[] = { "item", "owner", "due", "status", "ticket" };
    int status = 0;

    *w = (struct site_work){ .at = load_place(node) };
    if (!yaml_want(in, node, YAML_MAP, "an entry of work.yaml"))
        return;
    yaml_known_keys(in, node, "an entry of work.yaml", keys, N_ELEMENTS(keys));
    (void)yaml_line(in, yaml_need(in, node, "an entry of work.yaml", "item"), "item", SITE_MAX_NAME, &w->item);
    load_line(in, node, "owner", SITE_MAX_NAME, &w->owner);
    load_line(in, node, "ticket", SITE_MAX_NAME, &w->ticket);
    (void)yaml_date(in, yaml_get(node, "due"), "due", &w->due);
    if (yaml_choice(in, yaml_get(node, "status"), "status", &status_names[1], WORK_STATUS_COUNT - 1, &status))
        w->status = (enum work_status)(status + 1);
}

void load_work(const struct yaml_in *in, const struct yaml_node *root, struct site *s)
{
    const struct yaml_node *list = load_list(in, root, "work.yaml", SITE_MAX_RECORDS);

    if (list == NULL)
        return;
    s->work = arena_array(in->arena, list->n + 1, sizeof(*s->work));
    for (size_t i = 0; i < list->n; i++) {
        struct site_work *w = &s->work[s->n_work];
        load_note(in, list->items[i], w);
        for (size_t k = 0; w->item != NULL && k < s->n_work; k++) {
            if (strcmp(s->work[k].item, w->item) == 0)
                yaml_error(in, list->items[i], "'%.60s' stands in work.yaml twice; first in line %d", w->item, s->work[k].at.line);
        }
        s->n_work += w->item != NULL;
    }
}

const struct site_work *site_work_of(const struct site *s, const char *item, const char *fix)
{
    const struct site_work *by_fix = NULL;

    for (size_t i = 0; i < s->n_work; i++) {
        if (strcmp(s->work[i].item, item) == 0)
            return &s->work[i];
        if (strcmp(s->work[i].item, fix) == 0)
            by_fix = &s->work[i];
    }
    return by_fix;
}

/* --- writing it -------------------------------------------------------------------------------------------------------- */

static void put_text(struct buf *out, const char *key, const char *s)
{
    if (s == NULL || s[0] == '\0')
        return;
    buf_printf(out, ", %s: ", key);
    put_quoted(out, s);
}

int site_work_write(const char *dir, const struct site_work *v, size_t n)
{
    struct buf out = BUF_INIT(YAML_MAX_BYTES);
    char *path = path_join(dir, "work.yaml");

    buf_puts(&out, "# What those who do the work say of it: `preop roadmap --in FILE` writes this.\n");
    for (size_t i = 0; i < n; i++) {
        char due[DATE_LEN];
        date_format(v[i].due, due);
        buf_puts(&out, "- {item: ");
        put_quoted(&out, v[i].item);
        put_text(&out, "owner", v[i].owner);
        put_text(&out, "due", v[i].due != 0 ? due : NULL);
        put_text(&out, "status", work_status_name(v[i].status));
        put_text(&out, "ticket", v[i].ticket);
        buf_puts(&out, "}\n");
    }
    int err = out.overflow ? ERR_LIMIT : file_write_atomic(path, out.data, out.len, 0600);
    buf_clear(&out);
    free(path);
    return err;
}
