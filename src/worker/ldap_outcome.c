/* What an LDAP result code means for a collection, and its words. Pure; the server's text is hostile bytes. Runs in workers. */
#include "worker/ldap_session.h"

#include <ldap.h>
#include <string.h>
#include "base/mem.h"

/* Active Directory hides why a bind failed in its text: "..., data 52e, v2580". */
static const char *ad_bind_text(const char *diagnostic)
{
    static const struct { const char *code, *text; } codes[] = {
        { "525", "no such user" },
        { "52e", "wrong password" },
        { "530", "not allowed to log on at this hour" },
        { "531", "not allowed to log on from this machine" },
        { "532", "the password has expired" },
        { "533", "the account is disabled" },
        { "568", "too many security groups" },
        { "701", "the account has expired" },
        { "773", "the password must be changed first" },
        { "775", "the account is locked" },
    };
    const char *at = diagnostic == NULL ? NULL : strstr(diagnostic, ", data ");

    if (at == NULL)
        return NULL;
    at += strlen(", data ");
    for (size_t i = 0; i < N_ELEMENTS(codes); i++) {
        size_t len = strlen(codes[i].code);

        if (strncasecmp(at, codes[i].code, len) == 0 && (at[len] == ',' || at[len] == '\0' || at[len] == ' '))
            return codes[i].text;
    }
    return NULL;
}

static const struct { int code; enum reason reason; bool partial; } code_reasons[] = {
    { LDAP_INVALID_CREDENTIALS, REASON_WRONG_PASSWORD, false },
    { LDAP_STRONG_AUTH_REQUIRED, REASON_STRONGER_AUTH, false },
    { LDAP_CONFIDENTIALITY_REQUIRED, REASON_STRONGER_AUTH, false },
    { LDAP_INSUFFICIENT_ACCESS, REASON_ACCESS_DENIED, false },
    { LDAP_INAPPROPRIATE_AUTH, REASON_ACCESS_DENIED, false },
    { LDAP_OPERATIONS_ERROR, REASON_ACCESS_DENIED, false },      /* Active Directory's word for "bind first" */
    { LDAP_AUTH_METHOD_NOT_SUPPORTED, REASON_NO_AUTH_METHOD, false },
    { LDAP_NO_SUCH_OBJECT, REASON_EMPTY, false },                /* also said where the base may not be seen */
    { LDAP_INVALID_DN_SYNTAX, REASON_UNKNOWN_USER, false },
    { LDAP_SIZELIMIT_EXCEEDED, REASON_SIZE_LIMIT, true },
    { LDAP_TIMELIMIT_EXCEEDED, REASON_SIZE_LIMIT, true },
    { LDAP_ADMINLIMIT_EXCEEDED, REASON_SIZE_LIMIT, true },
    { LDAP_BUSY, REASON_NO_ANSWER, false },
    { LDAP_UNAVAILABLE, REASON_NO_ANSWER, false },
    { LDAP_SERVER_DOWN, REASON_CONNECTION_LOST, false },
    { LDAP_TIMEOUT, REASON_NO_ANSWER, false },
    { LDAP_DECODING_ERROR, REASON_MALFORMED, false },
};

void ldap_outcome_set(struct ldap_outcome *out, int code, const char *diagnostic)
{
    const char *ad = code == LDAP_INVALID_CREDENTIALS ? ad_bind_text(diagnostic) : NULL;
    bool said = diagnostic != NULL && diagnostic[0] != '\0';

    out->code = code;
    out->reason = code == LDAP_SUCCESS ? REASON_NONE : code < 0 ? REASON_MALFORMED : REASON_COMMAND_FAILED;
    out->partial = false;
    out->detail[0] = '\0';
    for (size_t i = 0; i < N_ELEMENTS(code_reasons); i++) {
        if (code_reasons[i].code == code) {
            out->reason = code_reasons[i].reason;
            out->partial = code_reasons[i].partial;
        }
    }
    if (code == LDAP_SUCCESS)
        return;
    if (ad != NULL)
        snprintf(out->detail, sizeof(out->detail), "%s (49: %.300s)", ad, diagnostic);
    else if (code < 0)
        snprintf(out->detail, sizeof(out->detail), "%s", code == LDAP_SERVER_DOWN ? "the server closed the connection" :
                 code == LDAP_TIMEOUT ? "no answer in time" : ldap_err2string(code));
    else
        snprintf(out->detail, sizeof(out->detail), "%s (%d)%s%.300s", ldap_err2string(code), code, said ? ": " : "", said ? diagnostic : "");
}
