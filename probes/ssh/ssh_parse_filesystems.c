/* filesystems from `df -P -k` and the list of mounts. Runs in workers on hostile bytes. Only file systems that hold data: pseudo
 * file systems, memory and read-only images are left out; those on the network are named in a note, because asking for their
 * size can hang on a dead server. */
#include "probes/ssh/ssh_parse.h"

#include "base/buf.h"
#include "base/mem.h"
#include "fact/table_filesystems.h"

#define ROWS_MAX 1024
#define PATH_BYTES_MAX 4096
#define KIB 1024

struct mount {
    struct span device, point, type;
    bool read_only, hidden;          /* hidden: macOS's own volumes */
};
struct filesystem {
    struct span device, point, type;
    uint64_t kib, used_kib, available_kib;
    bool known_mount, read_only, dropped;
};
struct filesystems {
    struct arena *mem;
    struct mount *mounts; size_t n_mounts;
    struct filesystem *v; size_t n;
    size_t bad;
    bool full;
    struct buf network;              /* mount points that are not measured */
    size_t n_network;
};

/* --- mounts ---------------------------------------------------------------------------------------------------------- */

/* /proc/mounts writes blanks, tabs, newlines, # and backslashes as three octal digits. */
static struct span unescape(struct filesystems *fs, struct span s)
{
    size_t at;
    s = span_upto(s, PATH_BYTES_MAX);
    if (!span_find(s, "\\", &at))
        return s;
    char *out = arena_alloc(fs->mem, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned v = 0;
        size_t k = 0;
        while (s.p[i] == '\\' && k < 3 && i + 1 + k < s.len && s.p[i + 1 + k] >= '0' && s.p[i + 1 + k] <= '7')
            v = v * 8 + (unsigned)(s.p[i + 1 + k++] - '0');
        bool escape = k == 3 && v < 256;
        out[n++] = escape ? (char)v : s.p[i];
        i += escape ? 3 : 0;
    }
    return (struct span){ .p = out, .len = n };
}

/* Whether word stands among the options, which are separated by commas and perhaps blanks. */
static bool has_option(struct span options, const char *word)
{
    size_t at;
    while (options.len) {
        bool more = span_find(options, ",", &at);
        if (span_is(span_trim(more ? span_upto(options, at) : options), word))
            return true;
        options = more ? span_from(options, at + 1) : SPAN_NONE;
    }
    return false;
}

/* Linux: "DEVICE POINT TYPE OPTIONS 0 0" */
static bool parse_proc_mount(struct filesystems *fs, struct span line, struct mount *m)
{
    struct span options;
    if (!span_token(&line, &m->device) || !span_token(&line, &m->point) || !span_token(&line, &m->type) || !span_token(&line, &options))
        return false;
    m->device = unescape(fs, m->device);
    m->point = unescape(fs, m->point);
    m->read_only = has_option(options, "ro");
    return true;
}

/* BSD, macOS: "DEVICE on POINT (TYPE, local, read-only)" */
static bool parse_bsd_mount(struct span line, struct mount *m)
{
    size_t on, paren, comma;
    if (!span_find(line, " on /", &on) || !span_rfind(line, '(', &paren) || paren < on + 5 || line.p[line.len - 1] != ')')
        return false;
    struct span options = { .p = line.p + paren + 1, .len = line.len - paren - 2 };
    m->device = span_upto(line, on);
    m->point = span_trim((struct span){ .p = line.p + on + 4, .len = paren - on - 4 });
    m->type = span_trim(span_find(options, ",", &comma) ? span_upto(options, comma) : options);
    m->read_only = has_option(options, "read-only");
    m->hidden = has_option(options, "nobrowse") && !span_is(m->point, "/System/Volumes/Data");
    return true;
}

static void parse_mounts(struct filesystems *fs, struct span body)
{
    struct span line;
    while (fs->n_mounts < ROWS_MAX && span_line(&body, &line)) {
        struct mount m = { 0 };
        size_t at;
        bool bsd = line.len > 0 && line.p[line.len - 1] == ')' && span_find(line, " on /", &at);
        if (bsd ? parse_bsd_mount(line, &m) : parse_proc_mount(fs, line, &m))
            fs->mounts[fs->n_mounts++] = m;
    }
}

static bool same(struct span a, struct span b)
{
    return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

/* The last one mounted at a point is the one that is seen there. */
static const struct mount *mount_at(const struct filesystems *fs, struct span point)
{
    for (size_t i = fs->n_mounts; i > 0; i--)
        if (same(fs->mounts[i - 1].point, point))
            return &fs->mounts[i - 1];
    return NULL;
}

/* --- kinds ----------------------------------------------------------------------------------------------------------- */

static bool in_list(struct span s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(s, list[i]))
            return true;
    return false;
}

