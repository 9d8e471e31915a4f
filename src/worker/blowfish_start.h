/* Blowfish's starting state, for bcrypt_pbkdf.c. Constants only. */
#ifndef PREOP_WORKER_BLOWFISH_START_H
#define PREOP_WORKER_BLOWFISH_START_H

#include <stdint.h>

#define BLOWFISH_START_WORDS (18 + 4 * 256)
extern const uint32_t blowfish_start[BLOWFISH_START_WORDS];  /* subkeys, then S-boxes */

#endif
