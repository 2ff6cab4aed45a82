/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * starve - lets an allocation of the program that it is linked into fail
 *
 * The linker sends every use of malloc(3) and its kin here (--wrap), that of a
 * static C library, too.  CROFT_STARVE=N,MANY,FD: the N-th of each process
 * fails, counted from 1 with those before its fork, and MANY in all; at FD is a
 * file of one number, which counts what failed in any process.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t n, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t n, size_t size);

static unsigned long first, many, asked;
static unsigned *failed;

__attribute__((constructor)) static void begin(void)
{
	const char *wish = getenv("CROFT_STARVE");
	int fd;

	if (wish == NULL || sscanf(wish, "%lu,%lu,%d", &first, &many, &fd) != 3)
		return;
	failed = mmap(NULL, sizeof(*failed), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	asked = 0;			/* what the lines above took is not the program's */
}

static bool fails(void)
{
	if (failed == NULL || failed == MAP_FAILED || ++asked < first || asked - first >= many)
		return false;
	__atomic_add_fetch(failed, 1, __ATOMIC_SEQ_CST);
	errno = ENOMEM;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t n, size_t size)
{
	return fails() ? NULL : __real_reallocarray(old, n, size);
}
