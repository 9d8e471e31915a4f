/* Which objects to ask for next, and what an answer means for them. Columns of all tables share questions: GETBULK treats each
 * of its objects by itself, so each column has a cursor of its own, and a question is filled with as many columns and
 * repetitions as fit into one unfragmented datagram. Runs in a worker; an answer is believed only where it moves a cursor
 * forward within its column (RFC 3416 section 4.2.3), and every cursor's way is bounded. */
#include "worker/snmp_session_priv.h"

#include <stdarg.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"

#define ANSWER_BYTES 1350            /* of varbinds: an Ethernet frame without fragments, less the headers of v3 */
#define CELL_BYTES 26                /* a varbind before any was seen */
#define ROWS_GUESS 8
#define FIRST_ROWS 2                 /* rows of each column in the first question: it also tells which columns there are */
#define FEW_ROWS 5                   /* tables with no more rows are asked for whole at once */
#define SCOUTED_COLUMNS 3            /* tables of fewer columns are asked for at once */
#define SILENCES_MAX 3
#define ERRORS_NAMED 3               /* errors about one object of a question that are believed to be about it */

enum { TOO_BIG = 1, NO_SUCH_NAME = 2, NO_ACCESS = 6, AUTHORIZATION_ERROR = 16 };         /* RFC 3416 section 3 */

static void walk_short(struct snmp_walk *w, enum reason reason, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void walk_short(struct snmp_walk *w, enum reason reason, const char *fmt, ...)
{
    if (w->reason != REASON_NONE)
        return;
    w->reason = reason;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(w->detail, sizeof w->detail, fmt, ap);
    va_end(ap);
}

static void item_short(struct item *it, enum reason reason, const char *what)
{
    it->state = ITEM_DONE;
    if (it->is_scout)
        return;                      /* its columns are asked for without it, and say what is wrong */
    struct buf at = BUF_INIT(4096);
    oid_format(&at, it->base.id, it->base.n);        /* without the row's index: it may be a guest's address */
    walk_short(it->walk, reason, "%s at %s, row %zu", what, buf_str(&at), it->rows + 1);
    buf_clear(&at);
}

/* --- what fits ------------------------------------------------------------------------------------------------------- */

static size_t cells_now(const struct snmp_session *s)
{
    size_t fit = ANSWER_BYTES * 16 / s->cell_bytes;
    if (fit > s->cells_max)
        fit = s->cells_max;
    return fit < 1 ? 1 : fit;
}

static size_t oid_bytes(const uint32_t *id, size_t n)
{
    size_t bytes = 1;
    for (size_t i = 2; i < n; i++)
        bytes += id[i] < 1U << 7 ? 1 : id[i] < 1U << 14 ? 2 : id[i] < 1U << 21 ? 3 : id[i] < 1U << 28 ? 4 : 5;
    return bytes;
}

static size_t value_bytes(const struct snmp_value *v)
{
    switch (v->type) {
    case SNMP_OCTETS: case SNMP_OPAQUE: case SNMP_IP_ADDRESS: return v->len + 2;
    case SNMP_OBJECT_ID: return oid_bytes(v->oid, v->n_oid) + 2;
    case SNMP_COUNTER64: return 8;
    case SNMP_INTEGER: return 4;
    default: return 6;
    }
}

static void learn_size(struct snmp_session *s, const struct snmp_answer *a)
{
    size_t bytes = 0;
    if (a->n == 0)
        return;
    for (size_t i = 0; i < a->n; i++)
        bytes += oid_bytes(a->varbinds[i].oid, a->varbinds[i].n) + value_bytes(&a->varbinds[i].value) + 4;
    size_t mean = bytes * 16 / a->n;
    s->cell_bytes = (3 * s->cell_bytes + mean) / 4;
    if (s->cell_bytes < 16)
        s->cell_bytes = 16;
}

/* The answer was too large, or never came: ask for half as much. With nothing left to halve, the object is given up. */
static void shrink(struct snmp_session *s, struct flight *f, enum reason reason, const char *what)
{
    size_t cells = f->kind == SNMP_GETBULK ? f->n * (size_t)f->repetitions : f->n;
    if (cells <= 1 && f->n == 1) {
        item_short(f->items[0], reason, what);
        return;
    }
    if (s->cells_max > cells / 2)
        s->cells_max = cells / 2;
    if (s->objects_max > s->cells_max)
        s->objects_max = s->cells_max;
}

/* --- the next question ------------------------------------------------------------------------------------------------- */

/* What the other columns of its table tell about how many rows a column has. */
struct sisters {
    size_t most;                     /* rows of the longest, ended or not; or the hint */
    size_t ended;                    /* rows of the longest that has ended */
    bool ahead;                      /* one is under way that is as far: wait for it */
};

static struct sisters look_at_sisters(const struct snmp_session *s, const struct item *it)
{
    struct sisters seen = { .most = it->walk->rows_hint };
    for (size_t i = 0; i < s->n_items; i++) {
        const struct item *o = &s->items[i];
        if (o->walk != it->walk || o == it || o->is_scout)
            continue;
        if (o->rows > seen.most)
            seen.most = o->rows;
        if (o->state == ITEM_DONE && o->rows > seen.ended)
            seen.ended = o->rows;
        seen.ahead = seen.ahead || (o->state == ITEM_ASKED && o->rows >= it->rows);
    }
    return seen;
}

/* Rows that a column still has, with one more for the object that shows its end. 0: not known. */
static size_t rows_left(const struct snmp_session *s, const struct item *it)
{
    struct sisters seen = look_at_sisters(s, it);
    if (it->rows == 0 && seen.most > FEW_ROWS)
        return 0;                    /* is this column there at all? */
    if (seen.most > it->rows)
        return seen.most - it->rows + 1;
    return it->rows > 0 && (seen.ended == it->rows || it->walk->rows_hint == it->rows) ? 1 : 0;
}

/* Nothing is known of its table's length, and the first looks did not reach the end: then one column goes ahead, as far as an answer
 * reaches, and the others wait to learn from it. */
static bool leads(const struct item *it)
{
    return it->rows >= 2 * FIRST_ROWS;
}

static bool may_ask(const struct snmp_session *s, const struct item *it)
{
    if (it->state != ITEM_IDLE || it->walk->scalars || it->alone || it->is_scout || (it->scout != NULL && it->scout->state != ITEM_DONE))
        return false;
    return !s->bulk || rows_left(s, it) > 0 || !leads(it) || !look_at_sisters(s, it).ahead;
}

static void add_item(struct flight *f, struct item *it)
{
    it->state = ITEM_ASKED;
    f->items[f->n++] = it;
}

static size_t count_fresh(const struct snmp_session *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_items; i++)
        n += may_ask(s, &s->items[i]) && rows_left(s, &s->items[i]) == 0 && !leads(&s->items[i]);
    return n;
}

