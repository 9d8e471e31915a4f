/* Every declaration keeps the contract's rules; reasons, states and methods have their words. */
#include "lib/cmocka_all.h"

#include "base/mem.h"
#include "fact/reason.h"
#include "fact/row.h"
#include "fact/table.h"
#include "fact/table_devices.h"
#include "fact/table_directories.h"
#include "fact/table_directory_accounts.h"
#include "fact/table_dkim_keys.h"
#include "fact/table_domain_registrations.h"
#include "fact/table_domains.h"
#include "fact/table_filesystems.h"
#include "fact/table_hosts.h"
#include "fact/table_interface_load.h"
#include "fact/table_interfaces.h"
#include "fact/table_listening_ports.h"
#include "fact/table_rdp_servers.h"
#include "fact/table_smb_servers.h"

static bool is_name(const char *s)
{
    return *s >= 'a' && *s <= 'z' && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(s);
}

static bool is_one_line(const char *s)
{
    return s && *s && !strchr(s, '\n');
}

static bool ends_with(const char *s, const char *end)
{
    return strlen(s) >= strlen(end) && strcmp(s + strlen(s) - strlen(end), end) == 0;
}

static void check_column(const struct fact_table *t, const struct fact_column *c)
{
    if (!c->name || !is_name(c->name))
        fail_msg("%s has a column named '%s'", t->name, c->name ? c->name : "(null)");
    assert_true(strlen(c->name) <= 63);              /* the canonical form's limit */
    if (!is_one_line(c->source) || !is_one_line(c->help))
        fail_msg("%s.%s lacks source or help", t->name, c->name);
    if (t->filled_by != FILLED_BY_PERSON && ends_with(c->name, "_at") != (c->type == FACT_TIMESTAMP) && !ends_with(c->name, "_not_after"))
        fail_msg("%s.%s: times end in _at", t->name, c->name);
    if ((ends_with(c->name, "_mbps") || ends_with(c->name, "_bytes") || ends_with(c->name, "_s") || ends_with(c->name, "_percent")) && !c->unit)
        fail_msg("%s.%s has a unit in its name only", t->name, c->name);
    /* names the store needs for itself */
    assert_string_not_equal(c->name, "collection_id");
    assert_string_not_equal(c->name, "key");
    assert_string_not_equal(c->name, "target");
}

static void test_declarations(void **state)
{
    (void)state;
    for (size_t i = 0; i < fact_n_tables; i++) {
        const struct fact_table *t = fact_tables[i];
        size_t keys = 0;
        assert_true(is_name(t->name) && is_one_line(t->summary));
        assert_true(t->n_columns <= FACT_MAX_COLUMNS);
        assert_true(t->filled_by);
        assert_ptr_equal(fact_table_find(t->name), t);
        assert_int_equal(fact_table_index(t), i);
        for (size_t c = 0; c < t->n_columns; c++) {
            check_column(t, &t->columns[c]);
            keys += (t->columns[c].flags & FACT_KEY) != 0;
            assert_int_equal(fact_column_find(t, t->columns[c].name), c);      /* and so no name stands twice */
        }
        assert_true(keys > 0);
    }
    assert_null(fact_table_find("no_such_table"));
    assert_null(fact_table_find(""));
    assert_int_equal(fact_column_find(&fact_hosts, "no_such_column"), -1);
}

