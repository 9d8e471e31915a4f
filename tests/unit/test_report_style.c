/* Pages: no line wider than asked and no control byte, whatever is put in; words in the units that people use. */
#include "lib/cmocka_all.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/style.h"

/* --- a page in memory --- */

struct made { struct page p; char *text; size_t len; };

static void open_page(struct made *m, size_t width, bool utf8, bool color)
{
    *m = (struct made){ .p = { .style = { .width = width, .utf8 = utf8, .color = color } } };
    m->p.out = open_memstream(&m->text, &m->len);
    assert_non_null(m->p.out);
}

static const char *text_of(struct made *m)
{
    assert_int_equal(fflush(m->p.out), 0);
    return m->text;
}

static void close_page(struct made *m)
{
    fclose(m->p.out);
    free(m->text);
}

/* Colours of ours, and nothing else that a terminal obeys. */
static size_t skip_colour(const char *p)
{
    size_t n = strspn(p + 1, "[0123456789;");
    return p[0] == '\033' && p[1] == '[' && p[1 + n] == 'm' ? n + 2 : 0;
}

static void check_line(const struct made *m, const char *line, size_t len)
{
    char *one = xstrndup(line, len);
    if (text_width(one) > m->p.style.width)
        fail_msg("%zu columns of %zu: '%s'", text_width(one), m->p.style.width, one);
    assert_true(text_is_utf8(one, len));
    for (const char *p = one; *p;) {
        size_t colour = m->p.style.color ? skip_colour(p) : 0;
        if (colour) {
            p += colour;
            continue;
        }
        if ((unsigned char)*p < ' ' || *p == 0x7f || (!m->p.style.utf8 && (unsigned char)*p >= 0x80))
            fail_msg("byte %02x in '%s'", (unsigned)(unsigned char)*p, one);
        p++;
    }
    assert_null(strstr(one, "\xe2\x80\xae"));        /* right-to-left override */
    assert_null(strstr(one, "\xc2\x9b"));            /* CSI in C1 */
    free(one);
}

static void check_page(struct made *m)
{
    const char *p = text_of(m);
    assert_true(*p == '\0' || m->text[m->len - 1] == '\n');
    assert_int_equal(strlen(p), m->len);
    while (*p) {
        size_t len = strcspn(p, "\n");
        check_line(m, p, len);
        p += len + 1;
    }
}

/* --- what hostile devices say --- */

static char *long_name(const char *piece, size_t bytes)
{
    struct buf b = BUF_INIT(bytes + 64);
    while (b.len < bytes)
        buf_puts(&b, piece);
    return buf_take(&b);
}

static void fill(struct page *p, const char *s)
{
    const char *cells[] = { s, "x", s, s };
    const size_t widths[] = { 14, 5, 18, 0 }, fixed[] = { 30, 30, 30, 30 };
    const struct word words[] = { { s, INK_BAD }, { "sign NO-GO", INK_BAD }, { s, INK_PLAIN } };
    page_line(p, INK_PLAIN, "%s", s);
    page_line(p, INK_BAD, "   label %s and more", s);
    page_wrap(p, INK_WARN, 12, "Permission  %s", s);
    page_wrap(p, INK_WARN, 40, "%s", s);
    page_both(p, INK_STRONG, 5, s, "18 Dec");
    page_both(p, INK_STRONG, 25, "left", s);
    page_both(p, INK_STRONG, 0, s, s);
    page_row(p, INK_DIM, cells, widths, 4);
    page_row(p, INK_DIM, cells, fixed, 4);
    page_heading(p, s, s);
    page_words(p, "Verdicts    ", words, 3);
    page_blank(p);
}

