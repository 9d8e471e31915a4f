# discover, on a network of its own
dist_check_SCRIPTS += tests/integration/discover.sh tests/integration/discover_link.sh
TESTS += tests/integration/discover.sh tests/integration/discover_link.sh
EXTRA_DIST += tests/tools/link_watch.py
