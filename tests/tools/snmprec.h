/* Recordings of SNMP agents in memory, and the little BER that serving them needs. Part of the test tool snmprec_serve;
 * trusts the files it is given to be small enough, and nothing else. */
#ifndef PREOP_TESTS_SNMPREC_H
#define PREOP_TESTS_SNMPREC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_OID_MAX 128

enum rec_type {
    REC_INTEGER = 0x02, REC_OCTETS = 0x04, REC_NULL = 0x05, REC_OID = 0x06, REC_SEQUENCE = 0x30,
    REC_IPADDRESS = 0x40, REC_COUNTER32 = 0x41, REC_GAUGE32 = 0x42, REC_TIMETICKS = 0x43, REC_OPAQUE = 0x44, REC_COUNTER64 = 0x46,
    REC_NO_SUCH_OBJECT = 0x80, REC_NO_SUCH_INSTANCE = 0x81, REC_END_OF_MIB_VIEW = 0x82,
    REC_GET = 0xA0, REC_GETNEXT = 0xA1, REC_RESPONSE = 0xA2, REC_SET = 0xA3, REC_GETBULK = 0xA5
};

struct rec_oid {
    uint32_t id[REC_OID_MAX];
    size_t n;
};
struct record {
    uint32_t *oid;           /* in the recording's pool */
    size_t n;
    uint8_t type;
    uint8_t *value;          /* the BER content, without tag and length */
    size_t len;
};
struct recording {
    char *path;
    struct record *v;        /* sorted, without duplicates */
    size_t count;
    size_t n_bad, n_duplicate;       /* lines that were left out */
};

bool rec_oid_parse(const char *s, struct rec_oid *out);      /* dotted decimal, a leading dot is fine */
int rec_oid_compare(const uint32_t *a, size_t na, const uint32_t *b, size_t nb);

/* Loads a file; the first of duplicated OIDs is kept, unsorted lines are sorted. Exits with a message when it cannot be read. */
struct recording *recording_load(const char *path);
/* The place of the first record that is greater than oid (or, with or_equal, not less); count when there is none. */
size_t recording_after(const struct recording *r, const struct rec_oid *oid, bool or_equal);

/* Writes backwards from the end of a fixed room, as BER is written most easily. Overflow is sticky. */
struct ber_out {
    uint8_t *room;
    size_t size, at;         /* the bytes written are room[at..size) */
    bool overflow;
};
void ber_put(struct ber_out *o, const void *p, size_t len);
void ber_head(struct ber_out *o, uint8_t tag, size_t len);
void ber_int(struct ber_out *o, int64_t v);
void ber_oid(struct ber_out *o, const uint32_t *oid, size_t n);

/* Reads forwards; after the first error everything is empty and bad stays true. */
struct ber_in {
    const uint8_t *p;
    size_t len;
    bool bad;
};
struct ber_in ber_open(struct ber_in *in, uint8_t *tag);     /* the next element's content; moves past it */
int64_t ber_get_int(struct ber_in *in);
bool ber_get_oid(struct ber_in *in, struct rec_oid *out);
size_t ber_int_content(int64_t v, uint8_t out[9]);           /* shortest two's complement; gives its length */
size_t ber_uint_content(uint64_t v, uint8_t out[9]);

#endif
