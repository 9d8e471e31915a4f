# integration/local

# the ldap probe against slapd and a hostile server
dist_check_SCRIPTS += tests/integration/ldap.sh
TESTS += tests/integration/ldap.sh
include tests/integration/snmp.mk
