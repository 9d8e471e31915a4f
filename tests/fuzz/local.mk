# Fuzz targets: tests/fuzz/README.md says how to add one. Each has a .mk file of its own, so that additions do not meet.
FUZZ_TARGETS =
EXTRA_DIST += tests/fuzz/README.md
if FUZZING
FUZZ_MAIN =
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_MAIN = tests/fuzz/replay.c
FUZZ_LINK = $(AM_LDFLAGS)
endif

include tests/fuzz/frame.mk
include tests/fuzz/jobrun.mk
include tests/fuzz/yaml.mk
include tests/fuzz/expression.mk
include tests/fuzz/ssh.mk
include tests/fuzz/snmp.mk
include tests/fuzz/snmpwalk.mk
include tests/fuzz/nmap.mk
include tests/fuzz/leases.mk
include tests/fuzz/mapping.mk
include tests/fuzz/sheet.mk
include tests/fuzz/ldap.mk
include tests/fuzz/certificate.mk
include tests/fuzz/greeting.mk
include tests/fuzz/domain.mk
include tests/fuzz/checklist.mk
include tests/fuzz/discover.mk

if FUZZING
noinst_PROGRAMS += $(FUZZ_TARGETS)
else
check_PROGRAMS += $(FUZZ_TARGETS)
TESTS += $(FUZZ_TARGETS)
endif
