/* Entries of directories to rows: every decoder, Active Directory's bits and times, and what stays unknown. */
#include "lib/cmocka_all.h"
#include <string.h>
#include "base/mem.h"
#include "fact/table_directory_accounts.h"
#include "probes/ldap/ldap_parse.h"

/* --- building entries -------------------------------------------------------------------------------------------------- */

struct sample {
    struct ldap_attribute attributes[LDAP_ENTRY_ATTRIBUTES];
    struct ldap_value values[LDAP_ENTRY_ATTRIBUTES];
    struct ldap_entry e;
};

static void sample_start(struct sample *s, const char *dn)
{
    memset(s, 0, sizeof(*s));
    s->e.dn = dn;
    s->e.attributes = s->attributes;
}

static void sample_bytes(struct sample *s, const char *name, const void *p, size_t len)
{
    size_t i = s->e.n++;

    s->values[i] = (struct ldap_value){ p, len };
    s->attributes[i] = (struct ldap_attribute){ name, &s->values[i], 1 };
}

static void sample_add(struct sample *s, const char *name, const char *value)
{
    sample_bytes(s, name, value, strlen(value));
}

static void sample_values(struct sample *s, const char *name, const struct ldap_value *values, size_t n)
{
    s->attributes[s->e.n++] = (struct ldap_attribute){ name, values, n };
}

#define V(text) { text, sizeof(text) - 1 }

static struct fact_row row;
static struct ldap_account_texts texts;
static struct ldap_account_counts counts;

static bool parse(enum ldap_flavour f, const struct sample *s)
{
    memset(&counts, 0, sizeof(counts));
    return ldap_account_parse(f, &s->e, &row, &texts, &counts);
}

static void assert_text(int column, const char *want)
{
    char *got;

    if (want == NULL) {
        assert_int_equal(row.v[column].kind, FACT_KIND_NULL);
        return;
    }
    assert_int_equal(row.v[column].kind, FACT_KIND_TEXT);
    got = xstrndup(row.v[column].s, row.v[column].len);
    assert_string_equal(got, want);
    free(got);
}

#define UNKNOWN (-1)
static void assert_flag(int column, int want)
{
    assert_int_equal(row.v[column].kind, want == UNKNOWN ? FACT_KIND_NULL : FACT_KIND_INTEGER);
    if (want != UNKNOWN)
        assert_int_equal(row.v[column].i, want);
}

/* --- decoders ---------------------------------------------------------------------------------------------------------- */

