/* Rows of `wireless`: IEEE802dot11-MIB, and the makers' own of access points and their controllers: Ubiquiti UniFi, Cisco (Airespace), Aruba (Instant and
 * controllers), Ruckus (ZoneDirector, Unleashed and SmartZone). What clients are called, and which they are, is never asked for. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_wireless.h"

#define ROWS_MAX 5000
#define RETRIES_OF 1000              /* packets before a share of retries means anything */

enum { PART_STD, PART_STD_COUNTERS, PART_STD_CHANNEL, PART_UNIFI_AP, PART_UNIFI_RADIO, PART_UNIFI_VAP, PART_CISCO_NETWORK, PART_CISCO_AP, PART_CISCO_RADIO, PART_CISCO_LOAD,
       PART_INSTANT_NETWORK, PART_INSTANT_AP, PART_INSTANT_RADIO, PART_ARUBA_NETWORK, PART_ARUBA_AP, PART_ARUBA_RADIO, PART_ZD_NETWORK, PART_ZD_AP, PART_ZD_RADIO, PART_SZ_NETWORK, PART_SZ_AP, PARTS };
_Static_assert(PARTS <= SOURCE_PARTS_MAX, "there is room");

/* Each list is in the order of its layout below. */
static const char *const std_objects[] = { "1.2.840.10036.1.1.1.9" };                                                        /* dot11DesiredSSID */
static const char *const std_counter_objects[] = { "1.2.840.10036.2.2.1.4", "1.2.840.10036.2.2.1.13" };                      /* dot11RetryCount, TransmittedFrameCount */
static const char *const std_channel_objects[] = { "1.2.840.10036.4.5.1.1" };                                                /* dot11CurrentChannel */
static const char *const unifi_ap_objects[] = { "1.3.6.1.4.1.41112.1.6.3.3.0", "1.3.6.1.4.1.41112.1.6.3.6.0" };
static const char *const unifi_radio_objects[] = { "1.3.6.1.4.1.41112.1.6.1.1.1.3", "1.3.6.1.4.1.41112.1.6.1.1.1.6" };
static const char *const unifi_vap_objects[] = { "1.3.6.1.4.1.41112.1.6.1.2.1.6", "1.3.6.1.4.1.41112.1.6.1.2.1.4", "1.3.6.1.4.1.41112.1.6.1.2.1.8", "1.3.6.1.4.1.41112.1.6.1.2.1.9", "1.3.6.1.4.1.41112.1.6.1.2.1.19",
                                                 "1.3.6.1.4.1.41112.1.6.1.2.1.20", "1.3.6.1.4.1.41112.1.6.1.2.1.21", "1.3.6.1.4.1.41112.1.6.1.2.1.22" };
static const char *const cisco_network_objects[] = { "1.3.6.1.4.1.14179.2.1.1.1.2", "1.3.6.1.4.1.14179.2.1.1.1.38", "1.3.6.1.4.1.14179.2.1.1.1.6" };
static const char *const cisco_ap_objects[] = { "1.3.6.1.4.1.14179.2.2.1.1.3", "1.3.6.1.4.1.14179.2.2.1.1.16", "1.3.6.1.4.1.14179.2.2.1.1.8", "1.3.6.1.4.1.14179.2.2.1.1.17" };
static const char *const cisco_radio_objects[] = { "1.3.6.1.4.1.14179.2.2.2.1.4", "1.3.6.1.4.1.14179.2.2.2.1.15", "1.3.6.1.4.1.14179.2.2.2.1.2" };
static const char *const cisco_load_objects[] = { "1.3.6.1.4.1.14179.2.2.13.1.3" };
static const char *const instant_network_objects[] = { "1.3.6.1.4.1.14823.2.3.3.1.1.7.1.2", "1.3.6.1.4.1.14823.2.3.3.1.1.7.1.4" };
static const char *const instant_ap_objects[] = { "1.3.6.1.4.1.14823.2.3.3.1.2.1.1.2", "1.3.6.1.4.1.14823.2.3.3.1.2.1.1.6", "1.3.6.1.4.1.14823.2.3.3.1.2.1.1.4" };
static const char *const instant_radio_objects[] = { "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.4", "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.21", "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.8", "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.5",
                                                     "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.6" };
