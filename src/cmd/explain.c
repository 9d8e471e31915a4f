/* preop explain: a check in full, with what it found here; or all that a probe may send. */
#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "checklist/checklist.h"
#include "cmd/commands.h"
#include "probes/probe.h"
#include "report/parts.h"
#include "site/device_rules.h"

static void put_tables(FILE *out, const struct fact_table *const *tables, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(out, " %s%s", tables[i]->name, i + 1 < n ? "" : "\n");
}

static int explain_probe(struct args *a, const char *name)
{
    const struct probe *p = probe_find(name);
    if (!p) {
        const char *names[16];
        for (size_t i = 0; i < n_probes && i < N_ELEMENTS(names); i++)
            names[i] = probes[i]->name;
        const char *near = nearest_word(name, names, n_probes);
        return fail_usage("explain: no probe '%s'%s%s%s", name, near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
    }
    FILE *out = args_output(a);
    if (!out)
        return EXIT_USAGE;
    fprintf(out, "%s: %s\nIt only reads. It may be used where the authorization names the method", p->name, p->summary);
    if (p->n_uses == 0)
        fprintf(out, " '%s'.\nTables:", p->permission);
    else
        fputs(" of that use:\n", out);
    put_tables(out, p->tables, p->n_uses == 0 ? p->n_tables : 0);
    for (size_t i = 0; i < p->n_uses; i++) {
        fprintf(out, "  %s: %-4s method %s, tables:", p->name, p->uses[i].name, p->uses[i].permission);
        put_tables(out, p->uses[i].tables, p->uses[i].n_tables);
    }
    fputs("\n", out);
    p->explain(out);
    if (p->credential == CREDENTIAL_SNMP)
        device_rules_explain(args_dir(a), out);
    return args_output_close(a, out, EXIT_DONE);
}

static void put_refs(struct page *p, const struct check *c)
{
    for (size_t i = 0; i < c->n_refs; i++) {
        struct buf b = BUF_INIT(4096);
        for (size_t k = 0; k < c->refs[i].n; k++)
            buf_printf(&b, "%s%s", k ? ", " : "", c->refs[i].ids[k]);
        page_wrap(p, INK_PLAIN, 12, "  %-9s %s", c->refs[i].scheme, buf_str(&b));
        buf_clear(&b);
    }
}

/* SQL as its author broke it into lines. */
static void put_sql(struct page *p, const char *label, const char *sql)
{
    if (!strchr(sql, '\n')) {
        page_wrap(p, INK_PLAIN, 7, "%-6s %s", label, sql);
        return;
    }
    page_line(p, INK_PLAIN, "%s", label);
    for (size_t n; *sql; sql += n + (sql[n] == '\n')) {
        size_t indent = 2 + strspn(sql, " ");
        n = strcspn(sql, "\n");
        if (n > 0)
            page_wrap(p, INK_PLAIN, indent, "  %.*s", (int)n, sql);
    }
}

static void put_check(struct page *p, const struct check *c, const struct site *site)
{
    page_line(p, INK_STRONG, "%s  %s", c->id, c->title);
    page_line(p, INK_PLAIN, "%s, weight %d, domain %s, checklist %s%s%s", severity_name(c->severity), severity_weight(c->severity), c->domain, c->checklist,
              c->gate ? ", must hold before " : "", c->gate ? c->gate : "");
    page_heading(p, "WHY IT MATTERS", "");
    page_wrap(p, INK_PLAIN, 0, "%s", c->why ? c->why : "");
    for (size_t i = 0; i < c->n_impacts; i++)
        page_line(p, INK_PLAIN, "  %-24s %s", c->impacts[i].dimension, c->impacts[i].level);
    page_heading(p, "HOW IT IS DECIDED", "");
    if (c->query) {
        put_sql(p, "query:", c->query);
    } else {
        page_line(p, INK_PLAIN, "facts: %s", c->facts->name);
        put_sql(p, "where:", c->where ? c->where : "every row");
        put_sql(p, "pass:", c->pass);
    }
    for (size_t i = 0; i < c->n_params; i++) {
        const struct param *v = &c->params[i];
        if (v->is_text)
            page_line(p, INK_PLAIN, "  :%s = '%s'", v->name, v->s);
        else if (v->is_real)
            page_line(p, INK_PLAIN, "  :%s = %g", v->name, v->r);
        else
            page_line(p, INK_PLAIN, "  :%s = %lld", v->name, (long long)v->i);
    }
    page_line(p, INK_PLAIN, "weakest evidence that counts: %s", method_name(c->evidence));
    if (c->max_age_s)
        page_line(p, INK_PLAIN, "older than %lld days is unknown", (long long)(c->max_age_s / 86400));
    if (c->vantage)
        page_line(p, INK_PLAIN, "only as seen from: %s", c->vantage);
    page_heading(p, "WHAT TO DO", "");
    page_wrap(p, INK_PLAIN, 0, "%s", c->fix ? c->fix : "");
    const char *name = c->owner ? site_owner_name(site, c->owner) : NULL;
    const char *with = c->co_owner ? site_owner_name(site, c->co_owner) : NULL;
    page_wrap(p, INK_PLAIN, 2, "owner: %s%s%s%s%s%s%s; horizon: %s", c->owner ? c->owner : "nobody", name ? ", here " : "", name ? name : "", c->co_owner ? "; shared with " : "",
              c->co_owner ? c->co_owner : "", with ? ", here " : "", with ? with : "", c->horizon ? c->horizon : "not said");
    page_line(p, INK_PLAIN, "effort %g to %g days, cost %g to %g, yearly %g to %g, order takes %g to %g days; each", c->effort_days[0], c->effort_days[1], c->cost[0], c->cost[1],
              c->cost_yearly[0], c->cost_yearly[1], c->lead_days[0], c->lead_days[1]);
    if (c->cost_basis)
        page_wrap(p, INK_DIM, 2, "basis: %s", c->cost_basis);
    page_heading(p, "REFERENCES", "");
    put_refs(p, c);
}

static void put_findings(struct page *p, const struct report *r, const struct check *c)
{
    const struct report_check *here = report_check_find(r, c->id);
    struct buf title = BUF_INIT(256);
    buf_printf(&title, "HERE, RUN %lld", (long long)r->run.id);
    page_heading(p, buf_str(&title), here ? here->result->status : "not among its checks");
    buf_clear(&title);
    if (here && here->result->reason)
        page_wrap(p, INK_WARN, 4, "  error: %s", here->result->reason);
    for (size_t i = 0; here && i < here->n_findings; i++) {
        const struct finding *f = &here->findings[i];
        struct buf b = BUF_INIT(16384), e = BUF_INIT(8192);
        finding_text(f, &b);
        evidence_text(f->evidence, &e);
        page_wrap(p, f->status == FINDING_FAIL ? INK_BAD : INK_PLAIN, 4, "  %s %s%s%s%s%s", finding_status_name(f->status), buf_str(&b), e.len ? ": " : "", buf_str(&e), f->reason ? "; " : "",
                  f->reason ? f->reason : "");
        buf_clear(&b);
        buf_clear(&e);
    }
    if (here && here->result->n_pass)
        page_line(p, INK_GOOD, "  pass %lld more", (long long)here->result->n_pass);
}

/* What the run found. That there is no store or no run yet is no fault, unless one was asked for by name. */
static int put_here(struct page *p, struct args *a, const char *key, const struct check *c)
{
    struct store *s = NULL;
    struct run found = { 0 };
    struct report *r = NULL;
    char *why = NULL;
    int status = EXIT_DONE, err = store_open(&s, arg_text(a, "db"), STORE_READ, &why);
    if (!err)
        err = store_run_find(s, key, arg_text(a, "run"), false, &found, &why);
    if (!err)
        err = report_load(s, found.id, false, &r, &why);
    if (r)
        put_findings(p, r, c);
    else if (err != ERR_NOT_FOUND)
        status = fail_err(err, "%s", why ? why : err_text(err));
    else if (arg_text(a, "run"))
        status = fail_usage("%s", why ? why : "no such run");
    report_free(r);
    run_clear(&found);
    free(why);
    store_close(s);
    return status;
}

static int unknown_check(const struct checklists *c, const char *id)
{
    const char **names = xcalloc(c->n_checks + 1, sizeof(const char *));
    for (size_t i = 0; i < c->n_checks; i++)
        names[i] = c->checks[i].id;
    const char *near = nearest_word(id, names, c->n_checks);
    int status = near ? fail_usage("explain: no check '%s' (did you mean '%s'?)", id, near) : fail_usage("explain: no check '%s' among this site's checklists", id);
    free(names);
    return status;
}

static int run(struct args *a)
{
    const char *const *rest;
    size_t n = arg_rest(a, &rest);
    int status = EXIT_DONE;
    if (arg_text(a, "probe"))
        return explain_probe(a, arg_text(a, "probe"));
    if (n == 0)
        return fail_usage("explain: which check? Or --probe NAME");
    struct site *site = args_site(a, &status);
    struct diags d = DIAGS_INIT;
    struct checklists *c = site ? checklists_load(site, &d) : NULL;
    diags_print(&d, stderr);
    if (site && !c)
        status = EXIT_USAGE;
    const struct check *check = c ? checklists_find(c, rest[0]) : NULL;
    if (c && !check)
        status = unknown_check(c, rest[0]);
    FILE *out = check ? args_output(a) : NULL;
    if (check && !out)
        status = EXIT_USAGE;
    if (out) {
        struct page p = { .out = out };
        args_style(a, out, &p.style);
        put_check(&p, check, site);
        status = put_here(&p, a, site->key, check);
        status = args_output_close(a, out, status);
    }
    diags_clear(&d);
    checklists_free(c);
    site_free(site);
    return status;
}

static const struct opt opts[] = {
    { "probe", 0, OPT_TEXT, "NAME", "everything that a probe may send: snmp, ssh, ldap, net, file" },
    { "run", 0, OPT_TEXT, "RUN", "what this run found (default: latest)" },
};

const struct cmd cmd_explain = {
    .name = "explain", .synopsis = "CHECK | --probe NAME", .summary = "A check in full: why, how it is decided, what to do, what it found here", .group = "read",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = 1, .run = run,
};
