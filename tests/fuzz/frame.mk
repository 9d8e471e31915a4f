FUZZ_TARGETS += tests/fuzz/fuzz_frame
tests_fuzz_fuzz_frame_SOURCES = tests/fuzz/fuzz_frame.c $(FUZZ_MAIN)
tests_fuzz_fuzz_frame_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_frame_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_frame_LDADD = src/libfact.a src/libbase.a $(CRYPTO_LIBS)
EXTRA_DIST += tests/fuzz/corpus/frame
