# Fuzz target: what resolvers and registries answer about a domain
FUZZ_TARGETS += tests/fuzz/fuzz_domain
tests_fuzz_fuzz_domain_SOURCES = tests/fuzz/fuzz_domain.c $(FUZZ_MAIN)
tests_fuzz_fuzz_domain_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_domain_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_domain_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS)
EXTRA_DIST += tests/fuzz/corpus/domain
