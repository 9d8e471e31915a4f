# The snmp probe's pure half.
check_PROGRAMS += tests/unit/test_snmp_parse
TESTS += tests/unit/test_snmp_parse
tests_unit_test_snmp_parse_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_parse_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
