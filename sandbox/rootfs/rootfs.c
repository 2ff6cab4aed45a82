/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rootfs - carries out the plan's steps and makes the result the root
 *
 * Theory of operation.  The process's root stays the caller's until the end,
 * so a source, which is a path outside, is what the caller means by it.  The
 * new root is attached on top of "/": it can be reached by descriptor alone,
 * and no path of the caller's, and no link in the new root, leads from one to
 * the other.  Every source is copied (open_tree) before the first step, so no
 * step sees what another made.
 *
 * The copies must be made in the new mount namespace: the kernel refuses to
 * copy a mount of another one (Linux 5.12 to 6.18: EINVAL).
 */
#include "sandbox/rootfs/rootfs.h"

#include "sandbox/cleanup.h"
#include "sandbox/confine/descriptors.h"
#include "sandbox/kernel.h"
#include "sandbox/rootfs/mounts.h"
#include "sandbox/rootfs/resolve.h"
#include "sandbox/rootfs/sockets.h"
#include "sandbox/rootfs/steps.h"
#include "sandbox/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* A new kind of step is a row here, a value in enum step_kind and its name. */
static int (*const kinds[STEP_KINDS])(struct rootfs *rootfs, const struct step *step,
				      const int *sources, struct failure *why) = {
	[STEP_BIND] = step_bind,
	[STEP_BIND_FD] = step_bind,
	[STEP_DATA] = step_data,
	[STEP_TMPFS] = step_tmpfs,
	[STEP_DIR] = step_dir,
	[STEP_FILE] = step_file,
	[STEP_TEXT] = step_text,
	[STEP_SYMLINK] = step_symlink,
	[STEP_PROC] = step_proc,
	[STEP_DEV] = step_dev,
	[STEP_SYS] = step_sys,
	[STEP_MQUEUE] = step_mqueue,
	[STEP_OVERLAY] = step_overlay,
	[STEP_REMOUNT_RO] = step_remount_ro,
	[STEP_CHMOD] = step_chmod,
};

/* ---- sources ------------------------------------------------------------------------------- */

static size_t layers_of(const struct step *step)
{
	size_t n = 0;

	while (step->layers[n] != NULL)
		n++;
	return n;
}

static bool is_bind(const struct step *step)
{
	return step->kind == STEP_BIND || step->kind == STEP_BIND_FD;
}

/* How many sources a step has: an overlay its layers, then the upper and work directories. */
static size_t sources_of(const struct step *step)
{
	if (step->kind == STEP_OVERLAY)
		return layers_of(step) + 2;
	return is_bind(step);
}

static int source_failed(const struct step *step, const char *source, struct failure *why)
{
	(void)fail(why, errno, "%s %s on %s: take hold of the source", step_kind_name(step->kind),
		   source, step->target);
	(void)familiar(why, errno == ENOENT ?
		       "Can't find source path %s" : "Can't get source path %s", source);
	if (errno == ENOENT && step->kind == STEP_BIND && !step->by_default)
		return hint(why, "the -try forms of the bind options pass over a missing source");
	/* A detached mount has a namespace of its own (open_detached_copy()). */
	if (why->err == ENOSPC)
		return hint(why, "the limits are in /proc/sys/user/max_mnt_namespaces "
				 "and /proc/sys/fs/mount-max");
	if (errno == EMFILE)
		return hint(why,
			    "each source takes a descriptor: raise the hard limit (ulimit -Hn)");
	return -1;
}

