# the net probe against s_server and ill-behaved servers
dist_check_SCRIPTS += tests/integration/net.sh
TESTS += tests/integration/net.sh
# what is told before a log-on, against smbd, xrdp and ill-behaved servers
dist_check_SCRIPTS += tests/integration/greetings.sh
TESTS += tests/integration/greetings.sh
# domains, against nsd, a registry of files and ill-behaved servers
dist_check_SCRIPTS += tests/integration/domains.sh
TESTS += tests/integration/domains.sh
