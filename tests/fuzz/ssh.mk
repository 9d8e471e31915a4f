# what the host's script prints; and what is read before a host is trusted
FUZZ_TARGETS += tests/fuzz/fuzz_ssh tests/fuzz/fuzz_ssh_hello
tests_fuzz_fuzz_ssh_SOURCES = tests/fuzz/fuzz_ssh.c $(FUZZ_MAIN)
tests_fuzz_fuzz_ssh_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_ssh_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ssh_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS)
tests_fuzz_fuzz_ssh_hello_SOURCES = tests/fuzz/fuzz_ssh_hello.c $(FUZZ_MAIN)
tests_fuzz_fuzz_ssh_hello_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_ssh_hello_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ssh_hello_LDADD = src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS)
EXTRA_DIST += tests/fuzz/corpus/ssh tests/fuzz/corpus/ssh_hello
