/* Which networks are of guests and patients: by their names, by the site file, and what cannot be told. */
#include "lib/cmocka_all.h"
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "fact/guests.h"

static struct guests *of(bool told, const char *const *entries, size_t n)
{
    struct job *job = job_new();
    if (told)
        job_add_str(job, GUESTS_JOB_TOLD, "1");
    for (size_t i = 0; i < n; i++)
        job_add_str(job, GUESTS_JOB_KEY, entries[i]);
    struct guests *g = guests_of(job);
    job_free(job);
    return g;
}

static void expect(const struct guests *g, const char *cell, enum guests_verdict verdict, const char *label)
{
    const char *got = NULL;
    if (guests_of_cell(g, cell, &got) != verdict)
        fail_msg("%s is judged otherwise", cell);
    if (label != NULL)
        assert_string_equal(got, label);
}

static void test_names(void **state)
{
    (void)state;
    struct guests *g = of(false, NULL, 0);
    static const char *const guests[] = { "Guest", "Riverside-Guest", "RiversideGuest", "clinicguest5", "Patient WiFi", "ClinicPatients", "Public", "VISITORS", "Waiting Room", "invitados", "Pacientes" };
    static const char *const own[] = { "Clinic", "Outpatient", "Inpatient devices", "Republic", "Awaiting", "Staff", "false", "No" };
    for (size_t i = 0; i < N_ELEMENTS(guests); i++)
        expect(g, guests[i], GUESTS_YES, guests[i]);
    for (size_t i = 0; i < N_ELEMENTS(own); i++)
        expect(g, own[i], GUESTS_NO, NULL);
    expect(g, " TRUE ", GUESTS_YES, "guests");
    expect(g, "yes", GUESTS_YES, "guests");
    guests_free(g);
}

static void test_without_a_list(void **state)
{
    (void)state;
    struct guests *g = of(false, NULL, 0);
    static const char *const silent[] = { "", " ", "30", "-", "10.20.3.9", "10.20.3.0/24", "fd00::1" };
    assert_false(guests_told(g));
    for (size_t i = 0; i < N_ELEMENTS(silent); i++)
        expect(g, silent[i], GUESTS_CANNOT_TELL, NULL);
    guests_free(g);
}

static void test_with_a_list(void **state)
{
    (void)state;
    static const char *const entries[] = { "10.20.3.0/24", "fd00:20:3::/64", "Lobby", "30" };
    struct guests *g = of(true, entries, N_ELEMENTS(entries));
    const char *label = NULL;
    expect(g, "10.20.3.9", GUESTS_YES, "10.20.3.0/24");
    expect(g, "10.20.3.0", GUESTS_YES, "10.20.3.0/24");
    expect(g, "10.20.3.128/25", GUESTS_YES, "10.20.3.0/24");
    expect(g, "fd00:20:3::9", GUESTS_YES, "fd00:20:3::/64");
    expect(g, "lobby ", GUESTS_YES, NULL);
    expect(g, "30", GUESTS_YES, "30");
    expect(g, "10.20.4.9", GUESTS_NO, NULL);
    expect(g, "31", GUESTS_NO, NULL);
    expect(g, "", GUESTS_NO, NULL);
    expect(g, "Guest", GUESTS_YES, "Guest");
    assert_true(guests_hold(g, "10.20.3.255", &label));
    assert_string_equal(label, "10.20.3.0/24");
    assert_false(guests_hold(g, "10.20.4.0", NULL));
    assert_false(guests_hold(g, "Lobby", NULL));
    guests_free(g);
}

static void test_tally(void **state)
{
    (void)state;
    struct guest_tally t = { .n = 0 };
    size_t sum = 0;
    char name[32];
    for (size_t i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "Guest %zu", i);
        guest_tally_add(&t, name);
    }
    guest_tally_add(&t, "Guest 3");
    assert_int_equal(t.n, GUEST_TALLY_MAX);
    assert_int_equal(t.v[3].clients, 2);
    assert_string_equal(t.v[GUEST_TALLY_MAX - 1].network, "other networks of guests");
    for (size_t i = 0; i < t.n; i++)
        sum += t.v[i].clients;
    assert_int_equal(sum, 101);
}

/* On switches and routers the same words mean less. */
static void test_links(void **state)
{
    (void)state;
    static const char *const entries[] = { "10.20.3.0/24", "Lobby" };
    struct guests *g = guests_new(true, entries, N_ELEMENTS(entries));
    static const char *const yes[] = { "GUEST-WIFI", "Riverside Guest", "visitors", "Patients", "VLAN-Patient", "Patient WiFi", "patient internet", "lobby", "Waiting" };
    static const char *const no[] = { "Public", "PUBLIC-WAN", "Patient monitors", "patient-devices", "Outpatients", "Staff", "", "10.20.3.0/24", "true" };
    const char *label;
    for (size_t i = 0; i < N_ELEMENTS(yes); i++)
        if (!guests_of_link(g, yes[i], &label) || strcmp(label, yes[i]) != 0)
            fail_msg("%s is of guests", yes[i]);
    for (size_t i = 0; i < N_ELEMENTS(no); i++)
        if (guests_of_link(g, no[i], &label))
            fail_msg("%s is not", no[i]);
    guests_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names), cmocka_unit_test(test_without_a_list), cmocka_unit_test(test_with_a_list), cmocka_unit_test(test_links), cmocka_unit_test(test_tally),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
