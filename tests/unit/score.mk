# The arithmetic of scores and comparison.
check_PROGRAMS += tests/unit/test_score
TESTS += tests/unit/test_score
tests_unit_test_score_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_score_LDADD = src/libchecklist.a src/libstore.a src/libsite.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(PCRE2_LIBS) $(SECCOMP_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) $(CMOCKA_LIBS) -lm
