/* The list of forms and lookups in it. Constants only. */
#include "fact/form.h"

#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "fact/form_list.h"

const struct form *const forms[] = {
#define FORM_ROW(ident) &form_##ident,
    FORM_LIST_ALL(FORM_ROW)
#undef FORM_ROW
};
const size_t n_forms = N_ELEMENTS(forms);

const char *form_phase_title(enum form_phase p)
{
    switch (p) {
    case PHASE_BEFORE:
        return "Before anything is signed";
    case PHASE_LISTEN:
        return "Days 1 to 30: listen and look";
    case PHASE_ASSESS:
        return "Days 31 to 60: contracts, safeguards, details";
    case PHASE_PLAN:
        return "Days 61 to 90: decide and prepare";
    case PHASE_LATER:
        return "After that: learn, and prepare for data and AI";
    }
    BUG("no phase %d", (int)p);
}

const struct form *form_find(const char *id)
{
    for (size_t i = 0; i < n_forms; i++) {
        if (text_equal_nocase(forms[i]->id, id) || strcmp(forms[i]->table->name, id) == 0)
            return forms[i];
    }
    return NULL;
}

char *form_target(const struct form *f)
{
    return f->kind == FORM_SHEET ? xasprintf("sheet %s", f->id) : xstrdup(PEOPLE_TARGET);
}

const struct form *form_of_table(const struct fact_table *t)
{
    for (size_t i = 0; i < n_forms; i++) {
        if (forms[i]->table == t)
            return forms[i];
    }
    return NULL;
}

bool form_asks(const struct form *f, size_t column)
{
    return strcmp(f->table->columns[column].source, ANSWER_ITSELF) != 0;
}

const char *form_choice(const struct fact_column *c, size_t n, size_t *len)
{
    const size_t head = strlen(ANSWER_ONE_OF);
    const char *p = c->source + head;

    if (strncmp(c->source, ANSWER_ONE_OF, head) != 0)
        return NULL;
    for (; *p; n--) {
        *len = strcspn(p, ",");
        if (n == 0)
            return p;
        p += *len;
        p += strspn(p, ", ");
    }
    return NULL;
}
