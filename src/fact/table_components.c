/* The declaration of components. Constants only. */
#include "fact/table_components.h"

static const struct fact_column columns[] = {
    [COMPONENTS_INDEX] = { "component", FACT_INTEGER, FACT_KEY, NULL, "ENTITY-MIB::entPhysicalIndex", "The device's number for it" },
    [COMPONENTS_NAME] = { "name", FACT_TEXT, FACT_LABEL, NULL, "ENTITY-MIB::entPhysicalName", "The device's name for it" },
    [COMPONENTS_DESCR] = { "descr", FACT_TEXT, 0, NULL, "ENTITY-MIB::entPhysicalDescr", "What it is, in its maker's words" },
    [COMPONENTS_CLASS] = { "class", FACT_TEXT, 0, NULL, "ENTITY-MIB::entPhysicalClass", "chassis, module, port, powerSupply, fan, sensor, stack, ..." },
    [COMPONENTS_CONTAINED_IN] = { "contained_in", FACT_INTEGER, 0, NULL, "ENTITY-MIB::entPhysicalContainedIn", "The component that it is part of; 0 for none" },
    [COMPONENTS_POSITION] = { "position", FACT_INTEGER, 0, NULL, "ENTITY-MIB::entPhysicalParentRelPos", "Its place in there" },
    [COMPONENTS_HARDWARE_REVISION] = { "hardware_revision", FACT_TEXT, 0, NULL, "ENTITY-MIB::entPhysicalHardwareRev", "Revision of the hardware" },
    [COMPONENTS_FIRMWARE_REVISION] = { "firmware_revision", FACT_TEXT, 0, NULL, "ENTITY-MIB::entPhysicalFirmwareRev", "Revision of the firmware" },
    [COMPONENTS_SOFTWARE_REVISION] = { "software_revision", FACT_TEXT, 0, NULL, "ENTITY-MIB::entPhysicalSoftwareRev", "Revision of the software" },
    [COMPONENTS_SERIAL] = { "serial", FACT_TEXT, 0, NULL, "ENTITY-MIB::entPhysicalSerialNum", "Serial number; NULL when what stands there is none" },
    [COMPONENTS_MAKER] = { "maker", FACT_TEXT, 0, NULL, "ENTITY-MIB::entPhysicalMfgName", "Who made it" },
    [COMPONENTS_MODEL] = { "model", FACT_TEXT, 0, NULL, "ENTITY-MIB::entPhysicalModelName", "Model" },
    [COMPONENTS_REPLACEABLE] = { "replaceable", FACT_BOOLEAN, 0, NULL, "ENTITY-MIB::entPhysicalIsFRU", "Its maker sells it as a spare part" },
};
_Static_assert(sizeof columns / sizeof columns[0] == COMPONENTS_COLUMNS, "every column is declared");

const struct fact_table fact_components = FACT_TABLE_DECLARE("components", "Parts of a device: chassis, modules, power supplies, optics, with serials", FILLED_BY_PROBE, 0, columns);
