/* One line a command. */
#ifndef PREOP_CMD_COMMANDS_H
#define PREOP_CMD_COMMANDS_H

#include "cmd/cmd.h"

extern const struct cmd cmd_init, cmd_discover, cmd_trust, cmd_evidence, cmd_attest;
extern const struct cmd cmd_check, cmd_request;
extern const struct cmd cmd_report, cmd_compare, cmd_history, cmd_roadmap, cmd_lookback, cmd_facts, cmd_explain, cmd_status;
extern const struct cmd cmd_lint, cmd_verify;

#endif