static const char *const aruba_network_objects[] = { "1.3.6.1.4.1.14823.2.2.1.5.2.1.8.1.2" };
static const char *const aruba_ap_objects[] = { "1.3.6.1.4.1.14823.2.2.1.5.2.1.4.1.3", "1.3.6.1.4.1.14823.2.2.1.5.2.1.4.1.13", "1.3.6.1.4.1.14823.2.2.1.5.2.1.4.1.34", "1.3.6.1.4.1.14823.2.2.1.5.2.1.4.1.6" };
static const char *const aruba_radio_objects[] = { "1.3.6.1.4.1.14823.2.2.1.5.2.1.5.1.3", "1.3.6.1.4.1.14823.2.2.1.5.2.1.5.1.7", "1.3.6.1.4.1.14823.2.2.1.5.2.1.5.1.6" };
static const char *const zd_network_objects[] = { "1.3.6.1.4.1.25053.1.2.2.1.1.1.1.1.1", "1.3.6.1.4.1.25053.1.2.2.1.1.1.1.1.12", "1.3.6.1.4.1.25053.1.2.2.1.1.1.1.1.3" };
static const char *const zd_ap_objects[] = { "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1.2", "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1.4", "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1.7", "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1.5", "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1.15" };
static const char *const zd_radio_objects[] = { "1.3.6.1.4.1.25053.1.2.2.1.1.2.2.1.4", "1.3.6.1.4.1.25053.1.2.2.1.1.2.2.1.8" };
static const char *const sz_network_objects[] = { "1.3.6.1.4.1.25053.1.4.2.1.1.1.2.1.1", "1.3.6.1.4.1.25053.1.4.2.1.1.1.2.1.12" };
static const char *const sz_ap_objects[] = { "1.3.6.1.4.1.25053.1.4.2.1.1.2.2.1.5", "1.3.6.1.4.1.25053.1.4.2.1.1.2.2.1.8", "1.3.6.1.4.1.25053.1.4.2.1.1.2.2.1.7", "1.3.6.1.4.1.25053.1.4.2.1.1.2.2.1.9", "1.3.6.1.4.1.25053.1.4.2.1.1.2.2.1.15" };

static const uint32_t ubiquiti[] = { 41112, 10002, 8072, 0 }, cisco[] = { 9, 14179, 0 }, aruba[] = { 14823, 0 }, ruckus[] = { 25053, 0 };

/* What stands in which column of a part: places in its list, plus one; 0: nowhere. */
struct layout {
    size_t part;
    const char *kind;
    size_t ap_part;                  /* radios: where the name of the access point is, by the row's index without its last number; 0: of this device itself */
    unsigned name, network, channel, clients, utilization, power, noise, tx, retries, model, version, serial, security, up;
    bool network_is_index;
};
static const struct layout layouts[] = {
    { .part = PART_UNIFI_VAP, .kind = "network_on_radio", .network = 1, .channel = 2, .clients = 3, .tx = 5, .retries = 6, .power = 7, .up = 8 },
    { .part = PART_UNIFI_RADIO, .kind = "radio", .utilization = 2 },
    { .part = PART_UNIFI_AP, .kind = "access_point", .model = 1, .version = 2 },
    { .part = PART_CISCO_NETWORK, .kind = "network", .network = 1, .clients = 2, .up = 3 },
    { .part = PART_CISCO_AP, .kind = "access_point", .name = 1, .model = 2, .version = 3, .serial = 4 },
    { .part = PART_CISCO_RADIO, .kind = "radio", .ap_part = PART_CISCO_AP, .channel = 1, .clients = 2 },
    { .part = PART_INSTANT_NETWORK, .kind = "network", .network = 1, .clients = 2 },
    { .part = PART_INSTANT_AP, .kind = "access_point", .name = 1, .model = 2, .serial = 3 },
    { .part = PART_INSTANT_RADIO, .kind = "radio", .ap_part = PART_INSTANT_AP, .channel = 1, .clients = 2, .utilization = 3, .power = 4, .noise = 5 },
    { .part = PART_ARUBA_NETWORK, .kind = "network", .network_is_index = true, .clients = 1 },
    { .part = PART_ARUBA_AP, .kind = "access_point", .name = 1, .model = 2, .version = 3, .serial = 4 },
    { .part = PART_ARUBA_RADIO, .kind = "radio", .ap_part = PART_ARUBA_AP, .channel = 1, .clients = 2, .utilization = 3 },
    { .part = PART_ZD_NETWORK, .kind = "network", .network = 1, .clients = 2, .security = 3 },
    { .part = PART_ZD_AP, .kind = "access_point", .name = 1, .model = 2, .version = 3, .serial = 4, .clients = 5 },
    { .part = PART_ZD_RADIO, .kind = "radio", .ap_part = PART_ZD_AP, .channel = 1, .clients = 2 },
    { .part = PART_SZ_NETWORK, .kind = "network", .network = 1, .clients = 2 },
    { .part = PART_SZ_AP, .kind = "access_point", .name = 1, .model = 2, .version = 3, .serial = 4, .clients = 5 },
};

