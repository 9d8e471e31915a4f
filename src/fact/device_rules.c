/* Device rules' life: making, encoding into the job, decoding in the worker. Parent (encodes) and worker (decodes). */
#include "fact/device_rules.h"

#include <string.h>
#include "base/text.h"
#include "fact/decode.h"

#define RULES_MAGIC 0x44525531u      /* "DRU1" */
#define OID_NUMBERS_MAX 128

struct device_rules *device_rules_new(void)
{
    struct arena *arena = arena_new();
    struct device_rules *r = arena_alloc(arena, sizeof *r);
    r->arena = arena;
    return r;
}

void device_rules_free(struct device_rules *r)
{
    if (r != NULL)
        arena_free(r->arena);
}

const char *device_attribute_name(enum device_attribute a)
{
    static const char *const names[] = { "vendor", "model", "os", "os_version", "serial" };
    return a < DEVICE_ATTRIBUTES ? names[a] : "";
}

bool device_rules_oid_ok(const char *s)
{
    size_t n = 0;
    for (;; s++) {
        size_t digits = strspn(s, "0123456789");
        char number[12];
        long long value;
        if (digits == 0 || digits > 10 || ++n > OID_NUMBERS_MAX)
            return false;
        memcpy(number, s, digits);
        number[digits] = '\0';
        if (!text_parse_int(number, 0, UINT32_MAX, &value))
            return false;
        s += digits;
        if (*s == '\0')
            return true;
        if (*s != '.')
            return false;
    }
}

const char *device_rules_vendor(const struct device_rules *r, const uint32_t *oid, size_t n)
{
    static const uint32_t enterprises[] = { 1, 3, 6, 1, 4, 1 };
    if (n <= N_ELEMENTS(enterprises) || memcmp(oid, enterprises, sizeof enterprises) != 0)
        return NULL;
    size_t low = 0, high = r->n_vendors;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->vendors[mid].enterprise < oid[N_ELEMENTS(enterprises)])
            low = mid + 1;
        else
            high = mid;
    }
    return low < r->n_vendors && r->vendors[low].enterprise == oid[N_ELEMENTS(enterprises)] ? r->vendors[low].name : NULL;
}

/* --- placeholders ------------------------------------------------------------------------------------------------------ */

bool device_text_is_placeholder(const char *s)
{
    static const char *const words[] = { "", "n/a", "na", "none", "null", "(null)", "nil", "unknown", "unspecified", "undefined", "not available", "not specified", "not applicable", "not set",
        "not present", "default string", "default", "to be filled by o.e.m.", "to be filled by oem", "o.e.m.", "oem", "system manufacturer", "system product name", "system version",
        "system serial number", "serial number", "<private>", "private", "empty", "invalid", "error", "noname", "-", "--", "?", ".", "\"\"" };
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (text_equal_nocase(s, words[i]))
            return true;
    return false;
}

/* Digits that count up, as people and factories type them: 1234567890123, 0123456789. */
static bool counts_up(const char *s)
{
    size_t len = strlen(s);
    for (size_t i = 0; i < len; i++)
        if (s[i] < '0' || s[i] > '9' || (i > 0 && (s[i] - s[i - 1] + 10) % 10 != 1))
            return false;
    return len >= 4;
}

bool device_serial_is_placeholder(const char *s)
{
    size_t len = strlen(s);
    if (device_text_is_placeholder(s) || len < 3 || counts_up(s))
        return true;
    if (strcspn(s, "0123456789") == len || strchr(s, '*') != NULL || strchr(s, '<') != NULL)
        return true;                 /* a word, or something masked */
    if (strspn(s, (const char[]){ s[0], '\0' }) == len || strspn(s, "0-_ .:") == len || strspn(s, "fF-_ .:xX0") == len || strspn(s, "xX-_ .:") == len)
        return true;
    char lower[64];
    if (len >= sizeof lower)
        return false;
    memcpy(lower, s, len + 1);
    text_lower_ascii(lower);
    return strstr(lower, "o.e.m") != NULL || strstr(lower, "serial num") != NULL || strstr(lower, "not spec") != NULL || strstr(lower, "123456789") == lower;
}

/* --- writing ----------------------------------------------------------------------------------------------------------- */

static void put_optional(struct buf *out, const char *s)
{
    buf_put_u8(out, s != NULL);
    if (s != NULL)
        buf_put_str(out, s);
}

static void put_takes(struct buf *out, const struct device_takes *takes)
{
    buf_put_u16(out, (uint16_t)takes->n);
    for (size_t i = 0; i < takes->n; i++) {
        const struct device_take *t = &takes->v[i];
        buf_put_u8(out, (uint8_t)t->source);
        put_optional(out, t->object);
        put_optional(out, t->match);
        put_optional(out, t->as);
        buf_put_u8(out, (uint8_t)((t->mac ? 1 : 0) | (t->only ? 2 : 0)));
        buf_put_u16(out, (uint16_t)t->n_map);
        for (size_t k = 0; k < t->n_map; k++) {
            buf_put_str(out, t->map[k].from);
            buf_put_str(out, t->map[k].to);
        }
    }
}

