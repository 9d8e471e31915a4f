/* One check of a site at a time: an open-file-description lock on one byte of PATH.lock, which the kernel releases however we end.
 * The file's text (a line for each site: key, pid, since) only serves the message for those who come second; it is not trusted.
 * Runs in the parent. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"

#define LOCK_FILE_MAX (256 * 1024)
#define TEXT_TRIES 50        /* of 10 ms: how long the text of the file may be somebody else's */

/* Byte 0 guards the text; each site has a byte of its own far behind it. A lock needs no byte to be there. */
static off_t site_byte(const char *site)
{
    char hex[SHA256_HEX];
    char part[16];
    sha256_hex(site, strlen(site), hex);
    memcpy(part, hex, 15);
    part[15] = '\0';
    return 1 + (off_t)strtoull(part, NULL, 16);
}

static int lock_byte(int fd, off_t at, short type)
{
    struct flock fl = { .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1, .l_pid = 0 };
    int rc;
    do {
        rc = fcntl(fd, F_OFD_SETLK, &fl);
    } while (rc != 0 && errno == EINTR);
    return rc == 0 ? 0 : -errno;
}

static int lock_file_open(struct store *s, char **why)
{
    char *path = xasprintf("%s.lock", s->path);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        int err = -errno;
        char *text = xasprintf("cannot open the lock file %s: %s", path, strerror(-err));
        if (why != NULL)
            *why = text;
        else {
            log_error("%s", text);
            free(text);
        }
        free(path);
        return err;
    }
    free(path);
    return fd;
}

static void text_read(int fd, struct buf *out)
{
    char part[4096];
    off_t at = 0;
    ssize_t n;
    while ((n = pread(fd, part, sizeof(part), at)) > 0 && !out->overflow) {
        buf_append(out, part, (size_t)n);
        at += n;
    }
}

/* The line of this site ("riverside\t4711\t2026-11-18T10:42:00Z"), or NULL. *end: behind its newline. */
static const char *line_find(const char *text, const char *site, const char **end)
{
    size_t len = strlen(site);
    for (const char *p = text; *p != '\0'; p = *end) {
        const char *nl = strchr(p, '\n');
        *end = nl != NULL ? nl + 1 : p + strlen(p);
        if (strncmp(p, site, len) == 0 && p[len] == '\t')
            return p;
    }
    return NULL;
}

/* Replaces this site's line; without a line it only goes. That it fails is no reason to stop: the lock itself is held. */
static void text_update(int fd, const char *site, const char *line)
{
    struct buf old = BUF_INIT(LOCK_FILE_MAX), text = BUF_INIT(LOCK_FILE_MAX);
    int err = -EAGAIN;
    for (int i = 0; i < TEXT_TRIES && err != 0; i++) {
        if (i > 0)
            sqlite3_sleep(10);
        err = lock_byte(fd, 0, F_WRLCK);
    }
    if (err != 0)
        goto out;
    text_read(fd, &old);
    const char *end = NULL, *all = buf_str(&old), *mine = old.overflow ? NULL : line_find(all, site, &end);
    if (!old.overflow) {
        buf_append(&text, all, mine != NULL ? (size_t)(mine - all) : old.len);
        if (mine != NULL)
            buf_puts(&text, end);
    }
    if (line != NULL)
        buf_puts(&text, line);
    if (!text.overflow && pwrite(fd, buf_str(&text), text.len, 0) == (ssize_t)text.len && ftruncate(fd, (off_t)text.len) != 0)
        log_debug("%s: the lock file's text could not be cut", site);
    if (lock_byte(fd, 0, F_UNLCK) != 0)
        log_debug("%s: the lock file's text stays guarded until the end", site);
out:
    buf_clear(&old);
    buf_clear(&text);
}

static char *holder_text(int fd, const char *site)
{
    struct buf text = BUF_INIT(LOCK_FILE_MAX);
    char *out = NULL, *line = NULL;
    const char *end = NULL, *p;
    long long pid = 0;
    int64_t since = 0;
    text_read(fd, &text);
    p = line_find(buf_str(&text), site, &end);
    if (p != NULL) {
        line = xstrndup(p + strlen(site) + 1, (size_t)(end - p) - strlen(site) - 1);
        char *tab = strchr(line, '\t');
        if (tab != NULL) {
            *tab = '\0';
            tab[1 + strcspn(tab + 1, "\n")] = '\0';
            /* A line that a killed process left, read in the moment before its successor writes its own, names nobody. */
            if (text_parse_int(line, 1, 1LL << 30, &pid) && iso_parse(tab + 1, &since) && (kill((pid_t)pid, 0) == 0 || errno == EPERM))
                out = xasprintf("another check of this site is running (pid %lld, since %s)", pid, tab + 1);
        }
    }
    free(line);
    buf_clear(&text);
    return out != NULL ? out : xstrdup("another check of this site is running");
}

