/* Files of ours. Runs in the parent (and the zygote before any job). Paths come from the user; what they name is
 * opened first and then looked at, so that it cannot change in between. */
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"

static const char *home_folder(void)
{
    const char *home = getenv("HOME");
    const struct passwd *pw;

    if (home && *home == '/')
        return home;
    pw = getpwuid(geteuid());
    return pw && pw->pw_dir && *pw->pw_dir ? pw->pw_dir : "/";
}

char *path_join(const char *dir, const char *name)
{
    size_t len;

    if (strcmp(name, "~") == 0)
        return xstrdup(home_folder());
    if (strncmp(name, "~/", 2) == 0)
        return xasprintf("%s/%s", home_folder(), name + 2);
    if (*name == '/' || !dir || !*dir)
        return xstrdup(name);
    len = strlen(dir);
    return xasprintf("%s%s%s", dir, dir[len - 1] == '/' ? "" : "/", name);
}

char *path_dirname(const char *path)
{
    size_t len = strlen(path);

    while (len > 1 && path[len - 1] == '/')
        len--;
    while (len > 0 && path[len - 1] != '/')
        len--;
    while (len > 1 && path[len - 1] == '/')
        len--;
    return len ? xstrndup(path, len) : xstrdup(".");
}

bool path_is_safe_name(const char *name)
{
    if (!name || !*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strlen(name) > NAME_MAX)
        return false;
    for (const char *p = name; *p; p++) {
        if (*p == '/' || (unsigned char)*p < 0x20 || *p == 0x7f)
            return false;
    }
    return true;
}

/* Everything from fd into out, which already has room for what the file said to be its size. */
static int read_all(int fd, size_t max, struct buf *out)
{
    const size_t start = out->len;
    char chunk[16384];
    int rc = 0;

    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = -errno;
        if (n <= 0)
            break;
        if ((size_t)n > max - (out->len - start)) {
            rc = ERR_LIMIT;
            break;
        }
        buf_append(out, chunk, (size_t)n);
        if (out->overflow) {
            rc = ERR_LIMIT;
            break;
        }
    }
    explicit_bzero(chunk, sizeof chunk);     /* the file may be a key */
    return rc;
}

int file_read(const char *path, size_t max, struct buf *out)
{
    struct stat st;
    int fd, rc;

    /* O_NONBLOCK: a FIFO with nobody at its other end must not hold us */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) < 0)
        rc = -errno;
    else if (S_ISDIR(st.st_mode))
        rc = -EISDIR;
    else if (!S_ISREG(st.st_mode))
        rc = -EINVAL;
    else if (st.st_size < 0 || (uintmax_t)st.st_size > max)
        rc = ERR_LIMIT;
    else {
        buf_reserve(out, (size_t)st.st_size + 1);
        rc = read_all(fd, max, out);
    }
    close(fd);
    return rc;
}

int fd_write_all(int fd, const void *p, size_t len)
{
    const char *from = p;

    while (len > 0) {
        ssize_t n = write(fd, from, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            return -EIO;
        from += n;
        len -= (size_t)n;
    }
    return 0;
}

/* A rename is only as lasting as its folder's entry. Some file systems cannot sync a folder: then it is not needed. */
static int sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = 0;

    if (fd < 0)
        return -errno;
    if (fsync(fd) < 0 && errno != EINVAL && errno != ENOTSUP)
        rc = -errno;
    close(fd);
    return rc;
}

static int write_and_close(int fd, const void *p, size_t len, mode_t mode)
{
    int rc = fd_write_all(fd, p, len);

    if (!rc && fchmod(fd, mode) < 0)
        rc = -errno;
    if (!rc && fsync(fd) < 0)
        rc = -errno;
    if (close(fd) < 0 && !rc)
        rc = -errno;
    return rc;
}

int file_write_atomic(const char *path, const void *p, size_t len, mode_t mode)
{
    char *dir = path_dirname(path);
    char *temporary = xasprintf("%s.XXXXXX", path);
    int fd, rc;

    fd = mkostemp(temporary, O_CLOEXEC);     /* mode 0600 until it is whole */
    if (fd < 0) {
        rc = -errno;
        goto out;
    }
    rc = write_and_close(fd, p, len, mode);
    if (!rc && rename(temporary, path) < 0)
        rc = -errno;
    if (rc)
        unlink(temporary);
    else
        rc = sync_folder(dir);
out:
    free(temporary);
    free(dir);
    return rc;
}

int file_append(const char *path, const void *p, size_t len, mode_t mode)
{
    struct stat st;
    int fd, rc;

    fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) < 0)
        rc = -errno;
    else if (!S_ISREG(st.st_mode))
        rc = -EINVAL;
    else
        rc = fd_write_all(fd, p, len);
    if (!rc && fsync(fd) < 0)
        rc = -errno;
    if (close(fd) < 0 && !rc)
        rc = -errno;
    return rc;
}

static int make_one(const char *path, mode_t mode)
{
    struct stat st;
    int err;

    if (mkdir(path, mode) == 0)
        return 0;
    err = errno;
    if (err == EEXIST || err == EROFS || err == EACCES) {
        if (stat(path, &st) == 0)
            return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
    }
    return -err;
}

int dir_make(const char *path, mode_t mode)
{
    char *copy = xstrdup(path);
    int rc = *copy ? 0 : -ENOENT;

    for (char *p = copy + (*copy == '/'); !rc && *p; p++) {
        if (*p != '/' || p[-1] == '/')
            continue;
        *p = '\0';
        rc = make_one(copy, mode);
        *p = '/';
    }
    if (!rc)
        rc = make_one(copy, mode);
    free(copy);
    return rc;
}

/* Whether a file or folder is ours alone. what: "the file" or "its folder". */
static int check_owner_and_mode(const char *path, const struct stat *st, mode_t forbidden, const char *mend, char **why)
{
    if (st->st_uid != geteuid() && st->st_uid != 0) {
        *why = xasprintf("%s belongs to user %lu: it must belong to you or root (chown %lu '%s')", path,
                         (unsigned long)st->st_uid, (unsigned long)geteuid(), path);
        return ERR_NOT_PRIVATE;
    }
    if (st->st_mode & forbidden) {
        *why = xasprintf("%s can be %s by others (mode %04o): chmod %s '%s'", path,
                         st->st_mode & forbidden & (S_IWGRP | S_IWOTH) ? "changed" : "read", (unsigned)st->st_mode & 07777, mend, path);
        return ERR_NOT_PRIVATE;
    }
    return 0;
}

static int check_path_and_folder(const char *path, bool secret, char **why)
{
    char *dir = path_dirname(path);
    struct stat st;
    int rc;

    if (stat(path, &st) < 0)
        rc = -errno;
    else
        rc = check_owner_and_mode(path, &st, secret ? S_IRWXG | S_IRWXO : S_IWGRP | S_IWOTH, secret ? "go=" : "go-w", why);
    if (!rc && stat(dir, &st) < 0)
        rc = -errno;
    else if (!rc)
        rc = check_owner_and_mode(dir, &st, S_IWGRP | S_IWOTH, "go-w", why);
    free(dir);
    return rc;
}

int file_check_private(const char *path, bool secret, char **why)
{
    struct stat st;
    char *real;
    int rc;

    *why = NULL;
    rc = check_path_and_folder(path, secret, why);
    /* whoever can change the folder in which a link really ends can change the file */
    if (!rc && lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
        real = realpath(path, NULL);
        rc = real ? check_path_and_folder(real, secret, why) : -errno;
        free(real);
    }
    if (rc && !*why)
        *why = xasprintf("%s: %s", path, err_text(rc));
    return rc;
}
