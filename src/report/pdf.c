/* The HTML report as PDF, through WeasyPrint or Chromium. Parent. The page is our own, names nothing outside itself and forbids loading. */
#define _XOPEN_SOURCE 700
#include "report/pdf.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "report/converter.h"

#define TIMEOUT_MS 120000
#define SAID_MAX 8192
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    (void)remove(path);
    return 0;
}

static void remove_dir(const char *dir)
{
    (void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Chromium makes a local socket below its temporary folder: ".org.chromium.Chromium.XXXXXX/SingletonSocket", in a name of 107 bytes at most (sun_path,
 * unix(7)). A $TMPDIR too long for that would end it without a word about why, so /tmp stands in. */
#define TMPDIR_MAX 40

static char *make_dir(void)
{
    const char *tmp = getenv("TMPDIR");
    if (!tmp || tmp[0] != '/' || strlen(tmp) > TMPDIR_MAX)
        tmp = "/tmp";
    char *dir = xasprintf("%s/preop-pdf.XXXXXX", tmp);
    if (mkdtemp(dir))
        return dir;
    free(dir);
    return NULL;
}

/* What a program said last, for the message: its last line that is not empty. Owned. */
static char *last_words(struct buf *said)
{
    const char *text = buf_str(said);
    size_t end = said->len;
    while (end > 0 && text[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    char *line = xstrndup(text + start, end - start), *words = line[0] ? xasprintf(": %.300s", line) : xstrdup("");
    free(line);
    return words;
}

static int run(const char *const *argv, const char *dir, const char *path, char **why)
{
    char *home = xasprintf("HOME=%s", dir), *cache = xasprintf("XDG_CACHE_HOME=%s", dir), *tmp = xasprintf("TMPDIR=%s", dir), *search = xasprintf("PATH=%s", path);
    const char *const env[] = { home, cache, tmp, search, "LANG=C.UTF-8", NULL };
    const struct converter p = { .argv = argv, .env = env, .dir = dir, .timeout_ms = TIMEOUT_MS, .no_network = true };
    struct buf said = BUF_INIT(SAID_MAX);
    int status = 0, err = converter_run(&p, &said, &status);
    if (err) {
        *why = xasprintf("%s cannot make the PDF: %s", argv[0], err == -ETIMEDOUT ? "it did not end in two minutes" : err_text(err));
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        char *words = last_words(&said);
        *why = xasprintf("%s could not make the PDF%s", argv[0], words);
        free(words);
        err = ERR_INTERNAL;
    }
    buf_clear(&said);
    free(home);
    free(cache);
    free(tmp);
    free(search);
    return err;
}

/* Chromium's own sandbox cannot be had as root; the page runs no script and loads nothing. */
static int convert(const char *program, const char *dir, const char *path, char **why)
{
    const char *name = strrchr(program, '/') + 1;
    if (strcmp(name, "weasyprint") == 0) {
        const char *const argv[] = { program, "-q", "report.html", "report.pdf", NULL };
        return run(argv, dir, path, why);
    }
    char *profile = xasprintf("--user-data-dir=%s/profile", dir), *page = xasprintf("file://%s/report.html", dir), *to = xasprintf("--print-to-pdf=%s/report.pdf", dir);
    const char *const argv[] = { program, "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-sync",
                                 "--disable-component-update", "--disable-extensions", "--no-pdf-header-footer", profile, to, page, geteuid() == 0 ? "--no-sandbox" : NULL, NULL };
    int err = run(argv, dir, path, why);
    free(profile);
    free(page);
    free(to);
    return err;
}

static int make(const char *program, const char *path, const char *html, size_t len, struct buf *out, char **why)
{
    char *dir = make_dir();
    if (!dir) {
        *why = xasprintf("no temporary folder can be made for the PDF: %s", strerror(errno));
        return ERR_INTERNAL;
    }
    char *page = path_join(dir, "report.html"), *made = path_join(dir, "report.pdf");
    int err = file_write_atomic(page, html, len, 0600);
    if (!err)
        err = convert(program, dir, path, why);
    if (!err)
        err = file_read(made, out->max, out);
    if (!err && (out->len < 5 || memcmp(out->data, "%PDF-", 5) != 0))
        err = ERR_FORMAT;
    if (err && !*why)
        *why = xasprintf("%s made no PDF: %s", program, err_text(err));
    remove_dir(dir);
    free(page);
    free(made);
    free(dir);
    return err;
}

int pdf_from_html(const char *html, size_t len, struct buf *out, char **why)
{
    static const char *const names[] = { "weasyprint", "chromium", "chromium-browser", "google-chrome" };
    const char *path = getenv("PATH");
    if (!path || !path[0])
        path = DEFAULT_PATH;
    *why = NULL;
    char *program = converter_find(names, N_ELEMENTS(names), path);
    if (!program) {
        *why = xstrdup("a PDF needs WeasyPrint or Chromium, and neither is installed: install the package weasyprint (or chromium), or print the result of --format html from a browser");
        return -ENOENT;
    }
    int err = make(program, path, html, len, out, why);
    free(program);
    return err;
}
