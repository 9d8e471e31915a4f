check_PROGRAMS += tests/unit/test_store_core
TESTS += tests/unit/test_store_core
STORE_TEST_LIBS = src/libstore.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) $(CMOCKA_LIBS) -lm
STORE_TEST_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_test_store_core_SOURCES = tests/unit/test_store_core.c tests/unit/store_helper.c tests/unit/store_helper.h
tests_unit_test_store_core_CPPFLAGS = $(STORE_TEST_CPPFLAGS)
tests_unit_test_store_core_LDADD = $(STORE_TEST_LIBS)
