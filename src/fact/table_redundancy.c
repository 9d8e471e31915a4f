/* The declaration of redundancy. Constants only. */
#include "fact/table_redundancy.h"

static const struct fact_column columns[] = {
    [REDUNDANCY_SOURCE] = { "source", FACT_TEXT, FACT_KEY, NULL, "name of the MIB that answered", "The MIB that it was read from" },
    [REDUNDANCY_NUMBER] = { "number", FACT_TEXT, FACT_KEY, NULL, "the row's index in that MIB; 0 for the whole device", "Which member; 0 is the device itself" },
    [REDUNDANCY_MODE] = { "mode", FACT_TEXT, 0, NULL, "FORTINET-FORTIGATE-MIB::fgHaSystemMode, PAN-COMMON-MIB::panSysHAMode, CISCO-STACKWISE-MIB::cswSwitchRole, JUNIPER-VIRTUALCHASSIS-MIB::jnxVirtualChassisMemberRole; VRRP and HSRP are activePassive", "standalone, activePassive, activeActive; of a stack's members master, member, standby, notMember" },
    [REDUNDANCY_STATE] = { "state", FACT_TEXT, FACT_VOLATILE, NULL, "PAN-COMMON-MIB::panSysHAState, CISCO-STACKWISE-MIB::cswSwitchState, CISCO-FIREWALL-MIB::cfwHardwareStatusValue, VRRP-MIB::vrrpOperState, VRRPV3-MIB::vrrpv3OperationsStatus, CISCO-HSRP-MIB::cHsrpGrpStandbyState, JUNIPER-VIRTUALCHASSIS-MIB::jnxVirtualChassisMemberRole", "The MIB's own word: active, passive, ready, ..." },
    [REDUNDANCY_SYNCHRONIZED] = { "synchronized", FACT_BOOLEAN, FACT_VOLATILE, NULL, "FORTINET-FORTIGATE-MIB::fgHaStatsSyncStatus", "It has the other's configuration" },
    [REDUNDANCY_MEMBER_SERIAL] = { "member_serial", FACT_TEXT, 0, NULL, "FORTINET-FORTIGATE-MIB::fgHaStatsSerial, JUNIPER-VIRTUALCHASSIS-MIB::jnxVirtualChassisMemberSerialnumber", "The member's serial number" },
    [REDUNDANCY_MEMBER_NAME] = { "member_name", FACT_TEXT, FACT_LABEL, NULL, "FORTINET-FORTIGATE-MIB::fgHaStatsHostname, CISCO-FIREWALL-MIB::cfwHardwareInformation, ENTITY-MIB::entPhysicalName", "The member's name" },
    [REDUNDANCY_PEER] = { "peer", FACT_TEXT, FACT_VOLATILE, NULL, "PAN-COMMON-MIB::panSysHAPeerState; CISCO-HSRP-MIB::cHsrpGrpStandbyRouter, cHsrpGrpActiveRouter; VRRP-MIB::vrrpOperMasterIpAddr, VRRPV3-MIB::vrrpv3OperationsMasterIpAddr of a backup", "The other one: its state, or its address; NULL when it sees none" },
};
_Static_assert(sizeof columns / sizeof columns[0] == REDUNDANCY_COLUMNS, "every column is declared");

const struct fact_table fact_redundancy =
    FACT_TABLE_DECLARE("redundancy", "High availability: pairs and stacks as a device sees them", FILLED_BY_PROBE, 0, columns);
