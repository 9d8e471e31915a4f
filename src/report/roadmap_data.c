/* The roadmap as CSV and as JSON. Parent. */
#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/realised_out.h"
#include "report/roadmap_out.h"

static const char *date_text(int64_t t, char out[DATE_LEN])
{
    out[0] = '\0';
    if (t)
        date_format(t, out);
    return out;
}

/* --- CSV --- */

static void put_text(struct buf *line, const char *s)
{
    buf_puts(line, line->len ? "," : "");
    text_csv_field(line, s ? s : "");
}

static void put_date(struct buf *line, int64_t t)
{
    char text[DATE_LEN];
    put_text(line, date_text(t, text));
}

static void put_pair(struct buf *line, const int64_t v[2], int64_t unit)
{
    for (int k = 0; k < 2; k++)
        buf_printf(line, unit == 100 ? ",%lld.%02lld" : ",%lld.%03lld", (long long)(v[k] / unit), (long long)(v[k] % unit));
}

/* What nobody said is empty, and no 0. */
static void put_number(struct buf *line, bool known, double v)
{
    buf_puts(line, ",");
    if (known)
        buf_printf(line, "%.15g", v);
}

static void csv_item(const struct roadmap_page *r, const struct roadmap_item *x, struct buf *line)
{
    const struct work_item *item = x->item;
    const struct site_work *note = item->note;
    put_text(line, item->id);
    put_text(line, note ? note->owner : NULL);
    put_date(line, note ? note->due : 0);
    put_text(line, note ? work_status_name(note->status) : NULL);
    put_text(line, note ? note->ticket : NULL);
    put_text(line, item->lead->title);
    put_text(line, item->gate >= 0 ? r->roadmap->work->milestones[item->gate].name : NULL);
    put_text(line, horizon_name(item->horizon));
    put_text(line, severity_name(item->severity));
    put_text(line, item->role);
    put_text(line, remedy_name(item->remedy));
    buf_printf(line, ",%zu,%lld", item->n_targets, (long long)item->subjects);
    put_text(line, roadmap_state_name(x->state));
    put_date(line, x->due);
    put_date(line, x->order_by);
    put_date(line, x->order_on);
    put_date(line, x->start);
    put_date(line, x->ready);
    put_text(line, x->too_late ? "yes" : "no");
    put_text(line, x->late ? "yes" : "no");
    put_pair(line, item->a.effort, 1000);
    buf_printf(line, ",%lld,%lld", (long long)item->lead_days[0], (long long)item->lead_days[1]);
    put_pair(line, item->a.cost, 100);
    put_pair(line, item->a.yearly, 100);
    put_text(line, item->basis);
    put_text(line, x->takes);
    put_text(line, item->co_owner);
    put_number(line, item->decided && item->decided->has_amount, item->decided ? item->decided->amount : 0);
    put_number(line, item->decided && item->decided->has_actual_cost, item->decided ? item->decided->actual_cost : 0);
    put_number(line, item->decided && item->decided->has_actual_days, item->decided ? item->decided->actual_days : 0);
}

void roadmap_csv(const struct roadmap_page *r, FILE *out)
{
    size_t *late = NULL, n = r->late_days >= 0 ? roadmap_late(r->roadmap, r->late_days, &late) : r->roadmap->n_items;
    fputs("item,owner,due,status,ticket,title,milestone,horizon,severity,role,remedy,places,subjects,state,needed_by,order_by,order_on,start,ready,too_late,late,"
          "effort_days_low,effort_days_high,lead_days_low,lead_days_high,cost_low,cost_high,cost_yearly_low,cost_yearly_high,cost_basis,takes,co_owner,agreed,actual_cost,actual_days\r\n", out);
    for (size_t i = 0; i < n; i++) {
        struct buf line = BUF_INIT(1u << 20);
        csv_item(r, &r->roadmap->items[late ? late[i] : i], &line);
        fprintf(out, "%s\r\n", buf_str(&line));
        buf_clear(&line);
    }
    free(late);
}

/* --- JSON --- */

static json_t *date_json(int64_t t)
{
    char text[DATE_LEN];
    return t ? json_string(date_text(t, text)) : json_null();
}

static json_t *text_json(const char *s)
{
    return s && s[0] ? json_string(s) : json_null();
}

static json_t *pair_json(const int64_t v[2], double unit)
{
    return json_pack("[f, f]", (double)v[0] / unit, (double)v[1] / unit);
}

