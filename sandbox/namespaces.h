/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * namespaces - making them, and saying why they cannot be made
 *
 * The user namespace is made first, with setup's process; what else is made
 * together with it and what by setup itself while the helpers work is decided
 * here.  No mapped ID is needed for any of it.
 */
#ifndef SANDBOX_NAMESPACES_H
#define SANDBOX_NAMESPACES_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <sys/types.h>

/*
 * Launcher: forks setup into new namespaces.  Returns its PID, with a pidfd in
 * *pidfd; 0 in the child; -1 with why filled in.
 */
pid_t namespaces_fork(const struct plan *plan, int *pidfd, struct failure *why);

/* Setup: makes those that namespaces_fork() did not, and furnishes them.  Returns 0 or -1. */
int namespaces_enter(const struct plan *plan, struct failure *why);

/*
 * Setup: forks the payload's process, in a second user and mount namespace if
 * inner.  As namespaces_fork().
 */
pid_t namespaces_fork_payload(bool inner, int *pidfd, struct failure *why);

/* Makes the second user and mount namespace for this process itself.  Returns 0 or -1. */
int namespaces_enter_inner(struct failure *why);

#endif