/* Columns of which little is known: all of them, a few rows each, in as few questions as hold them. */
static void fresh_shape(const struct snmp_session *s, size_t *columns, size_t *rows)
{
    size_t cells = cells_now(s), n = count_fresh(s);
    size_t questions = (n * FIRST_ROWS + cells - 1) / cells;
    *columns = (n + questions - 1) / questions;
    *rows = cells / *columns;
    if (*rows > ROWS_GUESS)
        *rows = ROWS_GUESS;
    if (*rows < 1)
        *rows = 1;
}

/* Columns with left rows to come: whole ones side by side, or, when that would waste a quarter of the answer, one more
 * beside them with fewer rows each; the rest of all of them then shares later questions. */
static void known_shape(const struct snmp_session *s, size_t left, size_t *columns, size_t *rows)
{
    size_t cells = cells_now(s);
    *columns = left >= cells ? 1 : cells / left;
    *rows = left >= cells ? cells : left;
    if (left < cells && *columns < 8 && *columns * left * 4 < cells * 3) {
        ++*columns;
        *rows = cells / *columns;
    }
}

/* Do two columns belong into one question? It has one number of repetitions for all. */
static bool similar(const struct snmp_session *s, const struct item *first, const struct item *it)
{
    size_t a = rows_left(s, first), b = rows_left(s, it);
    if (a == 0 || b == 0)
        return a == b && !leads(first) && !leads(it);
    return a <= b + b / 2 + 1 && b <= a + a / 2 + 1;
}

