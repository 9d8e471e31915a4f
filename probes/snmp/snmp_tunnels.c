/* Rows of `tunnels`: Fortinet's table of all that are configured; Cisco's and Juniper's, which show those that are up. What their encryption was agreed
 * to be stands in the table of the key exchange beside. Values that the MIB has no word for (newer firmware has some) are not known. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_tunnels.h"

#define TUNNELS_MAX 5000
enum { PART_FORTINET, PART_CISCO, PART_CISCO_KEYS, PART_JUNIPER, PART_JUNIPER_KEYS, PARTS };

enum { FG_PHASE1, FG_PHASE2, FG_REMOTE, FG_LOCAL, FG_IN, FG_OUT, FG_STATUS, FG_COLUMNS };
static const char *const fortinet_objects[FG_COLUMNS] = {
    [FG_PHASE1] = "1.3.6.1.4.1.12356.101.12.2.2.1.2", [FG_PHASE2] = "1.3.6.1.4.1.12356.101.12.2.2.1.3", [FG_REMOTE] = "1.3.6.1.4.1.12356.101.12.2.2.1.4", [FG_LOCAL] = "1.3.6.1.4.1.12356.101.12.2.2.1.6",
    [FG_IN] = "1.3.6.1.4.1.12356.101.12.2.2.1.18", [FG_OUT] = "1.3.6.1.4.1.12356.101.12.2.2.1.19", [FG_STATUS] = "1.3.6.1.4.1.12356.101.12.2.2.1.20" };
enum { TUN_KEYS, TUN_LOCAL, TUN_REMOTE, TUN_IN, TUN_HC_IN, TUN_OUT, TUN_HC_OUT, TUN_STATUS, TUN_COLUMNS };
static const char *const cisco_objects[TUN_COLUMNS] = {
    [TUN_KEYS] = "1.3.6.1.4.1.9.9.171.1.3.2.1.2", [TUN_LOCAL] = "1.3.6.1.4.1.9.9.171.1.3.2.1.4", [TUN_REMOTE] = "1.3.6.1.4.1.9.9.171.1.3.2.1.5", [TUN_IN] = "1.3.6.1.4.1.9.9.171.1.3.2.1.26",
    [TUN_HC_IN] = "1.3.6.1.4.1.9.9.171.1.3.2.1.27", [TUN_OUT] = "1.3.6.1.4.1.9.9.171.1.3.2.1.39", [TUN_HC_OUT] = "1.3.6.1.4.1.9.9.171.1.3.2.1.40", [TUN_STATUS] = "1.3.6.1.4.1.9.9.171.1.3.2.1.51" };
enum { KEYS_NEGOTIATION, KEYS_GROUP, KEYS_ENCRYPTION, KEYS_HASH, KEYS_COLUMNS };
static const char *const cisco_key_objects[KEYS_COLUMNS] = {
    [KEYS_NEGOTIATION] = "1.3.6.1.4.1.9.9.171.1.2.3.1.10", [KEYS_GROUP] = "1.3.6.1.4.1.9.9.171.1.2.3.1.11", [KEYS_ENCRYPTION] = "1.3.6.1.4.1.9.9.171.1.2.3.1.12", [KEYS_HASH] = "1.3.6.1.4.1.9.9.171.1.2.3.1.13" };
enum { JNX_LOCAL, JNX_OUT, JNX_IN, JNX_COLUMNS };
static const char *const juniper_objects[JNX_COLUMNS] = { [JNX_LOCAL] = "1.3.6.1.4.1.2636.3.52.1.2.2.1.5", [JNX_OUT] = "1.3.6.1.4.1.2636.3.52.1.2.2.1.10", [JNX_IN] = "1.3.6.1.4.1.2636.3.52.1.2.2.1.12" };
static const char *const juniper_key_objects[KEYS_COLUMNS] = {
    [KEYS_NEGOTIATION] = "1.3.6.1.4.1.2636.3.52.1.1.2.1.15", [KEYS_GROUP] = "1.3.6.1.4.1.2636.3.52.1.1.2.1.16", [KEYS_ENCRYPTION] = "1.3.6.1.4.1.2636.3.52.1.1.2.1.17", [KEYS_HASH] = "1.3.6.1.4.1.2636.3.52.1.1.2.1.18" };

/* The words of both MIBs, in ours. */
struct words { const char *const *negotiation, *const *encryption, *const *hash; size_t n_negotiation, n_encryption, n_hash; const int64_t *groups; size_t n_groups; };
static const char *const cisco_negotiation[] = { NULL, "main", "aggressive" }, *const cisco_encryption[] = { NULL, "none", "des", "3des" }, *const cisco_hash[] = { NULL, "none", "md5", "sha1" };
static const int64_t cisco_groups[] = { -1, 0, 1, 2 };           /* none, group 1, group 2 */
static const struct words cisco_words = { cisco_negotiation, cisco_encryption, cisco_hash, N_ELEMENTS(cisco_negotiation), N_ELEMENTS(cisco_encryption), N_ELEMENTS(cisco_hash), cisco_groups, N_ELEMENTS(cisco_groups) };
static const char *const juniper_negotiation[] = { NULL, "main", "aggressive", "ikev2" }, *const juniper_hash[] = { NULL, "md5", "sha1", "sha256", "sha384" };
static const char *const juniper_encryption[] = { NULL, "des", "3des", "none", "aes128", "aes192", "aes256", "aes128-gcm", "aes192-gcm", "aes256-gcm" };
static const int64_t juniper_groups[] = { -1, 1, 2, -1, -1, 5, -1, -1, -1, -1, -1, -1, -1, -1, 14, 15, 16, -1, -1, 19, 20, -1, -1, -1, 24 };
static const struct words juniper_words = { juniper_negotiation, juniper_encryption, juniper_hash, N_ELEMENTS(juniper_negotiation), N_ELEMENTS(juniper_encryption), N_ELEMENTS(juniper_hash), juniper_groups, N_ELEMENTS(juniper_groups) };

