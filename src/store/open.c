/* Opening: where the store is, whether it is ours, whether it is private, how its journal works, and its migration.
 * Runs in the parent (and, for reading, in the child that evaluates). The file's bytes are not trusted: defensive mode, no trusted schema. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"

#define OPEN_TRIES 50        /* of 100 ms, for what SQLite's busy handler does not cover: two processes that switch a new store to WAL */

bool store_fs_is_remote(long f_type)
{
    static const unsigned long remote[] = {
        0x6969,              /* nfs */
        0x517b, 0xff534d42, 0xfe534d42,      /* smb, cifs, smb2 */
        0x65735546,          /* fuse */
        0x01021997,          /* 9p */
        0x5346414f, 0x00c36400,              /* afs, ceph */
    };
    for (size_t i = 0; i < N_ELEMENTS(remote); i++)
        if (((unsigned long)f_type & 0xffffffffUL) == remote[i])
            return true;
    return false;
}

char *store_default_path(void)
{
    const char *p = getenv("PREOP_DB");
    if (p != NULL && p[0] != '\0')
        return xstrdup(p);
    p = getenv("XDG_DATA_HOME");
    if (p != NULL && p[0] == '/')
        return path_join(p, "preop/preop.db");
    return path_join("/", "~/.local/share/preop/preop.db");      /* the user's own home, also where cron sets no HOME */
}

/* Gives the sentence to the caller, or to the log when nobody wants it. */
static int refuse(char **why, int err, char *sentence)
{
    if (why != NULL && *why == NULL)
        *why = sentence;
    else {
        if (why == NULL)
            log_error("%s", sentence);
        free(sentence);
    }
    return err;
}

static int refuse_errno(char **why, const char *doing, const char *path)
{
    int e = errno;
    return refuse(why, -e, xasprintf("cannot %s %s: %s; --db FILE or PREOP_DB names another place", doing, path, strerror(e)));
}

/* Others who can write the file could change what it says; a folder that they can write lets them replace it. */
static int check_private(const char *path, const char *dir, char **why)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return refuse_errno(why, "look at", path);
    if (!S_ISREG(st.st_mode))
        return refuse(why, ERR_STORE_FOREIGN, xasprintf("%s is not a file, so it is no store of preop's", path));
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return refuse(why, ERR_NOT_PRIVATE, xasprintf("%s belongs to another user, who could change what it says: copy it, or ask its owner to run preop", path));
    if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return refuse(why, ERR_NOT_PRIVATE, xasprintf("%s can be written by others, who could change what it says: chmod 600 %s", path, path));
    if ((st.st_mode & (S_IRGRP | S_IROTH)) != 0)
        log_warning("%s can be read by others: chmod 600 %s", path, path);
    if (stat(dir, &st) == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (st.st_mode & S_ISVTX) == 0)
        log_warning("the folder %s can be written by others, who could replace the store: chmod 700 %s", dir, dir);
    return 0;
}

static int file_create(const char *path, const char *dir, char **why)
{
    int err = dir_make(dir, 0700);
    if (err != 0) {
        errno = err < 0 && err > ERR_LAST ? -err : EIO;
        return refuse_errno(why, "make the folder", dir);
    }
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno == EEXIST ? 0 : refuse_errno(why, "create", path);
    /* SQLite gives its -wal and -shm files the same mode. */
    int bad = fchmod(fd, 0600);
    if (close(fd) != 0 || bad != 0)
        return refuse_errno(why, "create", path);
    return 0;
}

static int file_prepare(const char *path, unsigned flags, char **why)
{
    char *dir = path_dirname(path);
    int err = 0;
    if (access(path, F_OK) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            err = refuse_errno(why, "reach", path);
        else if ((flags & STORE_WRITE) != 0)
            err = file_create(path, dir, why);
        else
            err = refuse(why, ERR_NOT_FOUND, xasprintf("there is no store at %s yet: `preop check` makes it; --db FILE or PREOP_DB names another", path));
    }
    if (err == 0)
        err = check_private(path, dir, why);
    if (err == 0 && access(path, R_OK) != 0)
        err = refuse_errno(why, "read", path);
    if (err == 0 && (flags & STORE_WRITE) != 0 && access(path, W_OK) != 0)
        err = refuse_errno(why, "write", path);
    if (err == 0 && (flags & STORE_WRITE) != 0 && access(dir, W_OK) != 0)
        err = refuse_errno(why, "write beside the store in the folder", dir);
    free(dir);
    return err;
}

