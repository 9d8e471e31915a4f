/* The disk is full, or fails, at the n-th write, for every n of a whole check: a clear error, nothing that was stored before is lost, no job by half.
 * A VFS of our own stands before SQLite's and refuses the write. */
#include "store_helper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/path.h"

#define MOST_WRITES 2000     /* a check of this size makes some hundred */

/* --- the failing disk ------------------------------------------------------------------------------------------------ */

static struct { long left; bool armed, once, failed; int code; size_t syncs; } disk;

struct file { sqlite3_file base; sqlite3_file *real; };

static bool refuse_write(void)
{
    if (!disk.armed || (disk.once && disk.failed))
        return false;
    if (disk.left > 0) {
        disk.left--;
        return false;
    }
    disk.failed = true;
    return true;
}

static sqlite3_file *real_of(sqlite3_file *f)
{
    return ((struct file *)(void *)f)->real;
}

static int f_close(sqlite3_file *f) { return real_of(f)->pMethods->xClose(real_of(f)); }
static int f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) { return real_of(f)->pMethods->xRead(real_of(f), p, n, at); }
static int f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) { return refuse_write() ? disk.code : real_of(f)->pMethods->xWrite(real_of(f), p, n, at); }
static int f_truncate(sqlite3_file *f, sqlite3_int64 n) { return real_of(f)->pMethods->xTruncate(real_of(f), n); }
static int f_sync(sqlite3_file *f, int flags) { disk.syncs++; return real_of(f)->pMethods->xSync(real_of(f), flags); }
static int f_size(sqlite3_file *f, sqlite3_int64 *n) { return real_of(f)->pMethods->xFileSize(real_of(f), n); }
static int f_lock(sqlite3_file *f, int level) { return real_of(f)->pMethods->xLock(real_of(f), level); }
static int f_unlock(sqlite3_file *f, int level) { return real_of(f)->pMethods->xUnlock(real_of(f), level); }
static int f_reserved(sqlite3_file *f, int *out) { return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out); }
static int f_control(sqlite3_file *f, int op, void *arg) { return real_of(f)->pMethods->xFileControl(real_of(f), op, arg); }
static int f_sector(sqlite3_file *f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); }
static int f_device(sqlite3_file *f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); }
static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) { return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out); }
static int f_shm_lock(sqlite3_file *f, int at, int n, int flags) { return real_of(f)->pMethods->xShmLock(real_of(f), at, n, flags); }
static void f_shm_barrier(sqlite3_file *f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); }
static int f_shm_unmap(sqlite3_file *f, int delete_it) { return real_of(f)->pMethods->xShmUnmap(real_of(f), delete_it); }

static const sqlite3_io_methods methods = {
    .iVersion = 2, .xClose = f_close, .xRead = f_read, .xWrite = f_write, .xTruncate = f_truncate, .xSync = f_sync, .xFileSize = f_size, .xLock = f_lock,
    .xUnlock = f_unlock, .xCheckReservedLock = f_reserved, .xFileControl = f_control, .xSectorSize = f_sector, .xDeviceCharacteristics = f_device,
    .xShmMap = f_shm_map, .xShmLock = f_shm_lock, .xShmBarrier = f_shm_barrier, .xShmUnmap = f_shm_unmap,
};

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
    sqlite3_vfs *real = vfs->pAppData;
    struct file *file = (struct file *)(void *)f;
    file->real = (sqlite3_file *)(void *)(file + 1);
    file->base.pMethods = NULL;
    int rc = real->xOpen(real, name, file->real, flags, out);
    if (rc == SQLITE_OK)
        file->base.pMethods = &methods;
    return rc;
}

static void disk_install(void)
{
    static sqlite3_vfs vfs;
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    vfs = *real;
    vfs.zName = "failing";
    vfs.pAppData = real;
    vfs.szOsFile = (int)sizeof(struct file) + real->szOsFile;
    vfs.xOpen = v_open;
    vfs.pNext = NULL;
    assert_int_equal(sqlite3_vfs_register(&vfs, 0), SQLITE_OK);
}

/* --- the check ------------------------------------------------------------------------------------------------------- */

struct outcome { int err; bool opened, began, sealed; int64_t run; size_t jobs; char seal[SHA256_HEX]; };

static int assess(struct store *s, struct outcome *o)
{
    char site[] = "riverside", name[32];
    struct run r = { .site = site };
    int64_t target = 0;
    int err = store_run_begin(s, &r);
    free(r.state);
    if (err != 0)
        return err;
    o->began = true;
    o->run = r.id;
    err = store_input_put(s, r.id, "site", "site.yaml", "preop: 1\n", 9);
    for (int i = 0; err == 0 && i < 3; i++) {
        snprintf(name, sizeof(name), "sw%d", i);
        err = store_target_put(s, r.id, name, "switch", "", 1, &target);
        if (err == 0)
            err = helper_job(s, r.id, target, 40, 1000);
        o->jobs += err == 0;
    }
    if (err == 0)
        err = helper_results(s, r.id);
    if (err == 0)
        err = store_run_seal(s, r.id, o->seal);
    o->sealed = err == 0;
    return err;
}

static struct outcome check_on_failing_disk(const char *path, long n, bool once, int code)
{
    const struct store_open_options o = { .vfs = "failing", .fs_type = 0 };
    struct outcome out = { .err = 0 };
    struct store *s = NULL;
    char *why = NULL;
    disk.left = n;
    disk.once = once;
    disk.failed = false;
    disk.code = code;
    disk.armed = true;
    out.err = store_open_with(&s, path, STORE_WRITE, &o, &why);
    out.opened = out.err == 0;
    assert_int_equal(why != NULL, out.err != 0);
    if (out.opened) {
        helper_exec(s, "PRAGMA cache_size=4");       /* so that pages are written in the middle of transactions too */
        out.err = assess(s, &out);
    }
    store_close(s);
    disk.armed = false;
    free(why);
    return out;
}

