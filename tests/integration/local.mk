# integration/local

# the ldap probe against slapd and a hostile server
dist_check_SCRIPTS += tests/integration/ldap.sh
TESTS += tests/integration/ldap.sh
include tests/integration/snmp.mk
# the same against Samba as an Active Directory domain controller
dist_check_SCRIPTS += tests/integration/samba.sh
TESTS += tests/integration/samba.sh
