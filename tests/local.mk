# Tests mirror the tree; each room's tests are listed in a file of their own, so that rooms do not meet in one list.
TEST_EXTENSIONS = .sh .t
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/lib/cmocka_tap.sh
EXTRA_DIST += tests/lib/cmocka_tap.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
T_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	srcdir='$(abs_top_srcdir)'; export srcdir; builddir='$(abs_top_builddir)'; export builddir;
TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TEST_LIBS = $(PREOP_LIBS) $(EXTERNAL_LIBS) $(CMOCKA_LIBS)

include tests/unit/attest.mk
include tests/unit/base.mk
include tests/unit/site.mk
include tests/unit/store.mk
include tests/unit/checklist.mk
include tests/unit/score.mk
include tests/unit/collect.mk
include tests/unit/snmp.mk
include tests/unit/ssh.mk
include tests/unit/ldap.mk
include tests/unit/net.mk
include tests/unit/discover.mk
include tests/unit/report.mk
include tests/style/local.mk
include tests/lib/local.mk
include tests/tools/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/integration/local.mk
