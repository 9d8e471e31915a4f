# The snmp probe's pure half.
check_PROGRAMS += tests/unit/test_snmp_parse
TESTS += tests/unit/test_snmp_parse
tests_unit_test_snmp_parse_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_parse_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
# Device rules: from YAML over the wire to what is known.
check_PROGRAMS += tests/unit/test_device_rules
TESTS += tests/unit/test_device_rules
tests_unit_test_device_rules_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_device_rules_LDADD = src/libprobes.a src/libworker.a src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CSV_LIBS) $(PCRE2_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
# Sources: addresses, components, neighbours from MIB tables.
check_PROGRAMS += tests/unit/test_snmp_sources
TESTS += tests/unit/test_snmp_sources
tests_unit_test_snmp_sources_SOURCES = tests/unit/test_snmp_sources.c tests/unit/snmp_fixture.c tests/unit/snmp_fixture.h
tests_unit_test_snmp_sources_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_sources_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
# Text of snmpwalk.
check_PROGRAMS += tests/unit/test_snmp_recording
TESTS += tests/unit/test_snmp_recording
tests_unit_test_snmp_recording_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_recording_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
# Sources of the network: routes, VLANs, spanning tree, storage, processors, memory.
check_PROGRAMS += tests/unit/test_snmp_network
TESTS += tests/unit/test_snmp_network
tests_unit_test_snmp_network_SOURCES = tests/unit/test_snmp_network.c tests/unit/snmp_fixture.c tests/unit/snmp_fixture.h
tests_unit_test_snmp_network_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_network_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
# Sources of power, printers and sensors.
check_PROGRAMS += tests/unit/test_snmp_power
TESTS += tests/unit/test_snmp_power
tests_unit_test_snmp_power_SOURCES = tests/unit/test_snmp_power.c tests/unit/snmp_fixture.c tests/unit/snmp_fixture.h
tests_unit_test_snmp_power_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_power_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
# Roles of interfaces.
check_PROGRAMS += tests/unit/test_snmp_roles
TESTS += tests/unit/test_snmp_roles
tests_unit_test_snmp_roles_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_roles_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
# Rates from counters.
check_PROGRAMS += tests/unit/test_snmp_load
TESTS += tests/unit/test_snmp_load
tests_unit_test_snmp_load_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_load_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
# Parts, configurations, time.
check_PROGRAMS += tests/unit/test_snmp_hardware
TESTS += tests/unit/test_snmp_hardware
tests_unit_test_snmp_hardware_SOURCES = tests/unit/test_snmp_hardware.c tests/unit/snmp_fixture.c tests/unit/snmp_fixture.h
tests_unit_test_snmp_hardware_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_hardware_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
# Firewalls: sessions, subscriptions, tunnels, redundancy.
check_PROGRAMS += tests/unit/test_snmp_firewall
TESTS += tests/unit/test_snmp_firewall
tests_unit_test_snmp_firewall_SOURCES = tests/unit/test_snmp_firewall.c tests/unit/snmp_fixture.c tests/unit/snmp_fixture.h
tests_unit_test_snmp_firewall_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_firewall_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
# Wireless networks, access points, radios.
check_PROGRAMS += tests/unit/test_snmp_wireless
TESTS += tests/unit/test_snmp_wireless
tests_unit_test_snmp_wireless_SOURCES = tests/unit/test_snmp_wireless.c tests/unit/snmp_fixture.c tests/unit/snmp_fixture.h
tests_unit_test_snmp_wireless_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_wireless_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_snmp_guests
TESTS += tests/unit/test_snmp_guests
tests_unit_test_snmp_guests_SOURCES = tests/unit/test_snmp_guests.c tests/unit/snmp_fixture.c tests/unit/snmp_fixture.h
tests_unit_test_snmp_guests_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_snmp_guests_LDADD = src/libprobes.a src/libworker.a src/libfact.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS)
