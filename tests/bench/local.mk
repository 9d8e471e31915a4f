# `make bench`: the figures of engine.md section 8, each printed with what it is compared with. A program is added by its line in BENCHES
# and its _LDADD; it prints one line for each figure and ends with 0 when all were reached. Not part of `make check`: figures belong to
# a machine and to what else it does.
BENCHES =
EXTRA_PROGRAMS = $(BENCHES)
CLEANFILES += $(BENCHES)

# processes, memory, and rows from workers to the store
BENCHES += tests/bench/bench_collect
tests_bench_bench_collect_SOURCES = tests/bench/bench_collect.c $(ACTS_SOURCES)
tests_bench_bench_collect_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_collect_LDADD = $(ACTS_LIBS)

# frames to committed rows
BENCHES += tests/bench/bench_store
tests_bench_bench_store_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_store_LDADD = src/libstore.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) -lm

# 200 checks over 100,000 rows
BENCHES += tests/bench/bench_evaluate
tests_bench_bench_evaluate_SOURCES = tests/bench/bench_evaluate.c tests/bench/bench.c tests/bench/bench.h
tests_bench_bench_evaluate_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_evaluate_LDADD = src/libchecklist.a src/libstore.a src/libsite.a src/libfact.a src/libbase.a $(SQLITE_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(PCRE2_LIBS) \
	$(SECCOMP_LIBS) $(CRYPTO_LIBS) $(CSV_LIBS) -lm

# the shipped checks over 50,000 rows of every kind
BENCHES += tests/bench/bench_shipped
tests_bench_bench_shipped_SOURCES = tests/bench/bench_shipped.c tests/bench/bench.c tests/bench/bench.h
tests_bench_bench_shipped_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_shipped_LDADD = $(tests_bench_bench_evaluate_LDADD)

# the HTML report of 100 targets and 50,000 rows
BENCHES += tests/bench/bench_html
tests_bench_bench_html_SOURCES = tests/bench/bench_html.c tests/bench/bench.c tests/bench/bench.h
tests_bench_bench_html_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_html_LDADD = src/libreport.a src/libplan.a $(tests_bench_bench_evaluate_LDADD)

# a whole check against the machine's own bound
EXTRA_PROGRAMS += tests/bench/subreaper
CLEANFILES += tests/bench/subreaper
tests_bench_subreaper_SOURCES = tests/bench/subreaper.c
bench_in_shell = tests/bench/machine.sh tests/bench/bench_check.sh tests/bench/bench_snmp.sh tests/bench/bench_discover.sh
EXTRA_DIST += $(bench_in_shell) tests/bench/measure.sh

.PHONY: bench
bench: $(BENCHES) preop tests/tools/snmprec_serve tests/tools/netlag tests/lib/probe_run tests/bench/subreaper
	@status=0; builddir='$(abs_top_builddir)'; srcdir='$(abs_top_srcdir)'; export builddir srcdir; \
	for b in $(bench_in_shell); do $(SHELL) $(srcdir)/$$b || status=1; done; for b in $(BENCHES); do ./$$b || status=1; done; exit $$status
