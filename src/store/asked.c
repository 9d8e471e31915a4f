/* The log of questions: LOGDIR/RUN.tsv beside the store, one line for each question that was sent, for whoever allowed it to be asked.
 * Runs in the parent. Texts come from workers and are made safe for one field of one line. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"

#define ASKED_LINE_MAX 8192
#define ASKED_FIELD_MAX 1024

char *store_asked_log_path(struct store *s, int64_t run)
{
    char *dir = path_dirname(s->path), *log = path_join(dir, "log"), *name = run == 0 ? xstrdup("trust.tsv") : run == ASKED_DISCOVER ? xstrdup("discover.tsv") : xasprintf("%lld.tsv", (long long)run);
    char *path = path_join(log, name);
    free(dir);
    free(log);
    free(name);
    return path;
}

static int asked_fail(int64_t run, int err)
{
    log_error("the log of questions of run %lld cannot be written: %s", (long long)run, err_text(err));
    return err;
}

/* Where a run's questions begin: the store may have been removed and made anew since, with the same numbers. */
static int write_head(struct store *s, int64_t run)
{
    struct run r;
    char now[ISO_LEN];
    iso_format(clock_now(), now);
    if (run == ASKED_DISCOVER)
        return fprintf(s->asked, "# discover, from %s: time, target, probe, to, question\n", now) < 0 ? -EIO : 0;
    if (run == 0)
        return fprintf(s->asked, "# trust, from %s: time, target, probe, to, question\n", now) < 0 ? -EIO : 0;
    int err = store_run_get(s, run, &r);
    if (err != 0)
        return err;
    if (fprintf(s->asked, "# run %lld of %s, %s, from %s: time, target, probe, to, question\n", (long long)run, r.site, r.uuid, now) < 0)
        err = -EIO;
    run_clear(&r);
    return err;
}

static int asked_open(struct store *s, int64_t run)
{
    char *path = store_asked_log_path(s, run), *dir = path_dirname(path);
    int err = dir_make(dir, 0700);
    int fd = err == 0 ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    if (err == 0 && fd < 0)
        err = -errno;
    if (fd >= 0) {
        s->asked = fdopen(fd, "a");
        if (s->asked == NULL) {
            err = -errno;
            close(fd);
        } else
            setvbuf(s->asked, NULL, _IOLBF, BUFSIZ);         /* whole lines, at once: also a killed check leaves what it asked */
    }
    free(path);
    free(dir);
    if (err == 0) {
        s->asked_run = run;
        err = write_head(s, run);
    }
    return err != 0 ? asked_fail(run, err) : 0;
}

static void field(struct buf *line, const char *text)
{
    struct buf clean = BUF_INIT(4 * ASKED_FIELD_MAX);
    if (text != NULL)
        text_clean(&clean, text, strnlen(text, ASKED_FIELD_MAX));
    for (size_t i = 0; i < clean.len; i++)
        if (clean.data[i] == '\t' || clean.data[i] == '\n')
            clean.data[i] = ' ';
    buf_putc(line, '\t');
    buf_append(line, clean.data, clean.len);
    buf_clear(&clean);
}

int store_asked_log(struct store *s, int64_t run, int64_t at_ms, const char *target, const char *probe, const char *to, const char *what)
{
    char iso[ISO_LEN];
    struct buf line = BUF_INIT(ASKED_LINE_MAX * 2);
    int err = 0;
    if (s->asked != NULL && s->asked_run != run)
        asked_close(s);
    if (s->asked == NULL)
        err = asked_open(s, run);
    if (err != 0)
        return err;
    if (at_ms < 0)
        at_ms = 0;
    iso_format(at_ms / 1000, iso);
    buf_printf(&line, "%.19s.%03dZ", iso, (int)(at_ms % 1000));
    field(&line, target);
    field(&line, probe);
    field(&line, to);
    field(&line, what);
    buf_putc(&line, '\n');
    if (fwrite(buf_str(&line), 1, line.len, s->asked) != line.len)
        err = asked_fail(run, errno != 0 ? -errno : -EIO);
    buf_clear(&line);
    return err;
}

int asked_flush(struct store *s)
{
    if (s->asked != NULL && fflush(s->asked) != 0)
        return asked_fail(s->asked_run, errno != 0 ? -errno : -EIO);
    return 0;
}

void asked_close(struct store *s)
{
    if (s->asked != NULL && fclose(s->asked) != 0)
        (void)asked_fail(s->asked_run, errno != 0 ? -errno : -EIO);
    s->asked = NULL;
    s->asked_run = 0;
}
