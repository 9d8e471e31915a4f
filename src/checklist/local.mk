noinst_LIBRARIES += src/libchecklist.a
src_libchecklist_a_SOURCES = \
	src/checklist/checklist.h \
	src/checklist/checklist.c \
	src/checklist/evaluate.h \
	src/checklist/evaluate.c \
	src/checklist/score.h \
	src/checklist/score.c \
	src/checklist/gates.c \
	src/checklist/cost.c \
	src/checklist/results.c \
	src/checklist/compare.h \
	src/checklist/compare.c \
	src/checklist/compare_runs.c \
	src/checklist/assess.h \
	src/checklist/assess.c \
	src/checklist/pinned.h \
	src/checklist/pinned.c
src_libchecklist_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(PCRE2_CFLAGS) $(JANSSON_CFLAGS) $(SECCOMP_CFLAGS)
