# Fuzz target: entries of a directory
FUZZ_TARGETS += tests/fuzz/fuzz_ldap
tests_fuzz_fuzz_ldap_SOURCES = tests/fuzz/fuzz_ldap.c $(FUZZ_MAIN)
tests_fuzz_fuzz_ldap_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_ldap_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ldap_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS)
EXTRA_DIST += tests/fuzz/corpus/ldap