static void set_amounts(json_t *j, const struct amounts *a)
{
    json_object_set_new(j, "cost", pair_json(a->cost, 100));
    json_object_set_new(j, "cost_yearly", pair_json(a->yearly, 100));
    json_object_set_new(j, "effort_days", pair_json(a->effort, 1000));
}

static json_t *ids_json(const struct work_set *w, const size_t *places, size_t n, int state)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        if (state < 0 || w->items[places[i]].state == (enum work_state)state)
            json_array_append_new(list, json_string(w->items[places[i]].id));
    return list;
}

static json_t *note_json(const struct site_work *n)
{
    if (!n)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o}", "owner", text_json(n->owner), "due", date_json(n->due), "status", text_json(work_status_name(n->status)), "ticket", text_json(n->ticket));
}

static json_t *remedy_json(const struct remedy *d)
{
    json_t *j = json_object();
    if (!d) {
        json_decref(j);
        return json_null();
    }
    json_object_set_new(j, "remedy", json_string(remedy_name(d->remedy)));
    json_object_set_new(j, "note", text_json(d->note));
    json_object_set_new(j, "amount", d->has_amount ? json_real(d->amount) : json_null());
    json_object_set_new(j, "actual_cost", d->has_actual_cost ? json_real(d->actual_cost) : json_null());
    json_object_set_new(j, "actual_days", d->has_actual_days ? json_real(d->actual_days) : json_null());
    return j;
}

static json_t *item_json(const struct work_set *w, const struct work_item *item)
{
    json_t *j = json_object(), *checks = json_array(), *targets = json_array(), *lead = json_array();
    for (size_t i = 0; i < item->n_checks; i++)
        json_array_append_new(checks, json_string(item->checks[i]->id));
    for (size_t i = 0; i < item->n_targets; i++)
        json_array_append_new(targets, json_string(item->targets[i]));
    for (int k = 0; k < 2; k++)
        json_array_append_new(lead, json_integer(item->lead_days[k]));
    json_object_set_new(j, "item", json_string(item->id));
    json_object_set_new(j, "fix", json_string(item->fix));
    json_object_set_new(j, "title", text_json(item->lead->title));
    json_object_set_new(j, "what_to_do", text_json(item->lead->fix));
    json_object_set_new(j, "checks", checks);
    json_object_set_new(j, "targets", targets);
    json_object_set_new(j, "subjects", json_integer(item->subjects));
    json_object_set_new(j, "milestone", text_json(item->gate >= 0 ? w->milestones[item->gate].name : NULL));
    json_object_set_new(j, "horizon", json_string(horizon_name(item->horizon)));
    json_object_set_new(j, "severity", json_string(severity_name(item->severity)));
    json_object_set_new(j, "role", text_json(item->role));
    json_object_set_new(j, "owner", json_string(item->owner));
    json_object_set_new(j, "co_role", text_json(item->co_role));
    json_object_set_new(j, "co_owner", text_json(item->co_owner));
    set_amounts(j, &item->a);
    json_object_set_new(j, "lead_days", lead);
    json_object_set_new(j, "cost_basis", text_json(item->basis));
    json_object_set_new(j, "estimated", json_boolean(item->estimated));
    json_object_set_new(j, "after", ids_json(w, item->after, item->n_after, WORK_OPEN));
    json_object_set_new(j, "find_out_first", ids_json(w, item->after, item->n_after, WORK_UNKNOWN));
    json_object_set_new(j, "together", ids_json(w, item->together, item->n_together, -1));
    json_object_set_new(j, "decided", remedy_json(item->decided));
    json_object_set_new(j, "said", note_json(item->note));
    return j;
}

static json_t *planned_json(const struct roadmap_page *r, const struct roadmap_item *x)
{
    json_t *j = item_json(r->roadmap->work, x->item);
    json_object_set_new(j, "state", json_string(roadmap_state_name(x->state)));
    json_object_set_new(j, "needed_by", date_json(x->due));
    json_object_set_new(j, "order_by", date_json(x->due ? x->order_by : 0));
    json_object_set_new(j, "order_on", date_json(x->order_on));
    json_object_set_new(j, "start", date_json(x->start));
    json_object_set_new(j, "ready", date_json(x->ready));
    json_object_set_new(j, "too_late", json_boolean(x->too_late));
    json_object_set_new(j, "late", json_boolean(x->late));
    json_object_set_new(j, "missing_days", json_real((double)x->missing / 1000));
    json_object_set_new(j, "takes", text_json(x->takes));
    return j;
}

