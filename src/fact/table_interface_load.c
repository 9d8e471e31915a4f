/* The declaration of interface_load. Constants only. */
#include "fact/table_interface_load.h"

static const struct fact_column columns[] = {
    [INTERFACE_LOAD_NAME] = { "name", FACT_TEXT, FACT_KEY, NULL, "IF-MIB::ifName, else ifDescr", "What people call the port, as in interfaces" },
    [INTERFACE_LOAD_BEGIN_AT] = { "begin_at", FACT_TIMESTAMP, FACT_KEY, NULL, "this computer's clock", "When this part of the watch began: a full hour, the moment at which the clinic opens or closes, or the first read" },
    [INTERFACE_LOAD_IF_INDEX] = { "if_index", FACT_INTEGER, 0, NULL, "IF-MIB::ifIndex", "The device's number for it" },
    [INTERFACE_LOAD_COVERED_S] = { "covered_s", FACT_INTEGER, FACT_VOLATILE, "s", "SNMPv2-MIB::sysUpTime.0", "Seconds that the samples cover by the device's own clock; less than an hour at both ends of a watch and where samples were void" },
    [INTERFACE_LOAD_SAMPLES] = { "samples", FACT_INTEGER, FACT_VOLATILE, NULL, "pairs of reads", "Pairs of reads that gave a rate" },
    [INTERFACE_LOAD_VOID_SAMPLES] = { "void_samples", FACT_INTEGER, FACT_VOLATILE, NULL, "pairs of reads", "Pairs that gave none: no answer, a restart, counters that began anew or may have wrapped twice, a port that changed its name, more than the port can carry" },
    [INTERFACE_LOAD_IN_CLINIC_HOURS] = { "in_clinic_hours", FACT_BOOLEAN, FACT_VOLATILE, NULL, "site.yaml: clinic_hours", "Whether the clinic was open then; unknown when the site names no hours" },
    [INTERFACE_LOAD_SPEED_MBPS] = { "speed_mbps", FACT_INTEGER, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHighSpeed, else ifSpeed", "Speed of the port: 100 percent; unknown when the device does not know it" },
    [INTERFACE_LOAD_COUNTERS_64BIT] = { "counters_64bit", FACT_BOOLEAN, 0, NULL, "whether IF-MIB::ifHC* answered", "Byte counters were 64 bits wide" },
    [INTERFACE_LOAD_IN_MBPS_MEDIAN] = { "in_mbps_median", FACT_REAL, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHCInOctets, else ifInOctets", "Middle of the samples: bits received, for use against a contracted rate" },
    [INTERFACE_LOAD_IN_MBPS_P95] = { "in_mbps_p95", FACT_REAL, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHCInOctets, else ifInOctets", "95th percentile of the samples by nearest rank: bits received, for use against a contracted rate" },
    [INTERFACE_LOAD_IN_MBPS_MAX] = { "in_mbps_max", FACT_REAL, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHCInOctets, else ifInOctets", "Largest sample: bits received, for use against a contracted rate" },
    [INTERFACE_LOAD_OUT_MBPS_MEDIAN] = { "out_mbps_median", FACT_REAL, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHCOutOctets, else ifOutOctets", "Middle of the samples: bits sent, for use against a contracted rate" },
    [INTERFACE_LOAD_OUT_MBPS_P95] = { "out_mbps_p95", FACT_REAL, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHCOutOctets, else ifOutOctets", "95th percentile of the samples by nearest rank: bits sent, for use against a contracted rate" },
    [INTERFACE_LOAD_OUT_MBPS_MAX] = { "out_mbps_max", FACT_REAL, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHCOutOctets, else ifOutOctets", "Largest sample: bits sent, for use against a contracted rate" },
    [INTERFACE_LOAD_BUSIER_MBPS_MEDIAN] = { "busier_mbps_median", FACT_REAL, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHCInOctets and ifHCOutOctets, else ifInOctets and ifOutOctets", "Middle of the samples: bits in the busier direction of each sample, for use against a contracted rate" },
    [INTERFACE_LOAD_BUSIER_MBPS_P95] = { "busier_mbps_p95", FACT_REAL, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHCInOctets and ifHCOutOctets, else ifInOctets and ifOutOctets", "95th percentile of the samples by nearest rank: bits in the busier direction of each sample, for use against a contracted rate" },
    [INTERFACE_LOAD_BUSIER_MBPS_MAX] = { "busier_mbps_max", FACT_REAL, FACT_VOLATILE, "Mb/s", "IF-MIB::ifHCInOctets and ifHCOutOctets, else ifInOctets and ifOutOctets", "Largest sample: bits in the busier direction of each sample, for use against a contracted rate" },
    [INTERFACE_LOAD_IN_PERCENT_MEDIAN] = { "in_percent_median", FACT_REAL, FACT_VOLATILE, "%", "the rate over speed_mbps", "Middle of the samples: share of the port's speed received; unknown without a speed" },
    [INTERFACE_LOAD_IN_PERCENT_P95] = { "in_percent_p95", FACT_REAL, FACT_VOLATILE, "%", "the rate over speed_mbps", "95th percentile of the samples by nearest rank: share of the port's speed received; unknown without a speed" },
    [INTERFACE_LOAD_IN_PERCENT_MAX] = { "in_percent_max", FACT_REAL, FACT_VOLATILE, "%", "the rate over speed_mbps", "Largest sample: share of the port's speed received; unknown without a speed" },
    [INTERFACE_LOAD_OUT_PERCENT_MEDIAN] = { "out_percent_median", FACT_REAL, FACT_VOLATILE, "%", "the rate over speed_mbps", "Middle of the samples: share of the port's speed sent; unknown without a speed" },
    [INTERFACE_LOAD_OUT_PERCENT_P95] = { "out_percent_p95", FACT_REAL, FACT_VOLATILE, "%", "the rate over speed_mbps", "95th percentile of the samples by nearest rank: share of the port's speed sent; unknown without a speed" },
    [INTERFACE_LOAD_OUT_PERCENT_MAX] = { "out_percent_max", FACT_REAL, FACT_VOLATILE, "%", "the rate over speed_mbps", "Largest sample: share of the port's speed sent; unknown without a speed" },
    [INTERFACE_LOAD_BUSIER_PERCENT_MEDIAN] = { "busier_percent_median", FACT_REAL, FACT_VOLATILE, "%", "the rate over speed_mbps", "Middle of the samples: share of the port's speed in the busier direction of each sample; unknown without a speed" },
    [INTERFACE_LOAD_BUSIER_PERCENT_P95] = { "busier_percent_p95", FACT_REAL, FACT_VOLATILE, "%", "the rate over speed_mbps", "95th percentile of the samples by nearest rank: share of the port's speed in the busier direction of each sample; unknown without a speed" },
    [INTERFACE_LOAD_BUSIER_PERCENT_MAX] = { "busier_percent_max", FACT_REAL, FACT_VOLATILE, "%", "the rate over speed_mbps", "Largest sample: share of the port's speed in the busier direction of each sample; unknown without a speed" },
    [INTERFACE_LOAD_IN_PACKETS] = { "in_packets", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifHCInUcastPkts, ifHCInMulticastPkts, ifHCInBroadcastPkts, else ifInUcastPkts, ifInNUcastPkts", "Packets received meanwhile, of all three kinds; this and what follows spans the first to the last read, and is unknown when a counter began anew in between" },
    [INTERFACE_LOAD_OUT_PACKETS] = { "out_packets", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifHCOutUcastPkts, ifHCOutMulticastPkts, ifHCOutBroadcastPkts, else ifOutUcastPkts, ifOutNUcastPkts", "Packets sent meanwhile" },
    [INTERFACE_LOAD_IN_ERRORS] = { "in_errors", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifInErrors", "Packets received damaged meanwhile" },
    [INTERFACE_LOAD_OUT_ERRORS] = { "out_errors", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifOutErrors", "Packets that could not be sent meanwhile" },
    [INTERFACE_LOAD_IN_DISCARDS] = { "in_discards", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifInDiscards", "Good packets dropped on the way in meanwhile" },
    [INTERFACE_LOAD_OUT_DISCARDS] = { "out_discards", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifOutDiscards", "Good packets dropped on the way out meanwhile" },
    [INTERFACE_LOAD_IN_ERRORS_PER_MILLION] = { "in_errors_per_million", FACT_REAL, FACT_VOLATILE, "per million packets", "in_errors over in_packets", "Errors for each million packets; unknown without packets" },
    [INTERFACE_LOAD_OUT_ERRORS_PER_MILLION] = { "out_errors_per_million", FACT_REAL, FACT_VOLATILE, "per million packets", "out_errors over out_packets", "Errors for each million packets; unknown without packets" },
    [INTERFACE_LOAD_IN_DISCARDS_PER_MILLION] = { "in_discards_per_million", FACT_REAL, FACT_VOLATILE, "per million packets", "in_discards over in_packets", "Discards for each million packets; unknown without packets" },
    [INTERFACE_LOAD_OUT_DISCARDS_PER_MILLION] = { "out_discards_per_million", FACT_REAL, FACT_VOLATILE, "per million packets", "out_discards over out_packets", "Discards for each million packets; unknown without packets" },
};
_Static_assert(sizeof columns / sizeof columns[0] == INTERFACE_LOAD_COLUMNS, "every column is declared");

const struct fact_table fact_interface_load =
    FACT_TABLE_DECLARE("interface_load", "How busy the interfaces of a device were while it was watched (check --sample): rates, utilization, errors, hour by hour", FILLED_BY_PROBE, 0, columns);
