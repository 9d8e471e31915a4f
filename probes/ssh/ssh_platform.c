/* What a machine runs on. Runs in workers on hostile bytes; gives words of its own only, never the host's. */
#include "probes/ssh/ssh_platform.h"

#include "base/mem.h"

struct span ssh_platform_word(struct span value)
{
    static const char *const fillers[] = {
        "To Be Filled By O.E.M.", "To be filled by O.E.M.", "System manufacturer", "System Product Name", "System Serial Number", "Default string",
        "Not Specified", "Not Applicable", "None", "N/A", "Unknown", "O.E.M.", "OEM", "0", "00000000", "0123456789", "123456789", "Chassis Serial Number",
    };
    value = span_trim(value);
    for (size_t i = 0; i < N_ELEMENTS(fillers); i++)
        if (span_is(value, fillers[i]))
            return SPAN_NONE;
    return value;
}

/* Words of systemd-detect-virt(1). Anything else is not taken over: the host could say what it likes. */
static const char *const known[] = {
    "none", "qemu", "kvm", "amazon", "zvm", "vmware", "microsoft", "oracle", "powervm", "xen", "bochs", "uml", "parallels", "bhyve", "qnx", "acrn", "apple",
    "sre", "google", "openvz", "lxc", "lxc-libvirt", "systemd-nspawn", "docker", "podman", "rkt", "wsl", "proot", "pouch",
};

static const char *known_word(struct span s)
{
    for (size_t i = 0; i < N_ELEMENTS(known); i++)
        if (span_is(s, known[i]))
            return known[i];
    return NULL;
}

static const char *by_firmware(const struct ssh_platform *p)
{
    static const struct { const char *text, *word; } makers[] = {
        { "VMware", "vmware" }, { "VirtualBox", "oracle" }, { "innotek", "oracle" }, { "QEMU", "qemu" }, { "KVM", "kvm" }, { "Xen", "xen" }, { "BHYVE", "bhyve" },
        { "Parallels", "parallels" }, { "Amazon EC2", "amazon" }, { "Google Compute Engine", "google" }, { "OpenStack", "kvm" }, { "Bochs", "bochs" },
    };
    size_t at;
    for (size_t i = 0; i < N_ELEMENTS(makers); i++)
        if (span_find(p->vendor, makers[i].text, &at) || span_find(p->model, makers[i].text, &at))
            return makers[i].word;
    if (span_is(p->vendor, "Microsoft Corporation") && span_is(p->model, "Virtual Machine"))
        return "microsoft";
    return NULL;
}

static const char *by_freebsd(struct span guest)
{
    static const struct { const char *guest, *word; } words[] = {
        { "none", "none" }, { "kvm", "kvm" }, { "vmware", "vmware" }, { "xen", "xen" }, { "hv", "microsoft" }, { "bhyve", "bhyve" }, { "parallels", "parallels" }, { "vbox", "oracle" },
        { "generic", "vm" },
    };
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (span_is(guest, words[i].guest))
            return words[i].word;
    return NULL;
}

const char *ssh_platform_virtualization(const struct ssh_platform *p)
{
    const char *word = known_word(p->detected);
    if (!word)
        word = known_word(p->container);
    if (!word)
        word = by_firmware(p);
    if (!word)
        word = by_freebsd(p->guest);
    if (!word && span_is(p->xen, "xen"))
        word = "xen";
    if (!word && (span_is(p->hypervisor, "1") || span_is(p->mac_guest, "1")))
        word = "vm";
    /* Without the flag it is bare metal only where firmware speaks for it: on other CPUs than x86 the flag does not exist. */
    if (!word && ((span_is(p->hypervisor, "0") && p->vendor.len) || span_is(p->mac_guest, "0")))
        word = "none";
    return word;
}
