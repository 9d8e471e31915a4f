# Fuzz target: XML of nmap
FUZZ_TARGETS += tests/fuzz/fuzz_nmap
tests_fuzz_fuzz_nmap_SOURCES = tests/fuzz/fuzz_nmap.c $(FUZZ_MAIN)
tests_fuzz_fuzz_nmap_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_nmap_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_nmap_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(EXPAT_LIBS) $(CRYPTO_LIBS)
EXTRA_DIST += tests/fuzz/corpus/nmap