int store_lock_site(struct store *s, const char *site, char **why)
{
    char since[ISO_LEN];
    if (why != NULL)
        *why = NULL;
    if (s->lock_site != NULL)
        BUG("a second site is locked through one handle");
    int fd = lock_file_open(s, why);
    if (fd < 0)
        return fd;
    int err = lock_byte(fd, site_byte(site), F_WRLCK);
    if (err != 0) {
        if (err == -EAGAIN || err == -EACCES) {
            err = ERR_BUSY;
            if (why != NULL)
                *why = holder_text(fd, site);
        } else
            log_error("%s.lock: %s", s->path, strerror(-err));
        close(fd);
        return err;
    }
    s->lock_fd = fd;
    s->lock_site = xstrdup(site);
    iso_format(clock_now(), since);
    char *line = xasprintf("%s\t%ld\t%s\n", site, (long)getpid(), since);
    text_update(fd, site, line);
    free(line);
    return 0;
}

void lock_release(struct store *s)
{
    if (s->lock_fd >= 0) {
        text_update(s->lock_fd, s->lock_site, NULL);
        close(s->lock_fd);
    }
    s->lock_fd = -1;
    free(s->lock_site);
    s->lock_site = NULL;
}

void store_unlock_site(struct store *s)
{
    lock_release(s);
}

/* Asked of the kernel without taking the lock, so that a check which starts now is not told that another one runs. */
static bool site_locked(int fd, const char *site)
{
    struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = site_byte(site), .l_len = 1, .l_pid = 0 };
    return fcntl(fd, F_OFD_GETLK, &fl) != 0 || fl.l_type != F_UNLCK;
}

bool store_site_busy(struct store *s, const char *site, char **who)
{
    char *path = xasprintf("%s.lock", s->path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool busy = fd >= 0 && site_locked(fd, site);
    *who = busy ? holder_text(fd, site) : NULL;
    if (fd >= 0)
        close(fd);
    free(path);
    return busy;
}

static int sweep_site(struct store *s, int fd, const char *site)
{
    sqlite3_stmt *st = NULL;
    bool ours = s->lock_site != NULL && strcmp(s->lock_site, site) == 0;
    if (!ours && site_locked(fd, site))
        return 0;
    int err = sql_prepare(s, "UPDATE run SET state = 'interrupted' WHERE state = 'open' AND id <> ?2 AND site_id = (SELECT id FROM site WHERE key = ?1)", &st);
    if (err != 0)
        return err;
    bind_text(st, 1, site);
    bind_int(st, 2, ours ? s->current_run : 0);
    return sql_run_once(s, st);
}

static int open_sites(struct store *s, char ***sites, size_t *n)
{
    sqlite3_stmt *st = NULL;
    int more, err = sql_prepare(s, "SELECT DISTINCT s.key FROM run r JOIN site s ON s.id = r.site_id WHERE r.state = 'open'", &st);
    if (err != 0)
        return err;
    while ((more = sql_row(s, st)) > 0) {
        *sites = xrealloc_array(*sites, *n + 1, sizeof(**sites));
        (*sites)[(*n)++] = col_word(st, 0);
    }
    sqlite3_finalize(st);
    return more;
}

/* Who begins or reopens a run takes the lock first and writes afterwards. While our transaction lasts nobody else writes, so an open run whose
 * site is not locked within it belongs to nobody. */
int store_sweep(struct store *s)
{
    char **sites = NULL;
    size_t n = 0;
    int fd = lock_file_open(s, NULL);
    if (fd < 0)
        return fd;
    int err = tx_begin(s);
    if (err == 0) {
        err = open_sites(s, &sites, &n);
        for (size_t i = 0; err == 0 && i < n; i++)
            err = sweep_site(s, fd, sites[i]);
        err = tx_end(s, err);
    }
    strings_free(sites, n);
    close(fd);
    return err;
}
