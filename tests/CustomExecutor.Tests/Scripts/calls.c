/* Makes system calls that reach other processes of the user, and prints each one's name and error number (0: done).
 * Usage: calls PID, a process of the same user. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <mqueue.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

static void tell(const char *name, long result) { printf("%s=%d\n", name, result < 0 ? errno : 0); }

/* For a call that may return 0 without having been made: done only if the change is seen. */
#define CHANGE(name, call, seen) do { (void)(call); printf("%s=%d\n", name, (seen) ? 0 : EPERM); } while (0)

#define TRY(name, call) do { errno = 0; tell(name, (call)); } while (0)

#ifdef __x86_64__
/* By the 32-bit door, which is open to 64-bit programs too; pointers must be below 4 GiB, so none is passed. */
static long old_call(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
    if (result < 0 && result > -4096) { errno = -result; return -1; }
    return result;
}
#endif

int main(int argc, char **argv)
{
    int pid = atoi(argv[1]);
    struct rlimit limit;
    struct sched_param param = { 0 };
    struct { unsigned size, policy; unsigned long long flags; int nice; unsigned priority; unsigned long long a, b, c; } attr = { .size = 48 };
    cpu_set_t cpus;
    sched_getaffinity(0, sizeof cpus, &cpus);

    TRY("read another's limits", syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, NULL, &limit));
    TRY("set another's limits", syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, &limit, NULL));
    cpu_set_t one, seen;
    CPU_ZERO(&one);
    for (int cpu = 0; CPU_COUNT(&one) == 0; cpu++) if (CPU_ISSET(cpu, &cpus)) CPU_SET(cpu, &one);
    if (CPU_COUNT(&cpus) > 1)
        CHANGE("set another's affinity", sched_setaffinity(pid, sizeof one, &one), sched_getaffinity(pid, sizeof seen, &seen) == 0 && CPU_EQUAL(&one, &seen));
    CHANGE("set another's scheduler", sched_setscheduler(pid, SCHED_BATCH, &param), sched_getscheduler(pid) == SCHED_BATCH);
    attr.policy = SCHED_IDLE;
    CHANGE("set another's attributes", syscall(SYS_sched_setattr, pid, &attr, 0), sched_getscheduler(pid) == SCHED_IDLE);
    attr.policy = SCHED_OTHER;
    /* By its own number, as glibc does for threads: it is as if done, or programs like .NET's end. */
    TRY("set own scheduler by number", sched_setscheduler(getpid(), SCHED_OTHER, &param));
    TRY("set another's priority", setpriority(PRIO_PROCESS, pid, 1));
    TRY("set the group's priority", setpriority(PRIO_PGRP, 0, 1));
    TRY("set the user's priority", setpriority(PRIO_USER, 60123, 1) == 0 || errno == ESRCH ? 0 : -1);
    TRY("set another's I/O priority", syscall(SYS_ioprio_set, 1, pid, 2 << 13 | 5));
    TRY("set the group's I/O priority", syscall(SYS_ioprio_set, 2, 0, 2 << 13 | 5));

    TRY("set own limits", syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL));
    TRY("set own affinity", sched_setaffinity(0, sizeof cpus, &cpus));
    TRY("set own scheduler", sched_setscheduler(0, SCHED_OTHER, &param));
    TRY("set own parameters", sched_setparam(0, &param));
    TRY("set own attributes", syscall(SYS_sched_setattr, 0, &attr, 0));
    TRY("set own priority", setpriority(PRIO_PROCESS, 0, 2));
    TRY("set own I/O priority", syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 5));

    TRY("add a key", syscall(SYS_add_key, "user", "custom-executor-spec", "x", 1, -4) < 0 ? -1 : 0);
    TRY("ask for a key", syscall(SYS_request_key, "user", "custom-executor-spec", NULL, 0) < 0 && errno != ENOKEY ? -1 : 0);
    TRY("find a keyring", syscall(SYS_keyctl, 0, -4, 0) < 0 && errno != ENOKEY ? -1 : 0);
    struct io_uring_params ring = { 0 };
    TRY("set up a ring", syscall(SYS_io_uring_setup, 1, &ring));

    int memory = -1;
    TRY("make shared memory", memory = shmget(IPC_PRIVATE, 100, 0600));
    TRY("attach shared memory", shmat(memory < 0 ? 0 : memory, NULL, 0) == (void *)-1 ? -1 : 0);
    if (memory >= 0) shmctl(memory, IPC_RMID, NULL);
    int semaphore = -1;
    TRY("make a semaphore", semaphore = semget(IPC_PRIVATE, 1, 0600));
    if (semaphore >= 0) semctl(semaphore, 0, IPC_RMID);
    int queue = -1;
    TRY("make a message queue", queue = msgget(IPC_PRIVATE, 0600));
    if (queue >= 0) msgctl(queue, IPC_RMID, NULL);
    TRY("open a message queue", mq_open("/custom-executor-spec", O_CREAT | O_RDWR, 0600, NULL));
    mq_unlink("/custom-executor-spec");

    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    int unlock = 0;
    ioctl(terminal, TIOCSPTLCK, &unlock);
    int slave = ioctl(terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY);
    TRY("ask a terminal's size", ioctl(slave, TIOCGWINSZ, &(struct winsize){ 0 }));
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    TRY("type into a terminal", ioctl(slave, TIOCSTI, "x"));
#ifdef __x86_64__
    TRY("set another's priority by a 32-bit call", old_call(97, PRIO_PROCESS, pid, 1));
    TRY("set own priority by a 32-bit call", old_call(97, PRIO_PROCESS, 0, 3));
    TRY("make a semaphore by a 32-bit call", old_call(393, IPC_PRIVATE, 0, 0) < 0 && errno == EINVAL ? 0 : errno ? -1 : 0);
#endif
    return 0;
}
