noinst_LIBRARIES += src/libcmd.a
src_libcmd_a_SOURCES = \
	src/cmd/cmd.h \
	src/cmd/args.h \
	src/cmd/cmd.c \
	src/cmd/help.c \
	src/cmd/context.c \
	src/cmd/output.c \
	src/cmd/commands.h \
	src/cmd/commands.c \
	src/cmd/init.c \
	src/cmd/discover.c \
	src/cmd/discover_page.h \
	src/cmd/discover_page.c \
	src/cmd/trust.c \
	src/cmd/evidence.c \
	src/cmd/attest.h \
	src/cmd/attest.c \
	src/cmd/attest_ask.c \
	src/cmd/attest_list.c \
	src/cmd/check.c \
	src/cmd/progress.h \
	src/cmd/progress.c \
	src/cmd/request.c \
	src/cmd/report.c \
	src/cmd/compare.c \
	src/cmd/history.c \
	src/cmd/roadmap.c \
	src/cmd/lookback.c \
	src/cmd/facts.c \
	src/cmd/explain.c \
	src/cmd/status.c \
	src/cmd/lint.c \
	src/cmd/verify.c
src_libcmd_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
bin_PROGRAMS += preop
preop_SOURCES = src/main.c
preop_CFLAGS = $(AM_CFLAGS)
preop_LDADD = $(PREOP_LIBS) $(EXTERNAL_LIBS)
preop_DEPENDENCIES = $(PREOP_DEPS)
