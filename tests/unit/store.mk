# The store. All of these link with store_helper.c.
STORE_TEST_LIBS = src/libstore.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) $(CMOCKA_LIBS) -lm
STORE_TEST_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS)
STORE_TESTS = tests/unit/test_store_core tests/unit/test_store_intake
check_PROGRAMS += $(STORE_TESTS)
TESTS += $(STORE_TESTS)
tests_unit_test_store_core_SOURCES = tests/unit/test_store_core.c tests/unit/store_helper.c tests/unit/store_helper.h
tests_unit_test_store_core_CPPFLAGS = $(STORE_TEST_CPPFLAGS)
tests_unit_test_store_core_LDADD = $(STORE_TEST_LIBS)
tests_unit_test_store_intake_SOURCES = tests/unit/test_store_intake.c tests/unit/store_helper.c tests/unit/store_helper.h
tests_unit_test_store_intake_CPPFLAGS = $(STORE_TEST_CPPFLAGS)
tests_unit_test_store_intake_LDADD = $(STORE_TEST_LIBS)
