/* Hardware addresses (MAC) and their beginnings, as text from anywhere. Pure. */
#ifndef PREOP_BASE_MAC_H
#define PREOP_BASE_MAC_H

#include <stdbool.h>
#include <stdint.h>

/* "aa:bb:cc", "AA-BB-CC", "aabbcc", up to six bytes, any number of hex digits from 6 to 12: the bits left-aligned in 48. False when it is none. Pure. */
bool mac_prefix_parse(const char *s, uint64_t *bits, unsigned *n_bits);
/* Whether mac begins with these bits. */
bool mac_prefix_holds(uint64_t bits, unsigned n_bits, const char *mac);
/* Whether mac is one device's for its life: neither group nor locally administered, nor shared by protocols such as VRRP and HSRP. */
bool mac_is_identity(const char *mac);
uint64_t mac_mask(unsigned n_bits);          /* the first n_bits of 48 */

#endif
