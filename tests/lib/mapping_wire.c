/* A mapping file in YAML as the file probe gets it: mapping_wire FILE [TIMEZONE] > WIRE. A test tool. */
#include "base/diag.h"
#include "base/path.h"
#include "site/mapping.h"

int main(int argc, char **argv)
{
    struct buf text = BUF_INIT(1 << 20), wire = BUF_INIT(MAPPING_MAX_WIRE);
    struct diags diags = DIAGS_INIT;
    struct mapping *m = NULL;
    int rc = argc < 2 ? ERR_BAD_INPUT : file_read(argv[1], 1 << 20, &text);

    if (rc == 0)
        rc = mapping_parse(argv[1], buf_str(&text), text.len, argc > 2 ? argv[2] : NULL, &m, &diags);
    diags_print(&diags, stderr);
    if (rc == 0) {
        mapping_encode(m, &wire);
        rc = fwrite(wire.data, 1, wire.len, stdout) == wire.len && fflush(stdout) == 0 ? 0 : ERR_INTERNAL;
    }
    mapping_free(m);
    diags_clear(&diags);
    buf_clear(&text);
    buf_clear(&wire);
    return rc == 0 ? 0 : 1;
}
