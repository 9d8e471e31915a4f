FUZZ_TARGETS += tests/fuzz/fuzz_jobrun
tests_fuzz_fuzz_jobrun_SOURCES = tests/fuzz/fuzz_jobrun.c $(FUZZ_MAIN)
tests_fuzz_fuzz_jobrun_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_jobrun_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_jobrun_LDADD = src/libcollect.a src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS)
EXTRA_DIST += tests/fuzz/corpus/jobrun
