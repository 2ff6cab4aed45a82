/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chase - sources, on the way to which no link is followed that the command may have laid */
#include "sandbox/rootfs/chase.h"

#include "sandbox/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/* ---- the places ---------------------------------------------------------------------------- */

static bool is_writable(const struct step *step)
{
	if (step->kind == STEP_OVERLAY)
		return step->source != NULL;
	return (step->kind == STEP_BIND || step->kind == STEP_BIND_FD) && !step->read_only;
}

static int look(const struct step *step, struct stat *status)
{
	return step->kind == STEP_BIND_FD ? fstat(step->fd, status) : stat(step->source, status);
}

/* What cannot be looked at cannot be taken hold of either, which is told there. */
int chase_begin(struct chase *chase, const struct plan *plan, struct failure *why)
{
	const struct steps *steps = &plan->steps;
	struct stat status;

	chase->n = 0;
	chase->many = !plan->single;
	for (size_t i = 0; !plan->customs.links && i < steps->n; i++) {
		const struct step *step = &steps->step[i];

		if (!is_writable(step) || look(step, &status) < 0 || !S_ISDIR(status.st_mode))
			continue;
		if (chase->places == NULL)
			chase->places = calloc(steps->n, sizeof(*chase->places));
		if (chase->places == NULL)
			return fail(why, errno, "remember what is writable");
		chase->places[chase->n++] = (struct chase_place){
			status.st_dev, status.st_ino,
			step->source != NULL ? step->source : step->target,
		};
	}
	return 0;
}

/* ---- links --------------------------------------------------------------------------------- */

static bool is_place(struct chase *chase, const struct stat *directory)
{
	for (size_t i = 0; i < chase->n; i++)
		if (chase->places[i].device == directory->st_dev &&
		    chase->places[i].inode == directory->st_ino) {
			chase->laid_in = chase->places[i].path;
			return true;
		}
	return false;
}

/*
 * Can the caller change what is in a directory, or will once its mode is changed?  Whose
 * number is whose may not be known yet; but O_NOATIME is for the owner alone (EPERM).
 */
static bool is_callers(int directory)
{
	auto_close owned = -1;

	if (faccessat(directory, ".", W_OK, 0) == 0)
		return true;
	put_fd(&owned, openat(directory, ".", O_RDONLY | O_DIRECTORY | O_NOATIME | O_CLOEXEC));
	return owned >= 0 || errno != EPERM;
}

/*
 * Upwards to the root: a link that nobody but others can write beside is laid all the
 * same by whoever can exchange a directory above it.  Whoever moves directories about
 * meanwhile moves them within the places, and out of one there is no way up but
 * through its top.  What the caller may not do, a payload that is nobody but the caller
 * may not either.
 */
static bool can_lay(struct chase *chase, int directory)
{
	auto_close at = fcntl(directory, F_DUPFD_CLOEXEC, 0);
	bool changes = chase->many;
	struct stat here, above;

	if (at < 0 || fstat(at, &here) < 0)
		return true;
	for (;;) {
		changes = changes || is_callers(at);
		if (changes && is_place(chase, &here))
			return true;
		put_fd(&at, openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
		if (at < 0 || fstat(at, &above) < 0)
			return true;
		if (above.st_dev == here.st_dev && above.st_ino == here.st_ino)
			return false;		/* the root */
		here = above;
	}
}

static bool trusts(struct resolve_watch *watch, int directory)
{
	struct chase *chase = (struct chase *)watch;	/* its first member */
	struct statfs file_system;

	if (fstatfs(directory, &file_system) == 0 && file_system.f_type == PROC_SUPER_MAGIC)
		return true;		/* only the kernel makes links there */
	chase->laid_in = "a directory that cannot be looked at";
	return !can_lay(chase, directory);
}

/* ---- the way ------------------------------------------------------------------------------- */

/* Mostly there are no links at all. */
static int open_without_links(const char *source)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };

	return (int)syscall(SYS_openat2, AT_FDCWD, source, &how, sizeof(how));
}

int chase_open(struct chase *chase, const char *source)
{
	int fd = open_without_links(source);

	if (fd >= 0 || errno == ENOENT || errno == ENOTDIR || errno == EACCES)
		return fd;
	chase->watch.trusts = trusts;
	return resolve_outside(source, &chase->watch);
}
