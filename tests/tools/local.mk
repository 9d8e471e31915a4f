# Tools of the tests; the demo clinic runs them too, so they are built with everything else.

# snmprec_serve: recorded SNMP agents, and ill-behaved ones
noinst_PROGRAMS += tests/tools/snmprec_serve
tests_tools_snmprec_serve_SOURCES = tests/tools/snmprec_serve.c tests/tools/snmprec_agent.h tests/tools/snmprec_agent.c \
	tests/tools/snmprec.h tests/tools/snmprec_load.c tests/tools/snmprec_ber.c
tests_tools_snmprec_serve_CPPFLAGS = $(TEST_CPPFLAGS)
tests_tools_snmprec_serve_LDADD = src/libbase.a $(CRYPTO_LIBS)

# netlag: delay and loss for UDP and TCP on loopback
noinst_PROGRAMS += tests/tools/netlag
tests_tools_netlag_SOURCES = tests/tools/netlag.c tests/tools/netlag.h tests/tools/netlag_udp.c tests/tools/netlag_tcp.c
tests_tools_netlag_CPPFLAGS = $(TEST_CPPFLAGS)
tests_tools_netlag_LDADD = src/libbase.a $(CRYPTO_LIBS)
check_PROGRAMS += tests/tools/test_netlag
TESTS += tests/tools/test_netlag
tests_tools_test_netlag_SOURCES = tests/tools/test_netlag.c
tests_tools_test_netlag_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_tools_test_netlag_LDADD = src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/tools/ldap_hostile
tests_tools_ldap_hostile_SOURCES = tests/tools/ldap_hostile.c

# tcp_hostile: a TCP server that misbehaves
check_PROGRAMS += tests/tools/tcp_hostile
tests_tools_tcp_hostile_SOURCES = tests/tools/tcp_hostile.c
tests_tools_tcp_hostile_CPPFLAGS = $(TEST_CPPFLAGS)
tests_tools_tcp_hostile_LDADD =
