# discover, on a network of its own
dist_check_SCRIPTS += tests/integration/discover.sh
TESTS += tests/integration/discover.sh
