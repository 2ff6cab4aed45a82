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
