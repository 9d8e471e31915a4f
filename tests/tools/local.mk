# Tools of the tests; the demo clinic runs them too, so they are built with everything else.

# snmprec_serve: recorded SNMP agents, and ill-behaved ones
noinst_PROGRAMS += tests/tools/snmprec_serve
tests_tools_snmprec_serve_SOURCES = tests/tools/snmprec_serve.c tests/tools/snmprec_agent.h tests/tools/snmprec_agent.c \
	tests/tools/snmprec.h tests/tools/snmprec_load.c tests/tools/snmprec_ber.c
tests_tools_snmprec_serve_CPPFLAGS = $(TEST_CPPFLAGS)
tests_tools_snmprec_serve_LDADD = src/libbase.a $(CRYPTO_LIBS)
