/* SPDX-License-Identifier: GPL-2.0-or-later */
/* landlock - raises the second wall around this process (landlock(7)), by raw calls */
#include "sandbox/confine/landlock.h"

#include "sandbox/cleanup.h"
#include "sandbox/confine/landlock_rules.h"
#include "sandbox/kernel.h"
#include "sandbox/rootfs/resolve.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

int landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);

	return version > 0 ? (int)version : 0;
}

/* ---- rules --------------------------------------------------------------------------------- */

static int add_file_rule(int ruleset, int fd, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = fd };

	return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/* A file has fewer rights than a directory, and more than those of a file are refused (EINVAL). */
static int add_rule_at(int ruleset, int fd, uint64_t rights)
{
	if (add_file_rule(ruleset, fd, rights) == 0)
		return 0;
	return errno == EINVAL ? add_file_rule(ruleset, fd, rights & landlock_file_rights) : -1;
}

/* What is out of the payload's reach, or was covered by a later step, needs no right. */
static bool is_out_of_reach(int err)
{
	return err == ENOENT || err == ENOTDIR || err == EACCES || err == ELOOP;
}

static int add_path_rules(const struct landlock *l, int ruleset, struct failure *why)
{
	auto_close root = l->n_rules > 0 ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	for (size_t i = 0; i < l->n_rules; i++) {
		const struct landlock_rule *rule = &l->rules[i];
		auto_close place = resolve(root, rule->path);

		if (place < 0 && is_out_of_reach(errno))
			continue;
		if (place < 0 || add_rule_at(ruleset, place, rule->rights) < 0)
			return fail(why, errno, "leave %s open", rule->path);
	}
	return 0;
}

/* What a descriptor was opened for; /dev/stdin and the like open it once more. */
static uint64_t rights_of_descriptor(int fd)
{
	const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_IOCTL_DEV;
	const uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE |
				 LANDLOCK_ACCESS_FS_IOCTL_DEV;
	int flags = fcntl(fd, F_GETFL);
	struct stat status;

	/* Of a directory it would be a right to all below. */
	if (flags < 0 || (flags & O_PATH) != 0 || fstat(fd, &status) < 0 || S_ISDIR(status.st_mode))
		return 0;
	switch (flags & O_ACCMODE) {
	case O_RDONLY: return reading;
	case O_WRONLY: return writing;
	default:       return reading | writing;
	}
}

/* Pipes and sockets are of no file system that Landlock looks at (EBADFD), and stay open to all. */
static int add_descriptor_rule(int ruleset, int fd, uint64_t rights, struct failure *why)
{
	if (rights == 0 || add_file_rule(ruleset, fd, rights) == 0 || errno == EBADFD)
		return 0;
	return fail(why, errno, "leave descriptor %d open", fd);
}

static int add_descriptor_rules(const struct plan *plan, int ruleset, struct failure *why)
{
	uint64_t known = plan->landlock.files;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (add_descriptor_rule(ruleset, fd, rights_of_descriptor(fd) & known, why) < 0)
			return -1;
	for (size_t i = 0; i < plan->n_passed; i++)
		if (add_descriptor_rule(ruleset, plan->passed[i].fd,
					rights_of_descriptor(plan->passed[i].fd) & known, why) < 0)
			return -1;
	return 0;
}

static int add_ports(const struct ports *ports, uint64_t right, int ruleset, struct failure *why)
{
	for (size_t i = 0; i < ports->n; i++) {
		struct kernel_port_rule rule = { right, ports->port[i] };

		if (syscall(SYS_landlock_add_rule, ruleset, KERNEL_RULE_NET_PORT, &rule, 0) < 0)
			return fail(why, errno, "leave TCP port %u open", ports->port[i]);
	}
	return 0;
}

static int make_ruleset(const struct plan *plan, struct failure *why)
{
	const struct landlock *l = &plan->landlock;
	const struct kernel_ruleset handled = { l->files, l->network, l->scopes };
	auto_close ruleset =
		(int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);

	if (ruleset < 0)
		return fail(why, errno, "make a ruleset");
	if (l->files != 0 && (add_path_rules(l, ruleset, why) < 0 ||
			      add_descriptor_rules(plan, ruleset, why) < 0))
		return -1;
	if (l->network != 0 &&
	    (add_ports(&l->connect, LANDLOCK_ACCESS_NET_CONNECT_TCP, ruleset, why) < 0 ||
	     add_ports(&l->bind, LANDLOCK_ACCESS_NET_BIND_TCP, ruleset, why) < 0))
		return -1;
	return take_fd(&ruleset);
}

/* ---- proof --------------------------------------------------------------------------------- */

/*
 * The kernel tells nobody what restricts a process.  A ruleset is in force as a
 * whole or not at all, so one act that it forbids, and nothing else does, shows
 * it: to ask for our parent, the reaper, by a signal that could be sent before;
 * or to make a block device, which is EPERM for whom Landlock does not stop
 * earlier (do_mknodat()).  Where a permission stops it earlier still, nothing
 * is shown.
 */
static bool reaches_parent(const struct landlock *l)
{
	pid_t parent = getppid();	/* 0: it is in no PID namespace of ours */

	return (l->scopes & LANDLOCK_SCOPE_SIGNAL) != 0 && parent > 0 && kill(parent, 0) == 0;
}

static bool makes_block_device(const struct landlock *l)
{
	enum { ENOUGH = 8 };
	size_t tried = 0;
	char path[PATH_MAX];

	for (size_t i = 0; i < l->n_rules && tried < ENOUGH; i++) {
		if ((l->rules[i].rights & LANDLOCK_ACCESS_FS_MAKE_REG) == 0)
			continue;
		tried++;
		(void)snprintf(path, sizeof(path), "%s/.croft-landlock", l->rules[i].path);
		if (mknod(path, S_IFBLK | 0600, 0) == 0 || errno == EPERM)
			return true;
	}
	return false;
}

int landlock_restrict(const struct plan *plan, struct failure *why)
{
	const struct landlock *l = &plan->landlock;
	auto_close ruleset = -1;
	bool reached, holds;

	if ((l->files | l->network | l->scopes) == 0)
		return 0;
	reached = reaches_parent(l);
	ruleset = make_ruleset(plan, why);
	if (ruleset < 0)
		return -1;
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return fail(why, errno, "enforce the ruleset");
	holds = reached ? !reaches_parent(l) : !makes_block_device(l);
	return holds ? 0 : fail(why, 0, "the ruleset that was enforced did not hold");
}
