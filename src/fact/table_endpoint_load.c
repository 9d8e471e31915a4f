/* The declaration of endpoint_load. Constants only. */
#include "fact/table_endpoint_load.h"

static const struct fact_column columns[] = {
    [ENDPOINT_LOAD_HOST] = { "host", FACT_TEXT, FACT_KEY, NULL, "site.yaml: address", "The name or address, as in endpoints" },
    [ENDPOINT_LOAD_PORT] = { "port", FACT_INTEGER, FACT_KEY, NULL, "site.yaml: address or port", "Its TCP port" },
    [ENDPOINT_LOAD_BEGIN_AT] = { "begin_at", FACT_TIMESTAMP, FACT_KEY, NULL, "this computer's clock", "When this part of the watch began: a full hour, the moment at which the clinic opens or closes, or the first look" },
    [ENDPOINT_LOAD_ADDRESS] = { "address", FACT_ADDRESS, FACT_VOLATILE, NULL, "the system's resolver", "The address that was really used, all the time" },
    [ENDPOINT_LOAD_IN_CLINIC_HOURS] = { "in_clinic_hours", FACT_BOOLEAN, FACT_VOLATILE, NULL, "site.yaml: clinic_hours", "Whether the clinic was open then; unknown when the site names no hours" },
    [ENDPOINT_LOAD_ATTEMPTS] = { "attempts", FACT_INTEGER, FACT_VOLATILE, NULL, "TCP connect", "Connections that were tried, closed at once" },
    [ENDPOINT_LOAD_CONNECTED] = { "connected", FACT_INTEGER, FACT_VOLATILE, NULL, "TCP connect", "Connections that were accepted" },
    [ENDPOINT_LOAD_REFUSED] = { "refused", FACT_INTEGER, FACT_VOLATILE, NULL, "TCP connect", "Connections that were refused or reset" },
    [ENDPOINT_LOAD_LOST_PERCENT] = { "lost_percent", FACT_REAL, FACT_VOLATILE, "%", "TCP connect, tcp_info.tcpi_total_retrans", "Share of attempts that got no answer, or only after the greeting was sent again" },
    [ENDPOINT_LOAD_CONNECT_MS_MEDIAN] = { "connect_ms_median", FACT_REAL, FACT_VOLATILE, "ms", "clock around TCP connect", "Middle time of connections without a loss: one round trip" },
    [ENDPOINT_LOAD_CONNECT_MS_P95] = { "connect_ms_p95", FACT_REAL, FACT_VOLATILE, "ms", "clock around TCP connect", "95th percentile of the same times, by nearest rank" },
    [ENDPOINT_LOAD_CONNECT_MS_MAX] = { "connect_ms_max", FACT_REAL, FACT_VOLATILE, "ms", "clock around TCP connect", "The longest of them" },
    [ENDPOINT_LOAD_CONNECT_MS_JITTER] = { "connect_ms_jitter", FACT_REAL, FACT_VOLATILE, "ms", "clock around TCP connect", "95th percentile less the median; unknown below three times" },
};
_Static_assert(sizeof columns / sizeof columns[0] == ENDPOINT_LOAD_COLUMNS, "every column is declared");

const struct fact_table fact_endpoint_load =
    FACT_TABLE_DECLARE("endpoint_load", "How well services could be reached while they were watched (check --sample): time, jitter, losses, hour by hour", FILLED_BY_PROBE, 1, columns);
