# Fuzz target: certificates of servers
FUZZ_TARGETS += tests/fuzz/fuzz_certificate
tests_fuzz_fuzz_certificate_SOURCES = tests/fuzz/fuzz_certificate.c $(FUZZ_MAIN)
tests_fuzz_fuzz_certificate_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_certificate_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_certificate_LDADD = src/libworker.a src/libbase.a $(CRYPTO_LIBS)
EXTRA_DIST += tests/fuzz/corpus/certificate
