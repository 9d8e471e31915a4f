# the net probe against s_server and ill-behaved servers
dist_check_SCRIPTS += tests/integration/net.sh
TESTS += tests/integration/net.sh
