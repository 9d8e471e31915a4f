noinst_LIBRARIES += src/libprobes.a
src_libprobes_a_SOURCES = \
	probes/probe.h \
	probes/probes.c
src_libprobes_a_CFLAGS = $(AM_CFLAGS) $(SSH2_CFLAGS) $(NETSNMP_CFLAGS) $(LDAP_CFLAGS)
