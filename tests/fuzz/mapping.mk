# Fuzz target: CSV through a mapping
FUZZ_TARGETS += tests/fuzz/fuzz_mapping
tests_fuzz_fuzz_mapping_SOURCES = tests/fuzz/fuzz_mapping.c $(FUZZ_MAIN)
tests_fuzz_fuzz_mapping_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_mapping_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_mapping_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CSV_LIBS) $(CRYPTO_LIBS) -lm
EXTRA_DIST += tests/fuzz/corpus/mapping