static json_t *gate_json(const struct roadmap_gate *g)
{
    json_t *earliest = json_array();
    for (int k = 0; k < 2; k++)
        json_array_append_new(earliest, date_json(g->has_earliest ? g->earliest[k] : 0));
    return json_pack("{s:s, s:o, s:I, s:I, s:o, s:o, s:o, s:b}", "milestone", g->milestone, "date", date_json(g->date), "open", (json_int_t)g->n_open, "unknown", (json_int_t)g->n_unknown,
                     "ready", date_json(g->ready), "earliest", earliest, "why", text_json(g->why), "too_late", (int)g->too_late);
}

static json_t *sums_json(const struct work_set *w, enum work_by by)
{
    struct work_sum *v = NULL;
    size_t n = work_sums(w, by, &v);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *j = json_pack("{s:o, s:I}", "key", text_json(v[i].key), "items", (json_int_t)v[i].items);
        set_amounts(j, &v[i].a);
        json_array_append_new(list, j);
    }
    return list;
}

static json_t *state_json(const struct work_set *w, enum work_state state)
{
    json_t *j = json_object(), *items = json_array();
    struct amounts sum = work_total(w, state);
    for (size_t i = 0; i < w->n_items; i++)
        if (w->items[i].state == state)
            json_array_append_new(items, item_json(w, &w->items[i]));
    set_amounts(j, &sum);
    json_object_set_new(j, "items", items);
    return j;
}

static json_t *texts_json(const char *const *v, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_string(v[i]));
    return list;
}

static json_t *load_json(const struct roadmap *map)
{
    json_t *list = json_array();
    for (size_t i = 0; i < map->n_load; i++) {
        const struct roadmap_load *l = &map->load[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:f, s:f}", "role", l->role, "month", date_json(l->month), "used_days", (double)l->used / 1000, "capacity_days", (double)l->capacity / 1000));
    }
    return list;
}

void roadmap_json(const struct roadmap_page *r, FILE *out)
{
    const struct roadmap *map = r->roadmap;
    const struct work_set *w = map->work;
    size_t *late = NULL, n = r->late_days >= 0 ? roadmap_late(map, r->late_days, &late) : map->n_items;
    json_t *j = json_object(), *items = json_array(), *gates = json_array(), *sums = json_object();
    struct amounts open = work_total(w, WORK_OPEN);
    json_object_set_new(j, "preop", json_integer(1));
    json_object_set_new(j, "site", json_string(w->site->key));
    json_object_set_new(j, "run", json_integer(r->run->id));
    json_object_set_new(j, "begin", date_json(map->begin));
    json_object_set_new(j, "currency", text_json(site_profile_text(w->site, "currency")));
    json_object_set_new(j, "what_if", texts_json(r->what_if, r->n_what_if));
    json_object_set_new(j, "done", texts_json(r->done, r->n_done));
    for (size_t i = 0; i < map->n_gates; i++)
        json_array_append_new(gates, gate_json(&map->gates[i]));
    json_object_set_new(j, "milestones", gates);
    set_amounts(j, &open);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(items, planned_json(r, &map->items[late ? late[i] : i]));
    json_object_set_new(j, "items", items);
    json_object_set_new(j, "unknown", state_json(w, WORK_UNKNOWN));
    json_object_set_new(j, "waived", state_json(w, WORK_WAIVED));
    json_object_set_new(sums, "milestone", sums_json(w, BY_MILESTONE));
    json_object_set_new(sums, "domain", sums_json(w, BY_DOMAIN));
    json_object_set_new(sums, "owner", sums_json(w, BY_OWNER));
    json_object_set_new(sums, "remedy", sums_json(w, BY_REMEDY));
    json_object_set_new(sums, "horizon", sums_json(w, BY_HORIZON));
    json_object_set_new(j, "sums", sums);
    json_object_set_new(j, "load", load_json(map));
    const struct realised_view realised = { .r = r->realised, .prices = true, .days = true };
    json_object_set_new(j, "realised", realised_json(&realised));
    json_dumpf(j, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    fputc('\n', out);
    json_decref(j);
    free(late);
}
