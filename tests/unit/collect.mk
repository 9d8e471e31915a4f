# Workers and collecting. The programs that run workers have probes of their own (tests/lib/test_probe.c) in place of libprobes.
EXTRA_DIST += tests/lib/test_probe.h tests/lib/acts.h
ACTS_SOURCES = tests/lib/test_probe.c tests/lib/acts.c
ACTS_LIBS = src/libcollect.a src/libstore.a src/libsite.a src/libworker.a src/libfact.a src/libbase.a \
	$(SQLITE_LIBS) $(YAML_LIBS) $(PCRE2_LIBS) $(SECCOMP_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm

check_PROGRAMS += tests/unit/test_worker_sandbox
TESTS += tests/unit/test_worker_sandbox
tests_unit_test_worker_sandbox_SOURCES = tests/unit/test_worker_sandbox.c $(ACTS_SOURCES)
tests_unit_test_worker_sandbox_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_worker_sandbox_LDADD = $(ACTS_LIBS)

check_PROGRAMS += tests/unit/test_collect_jobs
TESTS += tests/unit/test_collect_jobs
tests_unit_test_collect_jobs_SOURCES = tests/unit/test_collect_jobs.c $(ACTS_SOURCES)
tests_unit_test_collect_jobs_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_collect_jobs_LDADD = $(ACTS_LIBS)

check_PROGRAMS += tests/unit/test_collect_parts
TESTS += tests/unit/test_collect_parts
tests_unit_test_collect_parts_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_collect_parts_LDADD = src/libcollect.a src/libworker.a src/libfact.a src/libbase.a $(CSV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm

check_PROGRAMS += tests/unit/test_collect_run
TESTS += tests/unit/test_collect_run
tests_unit_test_collect_run_SOURCES = tests/unit/test_collect_run.c tests/lib/test_probe.c
tests_unit_test_collect_run_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_collect_run_LDADD = $(ACTS_LIBS)
