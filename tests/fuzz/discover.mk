# Fuzz targets of discover
FUZZ_TARGETS += tests/fuzz/fuzz_own_link
tests_fuzz_fuzz_own_link_SOURCES = tests/fuzz/fuzz_own_link.c $(FUZZ_MAIN)
tests_fuzz_fuzz_own_link_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_own_link_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_own_link_LDADD = src/libcollect.a src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) -lm
EXTRA_DIST += tests/fuzz/corpus/own_link
FUZZ_TARGETS += tests/fuzz/fuzz_makers
tests_fuzz_fuzz_makers_SOURCES = tests/fuzz/fuzz_makers.c $(FUZZ_MAIN)
tests_fuzz_fuzz_makers_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_makers_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_makers_LDADD = src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) -lm
EXTRA_DIST += tests/fuzz/corpus/makers
