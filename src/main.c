/* preop: is this clinic's technology ready, how do we know, what does it take and by when?
 * One program, several processes: the command (parent), the zygote and its workers, the evaluation child. */
#include <locale.h>
#include <signal.h>

#include "base/hash.h"
#include "checklist/evaluate.h"
#include "cmd/cmd.h"
#include "worker/zygote.h"

int main(int argc, char **argv)
{
    hash_init();
    if (zygote_invoked(argc, argv))
        return zygote_main();
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    (void)setlocale(LC_CTYPE, "");           /* for what the terminal can show; numbers and dates stay the C locale's */
    (void)signal(SIGPIPE, SIG_IGN);          /* a closed pipe is an error of a write, not the end */
    return cmd_main(argc, argv);
}
