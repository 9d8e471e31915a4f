# Fuzz target: the YAML files of a site folder, and mappings
FUZZ_TARGETS += tests/fuzz/fuzz_yaml
tests_fuzz_fuzz_yaml_SOURCES = tests/fuzz/fuzz_yaml.c $(FUZZ_MAIN)
tests_fuzz_fuzz_yaml_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_yaml_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_yaml_LDADD = src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) -lm
EXTRA_DIST += tests/fuzz/corpus/yaml