static void shape(const struct snmp_session *s, const struct item *first, size_t *columns, size_t *rows)
{
    size_t left = rows_left(s, first);
    *columns = s->bulk ? 1 : cells_now(s);
    *rows = s->bulk ? cells_now(s) : 1;
    if (s->bulk && left > 0)
        known_shape(s, left, columns, rows);
    else if (s->bulk && !leads(first))
        fresh_shape(s, columns, rows);
    if (*columns > s->objects_max)
        *columns = s->objects_max;
}

static size_t mean_bytes(const struct item *it)
{
    return it->rows == 0 ? 0 : it->bytes / it->rows;
}

/* Which column of this one's table goes ahead: one of short values, of which an answer holds many. */
static struct item *shortest(struct snmp_session *s, struct item *first)
{
    struct item *best = first;
    for (size_t i = 0; i < s->n_items; i++) {
        struct item *it = &s->items[i];
        if (it->walk == first->walk && may_ask(s, it) && rows_left(s, it) == 0 && leads(it) && it->rows >= best->rows && mean_bytes(it) < mean_bytes(best))
            best = it;
    }
    return best;
}

/* One look at each table: most devices have few of those that there are, and need not be asked for each column of the others. */
static bool plan_scouts(struct snmp_session *s, struct flight *f)
{
    size_t max = cells_now(s) < s->objects_max ? cells_now(s) : s->objects_max;
    for (size_t i = 0; i < s->n_items && f->n < max; i++)
        if (s->items[i].is_scout && s->items[i].state == ITEM_IDLE && !s->items[i].alone)
            add_item(f, &s->items[i]);
    f->kind = s->bulk ? SNMP_GETBULK : SNMP_GETNEXT;
    f->repetitions = 1;
    return f->n > 0;
}

static bool plan_columns(struct snmp_session *s, struct flight *f)
{
    struct item *first = NULL;
    for (size_t i = 0; i < s->n_items && first == NULL; i++)
        if (may_ask(s, &s->items[i]))
            first = &s->items[i];
    if (first == NULL)
        return false;
    if (s->bulk && rows_left(s, first) == 0 && leads(first))
        first = shortest(s, first);
    size_t columns, rows;
    shape(s, first, &columns, &rows);
    f->kind = s->bulk ? SNMP_GETBULK : SNMP_GETNEXT;
    f->repetitions = (long)rows;
    struct item *chosen[QUESTION_OBJECTS];
    size_t n = 0;
    for (size_t i = 0; i < s->n_items && n < columns; i++)
        if (may_ask(s, &s->items[i]) && (&s->items[i] == first || !s->bulk || similar(s, first, &s->items[i])))
            chosen[n++] = &s->items[i];
    for (size_t i = 0; i < n; i++)
        add_item(f, chosen[i]);
    return true;
}

static bool plan_alone(struct snmp_session *s, struct flight *f)
{
    for (size_t i = 0; i < s->n_items; i++) {
        struct item *it = &s->items[i];
        if (it->state != ITEM_IDLE || !it->alone)
            continue;
        f->kind = it->walk->scalars ? SNMP_GET : SNMP_GETNEXT;
        f->timed = it->walk->timed;
        f->repetitions = 1;
        add_item(f, it);
        return true;
    }
    return false;
}

static bool begins_group(const struct snmp_session *s, size_t i)
{
    const struct item *it = &s->items[i];
    return it->walk->groups != NULL && (i == 0 || it[-1].walk != it->walk || it[-1].group != it->group);
}

/* Objects of the group that begins at i and are still to be asked for. */
static size_t group_size(const struct snmp_session *s, size_t i)
{
    size_t n = 0;
    for (size_t k = i; k < s->n_items && s->items[k].walk == s->items[i].walk && s->items[k].group == s->items[i].group; k++)
        n += s->items[k].state == ITEM_IDLE;
    return n;
}

static bool plan_scalars(struct snmp_session *s, struct flight *f)
{
    size_t max = cells_now(s) < s->objects_max ? cells_now(s) : s->objects_max;
    for (size_t i = 0; i < s->n_items && f->n < max; i++) {
        struct item *it = &s->items[i];
        if (it->state != ITEM_IDLE || !it->walk->scalars || it->alone)
            continue;
        if (f->n > 0 && (it->walk->timed != f->timed || (begins_group(s, i) && f->n + group_size(s, i) > max)))
            break;
        f->timed = it->walk->timed;
        add_item(f, it);
    }
    f->kind = SNMP_GET;
    f->repetitions = 1;
    return f->n > 0;
}

