/* The table of commands, in the order of `preop --help`. */
#include "base/mem.h"
#include "cmd/commands.h"

const struct cmd *const commands[] = {
    &cmd_init, &cmd_discover, &cmd_trust, &cmd_evidence, &cmd_attest,
    &cmd_check, &cmd_request,
    &cmd_report, &cmd_compare, &cmd_history, &cmd_roadmap, &cmd_lookback, &cmd_facts, &cmd_explain, &cmd_status,
    &cmd_lint, &cmd_verify,
};
const size_t n_commands = N_ELEMENTS(commands);
