# the ssh probe against OpenSSH, dropbear and hostile servers
dist_check_SCRIPTS += tests/lib/ssh_host tests/integration/ssh.sh
TESTS += tests/integration/ssh.sh
check_PROGRAMS += tests/tools/ssh_hostile
tests_tools_ssh_hostile_SOURCES = tests/tools/ssh_hostile.c
tests_tools_ssh_hostile_CPPFLAGS = $(TEST_CPPFLAGS)
tests_tools_ssh_hostile_LDADD =