static bool plan(struct snmp_session *s, struct flight *f)
{
    f->n = 0;
    f->timed = false;
    return plan_scalars(s, f) || plan_scouts(s, f) || plan_columns(s, f) || plan_alone(s, f);
}

/* --- answers --------------------------------------------------------------------------------------------------------- */

static void scalar_cell(struct item *it, const struct snmp_value *v)
{
    it->state = ITEM_DONE;
    it->rows = 1;
    it->walk->n_cells += snmp_value_present(v);
    it->walk->cell(it->walk->arg, it->column, NULL, 0, v);
}

/* The clock that came along with a timed question. */
static int64_t uptime_of(const struct flight *f, const struct snmp_answer *a)
{
    const struct snmp_varbind *b = a->varbinds;
    bool there = f->timed && a->n > 0 && oid_compare(b->oid, b->n, session_uptime.id, session_uptime.n) == 0 && b->value.type == SNMP_TIME_TICKS;
    return there ? (int64_t)b->value.u : -1;
}

static void take_scalars(struct snmp_session *s, struct flight *f, const struct snmp_answer *a)
{
    size_t first = f->timed ? 1 : 0, n = a->n > first ? a->n - first : 0;
    int64_t uptime = uptime_of(f, a);
    for (size_t i = 0; i < f->n && i < n; i++) {
        const struct snmp_varbind *b = &a->varbinds[first + i];
        f->items[i]->walk->uptime = uptime;
        if (oid_compare(b->oid, b->n, f->items[i]->at.id, f->items[i]->at.n) != 0)
            item_short(f->items[i], REASON_MALFORMED, "the agent answered with another object");
        else
            scalar_cell(f->items[i], &b->value);
    }
    if (n == 0)
        shrink(s, f, REASON_MALFORMED, "the agent answered with nothing");
    else if (n < f->n && s->objects_max > n)
        s->objects_max = n;
}

static bool nothing_follows(const struct item *it, const struct snmp_varbind *b)
{
    /* some agents say "no such instance" of what they were asked where they should go on to what follows */
    bool named = b->value.type == SNMP_NO_SUCH_OBJECT || b->value.type == SNMP_NO_SUCH_INSTANCE;
    return b->value.type == SNMP_END_OF_MIB_VIEW || (named && oid_compare(b->oid, b->n, it->at.id, it->at.n) == 0);
}

/* The columns of a scout's table before `column` are not there. */
static void columns_absent(struct snmp_session *s, const struct item *scout, uint32_t column)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].scout == scout && s->items[i].base.id[s->items[i].base.n - 1] < column)
            s->items[i].state = ITEM_DONE;
}

/* Nothing lies below a scout's name. */
static void nothing_below(struct snmp_session *s, struct item *it)
{
    static const struct snmp_value none = { .type = SNMP_NO_SUCH_OBJECT };
    if (it->walk->looks)
        it->walk->cell(it->walk->arg, it->column, NULL, 0, &none);
    else
        columns_absent(s, it, UINT32_MAX);
}

/* What follows a table's name is its first object, or lies behind the whole table. An agent that goes back proves nothing. */
static void take_scout(struct snmp_session *s, struct item *it, const struct snmp_varbind *b)
{
    it->state = ITEM_DONE;
    if (b->value.type == SNMP_END_OF_MIB_VIEW) {
        nothing_below(s, it);
    } else if (b->n <= SNMP_OID_MAX && oid_compare(b->oid, b->n, it->at.id, it->at.n) > 0) {
        if (!oid_under(&it->base, b->oid, b->n))
            nothing_below(s, it);
        else if (it->walk->looks)
            it->walk->cell(it->walk->arg, it->column, b->oid + it->base.n, b->n - it->base.n, &b->value);
        else
            columns_absent(s, it, b->oid[it->base.n]);
    }
}