static void generalized_time(void **state)
{
    static const struct { const char *text; bool good; int64_t t; } cases[] = {
        { "20240229120000Z", true, 1709208000 },
        { "20240229120000.0Z", true, 1709208000 },
        { "20240229120000.123456Z", true, 1709208000 },
        { "20240229120000,5Z", true, 1709208000 },
        { "2024022912Z", true, 1709208000 },
        { "202402291200Z", true, 1709208000 },
        { "20240229130000+0100", true, 1709208000 },
        { "20240229063000-0530", true, 1709208000 },
        { "20240229110000-01", true, 1709208000 },
        { "19700101000000Z", true, 0 },
        { "20161231235960Z", true, 1483228799 },
        { "20230229120000Z", false, 0 },
        { "20241301000000Z", false, 0 },
        { "20240100000000Z", false, 0 },
        { "20240101240000Z", false, 0 },
        { "20240101006000Z", false, 0 },
        { "000001010000Z", false, 0 },
        { "20240229120000", false, 0 },
        { "20240229120000X", false, 0 },
        { "20240229120000Zz", false, 0 },
        { "20240229120000+9900", false, 0 },
        { "", false, 0 },
        { "Z", false, 0 },
        { "2024022912000a0000000000000000000000000Z", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        const struct ldap_value v = { cases[i].text, strlen(cases[i].text) };
        int64_t t = 77;

        if (ldap_time_parse(&v, &t) != cases[i].good)
            fail_msg("%s", cases[i].text);
        if (cases[i].good && t != cases[i].t)
            fail_msg("%s: %lld", cases[i].text, (long long)t);
    }
}

static void filetime(void **state)
{
    static const struct { const char *text; bool good; int64_t t; } cases[] = {
        { "133536816000000000", true, 1709208000 },
        { "116444736000000000", true, 0 },
        { "1", true, -11644473600 },
        { "0", false, 0 },
        { "-1", false, 0 },
        { "9223372036854775807", false, 0 },
        { "9223372036854775808", false, 0 },
        { "2650467744000000000", false, 0 },     /* the first second of year 10000 */
        { "2650467743999999999", true, 253402300799 },
        { " 1", false, 0 },
        { "", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        const struct ldap_value v = { cases[i].text, strlen(cases[i].text) };
        int64_t t = 77;

        if (ldap_filetime_parse(&v, &t) != cases[i].good || (cases[i].good && t != cases[i].t))
            fail_msg("%s: %lld", cases[i].text, (long long)t);
    }
}

static void guid_and_sid(void **state)
{
    /* the example of MS-DTYP: bytes as Active Directory sends them */
    static const uint8_t guid[16] = { 0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff };
    static const uint8_t sid[28] = { 1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 0x01, 0x02, 0x03, 0x04, 0xff, 0xff, 0xff, 0xff, 9, 0, 0, 0, 0xf4, 1, 0, 0 };
    const struct ldap_value g = { (const char *)guid, 16 }, short_guid = { (const char *)guid, 15 };
    const struct ldap_value s = { (const char *)sid, 28 }, cut = { (const char *)sid, 27 }, head = { (const char *)sid, 7 };
    uint8_t many[8 + 4 * 16] = { 1, 16 };
    const struct ldap_value too_many = { (const char *)many, sizeof(many) };
    uint8_t full[8 + 4 * 15] = { 1, 15 };
    char guid_text[37], sid_text[192];

    (void)state;
    assert_true(ldap_guid_text(&g, guid_text));
    assert_string_equal(guid_text, "00112233-4455-6677-8899-aabbccddeeff");
    assert_false(ldap_guid_text(&short_guid, guid_text));
    assert_true(ldap_sid_text(&s, sid_text));
    assert_string_equal(sid_text, "S-1-5-21-67305985-4294967295-9-500");
    assert_false(ldap_sid_text(&cut, sid_text));
    assert_false(ldap_sid_text(&head, sid_text));
    assert_false(ldap_sid_text(&too_many, sid_text));
    memset(full + 2, 0xff, sizeof(full) - 2);
    const struct ldap_value longest = { (const char *)full, sizeof(full) };
    assert_true(ldap_sid_text(&longest, sid_text));
    assert_int_equal(strlen(sid_text), strlen("S-1-281474976710655") + 15 * strlen("-4294967295"));
}

/* --- Active Directory -------------------------------------------------------------------------------------------------- */

static void ad_user(void **state)
{
    static const uint8_t guid[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    static const struct ldap_value classes[] = { V("top"), V("person"), V("organizationalPerson"), V("user") };
    struct sample s;

    (void)state;
    sample_start(&s, "CN=Ana,DC=clinic,DC=example");
    sample_values(&s, "objectClass", classes, 4);
    sample_bytes(&s, "objectGUID", guid, 16);
    sample_add(&s, "sAMAccountName", "ana");
    sample_add(&s, "userPrincipalName", "ana@clinic.example");
    sample_add(&s, "displayName", "Ana");
    sample_add(&s, "userAccountControl", "66048");       /* 0x10200: normal, never expires */
    sample_add(&s, "msDS-User-Account-Control-Computed", "16");
    sample_add(&s, "pwdLastSet", "133536816000000000");
    sample_add(&s, "lastLogonTimestamp", "0");
    sample_add(&s, "accountExpires", "9223372036854775807");
    sample_add(&s, "whenCreated", "20240229120000.0Z");
    assert_true(parse(LDAP_FLAVOUR_AD, &s));
    assert_text(DIRECTORY_ACCOUNTS_ID, "04030201-0605-0807-090a-0b0c0d0e0f10");
    assert_text(DIRECTORY_ACCOUNTS_DN, "CN=Ana,DC=clinic,DC=example");
    assert_text(DIRECTORY_ACCOUNTS_LOGIN, "ana");
    assert_text(DIRECTORY_ACCOUNTS_UPN, "ana@clinic.example");
    assert_text(DIRECTORY_ACCOUNTS_KIND, "user");
    assert_flag(DIRECTORY_ACCOUNTS_ENABLED, 1);
    assert_flag(DIRECTORY_ACCOUNTS_LOCKED, 1);
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_NEVER_EXPIRES, 1);
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_NOT_REQUIRED, 0);
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, 0);
    assert_flag(DIRECTORY_ACCOUNTS_HAS_SPN, 0);
    assert_flag(DIRECTORY_ACCOUNTS_ADMIN_COUNT, 0);
    assert_text(DIRECTORY_ACCOUNTS_PASSWORD_SET_AT, "2024-02-29T12:00:00Z");
    assert_text(DIRECTORY_ACCOUNTS_CREATED_AT, "2024-02-29T12:00:00Z");
    assert_text(DIRECTORY_ACCOUNTS_LAST_LOGON_AT, NULL);
    assert_text(DIRECTORY_ACCOUNTS_EXPIRES_AT, NULL);
    assert_text(DIRECTORY_ACCOUNTS_SID, NULL);
    assert_int_equal(counts.rows, 1);
    assert_int_equal(counts.no_id, 0);
}

