/* The declaration of tunnels. Constants only. */
#include "fact/table_tunnels.h"

static const struct fact_column columns[] = {
    [TUNNELS_NAME] = { "name", FACT_TEXT, FACT_KEY, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntPhase2Name, else fgVpnTunEntPhase1Name; elsewhere remote_address", "Its name" },
    [TUNNELS_NUMBER] = { "number", FACT_INTEGER, FACT_KEY, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntIndex, CISCO-IPSEC-FLOW-MONITOR-MIB::cipSecTunIndex, JUNIPER-IPSEC-FLOW-MON-MIB::jnxIpSecTunMonIndex", "The device's number for it" },
    [TUNNELS_UP] = { "up", FACT_BOOLEAN, FACT_VOLATILE, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntStatus, CISCO-IPSEC-FLOW-MONITOR-MIB::cipSecTunStatus; Juniper's table has only those that are up", "It is up" },
    [TUNNELS_REMOTE_ADDRESS] = { "remote_address", FACT_ADDRESS, 0, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntRemGwyIp, CISCO-IPSEC-FLOW-MONITOR-MIB::cipSecTunRemoteAddr, JUNIPER-IPSEC-FLOW-MON-MIB::jnxIpSecTunMonRemoteGwAddr", "The other end" },
    [TUNNELS_LOCAL_ADDRESS] = { "local_address", FACT_ADDRESS, 0, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntLocGwyIp, CISCO-IPSEC-FLOW-MONITOR-MIB::cipSecTunLocalAddr, JUNIPER-IPSEC-FLOW-MON-MIB::jnxIpSecTunMonLocalGwAddr", "This end" },
    [TUNNELS_IN_OCTETS] = { "in_octets", FACT_INTEGER, FACT_VOLATILE, "bytes", "FORTINET-FORTIGATE-MIB::fgVpnTunEntInOctets, CISCO-IPSEC-FLOW-MONITOR-MIB::cipSecTunHcInOctets, else cipSecTunInOctets, JUNIPER-IPSEC-FLOW-MON-MIB::jnxIpSecTunMonInDecryptedBytes", "Bytes received through it" },
    [TUNNELS_OUT_OCTETS] = { "out_octets", FACT_INTEGER, FACT_VOLATILE, "bytes", "FORTINET-FORTIGATE-MIB::fgVpnTunEntOutOctets, CISCO-IPSEC-FLOW-MONITOR-MIB::cipSecTunHcOutOctets, else cipSecTunOutOctets, JUNIPER-IPSEC-FLOW-MON-MIB::jnxIpSecTunMonOutEncryptedBytes", "Bytes sent through it" },
    [TUNNELS_NEGOTIATION] = { "negotiation", FACT_TEXT, 0, NULL, "CISCO-IPSEC-FLOW-MONITOR-MIB::cikeTunNegoMode, JUNIPER-IPSEC-FLOW-MON-MIB::jnxIkeTunMonNegoMode", "How its keys are agreed: main, aggressive (both IKEv1), ikev2; NULL when the MIB has no word for it" },
    [TUNNELS_ENCRYPTION] = { "encryption", FACT_TEXT, 0, NULL, "CISCO-IPSEC-FLOW-MONITOR-MIB::cikeTunEncryptAlgo, JUNIPER-IPSEC-FLOW-MON-MIB::jnxIkeTunMonEncryptAlgo", "Cipher of the key exchange: none, des, 3des, aes128, aes256-gcm, ...; NULL when the MIB has no word for it" },
    [TUNNELS_HASH] = { "hash", FACT_TEXT, 0, NULL, "CISCO-IPSEC-FLOW-MONITOR-MIB::cikeTunHashAlgo, JUNIPER-IPSEC-FLOW-MON-MIB::jnxIkeTunMonHashAlgo", "Hash of the key exchange: none, md5, sha1, sha256, sha384; NULL when the MIB has no word for it" },
    [TUNNELS_DH_GROUP] = { "dh_group", FACT_INTEGER, 0, NULL, "CISCO-IPSEC-FLOW-MONITOR-MIB::cikeTunDiffHellmanGrp, JUNIPER-IPSEC-FLOW-MON-MIB::jnxIkeTunMonDiffHellmanGrp", "Diffie-Hellman group of the key exchange; 0: none; NULL when the MIB has no word for it" },
};
_Static_assert(sizeof columns / sizeof columns[0] == TUNNELS_COLUMNS, "every column is declared");

const struct fact_table fact_tunnels =
    FACT_TABLE_DECLARE("tunnels", "Site-to-site tunnels and whether they are up", FILLED_BY_PROBE, 0, columns);
