# what people are asked
dist_check_SCRIPTS += tests/integration/attest.sh
TESTS += tests/integration/attest.sh
EXTRA_DIST += tests/integration/attest_pty.py
