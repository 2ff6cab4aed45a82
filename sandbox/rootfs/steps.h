/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps - how each kind of step is carried out; for rootfs.c alone */
#ifndef SANDBOX_STEPS_H
#define SANDBOX_STEPS_H

#include "sandbox/kernel.h"
#include "sandbox/rootfs/rootfs.h"

#include <stdint.h>
#include <sys/types.h>

/* What every mount of ours carries: DESIGN's "nosuid and nodev unless asked". */
#define ATTR_PLAIN (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
#define ATTR_DATA (ATTR_PLAIN | MOUNT_ATTR_NOEXEC)

/*
 * Attaches the tree at the step's target, a directory or a file by what the
 * tree is, made if it is missing.  A tree put on "/" becomes the root that
 * later steps build on.  Returns 0, or -1; or 1 if it is the layout's own and
 * the root has no place for it, and none can be made.
 */
int step_attach(struct rootfs *rootfs, int tree, const struct step *step, struct failure *why);

/* The permissions of directories made on the way to a target (bwrap's rule). */
mode_t step_parent_mode(const struct step *step);

/* A copy of the machine's /dev/null, checked, to cover a file with.  Returns a descriptor or -1. */
int step_copy_null(struct failure *why);

int step_bind(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why);
int step_tmpfs(struct rootfs *rootfs, const struct step *step, const int *sources,
	       struct failure *why);
int step_proc(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why);
int step_sys(struct rootfs *rootfs, const struct step *step, const int *sources,
	     struct failure *why);
int step_mqueue(struct rootfs *rootfs, const struct step *step, const int *sources,
		struct failure *why);
int step_remount_ro(struct rootfs *rootfs, const struct step *step, const int *sources,
		    struct failure *why);
int step_overlay(struct rootfs *rootfs, const struct step *step, const int *sources,
		 struct failure *why);
int step_dev(struct rootfs *rootfs, const struct step *step, const int *sources,
	     struct failure *why);
int step_dir(struct rootfs *rootfs, const struct step *step, const int *sources,
	     struct failure *why);
int step_file(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why);
int step_data(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why);
int step_text(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why);
int step_symlink(struct rootfs *rootfs, const struct step *step, const int *sources,
		 struct failure *why);
int step_chmod(struct rootfs *rootfs, const struct step *step, const int *sources,
	       struct failure *why);

#endif
