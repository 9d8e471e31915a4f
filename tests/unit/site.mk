# site: the folder's files, permission, credentials, mappings.
SITE_TESTS = \
	tests/unit/test_site_fixtures \
	tests/unit/test_site_load \
	tests/unit/test_site_permit \
	tests/unit/test_site_credentials \
	tests/unit/test_site_mapping \
	tests/unit/test_site_yaml \
	tests/unit/test_site_folder
check_PROGRAMS += $(SITE_TESTS)
TESTS += $(SITE_TESTS)
SITE_TEST_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
SITE_TEST_LIBS = src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
tests_unit_test_site_fixtures_CPPFLAGS = $(SITE_TEST_CPPFLAGS)
tests_unit_test_site_fixtures_LDADD = $(SITE_TEST_LIBS)
tests_unit_test_site_load_CPPFLAGS = $(SITE_TEST_CPPFLAGS)
tests_unit_test_site_load_LDADD = $(SITE_TEST_LIBS)
tests_unit_test_site_permit_CPPFLAGS = $(SITE_TEST_CPPFLAGS)
tests_unit_test_site_permit_LDADD = $(SITE_TEST_LIBS)
tests_unit_test_site_credentials_CPPFLAGS = $(SITE_TEST_CPPFLAGS)
tests_unit_test_site_credentials_LDADD = $(SITE_TEST_LIBS)
tests_unit_test_site_mapping_CPPFLAGS = $(SITE_TEST_CPPFLAGS)
tests_unit_test_site_mapping_LDADD = $(SITE_TEST_LIBS)
tests_unit_test_site_yaml_CPPFLAGS = $(SITE_TEST_CPPFLAGS)
tests_unit_test_site_yaml_LDADD = $(SITE_TEST_LIBS)
tests_unit_test_site_folder_CPPFLAGS = $(SITE_TEST_CPPFLAGS)
tests_unit_test_site_folder_LDADD = $(SITE_TEST_LIBS)
EXTRA_DIST += tests/unit/data/site

# the schemas of the same files
TESTS += tests/unit/test_site_schema.sh
EXTRA_DIST += tests/unit/test_site_schema.sh tests/unit/test_site_schema.py
