noinst_LIBRARIES += src/libstore.a
src_libstore_a_SOURCES = \
	src/store/store.h \
	src/store/internal.h \
	src/store/asked.c \
	src/store/collection.c \
	src/store/disclosure.c \
	src/store/earlier.c \
	src/store/facts.c \
	src/store/input.c \
	src/store/intake.c \
	src/store/lock.c \
	src/store/lookback.c \
	src/store/open.c \
	src/store/results.c \
	src/store/run.c \
	src/store/schema.c \
	src/store/seal.c \
	src/store/sql.c \
	src/store/trend.c \
	src/store/verify.c \
	src/store/views.c
src_libstore_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
EXTRA_DIST += src/store/README.md