/* Moves a column's cursor. False when the column is done with. */
static bool take_cell(struct item *it, const struct snmp_varbind *b)
{
    struct snmp_walk *w = it->walk;
    if (nothing_follows(it, b)) {
        it->state = ITEM_DONE;
        return false;
    }
    if (b->n > SNMP_OID_MAX || oid_compare(b->oid, b->n, it->at.id, it->at.n) <= 0) {
        item_short(it, REASON_LOOP, "the agent goes back");
        return false;
    }
    if (!oid_under(&it->base, b->oid, b->n)) {
        it->state = ITEM_DONE;
        return false;
    }
    memcpy(it->at.id, b->oid, b->n * sizeof *b->oid);
    it->at.n = b->n;
    it->rows++;
    it->bytes += value_bytes(&b->value);
    if (snmp_value_present(&b->value)) {
        w->n_cells++;
        w->cell(w->arg, it->column, b->oid + it->base.n, b->n - it->base.n, &b->value);
    }
    if (it->rows < (w->rows_max > 0 ? w->rows_max : SNMP_ROWS_MAX))
        return true;
    item_short(it, REASON_LIMIT, "more rows than are taken");
    return false;
}

/* Some agents look at the first few objects of a question only, and repeat those: then the object at place j is the second of
 * the first column. A column's end cannot look so: what follows it is never behind the first column's next row. */
static bool cut_short(const struct flight *f, const struct snmp_answer *a, size_t j)
{
    const struct snmp_varbind *b = &a->varbinds[j], *first = &a->varbinds[0];
    return oid_under(&f->items[0]->base, b->oid, b->n) && oid_under(&f->items[0]->base, first->oid, first->n) &&
           oid_compare(b->oid, b->n, first->oid, first->n) > 0 && !oid_under(&f->items[j]->base, b->oid, b->n);
}

static void take_columns(struct snmp_session *s, struct flight *f, const struct snmp_answer *a)
{
    bool over[QUESTION_OBJECTS] = { false };
    size_t width = f->n;
    for (size_t j = 0; j < a->n; j++) {
        if (j > 0 && j < width && cut_short(f, a, j)) {
            width = j;
            s->objects_max = j;
        }
        size_t i = j % width;
        if (f->items[i]->is_scout && j == i)
            take_scout(s, f->items[i], &a->varbinds[j]);
        else if (!f->items[i]->is_scout && !over[i])
            over[i] = !take_cell(f->items[i], &a->varbinds[j]);
    }
    if (a->n == 0)
        shrink(s, f, REASON_MALFORMED, "the agent answered with nothing");
    else if (f->kind == SNMP_GETBULK)
        s->bulk_known = true;
}

/* One object is the agent's trouble; the others are asked for again without it. */
static void object_error(struct snmp_session *s, struct flight *f, const struct snmp_answer *a)
{
    long at = a->index - (f->timed ? 1 : 0);
    bool named = at >= 1 && (size_t)at <= f->n;
    struct item *it = named ? f->items[at - 1] : f->n == 1 ? f->items[0] : NULL;
    static const struct snmp_value none = { .type = SNMP_NO_SUCH_INSTANCE };
    if (it == NULL || (f->n > 1 && a->status != NO_SUCH_NAME && ++s->errors > ERRORS_NAMED)) {
        s->objects_max = f->n > 1 ? f->n / 2 : 1;        /* it is the number of them, whatever it says */
    } else if (a->status == NO_SUCH_NAME) {              /* v1's word for the end and for nothing there */
        if (it->walk->scalars)
            scalar_cell(it, &none);
        else if (it->is_scout)
            nothing_below(s, it);
        it->state = ITEM_DONE;
    } else if (a->status == NO_ACCESS) {
        item_short(it, REASON_ACCESS_DENIED, "the agent refuses");
    } else if (f->n > 1 || f->kind == SNMP_GETBULK) {
        it->alone = true;
    } else {
        char what[60];
        snprintf(what, sizeof what, "the agent reports error %ld", a->status);
        item_short(it, REASON_MALFORMED, what);
    }
}