/* Each bit alone sets its own column and no other. */
static void ad_bits(void **state)
{
    static const struct { const char *value; int column; int on; } cases[] = {
        { "514", DIRECTORY_ACCOUNTS_ENABLED, 0 },
        { "544", DIRECTORY_ACCOUNTS_PASSWORD_NOT_REQUIRED, 1 },
        { "66048", DIRECTORY_ACCOUNTS_PASSWORD_NEVER_EXPIRES, 1 },
        { "524800", DIRECTORY_ACCOUNTS_TRUSTED_FOR_DELEGATION, 1 },
        { "2097664", DIRECTORY_ACCOUNTS_DES_ONLY, 1 },
        { "4194816", DIRECTORY_ACCOUNTS_PREAUTH_NOT_REQUIRED, 1 },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct sample s;

        sample_start(&s, "CN=x");
        sample_add(&s, "userAccountControl", cases[i].value);
        assert_true(parse(LDAP_FLAVOUR_AD, &s));
        for (size_t j = 0; j < N_ELEMENTS(cases); j++)
            assert_flag(cases[j].column, i == j ? cases[j].on : !cases[j].on);
    }
}

/* A password that was never set must be changed, unless it never expires; without the control word that is not known. */
static void ad_must_change(void **state)
{
    static const struct { const char *control, *set; int want; } cases[] = {
        { "512", "0", 1 }, { "512", "133536816000000000", 0 }, { "66048", "0", 0 }, { NULL, "0", UNKNOWN },
        { NULL, "133536816000000000", 0 }, { "512", NULL, UNKNOWN }, { "512", "-1", UNKNOWN },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct sample s;

        sample_start(&s, "CN=x");
        if (cases[i].control != NULL)
            sample_add(&s, "userAccountControl", cases[i].control);
        if (cases[i].set != NULL)
            sample_add(&s, "pwdLastSet", cases[i].set);
        assert_true(parse(LDAP_FLAVOUR_AD, &s));
        assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, cases[i].want);
    }
}

/* A control word that is 0, absent or no number says nothing, above all not "enabled". */
static void ad_control_unknown(void **state)
{
    static const char *const values[] = { "0", NULL, "yes", "99999999999", "" };
    static const int columns[] = { DIRECTORY_ACCOUNTS_ENABLED, DIRECTORY_ACCOUNTS_LOCKED, DIRECTORY_ACCOUNTS_PASSWORD_NEVER_EXPIRES,
                                   DIRECTORY_ACCOUNTS_PASSWORD_NOT_REQUIRED, DIRECTORY_ACCOUNTS_HAS_SPN, DIRECTORY_ACCOUNTS_PREAUTH_NOT_REQUIRED,
                                   DIRECTORY_ACCOUNTS_DES_ONLY, DIRECTORY_ACCOUNTS_TRUSTED_FOR_DELEGATION, DIRECTORY_ACCOUNTS_ADMIN_COUNT };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(values); i++) {
        struct sample s;

        sample_start(&s, "CN=x");
        if (values[i] != NULL)
            sample_add(&s, "userAccountControl", values[i]);
        sample_add(&s, "msDS-User-Account-Control-Computed", "0");
        assert_true(parse(LDAP_FLAVOUR_AD, &s));
        for (size_t j = 0; j < N_ELEMENTS(columns); j++)
            assert_flag(columns[j], UNKNOWN);
        assert_int_equal(counts.no_control, 1);
        assert_int_equal(counts.no_id, 1);
    }
}

