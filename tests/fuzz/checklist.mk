# Fuzz targets: checklist files, and what the evaluation child answers
FUZZ_CHECKLIST_LIBS = src/libchecklist.a src/libstore.a src/libsite.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(PCRE2_LIBS) \
	$(SECCOMP_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) -lm
FUZZ_TARGETS += tests/fuzz/fuzz_checklist tests/fuzz/fuzz_answer tests/fuzz/fuzz_lookup
tests_fuzz_fuzz_lookup_SOURCES = tests/fuzz/fuzz_lookup.c $(FUZZ_MAIN)
tests_fuzz_fuzz_lookup_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_lookup_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_lookup_LDADD = $(FUZZ_CHECKLIST_LIBS)
tests_fuzz_fuzz_checklist_SOURCES = tests/fuzz/fuzz_checklist.c $(FUZZ_MAIN)
tests_fuzz_fuzz_checklist_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_checklist_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_checklist_LDADD = $(FUZZ_CHECKLIST_LIBS)
tests_fuzz_fuzz_answer_SOURCES = tests/fuzz/fuzz_answer.c $(FUZZ_MAIN)
tests_fuzz_fuzz_answer_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_answer_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_answer_LDADD = $(FUZZ_CHECKLIST_LIBS)
EXTRA_DIST += tests/fuzz/corpus/checklist tests/fuzz/corpus/answer tests/fuzz/corpus/lookup
