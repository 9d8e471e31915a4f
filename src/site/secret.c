/* Where a secret comes from, and fetching it from the environment, a file or systemd. Parent only. Trusts only files that are ours
 * alone, and says in no message what a secret is. */
#include "site/secret.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/path.h"
#include "base/text.h"

#define MAX_ARGUMENTS 64

/* --- reading the reference ---------------------------------------------------------------------------------------------- */

static bool env_name_ok(const char *name)
{
    return name[0] != '\0' && (name[0] < '0' || name[0] > '9') &&
           name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool parse_command(const struct yaml_in *in, const struct yaml_node *node, struct secret *out)
{
    const char *line = NULL, *why = NULL;
    size_t n = 0;

    out->source = SECRET_COMMAND;
    if (node->kind == YAML_LIST) {
        const char **v = NULL;
        if (!yaml_text_list(in, node, "command", &v, &n))
            return false;
        if (n == 0 || n > MAX_ARGUMENTS || v[0][0] == '\0') {
            yaml_error(in, node, "command must have 1 to %d arguments, the first the program", MAX_ARGUMENTS);
            return false;
        }
        v[n] = NULL;         /* yaml_text_list() leaves room for one more */
        out->argv = v;
        return true;
    }
    if (!yaml_text(in, node, "command", &line))
        return false;
    out->argv = secret_split_command(in->arena, line, &why);
    if (out->argv == NULL)
        yaml_error(in, node, "command %s", why);
    return out->argv != NULL;
}

static bool check_file(const struct yaml_in *in, const struct yaml_node *node, const char *path)
{
    char *why = NULL;
    int err = file_check_private(path, true, &why);

    /* A file that is not there yet is told when it is needed. */
    if (err == ERR_NOT_PRIVATE)
        yaml_error(in, node, "%s", why);
    free(why);
    return err != ERR_NOT_PRIVATE;
}

static bool parse_file(const struct yaml_in *in, const struct yaml_node *node, const char *dir, struct secret *out)
{
    const char *name = NULL;

    out->source = SECRET_FILE;
    if (!yaml_line(in, node, "file", 1024, &name))
        return false;
    char *path = path_join(dir, name);
    out->text = arena_strdup(in->arena, path);
    free(path);
    return check_file(in, node, out->text);
}

static bool parse_reference(const struct yaml_in *in, const struct yaml_node *map, const char *what, const char *dir, struct secret *out)
{
    static const char *const keys[] = { "env", "file", "command", "systemd" };
    size_t before = in->diags->n_errors;

    yaml_known_keys(in, map, what, keys, N_ELEMENTS(keys));
    if (in->diags->n_errors != before)
        return false;
    if (map->n != 1) {
        yaml_error(in, map, "%s must be a text or exactly one of {env: NAME}, {file: PATH}, {command: LINE}, {systemd: CREDENTIAL}", what);
        return false;
    }
    const struct yaml_node *value = map->items[0];
    if (strcmp(map->keys[0], "command") == 0)
        return parse_command(in, value, out);
    if (strcmp(map->keys[0], "file") == 0)
        return parse_file(in, value, dir, out);
    bool env = strcmp(map->keys[0], "env") == 0;
    out->source = env ? SECRET_ENV : SECRET_SYSTEMD;
    if (!yaml_line(in, value, map->keys[0], 255, &out->text))
        return false;
    if (env ? env_name_ok(out->text) : path_is_safe_name(out->text))
        return true;
    yaml_error(in, value, env ? "env must be the name of an environment variable" : "systemd must be the name of a credential of the unit");
    return false;
}

bool secret_parse(const struct yaml_in *in, const struct yaml_node *node, const char *what, const char *dir, struct secret *out)
{
    *out = (struct secret){ .line = node->line, .column = node->column, .value = BUF_INIT(SECRET_MAX) };
    if (node->kind == YAML_MAP)
        return parse_reference(in, node, what, dir, out);
    if (!yaml_text(in, node, what, &out->text))
        return false;
    if (out->text[0] == '\0' || strchr(out->text, '\n') != NULL) {
        yaml_error(in, node, "%s must be one line, and not empty", what);
        return false;
    }
    out->source = SECRET_PLAIN;
    return true;
}

void secret_clear(struct secret *s)
{
    buf_wipe(&s->value);
    free(s->error);
    s->error = NULL;
    s->fetched = false;
}

/* --- fetching ----------------------------------------------------------------------------------------------------------- */

/* Cuts one line end; what remains must be one line of text. */
static int one_line(struct buf *b, const char *what, char **why)
{
    if (b->len > 0 && b->data[b->len - 1] == '\n')
        b->data[--b->len] = '\0';
    if (b->len > 0 && b->data[b->len - 1] == '\r')
        b->data[--b->len] = '\0';
    if (b->len > 0 && memchr(b->data, '\n', b->len) == NULL && memchr(b->data, '\0', b->len) == NULL)
        return 0;
    *why = xasprintf(b->len == 0 ? "%s gave nothing" : "%s gave more than one line: a secret is one", what);
    return ERR_BAD_INPUT;
}

int secret_read_file(const char *path, bool secret, struct buf *out, char **why)
{
    int err = file_check_private(path, secret, why);

    if (err != 0 && err != ERR_NOT_PRIVATE) {
        free(*why);
        *why = xasprintf("file %s cannot be read: %s", path, err_text(err));
        return err;
    }
    if (err != 0)
        return err;
    err = file_read(path, secret ? SECRET_MAX : SECRET_MAX_PUBLIC, out);
    if (err != 0)
        *why = xasprintf("file %s cannot be read: %s", path, err_text(err));
    return err;
}

static int fetch_file(const char *path, bool secret, struct buf *out, char **why)
{
    struct buf bytes = BUF_INIT(SECRET_MAX);
    int err = secret_read_file(path, secret, &bytes, why);

    if (err == 0) {
        char *what = xasprintf("file %s", path);
        err = one_line(&bytes, what, why);
        free(what);
    }
    if (err == 0)
        buf_append(out, bytes.data, bytes.len);
    buf_wipe(&bytes);
    return err;
}

static int fetch_env(const char *name, struct buf *out, char **why)
{
    const char *value = getenv(name);

    if (value == NULL || value[0] == '\0') {
        *why = xasprintf("environment variable %s is %s", name, value == NULL ? "not set" : "empty");
        return ERR_NOT_FOUND;
    }
    buf_puts(out, value);
    return 0;
}

/* The unit's credentials lie on a file system of their own; an access list there shows as a group's right, so it is not held to 0600. */
static int fetch_systemd(const char *name, struct buf *out, char **why)
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");

    if (dir == NULL || dir[0] != '/') {
        *why = xasprintf("systemd credential %s: CREDENTIALS_DIRECTORY is not set; run this as a unit with LoadCredential=%s:...", name, name);
        return ERR_NOT_FOUND;
    }
    char *path = path_join(dir, name);
    int err = fetch_file(path, false, out, why);
    free(path);
    return err;
}

