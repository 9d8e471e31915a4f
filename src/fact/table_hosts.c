/* The declaration of hosts. Constants only. */
#include "fact/table_hosts.h"

static const struct fact_column columns[] = {
    [HOSTS_NAME] = { "name", FACT_TEXT, FACT_KEY, NULL, "uname -n", "The computer's own name" },
    [HOSTS_FQDN] = { "fqdn", FACT_TEXT, 0, NULL, "hostname -f", "Its full name in DNS" },
    [HOSTS_OS_NAME] = { "os_name", FACT_TEXT, 0, NULL, "/etc/os-release PRETTY_NAME; sw_vers; else uname -s", "Operating system: Debian GNU/Linux 12 (bookworm)" },
    [HOSTS_OS_ID] = { "os_id", FACT_TEXT, 0, NULL, "/etc/os-release ID", "Its short id: debian" },
    [HOSTS_OS_VERSION] = { "os_version", FACT_TEXT, 0, NULL, "/etc/os-release VERSION_ID; sw_vers; freebsd-version", "Its version" },
    [HOSTS_KERNEL] = { "kernel", FACT_TEXT, 0, NULL, "uname -r", "Release of the kernel" },
    [HOSTS_ARCHITECTURE] = { "architecture", FACT_TEXT, 0, NULL, "uname -m", "Kind of processor: x86_64" },
    [HOSTS_UPTIME_S] = { "uptime_s", FACT_INTEGER, FACT_VOLATILE, "s", "/proc/uptime", "Seconds since it started" },
    [HOSTS_BOOTED_AT] = { "booted_at", FACT_TIMESTAMP, FACT_VOLATILE, NULL, "time of the answer minus uptime", "When it started" },
    [HOSTS_CPUS] = { "cpus", FACT_INTEGER, 0, NULL, "getconf _NPROCESSORS_ONLN", "Processors in use" },
    [HOSTS_MEMORY_BYTES] = { "memory_bytes", FACT_INTEGER, 0, "bytes", "/proc/meminfo MemTotal", "Memory" },
    [HOSTS_VIRTUALIZATION] = { "virtualization", FACT_TEXT, 0, NULL, "systemd-detect-virt, else /sys/class/dmi and /proc/cpuinfo", "none, or what it runs in: kvm, vmware, docker, ...; vm for an unknown maker" },
    [HOSTS_MACHINE_ID_HASH] = { "machine_id_hash", FACT_TEXT, 0, NULL, "SHA-256 of /etc/machine-id", "Two hosts with one hash are clones; the id itself is not kept" },
    [HOSTS_VENDOR] = { "vendor", FACT_TEXT, 0, NULL, "/sys/class/dmi/id/sys_vendor", "Who made it" },
    [HOSTS_MODEL] = { "model", FACT_TEXT, 0, NULL, "/sys/class/dmi/id/product_name", "Model" },
    [HOSTS_SERIAL] = { "serial", FACT_TEXT, 0, NULL, "/sys/class/dmi/id/product_serial where readable, or an inventory file", "Serial number" },
    [HOSTS_LAST_SEEN_AT] = { "last_seen_at", FACT_TIMESTAMP, FACT_VOLATILE, NULL, "an inventory file", "When an inventory or an agent last heard of it" },
    [HOSTS_LAST_USER] = { "last_user", FACT_TEXT, FACT_PERSONAL, NULL, "an inventory file", "Who used it last" },
    [HOSTS_CLOCK_OFFSET_S] = { "clock_offset_s", FACT_INTEGER, FACT_VOLATILE, "s", "date +%s minus our clock", "How far its clock is ahead of ours; negative when behind" },
};
_Static_assert(sizeof columns / sizeof columns[0] == HOSTS_COLUMNS, "every column is declared");

const struct fact_table fact_hosts =
    FACT_TABLE_DECLARE_ONE("hosts", "Computers: what they run and on what", FILLED_BY_PROBE, 1, columns);
