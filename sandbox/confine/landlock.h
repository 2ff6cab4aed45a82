/* SPDX-License-Identifier: GPL-2.0-or-later */
/* landlock - raises the second wall around this process (landlock(7)), by raw calls */
#ifndef SANDBOX_LANDLOCK_H
#define SANDBOX_LANDLOCK_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

/* The version of the kernel's interface; 0 if it has none, or a filter hides it. */
int landlock_version(void);

/*
 * Restricts this process as decided, for good, and proves it.  Paths are looked
 * up beneath the root directory; what cannot be reached gets no right.  Wants
 * no_new_privs.  Returns 0, or -1 with why filled in.
 */
int landlock_restrict(const struct plan *plan, struct failure *why);

#endif
