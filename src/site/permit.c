/* Authorization: may this be asked now? The one place where it is decided. Parent only; what it judges is the user's site file,
 * which is checked, and an address, which may come from anywhere. */
#include "site/permit.h"
#include <fnmatch.h>
#include <string.h>
#include "base/clock.h"
#include "base/mac.h"
#include "base/mem.h"
#include "site/load.h"

/* How far a permission reached before something was missing: the farthest gives the reason. */
enum step { STEP_METHOD, STEP_BEGUN, STEP_ENDED, STEP_NETWORK, STEP_HOURS, STEP_ALLOWED };

/* Local time at the site. Plans ask for thousands of targets at one moment, and every conversion reads a zone file: keep the last. */
static const struct tm *site_time(const struct site *s, int64_t now)
{
    static char zone[64];
    static int64_t at = INT64_MIN;
    static struct tm tm;

    if (at != now || strcmp(zone, s->timezone) != 0) {
        clock_local(s->timezone, now, &tm);
        at = now;
        (void)snprintf(zone, sizeof(zone), "%s", s->timezone);
    }
    return &tm;
}

static int64_t local_day(const struct tm *tm)
{
    struct tm day = { .tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday };

    return (int64_t)timegm(&day);
}

static bool names_method(const struct authorization *a, const char *method)
{
    for (size_t i = 0; i < a->n_methods; i++) {
        if (strcmp(a->methods[i], method) == 0)
            return true;
    }
    return false;
}

static const struct cidr *containing(const struct cidr *v, size_t n, const struct ip *addr)
{
    for (size_t i = 0; i < n; i++) {
        if (cidr_contains(&v[i], addr))
            return &v[i];
    }
    return NULL;
}

static int minutes_left(const struct authorization *a, const struct tm *tm)
{
    if (a->n_hours == 0)
        return -1;
    return hours_left(a->hours, a->n_hours, (tm->tm_wday + 6) % 7, tm->tm_hour * 60 + tm->tm_min);
}

static enum step judge(const struct site *s, const struct authorization *a, const char *method, const struct ip *addr, int64_t now)
{
    const struct tm *tm = site_time(s, now);

    if (!names_method(a, method))
        return STEP_METHOD;
    if (local_day(tm) < a->on)
        return STEP_BEGUN;
    if (a->until != 0 && now > a->until)
        return STEP_ENDED;
    if (addr != NULL && containing(a->networks, a->n_networks, addr) == NULL)
        return STEP_NETWORK;
    if (minutes_left(a, tm) == 0)
        return STEP_HOURS;
    return STEP_ALLOWED;
}

/* When a permission that holds now ends next. */
static int64_t ends(const struct site *s, const struct authorization *a, int64_t now)
{
    int64_t end = a->until != 0 ? a->until + 1 : INT64_MAX;
    const struct tm *tm = site_time(s, now);
    int left = minutes_left(a, tm);
    struct tm then;

    if (left < 0)
        return end;
    int64_t t = now - tm->tm_sec + (int64_t)left * 60;
    int wanted = (tm->tm_hour * 60 + tm->tm_min + left) % 1440;
    /* A change of the clocks on the way moves the end: hours are meant as the clock on the wall shows them. */
    clock_local(s->timezone, t, &then);
    int shown = then.tm_hour * 60 + then.tm_min, off = (wanted - shown + 1440 + 720) % 1440 - 720;
    t += (int64_t)off * 60;
    return t < end ? t : end;
}

int site_in_clinic_hours(const struct site *s, int64_t at)
{
    const struct tm *tm = site_time(s, at);

    if (s->n_clinic_hours == 0)
        return -1;
    return hours_left(s->clinic_hours, s->n_clinic_hours, (tm->tm_wday + 6) % 7, tm->tm_hour * 60 + tm->tm_min) != 0;
}

/* --- sentences -------------------------------------------------------------------------------------------------------- */

