/* Frames there and back, and everything that an honest worker would not send. */
#include "lib/cmocka_all.h"

#include <math.h>
#include "base/mem.h"
#include "fact/frame.h"
#include "fact/table_directory_accounts.h"
#include "fact/table_filesystems.h"
#include "fact/table_interfaces.h"

/* The only frame in b. */
static struct frame only(const struct buf *b)
{
    struct frame f;
    size_t used;

    assert_false(b->overflow);
    assert_int_equal(frame_next((const uint8_t *)b->data, b->len, &f, &used), 1);
    assert_int_equal(used, b->len);
    return f;
}

static void test_cutting(void **state)
{
    struct buf b = BUF_INIT(10000);
    struct frame f;
    size_t used = 0, first;

    (void)state;
    frame_put_note(&b, &fact_interfaces, "one");
    first = b.len;
    frame_put_end(&b);
    for (size_t len = 0; len < first; len++)
        assert_int_equal(frame_next((const uint8_t *)b.data, len, &f, &used), 0);
    assert_int_equal(frame_next((const uint8_t *)b.data, b.len, &f, &used), 1);
    assert_int_equal(used, first);
    assert_int_equal(f.kind, FRAME_NOTE);
    assert_int_equal(frame_next((const uint8_t *)b.data + used, b.len - used, &f, &used), 1);
    assert_int_equal(f.kind, FRAME_END);
    assert_int_equal(f.len, 0);
    assert_int_equal(used, 5);
    buf_clear(&b);
}

static void test_impossible_heads(void **state)
{
    static const uint8_t heads[][5] = {
        { 0, 0, 0, 0, FRAME_ROW },                   /* not even a kind */
        { 0xff, 0xff, 0xff, 0xff, FRAME_ROW }, { 0x80, 0, 0, 0, FRAME_ROW }, { 0, 8, 0, 0, FRAME_ROW },
        { 0, 7, 0xff, 0xfd, FRAME_ROW },             /* FRAME_MAX + 1 with its own length */
        { 0, 0, 0, 9, 0 }, { 0, 0, 0, 9, FRAME_END + 1 }, { 0, 0, 0, 9, 255 },
    };
    static const uint8_t largest[5] = { 0, 7, 0xff, 0xfc, FRAME_ROW };
    struct frame f;
    size_t used;

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(heads); i++)
        assert_int_equal(frame_next(heads[i], 5, &f, &used), ERR_FORMAT);
    assert_int_equal(frame_next(heads[1], 4, &f, &used), ERR_FORMAT);       /* refused as soon as it is known */
    assert_int_equal(frame_next(largest, 5, &f, &used), 0);
    assert_int_equal(frame_next(NULL, 0, &f, &used), 0);
}

static void fill(struct fact_row *row)
{
    fact_row_init(row, &fact_filesystems);
    fact_set_str(row, FILESYSTEMS_MOUNT, "/srv");
    fact_set_int(row, FILESYSTEMS_SIZE_BYTES, INT64_MAX);
    fact_set_int(row, FILESYSTEMS_USED_BYTES, -1);
    fact_set_real(row, FILESYSTEMS_USED_PERCENT, 93.25);
    fact_set_int(row, FILESYSTEMS_READ_ONLY, 1);
    fact_set_text(row, FILESYSTEMS_DEVICE, "a\0b", 3);
}

static void test_row_round_trip(void **state)
{
    struct buf b = BUF_INIT(10000);
    struct fact_row row, again;
    struct frame f;
    char *other = NULL;

    (void)state;
    fill(&row);
    frame_put_row(&b, &row, NULL);
    f = only(&b);
    assert_int_equal(frame_get_row(&f, &again, &other), 0);
    assert_null(other);
    assert_ptr_equal(again.table, &fact_filesystems);
    for (size_t c = 0; c < fact_filesystems.n_columns; c++) {
        assert_int_equal(again.v[c].kind, row.v[c].kind);
        assert_true(again.v[c].i == row.v[c].i);
        assert_int_equal(again.v[c].len, row.v[c].len);
        if (row.v[c].len)
            assert_memory_equal(again.v[c].s, row.v[c].s, row.v[c].len);
    }
    assert_float_equal(again.v[FILESYSTEMS_USED_PERCENT].r, 93.25, 0);
    assert_int_equal(again.v[FILESYSTEMS_TYPE].kind, FACT_KIND_NULL);
    buf_reset(&b);
    frame_put_row(&b, &row, "pc-\x1b" "17");
    f = only(&b);
    assert_int_equal(frame_get_row(&f, &again, &other), 0);
    assert_string_equal(other, "pc-\xef\xbf\xbd" "17");
    free(other);
    buf_clear(&b);
}

