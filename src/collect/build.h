/* From a plan item to the job that a worker gets: keys, secrets, permission of this very moment, an open evidence file. Parent only. */
#ifndef PREOP_COLLECT_BUILD_H
#define PREOP_COLLECT_BUILD_H

#include "collect/agent.h"
#include "collect/jobrun.h"

struct build_env {
    const struct site *site;
    struct credentials *cred;        /* NULL: none (trust) */
    struct store *store;             /* for evidence; NULL: none (trust) */
    const struct collect_options *o;
    const char *mode;                /* "collect" or "trust" */
    const struct agent_keys *agent;  /* of the user's agent */
    const char *known_before;        /* known_hosts as the run found it: a key that this run accepted unseen vouches for nobody. NULL: as it is now */
    const struct buf *device_rules;  /* of the plan; NULL: none (trust) */
};

/* 0 and *job (job_free() it), *evidence_fd (or -1), and in j what is needed later: host, port, user, allowed_ms, evidence.
 * ERR_NOT_FOUND when it cannot or may not be asked: jobrun_break() was called with the reason. */
int build_job(const struct build_env *env, struct jobrun *j, struct job **job, int *evidence_fd) MUST_CHECK;
/* What every job begins with: names, tables, limits. */
void build_common(const struct build_env *env, const struct jobrun *j, struct job *job);
/* Whether method is permitted at `at` (NULL: to be resolved) now, and cuts j->allowed_ms to where the permission ends. ERR_NOT_FOUND after jobrun_break(). */
int build_window(const struct build_env *env, struct jobrun *j, struct job *job, const char *method, const struct ip *at) MUST_CHECK;
int target_port(const struct target_probe *tp, const struct target *t, const struct probe *probe);

#endif
