/* SPDX-License-Identifier: GPL-2.0-or-later */
/* descriptors - letting go of all but the few that are meant to be kept */
#include "sandbox/confine/descriptors.h"

#include "sandbox/cleanup.h"
#include "sandbox/number.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

struct kept {
	int first;			/* below it nothing is touched */
	const struct passed *passed;	/* by number */
	size_t n;
};

static bool is_kept(const struct kept *kept, int fd)
{
	for (size_t i = 0; i < kept->n; i++)
		if (kept->passed[i].fd == fd)
			return true;
	return fd < kept->first;
}

/*
 * Closes what is listed, and returns how much that was, or -1 with errno.  The list is
 * read while it shrinks; what procfs shows is by number, so none is passed over.  It is
 * no list that lacks its own descriptor.
 */
static int close_listed(DIR *list, const struct kept *kept)
{
	const struct dirent *entry;
	bool itself = false;
	uint64_t fd;
	int n = 0;

	while ((entry = readdir(list)) != NULL)
		if (!number_whole(entry->d_name, INT_MAX, &fd))
			continue;
		else if ((int)fd == dirfd(list))
			itself = true;
		else if (!is_kept(kept, (int)fd) && (n++, close((int)fd) < 0))
			return -1;
	errno = EIO;
	return itself ? n : -1;
}

/* Until the list holds nothing more. */
static int close_all_listed(DIR *list, const struct kept *kept, struct failure *why)
{
	int n = close_listed(list, kept);

	if (n > 0) {
		rewinddir(list);
		n = close_listed(list, kept);
	}
	if (n < 0)
		return fail(why, errno, "close the open descriptors");
	return n == 0 ? 0 : fail(why, 0, "descriptors that were closed are open still");
}

static int by_list(const struct kept *kept, int proc, struct failure *why)
{
	int fd = openat(proc, "self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	int result;

	if (list == NULL)
		return fail(why, errno, "list the open descriptors");
	result = close_all_listed(list, kept, why);
	(void)closedir(list);		/* only read */
	return result;
}

/* close_range(2) is of Linux 5.9; older kernels and filters answer ENOSYS or EPERM, or lie. */
static bool by_range(int first, int proc)
{
	return syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0 &&
	       (proc < first || fcntl(proc, F_GETFD) < 0);
}

/* One range ends with proc in it, by which one sees that it worked; of several one cannot tell. */
int descriptors_close_from(int first, const struct passed *passed, size_t n_passed, int proc,
			   struct failure *why)
{
	struct kept kept = { first, passed, n_passed };

	if (n_passed == 0 && by_range(first, proc))
		return 0;
	return by_list(&kept, proc, why);
}

int descriptors_mark_taken(const int *taken, size_t n, struct failure *why)
{
	for (size_t i = 0; i < n; i++)
		if (fcntl(taken[i], F_SETFD, FD_CLOEXEC) < 0 && errno != EBADF)
			return fail(why, errno, "keep descriptor %d from the command", taken[i]);
	return 0;
}

/* The next one to be kept, from first on. */
static unsigned next_kept(const int *kept, size_t n, unsigned first)
{
	unsigned next = UINT_MAX;

	for (size_t i = 0; i < n; i++)
		if (kept[i] >= 0 && (unsigned)kept[i] >= first && (unsigned)kept[i] < next)
			next = (unsigned)kept[i];
	return next;
}

int descriptors_keep(const int *kept, size_t n, struct failure *why)
{
	for (unsigned first = STDERR_FILENO + 1, next; first != 0; first = next + 1) {
		next = next_kept(kept, n, first);
		if (next > first && syscall(SYS_close_range, first, next - 1, 0U) < 0 &&
		    errno != ENOSYS && errno != EPERM)
			return fail(why, errno, "close descriptors");
	}
	return 0;
}

/* ---- what is passed on --------------------------------------------------------------------- */

/* What io_uring does is seen by no filter, and one begun outside works on paths outside. */
static int check_ring(int fd, const char *option, struct failure *why)
{
	static const char ring[] = "anon_inode:[io_uring]";
	char path[32], target[sizeof(ring)] = "";

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (readlink(path, target, sizeof(target) - 1) < 0)
		return fail(why, errno, "look at what %s%d is", option, fd);
	return strcmp(target, ring) != 0 ? 0 : fail(why, 0, "%s%d is an io_uring", option, fd);
}

/* What is of no file system is of no type (anon_inode_getattr()). */
static int check_one(int fd, bool directory, const char *option, struct failure *why)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return fail(why, errno, "%s%d", option, fd);
	if ((status.st_mode & S_IFMT) == 0)
		return check_ring(fd, option, why);
	if (directory || !S_ISDIR(status.st_mode))
		return 0;
	(void)fail(why, 0, "%s%d is a directory, by which the command could leave the sandbox",
		   option, fd);
	return hint(why, "--bind shows a directory inside; "
			 "--fd-dir %d passes the descriptor all the same", fd);
}

bool descriptors_are_callers(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

static int check_used(const struct plan *plan, struct failure *why)
{
	const struct {
		int fd;
		const char *option;
	} used[] = {
		{ plan->block, "block-fd" }, { plan->sync, "sync-fd" },
		{ plan->userns_block, "userns-block-fd" },
	};

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		if (used[i].fd >= 0 && fcntl(used[i].fd, F_GETFD) < 0)
			return fail(why, errno, "--%s %d", used[i].option, used[i].fd);
	return 0;
}

int descriptors_check(const struct plan *plan, struct failure *why)
{
	if (check_used(plan, why) < 0)
		return -1;
	if (plan->customs.descriptors)
		return 0;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (!is_kept(&(struct kept){ 0, plan->passed, plan->n_passed }, fd) &&
		    fcntl(fd, F_GETFD) >= 0 && check_one(fd, false, "descriptor ", why) < 0)
			return -1;
	for (size_t i = 0; i < plan->n_passed; i++)
		if (check_one(plan->passed[i].fd, plan->passed[i].directory, "--fd ", why) < 0)
			return -1;
	return 0;
}

void descriptors_leave(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_passed; i++)
		if (plan->passed[i].fd > STDERR_FILENO)
			(void)close(plan->passed[i].fd);	/* nothing was written by us */
}

/* ---- the standard ones --------------------------------------------------------------------- */

static bool all_open(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return false;
	return true;
}

int descriptors_fill(struct failure *why)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_NOCTTY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0) {
		(void)fail(why, errno, "open /dev/null for a closed standard descriptor");
		return all_open() ? 0 : -1;	/* a chroot may have no /dev, and no need of one */
	}
	(void)close(fd);		/* nothing was written */
	return 0;
}
