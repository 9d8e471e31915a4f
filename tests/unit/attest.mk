# What people are asked: forms, answers, sheets.
ATTEST_TESTS = \
	tests/unit/test_form \
	tests/unit/test_answer
check_PROGRAMS += $(ATTEST_TESTS)
TESTS += $(ATTEST_TESTS)
tests_unit_test_form_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_test_form_LDADD = src/libfact.a src/libbase.a $(SQLITE_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
tests_unit_test_answer_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_answer_LDADD = src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