static void refuse_row(const struct buf *b)
{
    struct fact_row row;
    struct frame f = only(b);
    char *other = NULL;

    assert_int_equal(frame_get_row(&f, &row, &other), ERR_FORMAT);
    assert_null(other);
}

/* Changes one value behind the setters' back, as a taken-over worker could. */
static void refuse_value(int column, struct fact_value v)
{
    struct buf b = BUF_INIT(1 << 20);
    struct fact_row row;

    fill(&row);
    row.v[column] = v;
    frame_put_row(&b, &row, NULL);
    refuse_row(&b);
    buf_clear(&b);
}

static void test_row_wrong_types(void **state)
{
    (void)state;
    refuse_value(FILESYSTEMS_MOUNT, (struct fact_value){ .kind = FACT_KIND_INTEGER, .i = 1 });
    refuse_value(FILESYSTEMS_MOUNT, (struct fact_value){ .kind = FACT_KIND_REAL, .r = 1 });
    refuse_value(FILESYSTEMS_SIZE_BYTES, (struct fact_value){ .kind = FACT_KIND_TEXT, .s = "12345678", .len = 8 });
    refuse_value(FILESYSTEMS_SIZE_BYTES, (struct fact_value){ .kind = FACT_KIND_REAL, .r = 1 });
    refuse_value(FILESYSTEMS_USED_PERCENT, (struct fact_value){ .kind = FACT_KIND_INTEGER, .i = 1 });
    refuse_value(FILESYSTEMS_USED_PERCENT, (struct fact_value){ .kind = FACT_KIND_REAL, .r = NAN });
    refuse_value(FILESYSTEMS_USED_PERCENT, (struct fact_value){ .kind = FACT_KIND_REAL, .r = -INFINITY });
    refuse_value(FILESYSTEMS_READ_ONLY, (struct fact_value){ .kind = FACT_KIND_INTEGER, .i = 2 });
    refuse_value(FILESYSTEMS_READ_ONLY, (struct fact_value){ .kind = FACT_KIND_INTEGER, .i = -1 });
}

static void put_head(struct buf *b, enum frame_kind kind, size_t payload)
{
    buf_put_u32(b, (uint32_t)(payload + 1));
    buf_put_u8(b, (uint8_t)kind);
}

/* A row of table index with n values of the given kind byte and nothing else. */
static void put_raw_row(struct buf *b, unsigned table, size_t n, uint8_t kind)
{
    buf_reset(b);
    put_head(b, FRAME_ROW, 2 + 4 + n);
    buf_put_u16(b, (uint16_t)table);
    buf_put_u32(b, 0);
    for (size_t i = 0; i < n; i++)
        buf_put_u8(b, kind);
}

