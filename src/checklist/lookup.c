/* See lookup.h. Parent parses, the evaluation child is given rows. */
#include "checklist/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "checklist/checklist.h"
#include "site/profile.h"
#include "site/site.h"
#include "store/store.h"

#define FIELD_MAX 1000           /* bytes */
#define EARLIER_MAX 20

#define PROFILE_WORD(name) { name, FACT_TEXT, false },
#define PROFILE_NUMBER(name, max) { name, FACT_REAL, false }, { name "_high", FACT_REAL, false },
static const struct lookup_column profile_columns[] = {
    PROFILE_KEYS(PROFILE_WORD, PROFILE_NUMBER)
    { "stage", FACT_TEXT, false }, { "integration_plan", FACT_TEXT, false },
    { "sign_on", FACT_TIMESTAMP, false }, { "close_on", FACT_TIMESTAMP, false }, { "connect_on", FACT_TIMESTAMP, false }, { "day_1_on", FACT_TIMESTAMP, false },
    { "ehr_go_live_on", FACT_TIMESTAMP, false }, { "day_100_on", FACT_TIMESTAMP, false }, { "tsa_exit_on", FACT_TIMESTAMP, false },
};

static const struct lookup_column role_columns[] = { { "role", FACT_TEXT, true }, { "name", FACT_TEXT, false }, { "checks", FACT_REAL, true } };

static const struct lookup_column condition_columns[] = {
    { "condition", FACT_TEXT, true },            /* as it was decided */
    { "owner", FACT_TEXT, true },
    { "due_on", FACT_TIMESTAMP, true },
    { "met", FACT_REAL, true },
    { "decided", FACT_TEXT, true },
    { "decided_by", FACT_TEXT, true },
    { "decided_on", FACT_TIMESTAMP, true },
};

static const struct lookup_column earlier_columns[] = {
    { "back", FACT_REAL, true },                 /* 1: the newest */
    { "started_on", FACT_TIMESTAMP, true },
    { "label", FACT_TEXT, true },
    { "ready_low", FACT_REAL, false },           /* percent */
    { "ready_high", FACT_REAL, false },
    { "critical", FACT_REAL, true },             /* failing critical findings */
    { "critical_again", FACT_REAL, false },      /* of these: where the run before had passed; NULL: there is none before */
    { "same_checklists", FACT_REAL, false },     /* as the run before: 1, 0 */
};

static const struct lookup_column eol_columns[] = {
    { "product", FACT_TEXT, true },              /* what people call it: FortiOS 7.2 */
    { "kind", FACT_TEXT, true },                 /* what the patterns are tried on: device-os, device-model, hypervisor, storage, host-os, windows, database, application */
    { "name_pattern", FACT_TEXT, true },
    { "version_pattern", FACT_TEXT, true },
    { "status", FACT_TEXT, true },               /* dated; open: no end was announced; ended: it has, on no known day */
    { "support_ends_on", FACT_TIMESTAMP, false },    /* the last day of free security updates */
    { "extended_ends_on", FACT_TIMESTAMP, false },   /* the last day of paid ones; NULL: there are none */
    { "source", FACT_TEXT, true },
    { "checked_on", FACT_TIMESTAMP, true },          /* when somebody last looked there */
};

const struct lookup_table lookup_tables[LOOKUP_COUNT] = {
    [LOOKUP_SITE_PROFILE] = { "site_profile", NULL, profile_columns, N_ELEMENTS(profile_columns) },
    [LOOKUP_OWNER_ROLES] = { "owner_roles", NULL, role_columns, N_ELEMENTS(role_columns) },
    [LOOKUP_CONDITIONS] = { "conditions", NULL, condition_columns, N_ELEMENTS(condition_columns) },
    [LOOKUP_EARLIER_RUNS] = { "earlier_runs", NULL, earlier_columns, N_ELEMENTS(earlier_columns) },
    [LOOKUP_EOL] = { "data_eol", "data/eol.tsv", eol_columns, N_ELEMENTS(eol_columns) },
};

