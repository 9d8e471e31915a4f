# The net probe.
check_PROGRAMS += tests/unit/test_net_samples
TESTS += tests/unit/test_net_samples
tests_unit_test_net_samples_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_net_samples_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_net_greetings
TESTS += tests/unit/test_net_greetings
tests_unit_test_net_greetings_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_net_greetings_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_net_domain
TESTS += tests/unit/test_net_domain
tests_unit_test_net_domain_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_net_domain_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
