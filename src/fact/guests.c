/* Networks of guests and patients. Pure; the cells are hostile. */
#include "fact/guests.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/cidr.h"
#include "base/mem.h"
#include "base/text.h"

struct guest_network { struct cidr net; char *text; };
struct guests {
    struct guest_network *nets; size_t n_nets;
    char **names; size_t n_names;
    bool told;
};

static void add_entry(struct guests *g, const char *text)
{
    struct cidr net;

    if (cidr_parse(text, false, &net)) {
        g->nets = xrealloc_array(g->nets, g->n_nets + 1, sizeof *g->nets);
        g->nets[g->n_nets++] = (struct guest_network){ net, xstrdup(text) };
    } else {
        g->names = xrealloc_array(g->names, g->n_names + 1, sizeof *g->names);
        g->names[g->n_names++] = xstrdup(text);
    }
}

struct guests *guests_new(bool told, const char *const *entries, size_t n)
{
    struct guests *g = xcalloc(1, sizeof *g);

    g->told = told;
    for (size_t i = 0; i < n; i++)
        add_entry(g, entries[i]);
    return g;
}

struct guests *guests_of(const struct job *job)
{
    struct guests *g = guests_new(job_get(job, GUESTS_JOB_TOLD) != NULL, NULL, 0);
    size_t cursor = 0;
    const char *text;

    while ((text = job_next(job, GUESTS_JOB_KEY, &cursor)) != NULL)
        add_entry(g, text);
    return g;
}

void guests_free(struct guests *g)
{
    if (g == NULL)
        return;
    for (size_t i = 0; i < g->n_nets; i++)
        free(g->nets[i].text);
    for (size_t i = 0; i < g->n_names; i++)
        free(g->names[i]);
    free(g->nets);
    free(g->names);
    free(g);
}

void guest_tally_add(struct guest_tally *t, const char *network)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strncmp(t->v[i].network, network, sizeof t->v[i].network - 1) == 0) {
            t->v[i].clients++;
            return;
        }
    }
    if (t->n == GUEST_TALLY_MAX - 1)
        network = "other networks of guests";
    if (t->n < GUEST_TALLY_MAX) {
        snprintf(t->v[t->n].network, sizeof t->v[t->n].network, "%.127s", network);
        t->n++;
    }
    t->v[t->n - 1].clients++;
}

bool guests_told(const struct guests *g)
{
    return g->told;
}

bool guests_named(const struct guests *g)
{
    return g->n_nets + g->n_names > 0;
}

bool guests_hold(const struct guests *g, const char *address, const char **label)
{
    struct ip ip;

    if (!ip_parse(address, &ip))
        return false;
    for (size_t i = 0; i < g->n_nets; i++) {
        if (!cidr_contains(&g->nets[i].net, &ip))
            continue;
        if (label != NULL)
            *label = g->nets[i].text;
        return true;
    }
    return false;
}

/* Where a word of a name begins: at its start, behind what is no letter, or at a capital behind a small letter (RiversideGuest). */
static bool word_begins(const char *s, size_t at)
{
    return at == 0 || !isalpha((unsigned char)s[at - 1]) || (islower((unsigned char)s[at - 1]) && isupper((unsigned char)s[at]));
}

enum where { AT_A_WORD, ANYWHERE, SSID_ONLY, PATIENTS };
struct guest_word { const char *word; enum where where; };
static const struct guest_word guest_words[] = {
    { "guest", ANYWHERE }, { "visitor", ANYWHERE }, { "hotspot", ANYWHERE }, { "patient", PATIENTS }, { "public", SSID_ONLY }, { "waiting", AT_A_WORD },
    { "invitad", ANYWHERE }, { "huesped", ANYWHERE }, { "paciente", PATIENTS },
};

/* Of a name that goes on behind "patient": whether people are meant, not their monitors. */
static bool means_people(const char *name, const char *behind)
{
    static const char *const nets[] = { "wifi", "wi-fi", "wlan", "wireless", "internet" };

    behind += *behind == 's' || *behind == 'S';
    if (*behind == '\0')
        return true;
    for (size_t i = 0; i < N_ELEMENTS(nets); i++) {
        if (strcasestr(name, nets[i]) != NULL)
            return true;
    }
    return false;
}

static bool word_holds(const struct guest_word *w, const char *name, size_t at, bool is_link)
{
    if (strncasecmp(name + at, w->word, strlen(w->word)) != 0)
        return false;
    if (w->where != ANYWHERE && !word_begins(name, at))
        return false;
    if (is_link && w->where == SSID_ONLY)
        return false;
    return !is_link || w->where != PATIENTS || means_people(name, name + at + strlen(w->word));
}

static bool name_says_guests(const char *name, bool is_link)
{
    for (size_t at = 0; name[at] != '\0'; at++) {
        for (size_t w = 0; w < N_ELEMENTS(guest_words); w++) {
            if (word_holds(&guest_words[w], name, at, is_link))
                return true;
        }
    }
    return false;
}

static bool is_listed(const struct guests *g, const char *name)
{
    for (size_t i = 0; i < g->n_names; i++) {
        if (text_equal_nocase(g->names[i], name))
            return true;
    }
    return false;
}

/* "10.20.3.0/24" of a cell: its own first address stands for it. */
static bool is_address(char *cell)
{
    struct ip ip;
    struct cidr net;

    if (!ip_parse(cell, &ip) && !cidr_parse(cell, true, &net))
        return false;
    cell[strcspn(cell, "/")] = '\0';
    return true;
}

static bool is_number(const char *text)
{
    return text[strspn(text, "0123456789.,-")] == '\0';
}

/* text is a copy of cell, without outer blanks. */
static enum guests_verdict judge(const struct guests *g, char *text, const char *cell, const char **label)
{
    const enum guests_verdict rest = g->told ? GUESTS_NO : GUESTS_CANNOT_TELL;

    if (is_listed(g, text)) {
        *label = cell;
        return GUESTS_YES;
    }
    if (is_address(text))
        return guests_hold(g, text, label) ? GUESTS_YES : rest;
    if (is_number(text))
        return rest;
    if (text_equal_nocase(text, "true") || text_equal_nocase(text, "yes")) {
        *label = "guests";
        return GUESTS_YES;
    }
    if (!name_says_guests(text, false))
        return GUESTS_NO;
    *label = cell;
    return GUESTS_YES;
}

enum guests_verdict guests_of_cell(const struct guests *g, const char *cell, const char **label)
{
    char *copy = xstrdup(cell);
    enum guests_verdict v = judge(g, text_trim(copy), cell, label);

    free(copy);
    return v;
}

bool guests_of_link(const struct guests *g, const char *name, const char **label)
{
    char *copy = xstrdup(name), *text = text_trim(copy);
    bool yes = is_listed(g, text) || name_says_guests(text, true);

    if (yes)
        *label = name;
    free(copy);
    return yes;
}
