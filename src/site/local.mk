noinst_LIBRARIES += src/libsite.a
src_libsite_a_SOURCES = \
	src/site/yaml.h \
	src/site/yaml.c \
	src/site/yaml_value.c \
	src/site/load.h \
	src/site/load.c \
	src/site/load_site.c \
	src/site/load_authorization.c \
	src/site/load_never.c \
	src/site/load_targets.c \
	src/site/load_net.c \
	src/site/load_records.c \
	src/site/work.c \
	src/site/answer.h \
	src/site/answer.c \
	src/site/sheet.h \
	src/site/sheet.c \
	src/site/load_attestations.c \
	src/site/attest.c \
	src/site/attest_edit.h \
	src/site/attest_edit.c \
	src/site/hours.c \
	src/site/site.h \
	src/site/site.c \
	src/site/evidence.c \
	src/site/init.c \
	src/site/permit.h \
	src/site/permit.c \
	src/site/credentials.h \
	src/site/credential.h \
	src/site/credentials.c \
	src/site/credentials_job.c \
	src/site/secret.h \
	src/site/secret.c \
	src/site/secret_command.c \
	src/site/device_rules.h \
	src/site/device_rules.c \
	src/site/makers.h \
	src/site/makers.c \
	src/site/deny.h \
	src/site/deny.c \
	src/site/mapping.h \
	src/site/mapping.c
src_libsite_a_CFLAGS = $(AM_CFLAGS) $(YAML_CFLAGS)
