# base and fact: every other room stands on these.
BASE_TESTS = \
	tests/unit/test_base_mem \
	tests/unit/test_base_buf \
	tests/unit/test_base_clock \
	tests/unit/test_base_cidr \
	tests/unit/test_base_text \
	tests/unit/test_base_path \
	tests/unit/test_base_strset \
	tests/unit/test_base_hash \
	tests/unit/test_base_diag \
	tests/unit/test_base_csv \
	tests/unit/test_fact_tables \
	tests/unit/test_fact_row \
	tests/unit/test_guests \
	tests/unit/test_fact_job \
	tests/unit/test_fact_frame
check_PROGRAMS += $(BASE_TESTS)
TESTS += $(BASE_TESTS)
BASE_TEST_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
BASE_TEST_LIBS = src/libfact.a src/libbase.a $(CSV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
tests_unit_test_base_mem_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_mem_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_base_buf_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_buf_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_base_clock_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_clock_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_base_cidr_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_cidr_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_base_text_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_text_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_base_path_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_path_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_base_strset_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_strset_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_base_hash_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_hash_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_base_diag_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_diag_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_base_csv_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_base_csv_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_fact_tables_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_fact_tables_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_guests_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_guests_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_fact_row_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_fact_row_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_fact_job_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_fact_job_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=free -Wl,--wrap=reallocarray
tests_unit_test_fact_job_LDADD = $(BASE_TEST_LIBS)
tests_unit_test_fact_frame_CPPFLAGS = $(BASE_TEST_CPPFLAGS)
tests_unit_test_fact_frame_LDADD = $(BASE_TEST_LIBS)
