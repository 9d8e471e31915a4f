/* Files of ours: reading whole, writing whole, and whether a file is private. */
#ifndef PREOP_BASE_PATH_H
#define PREOP_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "base/buf.h"
#include "base/err.h"

char *path_join(const char *dir, const char *name);      /* owned; an absolute name stands alone; ~/ is the home folder */
char *path_dirname(const char *path);                    /* owned */
bool path_is_safe_name(const char *name);                /* one component: no slash, not . or .., not empty, no control */
int file_read(const char *path, size_t max, struct buf *out) MUST_CHECK;    /* ERR_LIMIT past max; -errno; regular files only */
int file_write_atomic(const char *path, const void *p, size_t len, mode_t mode) MUST_CHECK;  /* temporary beside it, fsync, rename */
int file_append(const char *path, const void *p, size_t len, mode_t mode) MUST_CHECK;
int fd_write_all(int fd, const void *p, size_t len) MUST_CHECK;
int dir_make(const char *path, mode_t mode) MUST_CHECK;  /* with parents; existing is fine */

/* 0 when path and its folder belong to the caller or root and neither is writable by group or others; with secret,
 * the file may not be readable by them either. Otherwise ERR_NOT_PRIVATE (or -errno) and *why, owned, says what and how to mend it. */
int file_check_private(const char *path, bool secret, char **why) MUST_CHECK;

#endif