/* A bind's source is copied as a mount; an overlay's directories are looked up by it later. */
static int take_hold(const struct step *step, int directory, const char *path)
{
	const unsigned empty = path[0] == '\0' ? AT_EMPTY_PATH : 0;

	if (step->kind == STEP_BIND)
		return open_tree(directory, path,
				 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | empty);
	return openat(directory, empty != 0 ? "." : path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int laid_link(const struct step *step, const char *source, const char *laid_in,
		     struct failure *why)
{
	(void)fail(why, 0, "%s %s on %s: a link in %s leads there, where the command can write",
		   step_kind_name(step->kind), source, step->target, laid_in);
	return hint(why, "an earlier command may have laid it: "
			 "say the path that it leads to, if that is meant");
}

/* The layout takes the machine's own where it is; the tree of --rootfs is where the user says. */
static bool is_machines(const struct step *step)
{
	return step->by_default && strcmp(step->source, step->target) == 0;
}

static int pin_one(struct rootfs *rootfs, const struct step *step, const char *source, int *pin,
		   struct failure *why)
{
	const bool plain = rootfs->chase.n == 0 || is_machines(step);
	auto_close found = *pin >= 0 || plain ? -1 : chase_open(&rootfs->chase, source);

	if (*pin >= 0)
		return 0;
	if (plain || found >= 0)
		*pin = plain ? take_hold(step, AT_FDCWD, source) : take_hold(step, found, "");
	if (*pin >= 0 || (step->optional && errno == ENOENT))
		return 0;
	if (!plain && errno == EXDEV)
		return laid_link(step, source, rootfs->chase.laid_in, why);
	return source_failed(step, source, why);
}

/*
 * A mount that the descriptor alone leads to, detached or of another namespace, may
 * be restricted where what lies at the same path is not.  nosuid and nodev it gets
 * in any case.
 */
static bool is_as_restricted(int fd, int pin)
{
	struct statvfs wanted, found;

	return fstatvfs(fd, &wanted) == 0 && fstatvfs(pin, &found) == 0 &&
	       (wanted.f_flag & ~found.f_flag & (ST_RDONLY | ST_NOEXEC)) == 0;
}

/*
 * The kernel copies no mount of another namespace, and a descriptor from
 * outside is of the caller's.  So its path is opened anew in here, and must
 * lead to the very same file.
 */
static int pin_descriptor(const struct step *step, int *pin, struct failure *why)
{
	char name[32], path[PATH_MAX];
	struct stat wanted, found;
	ssize_t length;

	if (*pin >= 0)
		return 0;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", step->fd);
	length = readlink(name, path, sizeof(path) - 1);
	if (!descriptors_are_callers(step->fd))		/* that number may be one of ours by now */
		return fail(why, EBADF, "bind descriptor %d on %s: look at it",
			    step->fd, step->target);
	if (length < 0 || fstat(step->fd, &wanted) < 0)
		return fail(why, errno, "bind descriptor %d on %s: look at it",
			    step->fd, step->target);
	path[length] = '\0';
	*pin = open_tree(AT_FDCWD, path,
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);
	if (*pin < 0)
		return fail(why, errno, "bind descriptor %d on %s: take hold of %s", step->fd,
			    step->target, path);
	if (fstat(*pin, &found) < 0 || found.st_dev != wanted.st_dev ||
	    found.st_ino != wanted.st_ino)
		return fail(why, 0,
			    "bind descriptor %d on %s: %s is not what it refers to any more",
			    step->fd, step->target, path);
	if (!is_as_restricted(step->fd, *pin))
		return fail(why, 0, "bind descriptor %d on %s: the mount that it is of "
				    "has restrictions that %s lacks",
			    step->fd, step->target, path);
	return 0;
}

static int pin_step(struct rootfs *rootfs, const struct step *step, int *sources,
		    struct failure *why)
{
	size_t n;

	if (step->kind == STEP_BIND)
		return pin_one(rootfs, step, step->source, sources, why);
	if (step->kind == STEP_BIND_FD)
		return pin_descriptor(step, sources, why);
	if (step->kind != STEP_OVERLAY)
		return 0;
	n = layers_of(step);
	for (size_t i = 0; i < n; i++)
		if (pin_one(rootfs, step, step->layers[i], &sources[i], why) < 0)
			return -1;
	if (step->source == NULL)
		return 0;
	return pin_one(rootfs, step, step->source, &sources[n], why) < 0 ? -1 :
	       pin_one(rootfs, step, step->work, &sources[n + 1], why);
}

static int make_room(struct rootfs *rootfs, struct failure *why)
{
	const struct steps *steps = &rootfs->plan->steps;

	rootfs->n_sources = 0;
	for (size_t i = 0; i < steps->n; i++)
		rootfs->n_sources += sources_of(&steps->step[i]);
	rootfs->sources = reallocarray(NULL, rootfs->n_sources + 1, sizeof(*rootfs->sources));
	if (rootfs->sources == NULL)
		return fail(why, errno, "make room for %zu sources", rootfs->n_sources);
	for (size_t i = 0; i < rootfs->n_sources; i++)
		rootfs->sources[i] = -1;
	return 0;
}

int rootfs_begin(struct rootfs *rootfs, const struct plan *plan, struct failure *why)
{
	*rootfs = (struct rootfs){
		.plan = plan, .root = -1, .scratch = -1, .terminal = -1, .beside = RESOLVE_NOWHERE,
	};
	if (mount_isolate(plan->customs.propagation) < 0)
		return fail(why, errno, "keep mounts from leaving the sandbox");
	return make_room(rootfs, why);
}

int rootfs_pin(struct rootfs *rootfs, struct failure *why)
{
	const struct steps *steps = &rootfs->plan->steps;
	int *sources = rootfs->sources;

	if (chase_begin(&rootfs->chase, rootfs->plan, why) < 0)
		return -1;
	for (size_t i = 0; i < steps->n; i++) {
		if (pin_step(rootfs, &steps->step[i], sources, why) < 0)
			return -1;
		sources += sources_of(&steps->step[i]);
	}
	return 0;
}

/* ---- attaching ----------------------------------------------------------------------------- */

mode_t step_parent_mode(const struct step *step)
{
	mode_t mode = 0755;

	if (step->has_mode && (step->mode & 0070) == 0)
		mode &= ~(mode_t)0070;
	if (step->has_mode && (step->mode & 0007) == 0)
		mode &= ~(mode_t)0007;
	return mode;
}

static int attach_failed(const struct step *step, bool tree_is_directory, int target,
			 struct failure *why)
{
	int err = errno;
	struct stat status;
	bool mismatch = target >= 0 && fstat(target, &status) == 0 &&
			S_ISDIR(status.st_mode) != tree_is_directory;

	(void)fail(why, mismatch ? 0 : err, "%s %s%s%s%s", step_kind_name(step->kind),
		   step->source != NULL ? step->source : "", step->source != NULL ? " on " : "on ",
		   step->target, !mismatch ? "" : !tree_is_directory ?
		   ": the target is a directory, the source is not" : step->source != NULL ?
		   ": the source is a directory, the target is not" :
		   ": a directory is needed there");
	if (target < 0 && (err == EROFS || err == EACCES || err == EPERM))
		return hint(why, "the mount point does not exist and cannot be made there; make it "
			    "in the tree, or put --tmpfs or --dir on a directory above it first");
	return -1;
}

/* A mount point as the tree that it is for: what is made, and with which mode. */
static enum resolve_make kind_of_place(bool directory, mode_t *mode)
{
	*mode = directory ? 0755 : 0444;
	return directory ? RESOLVE_MAKE_DIRECTORY : RESOLVE_MAKE_FILE;
}

/* Many side by side, none of them there before: no look-up for any but the first. */
static bool attach_beside(struct rootfs *rootfs, int tree, const struct step *step, bool directory)
{
	mode_t mode;
	enum resolve_make what = kind_of_place(directory, &mode);
	const char *name = resolve_make_beside(&rootfs->beside, step->target, what, mode);

	return name != NULL && mount_attach_at(tree, rootfs->beside.directory, name) == 0;
}

/* The root's own first mount has the old root below it; every other one lies in the root. */
static int open_target(struct rootfs *rootfs, const struct step *step, bool directory, bool *made)
{
	mode_t mode;
	enum resolve_make what = kind_of_place(directory, &mode);

	if (rootfs->root < 0)
		return open("/", O_PATH | O_CLOEXEC);
	return resolve_or_make(rootfs->root, step->target, what, mode, step_parent_mode(step),
			       &rootfs->beside, made);
}

/*
 * What nobody asked for is not missed where a read-only tree, or another's, has
 * no such directory.  These are refusals to make one: what is there is not made.
 */
static bool has_no_place(const struct step *step, int target)
{
	return target < 0 && step->by_default &&
	       (errno == EROFS || errno == EACCES || errno == EPERM);
}

/* By what it is, not by its name: "/", "/srv/..", a link to either.  What was just made is not. */
static int is_root(struct rootfs *rootfs, int target, bool *answer)
{
	struct statx place;

	if (rootfs->root_mount == 0) {
		if (statx(rootfs->root, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &place) < 0)
			return -1;
		rootfs->root_mount = place.stx_mnt_id;
		rootfs->root_file = place.stx_ino;
	}
	if (statx(target, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &place) < 0)
		return -1;
	*answer = place.stx_mnt_id == rootfs->root_mount && place.stx_ino == rootfs->root_file;
	return 0;
}

/* What the kernel was told of a tmpfs (shmem_parse_one()), as the new one shows it. */
static bool is_as_asked(int tree, const struct step *step, mode_t mode)
{
	mode_t wanted = step->kind == STEP_TMPFS && step->has_mode ? step->mode : 0755;
	struct statvfs whole;

	if (step->kind != STEP_TMPFS && step->kind != STEP_DEV)
		return true;
	if ((mode & 07777) != wanted)
		return false;
	return step->size == 0 ||
	       (fstatvfs(tree, &whole) == 0 && (whole.f_blocks - 1) * whole.f_frsize < step->size);
}

int step_attach(struct rootfs *rootfs, int tree, const struct step *step, struct failure *why)
{
	auto_close target = -1;
	struct stat status;
	uint64_t number;
	bool directory, root = rootfs->root < 0;
	bool made = root;	/* pivot_root(2) refuses a first one that does not lie there */

	if (mount_look(tree, &status, &number) < 0)
		return fail(why, errno, "%s on %s: look at the source", step_kind_name(step->kind),
			    step->target);
	if (!is_as_asked(tree, step, status.st_mode))
		return fail(why, 0, "%s on %s: the mode or size that was set did not hold",
			    step_kind_name(step->kind), step->target);
	if (is_bind(step) && sockets_check(rootfs->plan, step, &status, why) < 0)
		return -1;
	directory = S_ISDIR(status.st_mode);
	if (root && !directory)
		return fail(why, 0, "%s cannot be the root: it is not a directory", step->source);
	if (!root && attach_beside(rootfs, tree, step, directory))
		return 0;
	target = open_target(rootfs, step, directory, &made);
	if (has_no_place(step, target))
		return 1;
	if (target < 0 || (!root && !made && is_root(rootfs, target, &root) < 0) ||
	    (made ? mount_attach(tree, target) : mount_cover(tree, number, target)) < 0)
		return attach_failed(step, directory, target, why);
	if (!root)
		return 0;
	resolve_forget(&rootfs->beside);
	rootfs->root_mount = 0;
	put_fd(&rootfs->root, fcntl(tree, F_DUPFD_CLOEXEC, 0));
	return rootfs->root >= 0 ? 0 : fail(why, errno, "hold the root");
}

/* ---- building ------------------------------------------------------------------------------ */

/* Without a /dev/pts of its own in the plan, the terminal comes from the host's. */
static int open_terminal(struct rootfs *rootfs, struct failure *why)
{
	if (!rootfs->plan->private_terminal || rootfs->terminal >= 0)
		return 0;
	rootfs->terminal = terminal_open_master(AT_FDCWD, "/dev/ptmx");
	return rootfs->terminal >= 0 ? 0 :
	       fail(why, errno, "make a private terminal from /dev/ptmx");
}

/* Of a mount that is not attached only since Linux 6.15 (may_copy_tree()). */
static bool can_be_copied(int mount)
{
	auto_close copy = mount_copy(mount);

	return copy >= 0;
}

/*
 * For files that are seen only where they are bound.  Where it must be attached
 * for that, then on the old root, which goes, and before the new one covers it.
 */
static int make_scratch(struct rootfs *rootfs, struct failure *why)
{
	static const struct mount_option options[] = { { "mode", "0700" }, { NULL, NULL } };
	auto_close place = -1;

	for (size_t i = 0; i < rootfs->plan->steps.n && rootfs->scratch < 0; i++) {
		if (rootfs->plan->steps.step[i].kind != STEP_DATA)
			continue;
		rootfs->scratch = mount_new("tmpfs", options, ATTR_PLAIN);
		if (rootfs->scratch < 0)
			return fail(why, errno, "make room for data");
		if (can_be_copied(rootfs->scratch))
			return 0;		/* each one costs a wait when the old root goes */
		place = open("/", O_PATH | O_CLOEXEC);
		if (place < 0 || mount_attach(rootfs->scratch, place) < 0)
			return fail(why, errno, "make room for data");
	}
	return 0;
}

int rootfs_build(struct rootfs *rootfs, struct failure *why)
{
	const struct steps *steps = &rootfs->plan->steps;
	int *sources = rootfs->sources;

	if (make_scratch(rootfs, why) < 0)
		return -1;

	for (size_t i = 0; i < steps->n; i++) {
		const struct step *step = &steps->step[i];

		if (kinds[step->kind](rootfs, step, sources, why) < 0)
			return -1;
		sources += sources_of(step);	/* they go with all that is not kept, at once */
	}
	return open_terminal(rootfs, why);
}

int rootfs_enter(struct rootfs *rootfs, struct failure *why)
{
	if (mount_become_root(rootfs->root) < 0) {
		(void)fail(why, errno, "make the new root the root directory");
		return errno == EINVAL ?
		       hint(why, "pivot_root(2) cannot leave an initramfs or a chroot") : -1;
	}
	put_fd(&rootfs->root, -1);
	put_fd(&rootfs->scratch, -1);
	resolve_forget(&rootfs->beside);
	free(rootfs->chase.places);
	free(rootfs->sources);
	rootfs->sources = NULL;
	return 0;
}
