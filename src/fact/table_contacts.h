/* contacts: what became of one TCP connection to one port, made by `discover`; connect-only. */
#ifndef PREOP_FACT_TABLE_CONTACTS_H
#define PREOP_FACT_TABLE_CONTACTS_H
#include "fact/table.h"
enum contacts_column { CONTACTS_ADDRESS, CONTACTS_PORT, CONTACTS_OUTCOME, CONTACTS_CONNECT_MS, CONTACTS_GREETING, CONTACTS_COLUMNS };
extern const struct fact_table fact_contacts;
#endif