static void test_row_wrong_shape(void **state)
{
    const unsigned filesystems = (unsigned)fact_table_index(&fact_filesystems);
    struct buf b = BUF_INIT(1 << 20);
    struct fact_row row;
    struct frame f;
    char *other;

    (void)state;
    put_raw_row(&b, filesystems, fact_filesystems.n_columns, FACT_KIND_NULL);
    f = only(&b);
    assert_int_equal(frame_get_row(&f, &row, &other), 0);     /* the honest form of the next ones */
    put_raw_row(&b, filesystems, fact_filesystems.n_columns - 1, FACT_KIND_NULL);
    refuse_row(&b);
    put_raw_row(&b, filesystems, fact_filesystems.n_columns + 1, FACT_KIND_NULL);
    refuse_row(&b);
    put_raw_row(&b, filesystems, fact_filesystems.n_columns, 4);
    refuse_row(&b);
    put_raw_row(&b, filesystems, fact_filesystems.n_columns, 255);
    refuse_row(&b);
    put_raw_row(&b, (unsigned)fact_n_tables, fact_filesystems.n_columns, FACT_KIND_NULL);
    refuse_row(&b);
    put_raw_row(&b, UINT16_MAX, fact_filesystems.n_columns, FACT_KIND_NULL);
    refuse_row(&b);

    /* a target name of 1025 bytes */
    buf_reset(&b);
    put_head(&b, FRAME_ROW, 2 + 4 + 1025 + fact_filesystems.n_columns);
    buf_put_u16(&b, (uint16_t)filesystems);
    buf_put_u32(&b, 1025);
    for (size_t i = 0; i < 1025 + fact_filesystems.n_columns; i++)
        buf_put_u8(&b, i < 1025 ? 'x' : FACT_KIND_NULL);
    refuse_row(&b);

    /* a text longer than its limit, and one whose length lies */
    for (unsigned lie = 0; lie < 2; lie++) {
        buf_reset(&b);
        put_head(&b, FRAME_ROW, 2 + 4 + 1 + 4 + FACT_TEXT_MAX + 1 + fact_filesystems.n_columns - 1);
        buf_put_u16(&b, (uint16_t)filesystems);
        buf_put_u32(&b, 0);
        buf_put_u8(&b, FACT_KIND_TEXT);
        buf_put_u32(&b, lie ? UINT32_MAX : FACT_TEXT_MAX + 1);
        for (size_t i = 0; i < FACT_TEXT_MAX + 1 + fact_filesystems.n_columns - 1; i++)
            buf_put_u8(&b, 0);
        refuse_row(&b);
    }
    buf_clear(&b);
}

/* However long a row's texts are, its frame stays within FRAME_MAX and can be read. */
static void test_row_too_large(void **state)
{
    struct buf b = BUF_INIT(4u << 20);
    char *text = xmalloc(3 * FACT_TEXT_MAX);
    struct fact_row row, again;
    struct frame f;
    char *other;

    (void)state;
    for (size_t i = 0; i < FACT_TEXT_MAX; i++)
        memcpy(text + 3 * i, "\xe2\x82\xac", 3);
    fact_row_init(&row, &fact_directory_accounts);
    fact_set_text(&row, DIRECTORY_ACCOUNTS_DN, text, 3 * FACT_TEXT_MAX);
    frame_put_row(&b, &row, NULL);
    f = only(&b);
    assert_int_equal(frame_get_row(&f, &again, &other), 0);
    assert_int_equal(again.v[DIRECTORY_ACCOUNTS_DN].len, FACT_TEXT_MAX / 3 * 3);     /* between characters */

    buf_reset(&b);
    for (size_t c = 0; c < fact_directory_accounts.n_columns; c++) {
        if (fact_kind_of(fact_directory_accounts.columns[c].type) == FACT_KIND_TEXT)
            fact_set_text(&row, (int)c, text, 3 * FACT_TEXT_MAX);
    }
    frame_put_row(&b, &row, NULL);
    assert_true(b.len <= FRAME_MAX);
    f = only(&b);
    assert_int_equal(frame_get_row(&f, &again, &other), 0);
    assert_true(again.v[DIRECTORY_ACCOUNTS_MAIL].len > 10000);
    free(text);
    buf_clear(&b);
}

static void test_put_that_does_not_fit(void **state)
{
    struct buf b = BUF_INIT(60);
    struct fact_row row;
    size_t before;

    (void)state;
    frame_put_end(&b);
    before = b.len;
    fill(&row);
    frame_put_row(&b, &row, NULL);
    assert_true(b.overflow);
    assert_int_equal(b.len, before);         /* no half frame */
    buf_clear(&b);
}

