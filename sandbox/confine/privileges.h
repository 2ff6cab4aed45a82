/* SPDX-License-Identifier: GPL-2.0-or-later */
/* privileges - what the payload may still do; every drop is read back (capabilities(7)) */
#ifndef SANDBOX_PRIVILEGES_H
#define SANDBOX_PRIVILEGES_H

#include "sandbox/failure.h"
#include "sandbox/identity/user.h"
#include "sandbox/plan.h"

/*
 * Makes this process the user, with the plan's capabilities and no others, and
 * with no_new_privs.  Root inside gets them by exec, from the bounding set;
 * another user gets those that were asked for by name, as ambient ones.
 * privileges_check() tells whether it held.
 */
int privileges_drop(const struct plan *plan, const struct user *user, struct failure *why);

/* What a process holds, as the kernel says. */
struct privileges {
	uint64_t permitted, effective, inheritable, bounding, ambient;
	bool no_new_privs;
};

int privileges_read(struct privileges *held);	/* 0, or -1 with errno */
/*
 * Reads IDs, groups, no_new_privs and the five sets back, and compares them with
 * the plan.  Returns 0 only if all of it holds.
 */
int privileges_check(const struct plan *plan, const struct user *user, struct failure *why);

/* The reaper's: keeps CAP_KILL alone, to end processes of whatever user. */
int privileges_keep_kill(struct failure *why);

/* Setup works as root inside where root is mapped.  Returns 0, or -1 with why filled in. */
int privileges_become_root(const struct plan *plan, struct failure *why);

#endif
