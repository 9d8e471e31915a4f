noinst_LIBRARIES += src/libchecklist.a
src_libchecklist_a_SOURCES = \
	src/checklist/checklist.h \
	src/checklist/checklist.c \
	src/checklist/evaluate.h \
	src/checklist/evaluate.c \
	src/checklist/token.h \
	src/checklist/token.c \
	src/checklist/scan.c \
	src/checklist/functions.h \
	src/checklist/functions.c \
	src/checklist/authorize.h \
	src/checklist/authorize.c \
	src/checklist/views.h \
	src/checklist/views.c \
	src/checklist/compile.h \
	src/checklist/compile.c \
	src/checklist/types.h \
	src/checklist/types.c \
	src/checklist/wire.h \
	src/checklist/wire.c \
	src/checklist/judge.h \
	src/checklist/judge.c \
	src/checklist/judge_internal.h \
	src/checklist/judge_query.c \
	src/checklist/evidence.c \
	src/checklist/child.h \
	src/checklist/child.c \
	src/checklist/evaluate_child.c \
	src/checklist/gather.h \
	src/checklist/gather.c \
	src/checklist/settle.h \
	src/checklist/settle.c \
	src/checklist/facts.c \
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
