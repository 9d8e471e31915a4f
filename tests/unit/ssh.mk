# The ssh probe and the ssh session.
check_PROGRAMS += tests/unit/test_ssh_parse tests/unit/test_ssh_hostkey tests/unit/test_ssh_key tests/unit/test_ssh_agent
TESTS += tests/unit/test_ssh_parse tests/unit/test_ssh_hostkey tests/unit/test_ssh_key tests/unit/test_ssh_agent
tests_unit_test_ssh_parse_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ssh_parse_LDADD = src/libprobes.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
tests_unit_test_ssh_hostkey_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ssh_hostkey_LDADD = src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
tests_unit_test_ssh_key_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ssh_key_LDADD = src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
tests_unit_test_ssh_agent_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ssh_agent_LDADD = src/libcollect.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
EXTRA_DIST += tests/unit/data/ssh
