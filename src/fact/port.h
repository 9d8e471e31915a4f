/* TCP ports that are never opened, whoever permits it: a mere connection makes some devices behind them print, restart or
 * drop a study. Refused when the site file is read and once more in the worker. Constants only. */
#ifndef PREOP_FACT_PORT_H
#define PREOP_FACT_PORT_H

#include <stdbool.h>

bool port_is_never_opened(int port);
#define PORTS_NEVER_OPENED "104 and 11112 (DICOM), 2575 (HL7), 515, 631 and 9100 to 9107 (printers)"

#endif