bool lookup_known(const char *name)
{
    for (size_t i = 0; i < LOOKUP_COUNT; i++)
        if (strcmp(lookup_tables[i].name, name) == 0)
            return true;
    return false;
}

static bool names(const struct check *c, enum lookup_id id)
{
    const char *const texts[] = { c->where, c->pass, c->query };
    for (size_t i = 0; i < N_ELEMENTS(texts); i++)
        if (texts[i] != NULL && strcasestr(texts[i], lookup_tables[id].name) != NULL)
            return true;
    return false;
}

bool lookup_wanted(const struct check *checks, size_t n, enum lookup_id id)
{
    for (size_t i = 0; i < n; i++)
        if (names(&checks[i], id))
            return true;
    return false;
}

static const char *time_text(struct arena *a, int64_t when)
{
    char text[ISO_LEN];
    iso_format(when, text);
    return arena_strdup(a, text);
}

/* --- the site's own files ----------------------------------------------------------------------------------------------- */

/* close_on: the date of the milestone close; day_1_on that of day-1. NULL: no date, or no such column. */
static const char *milestone_value(struct arena *a, const struct site *site, const char *name)
{
    static const char tail[] = "_on";
    size_t len = strlen(name);
    if (len <= sizeof(tail) - 1 || strcmp(name + len - (sizeof(tail) - 1), tail) != 0)
        return NULL;
    char *milestone = arena_strndup(a, name, len - (sizeof(tail) - 1));
    for (char *p = milestone; *p != '\0'; p++)
        if (*p == '_')
            *p = '-';
    int at = milestone_order(site, milestone);
    return at < 0 || site->milestones[at].date == 0 ? NULL : time_text(a, site->milestones[at].date);
}

static const char *profile_value(struct arena *a, const struct site *site, const char *name)
{
    static const char high[] = "_high";
    size_t len = strlen(name), tail = sizeof(high) - 1;
    double range[2];
    if (strcmp(name, "stage") == 0)
        return stage_name(site->stage);
    if (strcmp(name, "integration_plan") == 0)
        return site->plan;
    if (site_profile_text(site, name) != NULL)
        return site_profile_text(site, name);
    if (site_profile_range(site, name, range))
        return arena_printf(a, "%.17g", range[0]);
    bool of_range = len > tail && strcmp(name + len - tail, high) == 0 && site_profile_range(site, arena_strndup(a, name, len - tail), range);
    return of_range ? arena_printf(a, "%.17g", range[1]) : milestone_value(a, site, name);
}

static void profile(struct arena *a, const struct site *site, struct lookup_rows *out)
{
    *out = (struct lookup_rows){ arena_array(a, N_ELEMENTS(profile_columns), sizeof(*out->values)), 1 };
    for (size_t i = 0; site != NULL && i < N_ELEMENTS(profile_columns); i++)
        out->values[i] = profile_value(a, site, profile_columns[i].name);
}

static void owner_roles(struct arena *a, const struct site *site, const struct check *checks, size_t n, struct lookup_rows *out)
{
    const char **owners = arena_array(a, 2 * n + 1, sizeof(*owners));
    size_t n_owners = 0;
    for (size_t i = 0; i < n; i++) {
        if (checks[i].owner != NULL)
            owners[n_owners++] = checks[i].owner;
        if (checks[i].co_owner != NULL)
            owners[n_owners++] = checks[i].co_owner;
    }
    if (n_owners > 0)
        qsort(owners, n_owners, sizeof(*owners), text_order);
    *out = (struct lookup_rows){ arena_array(a, n_owners * N_ELEMENTS(role_columns) + 1, sizeof(*out->values)), 0 };
    for (size_t i = 0, end; i < n_owners; i = end) {
        for (end = i + 1; end < n_owners && strcmp(owners[end], owners[i]) == 0;)
            end++;
        const char **row = out->values + out->n++ * N_ELEMENTS(role_columns);
        row[0] = arena_strdup(a, owners[i]);
        row[1] = site != NULL ? arena_strdup(a, site_owner_name(site, owners[i])) : NULL;
        row[2] = arena_printf(a, "%zu", end - i);
    }
}

