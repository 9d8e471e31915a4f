/* Accounts: an entry's attributes to a row of directory_accounts. Pure, over hostile bytes; runs in workers.
 * An attribute that did not come is unknown, not false: servers leave out what the reader may not see. */
#include "probes/ldap/ldap_parse.h"

#include <string.h>
#include "base/mem.h"
#include "fact/table_directory_accounts.h"

#define UAC_DISABLED 0x2u
#define UAC_LOCKED 0x10u                     /* only in msDS-User-Account-Control-Computed */
#define UAC_PASSWORD_NOT_REQUIRED 0x20u
#define UAC_TRUST_ACCOUNT 0x800u
#define UAC_PASSWORD_NEVER_EXPIRES 0x10000u
#define UAC_TRUSTED_FOR_DELEGATION 0x80000u
#define UAC_DES_ONLY 0x200000u
#define UAC_NO_PREAUTH 0x400000u

#define DAY_S 86400
#define SHADOW_DAYS_MAX 2932896              /* 9999-12-31 */
#define SHADOW_NEVER_EXPIRES 99999           /* what useradd writes for "never" */
#define LOCKED_FOR_EVER "000001010000Z"      /* pwdAccountLockedTime: by an administrator, until he unlocks it */

/* Never here: description, info, comment, userPassword, unicodePwd, LAPS and BitLocker attributes (design.md section 4). */
const char *const ldap_ad_account_attributes[] = {
    "objectClass", "objectGUID", "objectSid", "sAMAccountName", "userPrincipalName", "mail", "displayName", "userAccountControl",
    "msDS-User-Account-Control-Computed", "pwdLastSet", "lastLogonTimestamp", "accountExpires", "whenCreated", "adminCount",
    "servicePrincipalName", "uidNumber", NULL
};
const char *const ldap_other_account_attributes[] = {
    "objectClass", "entryUUID", "nsUniqueId", "uid", "cn", "mail", "displayName", "uidNumber", "createTimestamp", "pwdChangedTime",
    "pwdAccountLockedTime", "pwdReset", "pwdEndTime", "pwdLastSuccess", "authTimestamp", "lastLoginTime", "nsAccountLock", "shadowLastChange",
    "shadowMax", "shadowExpire", "krbLastPwdChange", "krbLastSuccessfulAuth", "krbPrincipalExpiration", NULL
};

const char *const *ldap_account_attributes(enum ldap_flavour f)
{
    return f == LDAP_FLAVOUR_AD ? ldap_ad_account_attributes : ldap_other_account_attributes;
}

const char *ldap_account_filter(enum ldap_flavour f)
{
    if (f == LDAP_FLAVOUR_AD)
        return "(|(&(objectCategory=person)(objectClass=user))(objectClass=msDS-GroupManagedServiceAccount)(objectClass=msDS-ManagedServiceAccount))";
    return "(|(objectClass=inetOrgPerson)(objectClass=posixAccount)(objectClass=account)(objectClass=nsPerson)(objectClass=simpleSecurityObject))";
}

const struct ldap_attribute *ldap_entry_find(const struct ldap_entry *e, const char *name)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->attributes[i].n > 0 && strcasecmp(e->attributes[i].name, name) == 0)
            return &e->attributes[i];
    }
    return NULL;
}

const struct ldap_value *ldap_entry_first(const struct ldap_entry *e, const char *name)
{
    const struct ldap_attribute *a = ldap_entry_find(e, name);

    return a == NULL ? NULL : &a->values[0];
}

/* --- small steps of a row -------------------------------------------------------------------------------------------- */

struct account {
    const struct ldap_entry *e;
    struct fact_row *row;
    struct ldap_account_texts *texts;
};

static bool has_class(const struct account *a, const char *name)
{
    const struct ldap_attribute *classes = ldap_entry_find(a->e, "objectClass");

    for (size_t i = 0; classes != NULL && i < classes->n; i++) {
        if (classes->values[i].len == strlen(name) && strncasecmp(classes->values[i].p, name, strlen(name)) == 0)
            return true;
    }
    return false;
}

static bool set_text(struct account *a, int column, const char *attribute)
{
    const struct ldap_value *v = ldap_entry_first(a->e, attribute);

    if (v == NULL || v->len == 0)
        return false;
    fact_set_text(a->row, column, v->p, v->len);
    return true;
}

