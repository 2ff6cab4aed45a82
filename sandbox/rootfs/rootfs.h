/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rootfs - carries out the plan's steps and makes the result the root
 *
 * Runs in setup, inside the new mount namespace.  rootfs_pin() needs no mapped
 * ID but for what its own owner closed, and can run while the helpers work;
 * rootfs_build() makes files, and so needs the maps.
 */
#ifndef SANDBOX_ROOTFS_H
#define SANDBOX_ROOTFS_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"
#include "sandbox/rootfs/chase.h"
#include "sandbox/rootfs/resolve.h"

#include <stdint.h>

struct rootfs {
	const struct plan *plan;
	struct chase chase;	/* how sources are found */
	int *sources;		/* detached copies of what the steps bind, step by step; -1: none */
	size_t n_sources;
	int root;		/* the topmost mount on "/" inside */
	uint64_t root_mount, root_file;	/* which that is, once it was looked at; else 0 */
	struct resolve_memory beside;	/* where the last mount point was made */
	int scratch;		/* a file system that nobody will see, or -1 */
	int terminal;		/* the private terminal's master, or -1 */
};

/* Makes the namespace private.  Returns 0 or -1. */
int rootfs_begin(struct rootfs *rootfs, const struct plan *plan, struct failure *why);

/* Takes hold of each source not held yet.  Returns 0 or -1; after EACCES it may be called again. */
int rootfs_pin(struct rootfs *rootfs, struct failure *why);

/* Carries out the steps, in order, on top of the old root.  Returns 0 or -1. */
int rootfs_build(struct rootfs *rootfs, struct failure *why);

/* Makes it the root directory; the old root is gone after that.  Returns 0 or -1. */
int rootfs_enter(struct rootfs *rootfs, struct failure *why);

#endif