void device_rules_encode(const struct device_rules *r, struct buf *out)
{
    buf_put_u32(out, RULES_MAGIC);
    buf_put_u16(out, (uint16_t)r->n_vendors);
    for (size_t i = 0; i < r->n_vendors; i++) {
        buf_put_u32(out, r->vendors[i].enterprise);
        buf_put_str(out, r->vendors[i].name);
    }
    buf_put_u16(out, (uint16_t)r->n_rules);
    for (size_t i = 0; i < r->n_rules; i++) {
        const struct device_rule *rule = &r->rules[i];
        buf_put_str(out, rule->name);
        buf_put_u16(out, (uint16_t)rule->n_object_ids);
        for (size_t k = 0; k < rule->n_object_ids; k++)
            buf_put_str(out, rule->object_ids[k]);
        put_optional(out, rule->descr);
        put_takes(out, &rule->has);
        for (size_t a = 0; a < DEVICE_ATTRIBUTES; a++)
            put_takes(out, &rule->takes[a]);
        buf_put_u8(out, rule->final);
    }
}

/* --- reading ----------------------------------------------------------------------------------------------------------- */

static const char *get_oid(struct decoder *d)
{
    const char *s = decode_str(d);
    if (!device_rules_oid_ok(s))
        d->r.bad = true;
    return s;
}

static void get_take(struct decoder *d, struct device_take *t)
{
    uint8_t source = reader_u8(&d->r);
    if (source >= DEVICE_SOURCES) {
        d->r.bad = true;
        return;
    }
    t->source = (enum device_source)source;
    t->object = reader_u8(&d->r) != 0 ? get_oid(d) : NULL;
    t->match = decode_optional(d);
    t->as = decode_optional(d);
    uint8_t flags = reader_u8(&d->r);
    t->mac = (flags & 1) != 0;
    t->only = (flags & 2) != 0;
    t->n_map = decode_count(d, DEVICE_RULES_MAX_PAIRS);
    t->map = arena_array(d->arena, t->n_map + 1, sizeof *t->map);
    for (size_t i = 0; i < t->n_map && !d->r.bad; i++) {
        t->map[i].from = decode_str(d);
        t->map[i].to = decode_str(d);
    }
    bool needs = source == DEVICE_FROM_OBJECT_ID || source == DEVICE_FROM_OID || source == DEVICE_FROM_COLUMN || source == DEVICE_FROM_ENTITY;
    if (needs != (t->object != NULL) || (source == DEVICE_FROM_VALUE && t->as == NULL))
        d->r.bad = true;
}

static void get_takes(struct decoder *d, struct device_takes *takes)
{
    takes->n = decode_count(d, DEVICE_RULES_MAX_TAKES);
    takes->v = arena_array(d->arena, takes->n + 1, sizeof *takes->v);
    for (size_t i = 0; i < takes->n && !d->r.bad; i++)
        get_take(d, &takes->v[i]);
}

static void get_rule(struct decoder *d, struct device_rule *rule)
{
    rule->name = decode_str(d);
    rule->n_object_ids = decode_count(d, DEVICE_RULES_MAX_PREFIXES);
    rule->object_ids = arena_array(d->arena, rule->n_object_ids + 1, sizeof *rule->object_ids);
    for (size_t i = 0; i < rule->n_object_ids && !d->r.bad; i++)
        rule->object_ids[i] = get_oid(d);
    rule->descr = decode_optional(d);
    get_takes(d, &rule->has);
    for (size_t a = 0; a < DEVICE_ATTRIBUTES && !d->r.bad; a++)
        get_takes(d, &rule->takes[a]);
    rule->final = reader_u8(&d->r) != 0;
}

static void get_rules(struct decoder *d, struct device_rules *r)
{
    if (reader_u32(&d->r) != RULES_MAGIC)
        d->r.bad = true;
    r->n_vendors = decode_count(d, DEVICE_RULES_MAX_VENDORS);
    r->vendors = arena_array(d->arena, r->n_vendors + 1, sizeof *r->vendors);
    for (size_t i = 0; i < r->n_vendors && !d->r.bad; i++) {
        r->vendors[i].enterprise = reader_u32(&d->r);
        r->vendors[i].name = decode_str(d);
        if (i > 0 && r->vendors[i].enterprise <= r->vendors[i - 1].enterprise)
            d->r.bad = true;
    }
    r->n_rules = decode_count(d, DEVICE_RULES_MAX);
    r->rules = arena_array(d->arena, r->n_rules + 1, sizeof *r->rules);
    for (size_t i = 0; i < r->n_rules && !d->r.bad; i++)
        get_rule(d, &r->rules[i]);
}

int device_rules_decode(const void *p, size_t len, struct device_rules **out)
{
    if (len > DEVICE_RULES_MAX_WIRE)
        return ERR_FORMAT;
    struct device_rules *r = device_rules_new();
    struct decoder d = { .arena = r->arena };
    reader_init(&d.r, p, len);
    get_rules(&d, r);
    if (d.r.bad || reader_left(&d.r) != 0) {
        device_rules_free(r);
        return ERR_FORMAT;
    }
    *out = r;
    return 0;
}