static void ad_kinds(void **state)
{
    static const struct ldap_value gmsa[] = { V("top"), V("computer"), V("msDS-GroupManagedServiceAccount") };
    static const struct ldap_value user[] = { V("top"), V("person"), V("user") };
    static const struct ldap_value computer[] = { V("top"), V("user"), V("computer") };
    struct sample s;

    (void)state;
    sample_start(&s, "CN=x");
    sample_values(&s, "objectClass", gmsa, 3);
    assert_true(parse(LDAP_FLAVOUR_AD, &s));
    assert_text(DIRECTORY_ACCOUNTS_KIND, "service");

    sample_start(&s, "CN=x");
    sample_values(&s, "objectClass", user, 3);
    sample_add(&s, "servicePrincipalName", "MSSQLSvc/db:1433");
    sample_add(&s, "userAccountControl", "512");
    sample_add(&s, "adminCount", "1");
    sample_add(&s, "pwdLastSet", "0");
    assert_true(parse(LDAP_FLAVOUR_AD, &s));
    assert_text(DIRECTORY_ACCOUNTS_KIND, "service");
    assert_flag(DIRECTORY_ACCOUNTS_HAS_SPN, 1);
    assert_flag(DIRECTORY_ACCOUNTS_ADMIN_COUNT, 1);
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, 1);
    assert_flag(DIRECTORY_ACCOUNTS_LOCKED, UNKNOWN);

    sample_start(&s, "CN=x");
    sample_values(&s, "objectClass", computer, 3);
    assert_true(parse(LDAP_FLAVOUR_AD, &s));
    assert_text(DIRECTORY_ACCOUNTS_KIND, "computer");

    sample_start(&s, "CN=x");
    assert_true(parse(LDAP_FLAVOUR_AD, &s));
    assert_text(DIRECTORY_ACCOUNTS_KIND, NULL);
}

static void ad_trust_account_is_none(void **state)
{
    struct sample s;

    (void)state;
    sample_start(&s, "CN=OTHER$,CN=Users");
    sample_add(&s, "sAMAccountName", "OTHER$");
    sample_add(&s, "userAccountControl", "2080");        /* 0x820 */
    assert_false(parse(LDAP_FLAVOUR_AD, &s));
    assert_int_equal(counts.rows, 0);
    assert_int_equal(counts.skipped_trusts, 1);
}

/* --- other directories ------------------------------------------------------------------------------------------------- */

static void other_user(void **state)
{
    static const struct ldap_value classes[] = { V("inetOrgPerson"), V("posixAccount") };
    struct sample s;

    (void)state;
    sample_start(&s, "uid=ana,dc=x");
    sample_values(&s, "objectClass", classes, 2);
    sample_add(&s, "entryUUID", "00000000-0000-4000-8000-000000000001");
    sample_add(&s, "uid", "ana");
    sample_add(&s, "cn", "Ana Adler");
    sample_add(&s, "uidNumber", "0");
    sample_add(&s, "pwdChangedTime", "20240229120000Z");
    sample_add(&s, "pwdLastSuccess", "20240229120000Z");
    sample_add(&s, "authTimestamp", "20240301120000Z");
    sample_add(&s, "shadowMax", "99999");                /* the policy governs, not this */
    assert_true(parse(LDAP_FLAVOUR_OTHER, &s));
    assert_text(DIRECTORY_ACCOUNTS_ID, "00000000-0000-4000-8000-000000000001");
    assert_text(DIRECTORY_ACCOUNTS_LOGIN, "ana");
    assert_text(DIRECTORY_ACCOUNTS_DISPLAY_NAME, "Ana Adler");
    assert_text(DIRECTORY_ACCOUNTS_KIND, "user");
    assert_text(DIRECTORY_ACCOUNTS_LAST_LOGON_AT, "2024-03-01T12:00:00Z");
    assert_text(DIRECTORY_ACCOUNTS_PASSWORD_SET_AT, "2024-02-29T12:00:00Z");
    assert_flag(DIRECTORY_ACCOUNTS_UID_NUMBER, 0);
    assert_flag(DIRECTORY_ACCOUNTS_ENABLED, 1);
    assert_flag(DIRECTORY_ACCOUNTS_LOCKED, 0);
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, 0);
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_NEVER_EXPIRES, UNKNOWN);
    assert_flag(DIRECTORY_ACCOUNTS_HAS_SPN, UNKNOWN);
    assert_flag(DIRECTORY_ACCOUNTS_ADMIN_COUNT, UNKNOWN);
}

