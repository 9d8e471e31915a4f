# integration/local

include tests/integration/snmp.mk
include tests/integration/ldap.mk
include tests/integration/net.mk
include tests/integration/discover.mk
include tests/integration/ssh.mk
include tests/integration/attest.mk
include tests/integration/program.mk

# what tests write below the build folder
clean-local:
	-rm -rf tests/integration/*.dir tests/integration/*.work tests/bench/*.dir
