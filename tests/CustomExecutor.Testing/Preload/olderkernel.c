/* Preloaded into the driver: Landlock as a kernel of ABI LANDLOCK_ABI has it (0: a kernel without). What such a kernel does not know it
 * refuses, as the real one would; so the driver is seen to ask for no more. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

enum { CREATE_RULESET = 444, TELL_VERSION = 1 };

static int refuse(int error) { errno = error; return -1; }

static int knows(int abi, const uint64_t *attributes, size_t size)
{
    uint64_t files = abi < 2 ? 0x1fff : abi < 3 ? 0x3fff : abi < 5 ? 0x7fff : abi < 9 ? 0xffff : 0x1ffff;
    if (size > (abi < 4 ? 8 : abi < 6 ? 16 : 24)) return 0;
    return (attributes[0] & ~files) == 0;
}

long syscall(long number, ...)
{
    static long (*real)(long, ...);
    if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    if (number == CREATE_RULESET) {
        int abi = atoi(getenv("LANDLOCK_ABI"));
        if (abi == 0) return refuse(ENOSYS);
        if (c == TELL_VERSION) return abi;
        if (!knows(abi, (const uint64_t *)a, b)) return refuse(EINVAL);
    }
    return real(number, a, b, c, d, e, f);
}