static void set_keys(struct fact_row *row, const struct snmp_table *keys, size_t at, const struct words *w)
{
    int64_t group;
    fact_set_str(row, TUNNELS_NEGOTIATION, snmp_word(keys, at, KEYS_NEGOTIATION, w->negotiation, w->n_negotiation));
    fact_set_str(row, TUNNELS_ENCRYPTION, snmp_word(keys, at, KEYS_ENCRYPTION, w->encryption, w->n_encryption));
    fact_set_str(row, TUNNELS_HASH, snmp_word(keys, at, KEYS_HASH, w->hash, w->n_hash));
    if (snmp_table_number(keys, at, KEYS_GROUP, &group) && group >= 0 && group < (int64_t)w->n_groups && w->groups[group] >= 0)
        fact_set_int(row, TUNNELS_DH_GROUP, w->groups[group]);
}

/* An address column; "any" is none. */
static void set_address(struct fact_row *row, int column, const struct snmp_table *t, size_t i, size_t from, struct arena *mem)
{
    static const uint8_t any[16];
    const struct snmp_value *v = snmp_table_get(t, i, from);
    if (v != NULL && (v->type == SNMP_IP_ADDRESS || v->type == SNMP_OCTETS) && v->len <= sizeof any && memcmp(v->bytes, any, v->len) != 0)
        fact_set_str(row, column, snmp_address_text(v->bytes, v->len, mem));
}

/* A counter, wide where the agent has it. */
static void set_octets(struct fact_row *row, int column, const struct snmp_table *t, size_t i, size_t wide, size_t narrow)
{
    uint64_t n;
    if (snmp_counter(t, i, wide, narrow, &n) >= 0)
        fact_set_u64(row, column, n);
}

static void fortinet_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_FORTINET];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        int64_t status;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n < 1)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_tunnels);
        const char *name = snmp_text_at(t, i, FG_PHASE2, mem);
        fact_set_str(&row, TUNNELS_NAME, name != NULL ? name : snmp_text_at(t, i, FG_PHASE1, mem));
        fact_set_int(&row, TUNNELS_NUMBER, index[0]);
        if (snmp_table_number(t, i, FG_STATUS, &status) && (status == 1 || status == 2))
            fact_set_int(&row, TUNNELS_UP, status == 2);
        set_address(&row, TUNNELS_REMOTE_ADDRESS, t, i, FG_REMOTE, mem);
        set_address(&row, TUNNELS_LOCAL_ADDRESS, t, i, FG_LOCAL, mem);
        snmp_set_number(&row, TUNNELS_IN_OCTETS, t, i, FG_IN, 0, INT64_MAX);
        snmp_set_number(&row, TUNNELS_OUT_OCTETS, t, i, FG_OUT, 0, INT64_MAX);
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* They have no name: the other end's address stands for it. */
static void set_name(struct fact_row *row)
{
    const struct fact_value *remote = &row->v[TUNNELS_REMOTE_ADDRESS];
    if (remote->kind == FACT_KIND_TEXT)
        fact_set_text(row, TUNNELS_NAME, remote->s, remote->len);
}