/* The enum's place and the declared name belong together: spot checks at both ends and in the middle of each. */
static void test_places(void **state)
{
    static const struct {
        const struct fact_table *t;
        int place;
        const char *name;
        enum fact_type type;
    } rows[] = {
        { &fact_devices, DEVICES_SYS_NAME, "sys_name", FACT_TEXT }, { &fact_devices, DEVICES_BOOTED_AT, "booted_at", FACT_TIMESTAMP },
        { &fact_devices, DEVICES_SERIAL, "serial", FACT_TEXT }, { &fact_interfaces, INTERFACES_SPEED_MBPS, "speed_mbps", FACT_INTEGER },
        { &fact_interfaces, INTERFACES_MAC, "mac", FACT_MAC }, { &fact_interfaces, INTERFACES_COUNTERS_64BIT, "counters_64bit", FACT_BOOLEAN },
        { &fact_interface_load, INTERFACE_LOAD_BUSIER_PERCENT_P95, "busier_percent_p95", FACT_REAL }, { &fact_interface_load, INTERFACE_LOAD_IN_CLINIC_HOURS, "in_clinic_hours", FACT_BOOLEAN },
        { &fact_hosts, HOSTS_MEMORY_BYTES, "memory_bytes", FACT_INTEGER }, { &fact_hosts, HOSTS_CLOCK_OFFSET_S, "clock_offset_s", FACT_INTEGER },
        { &fact_filesystems, FILESYSTEMS_USED_PERCENT, "used_percent", FACT_REAL }, { &fact_filesystems, FILESYSTEMS_READ_ONLY, "read_only", FACT_BOOLEAN },
        { &fact_listening_ports, LISTENING_PORTS_ADDRESS, "address", FACT_ADDRESS }, { &fact_listening_ports, LISTENING_PORTS_PORT, "port", FACT_INTEGER },
        { &fact_directories, DIRECTORIES_SASL_MECHANISMS, "sasl_mechanisms", FACT_TEXT }, { &fact_directories, DIRECTORIES_PAGED_RESULTS, "paged_results", FACT_BOOLEAN },
        { &fact_directory_accounts, DIRECTORY_ACCOUNTS_ENABLED, "enabled", FACT_BOOLEAN },
        { &fact_directory_accounts, DIRECTORY_ACCOUNTS_LAST_LOGON_AT, "last_logon_at", FACT_TIMESTAMP },
        { &fact_directory_accounts, DIRECTORY_ACCOUNTS_MFA_REGISTERED, "mfa_registered", FACT_BOOLEAN },
        { &fact_domains, DOMAINS_DOMAIN, "domain", FACT_TEXT }, { &fact_domains, DOMAINS_SPF_LOOKUPS, "spf_lookups", FACT_INTEGER },
        { &fact_domains, DOMAINS_TLS_REPORTS, "tls_reports", FACT_TEXT }, { &fact_dkim_keys, DKIM_KEY_BITS, "key_bits", FACT_INTEGER },
        { &fact_domain_registrations, REGISTRATION_EXPIRES_AT, "expires_at", FACT_TIMESTAMP },
        { &fact_smb_servers, SMB_SIGNING_REQUIRED, "signing_required", FACT_BOOLEAN }, { &fact_smb_servers, SMB_DNS_FOREST_NAME, "dns_forest_name", FACT_TEXT },
        { &fact_rdp_servers, RDP_NLA_REQUIRED, "nla_required", FACT_BOOLEAN }, { &fact_rdp_servers, RDP_CERTIFICATE_SHA256, "certificate_sha256", FACT_TEXT },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        assert_string_equal(rows[i].t->columns[rows[i].place].name, rows[i].name);
        assert_int_equal(rows[i].t->columns[rows[i].place].type, rows[i].type);
    }
}

static bool is_personal(const struct fact_table *t, const char *column)
{
    return (t->columns[fact_column_find(t, column)].flags & FACT_PERSONAL) != 0;
}

static void test_personal_data_is_marked(void **state)
{
    static const char *const accounts[] = { "dn", "login", "upn", "mail", "display_name" };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(accounts); i++)
        assert_true(is_personal(&fact_directory_accounts, accounts[i]));
    assert_true(is_personal(&fact_devices, "contact"));
    assert_true(is_personal(&fact_hosts, "last_user"));
    assert_true(is_personal(&fact_domain_registrations, "organization"));
    assert_false(is_personal(&fact_interfaces, "name"));
}

static void test_reasons(void **state)
{
    (void)state;
    for (int r = REASON_NONE; r < REASON_COUNT; r++) {
        const struct reason_info *info = reason_info((enum reason)r);
        enum reason back;
        if (!info->name || !info->text || !info->action || !info->ask)
            fail_msg("reason %d has no words", r);
        assert_int_equal(strspn(info->name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(info->name));
        assert_true(reason_parse(info->name, &back));
        assert_int_equal(back, r);                       /* and so no name stands twice */
        assert_true(info->state < STATE_COUNT);
        if (r == REASON_NONE)
            continue;
        assert_true(is_one_line(info->text) && strlen(info->text) <= 45);
        assert_true(is_one_line(info->action) && ends_with(info->action, "."));
        /* who reads it types no commands */
        assert_true(is_one_line(info->ask) && ends_with(info->ask, "."));
        if (strchr(info->ask, '`') || strstr(info->ask, ".yaml") || strstr(info->ask, "--"))
            fail_msg("for a committee: %s", info->ask);
        assert_int_not_equal(info->state, STATE_COMPLETE);
    }
    assert_ptr_equal(reason_info((enum reason)999), reason_info(REASON_INTERNAL));
    assert_ptr_equal(reason_info((enum reason)-1), reason_info(REASON_INTERNAL));
    assert_false(reason_parse("no-such-reason", &(enum reason){ REASON_NONE }));
}

static void test_states_and_methods(void **state)
{
    static const char *const states[] = { "complete", "partial", "failed", "unsupported", "refused", "not-asked" };
    static const char *const methods[] = { "person", "document", "measured" };
    enum state s;
    enum method m;

    (void)state;
    assert_int_equal(N_ELEMENTS(states), STATE_COUNT);
    for (unsigned i = 0; i < STATE_COUNT; i++) {
        assert_string_equal(state_name((enum state)i), states[i]);
        assert_true(state_parse(states[i], &s));
        assert_int_equal(s, i);
    }
    assert_false(state_parse("Complete", &s));
    assert_int_equal(N_ELEMENTS(methods), METHOD_COUNT);
    for (unsigned i = 0; i < METHOD_COUNT; i++) {
        assert_string_equal(method_name((enum method)i), methods[i]);
        assert_true(method_parse(methods[i], &m));
        assert_int_equal(m, i);
    }
    assert_false(method_parse("", &m));
    assert_true(METHOD_PERSON < METHOD_DOCUMENT && METHOD_DOCUMENT < METHOD_MEASURED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declarations),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_personal_data_is_marked),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_states_and_methods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