/* --- columns ------------------------------------------------------------------------------------------------------------------ */

static void number_in(struct fact_row *row, int column, const struct snmp_table *t, size_t i, unsigned from, int64_t min, int64_t max)
{
    if (from > 0)
        snmp_set_number(row, column, t, i, from - 1, min, max);
}

static void words_in(struct fact_row *row, int column, const struct snmp_table *t, size_t i, unsigned from, struct arena *mem)
{
    if (from > 0)
        fact_set_str(row, column, snmp_words_at(t, i, from - 1, mem));
}

/* A number, or text that begins with one: "36+", "149E". */
static void set_channel(struct fact_row *row, const struct snmp_table *t, size_t i, unsigned from, struct arena *mem)
{
    const char *s = from > 0 ? snmp_text_at(t, i, from - 1, mem) : NULL;
    int64_t n = 0;
    if (s == NULL) {
        number_in(row, WIRELESS_CHANNEL, t, i, from, 1, 233);
        return;
    }
    for (; *s >= '0' && *s <= '9' && n < 1000; s++)
        n = n * 10 + (*s - '0');
    if (n >= 1 && n <= 233)
        fact_set_int(row, WIRELESS_CHANNEL, n);
}

static void set_retries(struct fact_row *row)
{
    const struct fact_value *tx = &row->v[WIRELESS_TX_PACKETS], *retries = &row->v[WIRELESS_TX_RETRIES];
    if (tx->kind == FACT_KIND_INTEGER && retries->kind == FACT_KIND_INTEGER && tx->i >= RETRIES_OF)
        snmp_set_percent(row, WIRELESS_RETRY_PERCENT, retries->i, tx->i);
}

/* A network's name as an index: its length, then its characters. */
static const char *index_name(const uint32_t *index, size_t n, struct arena *mem)
{
    char *s = arena_alloc(mem, n + 1);
    if (n < 2 || index[0] != n - 1 || n > 33)
        return NULL;
    for (size_t i = 1; i < n; i++) {
        if (index[i] < 0x20 || index[i] > 0x7e)
            return NULL;
        s[i - 1] = (char)index[i];
    }
    s[n - 1] = '\0';
    return s;
}

/* Access points are their makers' rows by their hardware address: where one has no name, that is its name. */
static const char *ap_name(const struct snmp_table *t, const uint32_t *index, size_t n, size_t column, struct arena *mem)
{
    size_t row;
    const char *name = snmp_table_find(t, index, n, &row) ? snmp_words_at(t, row, column, mem) : NULL;
    if (name != NULL || n < 6)
        return name;
    uint8_t mac[6];
    for (size_t i = 0; i < sizeof mac; i++) {
        if (index[n - 6 + i] > 255)
            return NULL;
        mac[i] = (uint8_t)index[n - 6 + i];
    }
    return snmp_mac_text(mac, sizeof mac, mem);
}

/* --- rows --------------------------------------------------------------------------------------------------------------------- */

