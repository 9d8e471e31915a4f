/* Values by which rows are recognised as targets of the site: a sorted list, searched once per row. Pure; runs in workers. */
#include <string.h>
#include "base/cidr.h"
#include "base/mem.h"
#include "base/text.h"
#include "probes/file/file_internal.h"

struct alias { char *value, *target; };
struct file_aliases {
    struct alias *v;
    size_t n, cap;
    bool sorted;
};

struct file_aliases *file_aliases_new(void)
{
    return xcalloc(1, sizeof(struct file_aliases));
}

void file_aliases_free(struct file_aliases *a)
{
    if (a == NULL)
        return;
    for (size_t i = 0; i < a->n; i++) {
        free(a->v[i].value);
        free(a->v[i].target);
    }
    free(a->v);
    free(a);
}

/* One form for what is compared: lower case, no outer blanks, addresses as inet_ntop writes them. */
static char *normal_form(const char *value)
{
    char *copy = xstrdup(value), *trimmed = text_trim(copy), address[IP_TEXT];
    struct ip ip;

    if (ip_parse(trimmed, &ip)) {
        ip_format(&ip, address);
        trimmed = address;
    }
    text_lower_ascii(trimmed);
    char *out = xstrdup(trimmed);
    free(copy);
    return out;
}

void file_aliases_add(struct file_aliases *a, const char *value, const char *target)
{
    char *form = normal_form(value);

    if (form[0] == '\0') {
        free(form);
        return;
    }
    if (a->n == a->cap) {
        a->cap = a->cap == 0 ? 64 : 2 * a->cap;
        a->v = xrealloc_array(a->v, a->cap, sizeof(*a->v));
    }
    a->v[a->n++] = (struct alias){ form, xstrdup(target) };
    a->sorted = false;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct alias *)a)->value, ((const struct alias *)b)->value);
}

struct file_aliases *file_aliases_of(const struct job *job)
{
    struct file_aliases *a = file_aliases_new();
    size_t cursor = 0;
    const char *line;

    while ((line = job_next(job, "alias", &cursor)) != NULL) {
        const char *tab = strrchr(line, '\t');

        if (tab == NULL)
            continue;
        char *value = xstrndup(line, (size_t)(tab - line));
        file_aliases_add(a, value, tab + 1);
        free(value);
    }
    return a;
}

const char *file_aliases_find(struct file_aliases *a, const char *value)
{
    struct alias key = { normal_form(value), NULL };
    const struct alias *found = NULL, *end;
    const char *target = NULL;

    if (!a->sorted && a->n > 0)
        qsort(a->v, a->n, sizeof(*a->v), compare);
    a->sorted = true;
    if (a->n > 0 && key.value[0] != '\0')
        found = bsearch(&key, a->v, a->n, sizeof(*a->v), compare);
    if (found != NULL) {
        end = a->v + a->n;
        while (found > a->v && compare(found - 1, &key) == 0)
            found--;
        target = found->target;
        for (; found < end && compare(found, &key) == 0; found++) {
            if (strcmp(found->target, target) != 0) {    /* stands for two: for none */
                target = NULL;
                break;
            }
        }
    }
    free(key.value);
    return target;
}
