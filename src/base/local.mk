noinst_LIBRARIES += src/libbase.a
src_libbase_a_SOURCES = \
	src/base/banned.h \
	src/base/mac.h \
	src/base/mac.c \
	src/base/mem.h \
	src/base/mem.c \
	src/base/program.h \
	src/base/program.c \
	src/base/buf.h \
	src/base/buf.c \
	src/base/err.h \
	src/base/err.c \
	src/base/spread.h \
	src/base/spread.c \
	src/base/diag.h \
	src/base/diag.c \
	src/base/log.h \
	src/base/log.c \
	src/base/clock.h \
	src/base/clock.c \
	src/base/cidr.h \
	src/base/cidr.c \
	src/base/text.h \
	src/base/text.c \
	src/base/text_parse.c \
	src/base/utf8.h \
	src/base/utf8.c \
	src/base/path.h \
	src/base/path.c \
	src/base/hash.h \
	src/base/hash.c \
	src/base/pattern.h \
	src/base/pattern.c \
	src/base/csv.h \
	src/base/csv.c \
	src/base/strset.h \
	src/base/strset.c
src_libbase_a_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS) $(PCRE2_CFLAGS)
