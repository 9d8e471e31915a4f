/* Which report was written for whom: one row each, never changed. Parent. */
#include "store/internal.h"

#include "base/clock.h"
#include "base/mem.h"

int store_disclosure_put(struct store *s, const struct disclosure *d)
{
    sqlite3_stmt *st = NULL;
    int err = tx_begin(s);
    if (err != 0)
        return err;
    err = sql_prepare(s, "INSERT INTO disclosure (run_id, at, format, audience, left_out, made_for, marking, file, sha256, bytes)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", &st);
    if (err == 0) {
        bind_int(st, 1, d->run);
        bind_time(st, 2, clock_now());
        bind_word(st, 3, d->format);
        bind_word(st, 4, d->audience);
        bind_word(st, 5, d->left_out);
        bind_word(st, 6, d->made_for);
        bind_word(st, 7, d->marking);
        bind_word(st, 8, d->file);
        bind_word(st, 9, d->sha256);
        bind_int(st, 10, d->bytes);
        err = sql_run_once(s, st);
    }
    return tx_end(s, err);
}

static void read_row(sqlite3_stmt *st, struct disclosure *d)
{
    *d = (struct disclosure){ .id = col_int(st, 0), .run = col_int(st, 1), .at = col_time(st, 2), .format = col_word(st, 3), .audience = col_word(st, 4), .left_out = col_word(st, 5),
                              .made_for = col_word(st, 6), .marking = col_word(st, 7), .file = col_word(st, 8), .bytes = col_int(st, 10) };
    col_hex(st, 9, d->sha256);
}

int store_disclosures(struct store *s, const char *site, struct disclosure **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    struct disclosure *v = NULL;
    size_t count = 0, cap = 0;
    *out = NULL;
    *n = 0;
    int more, err = sql_prepare(s, "SELECT d.id, d.run_id, d.at, d.format, d.audience, d.left_out, d.made_for, d.marking, d.file, d.sha256, d.bytes"
                                   " FROM disclosure d JOIN run r ON r.id = d.run_id JOIN site s ON s.id = r.site_id WHERE s.key = ?1 ORDER BY d.id DESC", &st);
    if (err != 0)
        return err;
    bind_text(st, 1, site);
    while ((more = sql_row(s, st)) > 0) {
        if (count == cap) {
            cap = cap > 0 ? 2 * cap : 16;
            v = xrealloc_array(v, cap, sizeof(*v));
        }
        read_row(st, &v[count++]);
    }
    sqlite3_finalize(st);
    if (more < 0) {
        disclosures_free(v, count);
        return more;
    }
    *out = v;
    *n = count;
    return 0;
}

void disclosures_free(struct disclosure *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(v[i].format);
        free(v[i].audience);
        free(v[i].left_out);
        free(v[i].made_for);
        free(v[i].marking);
        free(v[i].file);
    }
    free(v);
}
