/* The log goes to stderr, made safe for a terminal, one line each; never a secret, never a device's raw bytes.
 * In a worker it is silent: what a worker has to say travels as frames. */
#ifndef PREOP_BASE_LOG_H
#define PREOP_BASE_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

void log_set_level(enum log_level level);    /* default LOG_LEVEL_WARNING */
enum log_level log_get_level(void);
void log_set_hook(void (*before)(void));     /* called before a line is written, so that a progress bar can clear itself */
void log_silence(void);                      /* for workers: from here on nothing is written */
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
