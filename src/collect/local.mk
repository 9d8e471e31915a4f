noinst_LIBRARIES += src/libcollect.a
src_libcollect_a_SOURCES = \
	src/collect/collect.h \
	src/collect/plan.c \
	src/collect/zygote.c \
	src/collect/collect.c
src_libcollect_a_CFLAGS = $(AM_CFLAGS)
