/* subscriptions: contracts and signatures that one firewall runs on. */
#ifndef PREOP_FACT_TABLE_SUBSCRIPTIONS_H
#define PREOP_FACT_TABLE_SUBSCRIPTIONS_H
#include "fact/table.h"
enum subscriptions_column {
    SUBSCRIPTIONS_KIND, SUBSCRIPTIONS_NAME, SUBSCRIPTIONS_EXPIRES_AT, SUBSCRIPTIONS_VERSION, SUBSCRIPTIONS_RELEASED_AT, SUBSCRIPTIONS_COLUMNS
};
extern const struct fact_table fact_subscriptions;
#endif
