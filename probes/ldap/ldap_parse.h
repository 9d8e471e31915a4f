/* From the attributes of an LDAP entry to rows: pure, over hostile bytes, unit-tested and fuzzed. Runs in workers.
 * Only attributes named in the two lists here are ever asked for, and others are not looked at when a server sends them. */
#ifndef PREOP_PROBES_LDAP_PARSE_H
#define PREOP_PROBES_LDAP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/clock.h"
#include "fact/row.h"
#include "worker/ldap_session.h"

/* What the accounts of a directory look like. */
enum ldap_flavour { LDAP_FLAVOUR_AD, LDAP_FLAVOUR_OTHER };

extern const char *const ldap_root_attributes[];         /* NULL-terminated, all three */
extern const char *const ldap_ad_account_attributes[];
extern const char *const ldap_other_account_attributes[];
const char *const *ldap_account_attributes(enum ldap_flavour f);
const char *ldap_account_filter(enum ldap_flavour f);

/* The root DSE, read once. Texts are owned; ldap_root_clear() it. */
struct ldap_root {
    bool seen;                       /* an entry came */
    enum ldap_flavour flavour;
    const char *product;             /* constant, or NULL: then vendor_name is all that is known */
    char *naming_context, *vendor_name, *vendor_version, *dns_host_name, *sasl_mechanisms;
    int domain_level, forest_level, dc_level, protocol_version;      /* -1: not said */
    int start_tls, paged_results;    /* 1, 0, or -1: the lists were not readable */
    bool has_time;
    int64_t current_time;
};
void ldap_root_init(struct ldap_root *r);
void ldap_root_clear(struct ldap_root *r);
void ldap_root_parse(struct ldap_root *r, const struct ldap_entry *e);

/* Counts over a search of accounts, for the notes of its collection. */
struct ldap_account_counts {
    size_t rows, no_id, skipped_trusts;
    size_t no_control;               /* Active Directory accounts whose userAccountControl is not readable */
};
/* Room for the texts that a row needs beyond those of its entry. */
struct ldap_account_texts {
    char guid[37], sid[192], times[8][ISO_LEN];
    size_t n_times;
};
/* Fills row (fact_directory_accounts); its texts live in texts and in the entry. False: the entry is no account (trust
 * accounts of other domains), nothing to emit. */
bool ldap_account_parse(enum ldap_flavour f, const struct ldap_entry *e, struct fact_row *row, struct ldap_account_texts *texts,
                        struct ldap_account_counts *counts);

/* The first attribute of that name (any case, with values), and its first value; NULL when there is none. */
const struct ldap_attribute *ldap_entry_find(const struct ldap_entry *e, const char *name);
const struct ldap_value *ldap_entry_first(const struct ldap_entry *e, const char *name);

/* Decoders, each false where the bytes have no such meaning. */
bool ldap_time_parse(const struct ldap_value *v, int64_t *out);      /* GeneralizedTime */
bool ldap_filetime_parse(const struct ldap_value *v, int64_t *out);  /* 100 ns since 1601; 0, never and beyond year 9999 are false */
bool ldap_int_parse(const struct ldap_value *v, int64_t *out);       /* the whole value, decimal */
bool ldap_guid_text(const struct ldap_value *v, char out[37]);       /* objectGUID's 16 bytes, mixed endianness */
bool ldap_sid_text(const struct ldap_value *v, char out[192]);       /* S-1-5-21-... */

#endif
