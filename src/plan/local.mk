noinst_LIBRARIES += src/libplan.a
src_libplan_a_SOURCES = \
	src/plan/plan.h \
	src/plan/plan.c
src_libplan_a_CFLAGS = $(AM_CFLAGS)
