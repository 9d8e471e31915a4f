/* Device rules as the snmp probe gets them: rules_wire FILE > WIRE. A test tool. */
#include "base/diag.h"
#include "base/path.h"
#include "site/device_rules.h"

int main(int argc, char **argv)
{
    struct buf text = BUF_INIT(8 << 20), wire = BUF_INIT(DEVICE_RULES_MAX_WIRE);
    struct diags diags = DIAGS_INIT;
    struct device_rules *r = NULL;
    int rc = argc < 2 ? ERR_BAD_INPUT : file_read(argv[1], 8 << 20, &text);

    if (rc == 0)
        rc = device_rules_parse(argv[1], buf_str(&text), text.len, &r, &diags);
    diags_print(&diags, stderr);
    if (rc == 0) {
        device_rules_encode(r, &wire);
        rc = !wire.overflow && fwrite(wire.data, 1, wire.len, stdout) == wire.len && fflush(stdout) == 0 ? 0 : ERR_INTERNAL;
    }
    device_rules_free(r);
    diags_clear(&diags);
    buf_clear(&text);
    buf_clear(&wire);
    return rc == 0 ? 0 : 1;
}
