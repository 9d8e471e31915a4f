noinst_LIBRARIES += src/libplan.a
EXTRA_DIST += src/plan/README.md
src_libplan_a_SOURCES = \
	src/plan/schedule.h \
	src/plan/schedule.c \
	src/plan/work.h \
	src/plan/work.c \
	src/plan/work_order.h \
	src/plan/work_order.c \
	src/plan/work_sums.c \
	src/plan/work_csv.h \
	src/plan/work_csv.c \
	src/plan/realised.h \
	src/plan/realised.c \
	src/plan/impact.h \
	src/plan/impact.c \
	src/plan/roadmap.h \
	src/plan/roadmap.c
src_libplan_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
