/* What a host prints for the ssh probe's script, with the nonce "@@": cut into sections, read into rows. Every row must be one that the
 * store takes: normalized without loss of a number, with a key, and with figures that can be. */
#include "base/mem.h"
#include "fact/table_filesystems.h"
#include "fact/table_listening_ports.h"
#include "probes/ssh/ssh_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void on_row(void *ctx, const struct fact_row *row)
{
    struct fact_row copy = *row;
    struct buf mem = BUF_INIT(1 << 22), key = BUF_INIT(FACT_KEY_MAX);
    uint64_t dropped = 0;
    (void)ctx;
    fact_row_normalize(&copy, &mem, &dropped);
    must(dropped == 0);
    fact_row_key(&copy, 1, &key);
    must(key.len > 4);
    if (row->table == &fact_listening_ports)
        must(row->v[LISTENING_PORTS_PORT].i >= 1 && row->v[LISTENING_PORTS_PORT].i <= 65535 && copy.v[LISTENING_PORTS_ADDRESS].len > 0);
    if (row->table == &fact_filesystems) {
        must(row->v[FILESYSTEMS_MOUNT].len > 0 && row->v[FILESYSTEMS_MOUNT].s[0] == '/');
        must(row->v[FILESYSTEMS_SIZE_BYTES].i > 0 && row->v[FILESYSTEMS_USED_BYTES].i >= 0 && row->v[FILESYSTEMS_AVAILABLE_BYTES].i >= 0);
        must(row->v[FILESYSTEMS_USED_PERCENT].kind == FACT_KIND_NULL || (row->v[FILESYSTEMS_USED_PERCENT].r >= 0 && row->v[FILESYSTEMS_USED_PERCENT].r <= 100));
    }
    buf_clear(&mem);
    buf_clear(&key);
}

static void on_table(void *ctx, const struct fact_table *t, enum state state, enum reason reason, const char *detail)
{
    (void)ctx;
    must(t && state != STATE_COMPLETE && reason != REASON_NONE && detail);
}

static void on_note(void *ctx, const struct fact_table *t, const char *text)
{
    (void)ctx;
    must(t && *text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ssh_sink sink = { .row = on_row, .table = on_table, .note = on_note };
    struct ssh_output *o = xcalloc(1, sizeof(*o));
    struct ssh_reading r = { .now = 1795323660, .cut = size % 2 ? REASON_TIMEOUT : REASON_NONE };
    ssh_output_split((const char *)data, size, "@@", o);
    ssh_parse_hosts(o, &r, &sink);
    ssh_parse_listening_ports(o, &r, &sink);
    ssh_parse_filesystems(o, &r, &sink);
    free(o);
    return 0;
}
