noinst_LIBRARIES += src/libfact.a
src_libfact_a_SOURCES = \
	src/fact/table.h \
	src/fact/registry.c \
	src/fact/row.h \
	src/fact/row.c \
	src/fact/row_key.c \
	src/fact/reason.h \
	src/fact/reason.c \
	src/fact/frame.h \
	src/fact/frame.c \
	src/fact/job.h \
	src/fact/job.c \
	src/fact/port.h \
	src/fact/port.c \
	src/fact/control.h \
	src/fact/control.c \
	src/fact/mapping.h \
	src/fact/mapping.c \
	src/fact/mapping_value.c \
	src/fact/device_rules.h \
	src/fact/device_rules.c \
	src/fact/table_devices.h \
	src/fact/table_devices.c \
	src/fact/table_addresses.h \
	src/fact/table_addresses.c \
	src/fact/table_components.h \
	src/fact/table_components.c \
	src/fact/table_neighbors.h \
	src/fact/table_neighbors.c \
	src/fact/table_interfaces.h \
	src/fact/table_interfaces.c \
	src/fact/table_hosts.h \
	src/fact/table_hosts.c \
	src/fact/table_filesystems.h \
	src/fact/table_filesystems.c \
	src/fact/table_listening_ports.h \
	src/fact/table_listening_ports.c \
	src/fact/table_directories.h \
	src/fact/table_directories.c \
	src/fact/table_directory_accounts.h \
	src/fact/table_directory_accounts.c \
	src/fact/table_endpoints.h \
	src/fact/table_endpoints.c
src_libfact_a_CFLAGS = $(AM_CFLAGS)