void fetch_answer(struct snmp_session *s, struct flight *f, const struct snmp_answer *a)
{
    for (size_t i = 0; i < f->n; i++)
        f->items[i]->state = ITEM_IDLE;
    if (a->status == AUTHORIZATION_ERROR)                /* RFC 3413 section 3.2: about the user, not about an object */
        session_end(s, REASON_ACCESS_DENIED, "the agent does not let this user or community read");
    else if (a->status == TOO_BIG)
        shrink(s, f, REASON_SIZE_LIMIT, "a value too large for one answer");
    else if (a->status != 0 && f->kind == SNMP_GETBULK && !s->bulk_known)
        s->bulk = false;
    else if (a->status != 0)
        object_error(s, f, a);
    else if (f->kind == SNMP_GET)
        take_scalars(s, f, a);
    else
        take_columns(s, f, a);
    if (a->status == 0 && f->kind != SNMP_GET)           /* single objects are longer than most of a table */
        learn_size(s, a);
}

void fetch_silence(struct snmp_session *s, struct flight *f)
{
    for (size_t i = 0; i < f->n; i++)
        f->items[i]->state = ITEM_IDLE;
    if (f->sent_ms[0] >= s->silent_ms) {                 /* those sent together are silent together */
        s->silent++;
        s->silent_ms = clock_mono_ms();
    }
    if (s->silent >= SILENCES_MAX || s->doubtful)
        session_end(s, REASON_NO_ANSWER, "it answered at first, and then no more");
    else if (f->kind == SNMP_GETBULK && !s->bulk_known)
        s->bulk = false;
    else
        shrink(s, f, REASON_NO_ANSWER, "no answer");
}

/* --- fetching -------------------------------------------------------------------------------------------------------- */

/* Gives the columns of one table from items[from] on a scout; returns how many columns it has. */
static size_t scout_make(struct snmp_session *s, size_t from, size_t end)
{
    struct item *first = &s->items[from], *scout = &s->items[s->n_items];
    size_t n = 1;
    while (from + n < end && first[n].base.n == first->base.n && memcmp(first[n].base.id, first->base.id, (first->base.n - 1) * sizeof first->base.id[0]) == 0)
        n++;
    if (n < SCOUTED_COLUMNS || first->base.n < 2)
        return n;
    *scout = (struct item){ .walk = first->walk, .base = first->base, .is_scout = true };
    scout->base.n--;
    scout->at = scout->base;
    s->n_items++;
    for (size_t i = 0; i < n; i++)
        first[i].scout = scout;
    return n;
}

static void items_make(struct snmp_session *s, struct snmp_walk *walks, size_t n)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        total += walks[i].n_objects;
    s->items = xcalloc(2 * total + 1, sizeof *s->items);         /* scouts come behind */
    s->n_items = total;
    for (size_t i = 0; i < n; i++) {
        walks[i].reason = REASON_NONE;
        walks[i].detail[0] = '\0';
        walks[i].n_cells = 0;
        for (size_t c = 0; c < walks[i].n_objects; c++, at++) {
            struct item *it = &s->items[at];
            it->walk = &walks[i];
            it->column = c;
            it->group = walks[i].groups != NULL ? walks[i].groups[c] : 0;
            if (!oid_parse(walks[i].objects[c], &it->base))
                BUG("not an object identifier: %s", walks[i].objects[c]);
            it->at = it->base;
            it->is_scout = walks[i].looks;
        }
        for (size_t c = at - walks[i].n_objects; c < at && !walks[i].scalars && !walks[i].looks && !walks[i].there;)
            c += scout_make(s, c, at);
    }
}

static bool any_under_way(const struct snmp_session *s)
{
    for (size_t i = 0; i < FLIGHT_MAX; i++)
        if (s->flights[i].used)
            return true;
    return false;
}

enum reason snmp_session_fetch(struct snmp_session *s, struct snmp_walk *walks, size_t n)
{
    items_make(s, walks, n);
    s->cells_max = SIZE_MAX;
    s->objects_max = QUESTION_OBJECTS;
    if (s->cell_bytes == 0) {
        s->cell_bytes = CELL_BYTES * 16;
        s->bulk = snmp_wire_has_bulk(s->wire);
    }
    while (s->ended == REASON_NONE) {
        struct flight *f;
        while (s->ended == REASON_NONE && (f = session_free_flight(s)) != NULL && plan(s, f))
            session_send(s, f);
        if (!any_under_way(s))
            break;
        session_step(s);
    }
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].state != ITEM_DONE)
            walk_short(s->items[i].walk, s->ended, "%s", s->detail);
    free(s->items);
    s->items = NULL;
    s->n_items = 0;
    return s->ended;
}
