/* Text of snmpwalk, as a stranger's file has it: whatever it says, objects come out in order, columns hand over what stands below them, and
 * what one call finds another finds too. */
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "probes/snmp/snmp_recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen { const struct snmp_recording *r; const char *column; uint32_t last[SNMP_OID_MAX]; size_t n_last, n; };

static void on_cell(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    struct seen *s = arg;
    (void)column;
    if (n_index == 0 || n_index > SNMP_OID_MAX || !snmp_value_present(v) || (s->n > 0 && oid_compare(s->last, s->n_last, index, n_index) >= 0))
        abort();
    struct buf object = BUF_INIT(SNMP_OID_MAX * 12);
    buf_printf(&object, "%s.", s->column);
    oid_format(&object, index, n_index);
    if (snmp_recording_get(s->r, buf_str(&object)) == NULL)
        abort();
    buf_clear(&object);
    volatile uint8_t sum = 0;        /* every byte must be there to be read */
    for (size_t i = 0; v->bytes != NULL && i < v->len; i++)
        sum = (uint8_t)(sum + v->bytes[i]);
    memcpy(s->last, index, n_index * sizeof *index);
    s->n_last = n_index;
    s->n++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const columns[] = { "1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1", "1.3", "1.3.6.1.2.1.4.20.1.1" };
    struct snmp_recording *r = snmp_recording_parse((const char *)data, size);
    struct snmp_recording_account a;
    snmp_recording_account(r, &a);
    if (a.n_values > RECORDING_VALUES_MAX || (a.whole && (a.n_values == 0 || a.broken != REASON_NONE)))
        abort();
    for (size_t i = 0; i < N_ELEMENTS(columns); i++) {
        struct seen s = { .r = r, .column = columns[i] };
        struct snmp_walk w = { .objects = &columns[i], .n_objects = 1, .cell = on_cell, .arg = &s };
        if (snmp_recording_fetch(r, &w, 1) != REASON_NONE || w.n_cells != s.n || s.n > a.n_values)
            abort();
    }
    snmp_recording_free(r);
    return 0;
}
