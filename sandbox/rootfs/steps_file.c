/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps_file - steps that make or change a file, a directory or a link
 *
 * The tree they work in may be hostile.  Every target is opened inside the
 * root with O_PATH, which waits for nothing and acts on nothing; what it is
 * gets looked at; and the act goes to that very file, by the descriptor.
 */
#include "sandbox/rootfs/steps.h"

#include "sandbox/cleanup.h"
#include "sandbox/confine/descriptors.h"
#include "sandbox/rootfs/mounts.h"
#include "sandbox/rootfs/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *kind_of(const struct stat *status)
{
	switch (status->st_mode & S_IFMT) {
	case S_IFREG: return "a file";
	case S_IFDIR: return "a directory";
	case S_IFLNK: return "a symbolic link";
	case S_IFIFO: return "a FIFO";
	case S_IFSOCK: return "a socket";
	default: return "a device";
	}
}

/*
 * A path to what an O_PATH descriptor refers to, for calls that take no such
 * descriptor (open(2), and chmod(2) before Linux 6.6).  The process's root is
 * still the caller's, so this is the caller's /proc, whatever the new root has.
 */
struct by_descriptor {
	char path[32];
};

static const char *name_of(int fd, struct by_descriptor *name)
{
	(void)snprintf(name->path, sizeof(name->path), "/proc/self/fd/%d", fd);
	return name->path;
}

/* ---- directories --------------------------------------------------------------------------- */

int step_dir(struct rootfs *rootfs, const struct step *step, const int *sources,
	     struct failure *why)
{
	const struct plan *plan = rootfs->plan;
	bool made;
	auto_close fd = resolve_or_make(rootfs->root, step->target, RESOLVE_MAKE_DIRECTORY,
					step->has_mode ? step->mode : 0755, step_parent_mode(step),
					NULL, &made);
	struct stat status;

	(void)sources;
	if (fd < 0 || (!made && fstat(fd, &status) < 0))
		return fail(why, errno, "make the directory %s", step->target);
	if (!made && !S_ISDIR(status.st_mode))
		return fail(why, 0, "make the directory %s: %s is there", step->target,
			    kind_of(&status));
	if (step->payloads && made && fchownat(fd, "", plan->uid, plan->gid, AT_EMPTY_PATH) < 0)
		return fail(why, errno, "give the directory %s to %u:%u", step->target, plan->uid,
			    plan->gid);
	return 0;
}

/* ---- files --------------------------------------------------------------------------------- */

/* Opens the target empty, for writing; only a regular file will do. */
static int open_empty(const struct rootfs *rootfs, const struct step *step, mode_t mode,
		      struct failure *why)
{
	auto_close found = resolve_or_make(rootfs->root, step->target, RESOLVE_MAKE_FILE,
					   step->has_mode ? step->mode : mode,
					   step_parent_mode(step), NULL, NULL);
	struct by_descriptor name;
	struct stat status;
	int fd;

	if (found < 0 || fstat(found, &status) < 0)
		return fail(why, errno, "make the file %s", step->target);
	if (!S_ISREG(status.st_mode))
		return fail(why, 0, "make the file %s: %s is there", step->target,
			    kind_of(&status));
	/* O_NONBLOCK: not even another's lease on the file makes us wait (fcntl(2), F_SETLEASE). */
	fd = open(name_of(found, &name), O_WRONLY | O_TRUNC | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd >= 0 ? fd : fail(why, errno, "write the file %s", step->target);
}

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0)
			return -1;
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

/* Some file systems tell only at the end that there was no room. */
static int finish(int *fd, const struct step *step, struct failure *why)
{
	return close(take_fd(fd)) == 0 ? 0 : fail(why, errno, "write the file %s", step->target);
}

/*
 * What the caller passed cannot be close-on-exec, or exec would have closed
 * it; all that is croft's own is.  So a number that the caller never opened
 * does not reach into croft.  A descriptor is good for one step: the second
 * would find its end and make an empty file.
 */
static int take_callers(int fd)
{
	if (descriptors_are_callers(fd))
		return fcntl(fd, F_SETFD, FD_CLOEXEC);
	errno = EBADF;
	return -1;
}

