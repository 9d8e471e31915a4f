# The net probe.
check_PROGRAMS += tests/unit/test_net_samples
TESTS += tests/unit/test_net_samples
tests_unit_test_net_samples_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_net_samples_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
