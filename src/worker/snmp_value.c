/* Object identifiers and values: comparing, reading, writing. Pure; used by session and parsers, in a worker. */
#include "worker/snmp_value.h"

bool oid_parse(const char *s, struct snmp_oid *out)
{
    out->n = 0;
    if (*s == '.')
        s++;
    for (;;) {
        uint64_t v = 0;
        const char *digits = s;
        for (; *s >= '0' && *s <= '9'; s++) {
            v = v * 10 + (uint64_t)(*s - '0');
            if (v > UINT32_MAX)
                return false;
        }
        if (s == digits || out->n == SNMP_OID_MAX)
            return false;
        out->id[out->n++] = (uint32_t)v;
        if (*s == '\0')
            return true;
        if (*s++ != '.')
            return false;
    }
}

void oid_format(struct buf *out, const uint32_t *id, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(out, i == 0 ? "%u" : ".%u", (unsigned)id[i]);
}

int oid_compare(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    for (size_t i = 0; i < n_a && i < n_b; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return n_a == n_b ? 0 : n_a < n_b ? -1 : 1;
}

bool oid_under(const struct snmp_oid *base, const uint32_t *id, size_t n)
{
    return n > base->n && oid_compare(base->id, base->n, id, base->n) == 0;
}

bool snmp_value_present(const struct snmp_value *v)
{
    switch (v->type) {
    case SNMP_INTEGER: case SNMP_OCTETS: case SNMP_OBJECT_ID: case SNMP_IP_ADDRESS: case SNMP_COUNTER32: case SNMP_GAUGE32:
    case SNMP_TIME_TICKS: case SNMP_OPAQUE: case SNMP_COUNTER64:
        return true;
    case SNMP_NULL: case SNMP_NO_SUCH_OBJECT: case SNMP_NO_SUCH_INSTANCE: case SNMP_END_OF_MIB_VIEW: case SNMP_OTHER:
        return false;
    }
    return false;
}

bool snmp_value_number(const struct snmp_value *v, int64_t *out)
{
    switch (v->type) {
    case SNMP_INTEGER:
        *out = v->i;
        return true;
    case SNMP_COUNTER32: case SNMP_GAUGE32: case SNMP_TIME_TICKS: case SNMP_COUNTER64:
        if (v->u > INT64_MAX)
            return false;
        *out = (int64_t)v->u;
        return true;
    default:
        return false;
    }
}
