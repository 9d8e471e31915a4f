noinst_LIBRARIES += src/libreport.a
src_libreport_a_SOURCES = \
	src/report/style.h \
	src/report/style.c \
	src/report/report.h \
	src/report/report.c \
	src/report/settle.c \
	src/report/disagree.c \
	src/report/parts.h \
	src/report/parts.c \
	src/report/check_page.c \
	src/report/text.c \
	src/report/json.c \
	src/report/compare_out.c
src_libreport_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
