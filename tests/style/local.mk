# The structure, proved: includes, symbols, headers, nothing forgotten. `make check-style` only lists.
dist_check_SCRIPTS += tests/style/includes.t tests/style/symbols.t tests/style/headers.t tests/style/listed.t tests/style/coverage.t
TESTS += tests/style/includes.t tests/style/symbols.t tests/style/headers.t tests/style/listed.t tests/style/coverage.t
EXTRA_DIST += tests/style/shape
AM_TESTS_ENVIRONMENT += CC='$(CC)'; export CC; NM='$(NM)'; export NM; style_cflags='$(STYLE_CFLAGS)'; export style_cflags;
STYLE_CFLAGS = $(PREOP_CFLAGS) $(SQLITE_CFLAGS) $(YAML_CFLAGS) $(JANSSON_CFLAGS) $(SSH2_CFLAGS) $(NETSNMP_CFLAGS) $(LDAP_CFLAGS) \
	$(GNUTLS_CFLAGS) $(PCRE2_CFLAGS) $(SECCOMP_CFLAGS) $(CRYPTO_CFLAGS) $(CMOCKA_CFLAGS)

.PHONY: check-headers check-style
check-headers:
	@$(AM_TESTS_ENVIRONMENT) $(top_srcdir)/tests/style/headers.t | { ! grep -v '^ok\|^1\.\.'; }
check-style:
	@srcdir='$(top_srcdir)' $(top_srcdir)/tests/style/shape
