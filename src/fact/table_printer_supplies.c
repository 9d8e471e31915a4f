/* The declaration of printer_supplies. Constants only. */
#include "fact/table_printer_supplies.h"

static const struct fact_column columns[] = {
    [PRINTER_SUPPLIES_PRINTER] = { "printer", FACT_INTEGER, FACT_KEY, NULL, "HOST-RESOURCES-MIB::hrDeviceIndex", "The device's number for the printer" },
    [PRINTER_SUPPLIES_SUPPLY] = { "supply", FACT_INTEGER, FACT_KEY, NULL, "Printer-MIB::prtMarkerSuppliesIndex", "The printer's number for the supply" },
    [PRINTER_SUPPLIES_DESCRIPTION] = { "description", FACT_TEXT, FACT_LABEL, NULL, "Printer-MIB::prtMarkerSuppliesDescription", "What it is, in the maker's words" },
    [PRINTER_SUPPLIES_TYPE] = { "type", FACT_TEXT, 0, NULL, "Printer-MIB::prtMarkerSuppliesType", "toner, ink, opc (drum), wasteToner, fuser, transferUnit, staples, ..." },
    [PRINTER_SUPPLIES_COLOR] = { "color", FACT_TEXT, 0, NULL, "Printer-MIB::prtMarkerColorantValue", "Its colour: black, cyan, ...; NULL for what has none" },
    [PRINTER_SUPPLIES_IS_WASTE] = { "is_waste", FACT_BOOLEAN, 0, NULL, "Printer-MIB::prtMarkerSuppliesClass", "A box that fills, not a supply that is used up" },
    [PRINTER_SUPPLIES_UNIT] = { "unit", FACT_TEXT, 0, NULL, "Printer-MIB::prtMarkerSuppliesSupplyUnit", "What capacity and level count: percent, impressions, tenthsOfGrams, ..." },
    [PRINTER_SUPPLIES_CAPACITY] = { "capacity", FACT_INTEGER, 0, NULL, "Printer-MIB::prtMarkerSuppliesMaxCapacity", "How much it holds when full; NULL when the printer does not know or sets no limit" },
    [PRINTER_SUPPLIES_LEVEL] = { "level", FACT_INTEGER, FACT_VOLATILE, NULL, "Printer-MIB::prtMarkerSuppliesLevel", "How much is left, of a waste box how much room; NULL when the printer cannot measure it" },
    [PRINTER_SUPPLIES_LEVEL_PERCENT] = { "level_percent", FACT_REAL, FACT_VOLATILE, "%", "level of capacity", "Level as a share of capacity" },
    [PRINTER_SUPPLIES_LEVEL_STATE] = { "level_state", FACT_TEXT, FACT_VOLATILE, NULL, "Printer-MIB::prtMarkerSuppliesLevel", "measured; some (-3: there is some, not how much); unlimited (-1); unknown (-2)" },
};
_Static_assert(sizeof columns / sizeof columns[0] == PRINTER_SUPPLIES_COLUMNS, "every column is declared");

const struct fact_table fact_printer_supplies =
    FACT_TABLE_DECLARE("printer_supplies", "Supplies of a printer: toner, ink, drums, waste boxes, with what is left", FILLED_BY_PROBE, 0, columns);