/* Which row it is: the access point, the radio by its number, the network. */
static void set_identity(const struct snmp_view *v, const struct layout *l, size_t i, struct fact_row *row, struct arena *mem)
{
    const struct snmp_table *t = v->parts[l->part];
    size_t n;
    const uint32_t *index = snmp_table_index(t, i, &n);
    fact_set_str(row, WIRELESS_KIND, l->kind);
    if (l->name > 0)
        fact_set_str(row, WIRELESS_ACCESS_POINT, ap_name(t, index, n, l->name - 1, mem));
    else if (l->ap_part > 0 && n > 1)
        fact_set_str(row, WIRELESS_ACCESS_POINT, ap_name(v->parts[l->ap_part], index, n - 1, 0, mem));
    if (strcmp(l->kind, "radio") == 0 && n > 0)
        fact_set_str(row, WIRELESS_RADIO, arena_printf(mem, "%lu", (unsigned long)index[n - 1]));
    fact_set_str(row, WIRELESS_NETWORK, l->network_is_index ? index_name(index, n, mem) : l->network > 0 ? snmp_text_at(t, i, l->network - 1, mem) : NULL);
}

/* The makers' own words for a radio's kind, and figures that stand in a table beside. */
static void set_extras(const struct snmp_view *v, const struct layout *l, size_t i, struct fact_row *row, struct arena *mem)
{
    static const char *const cisco_bands[] = { NULL, "2.4 GHz", "5 GHz" };          /* bsnAPIfType: dot11b, dot11a */
    const struct snmp_table *t = v->parts[l->part], *load = v->parts[PART_CISCO_LOAD];
    size_t n, at;
    const uint32_t *index = snmp_table_index(t, i, &n);
    if (l->part == PART_CISCO_RADIO) {
        fact_set_str(row, WIRELESS_BAND, snmp_word(t, i, 2, cisco_bands, N_ELEMENTS(cisco_bands)));
        if (snmp_table_find(load, index, n, &at))
            snmp_set_number(row, WIRELESS_UTILIZATION_PERCENT, load, at, 0, 0, 100);
    }
    const char *radio = l->part == PART_UNIFI_VAP ? snmp_text_at(t, i, 3, mem) : l->part == PART_UNIFI_RADIO ? snmp_text_at(t, i, 0, mem) : NULL;
    if (radio == NULL)
        return;
    fact_set_str(row, WIRELESS_RADIO, radio);
    fact_set_str(row, WIRELESS_BAND, strcmp(radio, "ng") == 0 ? "2.4 GHz" : strcmp(radio, "na") == 0 ? "5 GHz" : strcmp(radio, "6e") == 0 ? "6 GHz" : NULL);
}

static bool is_empty(const struct fact_row *row)
{
    for (size_t c = WIRELESS_ACCESS_POINT; c < WIRELESS_COLUMNS; c++)
        if (row->v[c].kind != FACT_KIND_NULL)
            return false;
    return true;
}

static void layout_rows(const struct snmp_view *v, const struct layout *l)
{
    const struct snmp_table *t = v->parts[l->part];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        int64_t up;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_wireless);
        set_identity(v, l, i, &row, mem);
        set_channel(&row, t, i, l->channel, mem);
        if (l->up > 0 && snmp_table_number(t, i, l->up - 1, &up) && up >= 0 && up <= 2)
            fact_set_int(&row, WIRELESS_ENABLED, up == 1);
        number_in(&row, WIRELESS_CLIENTS, t, i, l->clients, 0, 100000);
        number_in(&row, WIRELESS_UTILIZATION_PERCENT, t, i, l->utilization, 0, 100);
        number_in(&row, WIRELESS_POWER_DBM, t, i, l->power, 1, 40);
        number_in(&row, WIRELESS_NOISE_DBM, t, i, l->noise, -120, -1);
        number_in(&row, WIRELESS_TX_PACKETS, t, i, l->tx, 0, INT64_MAX);
        number_in(&row, WIRELESS_TX_RETRIES, t, i, l->retries, 0, INT64_MAX);
        set_retries(&row);
        words_in(&row, WIRELESS_MODEL, t, i, l->model, mem);
        words_in(&row, WIRELESS_VERSION, t, i, l->version, mem);
        words_in(&row, WIRELESS_SERIAL, t, i, l->serial, mem);
        words_in(&row, WIRELESS_SECURITY, t, i, l->security, mem);
        set_extras(v, l, i, &row, mem);
        if (!is_empty(&row))
            v->emit(v->arg, &row);
        arena_free(mem);
    }
}

