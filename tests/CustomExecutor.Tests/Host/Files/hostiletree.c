/* Makes and changes trees as a hostile script does.
   deep N DIR: N directories below each other.
   many N DIR: N files, 1000 to a directory.
   swap DIR TARGET: exchanges each directory in DIR with a link to TARGET, over and over, until DIR is gone.
   move DIR ELSEWHERE: moves the directories in DIR to ELSEWHERE and back, until DIR is gone.
   fill DIR: creates files and directories in DIR, until it is gone. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES = 40, FILES = 1000 };

static void deep(int count, const char *top)
{
    int here = open(top, O_DIRECTORY);
    for (int i = 0; i < count; i++) {
        if (mkdirat(here, "d", 0700) != 0) exit(1);
        int below = openat(here, "d", O_DIRECTORY);
        close(here);
        here = below;
    }
}

static void many(int count, const char *top)
{
    char name[64];
    if (chdir(top) != 0) exit(1);
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%d", i / FILES);
        if (i % FILES == 0 && mkdir(name, 0700) != 0) exit(1);
        snprintf(name, sizeof name, "%d/%d", i / FILES, i);
        close(open(name, O_CREAT | O_WRONLY, 0600));
    }
}

static void swap(const char *top, const char *target)
{
    char name[16], link[16];
    struct stat facts;
    if (chdir(top) != 0) exit(1);
    for (unsigned i = 0; fstat(open(".", O_PATH | O_CLOEXEC), &facts) == 0 && facts.st_nlink > 0; i++) {
        for (int fd = 3; fd < 64; fd++) close(fd);
        snprintf(name, sizeof name, "%u", i % NAMES);
        snprintf(link, sizeof link, "l%u", i % NAMES);
        mkdir(name, 0700);
        symlink(target, link);
        renameat2(AT_FDCWD, name, AT_FDCWD, link, RENAME_EXCHANGE);
    }
}

static void move(const char *top, const char *elsewhere)
{
    char name[16];
    struct stat facts;
    int here = open(top, O_DIRECTORY), away = open(elsewhere, O_DIRECTORY);
    for (unsigned i = 0; fstat(here, &facts) == 0 && facts.st_nlink > 0; i++) {
        snprintf(name, sizeof name, "%u", i % NAMES);
        if (renameat(here, name, away, name) == 0) renameat(away, name, here, name);
    }
}

static void fill(const char *top)
{
    char name[16];
    struct stat facts;
    int here = open(top, O_DIRECTORY);
    for (unsigned i = 0; fstat(here, &facts) == 0 && facts.st_nlink > 0; i++) {
        snprintf(name, sizeof name, "%u", i % FILES);
        if (i % 2) mkdirat(here, name, 0);
        else close(openat(here, name, O_CREAT | O_WRONLY, 0600));
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    if (strcmp(argv[1], "deep") == 0) deep(atoi(argv[2]), argv[3]);
    else if (strcmp(argv[1], "many") == 0) many(atoi(argv[2]), argv[3]);
    else if (strcmp(argv[1], "swap") == 0) swap(argv[2], argv[3]);
    else if (strcmp(argv[1], "move") == 0) move(argv[2], argv[3]);
    else if (strcmp(argv[1], "fill") == 0) fill(argv[2]);
    else return 2;
    return 0;
}
