/* The journal of a discovery: what each finished job said, so that an interrupted one goes on where it was. A file of ours (0600) in the site's folder;
 * read as carefully as a worker's frames, because it holds them. Parent only. */
#include "collect/discover_jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"

#define JOURNAL_MAX (512u * 1024 * 1024)
#define RECORD_MAX (96u * 1024 * 1024)
#define OLDEST_S (24 * 3600)

/* What must be the same for the rows to mean the same: the program, its tables, the networks. */
static void head_put(const struct djobs *q, int64_t started, struct buf *out)
{
    buf_put_str(out, "preop discover 4 " PACKAGE_VERSION);
    buf_put_u32(out, (uint32_t)fact_n_tables);
    buf_put_u64(out, (uint64_t)started);
    buf_put_u32(out, (uint32_t)q->d->n_networks);
    for (size_t i = 0; i < q->d->n_networks; i++) {
        char text[CIDR_TEXT];
        cidr_format(&q->d->networks[i], text);
        buf_put_str(out, text);
    }
}

void journal_head(const struct djobs *q, int64_t started, struct buf *out)
{
    struct buf head = BUF_INIT(1u << 20);
    head_put(q, started, &head);
    buf_put_bytes(out, head.data, head.len);
    buf_clear(&head);
}

static int record_write(const struct djobs *q, struct buf *record)
{
    const uint32_t n = (uint32_t)record->len;
    const uint8_t len[4] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
    if (record->overflow)
        return ERR_LIMIT;
    int err = fd_write_all(q->journal, len, sizeof len);
    return err != 0 ? err : fd_write_all(q->journal, record->data, record->len);
}

int journal_put(struct djobs *q, const struct djob *j, struct buf *frames)
{
    struct buf r = BUF_INIT(RECORD_MAX);
    const size_t n_asked = j->reason == REASON_NONE || j->kind == DJOB_NUDGE ? j->n_addresses : 0;       /* what a resolver or ARP did not look up is asked for again */
    if (q->journal < 0)
        return 0;
    buf_put_str(&r, j->key);
    buf_put_u8(&r, (uint8_t)j->kind);
    buf_put_str(&r, j->find != NULL ? j->name : "");
    buf_put_str(&r, j->tp.credential);
    buf_put_u8(&r, j->answered);
    buf_put_u16(&r, (uint16_t)j->reason);
    const size_t n_keys = j->kind == DJOB_KEYS && j->find != NULL ? j->find->n_host_keys : 0;
    buf_put_u8(&r, (uint8_t)n_keys);
    for (size_t i = 0; i < n_keys; i++)
        buf_put_str(&r, j->find->host_keys[i]);
    buf_put_u32(&r, (uint32_t)n_asked);
    for (size_t i = 0; i < n_asked; i++) {
        char text[IP_TEXT];
        ip_format(&j->addresses[i], text);
        buf_put_str(&r, text);
    }
    buf_put_bytes(&r, buf_str(frames), frames->len);
    int err = record_write(q, &r);
    buf_clear(&r);
    return err;
}

static int replay_rows(struct djobs *q, struct find *f, const uint8_t *p, size_t len)
{
    while (len > 0) {
        struct frame frame;
        struct fact_row row;
        struct buf mem = BUF_INIT(1u << 20);
        size_t used = 0;
        uint64_t dropped = 0;
        char *other = NULL;
        if (frame_next(p, len, &frame, &used) != 1 || frame.kind != FRAME_ROW || frame_get_row(&frame, &row, &other) != 0)
            return ERR_FORMAT;
        fact_row_normalize(&row, &mem, &dropped);
        discover_take_row(q->d, f, &row);
        buf_clear(&mem);
        free(other);
        p += used;
        len -= used;
    }
    return 0;
}

/* Addresses that our own link or the resolver was asked about: that is not done twice. */
static void replay_list(struct djobs *q, enum djob_kind kind, struct reader *r)
{
    struct ip ip;
    uint32_t n = reader_u32(r);
    for (uint32_t i = 0; i < n && !r->bad; i++) {
        char *text = reader_str(r);
        if (!r->bad && djob_has_list(kind) && ip_parse(text, &ip))
            djob_settle_one(q->d, kind, &ip);
        free(text);
    }
}

/* "ssh-rsa AAAA..." */
static bool is_host_key(const char *s)
{
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", type[] = "abcdefghijklmnopqrstuvwxyz0123456789-.@";
    const size_t n = strspn(s, type);
    return n > 0 && s[n] == ' ' && s[n + 1] != '\0' && strspn(s + n + 1, base64) == strlen(s + n + 1);
}

