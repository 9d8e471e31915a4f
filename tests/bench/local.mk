# Benches: `make bench` builds and runs them all. Each prints its figures with what they are compared with.
BENCHES =
EXTRA_PROGRAMS = $(BENCHES)
CLEANFILES += $(BENCHES)

# frames to committed rows
BENCHES += tests/bench/bench_store
tests_bench_bench_store_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_store_LDADD = src/libstore.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) -lm

.PHONY: bench
bench: $(BENCHES)
	@status=0; for b in $(BENCHES); do builddir='$(abs_top_builddir)' srcdir='$(abs_top_srcdir)' ./$$b || status=1; done; exit $$status
