/* The spool. Parent only; the bytes were checked as frames before, and are checked again by who reads them back. */
#include "collect/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"

#define CHUNK_BYTES (256 * 1024)
#define GATHER_BYTES (16 * 1024)     /* written to the file at once */
#define MEM_MAX (SPOOL_JOB_BYTES + FRAME_MAX + 16)

/* A stretch of frames of one stream, one behind the other. */
struct spool_extent { uint64_t at, len; uint32_t stream; };

static size_t all_bytes;             /* of every spool in memory: the parent has one thread */

size_t spool_memory(void)
{
    return all_bytes;
}

void spool_init(struct spool *s, const char *dir)
{
    *s = (struct spool){ .dir = dir, .fd = -1 };
    buf_init(&s->mem, MEM_MAX);
}

void spool_clear(struct spool *s)
{
    if (s->fd >= 0)
        close(s->fd);
    else
        all_bytes -= s->mem.len;
    buf_clear(&s->mem);
    free(s->extents);
    spool_init(s, s->dir);
}

static int spool_file(const char *dir)
{
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    char *name = path_join(dir, ".preop-spool-XXXXXX");          /* file systems without unnamed files */
    fd = mkostemp(name, O_CLOEXEC);
    int err = -errno;
    if (fd >= 0)
        unlink(name);
    free(name);
    return fd >= 0 ? fd : err;
}

/* Moves what is in memory to the file; from then on everything goes there. */
static int spool_spill(struct spool *s)
{
    if (s->fd < 0) {
        int fd = spool_file(s->dir);
        if (fd < 0) {
            log_error("cannot keep rows in %s: %s", s->dir, err_text(fd));
            return fd;
        }
        s->fd = fd;
        all_bytes -= s->mem.len;
    }
    int err = fd_write_all(s->fd, s->mem.data, s->mem.len);
    if (err != 0)
        log_error("cannot keep rows in %s: %s", s->dir, err_text(err));
    buf_clear(&s->mem);
    return err;
}

static void extend(struct spool *s, uint32_t stream, size_t len)
{
    struct spool_extent *last = s->n_extents > 0 ? &s->extents[s->n_extents - 1] : NULL;
    if (last != NULL && last->stream == stream) {
        last->len += len;
    } else {
        if (s->n_extents == s->cap_extents) {
            s->cap_extents = s->cap_extents == 0 ? 4 : 2 * s->cap_extents;
            s->extents = xrealloc_array(s->extents, s->cap_extents, sizeof *s->extents);
        }
        s->extents[s->n_extents++] = (struct spool_extent){ .at = s->size, .len = len, .stream = stream };
    }
    s->size += len;
}

int spool_append(struct spool *s, uint32_t stream, const void *bytes, size_t len)
{
    buf_append(&s->mem, bytes, len);
    if (s->mem.overflow)
        return ERR_LIMIT;
    extend(s, stream, len);
    if (s->fd < 0) {
        all_bytes += len;
        if (s->mem.len <= SPOOL_JOB_BYTES && all_bytes <= SPOOL_ALL_BYTES)
            return 0;
        return spool_spill(s);
    }
    return s->mem.len >= GATHER_BYTES ? spool_spill(s) : 0;
}

/* Hands out the whole frames at the start of p[0..len); *used says how far it came. */
static int frames_each(const uint8_t *p, size_t len, size_t *used, spool_fn fn, void *ctx)
{
    *used = 0;
    while (*used < len) {
        struct frame f;
        size_t one = 0;
        int got = frame_next(p + *used, len - *used, &f, &one);
        if (got <= 0)
            return got;
        int err = fn(ctx, &f);
        if (err != 0)
            return err;
        *used += one;
    }
    return 0;
}

static int extent_each_file(struct spool *s, const struct spool_extent *x, spool_fn fn, void *ctx)
{
    size_t cap = CHUNK_BYTES + FRAME_MAX + 16, have = 0;
    if (x->len < cap)
        cap = (size_t)x->len;
    uint8_t *chunk = xmalloc(cap);
    uint64_t done = 0;               /* bytes of the extent that were read into chunk */
    int err = 0;
    while (err == 0 && (done < x->len || have > 0)) {
        uint64_t left = x->len - done;
        size_t want = left < cap - have ? (size_t)left : cap - have;
        ssize_t n = want == 0 ? 0 : pread(s->fd, chunk + have, want, (off_t)(x->at + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || (n == 0 && want > 0)) {
            err = n < 0 ? -errno : ERR_FORMAT;
            break;
        }
        done += (uint64_t)n;
        have += (size_t)n;
        size_t used = 0;
        err = frames_each(chunk, have, &used, fn, ctx);
        if (err == 0 && used == 0)
            err = ERR_FORMAT;        /* a frame that never becomes whole */
        have -= used;
        memmove(chunk, chunk + used, have);
    }
    free(chunk);
    return err;
}

int spool_each(struct spool *s, uint32_t stream, spool_fn fn, void *ctx)
{
    if (s->fd >= 0 && s->mem.len > 0) {
        int err = spool_spill(s);
        if (err != 0)
            return err;
    }
    for (size_t i = 0; i < s->n_extents; i++) {
        const struct spool_extent *x = &s->extents[i];
        if (x->stream != stream)
            continue;
        size_t used = 0;
        int err = s->fd >= 0 ? extent_each_file(s, x, fn, ctx)
                             : frames_each((const uint8_t *)s->mem.data + x->at, (size_t)x->len, &used, fn, ctx);
        if (err != 0)
            return err;
    }
    return 0;
}
