/* The zygote: preop executed once more before any credential was read, from which workers are forked. It holds no job, no secret
 * and no file; it alone reaps its workers, so that no process id is used again under the parent. */
#ifndef PREOP_WORKER_ZYGOTE_H
#define PREOP_WORKER_ZYGOTE_H

#include <stdbool.h>

#define ZYGOTE_NAME "preop-zygote"               /* argv[0] */
#define ZYGOTE_ARG "--internal-zygote"           /* argv[1], the only argument */
#define ZYGOTE_FD 3                              /* the control socket */

/* Whether this process was started as the zygote: main() of preop and of every test that starts one asks this first. */
bool zygote_invoked(int argc, char **argv);
/* The zygote's life. Ends the process when the control socket ends; the value is for `return zygote_main();` only. */
int zygote_main(void);

#endif