/* They are longer than a name may be: discover_text() would cut them. */
static void replay_keys(struct djobs *q, struct find *f, struct reader *r)
{
    const unsigned n = reader_u8(r);
    for (unsigned i = 0; i < n && !r->bad; i++) {
        char *key = reader_str(r);
        if (!r->bad && f != NULL && is_host_key(key))
            discover_add_host_key(q->d, f, key);
        free(key);
    }
}

static int replay_record(struct djobs *q, struct reader *r)
{
    struct ip ip;
    struct find *f = NULL;
    char *key = reader_str(r);
    unsigned kind = reader_u8(r);
    char *address = reader_str(r), *credential = reader_str(r);
    bool answered = reader_u8(r) != 0;
    enum reason reason = (enum reason)reader_u16(r);
    if (!r->bad && kind < DJOB_KINDS && address[0] != '\0' && ip_parse(address, &ip))
        f = discover_find_ip(q->d, &ip, true);
    replay_keys(q, f, r);
    if (!r->bad && kind < DJOB_KINDS)
        replay_list(q, (enum djob_kind)kind, r);
    size_t len = 0;
    const uint8_t *frames = reader_bytes(r, &len);
    int err = r->bad || kind >= DJOB_KINDS || reason >= REASON_COUNT ? ERR_FORMAT : 0;
    if (err == 0 && f != NULL)
        f->swept = f->swept || (f->n_seen_by == 0 && f->known == NULL);
    if (err == 0)
        err = replay_rows(q, f, frames, len);
    if (err == 0 && f != NULL)
        djob_settle((enum djob_kind)kind, f, credential[0] != '\0' ? arena_strdup(q->d->arena, credential) : NULL, answered, reason);
    if (err == 0)
        (void)strset_add(&q->done, key);
    q->d->srv_asked = q->d->srv_asked || kind == DJOB_SRV;
    free(key);
    free(address);
    free(credential);
    return err;
}

/* A record that was cut by a kill is the last, and is asked again. *whole: how many bytes were in order. */
int journal_replay(struct djobs *q, const struct buf *bytes, size_t *whole)
{
    struct buf head = BUF_INIT(1u << 20);
    struct reader r, one;
    size_t len = 0;
    int err = 0;
    reader_init(&r, bytes->data, bytes->len);
    const uint8_t *p = reader_bytes(&r, &len);
    if (r.bad || len < 30)
        return ERR_FORMAT;
    reader_init(&one, p, len);
    free(reader_str(&one));
    (void)reader_u32(&one);
    int64_t started = (int64_t)reader_u64(&one);
    head_put(q, started, &head);
    if (head.len != len || memcmp(head.data, p, len) != 0)
        err = ERR_FORMAT;
    else if (clock_now() - started > OLDEST_S)
        err = ERR_LIMIT;
    buf_clear(&head);
    q->d->started = started;
    *whole = r.pos;
    while (err == 0 && (p = reader_bytes(&r, &len)) != NULL) {
        reader_init(&one, p, len);
        err = replay_record(q, &one);
        *whole = r.pos;
    }
    return err;
}

int journal_open(struct djobs *q, bool resume)
{
    char *path = path_join(q->d->site->dir, DISCOVER_JOURNAL);
    struct buf bytes = BUF_INIT(JOURNAL_MAX), head = BUF_INIT(1u << 20);
    size_t whole = 0;
    int err = resume ? file_read(path, JOURNAL_MAX, &bytes) : 0;
    if (err == -ENOENT)
        err = ERR_NOT_FOUND;
    if (err == 0 && resume)
        err = journal_replay(q, &bytes, &whole);
    if (err == 0) {
        q->journal = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (resume ? 0 : O_TRUNC), 0600);
        if (q->journal < 0 || ftruncate(q->journal, (off_t)whole) != 0 || lseek(q->journal, 0, SEEK_END) < 0)
            err = -errno;
    }
    if (err == 0 && !resume) {
        head_put(q, q->d->started, &head);
        err = record_write(q, &head);
    }
    buf_clear(&head);
    buf_clear(&bytes);
    free(path);
    return err;
}

void journal_end(struct djobs *q, bool remove)
{
    if (q->journal >= 0)
        close(q->journal);
    q->journal = -1;
    if (!remove)
        return;
    char *path = path_join(q->d->site->dir, DISCOVER_JOURNAL);
    (void)unlink(path);
    free(path);
}
