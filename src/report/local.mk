noinst_LIBRARIES += src/libreport.a
src_libreport_a_SOURCES = \
	src/report/report.h \
	src/report/report.c
src_libreport_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