/* One frame of each other kind, whole. */
static void put_each(struct buf *b, int kind)
{
    static char word[] = "word\x1b", detail[] = "detail";
    static uint8_t blob[] = { 1, 0, 2 };
    const struct frame_table_state state = { &fact_interfaces, STATE_PARTIAL, REASON_LIMIT, detail, 1760000000 };
    const struct frame_asked asked = { 1760000000123, word, detail };
    const struct frame_peer peer = { word, word, word, blob, sizeof blob, word };
    const struct frame_sign sign = { blob, sizeof blob, blob, 2, 4 };

    switch (kind) {
    case FRAME_TABLE_STATE:
        frame_put_table_state(b, &state);
        return;
    case FRAME_NOTE:
        frame_put_note(b, NULL, word);
        return;
    case FRAME_ASKED:
        frame_put_asked(b, &asked);
        return;
    case FRAME_PEER:
        frame_put_peer(b, &peer);
        return;
    case FRAME_SIGN:
        frame_put_sign(b, &sign);
        return;
    case FRAME_SANDBOX:
        frame_put_sandbox(b, "nnp+landlock3+seccomp");
        return;
    default:
        frame_put_end(b);
    }
}

struct any {
    struct frame_table_state state;
    struct frame_note note;
    struct frame_asked asked;
    struct frame_peer peer;
    struct frame_sign sign;
    char *level;
};

static int get_each(const struct frame *f, int kind, struct any *a)
{
    switch (kind) {
    case FRAME_TABLE_STATE:
        return frame_get_table_state(f, &a->state);
    case FRAME_NOTE:
        return frame_get_note(f, &a->note);
    case FRAME_ASKED:
        return frame_get_asked(f, &a->asked);
    case FRAME_PEER:
        return frame_get_peer(f, &a->peer);
    case FRAME_SIGN:
        return frame_get_sign(f, &a->sign);
    default:
        return frame_get_sandbox(f, &a->level);
    }
}

static void clear_each(struct any *a)
{
    frame_table_state_clear(&a->state);
    frame_note_clear(&a->note);
    frame_asked_clear(&a->asked);
    frame_peer_clear(&a->peer);
    frame_sign_clear(&a->sign);
    free(a->level);
    memset(a, 0, sizeof *a);
}

static void test_others_round_trip(void **state)
{
    struct any a = { 0 };

    (void)state;
    for (int kind = FRAME_TABLE_STATE; kind <= FRAME_SANDBOX; kind++) {
        struct buf b = BUF_INIT(1000);
        struct frame f;
        put_each(&b, kind);
        f = only(&b);
        assert_int_equal(f.kind, kind);
        assert_int_equal(get_each(&f, kind, &a), 0);
        buf_clear(&b);
    }
    assert_ptr_equal(a.state.table, &fact_interfaces);
    assert_int_equal(a.state.state, STATE_PARTIAL);
    assert_int_equal(a.state.reason, REASON_LIMIT);
    assert_string_equal(a.state.detail, "detail");
    assert_int_equal(a.state.observed_at, 1760000000);
    assert_null(a.note.table);
    assert_string_equal(a.note.text, "word\xef\xbf\xbd");     /* cleaned at the door */
    assert_int_equal(a.asked.at_ms, 1760000000123);
    assert_string_equal(a.asked.to, "word\xef\xbf\xbd");
    assert_string_equal(a.asked.what, "detail");
    assert_string_equal(a.peer.verdict, "word\xef\xbf\xbd");
    assert_int_equal(a.peer.len, 3);
    assert_memory_equal(a.peer.blob, "\1\0\2", 3);
    assert_int_equal(a.sign.key_len, 3);
    assert_int_equal(a.sign.data_len, 2);
    assert_int_equal(a.sign.flags, 4);
    assert_string_equal(a.level, "nnp+landlock3+seccomp");
    clear_each(&a);
}

static void test_others_cut_or_longer(void **state)
{
    (void)state;
    for (int kind = FRAME_TABLE_STATE; kind <= FRAME_SANDBOX; kind++) {
        struct buf b = BUF_INIT(1000);
        struct any a = { 0 };
        struct frame f;
        size_t whole;
        put_each(&b, kind);
        f = only(&b);
        whole = f.len;
        for (f.len = 0; f.len <= whole + 1; f.len++) {
            if (f.len == whole)
                continue;
            assert_int_equal(get_each(&f, kind, &a), ERR_FORMAT);
        }
        f.len = whole;
        f.kind = FRAME_END;
        assert_int_equal(get_each(&f, kind, &a), ERR_FORMAT);
        clear_each(&a);
        buf_clear(&b);
    }
}

