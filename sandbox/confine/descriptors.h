/* SPDX-License-Identifier: GPL-2.0-or-later */
/* descriptors - letting go of all but the few that are meant to be kept */
#ifndef SANDBOX_DESCRIPTORS_H
#define SANDBOX_DESCRIPTORS_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <stdbool.h>

/*
 * Launcher, before anything is opened: sees that what the payload is to get is
 * open, and that nothing of it leads out of the sandbox: no directory, unless
 * that was asked for, and no ring that makes system calls in our stead.  What is
 * waited for or held has to be open as well: its number would be one of ours later.
 */
int descriptors_check(const struct plan *plan, struct failure *why);

/* Whether it came open from the caller: none of ours would stay open over an exec. */
bool descriptors_are_callers(int fd);

/*
 * Launcher, after the fork: lets go of what is the payload's, so that its end of file is
 * the payload's doing.
 */
void descriptors_leave(const struct plan *plan);

/*
 * Closes every descriptor from first on but for those that are passed.  Where some are,
 * or close_range(2) is refused, they are listed from proc, an O_PATH descriptor of a
 * /proc mount that shows this process (it is let go of, too).  Returns 0 only if none
 * was missed.
 */
int descriptors_close_from(int first, const struct passed *passed, size_t n_passed, int proc,
			   struct failure *why);

/*
 * What came open from the caller and was for us: exec closes it.  Ours are
 * close-on-exec anyway, so a number that the caller never opened does no harm.
 */
int descriptors_mark_taken(const int *taken, size_t n, struct failure *why);

/* Closes all but 0 to 2 and the n that are kept (-1: none). */
int descriptors_keep(const int *kept, size_t n, struct failure *why);

/* Opens /dev/null for those of 0-2 that are closed: no later open may land there. */
int descriptors_fill(struct failure *why);

#endif
