/* What a machine runs on, from what systemd, the firmware and the kernel say of it. Pure; runs in workers on hostile bytes. */
#ifndef PREOP_PROBES_SSH_PLATFORM_H
#define PREOP_PROBES_SSH_PLATFORM_H

#include "probes/ssh/ssh_parse.h"

struct ssh_platform {                /* empty where nothing is known */
    struct span detected;            /* systemd-detect-virt */
    struct span container;           /* a container's marker file */
    struct span xen;                 /* /sys/hypervisor/type */
    struct span hypervisor;          /* "1" or "0": the CPU flag of that name */
    struct span guest;               /* FreeBSD's kern.vm_guest */
    struct span mac_guest;           /* macOS's kern.hv_vmm_present: "1" or "0" */
    struct span vendor, model;       /* firmware's */
};

/* A value of the firmware, or nothing where the maker left a filler ("To Be Filled By O.E.M."). */
struct span ssh_platform_word(struct span value);
/* "none" for bare metal; a word as systemd-detect-virt uses them ("kvm", "vmware", "microsoft", "docker", ...); "vm" for a
 * hypervisor of an unknown make; NULL when it cannot be told. Static text. */
const char *ssh_platform_virtualization(const struct ssh_platform *p);

#endif
