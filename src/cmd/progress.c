/* The progress bar of `check`. Parent; writes numbers of ours only. */
#include "cmd/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "report/style.h"

#define BAR 24
#define LEAST_BAR 4

static bool on, drawn;

static void erase(void)
{
    if (drawn)
        fputs("\r\033[K", stderr);
    drawn = false;
}

void progress_init(bool quiet)
{
    on = !quiet && isatty(STDERR_FILENO) != 0;
    log_set_hook(on ? erase : NULL);
}

/* Columns of the terminal now: it may have been made narrower since. */
static size_t columns(void)
{
    struct winsize w;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 80;
}

void progress_show(void *ctx, size_t done, size_t total, size_t rows, size_t watching, int64_t left_ms)
{
    (void)ctx;
    if (!on || total == 0)
        return;
    char bar[BAR + 1], left[64] = "", watch[40] = "", text[200];
    if (left_ms >= 1000)
        human_duration(left_ms, left, sizeof(left));
    if (watching > 0)
        snprintf(watch, sizeof(watch), ", watching %zu", watching);
    int len = snprintf(text, sizeof(text), "%zu of %zu, %zu rows%s%s%s%s", done, total, rows, watch, left[0] ? ", about " : "", left, left[0] ? " left" : "");
    /* a line that wraps could not be taken back: the bar gives way, then the words. The last column stays free */
    size_t width = columns(), used = (size_t)len + 4, size = used >= width ? 0 : width - used < BAR ? width - used : BAR;
    size_t filled = done >= total ? size : done * size / total;
    memset(bar, '.', size);
    memset(bar, '#', filled);
    bar[size] = '\0';
    erase();
    if (size >= LEAST_BAR)
        fprintf(stderr, "[%s] %s", bar, text);
    else
        fprintf(stderr, "%.*s", (int)(width > 1 ? width - 1 : 0), text);
    fflush(stderr);
    drawn = true;
}

void progress_end(void)
{
    erase();
    log_set_hook(NULL);
    on = false;
}
