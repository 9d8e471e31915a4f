# What becomes of verdicts: results, reports, plans, the command line.
REPORT_TESTS = tests/unit/test_results
check_PROGRAMS += $(REPORT_TESTS)
TESTS += $(REPORT_TESTS)
tests_unit_test_results_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_results_LDADD = $(CHECKLIST_TEST_LIBS)