/* No data of their own, or an image that is always full. */
static bool is_pseudo(struct span type)
{
    static const char *const list[] = {
        "tmpfs", "devtmpfs", "ramfs", "proc", "procfs", "sysfs", "devpts", "devfs", "fdescfs", "cgroup", "cgroup2", "pstore", "securityfs", "debugfs", "tracefs", "configfs",
        "fusectl", "hugetlbfs", "mqueue", "bpf", "autofs", "binfmt_misc", "rpc_pipefs", "nsfs", "efivarfs", "selinuxfs", "linprocfs", "linsysfs", "nullfs", "mfs", "kernfs", "ptyfs",
        "squashfs", "iso9660", "udf", "cd9660", "erofs", "cramfs", "romfs", "fuse.lxcfs", "fuse.gvfsd-fuse", "fuse.portal", "fuse.snapfuse", "fuse.squashfuse", "none", "swap",
    };
    return in_list(type, list, N_ELEMENTS(list));
}

static bool is_network(struct span type)
{
    static const char *const list[] = {
        "nfs", "nfs3", "nfs4", "cifs", "smb3", "smbfs", "afs", "afpfs", "webdav", "davfs", "ceph", "glusterfs", "lustre", "ncpfs", "gpfs", "ocfs2", "gfs2",
        "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.davfs", "fuse.smbnetfs", "fuse.ceph",
    };
    return in_list(type, list, N_ELEMENTS(list));
}

static void note_network(struct filesystems *fs)
{
    for (size_t i = 0; i < fs->n_mounts; i++) {
        if (!is_network(fs->mounts[i].type) || ++fs->n_network > 10)
            continue;
        struct span point = span_upto(fs->mounts[i].point, 100), type = span_upto(fs->mounts[i].type, 20);
        buf_printf(&fs->network, "%s%.*s (%.*s)", fs->network.len ? ", " : "", (int)point.len, point.p, (int)type.len, type.p);
    }
}

/* --- df -------------------------------------------------------------------------------------------------------------- */

/* "17%" or "-" */
static bool is_capacity(struct span s)
{
    uint64_t v;
    return span_is(s, "-") || (s.len >= 2 && s.p[s.len - 1] == '%' && span_u64(span_upto(s, s.len - 1), &v));
}

/* DEVICE BLOCKS USED AVAILABLE CAPACITY POINT, where DEVICE and POINT may hold blanks: found by the four in the middle. */
static bool parse_df_line(struct span line, struct filesystem *f)
{
    struct span rest = line, word, number[3] = { SPAN_NONE, SPAN_NONE, SPAN_NONE };
    for (int i = 0; i < 64 && span_token(&rest, &word); i++) {
        const char *numbers_at = number[0].p;
        if (i >= 4 && is_capacity(word) && span_u64(number[0], &f->kib) && span_u64(number[1], &f->used_kib)) {
            bool negative = span_starts(number[2], "-");             /* BSD, when the reserve is in use */
            if (span_u64(negative ? span_from(number[2], 1) : number[2], &f->available_kib)) {
                f->available_kib = negative ? 0 : f->available_kib;
                f->device = span_trim((struct span){ .p = line.p, .len = (size_t)(numbers_at - line.p) });
                f->point = span_trim(rest);
                return f->device.len > 0 && f->point.len > 0 && f->point.p[0] == '/';
            }
        }
        number[0] = number[1];
        number[1] = number[2];
        number[2] = word;
    }
    return false;
}

static void parse_df(struct filesystems *fs, struct span body)
{
    struct span line;
    while (span_line(&body, &line)) {
        struct filesystem f = { 0 };
        if (span_trim(line).len == 0 || span_starts(line, "Filesystem"))
            continue;
        if (fs->n == ROWS_MAX) {
            fs->full = true;
            return;
        }
        if (!parse_df_line(line, &f) || f.kib > INT64_MAX / KIB || f.used_kib > INT64_MAX / KIB || f.available_kib > INT64_MAX / KIB) {
            fs->bad++;
            continue;
        }
        fs->v[fs->n++] = f;
    }
}

/* --- which ones count ------------------------------------------------------------------------------------------------ */

static bool is_root(const struct filesystem *f)
{
    return span_is(f->point, "/");
}

static bool same_space(const struct filesystem *a, const struct filesystem *b)
{
    return a->kib == b->kib && a->used_kib == b->used_kib && a->available_kib == b->available_kib;
}

/* One space shown at several places (bind mounts, a container's files): the root, or else the shortest path, stands for it. */
static bool stands_for(const struct filesystem *a, const struct filesystem *b)
{
    bool one_device = same(a->device, b->device) && a->device.p[0] == '/';
    bool over = is_root(a) && span_is(a->type, "overlay");
    if (!same_space(a, b) || !(one_device || over))
        return false;
    return is_root(a) || (!is_root(b) && (a->point.len < b->point.len || (a->point.len == b->point.len && a < b)));
}

