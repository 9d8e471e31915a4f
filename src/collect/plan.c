/* The plan: which probe is to read which target, and why not. Parent only; decides, sends nothing. Site and credentials are the user's
 * own files, already checked for form; here it is checked that they fit each other. */
#include "collect/collect.h"

#include <string.h>
#include "base/mem.h"
#include "collect/earlier.h"
#include "fact/evidence_kind.h"
#include "site/device_rules.h"
#include "site/mapping.h"

#define SITE_FILE "site.yaml"

struct planner {
    const struct site *site;
    const struct credentials *cred;
    struct store *store;
    const struct collect_options *o;
    int64_t now;
    struct diags *diags;
    struct earlier earlier;
    struct plan *plan;
    size_t cap;
};

static bool among(const char *const *v, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i], name) == 0)
            return true;
    return false;
}

static const char *nearest_probe(const char *name)
{
    const char *names[64];
    size_t n = 0;
    for (size_t i = 0; i < n_probes && n < N_ELEMENTS(names); i++)
        names[n++] = probes[i]->name;
    return nearest_word(name, names, n);
}

/* --- names that are not there ------------------------------------------------------------------------------------------- */

static void check_narrowing(const struct planner *p)
{
    for (size_t i = 0; i < p->o->n_targets; i++) {
        if (site_target(p->site, p->o->targets[i]) != NULL)
            continue;
        const char **names = xcalloc(p->site->n_targets + 1, sizeof *names);
        for (size_t k = 0; k < p->site->n_targets; k++)
            names[k] = p->site->targets[k].name;
        const char *near = nearest_word(p->o->targets[i], names, p->site->n_targets);
        diag_add(p->diags, DIAG_ERROR, NULL, 0, 0, "no target is named \"%s\"%s%s%s", p->o->targets[i], near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        free(names);
    }
    for (size_t i = 0; i < p->o->n_probes; i++) {
        if (probe_find(p->o->probes[i]) != NULL)
            continue;
        const char *near = nearest_probe(p->o->probes[i]);
        diag_add(p->diags, DIAG_ERROR, NULL, 0, 0, "no probe is named \"%s\"%s%s%s", p->o->probes[i], near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
}

static const struct probe *find_probe(const struct planner *p, const struct target_probe *tp)
{
    const struct probe *probe = probe_find(tp->probe);
    if (probe != NULL)
        return probe;
    const char *near = nearest_probe(tp->probe);
    diag_add(p->diags, DIAG_ERROR, SITE_FILE, tp->line, tp->column, "no probe is named \"%s\"%s%s%s", tp->probe, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return NULL;
}

static const char *kind_name(enum credential_kind kind)
{
    static const char *const names[] = { [CREDENTIAL_NONE] = "no", [CREDENTIAL_SNMP] = "an snmp", [CREDENTIAL_SSH] = "an ssh", [CREDENTIAL_LDAP] = "an ldap" };
    return names[kind];
}

static void check_credential(const struct planner *p, const struct target_probe *tp, const struct probe *probe)
{
    if (p->cred == NULL || tp->credential == NULL || probe->credential == CREDENTIAL_NONE)
        return;
    if (!credentials_has(p->cred, tp->credential)) {
        const char *near = credentials_nearest(p->cred, tp->credential);
        diag_add(p->diags, DIAG_ERROR, SITE_FILE, tp->line, tp->column, "no credential is named \"%s\" in credentials.yaml%s%s%s", tp->credential,
                 near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    } else if (credentials_kind(p->cred, tp->credential) != probe->credential) {
        diag_add(p->diags, DIAG_ERROR, SITE_FILE, tp->line, tp->column, "\"%s\" is %s credential, and the %s probe needs %s credential", tp->credential,
                 kind_name(credentials_kind(p->cred, tp->credential)), probe->name, kind_name(probe->credential));
    }
}

/* --- the decision ------------------------------------------------------------------------------------------------------- */

static void refuse(struct plan_item *item, enum reason reason, char *detail_take)
{
    item->reason = reason;
    free(item->detail);
    item->detail = detail_take;
}

static bool is_done(const struct planner *p, const struct plan_item *item)
{
    for (size_t i = 0; i < item->n_tables; i++) {
        const struct collection *c = earlier_find(&p->earlier, item->target->name, item->probe->name, item->tables[i]);
        if (c == NULL || (c->state != STATE_COMPLETE && c->state != STATE_UNSUPPORTED))
            return false;
    }
    return true;
}

static bool fills_any(const struct plan_item *item, const struct fact_table *const *tables, size_t n)
{
    for (size_t i = 0; i < item->n_tables; i++)
        for (size_t k = 0; k < n; k++)
            if (item->tables[i] == tables[k])
                return true;
    return false;
}

static void narrow(const struct planner *p, struct plan_item *item)
{
    const struct collect_options *o = p->o;
    if (o->n_targets > 0 && !among(o->targets, o->n_targets, item->target->name))
        refuse(item, REASON_NARROWED, xstrdup("this check was narrowed to other targets"));
    else if (o->n_probes > 0 && !among(o->probes, o->n_probes, item->probe->name))
        refuse(item, REASON_NARROWED, xstrdup("this check was narrowed to other probes"));
    else if (o->n_tables > 0 && !fills_any(item, o->tables, o->n_tables))
        refuse(item, REASON_NARROWED, xstrdup("this check was narrowed to what decides one milestone (--gate)"));
    else if (o->offline && !item->local_only)
        refuse(item, REASON_OFFLINE, xstrdup("this check was made with --offline"));
    else if (o->failed_only && is_done(p, item))
        refuse(item, REASON_NARROWED, xstrdup("it was complete in the previous run (--failed)"));
    else if (item->watch && o->sample_ms <= 0)
        refuse(item, REASON_NOT_WATCHED, xstrdup("this check was made without --sample"));
    else
        return;
    for (size_t i = 0; i < item->n_tables && !item->carried; i++) {
        const struct collection *c = earlier_find(&p->earlier, item->target->name, item->probe->name, item->tables[i]);
        item->carried = c != NULL && c->state != STATE_NOT_ASKED;
    }
}

static void judge_credential(const struct planner *p, struct plan_item *item, const struct ip *addr)
{
    const char *name = item->tp->credential;
    if (item->probe->credential == CREDENTIAL_NONE)
        return;
    if (name == NULL) {
        refuse(item, REASON_NO_CREDENTIAL, xasprintf("no credential is named for %s", item->probe->name));
        return;
    }
    if (p->cred != NULL && addr != NULL && !credentials_may_show(p->cred, name, addr)) {
        struct buf nets = BUF_INIT(4096);
        credentials_for_text(p->cred, name, &nets);
        refuse(item, REASON_NOT_PERMITTED, xasprintf("credential %s is for %s only", name, buf_str(&nets)));
        buf_clear(&nets);
        return;
    }
    bool ended = false;
    char *text = NULL;
    if (p->store == NULL || among(p->o->retry_credentials, p->o->n_retry_credentials, name))
        return;
    if (store_credential_ended(p->store, p->site->key, name, &ended, &text) == 0 && ended)
        refuse(item, REASON_CREDENTIAL_ENDED, xasprintf("credential %s: %s", name, text == NULL ? "" : text));
    free(text);
}

struct probe_use plan_item_use(const struct plan_item *item)
{
    return probe_use_of(item->probe, item->tp == NULL ? NULL : item->tp->use);
}

bool plan_item_address(const struct plan_item *item, struct ip *out)
{
    bool domain = item->tp != NULL && item->tp->use != NULL && strcmp(item->tp->use, "dns") == 0;
    const char *host = domain ? item->tp->resolver : item->target->host;

    return host != NULL && ip_parse(host, out);
}

/* Whom a `never:` names is left alone under whatever address. */
static bool judge_name(const struct planner *p, struct plan_item *item)
{
    const char *entry = permit_never_named(p->site, item->target->name, NULL);
    if (entry == NULL)
        entry = permit_never_named(p->site, item->target->host, NULL);
    if (entry != NULL)
        refuse(item, REASON_DO_NOT_TOUCH, xasprintf("'%s' under never: names it: never touched", entry));
    return entry != NULL;
}

static void judge_permission(const struct planner *p, struct plan_item *item, const struct ip *addr)
{
    struct permit permit;
    if (judge_name(p, item))
        return;
    permit_ask(p->site, plan_item_use(item).permission, addr, p->now, &permit);
    item->permitted_until = permit.until;
    if (permit.allowed)
        item->detail = xstrdup(permit.reason);
    else
        refuse(item, permit.do_not_touch ? REASON_DO_NOT_TOUCH : REASON_NOT_PERMITTED, xstrdup(permit.reason));
    permit_clear(&permit);
}

/* What is never touched says so also where it was left out: a check without --offline would not settle it. */
static void recall_never(const struct planner *p, struct plan_item *item, const struct ip *addr)
{
    struct permit permit;
    if (judge_name(p, item))
        return;
    permit_ask(p->site, plan_item_use(item).permission, addr, p->now, &permit);
    if (permit.do_not_touch)
        refuse(item, REASON_DO_NOT_TOUCH, xstrdup(permit.reason));
    permit_clear(&permit);
}

static void decide(const struct planner *p, struct plan_item *item)
{
    struct ip parsed, *addr = NULL;
    item->permitted_until = INT64_MAX;
    narrow(p, item);
    if (item->local_only)
        return;
    if (plan_item_address(item, &parsed))
        addr = &parsed;
    if (item->reason != REASON_NONE) {
        if (!item->carried)
            recall_never(p, item, addr);
        return;
    }
    judge_permission(p, item, addr);
    if (item->reason == REASON_NONE)
        judge_credential(p, item, addr);
}

/* --- items -------------------------------------------------------------------------------------------------------------- */

static struct plan_item *item_add(struct planner *p, const struct target *target, const struct probe *probe)
{
    if (p->plan->n == p->cap) {
        p->cap = p->cap == 0 ? 64 : 2 * p->cap;
        p->plan->items = xrealloc_array(p->plan->items, p->cap, sizeof *p->plan->items);
    }
    struct plan_item *item = &p->plan->items[p->plan->n++];
    *item = (struct plan_item){ .target = target, .probe = probe };
    return item;
}

static void plan_tables(struct planner *p, const struct target *target, const struct target_probe *tp, const struct probe *probe, bool watch)
{
    const struct probe_use use = probe_use_of(probe, tp->use);
    struct plan_item *item = item_add(p, target, probe);
    item->tp = tp;
    item->watch = watch;
    item->n_tables = watch ? use.n_sampled : use.n_tables;
    memcpy(item->tables, watch ? use.sampled : use.tables, item->n_tables * sizeof *item->tables);
    decide(p, item);
}

static void plan_probe(struct planner *p, const struct target *target, const struct target_probe *tp)
{
    const struct probe *probe = find_probe(p, tp);
    if (probe == NULL)
        return;
    const struct probe_use use = probe_use_of(probe, tp->use);
    if (use.n_tables > N_ELEMENTS(p->plan->items->tables) || use.n_sampled > N_ELEMENTS(p->plan->items->tables))
        BUG("probe %s fills %zu tables", probe->name, use.n_tables);
    check_credential(p, tp, probe);
    if (target->host == NULL)
        return;                      /* the site file was refused for it */
    plan_tables(p, target, tp, probe, false);
    if (use.n_sampled > 0)
        plan_tables(p, target, tp, probe, true);
}

/* A file of a kind that has no mapping fills what its kind says. */
static void plan_kind(struct planner *p, const struct target *target, const struct probe *probe, const struct evidence_kind *kind)
{
    const struct probe *like = kind->probe != NULL ? probe_find(kind->probe) : NULL;
    const struct fact_table *const *tables = like != NULL ? like->tables : kind->tables;
    struct plan_item *item = item_add(p, target, probe);
    item->local_only = true;
    item->n_tables = like != NULL ? like->n_tables : kind->n_tables;
    if (item->n_tables > N_ELEMENTS(item->tables))
        BUG("files of kind %s fill %zu tables", kind->name, item->n_tables);
    memcpy(item->tables, tables, item->n_tables * sizeof *tables);
    decide(p, item);
}

static void plan_file(struct planner *p, const struct target *target)
{
    const struct probe *probe = probe_find("file");
    if (probe == NULL || target->as == NULL)
        return;                      /* kept as proof only */
    const struct evidence_kind *kind = evidence_kind_find(target->as);
    if (kind != NULL) {
        plan_kind(p, target, probe, kind);
        return;
    }
    const struct fact_table *tables[MAPPING_MAX_TABLES];
    size_t n = 0;
    struct buf wire = BUF_INIT(MAPPING_MAX_WIRE);
    int err = mapping_load(p->site->dir, target->as, p->site->timezone, &wire, tables, &n, p->diags);
    buf_clear(&wire);
    if (err != 0) {
        diag_add(p->diags, DIAG_ERROR, SITE_FILE, target->line, target->column, "target %s: the mapping \"%s\" cannot be used", target->name, target->as);
        return;
    }
    struct plan_item *item = item_add(p, target, probe);
    item->local_only = true;
    item->n_tables = n;
    memcpy(item->tables, tables, n * sizeof *tables);
    decide(p, item);
}

static void plan_device_rules(struct planner *p)
{
    bool wanted = false;
    for (size_t i = 0; i < p->plan->n; i++) {
        const struct evidence_kind *kind = evidence_kind_find(p->plan->items[i].target->as);
        wanted = wanted || p->plan->items[i].probe->credential == CREDENTIAL_SNMP || (kind != NULL && kind->device_rules);
    }
    if (wanted && device_rules_load(p->site->dir, &p->plan->device_rules, p->diags) != 0)
        diag_add(p->diags, DIAG_ERROR, NULL, 0, 0, "the rules by which devices are known (%s) cannot be used", DEVICE_RULES_FILE);
}

struct plan *plan_make(const struct site *site, const struct credentials *cred, struct store *store, const struct collect_options *o, int64_t now, struct diags *diags)
{
    struct planner p = { .site = site, .cred = cred, .store = store, .o = o, .now = now, .diags = diags, .plan = xcalloc(1, sizeof *p.plan) };
    size_t errors = diags->n_errors;
    buf_init(&p.plan->device_rules, DEVICE_RULES_MAX_WIRE);
    check_narrowing(&p);
    if (earlier_load_latest(&p.earlier, store, site->key) != 0)
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "the earlier runs of %s cannot be read", site->key);
    for (size_t i = 0; i < site->n_targets; i++) {
        const struct target *t = &site->targets[i];
        for (size_t k = 0; k < t->n_probes; k++)
            plan_probe(&p, t, &t->probes[k]);
        if (t->file != NULL)
            plan_file(&p, t);
    }
    earlier_clear(&p.earlier);
    plan_device_rules(&p);
    for (size_t i = 0; i < p.plan->n; i++)
        p.plan->n_to_ask += p.plan->items[i].reason == REASON_NONE;
    if (diags->n_errors == errors)
        return p.plan;
    plan_free(p.plan);
    return NULL;
}

void plan_free(struct plan *p)
{
    if (p == NULL)
        return;
    for (size_t i = 0; i < p->n; i++)
        free(p->items[i].detail);
    free(p->items);
    buf_clear(&p->device_rules);
    free(p);
}
