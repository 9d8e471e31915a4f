/* Who made the network interface behind a hardware address: the IEEE's registry, as Debian's package ieee-data has it, or a file of the
 * user's. Parent only. The parser is pure and fuzzed: a file of the user's may come from anywhere. */
#ifndef PREOP_SITE_MAKERS_H
#define PREOP_SITE_MAKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/diag.h"
#include "base/mac.h"

#define MAKERS_MAX 500000            /* blocks of addresses */

struct makers;
struct makers *makers_new(void);
void makers_free(struct makers *m);          /* NULL is fine */
/* file NULL: the registry where distributions put it (ieee-data, hwdata). NULL, with words in diags, when there is none or it names nobody. */
struct makers *makers_load(const char *file, struct diags *diags);
/* Adds what bytes name, in any of the forms in use: IEEE's CSV, IEEE's text (oui.txt), and lines "prefix[/bits] name" as Wireshark and nmap have them.
 * How many blocks were added. */
size_t makers_parse(struct makers *m, const char *bytes, size_t len);
void makers_ready(struct makers *m);         /* after the last makers_parse(), before makers_find() */
size_t makers_count(const struct makers *m);
/* The maker of a hardware address, by the longest block that holds it. NULL: not registered, registered as private, or made up by software (the
 * "locally administered" bit). Borrowed. */
const char *makers_find(const struct makers *m, const char *mac);

#endif
