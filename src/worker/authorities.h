/* Where this machine keeps the certificates of the authorities that it trusts. Runs in workers, before the lock. */
#ifndef PREOP_WORKER_AUTHORITIES_H
#define PREOP_WORKER_AUTHORITIES_H

/* The path of a PEM file, static; NULL when there is none that can be read. */
const char *authorities_file(void);

#endif
