/* subreaper COMMAND...: runs a command and takes in whatever its descendants leave behind, so that the processor time of processes whose parents did
 * not wait for them (a shell whose sshd session ended first) stands in this process's own account. Ends with the command's status. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int status = 0;
    if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) != 0) {
        fprintf(stderr, "usage: subreaper COMMAND...\n");
        return 2;
    }
    pid_t command = fork();
    if (command == 0) {
        execvp(argv[1], argv + 1);
        perror(argv[1]);
        _exit(127);
    }
    if (command < 0)
        return 1;
    for (;;) {
        pid_t ended = waitpid(-1, &status, 0);
        if (ended == command || ended < 0)
            break;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
