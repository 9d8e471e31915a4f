noinst_LIBRARIES += src/libcmd.a
src_libcmd_a_SOURCES = \
	src/cmd/cmd.h \
	src/cmd/cmd.c
src_libcmd_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
bin_PROGRAMS += preop
preop_SOURCES = src/main.c
preop_LDADD = $(PREOP_LIBS) $(EXTERNAL_LIBS)
preop_DEPENDENCIES = $(PREOP_DEPS)
