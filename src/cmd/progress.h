/* The progress bar of `check`: on a terminal's stderr only, quiet under cron. */
#ifndef PREOP_CMD_PROGRESS_H
#define PREOP_CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void progress_init(bool quiet);          /* takes the log's hook, so that log lines and the bar do not mix */
void progress_show(void *ctx, size_t done, size_t total, size_t rows, size_t watching, int64_t left_ms);  /* a collect_progress_fn */
void progress_end(void);

#endif
