# discover, on a network of its own
dist_check_SCRIPTS += tests/integration/discover.sh tests/integration/discover_link.sh tests/integration/discover_found.sh
TESTS += tests/integration/discover.sh tests/integration/discover_link.sh tests/integration/discover_found.sh
EXTRA_DIST += tests/tools/link_watch.py tests/tools/snmp_watch.py tests/tools/discovered_valid.py
