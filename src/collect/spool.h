/* Rows of a job between their arrival and the job's end: checked frames, kept in memory while they are few, then in an unlinked
 * file beside the store, so that the parent's memory does not grow with what targets send. Parent only. */
#ifndef PREOP_COLLECT_SPOOL_H
#define PREOP_COLLECT_SPOOL_H

#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "fact/frame.h"

#define SPOOL_JOB_BYTES (256 * 1024)         /* of one job in memory */
#define SPOOL_ALL_BYTES (8 * 1024 * 1024)    /* of all jobs together in memory */

/* Rows come in streams (one for each table and target); each is read back alone, in the order of its arrival. */
struct spool {
    const char *dir;                 /* borrowed: where the file goes */
    struct buf mem;
    int fd;                          /* -1: nothing was moved to the file yet */
    uint64_t size;                   /* bytes in all */
    struct spool_extent *extents;
    size_t n_extents, cap_extents;
};

void spool_init(struct spool *s, const char *dir);
void spool_clear(struct spool *s);
/* bytes: one whole frame with its length. */
int spool_append(struct spool *s, uint32_t stream, const void *bytes, size_t len) MUST_CHECK;
/* Calls fn for each frame of the stream; stops at its first non-zero return and gives it. */
typedef int (*spool_fn)(void *ctx, const struct frame *f);
int spool_each(struct spool *s, uint32_t stream, spool_fn fn, void *ctx) MUST_CHECK;
size_t spool_memory(void);                   /* bytes of all spools in memory now */

#endif
