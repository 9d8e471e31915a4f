/* Writing YAML scalars: hostile texts welcome. Parent only. */
#include "site/yaml_put.h"

#include <string.h>
#include "base/cidr.h"
#include "base/mem.h"
#include "base/utf8.h"

/* What YAML takes for a text and nothing else: a lower-case word, or an IPv4 address. */
static bool is_plain(const char *s)
{
    static const char *const words[] = { "true", "false", "null", "yes", "no", "on", "off", "y", "n" };
    struct ip ip;
    if (ip_parse(s, &ip))
        return ip.family == 4;
    if (s[0] < 'a' || s[0] > 'z' || strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(s))
        return false;
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (strcmp(s, words[i]) == 0)
            return false;
    return true;
}

void yaml_put_scalar(struct buf *out, const char *s)
{
    size_t len = strlen(s);
    if (is_plain(s)) {
        buf_puts(out, s);
        return;
    }
    buf_putc(out, '"');
    for (size_t i = 0; i < len;) {
        uint32_t cp = 0;
        size_t n = utf8_decode(s + i, len - i, &cp);
        if (n == 0)
            cp = 0xfffd;
        if (cp == '"' || cp == '\\')
            buf_printf(out, "\\%c", (int)cp);
        else if (cp >= 0x20 && cp < 0x7f)
            buf_putc(out, (char)cp);
        else if (cp < 0x100)
            buf_printf(out, "\\x%02x", (unsigned)cp);
        else
            buf_printf(out, cp < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)cp);
        i += n > 0 ? n : 1;
    }
    buf_putc(out, '"');
}
