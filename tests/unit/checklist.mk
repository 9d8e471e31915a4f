# Checklists and their evaluation. Programs that evaluate link with checklist_fixture.c and store_helper.c, and execute themselves as the child.
CHECKLIST_TEST_LIBS = src/libchecklist.a src/libstore.a src/libsite.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(PCRE2_LIBS) \
	$(SECCOMP_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) $(CMOCKA_LIBS) -lm
CHECKLIST_TEST_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS)
CHECKLIST_TEST_HELPER = tests/unit/checklist_fixture.c tests/unit/checklist_fixture.h tests/unit/store_helper.c tests/unit/store_helper.h
CHECKLIST_TESTS = tests/unit/test_checklist_load tests/unit/test_checklist_evaluate tests/unit/test_checklist_attack \
	tests/unit/test_checklists tests/unit/test_checklist_bounds
check_PROGRAMS += $(CHECKLIST_TESTS)
TESTS += $(CHECKLIST_TESTS)
tests_unit_test_checklist_evaluate_SOURCES = tests/unit/test_checklist_evaluate.c $(CHECKLIST_TEST_HELPER)
tests_unit_test_checklist_evaluate_CPPFLAGS = $(CHECKLIST_TEST_CPPFLAGS)
tests_unit_test_checklist_evaluate_LDADD = $(CHECKLIST_TEST_LIBS)
tests_unit_test_checklist_attack_SOURCES = tests/unit/test_checklist_attack.c $(CHECKLIST_TEST_HELPER)
tests_unit_test_checklist_attack_CPPFLAGS = $(CHECKLIST_TEST_CPPFLAGS)
tests_unit_test_checklist_attack_LDADD = $(CHECKLIST_TEST_LIBS)
tests_unit_test_checklist_load_SOURCES = tests/unit/test_checklist_load.c tests/unit/store_helper.c tests/unit/store_helper.h
tests_unit_test_checklist_load_CPPFLAGS = $(CHECKLIST_TEST_CPPFLAGS)
tests_unit_test_checklist_load_LDADD = $(CHECKLIST_TEST_LIBS)
# the shipped checks, and a fixture for each
tests_unit_test_checklists_SOURCES = tests/unit/test_checklists.c tests/unit/check_case.c tests/unit/check_case.h $(CHECKLIST_TEST_HELPER)
tests_unit_test_checklists_CPPFLAGS = $(CHECKLIST_TEST_CPPFLAGS)
tests_unit_test_checklists_LDADD = $(CHECKLIST_TEST_LIBS)
EXTRA_DIST += tests/checklists
tests_unit_test_checklist_bounds_CPPFLAGS = $(CHECKLIST_TEST_CPPFLAGS)
tests_unit_test_checklist_bounds_LDADD = $(CHECKLIST_TEST_LIBS)
# the schema of the same files
TESTS += tests/unit/test_checklist_schema.sh
EXTRA_DIST += tests/unit/test_checklist_schema.sh tests/unit/test_checklist_schema.py
