/* The declaration of printers. Constants only. */
#include "fact/table_printers.h"

static const struct fact_column columns[] = {
    [PRINTERS_PRINTER] = { "printer", FACT_INTEGER, FACT_KEY, NULL, "HOST-RESOURCES-MIB::hrDeviceIndex", "The device's number for it" },
    [PRINTERS_STATUS] = { "status", FACT_TEXT, 0, NULL, "HOST-RESOURCES-MIB::hrPrinterStatus", "idle, printing, warmup, other; NULL when it does not know" },
    [PRINTERS_ERRORS] = { "errors", FACT_TEXT, FACT_VOLATILE, NULL, "HOST-RESOURCES-MIB::hrPrinterDetectedErrorState", "What is wrong now, in the MIB's words: lowPaper, noPaper, lowToner, noToner, doorOpen, jammed, offline, serviceRequested, ...; empty for nothing" },
    [PRINTERS_JAMMED] = { "jammed", FACT_BOOLEAN, FACT_VOLATILE, NULL, "HOST-RESOURCES-MIB::hrPrinterDetectedErrorState", "Paper is jammed" },
    [PRINTERS_OFFLINE] = { "offline", FACT_BOOLEAN, FACT_VOLATILE, NULL, "HOST-RESOURCES-MIB::hrPrinterDetectedErrorState", "It is off line" },
    [PRINTERS_SERVICE_REQUESTED] = { "service_requested", FACT_BOOLEAN, FACT_VOLATILE, NULL, "HOST-RESOURCES-MIB::hrPrinterDetectedErrorState", "It asks for a technician" },
    [PRINTERS_PAGES] = { "pages", FACT_INTEGER, FACT_VOLATILE, "pages", "Printer-MIB::prtMarkerLifeCount with prtMarkerCounterUnit impressions or sheets", "Pages printed in its life" },
    [PRINTERS_CRITICAL_ALERTS] = { "critical_alerts", FACT_INTEGER, FACT_VOLATILE, NULL, "Printer-MIB::prtAlertSeverityLevel critical", "Alerts that stop it now" },
    [PRINTERS_SERIAL] = { "serial", FACT_TEXT, 0, NULL, "Printer-MIB::prtGeneralSerialNumber", "Serial number; NULL when what stands there is none" },
};
_Static_assert(sizeof columns / sizeof columns[0] == PRINTERS_COLUMNS, "every column is declared");

const struct fact_table fact_printers =
    FACT_TABLE_DECLARE("printers", "Printers: state, faults, pages printed", FILLED_BY_PROBE, 0, columns);