static void hostile_texts(void **state)
{
    (void)state;
    char *longs[] = { long_name("A", 65536), long_name("sw1 ", 65536), long_name("\xe5\xad\x97", 65536), long_name("e\xcc\x81", 65536), long_name("\033[31m", 65536), long_name("\xff", 65536) };
    const char *texts[] = { "", " ", "sw1", "\033[2J\033]0;owned\a", "a\rb\nc\td\b", "\xe2\x80\xaegnp.exe", "\xc2\x9b" "31m", "100%s%n%d", "\xff\xfe\xc0\x80", "caf\xc3\xa9" " \xe5\xad\x97\xe5\xad\x97",
                            "\xf0\x9f\x92\xa9\xf0\x9f\x92\xa9", "a word a word a word a word a word a word a word a word a word a word a word", longs[0], longs[1], longs[2], longs[3], longs[4], longs[5] };
    static const size_t widths[] = { 80, 60, 40 };
    for (size_t w = 0; w < N_ELEMENTS(widths); w++)
        for (int look = 0; look < 4; look++)
            for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
                struct made m;
                open_page(&m, widths[w], look & 1, look & 2);
                fill(&m.p, texts[i]);
                check_page(&m);
                close_page(&m);
            }
    for (size_t i = 0; i < N_ELEMENTS(longs); i++)
        free(longs[i]);
}

/* --- layout --- */

static void expect_page(struct made *m, const char *wanted)
{
    assert_string_equal(text_of(m), wanted);
    close_page(m);
}

static void nothing_is_lost(void **state)
{
    (void)state;
    struct made m;
    open_page(&m, 40, true, false);
    page_both(&m.p, INK_BAD, 5, " x NET-01 Uplinks run fast", "18 Dec");
    expect_page(&m, " x NET-01 Uplinks run fast        18 Dec\n");
    open_page(&m, 40, true, false);
    page_both(&m.p, INK_BAD, 5, " x NET-01 Uplinks between switches run at 1 Gb/s or faster", "18 Dec");
    expect_page(&m, " x NET-01 Uplinks between         18 Dec\n     switches run at 1 Gb/s or\n     faster\n");
    open_page(&m, 40, true, false);
    page_both(&m.p, INK_BAD, 2, "Riverside Family Clinic", "run 14, Wed 18 Nov 2026 10:42");
    expect_page(&m, "Riverside Family Clinic\n           run 14, Wed 18 Nov 2026 10:42\n");
    open_page(&m, 40, true, false);
    page_line(&m.p, INK_PLAIN, "   and these are more words than a line of forty columns takes");
    expect_page(&m, "   and these are more words than a line\n     of forty columns takes\n");
    open_page(&m, 40, true, false);
    page_wrap(&m.p, INK_PLAIN, 12, "%-11s %s", "Left alone", "10.20.3.0/24, 10.20.4.0/24");
    expect_page(&m, "Left alone  10.20.3.0/24, 10.20.4.0/24\n");
}

static void rows_shrink(void **state)
{
    (void)state;
    const char *cells[] = { "switch-in-the-annex", "snmp", "no answer at all" };
    const size_t widths[] = { 24, 6, 0 };
    struct made m;
    open_page(&m, 60, true, false);
    page_row(&m.p, INK_PLAIN, cells, widths, 3);
    expect_page(&m, "switch-in-the-annex      snmp   no answer at all\n");
    open_page(&m, 30, true, false);
    page_row(&m.p, INK_PLAIN, cells, widths, 3);
    expect_page(&m, "switch-in... snmp   no answ...\n");      /* the widest gave, the rest has its ten */
}

static void words_in_inks(void **state)
{
    (void)state;
    const struct word v[] = { { "sign GO,", INK_GOOD }, { "close NO-GO,", INK_BAD }, { "day-1 UNPROVEN", INK_WARN } };
    struct made m;
    open_page(&m, 40, true, false);
    page_words(&m.p, "Verdicts    ", v, 3);
    expect_page(&m, "Verdicts    sign GO, close NO-GO,\n            day-1 UNPROVEN\n");
    open_page(&m, 80, true, true);
    page_words(&m.p, "Verdicts    ", v, 2);
    expect_page(&m, "Verdicts    \033[32msign GO,\033[0m \033[1;31mclose NO-GO,\033[0m\n");
    open_page(&m, 80, true, true);
    page_line(&m.p, INK_PLAIN, "plain");
    page_line(&m.p, INK_BAD, "bad");
    page_line(&m.p, INK_BAD, "%s", "");
    expect_page(&m, "plain\n\033[1;31mbad\033[0m\n\n");
}

