noinst_LIBRARIES += src/libcollect.a
src_libcollect_a_SOURCES = \
	src/collect/collect.h \
	src/collect/collect.c \
	src/collect/plan.c \
	src/collect/earlier.h \
	src/collect/earlier.c \
	src/collect/build.h \
	src/collect/build.c \
	src/collect/zygote_client.h \
	src/collect/zygote.c \
	src/collect/sched.h \
	src/collect/sched.c \
	src/collect/jobrun.h \
	src/collect/jobrun.c \
	src/collect/spool.h \
	src/collect/spool.c \
	src/collect/take.h \
	src/collect/take.c \
	src/collect/people.h \
	src/collect/people.c \
	src/collect/agent.h \
	src/collect/agent.c \
	src/collect/known_hosts.h \
	src/collect/known_hosts.c \
	src/collect/peers.c \
	src/collect/own_link.h \
	src/collect/own_link.c \
	src/collect/own_link_parse.c \
	src/collect/own_link_lldp.c \
	src/collect/discover.h \
	src/collect/discover.c \
	src/collect/discover_find.c \
	src/collect/discover_take.c \
	src/collect/discover_join.c \
	src/collect/discover_known.c \
	src/collect/discover_name.c \
	src/collect/discover_notes.c \
	src/collect/discover_yaml.c \
	src/collect/discover_jobs.h \
	src/collect/discover_jobs.c \
	src/collect/discover_journal.c \
	src/collect/vantage.h \
	src/collect/vantage.c
src_libcollect_a_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS)
