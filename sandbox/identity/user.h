/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user - who the payload is, as the new root's passwd and group files say
 *
 * Read by a reader of our own, after the new root was entered: the host's name
 * services would load what a hostile tree's nsswitch.conf names.
 */
#ifndef SANDBOX_USER_H
#define SANDBOX_USER_H

#include "sandbox/confine/environment.h"
#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <sys/types.h>

enum { USER_GROUPS = 64 };

struct user {
	uint32_t uid, gid;
	struct identity identity;
	gid_t groups[USER_GROUPS];	/* supplementary, for a user given by name */
	size_t n_groups;
};

/*
 * Finds the plan's user in the root directory's /etc/passwd and /etc/group.
 * A number needs no entry, a name does.  Returns 0, or -1 with why filled in.
 */
int user_find(const struct plan *plan, struct user *user, struct failure *why);

#endif