/* A store in WAL mode cannot be read from a folder where its -shm file cannot be made, unless SQLite is told that nobody writes it. */
static bool read_as_immutable(const char *path)
{
    char *dir = path_dirname(path), *wal = xasprintf("%s-wal", path);
    struct stat st;
    bool yes = access(dir, W_OK) != 0 && (stat(wal, &st) != 0 || st.st_size == 0);
    free(dir);
    free(wal);
    return yes;
}

static char *immutable_uri(const char *path)
{
    struct buf b = BUF_INIT(32768);
    buf_puts(&b, "file:");
    for (const char *p = path; *p != '\0'; p++) {
        if (*p == '?' || *p == '#' || *p == '%')
            buf_printf(&b, "%%%02X", (unsigned)(unsigned char)*p);
        else
            buf_putc(&b, *p);
    }
    buf_puts(&b, "?immutable=1");
    return buf_take(&b);
}

static int connect_sqlite(struct store *s, const struct store_open_options *o)
{
    bool immutable = !s->writable && read_as_immutable(s->path);
    char *name = immutable ? immutable_uri(s->path) : xstrdup(s->path);
    int flags = (s->writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX | (immutable ? SQLITE_OPEN_URI : 0);
    int rc = sqlite3_open_v2(name, &s->db, flags, o->vfs);
    free(name);
    if (s->db == NULL)
        return ERR_STORE;
    if (rc != SQLITE_OK)
        return sql_error(sqlite3_extended_errcode(s->db), sqlite3_system_errno(s->db));
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return 0;
}

/* Not through sql_exec: what fails here has a sentence of its own and is not logged twice. */
static int quiet_int(struct store *s, const char *sql, int64_t *out)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return rc == SQLITE_ROW ? 0 : sql_error(sqlite3_extended_errcode(s->db), sqlite3_system_errno(s->db));
}

