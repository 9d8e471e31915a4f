# Fuzz target: expressions of checks
FUZZ_TARGETS += tests/fuzz/fuzz_expression
tests_fuzz_fuzz_expression_SOURCES = tests/fuzz/fuzz_expression.c $(FUZZ_MAIN)
tests_fuzz_fuzz_expression_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_expression_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_expression_LDADD = src/libchecklist.a src/libstore.a src/libsite.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(PCRE2_LIBS) \
	$(SECCOMP_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) -lm
EXTRA_DIST += tests/fuzz/corpus/expression