static void conditions(struct arena *a, const struct site *site, struct lookup_rows *out)
{
    size_t n = 0;
    for (size_t i = 0; site != NULL && i < site->n_decisions; i++)
        n += site->decisions[i].n_conditions;
    *out = (struct lookup_rows){ arena_array(a, n * N_ELEMENTS(condition_columns) + 1, sizeof(*out->values)), 0 };
    for (size_t i = 0; site != NULL && i < site->n_decisions; i++) {
        const struct decision *d = &site->decisions[i];
        for (size_t k = 0; k < d->n_conditions && out->n < LOOKUP_MAX_ROWS; k++) {
            const struct condition *c = &d->conditions[k];
            const char *const row[] = { c->text, c->owner, time_text(a, c->due), c->met ? "1" : "0", d->decided, d->by, time_text(a, d->date) };
            memcpy(out->values + out->n++ * N_ELEMENTS(row), row, sizeof(row));
        }
    }
}

void lookup_site(struct arena *a, const struct site *site, const struct check *checks, size_t n_checks, struct lookup_rows out[LOOKUP_COUNT])
{
    profile(a, site, &out[LOOKUP_SITE_PROFILE]);
    owner_roles(a, site, checks, n_checks, &out[LOOKUP_OWNER_ROLES]);
    conditions(a, site, &out[LOOKUP_CONDITIONS]);
}

/* --- the store ---------------------------------------------------------------------------------------------------------- */

static const char *number_or_null(struct arena *a, double v)
{
    return v < 0 ? NULL : arena_printf(a, "%.9g", v);
}

int lookup_earlier(struct arena *a, struct store *s, int64_t run, struct lookup_rows *out)
{
    const double percent = 1e-7;     /* from parts per billion */
    struct earlier_run *v = NULL;
    size_t n = 0;
    *out = (struct lookup_rows){ NULL, 0 };
    int err = store_earlier(s, run, EARLIER_MAX, &v, &n);
    if (err != 0)
        return err;
    out->values = arena_array(a, n * N_ELEMENTS(earlier_columns) + 1, sizeof(*out->values));
    for (size_t i = 0; i < n; i++) {
        const struct earlier_run *r = &v[i];
        const char *const row[] = { arena_printf(a, "%zu", i + 1), time_text(a, r->started), arena_strdup(a, r->label), number_or_null(a, (double)r->low * percent),
                                    number_or_null(a, (double)r->high * percent), number_or_null(a, (double)r->critical), number_or_null(a, (double)r->critical_again),
                                    number_or_null(a, r->same_checklists) };
        memcpy(out->values + out->n++ * N_ELEMENTS(row), row, sizeof(row));
    }
    earlier_free(v, n);
    return 0;
}

/* --- files ------------------------------------------------------------------------------------------------------------ */

struct reading { const struct lookup_table *t; struct arena *a; const char *file; int line; struct diags *diags; struct lookup_rows *out; size_t cap; };

static const char *date_value(const struct reading *r, const struct lookup_column *c, int column, const char *field)
{
    int64_t day;
    if (!date_parse(field, &day)) {
        diag_add(r->diags, DIAG_ERROR, r->file, r->line, column, "%s is a date like 2027-10-12, not '%.40s'", c->name, field);
        return NULL;
    }
    return time_text(r->a, day);
}

