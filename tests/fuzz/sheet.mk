# Fuzz target: sheets that people fill
FUZZ_TARGETS += tests/fuzz/fuzz_sheet
tests_fuzz_fuzz_sheet_SOURCES = tests/fuzz/fuzz_sheet.c $(FUZZ_MAIN)
tests_fuzz_fuzz_sheet_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_fuzz_sheet_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_sheet_LDADD = src/libsite.a src/libfact.a src/libbase.a $(YAML_LIBS) $(CSV_LIBS) $(CRYPTO_LIBS) -lm
EXTRA_DIST += tests/fuzz/corpus/sheet
