/* The progress bar of `check`. Parent; writes numbers of ours only. */
#include "cmd/progress.h"

#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "report/style.h"

#define BAR 24

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

void progress_show(void *ctx, size_t done, size_t total, size_t rows, int64_t left_ms)
{
    (void)ctx;
    if (!on || total == 0)
        return;
    char bar[BAR + 1], left[64] = "";
    size_t filled = done >= total ? BAR : done * BAR / total;
    memset(bar, '.', BAR);
    memset(bar, '#', filled);
    bar[BAR] = '\0';
    if (left_ms > 0)
        human_duration(left_ms, left, sizeof(left));
    erase();
    fprintf(stderr, "[%s] %zu of %zu, %zu rows%s%s%s", bar, done, total, rows, left[0] ? ", about " : "", left, left[0] ? " left" : "");
    fflush(stderr);
    drawn = true;
}

void progress_end(void)
{
    erase();
    log_set_hook(NULL);
    on = false;
}
