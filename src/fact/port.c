/* The ports of medical devices and printers. Used by parent and worker. */
#include "fact/port.h"

bool port_is_never_opened(int port)
{
    switch (port) {
    case 104: case 11112:                    /* DICOM */
    case 2575:                               /* HL7 */
    case 515: case 631:                      /* LPD, IPP */
        return true;
    default:
        return port >= 9100 && port <= 9107; /* what arrives there is printed */
    }
}
