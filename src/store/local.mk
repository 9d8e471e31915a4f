noinst_LIBRARIES += src/libstore.a
src_libstore_a_SOURCES = \
	src/store/store.h \
	src/store/store.c
src_libstore_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
