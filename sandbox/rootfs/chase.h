/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chase - sources, on the way to which no link is followed that the command may have laid
 *
 * What a payload can write it can prepare for the next start: a link in the place
 * of a directory that is bound, too, to something it has never seen
 * (CVE-2024-42472, CVE-2026-34078).  So a link that lies in what the plan makes
 * writable leads nowhere, if the payload could have laid it there.
 */
#ifndef SANDBOX_CHASE_H
#define SANDBOX_CHASE_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"
#include "sandbox/rootfs/resolve.h"

#include <sys/types.h>

/* A directory that the payload can write in. */
struct chase_place {
	dev_t device;
	ino_t inode;
	const char *path;
};

struct chase {
	struct resolve_watch watch;
	struct chase_place *places;
	size_t n;
	bool many;		/* the payload may be others, too, whose rights we do not have */
	const char *laid_in;	/* where the link lies that was not followed */
};

/* Looks for the places of a plan; once more after some were out of reach.  Returns 0 or -1. */
int chase_begin(struct chase *chase, const struct plan *plan, struct failure *why);

/* Opens a source, O_PATH.  Returns -1 with errno: EXDEV where such a link is on the way to it. */
int chase_open(struct chase *chase, const char *source);

#endif
