/* Texts of our own failures, and the exit statuses that follow from them. Used by every process. */
#include "base/err.h"

#include <errno.h>
#include "base/mem.h"

static const char *const err_texts[] = {
    [ERR_BAD_INPUT - ERR_FIRST] = "bad input",
    [ERR_NOT_FOUND - ERR_FIRST] = "not found",
    [ERR_LIMIT - ERR_FIRST] = "a limit was reached",
    [ERR_FORMAT - ERR_FIRST] = "malformed data",
    [ERR_NOT_PRIVATE - ERR_FIRST] = "not private: others can read or change it",
    [ERR_STORE_FOREIGN - ERR_FIRST] = "not a preop store",
    [ERR_STORE_NEWER - ERR_FIRST] = "the store was made by a newer preop",
    [ERR_STORE - ERR_FIRST] = "the store failed",
    [ERR_BUSY - ERR_FIRST] = "another check of this site is running",
    [ERR_SEAL - ERR_FIRST] = "the content does not match its seal",
    [ERR_INTERRUPTED - ERR_FIRST] = "interrupted",
    [ERR_SANDBOX - ERR_FIRST] = "this kernel lacks a layer of the sandbox",
    [ERR_INTERNAL - ERR_FIRST] = "a fault of preop itself",
};
_Static_assert(N_ELEMENTS(err_texts) == ERR_LAST - ERR_FIRST, "every error has a text");

const char *err_text(int err)
{
    if (err == 0)
        return "success";
    if (err >= ERR_FIRST && err < ERR_LAST)
        return err_texts[err - ERR_FIRST];
    if (err < 0 && err > ERR_FIRST - 1000) {
        const char *text = strerrordesc_np(-err);
        if (text)
            return text;
    }
    return "unknown error";
}

static int exit_rank(int status)
{
    switch (status) {
    case EXIT_DONE:
        return 0;
    case EXIT_UNREACHED:
        return 1;
    case EXIT_READINESS:
        return 2;
    case EXIT_USAGE:
        return 3;
    default:
        return 4;
    }
}

int exit_worse(int a, int b)
{
    return exit_rank(a) >= exit_rank(b) ? a : b;
}

int exit_for_err(int err)
{
    switch (err) {
    case 0:
        return EXIT_DONE;
    case ERR_BAD_INPUT:
    case ERR_NOT_PRIVATE:
    case ERR_NOT_FOUND:
        return EXIT_USAGE;
    default:
        return EXIT_NOT_DONE;
    }
}
