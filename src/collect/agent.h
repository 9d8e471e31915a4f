/* A small client of the user's ssh-agent. The worker never sees the agent: it asks the parent, who signs only what logs this job in
 * (engine.md section 1). Parent only; both the agent's answers and the worker's requests are checked as bytes. */
#ifndef PREOP_COLLECT_AGENT_H
#define PREOP_COLLECT_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

#define AGENT_MAX_KEYS 16

struct agent_keys { struct { uint8_t *blob; size_t len; } v[AGENT_MAX_KEYS]; size_t n; };
void agent_keys_clear(struct agent_keys *k);

/* The public keys of the agent at path ($SSH_AUTH_SOCK); an agent that is not there, or answers nonsense, has none. */
void agent_list(const char *path, struct agent_keys *out);
/* Asks for a signature: the agent's signature blob is appended to out. ERR_NOT_FOUND when it refuses. */
int agent_sign(const char *path, const uint8_t *key, size_t key_len, const uint8_t *data, size_t data_len, uint32_t flags, struct buf *out) MUST_CHECK;

/* Whether data is exactly what a client signs to log user in with this key by "publickey" (RFC 4252 section 7): session identifier,
 * SSH_MSG_USERAUTH_REQUEST, user, "ssh-connection", "publickey", TRUE, algorithm fitting key and flags, key; and nothing behind. Pure. */
bool agent_request_ok(const uint8_t *data, size_t len, const char *user, const uint8_t *key, size_t key_len, uint32_t flags);

#endif
