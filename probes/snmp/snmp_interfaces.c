/* Rows of `interfaces` from IF-MIB (RFC 2863) and EtherLike-MIB (RFC 3635). Pure. What is absent, of the wrong type or impossible
 * stays NULL: a wrong speed is worse than none. */
#include "probes/snmp/snmp_parse.h"

#include <string.h>
#include "fact/table_interfaces.h"
#include "probes/snmp/if_types.h"

#define SPEED_UNKNOWN 4294967295     /* ifSpeed's word for "more than I can say" */
#define SPEED_SATURATED 4294         /* what some agents make of it in ifHighSpeed */
#define SPEED_MAX 10000000           /* Mb/s: more is no speed but another unit */

static void set_text(const struct snmp_table *t, size_t row, size_t from, struct fact_row *out, int column, struct arena *mem)
{
    const struct snmp_value *v = snmp_table_get(t, row, from);
    struct buf b = BUF_INIT(262144);
    if (v != NULL && snmp_text(&b, v) && !b.overflow)
        fact_set_text(out, column, arena_strndup(mem, b.data, b.len), b.len);
    buf_clear(&b);
}

static void set_number(const struct snmp_table *t, size_t row, size_t from, int64_t min, struct fact_row *out, int column)
{
    int64_t n;
    if (snmp_table_number(t, row, from, &n) && n >= min)
        fact_set_int(out, column, n);
}

int snmp_counter(const struct snmp_table *t, size_t row, size_t wide, size_t narrow, uint64_t *v)
{
    const struct snmp_value *hc = snmp_table_get(t, row, wide), *old = snmp_table_get(t, row, narrow);
    bool has_hc = hc != NULL && hc->type == SNMP_COUNTER64, has_old = old != NULL && old->type == SNMP_COUNTER32;
    if (has_hc && !(hc->u == 0 && has_old && old->u > 0)) {
        *v = hc->u;
        return 1;
    }
    if (!has_old)
        return -1;
    *v = old->u;
    return 0;
}

static int set_counter(const struct snmp_table *t, size_t row, size_t wide, size_t narrow, struct fact_row *out, int column)
{
    uint64_t v;
    int kind = snmp_counter(t, row, wide, narrow, &v);
    if (kind >= 0)
        fact_set_u64(out, column, v);
    return kind;
}

static void set_octets(const struct snmp_table *t, size_t row, struct fact_row *out)
{
    int in = set_counter(t, row, IFX_HC_IN_OCTETS, IF_IN_OCTETS, out, INTERFACES_IN_OCTETS);
    int sent = set_counter(t, row, IFX_HC_OUT_OCTETS, IF_OUT_OCTETS, out, INTERFACES_OUT_OCTETS);
    set_counter(t, row, IFX_HC_IN_UCAST, IF_IN_UCAST, out, INTERFACES_IN_PACKETS);
    set_counter(t, row, IFX_HC_OUT_UCAST, IF_OUT_UCAST, out, INTERFACES_OUT_PACKETS);
    if (in >= 0 || sent >= 0)
        fact_set_int(out, INTERFACES_COUNTERS_64BIT, in != 0 && sent != 0);
}

/* ifHighSpeed is in Mb/s, rounded; ifSpeed in bit/s, and only good below 4.29 Gb/s (RFC 2863 section 3.1.12). */
static void set_speed(const struct snmp_table *t, size_t row, struct fact_row *out)
{
    int64_t high = 0, speed = 0;
    if (!snmp_table_number(t, row, IFX_HIGH_SPEED, &high) || high < 0)
        high = 0;
    if (!snmp_table_number(t, row, IF_SPEED, &speed) || speed < 0)
        speed = 0;
    if (high == SPEED_SATURATED && speed == SPEED_UNKNOWN)
        return;
    if (high > SPEED_MAX)
        high = 0;
    if (high == 0 && speed != SPEED_UNKNOWN)
        high = (speed + 500000) / 1000000;
    if (high > 0 && high <= SPEED_MAX)
        fact_set_int(out, INTERFACES_SPEED_MBPS, high);
}