static void cisco_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_CISCO], *keys = v->parts[PART_CISCO_KEYS];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n, at;
        int64_t number;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 1)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_tunnels);
        fact_set_int(&row, TUNNELS_NUMBER, index[0]);
        if (snmp_table_number(t, i, TUN_STATUS, &number) && number == 1)
            fact_set_int(&row, TUNNELS_UP, 1);
        set_address(&row, TUNNELS_REMOTE_ADDRESS, t, i, TUN_REMOTE, mem);
        set_address(&row, TUNNELS_LOCAL_ADDRESS, t, i, TUN_LOCAL, mem);
        set_name(&row);
        set_octets(&row, TUNNELS_IN_OCTETS, t, i, TUN_HC_IN, TUN_IN);
        set_octets(&row, TUNNELS_OUT_OCTETS, t, i, TUN_HC_OUT, TUN_OUT);
        if (snmp_table_number(t, i, TUN_KEYS, &number) && number > 0 && number <= UINT32_MAX && snmp_table_find(keys, &(uint32_t){ (uint32_t)number }, 1, &at))
            set_keys(&row, keys, at, &cisco_words);
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* The index is the other end's address (kind, length, bytes) and a number. Gives the length of the address' part, 0 when it is none. */
static size_t peer(const uint32_t *index, size_t n, uint8_t *address)
{
    if (n < 4 || index[1] + 3U != n || (index[1] != 4 && index[1] != 16))
        return 0;
    for (size_t i = 0; i < index[1]; i++) {
        if (index[2 + i] > 255)
            return 0;
        address[i] = (uint8_t)index[2 + i];
    }
    return n - 1;
}

/* The keys agreed with that peer; where there were several exchanges, which one is this tunnel's is not known. */
static bool peer_keys(const struct snmp_table *keys, const uint32_t *index, size_t n, size_t *at)
{
    size_t found = 0;
    for (size_t i = 0; i < snmp_table_rows(keys); i++) {
        size_t k;
        const uint32_t *other = snmp_table_index(keys, i, &k);
        if (k == n + 1 && memcmp(other, index, n * sizeof *index) == 0) {
            *at = i;
            found++;
        }
    }
    return found == 1;
}

static void juniper_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_JUNIPER], *keys = v->parts[PART_JUNIPER_KEYS];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        uint8_t address[16];
        size_t n, at;
        const uint32_t *index = snmp_table_index(t, i, &n);
        size_t len = peer(index, n, address);
        if (len == 0)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_tunnels);
        fact_set_int(&row, TUNNELS_NUMBER, index[len]);
        fact_set_int(&row, TUNNELS_UP, 1);                       /* the MIB: one entry for each active tunnel */
        fact_set_str(&row, TUNNELS_REMOTE_ADDRESS, snmp_address_text(address, index[1], mem));
        set_address(&row, TUNNELS_LOCAL_ADDRESS, t, i, JNX_LOCAL, mem);
        set_name(&row);
        snmp_set_number(&row, TUNNELS_IN_OCTETS, t, i, JNX_IN, 0, INT64_MAX);
        snmp_set_number(&row, TUNNELS_OUT_OCTETS, t, i, JNX_OUT, 0, INT64_MAX);
        if (peer_keys(keys, index, len, &at))
            set_keys(&row, keys, at, &juniper_words);
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static void rows(const struct snmp_view *v)
{
    fortinet_rows(v);
    cisco_rows(v);
    juniper_rows(v);
}

static const struct snmp_part parts[PARTS] = {
    [PART_FORTINET] = SNMP_COLUMNS_OF(snmp_fortinet, fortinet_objects, TUNNELS_MAX), [PART_CISCO] = SNMP_COLUMNS_OF(snmp_cisco, cisco_objects, TUNNELS_MAX),
    [PART_CISCO_KEYS] = SNMP_COLUMNS_OF(snmp_cisco, cisco_key_objects, TUNNELS_MAX), [PART_JUNIPER] = SNMP_COLUMNS_OF(snmp_juniper, juniper_objects, TUNNELS_MAX),
    [PART_JUNIPER_KEYS] = SNMP_COLUMNS_OF(snmp_juniper, juniper_key_objects, TUNNELS_MAX) };
const struct snmp_source snmp_tunnels = { .table = &fact_tunnels, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