/* All three of one moment: another process may be making the store just now, and between two reads it would look like somebody else's. */
static int read_marks(struct store *s, int64_t *app, int64_t *version, int64_t *objects)
{
    if (sqlite3_exec(s->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return sql_error(sqlite3_extended_errcode(s->db), sqlite3_system_errno(s->db));
    int err = quiet_int(s, "PRAGMA application_id", app);
    if (err == 0)
        err = quiet_int(s, "PRAGMA user_version", version);
    if (err == 0)
        err = quiet_int(s, "SELECT count(*) FROM sqlite_schema", objects);
    if (!sqlite3_get_autocommit(s->db) && sqlite3_exec(s->db, err == 0 ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK && err == 0)
        err = sql_error(sqlite3_extended_errcode(s->db), sqlite3_system_errno(s->db));
    return err;
}

/* Ours, empty, newer, or somebody else's. */
static int recognise(struct store *s, bool *empty, char **why)
{
    int64_t app = 0, version = 0, objects = 0;
    int err = read_marks(s, &app, &version, &objects);
    if (err == ERR_STORE_FOREIGN)
        return refuse(why, err, xasprintf("%s is not a store of preop's: it is no SQLite file; nothing was changed", s->path));
    if (err == -EBUSY)
        return refuse(why, err, xasprintf("%s: another program keeps the store locked", s->path));
    if (err != 0)
        return refuse(why, err, xasprintf("cannot read the store %s: %s", s->path, sqlite3_errmsg(s->db)));
    *empty = app == 0 && version == 0 && objects == 0;
    if (!*empty && app != STORE_APPLICATION_ID)
        return refuse(why, ERR_STORE_FOREIGN, xasprintf("%s is a SQLite file of another program, not a store of preop's; nothing was changed", s->path));
    if (version < 0 || version > (int64_t)store_n_migrations)
        return refuse(why, ERR_STORE_NEWER, xasprintf("%s was made by a newer preop (schema %lld, this one knows %zu): install that version or newer; nothing was changed",
                                                      s->path, (long long)version, store_n_migrations));
    return 0;
}

static int set_journal(struct store *s, const struct store_open_options *o)
{
    struct statfs fs;
    long type = o->fs_type;
    if (type == 0 && statfs(s->path, &fs) == 0)
        type = (long)fs.f_type;
    bool remote = store_fs_is_remote(type);
    /* The page size holds for a new file only: rows of wide tables are some 300 bytes, findings up to 2 KiB. */
    const char *sql = remote ? "PRAGMA page_size=8192; PRAGMA journal_mode=DELETE" : "PRAGMA page_size=8192; PRAGMA journal_mode=WAL";
    int rc = SQLITE_BUSY;
    for (int i = 0; i < OPEN_TRIES && (rc & 0xff) == SQLITE_BUSY; i++) {
        if (i > 0)
            sqlite3_sleep(100);
        rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    }
    if (rc != SQLITE_OK)
        return sql_fail(s, sql);
    if (remote)
        log_warning("%s lies on a network file system: its journal is a rollback journal, not WAL, which is slower; a local disk is better", s->path);
    return 0;
}

static int set_up_writer(struct store *s, const struct store_open_options *o)
{
    int err = set_journal(s, o);
    if (err == 0)
        err = sql_exec(s, "PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;"
                          "PRAGMA cache_size=-8192; PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=4000");
    if (err == 0)
        err = schema_migrate(s, store_migrations, store_n_migrations);
    if (err == 0)
        err = schema_refresh(s, false, NULL);
    return err;
}

/* Brings an older store up to date before it is read, where we may. */
static int upgrade_for_reading(const char *path, const struct store_open_options *o)
{
    struct store *w = NULL;
    char *why = NULL;
    int err = store_open_with(&w, path, STORE_WRITE, o, &why);
    if (err != 0)
        log_debug("%s", why != NULL ? why : err_text(err));
    free(why);
    store_close(w);
    return err;
}

static int set_up_reader(struct store *s, const struct store_open_options *o, char **why)
{
    int64_t app = 0, version = 0;
    size_t missing = 0;
    int err = sql_exec(s, "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA cache_size=-8192");
    if (err == 0)
        err = schema_version(s, &app, &version);
    bool old = err == 0 && version < (int64_t)store_n_migrations;
    if (err == 0 && !old)
        err = schema_refresh(s, true, &missing);
    if (err != 0 || (!old && missing == 0))
        return err;
    err = upgrade_for_reading(s->path, o);
    if (err != 0 && old)
        return refuse(why, err, xasprintf("%s was made by an older preop and cannot be brought up to date here: %s", s->path, err_text(err)));
    /* Fact tables that are missing only mean that nothing was ever stored in them. */
    return 0;
}

static int set_up(struct store *s, const struct store_open_options *o, char **why)
{
    bool empty = false;
    int err = connect_sqlite(s, o);
    if (err != 0)
        return refuse(why, err, xasprintf("cannot open the store %s: %s", s->path, s->db != NULL ? sqlite3_errmsg(s->db) : err_text(err)));
    err = recognise(s, &empty, why);
    if (err != 0)
        return err;
    if (s->writable)
        err = set_up_writer(s, o);
    else if (empty)
        return refuse(why, ERR_NOT_FOUND, xasprintf("the store %s is empty: `preop check` fills it", s->path));
    else
        err = set_up_reader(s, o, why);
    if (err != 0 && (why == NULL || *why == NULL))
        err = refuse(why, err, err == -ENOSPC ? xasprintf("the disk is full: the store %s could not be set up; nothing in it was lost", s->path)
                                              : xasprintf("the store %s cannot be used: %s", s->path, err_text(err)));
    return err;
}

int store_open_with(struct store **out, const char *path, unsigned flags, const struct store_open_options *o, char **why)
{
    struct store *s = xcalloc(1, sizeof(*s));
    *out = NULL;
    if (why != NULL)
        *why = NULL;
    s->path = path != NULL ? xstrdup(path) : store_default_path();
    s->writable = (flags & STORE_WRITE) != 0;
    s->lock_fd = -1;
    s->insert = xcalloc(fact_n_tables, sizeof(s->insert[0]));
    int err = file_prepare(s->path, flags, why);
    if (err == 0)
        err = set_up(s, o, why);
    if (err != 0)
        store_close(s);
    else
        *out = s;
    return err;
}

int store_open(struct store **out, const char *path, unsigned flags, char **why)
{
    const struct store_open_options o = { .vfs = NULL, .fs_type = 0 };
    return store_open_with(out, path, flags, &o, why);
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    if (s->intake != NULL)
        intake_abort(s->intake);
    asked_close(s);
    for (size_t i = 0; i < fact_n_tables; i++)
        sqlite3_finalize(s->insert[i]);
    free(s->insert);
    if (sqlite3_close(s->db) != SQLITE_OK)
        BUG("%s is closed with a statement open", s->path);
    lock_release(s);
    free(s->path);
    free(s);
}

const char *store_path(const struct store *s)
{
    return s->path;
}

struct sqlite3 *store_db(struct store *s)
{
    return s->db;
}
