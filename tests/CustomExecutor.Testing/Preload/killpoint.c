/* Preloaded into the driver: ends it by SIGKILL right after the call of number KILL_AT that changes something outside the process
 * (files, directories, what is sent to the API server), and with KILL_READS also right after one that receives something. With KILL_AFTER
 * it counts from the connection on that comes after so many. If the process ends by itself, the number goes into the file KILL_COUNT. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int calls, connections;

static void point(void)
{
    const char *after = getenv("KILL_AFTER");
    if (after && atomic_load(&connections) <= atoi(after)) return;
    int number = atomic_fetch_add(&calls, 1) + 1;
    const char *at = getenv("KILL_AT");
    if (at && *at && number >= atoi(at)) kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void count(void)
{
    const char *path = getenv("KILL_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) { fprintf(file, "%d\n", atomic_load(&calls)); fclose(file); }
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define POINT(call) ({ __typeof__(call) result = (call); point(); result; })

int mkdir(const char *path, mode_t mode) { REAL(mkdir); return POINT(real(path, mode)); }
int rename(const char *from, const char *to) { REAL(rename); return POINT(real(from, to)); }
int unlink(const char *path) { REAL(unlink); return POINT(real(path)); }
int unlinkat(int directory, const char *path, int flags) { REAL(unlinkat); return POINT(real(directory, path, flags)); }
int rmdir(const char *path) { REAL(rmdir); return POINT(real(path)); }
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) { REAL(pwrite64); return POINT(real(file, data, size, at)); }
ssize_t send(int socket, const void *data, size_t size, int flags) { REAL(send); return POINT(real(socket, data, size, flags)); }
ssize_t sendmsg(int socket, const struct msghdr *message, int flags) { REAL(sendmsg); return POINT(real(socket, message, flags)); }

int open64(const char *path, int flags, ...)
{
    REAL(open64);
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    int file = real(path, flags, mode);
    if (flags & O_CREAT) point();
    return file;
}

ssize_t recv(int socket, void *data, size_t size, int flags)
{
    REAL(recv);
    ssize_t received = real(socket, data, size, flags);
    if (received > 0 && !(flags & MSG_PEEK) && getenv("KILL_READS")) point();
    return received;
}

int connect(int socket, __CONST_SOCKADDR_ARG address, socklen_t size)
{
    REAL(connect);
    if (address.__sockaddr__->sa_family != AF_UNIX) atomic_fetch_add(&connections, 1);
    return real(socket, address, size);
}
