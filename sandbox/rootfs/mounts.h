/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mounts - the kernel's mount interface in a few verbs
 *
 * Every mount is made detached, restricted while nobody can see it, and then
 * attached by descriptor (Linux 5.12: open_tree(2), mount_setattr(2),
 * fsopen(2), move_mount(2)).  All verbs return -1 with errno on failure.
 */
#ifndef SANDBOX_MOUNTS_H
#define SANDBOX_MOUNTS_H

#include "sandbox/kernel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* A detached copy of what fd refers to, with all mounts below it.  Returns a descriptor. */
int mount_copy(int fd);

/* Sets MOUNT_ATTR_* on a whole tree of mounts; never clears one. */
int mount_restrict(int tree, uint64_t attributes);

/* The same for one mount, not for those below it. */
int mount_restrict_one(int mount, uint64_t attributes);

/* Lets nothing leave the namespace; nor come in, unless it listens to the host's later mounts. */
int mount_isolate(bool listens);

/* Attaches the detached tree at the place that target refers to, an empty one made for it. */
int mount_attach(int tree, int target);

/* The same, by the place's name in a directory; a link is not followed (move_mount(2)). */
int mount_attach_at(int tree, int directory, const char *name);

/* A tree of mounts: its kind and identity, and the number that no other ever had; 0: unknown. */
int mount_look(int tree, struct stat *status, uint64_t *number);

/*
 * Attaches the tree over what there is, and sees that it lies there: nothing
 * that is to be covered shows because a mount is only believed to cover it.
 */
int mount_cover(int tree, uint64_t number, int target);

struct mount_option {
	const char *key;
	const char *value;	/* NULL: a flag */
};

/*
 * A new, detached file system.  Options end with a NULL key.  Returns a
 * descriptor of its root.
 */
int mount_new(const char *type, const struct mount_option *options, uint64_t attributes);

/* Makes the mount that fd is the root of the root directory, and lets go of the old one. */
int mount_become_root(int fd);

#endif
