# What becomes of verdicts: results, reports, plans, the command line.
REPORT_TESTS = tests/unit/test_results tests/unit/test_plan_schedule tests/unit/test_plan_work tests/unit/test_report_style tests/unit/test_report tests/unit/test_report_html tests/unit/test_cmd_args
check_PROGRAMS += $(REPORT_TESTS)
TESTS += $(REPORT_TESTS)
REPORT_TEST_LIBS = src/libreport.a src/libplan.a $(CHECKLIST_TEST_LIBS)
tests_unit_test_results_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_results_LDADD = $(CHECKLIST_TEST_LIBS)
tests_unit_test_plan_schedule_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_plan_schedule_LDADD = src/libplan.a src/libbase.a $(CRYPTO_LIBS) $(CMOCKA_LIBS) -lm
tests_unit_test_plan_work_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_plan_work_LDADD = src/libplan.a $(CHECKLIST_TEST_LIBS)
tests_unit_test_report_style_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_report_style_LDADD = $(REPORT_TEST_LIBS)
tests_unit_test_cmd_args_SOURCES = tests/unit/test_cmd_args.c tests/unit/store_helper.c tests/unit/store_helper.h
tests_unit_test_cmd_args_CPPFLAGS = $(TEST_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_test_cmd_args_LDADD = $(TEST_LIBS)
REPORT_TEST_STAND = tests/unit/report_stand.c tests/unit/report_stand.h $(CHECKLIST_TEST_HELPER)
tests_unit_test_report_html_SOURCES = tests/unit/test_report_html.c $(REPORT_TEST_STAND)
tests_unit_test_report_html_CPPFLAGS = $(CHECKLIST_TEST_CPPFLAGS)
tests_unit_test_report_html_LDADD = $(REPORT_TEST_LIBS)
tests_unit_test_report_SOURCES = tests/unit/test_report.c $(REPORT_TEST_STAND)
tests_unit_test_report_CPPFLAGS = $(CHECKLIST_TEST_CPPFLAGS)
tests_unit_test_report_LDADD = $(REPORT_TEST_LIBS)
EXTRA_DIST += tests/unit/data/report/check-80.txt tests/unit/data/report/check-60.txt tests/unit/data/report/check-40.txt tests/unit/data/report/report-80.txt \
	tests/unit/data/report/compare-80.txt tests/unit/data/report/brief.txt
