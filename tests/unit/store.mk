# The store. All of these link with store_helper.c.
STORE_TEST_LIBS = src/libstore.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) $(CMOCKA_LIBS) -lm
STORE_TEST_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS)
STORE_TEST_HELPER = tests/unit/store_helper.c tests/unit/store_helper.h
STORE_TESTS = tests/unit/test_store_core tests/unit/test_store_intake tests/unit/test_store_seal \
	tests/unit/test_store_migrate tests/unit/test_store_crash tests/unit/test_store_disk
check_PROGRAMS += $(STORE_TESTS)
TESTS += $(STORE_TESTS)
EXTRA_DIST += tests/unit/store/v1.sql tests/unit/store/v2.sql
tests_unit_test_store_core_SOURCES = tests/unit/test_store_core.c $(STORE_TEST_HELPER)
tests_unit_test_store_core_CPPFLAGS = $(STORE_TEST_CPPFLAGS)
tests_unit_test_store_core_LDADD = $(STORE_TEST_LIBS)
tests_unit_test_store_intake_SOURCES = tests/unit/test_store_intake.c $(STORE_TEST_HELPER)
tests_unit_test_store_intake_CPPFLAGS = $(STORE_TEST_CPPFLAGS)
tests_unit_test_store_intake_LDADD = $(STORE_TEST_LIBS)
tests_unit_test_store_seal_SOURCES = tests/unit/test_store_seal.c $(STORE_TEST_HELPER)
tests_unit_test_store_seal_CPPFLAGS = $(STORE_TEST_CPPFLAGS)
tests_unit_test_store_seal_LDADD = $(STORE_TEST_LIBS)
tests_unit_test_store_migrate_SOURCES = tests/unit/test_store_migrate.c $(STORE_TEST_HELPER)
tests_unit_test_store_migrate_CPPFLAGS = $(STORE_TEST_CPPFLAGS)
tests_unit_test_store_migrate_LDADD = $(STORE_TEST_LIBS)
tests_unit_test_store_crash_SOURCES = tests/unit/test_store_crash.c $(STORE_TEST_HELPER)
tests_unit_test_store_crash_CPPFLAGS = $(STORE_TEST_CPPFLAGS)
tests_unit_test_store_crash_LDADD = $(STORE_TEST_LIBS)
tests_unit_test_store_disk_SOURCES = tests/unit/test_store_disk.c $(STORE_TEST_HELPER)
tests_unit_test_store_disk_CPPFLAGS = $(STORE_TEST_CPPFLAGS)
tests_unit_test_store_disk_LDADD = $(STORE_TEST_LIBS)
