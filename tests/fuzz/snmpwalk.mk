# Fuzz target: text of snmpwalk
FUZZ_TARGETS += tests/fuzz/fuzz_snmpwalk
tests_fuzz_fuzz_snmpwalk_SOURCES = tests/fuzz/fuzz_snmpwalk.c $(FUZZ_MAIN)
tests_fuzz_fuzz_snmpwalk_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_snmpwalk_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_snmpwalk_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS)
EXTRA_DIST += tests/fuzz/corpus/snmpwalk