static void other_locks(void **state)
{
    static const struct { const char *name, *value; int enabled, locked; } cases[] = {
        { "pwdAccountLockedTime", "000001010000Z", 0, 1 },
        { "pwdAccountLockedTime", "20240229120000Z", UNKNOWN, UNKNOWN },
        { "nsAccountLock", "true", 0, UNKNOWN },
        { "nsAccountLock", "FALSE", 1, UNKNOWN },
        { "nsAccountLock", "maybe", UNKNOWN, UNKNOWN },
        { "cn", "x", UNKNOWN, UNKNOWN },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct sample s;

        sample_start(&s, "uid=x");
        sample_add(&s, cases[i].name, cases[i].value);
        assert_true(parse(LDAP_FLAVOUR_OTHER, &s));
        assert_flag(DIRECTORY_ACCOUNTS_ENABLED, cases[i].enabled);
        assert_flag(DIRECTORY_ACCOUNTS_LOCKED, cases[i].locked);
    }
}

static void other_shadow(void **state)
{
    struct sample s;

    (void)state;
    sample_start(&s, "uid=x");
    sample_add(&s, "shadowLastChange", "19723");
    sample_add(&s, "shadowMax", "90");
    sample_add(&s, "shadowExpire", "20819");
    assert_true(parse(LDAP_FLAVOUR_OTHER, &s));
    assert_text(DIRECTORY_ACCOUNTS_PASSWORD_SET_AT, "2024-01-01T00:00:00Z");
    assert_text(DIRECTORY_ACCOUNTS_EXPIRES_AT, "2027-01-01T00:00:00Z");
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_NEVER_EXPIRES, 0);
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, 0);

    sample_start(&s, "uid=x");
    sample_add(&s, "shadowLastChange", "0");
    sample_add(&s, "shadowMax", "-1");
    sample_add(&s, "shadowExpire", "99999999");
    assert_true(parse(LDAP_FLAVOUR_OTHER, &s));
    assert_text(DIRECTORY_ACCOUNTS_PASSWORD_SET_AT, NULL);
    assert_text(DIRECTORY_ACCOUNTS_EXPIRES_AT, NULL);
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_NEVER_EXPIRES, 1);
    assert_flag(DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, 1);
}

static void other_kinds(void **state)
{
    static const struct ldap_value account[] = { V("account"), V("simpleSecurityObject") };
    struct sample s;

    (void)state;
    sample_start(&s, "uid=fax");
    sample_values(&s, "objectClass", account, 2);
    sample_add(&s, "uid", "fax");
    assert_true(parse(LDAP_FLAVOUR_OTHER, &s));
    assert_text(DIRECTORY_ACCOUNTS_KIND, "service");

    sample_start(&s, "uid=pc1$");
    sample_values(&s, "objectClass", account, 2);
    sample_add(&s, "uid", "pc1$");
    assert_true(parse(LDAP_FLAVOUR_OTHER, &s));
    assert_text(DIRECTORY_ACCOUNTS_KIND, "computer");
}

/* --- the root DSE ------------------------------------------------------------------------------------------------------ */

