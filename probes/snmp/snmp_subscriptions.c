/* Rows of `subscriptions`: contracts and signatures of Fortinet's firewalls, signatures of Palo Alto's. Pure. */
#include "probes/snmp/snmp_dates.h"
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_subscriptions.h"

enum { PART_CONTRACTS, PART_FORTINET, PART_PALO_ALTO, PARTS };

enum { CONTRACT_NAME, CONTRACT_ENDS };
static const char *const contract_objects[] = { "1.3.6.1.4.1.12356.101.4.6.3.1.2.1.1", "1.3.6.1.4.1.12356.101.4.6.3.1.2.1.2" };      /* fgLicContractDesc, Expiry */
static const char *const fortinet_objects[] = { "1.3.6.1.4.1.12356.101.4.2.1.0", "1.3.6.1.4.1.12356.101.4.2.2.0" };                  /* fgSysVersionAv, fgSysVersionIps */
static const char *const pan_objects[] = { "1.3.6.1.4.1.25461.2.1.2.1.7.0", "1.3.6.1.4.1.25461.2.1.2.1.8.0", "1.3.6.1.4.1.25461.2.1.2.1.9.0" };    /* panSysAppVersion, AvVersion, ThreatVersion */
static const char *const fortinet_names[] = { "antivirus", "intrusion prevention" }, *const pan_names[] = { "applications", "antivirus", "threats" };

static void begin(struct fact_row *row, const char *kind, const char *name)
{
    fact_row_init(row, &fact_subscriptions);
    fact_set_str(row, SUBSCRIPTIONS_KIND, kind);
    fact_set_str(row, SUBSCRIPTIONS_NAME, name);
}

/* The end is in the firewall's own time, whose zone it does not say: only its day is taken, from its first second. */
static void contract_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_CONTRACTS];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        int64_t day;
        const char *ends = snmp_text_at(t, i, CONTRACT_ENDS, mem);
        begin(&row, "contract", snmp_text_at(t, i, CONTRACT_NAME, mem));
        if (ends != NULL && (snmp_word_date(ends, &day) || snmp_us_date(ends, &day)))
            fact_set_str(&row, SUBSCRIPTIONS_EXPIRES_AT, snmp_date_text(day, mem));
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* "91.04218(2024-09-18 20:26)"; a version without a number above zero is that of signatures which were never loaded. */
static void signatures(const struct snmp_view *v, size_t part, const char *const *names, size_t n)
{
    const struct snmp_table *t = v->parts[part];
    for (size_t i = 0; i < n; i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        int64_t day;
        const char *s = snmp_words_at(t, 0, i, mem);
        size_t len = s != NULL ? strcspn(s, "(") : 0;
        if (s != NULL && strcspn(s, "123456789") < len) {
            begin(&row, "signatures", names[i]);
            fact_set_text(&row, SUBSCRIPTIONS_VERSION, s, len);
            if (s[len] == '(' && snmp_us_date(s + len + 1, &day) && !snmp_date_is_unset(day))
                fact_set_str(&row, SUBSCRIPTIONS_RELEASED_AT, snmp_date_text(day, mem));
            v->emit(v->arg, &row);
        }
        arena_free(mem);
    }
}

static void rows(const struct snmp_view *v)
{
    contract_rows(v);
    signatures(v, PART_FORTINET, fortinet_names, N_ELEMENTS(fortinet_names));
    signatures(v, PART_PALO_ALTO, pan_names, N_ELEMENTS(pan_names));
}

static const struct snmp_part parts[PARTS] = {
    [PART_CONTRACTS] = SNMP_COLUMNS_OF(snmp_fortinet, contract_objects, 500), [PART_FORTINET] = SNMP_SINGLES_OF(snmp_fortinet, fortinet_objects), [PART_PALO_ALTO] = SNMP_SINGLES_OF(snmp_palo_alto, pan_objects) };
const struct snmp_source snmp_subscriptions = { .table = &fact_subscriptions, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
