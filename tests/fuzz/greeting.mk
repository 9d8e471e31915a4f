# Fuzz target: what SMB and RDP servers answer before a log-on
FUZZ_TARGETS += tests/fuzz/fuzz_greeting
tests_fuzz_fuzz_greeting_SOURCES = tests/fuzz/fuzz_greeting.c $(FUZZ_MAIN)
tests_fuzz_fuzz_greeting_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_greeting_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_greeting_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS)
EXTRA_DIST += tests/fuzz/corpus/greeting
