/* A process that forks and exits again and again, so no look at /proc finds it where it was. It ignores SIGTERM.
 * Usage: comet MICROSECONDS [setsid]. It ends by itself after a minute, for the test that does not end it. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    time_t end = time(NULL) + 60;
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    if (fork() != 0) return 0;
    while (time(NULL) < end) {
        if (argc > 2) setsid();
        if (atoi(argv[1]) > 0) usleep(atoi(argv[1]));
        if (fork() > 0) _exit(0);
    }
    return 0;
}