static void set_status(const struct snmp_table *t, size_t row, struct fact_row *out)
{
    static const char *const words[] = { NULL, "up", "down", "testing", "unknown", "dormant", "notPresent", "lowerLayerDown" };
    int64_t admin, oper;
    if (snmp_table_number(t, row, IF_ADMIN_STATUS, &admin) && (admin == 1 || admin == 2))
        fact_set_int(out, INTERFACES_ADMIN_UP, admin == 1);
    if (!snmp_table_number(t, row, IF_OPER_STATUS, &oper) || oper < 1 || oper >= (int64_t)N_ELEMENTS(words))
        return;
    fact_set_str(out, INTERFACES_OPER_STATUS, words[oper]);
    if (oper != 3 && oper != 4)
        fact_set_int(out, INTERFACES_OPER_UP, oper == 1);
}

static void set_duplex(const struct snmp_table *t, size_t row, struct fact_row *out)
{
    int64_t duplex;
    if (snmp_table_number(t, row, DOT3_DUPLEX, &duplex) && (duplex == 2 || duplex == 3))
        fact_set_str(out, INTERFACES_DUPLEX, duplex == 2 ? "half" : "full");
}

/* Six bytes that are an address; devices fill the rest with zeros, tunnels' addresses, or text. */
static void set_mac(const struct snmp_table *t, size_t row, struct fact_row *out, struct arena *mem)
{
    static const uint8_t none[6] = { 0 };
    const struct snmp_value *v = snmp_table_get(t, row, IF_PHYS_ADDRESS);
    if (v == NULL || v->type != SNMP_OCTETS || v->len != 6 || memcmp(v->bytes, none, 6) == 0)
        return;
    const uint8_t *b = v->bytes;
    fact_set_str(out, INTERFACES_MAC, arena_printf(mem, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]));
}

/* Zero means "not since the agent started, or I do not keep this": unknown. Later than now: the clock wrapped. */
static void set_last_change(const struct snmp_table *t, size_t row, int64_t uptime, struct fact_row *out)
{
    int64_t at;
    if (uptime >= 0 && snmp_table_number(t, row, IF_LAST_CHANGE, &at) && at > 0 && at <= uptime)
        fact_set_int(out, INTERFACES_LAST_CHANGE_S, (uptime - at) / 100);
}

static void set_kind(const struct snmp_table *t, size_t row, struct fact_row *out)
{
    int64_t n;
    if (snmp_table_number(t, row, IF_TYPE, &n) && n > 0) {
        fact_set_int(out, INTERFACES_TYPE, n);
        fact_set_str(out, INTERFACES_TYPE_NAME, if_type_name(n));
    }
    if (snmp_table_number(t, row, IFX_CONNECTOR_PRESENT, &n) && (n == 1 || n == 2))
        fact_set_int(out, INTERFACES_CONNECTOR_PRESENT, n == 1);
}

bool snmp_interface_row(const struct snmp_table *t, size_t row, int64_t uptime, struct fact_row *out, struct arena *mem)
{
    size_t n;
    const uint32_t *index = snmp_table_index(t, row, &n);
    fact_row_init(out, &fact_interfaces);
    if (n != 1)
        return false;
    fact_set_int(out, INTERFACES_IF_INDEX, (int64_t)index[0]);
    set_text(t, row, IF_DESCR, out, INTERFACES_DESCR, mem);
    set_text(t, row, IFX_NAME, out, INTERFACES_NAME, mem);
    if (out->v[INTERFACES_NAME].kind == FACT_KIND_NULL)
        out->v[INTERFACES_NAME] = out->v[INTERFACES_DESCR];
    set_text(t, row, IFX_ALIAS, out, INTERFACES_ALIAS, mem);
    set_kind(t, row, out);
    set_speed(t, row, out);
    set_duplex(t, row, out);
    set_status(t, row, out);
    set_number(t, row, IF_MTU, 1, out, INTERFACES_MTU);
    set_mac(t, row, out, mem);
    set_last_change(t, row, uptime, out);
    set_octets(t, row, out);
    set_number(t, row, IF_IN_ERRORS, 0, out, INTERFACES_IN_ERRORS);
    set_number(t, row, IF_OUT_ERRORS, 0, out, INTERFACES_OUT_ERRORS);
    set_number(t, row, IF_IN_DISCARDS, 0, out, INTERFACES_IN_DISCARDS);
    set_number(t, row, IF_OUT_DISCARDS, 0, out, INTERFACES_OUT_DISCARDS);
    return true;
}
