/* SPDX-License-Identifier: GPL-2.0-or-later */
/* descriptors - letting go of all but the few that are meant to be kept */
#include "sandbox/descriptors.h"

#include "sandbox/cleanup.h"
#include "sandbox/number.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/syscall.h>

/* The list is read while it shrinks; what procfs shows is by number, so none is passed over. */
static int walk(DIR *list, int first)
{
	const struct dirent *entry;
	uint64_t fd;

	while ((entry = readdir(list)) != NULL)
		if (number_whole(entry->d_name, INT_MAX, &fd) && (int)fd >= first &&
		    (int)fd != dirfd(list) && close((int)fd) < 0)
			return -1;
	return 0;
}

static int by_list(int first, int proc, struct failure *why)
{
	int fd = openat(proc, "self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	int result;

	if (list == NULL)
		return fail(why, errno, "list the open descriptors, since close_range(2) is refused");
	result = walk(list, first);
	if (result < 0)
		(void)fail(why, errno, "close the open descriptors");
	(void)closedir(list);		/* only read */
	return result;
}

int descriptors_close_from(int first, int proc, struct failure *why)
{
	/* Linux 5.9; older kernels and filters answer ENOSYS or EPERM. */
	if (syscall(SYS_close_range, first, ~0U, 0U) == 0)
		return 0;
	return by_list(first, proc, why);
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