static const char *who(const struct authorization *a, struct buf *out)
{
    buf_printf(out, "%s (%s)", a->by, a->role);
    return buf_str(out);
}

static void put_hours(const struct authorization *a, struct buf *out)
{
    for (size_t i = 0; i < a->n_hours; i++) {
        buf_puts(out, i > 0 ? ", " : "");
        hours_format(&a->hours[i], out);
    }
}

static void put_local_date(const struct site *s, int64_t t, struct buf *out)
{
    struct tm tm;

    clock_local(s->timezone, t, &tm);
    buf_printf(out, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static char *refusal(const struct site *s, const struct authorization *a, enum step step, const char *method, const struct ip *addr)
{
    struct buf name = BUF_INIT(1024), text = BUF_INIT(8192);
    char on[DATE_LEN], ip[IP_TEXT] = "";
    const char *by = who(a, &name);

    date_format(a->on, on);
    if (addr != NULL)
        ip_format(addr, ip);
    switch (step) {
    case STEP_METHOD:
        buf_printf(&text, "%s is not among the methods that %s allowed on %s", method, by, on);
        break;
    case STEP_BEGUN:
        buf_printf(&text, "the permission of %s begins on %s", by, on);
        break;
    case STEP_ENDED:
        buf_printf(&text, "the permission of %s ended on ", by);
        put_local_date(s, a->until, &text);
        break;
    case STEP_NETWORK:
        buf_printf(&text, "%s is not in the networks that %s allowed on %s", ip, by, on);
        break;
    case STEP_HOURS:
    case STEP_ALLOWED:
        buf_printf(&text, "outside the hours that %s allowed: ", by);
        put_hours(a, &text);
        break;
    }
    buf_clear(&name);
    return buf_take(&text);
}

static char *allowance(const struct authorization *a)
{
    struct buf text = BUF_INIT(2048);
    char on[DATE_LEN];

    date_format(a->on, on);
    buf_printf(&text, "%s (%s) allowed it on %s", a->by, a->role, on);
    return buf_take(&text);
}

/* --- asking ----------------------------------------------------------------------------------------------------------- */

/* Whatever was excluded once stays excluded, also by a permission that has ended: never is stronger than any permission. */
static bool never_touch(const struct site *s, const struct ip *addr, struct permit *out)
{
    const struct cidr *net = addr != NULL ? containing(s->never, s->n_never, addr) : NULL;
    const struct authorization *by = NULL;
    char ip[IP_TEXT], text[CIDR_TEXT];

    for (size_t i = 0; i < s->n_authorizations && addr != NULL && net == NULL; i++) {
        by = &s->authorizations[i];
        net = containing(by->never, by->n_never, addr);
    }
    if (net == NULL)
        return false;
    ip_format(addr, ip);
    cidr_format(net, text);
    out->do_not_touch = true;
    out->reason = by != NULL ? xasprintf("%s lies in %s, which %s (%s) excluded: never touched", ip, text, by->by, by->role)
                             : xasprintf("%s lies in %s, which the site file excludes: never touched", ip, text);
    return true;
}

/* Plain text: a bracket or backslash in an entry means itself. */
static bool name_meets(const char *pattern, const char *name)
{
    char first[254];

    if (fnmatch(pattern, name, FNM_CASEFOLD | FNM_NOESCAPE) == 0)
        return true;
    size_t len = strcspn(name, ".");
    if (name[len] == '\0' || len >= sizeof(first) || strchr(pattern, '.') != NULL)
        return false;
    memcpy(first, name, len);
    first[len] = '\0';
    return fnmatch(pattern, first, FNM_CASEFOLD | FNM_NOESCAPE) == 0;
}

const char *permit_never_named(const struct site *s, const char *name, const char *mac)
{
    for (size_t i = 0; i < s->n_never_names && name != NULL; i++) {
        if (name_meets(s->never_names[i], name))
            return s->never_names[i];
    }
    for (size_t i = 0; i < s->n_never_macs && mac != NULL; i++) {
        uint64_t bits = 0;
        unsigned n_bits = 0;
        if (mac_prefix_parse(s->never_macs[i], &bits, &n_bits) && mac_prefix_holds(bits, n_bits, mac))
            return s->never_macs[i];
    }
    return NULL;
}

static void ask_authorizations(const struct site *s, const char *method, const struct ip *addr, int64_t now, struct permit *out)
{
    const struct authorization *nearest = NULL;
    enum step farthest = STEP_METHOD;

    for (size_t i = 0; i < s->n_authorizations; i++) {
        const struct authorization *a = &s->authorizations[i];
        enum step step = judge(s, a, method, addr, now);
        int64_t end = step == STEP_ALLOWED ? ends(s, a, now) : 0;
        if (step == STEP_ALLOWED && (!out->allowed || end > out->until)) {
            out->allowed = true;
            out->by = a;
            out->until = end;
        }
        if (nearest == NULL || step > farthest) {
            nearest = a;
            farthest = step;
        }
    }
    if (out->allowed)
        out->reason = allowance(out->by);
    else if (nearest != NULL)
        out->reason = refusal(s, nearest, farthest, method, addr);
    else
        out->reason = xstrdup("site.yaml has no authorization: nobody has allowed anything yet");
}

void permit_ask(const struct site *s, const char *method, const struct ip *addr, int64_t now, struct permit *out)
{
    *out = (struct permit){ .until = now };
    if (never_touch(s, addr, out))
        return;
    bool file = strcmp(method, "file") == 0, public_dns = strcmp(method, "dns") == 0 && addr == NULL;
    if (s->owner_authorized || file || public_dns) {
        out->allowed = true;
        out->until = INT64_MAX;
        out->reason = xstrdup(s->owner_authorized ? "the site is our own" : file ? "a file that was handed over: nothing is asked of the clinic"
                                                                            : "public records of the DNS and of registries: nothing is asked of the clinic");
        return;
    }
    ask_authorizations(s, method, addr, now, out);
}

void permit_clear(struct permit *p)
{
    free(p->reason);
    *p = (struct permit){ 0 };
}

bool permit_holds(const struct site *s, const struct authorization *a, const char *method, int64_t now)
{
    return judge(s, a, method, NULL, now) == STEP_ALLOWED;
}

/* --- what the worker is told ------------------------------------------------------------------------------------------- */

static void add_networks(struct job *job, char sign, const struct cidr *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char text[CIDR_TEXT], key[CIDR_TEXT + 2];
        cidr_format(&v[i], text);
        (void)snprintf(key, sizeof(key), "%c%s", sign, text);
        job_add_str(job, "permit", key);
    }
}

void permit_to_job_at(const struct site *s, const struct ip *addrs, size_t n, struct job *job)
{
    add_networks(job, '-', s->never, s->n_never);
    for (size_t i = 0; i < s->n_authorizations; i++)
        add_networks(job, '-', s->authorizations[i].never, s->authorizations[i].n_never);
    for (size_t i = 0; i < n; i++) {
        const struct cidr only = { .ip = addrs[i], .len = addrs[i].family == 4 ? 32 : 128 };
        add_networks(job, '+', &only, 1);
    }
}

void permit_to_job(const struct site *s, const char *method, int64_t now, struct job *job)
{
    add_networks(job, '-', s->never, s->n_never);
    if (s->owner_authorized) {
        job_add_str(job, "permit", "+0.0.0.0/0");
        job_add_str(job, "permit", "+::/0");
    }
    for (size_t i = 0; i < s->n_authorizations; i++) {
        const struct authorization *a = &s->authorizations[i];
        add_networks(job, '-', a->never, a->n_never);
        if (judge(s, a, method, NULL, now) == STEP_ALLOWED)
            add_networks(job, '+', a->networks, a->n_networks);
    }
}

/* --- two files ----------------------------------------------------------------------------------------------------------- */

static bool same_networks(const struct cidr *a, size_t n_a, const struct cidr *b, size_t n_b)
{
    bool same = n_a == n_b;

    for (size_t i = 0; i < n_a && same; i++) {
        char x[CIDR_TEXT], y[CIDR_TEXT];
        cidr_format(&a[i], x);
        cidr_format(&b[i], y);
        same = strcmp(x, y) == 0;
    }
    return same;
}

static bool same_authorization(const struct authorization *a, const struct authorization *b)
{
    bool same = strcmp(a->by, b->by) == 0 && strcmp(a->role, b->role) == 0 && a->on == b->on && a->until == b->until && a->n_methods == b->n_methods &&
                a->n_hours == b->n_hours && same_networks(a->networks, a->n_networks, b->networks, b->n_networks) &&
                same_networks(a->never, a->n_never, b->never, b->n_never);

    for (size_t i = 0; same && i < a->n_methods; i++)
        same = strcmp(a->methods[i], b->methods[i]) == 0;
    for (size_t i = 0; same && i < a->n_hours; i++)
        same = a->hours[i].days == b->hours[i].days && a->hours[i].from_min == b->hours[i].from_min && a->hours[i].to_min == b->hours[i].to_min;
    return same;
}

static bool same_texts(const char *const *a, size_t n_a, const char *const *b, size_t n_b)
{
    bool same = n_a == n_b;

    for (size_t i = 0; i < n_a && same; i++)
        same = strcmp(a[i], b[i]) == 0;
    return same;
}

bool permit_same(const struct site *a, const struct site *b)
{
    bool same = a->owner_authorized == b->owner_authorized && strcmp(a->timezone, b->timezone) == 0 && a->n_authorizations == b->n_authorizations &&
                same_networks(a->never, a->n_never, b->never, b->n_never) && same_texts(a->never_names, a->n_never_names, b->never_names, b->n_never_names) &&
                same_texts(a->never_macs, a->n_never_macs, b->never_macs, b->n_never_macs);

    for (size_t i = 0; same && i < a->n_authorizations; i++)
        same = same_authorization(&a->authorizations[i], &b->authorizations[i]);
    return same;
}

/* --- the line at the head of a report ----------------------------------------------------------------------------------- */

static void summarize(const struct site *s, const struct authorization *a, struct buf *out)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct tm tm;

    const char *of = a->organization != NULL && s->codename != NULL && s->stage == STAGE_DILIGENCE ? "the clinic" : a->organization;      /* a codename hides whose it is */

    buf_printf(out, "%s%s%s", a->role, of != NULL ? " of " : "", of != NULL ? of : "");
    if (a->until != 0) {
        clock_local(s->timezone, a->until, &tm);
        buf_printf(out, ", to %d %s", tm.tm_mday, months[tm.tm_mon]);
    }
    buf_puts(out, ":");
    for (size_t i = 0; i < a->n_methods; i++)
        buf_printf(out, " %s", a->methods[i]);
    if (a->n_hours > 0) {
        buf_puts(out, "; ");
        put_hours(a, out);
    }
}

void permit_summary(const struct site *s, int64_t now, struct buf *out)
{
    size_t told = 0;

    if (s->owner_authorized) {
        buf_puts(out, "the site is our own");
        return;
    }
    int64_t today = local_day(site_time(s, now));
    for (size_t i = 0; i < s->n_authorizations; i++) {
        const struct authorization *a = &s->authorizations[i];
        if (today < a->on || (a->until != 0 && now > a->until))
            continue;
        buf_puts(out, told++ > 0 ? " | " : "");
        summarize(s, a, out);
    }
    if (told == 0)
        buf_puts(out, s->n_authorizations > 0 ? "none holds today" : "none");
}
