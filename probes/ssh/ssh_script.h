/* The one script that the ssh probe runs on a host. `explain --probe ssh` prints it whole. Runs in workers; constants only. */
#ifndef PREOP_PROBES_SSH_SCRIPT_H
#define PREOP_PROBES_SSH_SCRIPT_H

#include <stddef.h>

/* What is executed, with the job's nonce behind it: the script itself goes to its standard input, so that nothing depends
 * on how the user's login shell quotes. */
#define SSH_SCRIPT_COMMAND "/bin/sh -s"

extern const char ssh_script[];
size_t ssh_script_len(void);

#endif
