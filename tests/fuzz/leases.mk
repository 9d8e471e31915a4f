# Fuzz target: lease files of DHCP servers
FUZZ_TARGETS += tests/fuzz/fuzz_leases
tests_fuzz_fuzz_leases_SOURCES = tests/fuzz/fuzz_leases.c $(FUZZ_MAIN)
tests_fuzz_fuzz_leases_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_leases_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_leases_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) -lm
EXTRA_DIST += tests/fuzz/corpus/leases
