/* The log: stderr, one safe line each. Runs in the parent; workers call log_silence() first. */
#include "base/log.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define LINE_MAX_BYTES 8192

static enum log_level max_level = LOG_LEVEL_WARNING;
static bool silent;
static void (*before_line)(void);

void log_set_level(enum log_level level)
{
    max_level = level;
}

enum log_level log_get_level(void)
{
    return max_level;
}

void log_set_hook(void (*before)(void))
{
    before_line = before;
}

void log_silence(void)
{
    silent = true;
}

__attribute__((format(printf, 2, 0)))
static void log_line(enum log_level level, const char *fmt, va_list ap)
{
    static const char *const names[] = { "error: ", "warning: ", "", "debug: " };
    struct buf raw = BUF_INIT(LINE_MAX_BYTES), line = BUF_INIT(8 * LINE_MAX_BYTES);

    if (silent || level > max_level)
        return;
    buf_vprintf(&raw, fmt, ap);
    buf_printf(&line, "preop: %s", names[level]);
    text_terminal(&line, raw.overflow ? "(a message too long to show)" : buf_str(&raw), !text_locale_is_utf8());
    buf_putc(&line, '\n');
    if (before_line)
        before_line();
    fputs(buf_str(&line), stderr);
    fflush(stderr);
    buf_clear(&raw);
    buf_clear(&line);
}

#define LOG_BODY(level)          \
    va_list ap;                  \
    va_start(ap, fmt);           \
    log_line(level, fmt, ap);    \
    va_end(ap)

void log_error(const char *fmt, ...)
{
    LOG_BODY(LOG_LEVEL_ERROR);
}

void log_warning(const char *fmt, ...)
{
    LOG_BODY(LOG_LEVEL_WARNING);
}

void log_info(const char *fmt, ...)
{
    LOG_BODY(LOG_LEVEL_INFO);
}

void log_debug(const char *fmt, ...)
{
    LOG_BODY(LOG_LEVEL_DEBUG);
}
