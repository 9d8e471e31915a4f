# the ldap probe against slapd, a hostile server, and Samba as an Active Directory domain controller
dist_check_SCRIPTS += tests/integration/ldap.sh tests/integration/samba.sh
TESTS += tests/integration/ldap.sh tests/integration/samba.sh
# the file probe on exports as people send them
dist_check_SCRIPTS += tests/integration/file.sh
TESTS += tests/integration/file.sh
