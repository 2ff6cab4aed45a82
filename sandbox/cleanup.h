/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cleanup - descriptors and memory that let go by themselves
 *
 * An owner is declared with auto_close or auto_free and initialised at once;
 * take_fd() is the only way to give a descriptor away.
 */
#ifndef SANDBOX_CLEANUP_H
#define SANDBOX_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

static inline void close_owned(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);	/* nothing was written that could be lost */
}

static inline void free_owned(void *pointer)
{
	free(*(void **)pointer);
}

/* Returns the descriptor in *fd, which the caller now owns, and leaves -1. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* Closes what *fd holds, if anything, and puts the descriptor now there. */
static inline void put_fd(int *fd, int now)
{
	close_owned(fd);
	*fd = now;
}

#define auto_close __attribute__((cleanup(close_owned))) int
#define auto_free __attribute__((cleanup(free_owned)))

#endif
