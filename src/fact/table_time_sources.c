/* The declaration of time_sources. Constants only. */
#include "fact/table_time_sources.h"

static const struct fact_column columns[] = {
    [TIME_SOURCES_SOURCE] = { "source", FACT_TEXT, FACT_KEY, NULL, "NTPv4-MIB::ntpAssocName, else ntpAssocAddress; CISCO-NTP-MIB::cntpPeersPeerAddress", "The time server's name or address" },
    [TIME_SOURCES_NUMBER] = { "number", FACT_INTEGER, FACT_KEY, NULL, "NTPv4-MIB::ntpAssocId, CISCO-NTP-MIB::cntpPeersAssocId", "The device's number for it" },
    [TIME_SOURCES_ADDRESS] = { "address", FACT_ADDRESS, 0, NULL, "NTPv4-MIB::ntpAssocAddress, CISCO-NTP-MIB::cntpPeersPeerAddress", "Its address" },
    [TIME_SOURCES_STRATUM] = { "stratum", FACT_INTEGER, FACT_VOLATILE, NULL, "NTPv4-MIB::ntpAssocStratum, CISCO-NTP-MIB::cntpPeersStratum", "Its distance from a reference clock; 16 when it has no time" },
    [TIME_SOURCES_REACHABLE] = { "reachable", FACT_BOOLEAN, FACT_VOLATILE, NULL, "CISCO-NTP-MIB::cntpPeersReach, NTPv4-MIB::ntpAssocStratum below 16", "It answered lately" },
    [TIME_SOURCES_OFFSET_MS] = { "offset_ms", FACT_REAL, FACT_VOLATILE, "ms", "NTPv4-MIB::ntpAssocOffset, CISCO-NTP-MIB::cntpPeersOffset", "How far its clock is ahead of the device's" },
};
_Static_assert(sizeof columns / sizeof columns[0] == TIME_SOURCES_COLUMNS, "every column is declared");

const struct fact_table fact_time_sources =
    FACT_TABLE_DECLARE("time_sources", "Where a device has its time from (NTP)", FILLED_BY_PROBE, 0, columns);
