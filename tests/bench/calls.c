/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls - how long a system call takes: the least of many rounds, in nanoseconds
 *
 *     calls CALL
 *
 * CALL is getppid, which does nothing else; pread, a byte of a file; or stat.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 40, CALLS = 2000 };

static int file;

static void do_getppid(void)
{
	(void)syscall(SYS_getppid);
}

static void do_pread(void)
{
	char byte;

	(void)!pread(file, &byte, 1, 0);
}

static void do_stat(void)
{
	struct stat status;

	(void)stat("/usr/bin", &status);
}

/* What a shell, a compiler and a search do most: two calls, and the second wall looks at one. */
static void do_open(void)
{
	(void)close(open("/usr/bin/env", O_RDONLY | O_CLOEXEC));
}

static const struct { const char *name; void (*call)(void); } calls[] = {
	{ "getppid", do_getppid }, { "pread", do_pread }, { "stat", do_stat },
	{ "open", do_open },
};

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static double least(void (*call)(void))
{
	double best = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		double begun = now(), took;

		for (int i = 0; i < CALLS; i++)
			call();
		took = (now() - begun) / CALLS;
		best = took < best ? took : best;
	}
	return best;
}

int main(int argc, char **argv)
{
	file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; argc == 2 && i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(argv[1], calls[i].name) == 0)
			printf("%.1f\n", least(calls[i].call));
	return 0;
}