static void refuse_state(unsigned table, unsigned st, unsigned reason, int64_t observed_at)
{
    struct buf b = BUF_INIT(1000);
    struct frame_table_state s = { 0 };
    struct frame f;

    put_head(&b, FRAME_TABLE_STATE, 2 + 1 + 2 + 4 + 8);
    buf_put_u16(&b, (uint16_t)table);
    buf_put_u8(&b, (uint8_t)st);
    buf_put_u16(&b, (uint16_t)reason);
    buf_put_u32(&b, 0);
    buf_put_u64(&b, (uint64_t)observed_at);
    f = only(&b);
    assert_int_equal(frame_get_table_state(&f, &s), ERR_FORMAT);
    assert_null(s.detail);
    buf_clear(&b);
}

static void test_state_out_of_range(void **state)
{
    (void)state;
    refuse_state((unsigned)fact_n_tables, STATE_FAILED, REASON_LIMIT, 0);
    refuse_state(UINT16_MAX, STATE_FAILED, REASON_LIMIT, 0);
    refuse_state(0, STATE_COUNT, REASON_LIMIT, 0);
    refuse_state(0, 255, REASON_LIMIT, 0);
    refuse_state(0, STATE_FAILED, REASON_COUNT, 0);
    refuse_state(0, STATE_FAILED, REASON_LIMIT, -1);
    refuse_state(0, STATE_FAILED, REASON_LIMIT, INT64_MAX);
}

static void test_words_are_cut_by_the_sender(void **state)
{
    struct buf b = BUF_INIT(100000);
    struct frame_note n;
    struct frame f;
    char text[10001];

    (void)state;
    memset(text, 'w', 10000);
    text[10000] = '\0';
    frame_put_note(&b, &fact_interfaces, text);
    f = only(&b);
    assert_int_equal(frame_get_note(&f, &n), 0);
    assert_int_equal(strlen(n.text), 4096);
    frame_note_clear(&n);
    /* the receiver does not take more */
    buf_reset(&b);
    put_head(&b, FRAME_NOTE, 2 + 4 + 4097);
    buf_put_u16(&b, 0);
    buf_put_bytes(&b, text, 4097);
    f = only(&b);
    assert_int_equal(frame_get_note(&f, &n), ERR_FORMAT);
    buf_clear(&b);
}

static void test_garbage(void **state)
{
    uint64_t random = 42;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[64];
        struct frame f = { .payload = bytes, .len = (size_t)round % sizeof bytes };
        struct any a = { 0 };
        struct fact_row row;
        char *other = NULL;
        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * UINT64_C(6364136223846793005) + 1;
            bytes[i] = random >> 62 ? 0 : (uint8_t)(random >> 33);
        }
        f.kind = (enum frame_kind)(FRAME_ROW + round % 8);
        if (f.kind == FRAME_ROW && frame_get_row(&f, &row, &other) == 0)
            free(other);
        else if (f.kind != FRAME_ROW && f.kind != FRAME_END)
            assert_true(get_each(&f, (int)f.kind, &a) <= 0);
        clear_each(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cutting),
        cmocka_unit_test(test_impossible_heads),
        cmocka_unit_test(test_row_round_trip),
        cmocka_unit_test(test_row_wrong_types),
        cmocka_unit_test(test_row_wrong_shape),
        cmocka_unit_test(test_row_too_large),
        cmocka_unit_test(test_put_that_does_not_fit),
        cmocka_unit_test(test_others_round_trip),
        cmocka_unit_test(test_others_cut_or_longer),
        cmocka_unit_test(test_state_out_of_range),
        cmocka_unit_test(test_words_are_cut_by_the_sender),
        cmocka_unit_test(test_garbage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
