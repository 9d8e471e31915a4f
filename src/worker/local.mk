noinst_LIBRARIES += src/libworker.a
src_libworker_a_SOURCES = \
	src/worker/worker.h \
	src/worker/worker.c \
	src/worker/zygote.h \
	src/worker/zygote.c \
	src/worker/net.h \
	src/worker/net.c \
	src/worker/sandbox.h \
	src/worker/sandbox.c \
	src/worker/net_permit.h \
	src/worker/net_permit.c \
	src/worker/ldap_session.h \
	src/worker/ldap_session.c \
	src/worker/ldap_outcome.c \
	src/worker/ldap_tls.h \
	src/worker/ldap_tls.c \
	src/worker/ssh_session.h \
	src/worker/ssh_internal.h \
	src/worker/ssh_session.c \
	src/worker/ssh_handshake.c \
	src/worker/ssh_auth.c \
	src/worker/ssh_hostkey.h \
	src/worker/ssh_hostkey.c \
	src/worker/ssh_offer.c \
	src/worker/ssh_key.h \
	src/worker/ssh_key.c \
	src/worker/ssh_key_file.h \
	src/worker/ssh_key_file.c \
	src/worker/bcrypt_pbkdf.h \
	src/worker/bcrypt_pbkdf.c \
	src/worker/blowfish_start.h \
	src/worker/blowfish_start.c \
	src/worker/snmp_value.h \
	src/worker/snmp_value.c \
	src/worker/snmp_usm.h \
	src/worker/snmp_usm.c \
	src/worker/snmp_wire.h \
	src/worker/snmp_wire.c \
	src/worker/snmp_session.h \
	src/worker/snmp_session_priv.h \
	src/worker/snmp_session.c \
	src/worker/snmp_fetch.c \
	src/worker/ctx.h \
	src/worker/ctx.c
src_libworker_a_CFLAGS = $(AM_CFLAGS) $(SSH2_CFLAGS) $(NETSNMP_CFLAGS) $(LDAP_CFLAGS) $(GNUTLS_CFLAGS) $(SECCOMP_CFLAGS) $(CRYPTO_CFLAGS)
