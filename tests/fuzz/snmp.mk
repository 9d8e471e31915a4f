# Fuzz target: values of SNMP answers
FUZZ_TARGETS += tests/fuzz/fuzz_snmp
tests_fuzz_fuzz_snmp_SOURCES = tests/fuzz/fuzz_snmp.c $(FUZZ_MAIN)
tests_fuzz_fuzz_snmp_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_snmp_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_snmp_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS)
EXTRA_DIST += tests/fuzz/corpus/snmp