static void choose(struct filesystems *fs)
{
    for (size_t i = 0; i < fs->n; i++) {
        struct filesystem *f = &fs->v[i];
        const struct mount *m = mount_at(fs, f->point);
        f->known_mount = m != NULL;
        f->type = m ? m->type : SPAN_NONE;
        f->read_only = m && m->read_only;
        bool other_overlay = span_is(f->type, "overlay") && !is_root(f);
        bool untyped_pseudo = !m && is_pseudo(f->device);            /* df names a pseudo file system by its type */
        f->dropped = f->kib == 0 || (!is_root(f) && (is_pseudo(f->type) || is_network(f->type) || other_overlay || untyped_pseudo || (m && m->hidden)));
    }
    for (size_t i = 0; i < fs->n; i++)
        for (size_t k = 0; k < fs->n && !fs->v[i].dropped; k++)
            if (k != i && !fs->v[k].dropped && stands_for(&fs->v[k], &fs->v[i]))
                fs->v[i].dropped = true;
    for (size_t i = 1; i < fs->n; i++)               /* a path twice: the last is the one that is seen */
        for (size_t k = 0; k < i; k++)
            if (same(fs->v[k].point, fs->v[i].point))
                fs->v[k].dropped = true;
}

static void emit(const struct filesystem *f, const struct ssh_sink *sink)
{
    struct fact_row row;
    fact_row_init(&row, &fact_filesystems);
    fact_set_text(&row, FILESYSTEMS_MOUNT, f->point.p, f->point.len);
    fact_set_text(&row, FILESYSTEMS_DEVICE, f->device.p, f->device.len);
    if (f->type.len)
        fact_set_text(&row, FILESYSTEMS_TYPE, f->type.p, f->type.len);
    fact_set_int(&row, FILESYSTEMS_SIZE_BYTES, (int64_t)(f->kib * KIB));
    fact_set_int(&row, FILESYSTEMS_USED_BYTES, (int64_t)(f->used_kib * KIB));
    fact_set_int(&row, FILESYSTEMS_AVAILABLE_BYTES, (int64_t)(f->available_kib * KIB));
    /* As df counts: of what users can have, so that a reserve for root does not hide a full disk. */
    double reach = (double)f->used_kib + (double)f->available_kib;
    if (reach > 0)
        fact_set_real(&row, FILESYSTEMS_USED_PERCENT, (double)(int64_t)((double)f->used_kib * 10000.0 / reach) / 100.0);
    if (f->known_mount)
        fact_set_int(&row, FILESYSTEMS_READ_ONLY, f->read_only);
    sink->row(sink->ctx, &row);
}

/* --- together -------------------------------------------------------------------------------------------------------- */

static void judge(const struct filesystems *fs, const struct ssh_section *df, const struct ssh_reading *r, const struct ssh_sink *sink)
{
    const struct fact_table *t = &fact_filesystems;
    if ((!df || !df->ended) && r->cut != REASON_NONE)
        sink->table(sink->ctx, t, fs->n ? STATE_PARTIAL : STATE_FAILED, r->cut, "the output ends before all file systems were listed");
    else if (!df || df->exit == 127)
        sink->table(sink->ctx, t, STATE_UNSUPPORTED, REASON_UNSUPPORTED, "the host has no df");
    else if (df->exit != 0)
        sink->table(sink->ctx, t, fs->n ? STATE_PARTIAL : STATE_FAILED, REASON_COMMAND_FAILED, "df failed, or had no answer in 10 s");
    if (fs->full)
        sink->table(sink->ctx, t, STATE_PARTIAL, REASON_LIMIT, "more file systems than are read of one host");
    if (fs->bad) {
        char *text = xasprintf("%zu lines of df cannot be read", fs->bad);
        sink->table(sink->ctx, t, STATE_PARTIAL, REASON_MALFORMED, text);
        free(text);
    }
    if (fs->n_network) {
        char *text = xasprintf("%zu on the network, not measured: %s%s", fs->n_network, fs->network.len ? fs->network.data : "", fs->n_network > 10 ? ", ..." : "");
        sink->note(sink->ctx, t, text);
        free(text);
    }
}

void ssh_parse_filesystems(const struct ssh_output *o, const struct ssh_reading *r, const struct ssh_sink *sink)
{
    struct filesystems fs = { .mem = arena_new(), .network = BUF_INIT(4096) };
    const struct ssh_section *df = ssh_output_find(o, "df"), *mounts = ssh_output_find(o, "mounts");
    fs.mounts = xcalloc(ROWS_MAX, sizeof(struct mount));
    fs.v = xcalloc(ROWS_MAX, sizeof(struct filesystem));
    if (mounts && mounts->ended && mounts->exit == 0)
        parse_mounts(&fs, mounts->body);
    if (df) {
        struct span body = df->body;
        size_t at;
        if (!df->ended)              /* the last line may be half of one */
            body = span_rfind(body, '\n', &at) ? span_upto(body, at) : SPAN_NONE;
        parse_df(&fs, body);
    }
    choose(&fs);
    for (size_t i = 0; i < fs.n; i++)
        if (!fs.v[i].dropped)
            emit(&fs.v[i], sink);
    note_network(&fs);
    judge(&fs, df, r, sink);
    buf_clear(&fs.network);
    free(fs.mounts);
    free(fs.v);
    arena_free(fs.mem);
}
