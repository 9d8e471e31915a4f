/* The declaration of directory_accounts. Constants only. The free texts of an entry (description, info, comment) and every
 * secret of it are never asked for: they have no column. */
#include "fact/table_directory_accounts.h"

#define A(column, name, type, flags, source, help) [DIRECTORY_ACCOUNTS_##column] = { name, type, flags, NULL, source, help }

static const struct fact_column columns[] = {
    A(ID, "id", FACT_TEXT, FACT_KEY, "objectGUID, else entryUUID, nsUniqueId", "The directory's unchanging id for the account"),
    A(DN, "dn", FACT_TEXT, FACT_PERSONAL, "the entry's distinguished name", "Where the account stands in the tree"),
    A(LOGIN, "login", FACT_TEXT, FACT_PERSONAL | FACT_LABEL, "sAMAccountName, else uid, cn", "Login name"),
    A(UPN, "upn", FACT_TEXT, FACT_PERSONAL, "userPrincipalName", "Login name with its domain"),
    A(MAIL, "mail", FACT_TEXT, FACT_PERSONAL, "mail", "Mail address"),
    A(DISPLAY_NAME, "display_name", FACT_TEXT, FACT_PERSONAL, "displayName, else cn", "Name that people see"),
    A(KIND, "kind", FACT_TEXT, 0, "objectClass, servicePrincipalName (presence), uid", "user; service: runs a service, or is no person; computer: a machine account"),
    A(ENABLED, "enabled", FACT_BOOLEAN, 0, "userAccountControl 0x2; nsAccountLock, pwdAccountLockedTime beside pwdChangedTime or pwdLastSuccess elsewhere", "May log in; NULL when the directory does not say"),
    A(LOCKED, "locked", FACT_BOOLEAN, 0, "msDS-User-Account-Control-Computed 0x10; pwdAccountLockedTime", "Locked after wrong passwords; NULL when a lock may have run out"),
    A(CREATED_AT, "created_at", FACT_TIMESTAMP, 0, "whenCreated, else createTimestamp", "When it was made"),
    A(LAST_LOGON_AT, "last_logon_at", FACT_TIMESTAMP, FACT_VOLATILE, "lastLogonTimestamp; else the newest of pwdLastSuccess, authTimestamp, lastLoginTime, krbLastSuccessfulAuth", "Last login known to all servers; Active Directory is up to 14 days late"),
    A(PASSWORD_SET_AT, "password_set_at", FACT_TIMESTAMP, 0, "pwdLastSet, else pwdChangedTime, krbLastPwdChange, shadowLastChange", "When its password was last set"),
    A(PASSWORD_NEVER_EXPIRES, "password_never_expires", FACT_BOOLEAN, 0, "userAccountControl 0x10000; shadowMax elsewhere", "Its password has no end"),
    A(PASSWORD_NOT_REQUIRED, "password_not_required", FACT_BOOLEAN, 0, "userAccountControl 0x20", "May have an empty password"),
    A(PASSWORD_MUST_CHANGE, "password_must_change", FACT_BOOLEAN, 0, "pwdLastSet 0, else pwdReset, shadowLastChange 0", "Must set a new password at the next login"),
    A(EXPIRES_AT, "expires_at", FACT_TIMESTAMP, 0, "accountExpires, else pwdEndTime, krbPrincipalExpiration, shadowExpire", "When the account ends; NULL when never"),
    A(HAS_SPN, "has_spn", FACT_BOOLEAN, 0, "servicePrincipalName (presence)", "Runs a service: its password can be guessed offline by any user"),
    A(PREAUTH_NOT_REQUIRED, "preauth_not_required", FACT_BOOLEAN, 0, "userAccountControl 0x400000", "Its password can be guessed offline by anybody"),
    A(DES_ONLY, "des_only", FACT_BOOLEAN, 0, "userAccountControl 0x200000", "Restricted to the broken DES encryption"),
    A(TRUSTED_FOR_DELEGATION, "trusted_for_delegation", FACT_BOOLEAN, 0, "userAccountControl 0x80000", "May act as anybody who logs in to it"),
    A(ADMIN_COUNT, "admin_count", FACT_INTEGER, 0, "adminCount", "1 when it is or was in an administrators' group"),
    A(SID, "sid", FACT_TEXT, 0, "objectSid", "Windows security id"),
    A(UID_NUMBER, "uid_number", FACT_INTEGER, 0, "uidNumber", "Unix user number"),
    A(MFA_REGISTERED, "mfa_registered", FACT_BOOLEAN, 0, "an export of the identity provider", "Has a second factor"),
};
_Static_assert(sizeof columns / sizeof columns[0] == DIRECTORY_ACCOUNTS_COLUMNS, "every column is declared");

const struct fact_table fact_directory_accounts =
    FACT_TABLE_DECLARE("directory_accounts", "People's and services' accounts of a directory", FILLED_BY_PROBE, 1, columns);
