/* Files: reading, writing, privacy. Works in a folder of its own below the current one. */
#include "lib/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/path.h"

static char folder[] = "test_base_path.XXXXXX";

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int setup(void **state)
{
    (void)state;
    umask(022);
    return mkdtemp(folder) && chmod(folder, 0700) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static char *in_folder(const char *name)
{
    return path_join(folder, name);
}

static void check_join(const char *dir, const char *name, const char *expected)
{
    char *s = path_join(dir, name);

    assert_string_equal(s, expected);
    free(s);
}

static void check_dirname(const char *path, const char *expected)
{
    char *s = path_dirname(path);

    assert_string_equal(s, expected);
    free(s);
}

static void test_names(void **state)
{
    (void)state;
    check_join("a", "b", "a/b");
    check_join("a/", "b", "a/b");
    check_join("/", "b", "/b");
    check_join("a", "/b", "/b");
    check_join("", "b", "b");
    check_join(NULL, "b", "b");
    setenv("HOME", "/home/x", 1);
    check_join("a", "~/k", "/home/x/k");
    check_join("a", "~", "/home/x");
    check_join("a", "~k", "a/~k");
    check_dirname("a/b", "a");
    check_dirname("a", ".");
    check_dirname("/a", "/");
    check_dirname("/", "/");
    check_dirname("a/b/", "a");
    check_dirname("a//b", "a");
    check_dirname("", ".");
    assert_true(path_is_safe_name("file.csv"));
    assert_true(path_is_safe_name("..a"));
    assert_false(path_is_safe_name(""));
    assert_false(path_is_safe_name(NULL));
    assert_false(path_is_safe_name("."));
    assert_false(path_is_safe_name(".."));
    assert_false(path_is_safe_name("a/b"));
    assert_false(path_is_safe_name("a\nb"));
    assert_false(path_is_safe_name("a\x7f"));
}

static void test_write_read(void **state)
{
    char *path = in_folder("file"), *missing = in_folder("missing/file"), *fifo = in_folder("fifo");
    struct buf b = BUF_INIT(100), small = BUF_INIT(3);
    struct stat st;

    (void)state;
    assert_int_equal(file_write_atomic(path, "one", 3, 0640), 0);
    assert_int_equal(file_write_atomic(path, "two\0!", 5, 0600), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(file_read(path, 5, &b), 0);
    assert_int_equal(b.len, 5);
    assert_memory_equal(b.data, "two\0!", 5);
    assert_int_equal(file_read(path, 4, &b), ERR_LIMIT);
    assert_int_equal(file_read(path, 100, &small), ERR_LIMIT);
    assert_int_equal(file_read(missing, 100, &b), -ENOENT);
    assert_int_equal(file_write_atomic(missing, "x", 1, 0600), -ENOENT);
    assert_int_equal(file_read(folder, 100, &b), -EISDIR);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(file_read(fifo, 100, &b), -EINVAL);     /* and does not wait for a writer */
    assert_int_equal(file_append(fifo, "x", 1, 0600), -ENXIO);
    buf_clear(&b);
    buf_clear(&small);
    free(path);
    free(missing);
    free(fifo);
}

static void test_append(void **state)
{
    char *path = in_folder("known_hosts");
    struct buf b = BUF_INIT(100);
    struct stat st;

    (void)state;
    assert_int_equal(file_append(path, "a\n", 2, 0600), 0);
    assert_int_equal(file_append(path, "b\n", 2, 0644), 0);
    assert_int_equal(file_read(path, 100, &b), 0);
    assert_string_equal(buf_str(&b), "a\nb\n");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    buf_clear(&b);
    free(path);
}

static void test_failed_write_leaves_the_old(void **state)
{
    char *path = in_folder("dir-in-the-way"), *inside = in_folder("dir-in-the-way/x");

    (void)state;
    assert_int_equal(dir_make(inside, 0700), 0);
    assert_int_equal(file_write_atomic(path, "x", 1, 0600), -EISDIR);
    /* a full disk: the temporary file goes, the error comes back */
    if (access("/dev/full", W_OK) == 0) {
        int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
        assert_true(fd >= 0);
        assert_int_equal(fd_write_all(fd, "x", 1), -ENOSPC);
        close(fd);
    }
    free(path);
    free(inside);
}

static void test_dir_make(void **state)
{
    char *deep = in_folder("a/b//c/"), *file = in_folder("plain"), *below = in_folder("plain/x");
    struct stat st;

    (void)state;
    assert_int_equal(dir_make(deep, 0700), 0);
    assert_int_equal(dir_make(deep, 0700), 0);
    assert_int_equal(stat(deep, &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(file_write_atomic(file, "x", 1, 0600), 0);
    assert_int_equal(dir_make(file, 0700), -ENOTDIR);
    assert_int_equal(dir_make(below, 0700), -ENOTDIR);
    assert_int_equal(dir_make("", 0700), -ENOENT);
    assert_int_equal(dir_make("/", 0700), 0);
    free(deep);
    free(file);
    free(below);
}

static void check_private(const char *path, bool secret, int rc, const char *word)
{
    char *why = NULL;

    assert_int_equal(file_check_private(path, secret, &why), rc);
    if (rc == 0)
        assert_null(why);
    else if (!why || !strstr(why, word))
        fail_msg("'%s' does not say '%s'", why ? why : "(nothing)", word);
    free(why);
}

static void test_private(void **state)
{
    char *dir = in_folder("own"), *path = in_folder("own/secret"), *open_dir = in_folder("open"), *real = in_folder("open/real"), *link = in_folder("own/link");
    char target[PATH_MAX];

    (void)state;
    assert_int_equal(dir_make(dir, 0700), 0);
    assert_int_equal(file_write_atomic(path, "s", 1, 0600), 0);
    check_private(path, true, 0, NULL);
    chmod(path, 0640);
    check_private(path, true, ERR_NOT_PRIVATE, "chmod go= ");
    check_private(path, false, 0, NULL);
    chmod(path, 0620);
    check_private(path, false, ERR_NOT_PRIVATE, "changed by others");
    chmod(path, 0602);
    check_private(path, false, ERR_NOT_PRIVATE, "chmod go-w ");
    chmod(path, 0600);
    chmod(dir, 0770);
    check_private(path, true, ERR_NOT_PRIVATE, dir);
    chmod(dir, 0755);
    check_private(path, true, 0, NULL);
    /* a link is as private as where it ends */
    assert_int_equal(dir_make(open_dir, 0700), 0);
    chmod(open_dir, 0777);
    assert_int_equal(file_write_atomic(real, "s", 1, 0600), 0);
    assert_non_null(realpath(real, target));
    assert_int_equal(symlink(target, link), 0);
    check_private(link, true, ERR_NOT_PRIVATE, "open");
    chmod(open_dir, 0700);
    check_private(link, true, 0, NULL);
    unlink(real);
    check_private(link, true, -ENOENT, "No such file");
    free(dir);
    free(path);
    free(open_dir);
    free(real);
    free(link);
}

static void test_foreign_owner(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        print_message("# giving a file away needs root\n");
        skip();
    }
    char *dir = in_folder("foreign"), *path = in_folder("foreign/secret");
    assert_int_equal(dir_make(dir, 0700), 0);
    assert_int_equal(file_write_atomic(path, "s", 1, 0600), 0);
    assert_int_equal(chown(path, 12345, 12345), 0);
    check_private(path, true, ERR_NOT_PRIVATE, "12345");
    assert_int_equal(chown(path, 0, 0), 0);
    assert_int_equal(chown(dir, 12345, 12345), 0);
    check_private(path, true, ERR_NOT_PRIVATE, "12345");
    free(dir);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_write_read),
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_failed_write_leaves_the_old),
        cmocka_unit_test(test_dir_make),
        cmocka_unit_test(test_private),
        cmocka_unit_test(test_foreign_owner),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
