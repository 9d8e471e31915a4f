# the whole program as a user meets it, each on a demo clinic of its own
EXTRA_DIST += tests/integration/clinic.sh tests/integration/folder.sh tests/tools/browser.py
program_tests = tests/integration/whole.sh tests/integration/permission.sh tests/integration/secrets.sh tests/integration/refusals.sh tests/integration/robust.sh tests/integration/hostile.sh tests/integration/bad_input.sh
program_tests += tests/integration/sources.sh tests/integration/narrow.sh tests/integration/edges.sh tests/integration/snmpwalk.sh tests/integration/html.sh
program_tests += tests/integration/roadmap.sh tests/integration/request.sh tests/integration/lookback.sh tests/integration/records.sh tests/integration/realised.sh
program_tests += tests/integration/sources.sh tests/integration/narrow.sh tests/integration/edges.sh tests/integration/snmpwalk.sh tests/integration/nmap.sh tests/integration/html.sh
program_tests += tests/integration/sources.sh tests/integration/narrow.sh tests/integration/edges.sh tests/integration/snmpwalk.sh tests/integration/nmap.sh tests/integration/guests.sh tests/integration/dates.sh tests/integration/html.sh
program_tests += tests/integration/sources.sh tests/integration/narrow.sh tests/integration/edges.sh tests/integration/snmpwalk.sh tests/integration/nmap.sh tests/integration/guests.sh tests/integration/dates.sh tests/integration/guests_snmp.sh tests/integration/html.sh
program_tests += tests/integration/roadmap.sh tests/integration/request.sh tests/integration/lookback.sh tests/integration/records.sh tests/integration/worked.sh
EXTRA_DIST += tests/worked/make.py tests/worked/second.py tests/worked/compare.py tests/worked/site
dist_check_SCRIPTS += $(program_tests)
TESTS += $(program_tests)
