# discover: its parts that need no process
DISCOVER_TEST_LIBS = src/libcollect.a src/libstore.a src/libsite.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(YAML_LIBS) $(PCRE2_LIBS) $(JANSSON_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
check_PROGRAMS += tests/unit/test_own_link
TESTS += tests/unit/test_own_link
tests_unit_test_own_link_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_own_link_LDADD = $(DISCOVER_TEST_LIBS)
check_PROGRAMS += tests/unit/test_makers
TESTS += tests/unit/test_makers
tests_unit_test_makers_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_makers_LDADD = $(DISCOVER_TEST_LIBS)
check_PROGRAMS += tests/unit/test_merge
TESTS += tests/unit/test_merge
tests_unit_test_merge_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_merge_LDADD = $(DISCOVER_TEST_LIBS)
check_PROGRAMS += tests/unit/test_discover_join
TESTS += tests/unit/test_discover_join
tests_unit_test_discover_join_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_discover_join_LDADD = $(TEST_LIBS)