static void set_time(struct account *a, int column, int64_t t)
{
    char *text;

    if (a->texts->n_times >= N_ELEMENTS(a->texts->times))
        BUG("more times than a row has");
    text = a->texts->times[a->texts->n_times++];
    iso_format(t, text);
    fact_set_str(a->row, column, text);
}

static bool get_int(const struct account *a, const char *attribute, int64_t *out)
{
    const struct ldap_value *v = ldap_entry_first(a->e, attribute);

    return v != NULL && ldap_int_parse(v, out);
}

static bool get_time(const struct account *a, const char *attribute, int64_t *out)
{
    const struct ldap_value *v = ldap_entry_first(a->e, attribute);

    return v != NULL && ldap_time_parse(v, out);
}

/* The first of these attributes that holds a time. */
static void set_first_time(struct account *a, int column, const char *const *attributes, size_t n)
{
    int64_t t;

    for (size_t i = 0; i < n; i++) {
        if (get_time(a, attributes[i], &t)) {
            set_time(a, column, t);
            return;
        }
    }
}

static void set_filetime(struct account *a, int column, const char *attribute)
{
    const struct ldap_value *v = ldap_entry_first(a->e, attribute);
    int64_t t;

    if (v != NULL && ldap_filetime_parse(v, &t))
        set_time(a, column, t);
}

static void set_uid_number(struct account *a)
{
    int64_t n;

    if (get_int(a, "uidNumber", &n))
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_UID_NUMBER, n);
}

/* --- Active Directory ------------------------------------------------------------------------------------------------ */

/* userAccountControl is a signed 32-bit number; 0 is what a server says to those who may not know. */
static uint32_t control_bits(const struct account *a, const char *attribute)
{
    int64_t n;

    if (!get_int(a, attribute, &n) || n < INT32_MIN || n > UINT32_MAX)
        return 0;
    return (uint32_t)n;
}

static void ad_control(struct account *a, uint32_t bits)
{
    static const struct { int column; uint32_t bit; } flags[] = {
        { DIRECTORY_ACCOUNTS_PASSWORD_NEVER_EXPIRES, UAC_PASSWORD_NEVER_EXPIRES },
        { DIRECTORY_ACCOUNTS_PASSWORD_NOT_REQUIRED, UAC_PASSWORD_NOT_REQUIRED },
        { DIRECTORY_ACCOUNTS_PREAUTH_NOT_REQUIRED, UAC_NO_PREAUTH },
        { DIRECTORY_ACCOUNTS_DES_ONLY, UAC_DES_ONLY },
        { DIRECTORY_ACCOUNTS_TRUSTED_FOR_DELEGATION, UAC_TRUSTED_FOR_DELEGATION },
    };
    int64_t n;

    fact_set_int(a->row, DIRECTORY_ACCOUNTS_ENABLED, (bits & UAC_DISABLED) == 0);
    for (size_t i = 0; i < N_ELEMENTS(flags); i++)
        fact_set_int(a->row, flags[i].column, (bits & flags[i].bit) != 0);
    /* Who may read the control bits may read these two as well, so that their absence means absence. */
    fact_set_int(a->row, DIRECTORY_ACCOUNTS_HAS_SPN, ldap_entry_find(a->e, "servicePrincipalName") != NULL);
    fact_set_int(a->row, DIRECTORY_ACCOUNTS_ADMIN_COUNT, get_int(a, "adminCount", &n) ? n : 0);
}

static void ad_ids(struct account *a, struct ldap_account_counts *counts)
{
    const struct ldap_value *guid = ldap_entry_first(a->e, "objectGUID");
    const struct ldap_value *sid = ldap_entry_first(a->e, "objectSid");

    if (guid != NULL && ldap_guid_text(guid, a->texts->guid))
        fact_set_str(a->row, DIRECTORY_ACCOUNTS_ID, a->texts->guid);
    else
        counts->no_id++;
    if (sid != NULL && ldap_sid_text(sid, a->texts->sid))
        fact_set_str(a->row, DIRECTORY_ACCOUNTS_SID, a->texts->sid);
}

