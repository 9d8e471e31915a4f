/* The declaration of sessions. Constants only. */
#include "fact/table_sessions.h"

static const struct fact_column columns[] = {
    [SESSIONS_SOURCE] = { "source", FACT_TEXT, FACT_KEY, NULL, "name of the MIB that answered", "The MIB that it was read from" },
    [SESSIONS_NUMBER] = { "number", FACT_TEXT, FACT_KEY, NULL, "the row's index in that MIB; 0 for the whole device", "Which part of the device counts" },
    [SESSIONS_ACTIVE] = { "active", FACT_INTEGER, FACT_VOLATILE, NULL, "FORTINET-FORTIGATE-MIB::fgSysSesCount, PAN-COMMON-MIB::panSessionActive, SONICWALL-FIREWALL-IP-STATISTICS-MIB::sonicCurrentConnCacheEntries, CISCO-FIREWALL-MIB::cfwConnectionStatValue, JUNIPER-SRX5000-SPU-MONITORING-MIB::jnxJsSPUMonitoringCurrentFlowSession", "Connections now" },
    [SESSIONS_MAXIMUM] = { "maximum", FACT_INTEGER, 0, NULL, "PAN-COMMON-MIB::panSessionMax, SONICWALL-FIREWALL-IP-STATISTICS-MIB::sonicMaxConnCacheEntries, JUNIPER-SRX5000-SPU-MONITORING-MIB::jnxJsSPUMonitoringMaxFlowSession", "Connections that it can keep; NULL when the MIB does not say" },
    [SESSIONS_USED_PERCENT] = { "used_percent", FACT_REAL, FACT_VOLATILE, "%", "active of maximum, else PAN-COMMON-MIB::panSessionUtilization", "Share in use" },
};
_Static_assert(sizeof columns / sizeof columns[0] == SESSIONS_COLUMNS, "every column is declared");

const struct fact_table fact_sessions =
    FACT_TABLE_DECLARE("sessions", "Firewall sessions: how many there are, and can be", FILLED_BY_PROBE, 0, columns);
