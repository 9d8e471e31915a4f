/* The parent's end of the zygote. */
#ifndef PREOP_COLLECT_ZYGOTE_CLIENT_H
#define PREOP_COLLECT_ZYGOTE_CLIENT_H

#include "base/err.h"
#include "collect/collect.h"

int zygote_fd(const struct zygote *z);       /* the control socket, non-blocking; -1 after it was found dead and could not be restarted */
/* After its death: reaps it and starts another. Once in a zygote's life; then ERR_INTERNAL. */
int zygote_restart(struct zygote *z) MUST_CHECK;

#endif
