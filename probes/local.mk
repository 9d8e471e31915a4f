noinst_LIBRARIES += src/libprobes.a
src_libprobes_a_SOURCES = \
	probes/probe.h \
	probes/probes.c \
	probes/snmp/if_types.h \
	probes/snmp/if_types.c \
	probes/snmp/snmp_parse.h \
	probes/snmp/snmp_table.c \
	probes/snmp/snmp_text.c \
	probes/snmp/snmp_device.c \
	probes/snmp/snmp_sources.h \
	probes/snmp/snmp_sources.c \
	probes/snmp/snmp_addresses.c \
	probes/snmp/snmp_arp.c \
	probes/snmp/snmp_components.c \
	probes/snmp/snmp_mac_addresses.c \
	probes/snmp/snmp_neighbors.c \
	probes/snmp/snmp_know.h \
	probes/snmp/snmp_know.c \
	probes/snmp/snmp_interfaces.c \
	probes/snmp/snmp_agent.h \
	probes/snmp/snmp.c \
	probes/ldap/ldap_parse.h \
	probes/ldap/ldap_values.c \
	probes/ldap/ldap_root.c \
	probes/ldap/ldap_parse.c \
	probes/ldap/ldap.c \
	probes/ssh/ssh_script.h \
	probes/ssh/ssh_script.c \
	probes/ssh/ssh_parse.h \
	probes/ssh/ssh_span.c \
	probes/ssh/ssh_sections.c \
	probes/ssh/ssh_platform.h \
	probes/ssh/ssh_platform.c \
	probes/ssh/ssh_parse_hosts.c \
	probes/ssh/ssh_parse_filesystems.c \
	probes/ssh/ssh_parse_ports.c \
	probes/ssh/ssh.c \
	probes/net/net_samples.h \
	probes/net/net_samples.c \
	probes/net/net.c \
	probes/file/file_parse.h \
	probes/file/file_parse.c \
	probes/file/file_alias.c \
	probes/file/file.c
src_libprobes_a_CFLAGS = $(AM_CFLAGS) $(SSH2_CFLAGS) $(NETSNMP_CFLAGS) $(LDAP_CFLAGS)
