/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_install - filters come into force, and are read back
 *
 * What follows is exec alone.  A filter of the user's has to let that through,
 * and read(2), by which croft sees that it is in force.
 */
#include "sandbox/confine/filters.h"

#include "sandbox/cleanup.h"
#include "sandbox/confine/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* How many filters a process's status tells; -2: Linux before 5.9, which does not; -1: errno. */
static int read_count(int status, int *mode)
{
	static char text[1 << 16];	/* the caller may be in thousands of groups */
	ssize_t n = read(status, text, sizeof(text) - 1);
	const char *line;
	int count = 0;

	*mode = -1;
	if (n < 0)
		return -1;
	text[n] = '\0';
	line = strstr(text, "\nSeccomp:\t");
	if (line == NULL || sscanf(line, "\nSeccomp: %d", mode) != 1)
		return 0;
	line = strstr(line, "\nSeccomp_filters:\t");
	return line != NULL && sscanf(line, "\nSeccomp_filters: %d", &count) == 1 ? count : -2;
}

int filters_open_status(int proc, int *in_force, struct failure *why)
{
	auto_close status = openat(proc, "self/status", O_RDONLY | O_CLOEXEC);
	int mode;

	if (status < 0)
		return fail(why, errno, "open /proc/self/status");
	*in_force = 0;
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_DISABLED)
		return take_fd(&status);	/* the one read is that of what is installed */
	*in_force = read_count(status, &mode);
	if (*in_force == -1 || lseek(status, 0, SEEK_SET) != 0)	/* the next read makes a new text */
		return fail(why, errno, "read /proc/self/status");
	return take_fd(&status);
}

static int read_back(int status, int in_force, int installed, struct failure *why)
{
	int mode, count = read_count(status, &mode);

	if (count == -1)
		return fail(why, errno, "read under the filters whether they are in force");
	if (mode != SECCOMP_MODE_FILTER ||
	    (in_force >= 0 && count >= 0 && count != in_force + installed))
		return fail(why, 0, "the filters that were installed are not in force");
	return 0;
}

static int install_each(const struct syscalls *syscalls, struct failure *why)
{
	for (size_t i = 0; i < syscalls->n_filters; i++) {
		const struct plan_filter *filter = &syscalls->filter[i];
		const struct sock_fprog program = {
			.len = (unsigned short)filter->filter.n,
			.filter = (struct sock_filter *)filter->filter.code,
		};

		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
			return fail(why, errno, "install the filter of %s", filter->name);
	}
	return (int)syscalls->n_filters;
}

int filters_install(const struct plan *plan, int gate, int status, int in_force,
		    struct failure *why)
{
	const struct filter *joined = &plan->syscalls.for_listener;
	int installed = joined->n > 0 ? listener_install(joined, gate, why) : 0;

	/* No kills are told where a sandbox around croft has it, or the kernel is older. */
	if (installed == 0)
		installed = install_each(&plan->syscalls, why);
	return installed <= 0 ? installed : read_back(status, in_force, installed, why);
}
