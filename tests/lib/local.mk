# What tests of several rooms share.
noinst_HEADERS += tests/lib/cmocka_all.h
dist_check_SCRIPTS += tests/lib/directory
EXTRA_DIST += tests/lib/daemon.sh
check_PROGRAMS += tests/lib/probe_run
tests_lib_probe_run_SOURCES = tests/lib/probe_run.c
tests_lib_probe_run_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
# The rooms of a worker only: no store, no site.
tests_lib_probe_run_LDADD = src/libworker.a src/libprobes.a src/libworker.a src/libprobes.a src/libfact.a src/libbase.a \
	$(EXPAT_LIBS) $(SSH2_LIBS) $(NETSNMP_LIBS) $(LDAP_LIBS) $(GNUTLS_LIBS) $(SSL_LIBS) $(PCRE2_LIBS) $(SECCOMP_LIBS) $(CSV_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS) -lm
check_PROGRAMS += tests/lib/mapping_wire
tests_lib_mapping_wire_SOURCES = tests/lib/mapping_wire.c
tests_lib_mapping_wire_LDADD = src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) -lm
check_PROGRAMS += tests/lib/rules_wire
tests_lib_rules_wire_SOURCES = tests/lib/rules_wire.c
tests_lib_rules_wire_LDADD = src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CSV_LIBS) $(PCRE2_LIBS) $(CRYPTO_LIBS) -lm

dist_check_SCRIPTS += tests/lib/installed
installcheck-local:
	@builddir='$(abs_top_builddir)' $(SHELL) '$(top_srcdir)/tests/lib/installed' '$(DESTDIR)$(bindir)/preop' '$(DESTDIR)$(pkgdatadir)'