static void root_of_active_directory(void **state)
{
    static const struct ldap_value capabilities[] = { V("1.2.840.113556.1.4.800"), V("1.2.840.113556.1.4.1670") };
    static const struct ldap_value contexts[] = { V("DC=clinic,DC=example"), V("CN=Configuration,DC=clinic,DC=example") };
    static const struct ldap_value controls[] = { V("1.2.840.113556.1.4.319") };
    static const struct ldap_value mechanisms[] = { V("GSSAPI"), V("EXTERNAL"), V("DIGEST-MD5") };
    static const struct ldap_value versions[] = { V("2"), V("3") };
    struct sample s;
    struct ldap_root r;

    (void)state;
    sample_start(&s, "");
    sample_values(&s, "supportedCapabilities", capabilities, 2);
    sample_values(&s, "namingContexts", contexts, 2);
    sample_values(&s, "supportedControl", controls, 1);
    sample_values(&s, "supportedSASLMechanisms", mechanisms, 3);
    sample_values(&s, "supportedLDAPVersion", versions, 2);
    sample_add(&s, "defaultNamingContext", "DC=clinic,DC=example");
    sample_add(&s, "domainFunctionality", "7");
    sample_add(&s, "forestFunctionality", "minus one");
    sample_add(&s, "currentTime", "20240229120000.0Z");
    sample_add(&s, "supportedExtension", "1.3.6.1.4.1.1466.20036");
    ldap_root_init(&r);
    ldap_root_parse(&r, &s.e);
    assert_true(r.seen);
    assert_int_equal(r.flavour, LDAP_FLAVOUR_AD);
    assert_string_equal(r.product, "active-directory");
    assert_string_equal(r.naming_context, "DC=clinic,DC=example");
    assert_string_equal(r.sasl_mechanisms, "DIGEST-MD5 EXTERNAL GSSAPI");
    assert_int_equal(r.domain_level, 7);
    assert_int_equal(r.forest_level, -1);
    assert_int_equal(r.dc_level, -1);
    assert_int_equal(r.protocol_version, 3);
    assert_int_equal(r.start_tls, 0);
    assert_int_equal(r.paged_results, 1);
    assert_true(r.has_time);
    assert_int_equal(r.current_time, 1709208000);
    sample_add(&s, "vendorName", "Samba Team (https://www.samba.org)");
    ldap_root_parse(&r, &s.e);
    assert_string_equal(r.product, "samba-ad");
    assert_int_equal(r.flavour, LDAP_FLAVOUR_AD);
    ldap_root_clear(&r);
}

static void root_of_others(void **state)
{
    static const struct { const char *name, *value, *product; } cases[] = {
        { "objectClass", "OpenLDAProotDSE", "openldap" },
        { "structuralObjectClass", "openldaprootdse", "openldap" },
        { "vendorName", "389 Project", "389-ds" },
        { "ipaDomainLevel", "1", "freeipa" },
        { "supportedCapabilities", "1.2.840.113556.1.4.1851", "ad-lds" },
        { "vendorName", "Somebody", NULL },
    };
    static const struct ldap_value contexts[] = { V("cn=config"), V(""), V("dc=clinic,dc=example"), V("dc=other") };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct sample s;
        struct ldap_root r;

        sample_start(&s, "");
        sample_add(&s, cases[i].name, cases[i].value);
        sample_values(&s, "namingContexts", contexts, 4);
        ldap_root_init(&r);
        ldap_root_parse(&r, &s.e);
        assert_int_equal(r.flavour, LDAP_FLAVOUR_OTHER);
        if (cases[i].product == NULL)
            assert_null(r.product);
        else
            assert_string_equal(r.product, cases[i].product);
        assert_string_equal(r.naming_context, "dc=clinic,dc=example");
        assert_int_equal(r.start_tls, -1);
        assert_int_equal(r.paged_results, -1);
        assert_null(r.sasl_mechanisms);
        assert_false(r.has_time);
        ldap_root_clear(&r);
    }
}

/* What must never be asked for, in any case. */
static void lists_hold_nothing_private(void **state)
{
    static const char *const forbidden[] = { "description", "info", "comment", "userPassword", "unicodePwd", "ms-Mcs-AdmPwd", "msLAPS-Password",
                                             "msLAPS-EncryptedPassword", "msFVE-RecoveryPassword", "sambaNTPassword", "krbPrincipalKey", "*", "+" };
    const char *const *lists[] = { ldap_root_attributes, ldap_ad_account_attributes, ldap_other_account_attributes };

    (void)state;
    for (size_t l = 0; l < N_ELEMENTS(lists); l++) {
        size_t n = 0;

        for (; lists[l][n] != NULL; n++)
            for (size_t f = 0; f < N_ELEMENTS(forbidden); f++)
                assert_int_not_equal(strcasecmp(lists[l][n], forbidden[f]), 0);
        assert_in_range(n, 1, LDAP_ENTRY_ATTRIBUTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generalized_time), cmocka_unit_test(filetime), cmocka_unit_test(guid_and_sid), cmocka_unit_test(ad_user),
        cmocka_unit_test(ad_bits), cmocka_unit_test(ad_must_change), cmocka_unit_test(ad_control_unknown), cmocka_unit_test(ad_kinds), cmocka_unit_test(ad_trust_account_is_none),
        cmocka_unit_test(other_user), cmocka_unit_test(other_locks), cmocka_unit_test(other_shadow), cmocka_unit_test(other_kinds),
        cmocka_unit_test(root_of_active_directory), cmocka_unit_test(root_of_others), cmocka_unit_test(lists_hold_nothing_private),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
