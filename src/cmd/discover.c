/* preop discover: what is there, in a safe order. Parent. */
#include <stdio.h>

#include "base/mem.h"
#include "cmd/commands.h"
#include "cmd/discover_page.h"
#include "collect/vantage.h"

static const char *const formats[] = { "text", "json", NULL };

static int own_link(struct args *a)
{
    struct own_link *l = own_link_read(arg_text(a, "interface"));
    if (!l)
        return fail_usage("discover: there is no interface '%s'", arg_text(a, "interface"));
    struct page p = { .out = args_output(a) };
    if (!p.out) {
        own_link_free(l);
        return EXIT_USAGE;
    }
    if (args_format(a) == 1) {
        struct buf b = BUF_INIT(64 * 1024);
        vantage_json(arg_text(a, "from"), l, &b);
        fprintf(p.out, "%s\n", buf_str(&b));
        buf_clear(&b);
    } else {
        args_style(a, p.out, &p.style);
        discover_put_own_link(&p, l, arg_text(a, "from"));
    }
    own_link_free(l);
    return args_output_close(a, p.out, EXIT_DONE);
}

static int run(struct args *a)
{
    if (!arg_flag(a, "own-link"))
        return fail_usage("discover: say --own-link for what this machine's own link knows");
    return own_link(a);
}

static const struct opt opts[] = {
    { "own-link", 0, OPT_FLAG, NULL, "only what this machine's own link knows: needs no permission, sends nothing" },
    { "interface", 0, OPT_TEXT, "NAME", "the interface to look from (default: that of the default route)" },
    { "from", 0, OPT_TEXT, "LABEL", "where this is, in a person's words: \"wall port room 4\"" },
};

const struct cmd cmd_discover = {
    .name = "discover", .synopsis = "--own-link", .summary = "What this machine's own link knows of the network it is plugged into", .group = "prepare",
    .details = "Address, gateway, DHCP lease, resolver, DNS suffix, VLAN, the switch and port at the other end of the cable (LLDP or CDP, where lldpd\n"
               "or systemd-networkd listen), and the hardware addresses that the kernel knows. Nothing is sent.",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = 0, .formats = formats, .run = run,
};
