# integration/local

include tests/integration/snmp.mk
include tests/integration/ldap.mk
include tests/integration/ssh.mk
