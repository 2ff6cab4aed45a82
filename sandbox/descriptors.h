/* SPDX-License-Identifier: GPL-2.0-or-later */
/* descriptors - letting go of all but the few that are meant to be kept */
#ifndef SANDBOX_DESCRIPTORS_H
#define SANDBOX_DESCRIPTORS_H

#include "sandbox/failure.h"

/*
 * Closes every descriptor from first on.  Where close_range(2) is refused
 * they are listed from proc, an O_PATH descriptor of a /proc mount that shows
 * this process (it is let go of, too).  Returns 0 only if none was missed.
 */
int descriptors_close_from(int first, int proc, struct failure *why);

/* Opens /dev/null for those of 0-2 that are closed: no later open may land there. */
int descriptors_fill(struct failure *why);

#endif
