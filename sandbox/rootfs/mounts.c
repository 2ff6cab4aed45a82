/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - the kernel's mount interface in a few verbs */
#include "sandbox/rootfs/mounts.h"

#include "sandbox/cleanup.h"
#include "sandbox/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int mount_copy(int fd)
{
	/*
	 * Always recursive: in a user namespace, a part of a tree that other
	 * mounts cover cannot be had without them (copy_tree(), EINVAL).
	 */
	return open_tree(fd, "",
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE);
}

/* Whether what the mount shows of itself has them; the kernel sets a whole tree's or none's. */
static bool has_attributes(int fd, uint64_t attributes)
{
	static const struct { uint64_t attribute; unsigned long flag; } rows[] = {
		{ MOUNT_ATTR_RDONLY, ST_RDONLY }, { MOUNT_ATTR_NOSUID, ST_NOSUID },
		{ MOUNT_ATTR_NODEV, ST_NODEV }, { MOUNT_ATTR_NOEXEC, ST_NOEXEC },
	};
	struct statvfs status;

	if (fstatvfs(fd, &status) < 0)
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((attributes & rows[i].attribute) != 0 && (status.f_flag & rows[i].flag) == 0)
			return false;
	return true;
}

/* Read back at once: later, with hundreds of mounts, it would take a search for each. */
static int set_attributes(int fd, uint64_t attributes, unsigned flags)
{
	struct mount_attr attr = { .attr_set = attributes };

	if (mount_setattr(fd, "", AT_EMPTY_PATH | flags, &attr, sizeof(attr)) < 0)
		return -1;
	if (has_attributes(fd, attributes))
		return 0;
	errno = EIO;
	return -1;
}

int mount_restrict(int tree, uint64_t attributes)
{
	return set_attributes(tree, attributes, AT_RECURSIVE);
}

int mount_restrict_one(int mount, uint64_t attributes)
{
	return set_attributes(mount, attributes, 0);
}

int mount_isolate(bool listens)
{
	struct mount_attr attr = { .propagation = listens ? MS_SLAVE : MS_PRIVATE };

	return mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attr, sizeof(attr));
}

int mount_attach(int tree, int target)
{
	return move_mount(tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int mount_attach_at(int tree, int directory, const char *name)
{
	return move_mount(tree, "", directory, name, MOVE_MOUNT_F_EMPTY_PATH);
}

int mount_look(int tree, struct stat *status, uint64_t *number)
{
	struct statx found;

	if (statx(tree, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID_UNIQUE, &found) < 0)
		return -1;
	*status = (struct stat){
		.st_dev = makedev(found.stx_dev_major, found.stx_dev_minor),
		.st_ino = found.stx_ino,
		.st_mode = found.stx_mode,
	};
	*number = (found.stx_mask & STATX_MNT_ID_UNIQUE) != 0 ? found.stx_mnt_id : 0;
	return 0;
}

/*
 * What is not in a namespace has no entry there (lookup_mnt_in_ns()).  Where the
 * call is refused it cannot be asked, and the one that attached it is believed.
 */
static bool is_attached(uint64_t number)
{
	static uint64_t answer[KERNEL_STATMOUNT / sizeof(uint64_t)];
	struct kernel_mount_request request = { .size = sizeof(request), .number = number };

	return number == 0 || syscall(SYS_statmount, &request, answer, sizeof(answer), 0) == 0 ||
	       errno != ENOENT;
}

int mount_cover(int tree, uint64_t number, int target)
{
	if (mount_attach(tree, target) < 0)
		return -1;
	if (is_attached(number))
		return 0;
	errno = EIO;
	return -1;
}

int mount_new(const char *type, const struct mount_option *options, uint64_t attributes)
{
	auto_close context = fsopen(type, FSOPEN_CLOEXEC);

	if (context < 0)
		return -1;
	/* What df(1) and mount(8) show in the first column. */
	if (fsconfig(context, FSCONFIG_SET_STRING, "source", type, 0) < 0)
		return -1;
	for (; options->key != NULL; options++)
		if (fsconfig(context,
			     options->value != NULL ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
			     options->key, options->value, 0) < 0)
			return -1;
	if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	return fsmount(context, FSMOUNT_CLOEXEC, (unsigned)attributes);
}

static int mount_number(int directory, const char *path, uint64_t *number)
{
	struct statx status;

	if (statx(directory, path, AT_EMPTY_PATH, STATX_MNT_ID, &status) < 0)
		return -1;
	*number = status.stx_mnt_id;
	return 0;
}

/*
 * Takes away what lies on the root, from the top, until a look-up that steps
 * on what is mounted there ("/..", handle_dots()) finds the root itself.
 */
static int uncover_root(uint64_t root)
{
	uint64_t top;

	for (;;) {
		if (mount_number(AT_FDCWD, "/..", &top) < 0)
			return -1;
		if (top == root)
			return 0;
		if (umount2("/..", MNT_DETACH) < 0)
			return -1;
	}
}

int mount_become_root(int fd)
{
	uint64_t root;

	/*
	 * The new root lies on top of the old one; pivot_root(2) exchanges them
	 * and stacks the old one on the new.  There may be others between them,
	 * if a step put another root on the first: they lie on the old one now.
	 */
	if (mount_number(fd, "", &root) < 0 || fchdir(fd) < 0 ||
	    syscall(SYS_pivot_root, ".", ".") < 0)
		return -1;
	return uncover_root(root) < 0 ? -1 : chdir("/");
}