/* IEEE's own: one row for each interface, with its network, channel and counters. */
static void std_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_STD], *counters = v->parts[PART_STD_COUNTERS], *channels = v->parts[PART_STD_CHANNEL];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n, at;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 1)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_wireless);
        const char *name = snmp_interface_name(v->interfaces, index[0], mem);
        fact_set_str(&row, WIRELESS_KIND, "network_on_radio");
        fact_set_str(&row, WIRELESS_RADIO, name != NULL ? name : snmp_index_text(t, i, mem));
        fact_set_str(&row, WIRELESS_NETWORK, snmp_text_at(t, i, 0, mem));
        if (snmp_table_find(channels, index, 1, &at))
            snmp_set_number(&row, WIRELESS_CHANNEL, channels, at, 0, 1, 233);
        if (snmp_table_find(counters, index, 1, &at)) {
            snmp_set_number(&row, WIRELESS_TX_RETRIES, counters, at, 0, 0, INT64_MAX);
            snmp_set_number(&row, WIRELESS_TX_PACKETS, counters, at, 1, 0, INT64_MAX);
            set_retries(&row);
        }
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static void rows(const struct snmp_view *v)
{
    std_rows(v);
    for (size_t i = 0; i < N_ELEMENTS(layouts); i++)
        layout_rows(v, &layouts[i]);
}

static const struct snmp_part parts[PARTS] = {
    [PART_STD] = SNMP_COLUMNS(std_objects, 200), [PART_STD_COUNTERS] = SNMP_COLUMNS_LED(std_counter_objects, 200), [PART_STD_CHANNEL] = SNMP_COLUMNS(std_channel_objects, 200),
    [PART_UNIFI_AP] = SNMP_SINGLES_OF(ubiquiti, unifi_ap_objects), [PART_UNIFI_RADIO] = SNMP_COLUMNS_OF(ubiquiti, unifi_radio_objects, 100), [PART_UNIFI_VAP] = SNMP_COLUMNS_OF(ubiquiti, unifi_vap_objects, 500),
    [PART_CISCO_NETWORK] = SNMP_COLUMNS_OF(cisco, cisco_network_objects, 1000), [PART_CISCO_AP] = SNMP_COLUMNS_OF(cisco, cisco_ap_objects, ROWS_MAX), [PART_CISCO_RADIO] = SNMP_COLUMNS_OF(cisco, cisco_radio_objects, ROWS_MAX),
    [PART_CISCO_LOAD] = SNMP_COLUMNS_OF(cisco, cisco_load_objects, ROWS_MAX), [PART_INSTANT_NETWORK] = SNMP_COLUMNS_OF(aruba, instant_network_objects, 200),
    [PART_INSTANT_AP] = SNMP_COLUMNS_OF(aruba, instant_ap_objects, ROWS_MAX), [PART_INSTANT_RADIO] = SNMP_COLUMNS_OF(aruba, instant_radio_objects, ROWS_MAX),
    [PART_ARUBA_NETWORK] = SNMP_COLUMNS_OF(aruba, aruba_network_objects, 1000), [PART_ARUBA_AP] = SNMP_COLUMNS_OF(aruba, aruba_ap_objects, ROWS_MAX), [PART_ARUBA_RADIO] = SNMP_COLUMNS_OF(aruba, aruba_radio_objects, ROWS_MAX),
    [PART_ZD_NETWORK] = SNMP_COLUMNS_OF(ruckus, zd_network_objects, 1000), [PART_ZD_AP] = SNMP_COLUMNS_OF(ruckus, zd_ap_objects, ROWS_MAX), [PART_ZD_RADIO] = SNMP_COLUMNS_OF(ruckus, zd_radio_objects, ROWS_MAX),
    [PART_SZ_NETWORK] = SNMP_COLUMNS_OF(ruckus, sz_network_objects, 1000), [PART_SZ_AP] = SNMP_COLUMNS_OF(ruckus, sz_ap_objects, ROWS_MAX) };
const struct snmp_source snmp_wireless = { .table = &fact_wireless, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
