/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * namespaces - making them, and saying why they cannot be made
 *
 * The fork of setup makes all but the network namespace: the kernel makes the
 * user namespace first, and the rest belong to it.  The network namespace
 * takes longer than all others together (about 250 of 360 microseconds on
 * Linux 6.18), so it is made by the payload's process while setup makes the
 * root and the helpers work.  No mapped ID is needed for any of it.
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

/* Setup: forks within them.  Returns the PID; 0 in the child; -1 with why filled in. */
pid_t namespaces_fork_within(struct failure *why);

/* Setup: moves the clocks, and names the host.  Returns 0, or -1 with why filled in. */
int namespaces_furnish(const struct plan *plan, struct failure *why);

/* Makes the network namespace, if the plan has one, with its loopback up.  Returns 0 or -1. */
int namespaces_enter_network(const struct plan *plan, int proc, struct failure *why);

/* Makes the second user namespace, and what else the plan wants made again, for this process. */
int namespaces_enter_inner(const struct plan *plan, int proc, struct failure *why);

/*
 * Launcher, before the fork: joins the plan's user namespace, and has the child
 * begin in its PID namespace.  Returns 0, or -1 with why filled in.
 */
int namespaces_join(const struct plan *plan, struct failure *why);

/* Joins the plan's last user namespace, if it names one.  Returns 0, or -1 with why filled in. */
int namespaces_join_last(const struct plan *plan, struct failure *why);

/*
 * No user namespace can be made inside, unless the plan allows it: by a limit in
 * the first one.  proc is a descriptor of a /proc mount.
 */
int namespaces_forbid_inside(const struct plan *plan, int proc, struct failure *why);

/* Lets one more user namespace be made below this one; proc is an O_PATH descriptor of /proc. */
int namespaces_forbid_more(int proc, struct failure *why);

/* Launcher: is the child in none of the caller's namespaces that were to be new? */
int namespaces_check(const struct plan *plan, pid_t child, struct failure *why);

/* Returns 0 only if this process can make no user namespace. */
int namespaces_none_can_be_made(struct failure *why);

#endif