static const char *field_value(const struct reading *r, size_t i, const char *p, size_t len)
{
    const struct lookup_column *c = &r->t->columns[i];
    int column = (int)i + 1;
    if (len == 0 || (len == 1 && *p == '-')) {
        if (c->needed)
            diag_add(r->diags, DIAG_ERROR, r->file, r->line, column, "%s is missing", c->name);
        return NULL;
    }
    if (len > FIELD_MAX || !text_is_utf8((const uint8_t *)p, len)) {
        diag_add(r->diags, DIAG_ERROR, r->file, r->line, column, "%s is longer than %d bytes or no UTF-8", c->name, FIELD_MAX);
        return NULL;
    }
    const char *field = arena_strndup(r->a, p, len);
    return c->type == FACT_TIMESTAMP ? date_value(r, c, column, field) : field;
}

static void take_row(struct reading *r, const char *const *fields, const size_t *lens)
{
    struct lookup_rows *out = r->out;
    size_t n = r->t->n_columns;
    if (out->n == r->cap) {
        size_t cap = r->cap == 0 ? 64 : 2 * r->cap;
        const char **v = arena_array(r->a, cap * n, sizeof(*v));
        if (out->n > 0)
            memcpy(v, out->values, out->n * n * sizeof(*v));
        out->values = v;
        r->cap = cap;
    }
    for (size_t i = 0; i < n; i++)
        out->values[out->n * n + i] = field_value(r, i, fields[i], lens[i]);
    out->n++;
}

static bool is_header(const struct reading *r, const char *const *fields, const size_t *lens)
{
    for (size_t i = 0; i < r->t->n_columns; i++)
        if (strlen(r->t->columns[i].name) != lens[i] || memcmp(r->t->columns[i].name, fields[i], lens[i]) != 0) {
            diag_add(r->diags, DIAG_ERROR, r->file, r->line, (int)i + 1, "column %zu is called '%s' here, not '%.*s'", i + 1, r->t->columns[i].name,
                     (int)(lens[i] > 40 ? 40 : lens[i]), fields[i]);
            return false;
        }
    return true;
}

/* Cuts a line at its tabs; false, with a message, when there are not as many as columns want. */
static bool cut(const struct reading *r, const char *p, size_t len, const char **fields, size_t *lens)
{
    size_t n = 0;
    for (const char *end = p + len; p <= end && n <= r->t->n_columns; n++) {
        const char *tab = memchr(p, '\t', (size_t)(end - p));
        const char *stop = tab != NULL ? tab : end;
        if (n < r->t->n_columns) {
            fields[n] = p;
            lens[n] = (size_t)(stop - p);
        }
        p = stop + 1;
    }
    if (n == r->t->n_columns)
        return true;
    diag_add(r->diags, DIAG_ERROR, r->file, r->line, 1, "a row has %zu fields, separated by tabs", r->t->n_columns);
    return false;
}

void lookup_parse(enum lookup_id id, struct arena *a, const char *file, const char *p, size_t len, struct diags *diags, struct lookup_rows *out)
{
    struct reading r = { .t = &lookup_tables[id], .a = a, .file = file, .diags = diags, .out = out };
    const char *fields[FACT_MAX_COLUMNS] = { NULL };
    size_t lens[FACT_MAX_COLUMNS] = { 0 };
    bool headed = false;
    *out = (struct lookup_rows){ NULL, 0 };
    if (memchr(p, '\0', len) != NULL) {
        diag_add(diags, DIAG_ERROR, file, 1, 1, "this is no text");
        return;
    }
    for (const char *end = p + len; p < end && out->n < LOOKUP_MAX_ROWS;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((nl != NULL ? nl : end) - p);
        const char *line = p;
        p += n + (nl != NULL);
        r.line++;
        n -= n > 0 && line[n - 1] == '\r';
        if (n == 0 || line[0] == '#')
            continue;
        if (!cut(&r, line, n, fields, lens))
            continue;
        if (headed)
            take_row(&r, fields, lens);
        else if (!is_header(&r, fields, lens))
            return;
        headed = true;
    }
    if (out->n == LOOKUP_MAX_ROWS)
        diag_add(diags, DIAG_ERROR, file, r.line, 1, "there are more than %d rows", LOOKUP_MAX_ROWS - 1);
}
