/* The declaration of wireless. Constants only. */
#include "fact/table_wireless.h"

static const struct fact_column columns[] = {
    [WIRELESS_KIND] = { "kind", FACT_TEXT, FACT_KEY, NULL, "the MIB table that the row is from", "network (a name, everywhere), access_point, radio, or network_on_radio" },
    [WIRELESS_ACCESS_POINT] = { "access_point", FACT_TEXT, FACT_KEY, NULL, "AIRESPACE-WIRELESS-MIB::bsnAPName, AI-AP-MIB::aiAPName, RUCKUS-ZD-WLAN-MIB, ...", "The access point, where one device speaks for several" },
    [WIRELESS_RADIO] = { "radio", FACT_TEXT, FACT_KEY, NULL, "the radio's index or name", "The radio" },
    [WIRELESS_NETWORK] = { "network", FACT_TEXT, FACT_KEY, NULL, "AIRESPACE-WIRELESS-MIB::bsnDot11EssSsid, UBNT-UniFi-MIB::unifiVapEssId, AI-AP-MIB::aiWlanESSID, RUCKUS-ZD-WLAN-MIB::ruckusZDWLANSSID, IEEE802dot11-MIB::dot11DesiredSSID, ...", "The network's name (SSID)" },
    [WIRELESS_BAND] = { "band", FACT_TEXT, 0, NULL, "UBNT-UniFi-MIB::unifiVapRadio, AIRESPACE-WIRELESS-MIB::bsnAPIfType", "2.4 GHz, 5 GHz or 6 GHz" },
    [WIRELESS_CHANNEL] = { "channel", FACT_INTEGER, 0, NULL, "UBNT-UniFi-MIB::unifiVapChannel, AIRESPACE-WIRELESS-MIB::bsnAPIfPhyChannelNumber, AI-AP-MIB::aiRadioChannel, IEEE802dot11-MIB::dot11CurrentChannel, ...", "Channel" },
    [WIRELESS_ENABLED] = { "enabled", FACT_BOOLEAN, 0, NULL, "UBNT-UniFi-MIB::unifiVapUp, AIRESPACE-WIRELESS-MIB::bsnDot11EssAdminStatus, ...", "It is switched on" },
    [WIRELESS_CLIENTS] = { "clients", FACT_INTEGER, FACT_VOLATILE, NULL, "UBNT-UniFi-MIB::unifiVapNumStations, AIRESPACE-WIRELESS-MIB::bsnApIfNoOfUsers, bsnDot11EssNumberOfMobileStations, WLSX-WLAN-MIB::wlanESSIDNumStations, ...", "Devices that use it now" },
    [WIRELESS_UTILIZATION_PERCENT] = { "utilization_percent", FACT_REAL, FACT_VOLATILE, "%", "UBNT-UniFi-MIB::unifiRadioCuTotal, AIRESPACE-WIRELESS-MIB::bsnAPIfLoadChannelUtilization, AI-AP-MIB::aiRadioUtilization64, ...", "Share of the time in which the channel is busy" },
    [WIRELESS_POWER_DBM] = { "power_dbm", FACT_REAL, 0, "dBm", "UBNT-UniFi-MIB::unifiVapTxPower, AI-AP-MIB::aiRadioTransmitPower", "Transmit power" },
    [WIRELESS_NOISE_DBM] = { "noise_dbm", FACT_REAL, FACT_VOLATILE, "dBm", "AI-AP-MIB::aiRadioNoiseFloor", "Noise on the channel" },
    [WIRELESS_TX_PACKETS] = { "tx_packets", FACT_INTEGER, FACT_VOLATILE, "packets", "UBNT-UniFi-MIB::unifiVapTxPackets, IEEE802dot11-MIB::dot11TransmittedFrameCount, ...", "Packets sent since the counter began" },
    [WIRELESS_TX_RETRIES] = { "tx_retries", FACT_INTEGER, FACT_VOLATILE, "packets", "UBNT-UniFi-MIB::unifiVapTxRetries, IEEE802dot11-MIB::dot11RetryCount, ...", "Packets that had to be sent again" },
    [WIRELESS_RETRY_PERCENT] = { "retry_percent", FACT_REAL, FACT_VOLATILE, "%", "tx_retries of tx_packets", "Share of packets that had to be sent again; NULL below 1000 packets" },
    [WIRELESS_MODEL] = { "model", FACT_TEXT, 0, NULL, "AIRESPACE-WIRELESS-MIB::bsnAPModel, AI-AP-MIB::aiAPModelName, UBNT-UniFi-MIB::unifiApSystemModel, ...", "The access point's model" },
    [WIRELESS_VERSION] = { "version", FACT_TEXT, 0, NULL, "AIRESPACE-WIRELESS-MIB::bsnAPSoftwareVersion, UBNT-UniFi-MIB::unifiApSystemVersion, ...", "The access point's software" },
    [WIRELESS_SERIAL] = { "serial", FACT_TEXT, 0, NULL, "AIRESPACE-WIRELESS-MIB::bsnAPSerialNumber, AI-AP-MIB::aiAPSerialNum, ...", "The access point's serial number" },
    [WIRELESS_SECURITY] = { "security", FACT_TEXT, 0, NULL, "RUCKUS-ZD-WLAN-MIB::ruckusZDWLANAuthentication", "How clients prove who they are, in the MIB's word" },
};
_Static_assert(sizeof columns / sizeof columns[0] == WIRELESS_COLUMNS, "every column is declared");

const struct fact_table fact_wireless =
    FACT_TABLE_DECLARE("wireless", "Wireless: networks, access points and radios, with channels, clients, retries", FILLED_BY_PROBE, 0, columns);