void secret_prefetch(struct secret *s)
{
    struct buf bytes = BUF_INIT(SECRET_MAX);
    char *why = NULL;

    if (s->source != SECRET_COMMAND || s->fetched)
        return;
    s->fetched = true;
    int err = secret_run((const char *const *)s->argv, SECRET_COMMAND_MS, &bytes, &why);
    if (err == 0) {
        char *what = xasprintf("command '%s'", s->argv[0]);
        err = one_line(&bytes, what, &why);
        free(what);
    }
    if (err == 0)
        buf_append(&s->value, bytes.data, bytes.len);
    else
        s->error = why;
    buf_wipe(&bytes);
}

int secret_fetch(const struct secret *s, struct buf *out, char **why)
{
    *why = NULL;
    switch (s->source) {
    case SECRET_PLAIN:
        buf_puts(out, s->text);
        return 0;
    case SECRET_ENV:
        return fetch_env(s->text, out, why);
    case SECRET_FILE:
        return fetch_file(s->text, true, out, why);
    case SECRET_SYSTEMD:
        return fetch_systemd(s->text, out, why);
    case SECRET_COMMAND:
        if (s->fetched && s->error == NULL) {
            buf_append(out, s->value.data, s->value.len);
            return 0;
        }
        *why = s->error != NULL ? xstrdup(s->error) : xasprintf("command '%s' was not run", s->argv[0]);
        return ERR_NOT_FOUND;
    case SECRET_NONE:
        break;
    }
    BUG("a secret without a source");
}