static const char *ad_kind(const struct account *a)
{
    if (ldap_entry_find(a->e, "objectClass") == NULL)
        return NULL;
    if (has_class(a, "msDS-GroupManagedServiceAccount") || has_class(a, "msDS-ManagedServiceAccount"))
        return "service";
    if (has_class(a, "computer"))
        return "computer";
    return ldap_entry_find(a->e, "servicePrincipalName") != NULL ? "service" : "user";
}

static bool parse_ad(struct account *a, struct ldap_account_counts *counts)
{
    uint32_t bits = control_bits(a, "userAccountControl");
    uint32_t computed = control_bits(a, "msDS-User-Account-Control-Computed");
    int64_t n;

    if ((bits & UAC_TRUST_ACCOUNT) != 0) {
        counts->skipped_trusts++;
        return false;
    }
    ad_ids(a, counts);
    set_text(a, DIRECTORY_ACCOUNTS_LOGIN, "sAMAccountName");
    set_text(a, DIRECTORY_ACCOUNTS_UPN, "userPrincipalName");
    fact_set_str(a->row, DIRECTORY_ACCOUNTS_KIND, ad_kind(a));
    if (bits != 0)
        ad_control(a, bits);
    else
        counts->no_control++;
    if (bits != 0 && ldap_entry_find(a->e, "msDS-User-Account-Control-Computed") != NULL)
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_LOCKED, (computed & UAC_LOCKED) != 0);
    set_filetime(a, DIRECTORY_ACCOUNTS_LAST_LOGON_AT, "lastLogonTimestamp");
    set_filetime(a, DIRECTORY_ACCOUNTS_EXPIRES_AT, "accountExpires");
    set_filetime(a, DIRECTORY_ACCOUNTS_PASSWORD_SET_AT, "pwdLastSet");
    /* 0 asks for a new password, but not of those whose password never expires */
    if (get_int(a, "pwdLastSet", &n) && (n > 0 || (n == 0 && bits != 0)))
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, n == 0 && (bits & UAC_PASSWORD_NEVER_EXPIRES) == 0);
    set_first_time(a, DIRECTORY_ACCOUNTS_CREATED_AT, (const char *const[]){ "whenCreated" }, 1);
    return true;
}

/* --- OpenLDAP, 389 Directory Server, FreeIPA and the like ------------------------------------------------------------ */

static const char *other_kind(const struct account *a)
{
    const struct ldap_value *uid = ldap_entry_first(a->e, "uid");

    if (ldap_entry_find(a->e, "objectClass") == NULL)
        return NULL;
    if (has_class(a, "person") || has_class(a, "inetOrgPerson") || has_class(a, "nsPerson"))
        return "user";
    /* machine accounts of a Samba domain: a login that ends in $ */
    if (uid != NULL && uid->len > 0 && uid->p[uid->len - 1] == '$')
        return "computer";
    return "service";
}

static bool value_equals(const struct ldap_value *v, const char *word)
{
    return v != NULL && v->len == strlen(word) && strncasecmp(v->p, word, v->len) == 0;
}

/* nsAccountLock (389, FreeIPA) and a lock for ever (ppolicy) say that an account is off. That it is on is said by a readable
 * nsAccountLock: FALSE, or by ppolicy's state of this very entry, when it is shown and holds no lock. */
static void other_enabled(struct account *a)
{
    const struct ldap_value *lock = ldap_entry_first(a->e, "nsAccountLock");
    const struct ldap_value *locked = ldap_entry_first(a->e, "pwdAccountLockedTime");
    bool for_ever = value_equals(locked, LOCKED_FOR_EVER);
    bool state_shown = ldap_entry_find(a->e, "pwdChangedTime") != NULL || ldap_entry_find(a->e, "pwdLastSuccess") != NULL;

    if (value_equals(lock, "TRUE") || for_ever)
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_ENABLED, 0);
    else if (value_equals(lock, "FALSE") || (lock == NULL && locked == NULL && state_shown))
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_ENABLED, 1);
    /* A lock with a time may have run out by the policy's duration, which is not read here: unknown. */
    if (for_ever)
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_LOCKED, 1);
    else if (locked == NULL && state_shown)
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_LOCKED, 0);
}

