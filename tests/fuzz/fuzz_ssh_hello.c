/* What is read before a server is trusted: its greeting and first packet, a known_hosts file, and (not from the server, but in many
 * forms) a private key. The first byte of the input chooses. */
#include "base/mem.h"
#include "worker/ssh_hostkey.h"
#include "worker/ssh_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void offer(const uint8_t *data, size_t size)
{
    struct ssh_offer o;
    ssh_offer_parse(data, size, &o);
    must(strlen(o.banner) < sizeof(o.banner) && strlen(o.host_keys) < SSH_OFFER_TEXT);
    for (const char *c = o.host_keys; *c; c++)
        must(*c >= 0x20 && *c < 0x7f);
    must(!o.complete || strncmp(o.banner, "SSH-", 4) == 0);
    must(!ssh_lists_meet(o.kex, "") && (!*o.kex || *o.kex == ',' || ssh_lists_meet(o.kex, o.kex)));
}

static void known_hosts(const uint8_t *data, size_t size)
{
    static const uint8_t blob[] = "\0\0\0\13ssh-ed25519\0\0\0\4body";
    struct known_answer with, without;
    known_hosts_check((const char *)data, size, "ehr.clinic", 22, NULL, 0, &without);
    known_hosts_check((const char *)data, size, "ehr.clinic", 22, blob, sizeof(blob) - 1, &with);
    must(with.types == without.types && with.verdict <= KNOWN_REVOKED);
    must(with.verdict != KNOWN_OK || (with.types & KNOWN_ED25519));
    must(with.verdict != KNOWN_CHANGED || with.types);
    known_hosts_check((const char *)data, size, "10.0.0.1", 2222, blob, sizeof(blob) - 1, &with);
}

static void private_key(const uint8_t *data, size_t size)
{
    struct ssh_key *key = NULL;
    const char *why = NULL;
    if (ssh_key_parse(data, size, NULL, &key, &why) == 0) {
        char type[SSH_TYPE_MAX];
        size_t len;
        const uint8_t *blob = ssh_key_blob(key, &len);
        ssh_blob_type(blob, len, type);
        must(type[0]);
    } else {
        must(!key && why && *why);
    }
    ssh_key_free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] == 'K')
        known_hosts(data + 1, size - 1);
    else if (data[0] == 'P')
        private_key(data + 1, size - 1);
    else
        offer(data + 1, size - 1);
    return 0;
}