static void expect_nothing_lost(const char *path, const char *before, const struct outcome *o, long n)
{
    struct buf problems = BUF_INIT(65536);
    struct store *s = helper_open(path);
    size_t runs = 0;
    char sql[160];
    int err = store_sweep(s);
    if (err == 0)
        err = store_verify(s, NULL, before, helper_problem, &problems, &runs);
    if (err != 0 || runs != (size_t)(before != NULL) + (size_t)o->sealed)
        fail_msg("write %ld: %d, %zu runs, sealed %d: %s", n, err, runs, o->sealed, buf_str(&problems));
    if (o->sealed)
        assert_int_equal(store_verify(s, NULL, o->seal, NULL, NULL, NULL), 0);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM collection WHERE length(sha256) <> 64"), 0);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM (SELECT rc.run_id, c.target_id FROM run_collection rc JOIN collection c ON c.id = rc.collection_id"
                                   " GROUP BY 1, 2 HAVING count(*) <> 2)"), 0);
    if (o->began) {          /* what was said to be stored is stored, and no more */
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM run_collection WHERE run_id = %lld", (long long)o->run);
        assert_int_equal(helper_int(s, sql), 2 * o->jobs);
    }
    helper_sealed(s, "riverside", 7, (char[SHA256_HEX]){ 0 });       /* and with room on the disk it goes on */
    store_close(s);
    buf_clear(&problems);
}

static void each_write(const char *dir, const struct buf *template, const char *before, bool once, int code)
{
    char *path = xasprintf("%s/try.db", dir);
    long n = 0, step = 1;
    struct outcome o = { .err = -1 };
    bool failed = true;
    for (; failed && n < MOST_WRITES; n += step) {
        static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
        for (size_t i = 0; i < N_ELEMENTS(suffixes); i++) {
            char *old = xasprintf("%s%s", path, suffixes[i]);
            remove(old);
            free(old);
        }
        if (template != NULL)
            assert_int_equal(file_write_atomic(path, template->data, template->len, 0600), 0);
        o = check_on_failing_disk(path, n, once, code);
        failed = disk.failed;
        if (failed && o.err != 0 && o.err != (code == SQLITE_FULL ? -ENOSPC : -EIO) && o.err != -ENOSPC)
            fail_msg("write %ld: error %d", n, o.err);
        if (!failed && o.err != 0)
            fail_msg("no write failed, but: %d", o.err);
        expect_nothing_lost(path, before, &o, n);
        step = n < 40 ? 1 : 1 + n / 20;
    }
    print_message("%s, %s: failed at every write up to about the %ld-th\n", code == SQLITE_FULL ? "full" : "I/O error", once ? "once" : "from then on", n);
    assert_false(failed);
    assert_true(n > 10);
    free(path);
}

static void template_make(const char *dir, struct buf *bytes, char seal[SHA256_HEX])
{
    char *path = xasprintf("%s/template.db", dir);
    struct store *s = helper_open(path);
    helper_sealed(s, "riverside", 1000, seal);
    store_close(s);
    assert_int_equal(file_read(path, 64U << 20, bytes), 0);
    free(path);
}

static void with_a_store(bool once, int code)
{
    char *dir = helper_dir(), seal[SHA256_HEX];
    struct buf bytes = BUF_INIT(64U << 20);
    template_make(dir, &bytes, seal);
    each_write(dir, &bytes, seal, once, code);
    buf_clear(&bytes);
    helper_remove(dir);
}

static void full_from_the_nth_write_on(void **state)
{
    (void)state;
    with_a_store(false, SQLITE_FULL);
}

static void full_once(void **state)
{
    (void)state;
    with_a_store(true, SQLITE_FULL);
}

static void an_io_error(void **state)
{
    (void)state;
    with_a_store(true, SQLITE_IOERR_WRITE);
}

static void full_while_a_store_is_made(void **state)
{
    (void)state;
    char *dir = helper_dir();
    each_write(dir, NULL, NULL, false, SQLITE_FULL);
    helper_remove(dir);
}

/* A seal that store_run_seal gave is on the disk; a job's commit does not wait for it. */
static void only_seals_wait_for_the_disk(void **state)
{
    (void)state;
    const struct store_open_options o = { .vfs = "failing", .fs_type = 0 };
    char *dir = helper_dir(), *path = helper_db(dir), seal[SHA256_HEX];
    struct store *s = NULL;
    assert_int_equal(store_open_with(&s, path, STORE_WRITE, &o, NULL), 0);
    int64_t run = helper_run(s, "riverside");
    helper_interfaces(s, run, "sw1", 50, 1000);
    disk.syncs = 0;
    helper_interfaces(s, run, "sw2", 50, 1000);
    assert_int_equal(disk.syncs, 0);
    assert_int_equal(store_run_seal(s, run, seal), 0);
    assert_true(disk.syncs > 0);
    disk.syncs = 0;
    helper_run(s, "riverside");
    assert_int_equal(disk.syncs, 0);                 /* and afterwards it is as before */
    store_close(s);
    free(path);
    helper_remove(dir);
}

static int install(void **state)
{
    (void)state;
    disk_install();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_from_the_nth_write_on), cmocka_unit_test(full_once), cmocka_unit_test(an_io_error), cmocka_unit_test(full_while_a_store_is_made),
        cmocka_unit_test(only_seals_wait_for_the_disk),
    };
    return cmocka_run_group_tests(tests, install, NULL);
}
