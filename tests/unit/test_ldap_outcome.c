/* Result codes of an LDAP server to reasons and words. */
#include "lib/cmocka_all.h"
#include <string.h>
#include "base/mem.h"
#include "worker/ldap_session.h"

static void codes_have_reasons(void **state)
{
    static const struct { int code; enum reason reason; bool partial; } cases[] = {
        { 0, REASON_NONE, false },
        { 1, REASON_ACCESS_DENIED, false },
        { 3, REASON_SIZE_LIMIT, true },
        { 4, REASON_SIZE_LIMIT, true },
        { 7, REASON_NO_AUTH_METHOD, false },
        { 8, REASON_STRONGER_AUTH, false },
        { 11, REASON_SIZE_LIMIT, true },
        { 13, REASON_STRONGER_AUTH, false },
        { 32, REASON_EMPTY, false },
        { 48, REASON_ACCESS_DENIED, false },
        { 49, REASON_WRONG_PASSWORD, false },
        { 50, REASON_ACCESS_DENIED, false },
        { 51, REASON_NO_ANSWER, false },
        { 53, REASON_COMMAND_FAILED, false },
        { 4711, REASON_COMMAND_FAILED, false },
        { -1, REASON_CONNECTION_LOST, false },
        { -4, REASON_MALFORMED, false },
        { -5, REASON_NO_ANSWER, false },
        { -99, REASON_MALFORMED, false },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct ldap_outcome out = { .reason = REASON_INTERNAL };

        ldap_outcome_set(&out, cases[i].code, NULL);
        assert_int_equal(out.code, cases[i].code);
        if (out.reason != cases[i].reason || out.partial != cases[i].partial)
            fail_msg("code %d", cases[i].code);
        assert_int_equal(out.detail[0] == '\0', cases[i].code == 0);
    }
}

/* Active Directory's number within the text becomes words; a number that only looks like one does not. */
static void active_directory_says_why(void **state)
{
    static const struct { const char *data, *words; } cases[] = {
        { "525", "no such user" }, { "52e", "wrong password" }, { "52E", "wrong password" }, { "530", "not allowed to log on at this hour" },
        { "532", "the password has expired" }, { "533", "the account is disabled" }, { "701", "the account has expired" },
        { "773", "the password must be changed first" }, { "775", "the account is locked" }, { "52e1", NULL }, { "0", NULL }, { "", NULL },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        char *text = xasprintf("80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data %s, v2580", cases[i].data);
        struct ldap_outcome out = { 0 };

        ldap_outcome_set(&out, 49, text);
        assert_int_equal(out.reason, REASON_WRONG_PASSWORD);
        if (cases[i].words != NULL)
            assert_memory_equal(out.detail, cases[i].words, strlen(cases[i].words));
        else
            assert_memory_equal(out.detail, "Invalid credentials (49)", strlen("Invalid credentials (49)"));
        free(text);
    }
}

static void long_text_is_cut(void **state)
{
    struct ldap_outcome out = { 0 };
    char *text = xmalloc(100001);

    (void)state;
    memset(text, 'x', 100000);
    text[100000] = '\0';
    ldap_outcome_set(&out, 49, text);
    assert_true(strlen(out.detail) < sizeof(out.detail));
    ldap_outcome_set(&out, 50, text);
    assert_true(strlen(out.detail) < sizeof(out.detail));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_have_reasons), cmocka_unit_test(active_directory_says_why), cmocka_unit_test(long_text_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
