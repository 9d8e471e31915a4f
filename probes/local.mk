noinst_LIBRARIES += src/libprobes.a
src_libprobes_a_SOURCES = \
	probes/probe.h \
	probes/probes.c \
	probes/ldap/ldap_parse.h \
	probes/ldap/ldap_values.c \
	probes/ldap/ldap_root.c \
	probes/ldap/ldap_parse.c \
	probes/ldap/ldap.c
src_libprobes_a_CFLAGS = $(AM_CFLAGS) $(SSH2_CFLAGS) $(NETSNMP_CFLAGS) $(LDAP_CFLAGS)
