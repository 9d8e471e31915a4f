# The ldap and file probes.
check_PROGRAMS += tests/unit/test_ldap_parse tests/unit/test_ldap_outcome
TESTS += tests/unit/test_ldap_parse tests/unit/test_ldap_outcome
tests_unit_test_ldap_parse_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ldap_parse_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
tests_unit_test_ldap_outcome_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ldap_outcome_LDADD = src/libworker.a src/libprobes.a src/libworker.a src/libprobes.a src/libfact.a src/libbase.a \
	$(EXPAT_LIBS) $(SSH2_LIBS) $(NETSNMP_LIBS) $(LDAP_LIBS) $(GNUTLS_LIBS) $(SSL_LIBS) $(PCRE2_LIBS) $(SECCOMP_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
check_PROGRAMS += tests/unit/test_file_parse
TESTS += tests/unit/test_file_parse
tests_unit_test_file_parse_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_file_parse_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CSV_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
check_PROGRAMS += tests/unit/test_file_nmap
TESTS += tests/unit/test_file_nmap
tests_unit_test_file_nmap_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_file_nmap_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(EXPAT_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_file_leases
TESTS += tests/unit/test_file_leases
tests_unit_test_file_leases_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_file_leases_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