static int copy_content(const struct step *step, int *to, struct failure *why)
{
	char bytes[16384];
	ssize_t n;

	while ((n = read(step->fd, bytes, sizeof(bytes))) > 0)
		if (write_all(*to, bytes, (size_t)n) < 0)
			return fail(why, errno, "write the file %s", step->target);
	if (n < 0)
		return fail(why, errno, "file %d on %s: read it", step->fd, step->target);
	return finish(to, step, why);
}

static int take_content(const struct step *step, struct failure *why)
{
	if (take_callers(step->fd) == 0)
		return 0;
	return fail(why, errno, "file %d on %s: it is not open, or was read by another step",
		    step->fd, step->target);
}

int step_file(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why)
{
	auto_close to = -1;

	(void)sources;
	if (take_content(step, why) < 0)
		return -1;
	to = open_empty(rootfs, step, 0666, why);
	return to < 0 ? -1 : copy_content(step, &to, why);
}

/* A file that has no name but the one where it is bound. */
int step_data(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why)
{
	static const char name[] = "data";
	uint64_t attributes = ATTR_PLAIN | (step->read_only ? MOUNT_ATTR_RDONLY : 0);
	auto_close to = -1, tree = -1;

	(void)sources;
	if (take_content(step, why) < 0)
		return -1;
	to = openat(rootfs->scratch, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    step->has_mode ? step->mode : 0600);
	if (to < 0)
		return fail(why, errno, "make room for what is bound on %s", step->target);
	if (copy_content(step, &to, why) < 0)
		return -1;
	tree = open_tree(rootfs->scratch, name, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 || mount_restrict_one(tree, attributes) < 0)
		return fail(why, errno, "take hold of what is bound on %s", step->target);
	if (step_attach(rootfs, tree, step, why) < 0)	/* not without a name (d_set_mounted()) */
		return -1;
	return unlinkat(rootfs->scratch, name, 0) == 0 ? 0 :
	       fail(why, errno, "make room for what is bound next");
}

int step_text(struct rootfs *rootfs, const struct step *step, const int *sources,
	      struct failure *why)
{
	auto_close to = open_empty(rootfs, step, 0644, why);

	(void)sources;
	if (to < 0)
		return -1;
	if (write_all(to, step->source, strlen(step->source)) < 0)
		return fail(why, errno, "write the file %s", step->target);
	return finish(&to, step, why);
}

/* ---- links --------------------------------------------------------------------------------- */

/* The name is taken: by the very same link, or by something to be told. */
static int compare_link(int directory, const char *leaf, const struct step *step,
			struct failure *why)
{
	char text[PATH_MAX];
	ssize_t length = readlinkat(directory, leaf, text, sizeof(text) - 1);
	struct stat status;

	if (length >= 0) {
		text[length] = '\0';
		if (strcmp(text, step->source) == 0)
			return 0;
		(void)fail(why, 0, "symlink %s on %s: a link to %s is there", step->source,
			   step->target, text);
		return familiar(why, "Can't make symlink at %s: existing destination is %s",
				step->target, text);
	}
	if (errno == EINVAL && fstatat(directory, leaf, &status, AT_SYMLINK_NOFOLLOW) == 0)
		return fail(why, 0, "symlink %s on %s: %s is there", step->source, step->target,
			    kind_of(&status));
	return fail(why, errno, "symlink %s on %s: read what is there", step->source, step->target);
}

int step_symlink(struct rootfs *rootfs, const struct step *step, const int *sources,
		 struct failure *why)
{
	char leaf[NAME_MAX + 1];
	auto_close directory =
		resolve_parent(rootfs->root, step->target, step_parent_mode(step), leaf);

	(void)sources;
	if (directory >= 0 && symlinkat(step->source, directory, leaf) == 0)
		return 0;
	if (directory < 0 || errno != EEXIST)
		return fail(why, errno, "symlink %s on %s", step->source, step->target);
	return compare_link(directory, leaf, step, why);
}

/* ---- permissions --------------------------------------------------------------------------- */

int step_chmod(struct rootfs *rootfs, const struct step *step, const int *sources,
	       struct failure *why)
{
	auto_close fd = resolve(rootfs->root, step->target);
	struct by_descriptor name;

	(void)sources;
	if (fd < 0 || chmod(name_of(fd, &name), step->mode) < 0)
		return fail(why, errno, "chmod %o %s", step->mode, step->target);
	return 0;
}