static void other_password(struct account *a)
{
    static const char *const changed[] = { "pwdChangedTime", "krbLastPwdChange" };
    const struct ldap_value *reset = ldap_entry_first(a->e, "pwdReset");
    bool policy = ldap_entry_find(a->e, "pwdChangedTime") != NULL;
    int64_t days;

    set_first_time(a, DIRECTORY_ACCOUNTS_PASSWORD_SET_AT, changed, N_ELEMENTS(changed));
    if (reset != NULL)
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, value_equals(reset, "TRUE"));
    else if (policy)
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, 0);
    if (policy)
        return;
    /* shadow(5): days since 1970; 0 is "must change at the next login" */
    if (get_int(a, "shadowLastChange", &days) && days >= 0 && days <= SHADOW_DAYS_MAX) {
        if (days > 0 && a->row->v[DIRECTORY_ACCOUNTS_PASSWORD_SET_AT].kind == FACT_KIND_NULL)
            set_time(a, DIRECTORY_ACCOUNTS_PASSWORD_SET_AT, days * DAY_S);
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_PASSWORD_MUST_CHANGE, days == 0);
    }
    if (get_int(a, "shadowMax", &days))
        fact_set_int(a->row, DIRECTORY_ACCOUNTS_PASSWORD_NEVER_EXPIRES, days < 0 || days >= SHADOW_NEVER_EXPIRES);
}

static void other_logon_and_end(struct account *a)
{
    static const char *const logons[] = { "pwdLastSuccess", "authTimestamp", "lastLoginTime", "krbLastSuccessfulAuth" };
    static const char *const ends[] = { "pwdEndTime", "krbPrincipalExpiration" };
    int64_t newest = INT64_MIN, t, days;

    for (size_t i = 0; i < N_ELEMENTS(logons); i++) {
        if (get_time(a, logons[i], &t) && t > newest)
            newest = t;
    }
    if (newest != INT64_MIN)
        set_time(a, DIRECTORY_ACCOUNTS_LAST_LOGON_AT, newest);
    set_first_time(a, DIRECTORY_ACCOUNTS_EXPIRES_AT, ends, N_ELEMENTS(ends));
    if (a->row->v[DIRECTORY_ACCOUNTS_EXPIRES_AT].kind == FACT_KIND_NULL && get_int(a, "shadowExpire", &days) && days > 0 && days <= SHADOW_DAYS_MAX)
        set_time(a, DIRECTORY_ACCOUNTS_EXPIRES_AT, days * DAY_S);
}

static void parse_other(struct account *a, struct ldap_account_counts *counts)
{
    if (!set_text(a, DIRECTORY_ACCOUNTS_ID, "entryUUID") && !set_text(a, DIRECTORY_ACCOUNTS_ID, "nsUniqueId"))
        counts->no_id++;
    if (!set_text(a, DIRECTORY_ACCOUNTS_LOGIN, "uid"))
        set_text(a, DIRECTORY_ACCOUNTS_LOGIN, "cn");
    fact_set_str(a->row, DIRECTORY_ACCOUNTS_KIND, other_kind(a));
    other_enabled(a);
    other_password(a);
    other_logon_and_end(a);
    set_first_time(a, DIRECTORY_ACCOUNTS_CREATED_AT, (const char *const[]){ "createTimestamp" }, 1);
}

bool ldap_account_parse(enum ldap_flavour f, const struct ldap_entry *e, struct fact_row *row, struct ldap_account_texts *texts,
                        struct ldap_account_counts *counts)
{
    struct account a = { .e = e, .row = row, .texts = texts };

    fact_row_init(row, &fact_directory_accounts);
    texts->n_times = 0;
    fact_set_str(row, DIRECTORY_ACCOUNTS_DN, e->dn);
    set_text(&a, DIRECTORY_ACCOUNTS_MAIL, "mail");
    if (!set_text(&a, DIRECTORY_ACCOUNTS_DISPLAY_NAME, "displayName") && f == LDAP_FLAVOUR_OTHER)
        set_text(&a, DIRECTORY_ACCOUNTS_DISPLAY_NAME, "cn");
    set_uid_number(&a);
    if (f == LDAP_FLAVOUR_AD && !parse_ad(&a, counts))
        return false;
    if (f == LDAP_FLAVOUR_OTHER)
        parse_other(&a, counts);
    counts->rows++;
    return true;
}
