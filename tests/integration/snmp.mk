# The snmp probe against real and recorded agents.
dist_check_SCRIPTS += tests/integration/test_snmp.sh tests/integration/test_snmp_corpus.sh tests/integration/test_snmp_quirks.sh tests/integration/test_snmp_know.sh tests/integration/test_snmp_tables.sh tests/integration/test_snmp_load.sh
TESTS += tests/integration/test_snmp.sh tests/integration/test_snmp_corpus.sh tests/integration/test_snmp_quirks.sh tests/integration/test_snmp_know.sh tests/integration/test_snmp_tables.sh tests/integration/test_snmp_load.sh
EXTRA_DIST += tests/integration/tap.sh
EXTRA_DIST += tests/integration/recordings
# interfaces that are watched, by the whole program
dist_check_SCRIPTS += tests/integration/sample.sh
TESTS += tests/integration/sample.sh