static void without_utf8(void **state)
{
    (void)state;
    struct made m;
    open_page(&m, 80, false, false);
    page_line(&m.p, INK_PLAIN, "Caf\xc3\xa9" " \xe2\x80\x93 \xe2\x82\xac" "5 \xe5\xad\x97");
    expect_page(&m, "Cafe - EUR5 ?\n");
}

/* --- units --- */

static int64_t day(const char *text)
{
    int64_t t = 0;
    assert_true(date_parse(text, &t));
    return t;
}

static void dates(void **state)
{
    (void)state;
    char out[16];
    int64_t now = day("2026-11-18") + 40000;
    human_date(day("2026-12-18"), now, out);
    assert_string_equal(out, "18 Dec");
    human_date(day("2027-03-01"), now, out);
    assert_string_equal(out, "1 Mar");
    human_date(day("2028-12-18"), now, out);
    assert_string_equal(out, "18 Dec 2028");
    human_date(day("2025-01-02"), now, out);
    assert_string_equal(out, "2 Jan 2025");
    /* three in the morning in Greenwich is the evening before in Chicago */
    human_day("America/Chicago", day("2026-11-18") + 3 * 3600, now, out);
    assert_string_equal(out, "17 Nov");
    human_day("UTC", day("2026-11-18") + 3 * 3600, now, out);
    assert_string_equal(out, "18 Nov");
}

static void expect_money(double v, const char *currency, const char *wanted)
{
    struct buf b = BUF_INIT(512);
    human_money(v, currency, &b);
    assert_string_equal(buf_str(&b), wanted);
    buf_clear(&b);
}

static void amounts(void **state)
{
    (void)state;
    char out[48];
    struct buf b = BUF_INIT(64);
    expect_money(84000, "USD", "$84,000");
    expect_money(0, "USD", "$0");
    expect_money(-1234567.4, "USD", "-$1,234,567");
    expect_money(999, "EUR", "999 EUR");
    expect_money(1000, NULL, "1,000");
    expect_money(1000, "", "1,000");
    expect_money(-0.2, "USD", "$0");
    human_duration(999, out, sizeof(out));
    assert_string_equal(out, "1 s");
    human_duration(108000, out, sizeof(out));
    assert_string_equal(out, "1 min 48 s");
    human_duration(7260000, out, sizeof(out));
    assert_string_equal(out, "2 h 1 min");
    human_bytes(8LL << 30, &b);
    assert_string_equal(buf_str(&b), "8.0 GiB");
    buf_reset(&b);
    human_bytes(512, &b);
    assert_string_equal(buf_str(&b), "512 bytes");
    buf_reset(&b);
    human_bytes(INT64_MAX, &b);
    assert_string_equal(buf_str(&b), "8.0 EiB");
    buf_clear(&b);
    assert_int_equal(verdict_ink("GO"), INK_GOOD);
    assert_int_equal(verdict_ink("NO-GO"), INK_BAD);
    assert_int_equal(verdict_ink("UNPROVEN"), INK_WARN);
    assert_int_equal(verdict_ink("CONDITIONAL"), INK_WARN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_texts), cmocka_unit_test(nothing_is_lost), cmocka_unit_test(rows_shrink), cmocka_unit_test(words_in_inks), cmocka_unit_test(without_utf8),
        cmocka_unit_test(dates), cmocka_unit_test(amounts),
    };
    return cmocka_run_group_tests_name("report_style", tests, NULL, NULL);
}
