/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * undo - tries to take back what a sandbox did with its mounts
 *
 * It expects, and whoever calls it makes:
 *	/x		a bound directory, with a file secret/marker in it,
 *	/x/secret	a tmpfs on top of that,
 *	/ro		a bound directory, read-only,
 *	/m		an empty directory.
 * Each attempt is a process of its own.  An attempt has succeeded only if the
 * marker was read, a file was made in /ro, or a flag is gone: a call may well
 * be allowed and do no harm.  Exits with the number of those that succeeded.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- what counts as success ---------------------------------------------------------------- */

static int is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static int can_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	return fd >= 0;
}

static int lost_flag(const char *path, unsigned long flag)
{
	struct statvfs status;

	return statvfs(path, &status) == 0 && (status.f_flag & flag) == 0;
}

/* ---- the attempts: 1 if it succeeded, 0 if not --------------------------------------------- */

static int unmount(void)
{
	return umount2("/x/secret", 0) == 0 && is_there("/x/secret/marker");
}

static int unmount_lazily(void)
{
	return umount2("/x/secret", MNT_DETACH) == 0 && is_there("/x/secret/marker");
}

static int unmount_parent(void)
{
	return umount2("/x", MNT_DETACH) == 0;
}

static int unmount_in_new_namespaces(void)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && unmount_lazily();
}

static int unmount_in_new_mount_namespace(void)
{
	return unshare(CLONE_NEWNS) == 0 && unmount_lazily();
}

static int bind_parent(void)
{
	return mount("/x", "/m", NULL, MS_BIND, NULL) == 0 && is_there("/m/secret/marker");
}

static int bind_root(void)
{
	return mount("/", "/m", NULL, MS_BIND, NULL) == 0 && is_there("/m/x/secret/marker");
}

static int bind_and_unmount(void)
{
	return mount("/x", "/m", NULL, MS_BIND | MS_REC, NULL) == 0 &&
	       umount2("/m/secret", MNT_DETACH) == 0 && is_there("/m/secret/marker");
}

static int copy_parent(void)
{
	int fd = open_tree(AT_FDCWD, "/x", OPEN_TREE_CLONE);

	return fd >= 0 && faccessat(fd, "secret/marker", F_OK, 0) == 0;
}

static int copy_and_unmount(void)
{
	int fd = open_tree(AT_FDCWD, "/x", OPEN_TREE_CLONE | AT_RECURSIVE);

	return fd >= 0 && fchdir(fd) == 0 && umount2("secret", MNT_DETACH) == 0 &&
	       is_there("secret/marker");
}

static int overlay_parent(void)
{
	return mount("overlay", "/m", "overlay", 0, "lowerdir=/x:/ro,userxattr") == 0 &&
	       is_there("/m/secret/marker");
}

static int move_cover(void)
{
	return mount("/x/secret", "/m", NULL, MS_MOVE, NULL) == 0 && is_there("/x/secret/marker");
}

static int move_cover_by_descriptor(void)
{
	int fd = open_tree(AT_FDCWD, "/x/secret", 0);

	return fd >= 0 && move_mount(fd, "", AT_FDCWD, "/m", MOVE_MOUNT_F_EMPTY_PATH) == 0 &&
	       is_there("/x/secret/marker");
}

/* Makes another root and looks for what the first may have been put on: the host has a /boot. */
static int pivot_back(void)
{
	if (mount("tmpfs", "/m", "tmpfs", 0, NULL) < 0 || mkdir("/m/old", 0700) < 0 ||
	    syscall(SYS_pivot_root, "/m", "/m/old") < 0 || chdir("/") < 0)
		return 0;
	(void)umount2("/old/x/secret", MNT_DETACH);
	if (is_there("/old/x/secret/marker") || is_there("/old/boot") || is_there("/old/../boot"))
		return 1;
	return umount2("/old", MNT_DETACH) == 0 && (is_there("/old/boot") || is_there("/../boot"));
}

static int unmount_root(void)
{
	return umount2("/", MNT_DETACH) == 0 && is_there("/../boot");
}

static int share_and_unmount(void)
{
	return mount(NULL, "/x/secret", NULL, MS_SHARED, NULL) == 0 && unmount_lazily();
}

static int remount_writable(void)
{
	return mount(NULL, "/ro", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV, NULL) == 0 &&
	       can_write("/ro/made");
}

static int remount_file_system_writable(void)
{
	return mount(NULL, "/ro", NULL, MS_REMOUNT, NULL) == 0 && can_write("/ro/made");
}

static int bind_and_remount(void)
{
	return mount("/ro", "/m", NULL, MS_BIND, NULL) == 0 &&
	       mount(NULL, "/m", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV, NULL) == 0 &&
	       can_write("/m/made");
}

static int overlay_writable(void)
{
	return mount("overlay", "/m", "overlay", 0,
		     "lowerdir=/x,upperdir=/ro/u,workdir=/ro/w,userxattr") == 0 &&
	       can_write("/m/made");
}

static int clear(const char *path, uint64_t attribute, unsigned long flag)
{
	struct mount_attr attr = { .attr_clr = attribute };

	return mount_setattr(AT_FDCWD, path, 0, &attr, sizeof(attr)) == 0 && lost_flag(path, flag);
}

static int clear_rdonly(void)
{
	return clear("/ro", MOUNT_ATTR_RDONLY, ST_RDONLY);
}

static int clear_nosuid(void)
{
	return clear("/x", MOUNT_ATTR_NOSUID, ST_NOSUID);
}

static int clear_nodev(void)
{
	return clear("/x", MOUNT_ATTR_NODEV, ST_NODEV);
}

static int clear_in_copy(void)
{
	struct mount_attr attr = { .attr_clr = MOUNT_ATTR_RDONLY };
	int fd = open_tree(AT_FDCWD, "/ro", OPEN_TREE_CLONE | AT_RECURSIVE);

	return fd >= 0 && mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) == 0 &&
	       openat(fd, "made", O_WRONLY | O_CREAT, 0600) >= 0;
}

static const struct attempt {
	const char *name;
	int (*run)(void);
} attempts[] = {
	{ "unmount the cover", unmount },
	{ "unmount the cover lazily", unmount_lazily },
	{ "unmount the bound directory", unmount_parent },
	{ "unmount the cover in new user and mount namespaces", unmount_in_new_namespaces },
	{ "unmount the cover in a new mount namespace", unmount_in_new_mount_namespace },
	{ "bind the parent", bind_parent },
	{ "bind the root", bind_root },
	{ "bind the parent with the cover, and unmount that", bind_and_unmount },
	{ "copy the parent", copy_parent },
	{ "copy the parent with the cover, and unmount that", copy_and_unmount },
	{ "make an overlay of the parent", overlay_parent },
	{ "move the cover", move_cover },
	{ "move the cover by descriptor", move_cover_by_descriptor },
	{ "make another root and look back", pivot_back },
	{ "unmount the root", unmount_root },
	{ "share the cover and unmount it", share_and_unmount },
	{ "remount writable", remount_writable },
	{ "remount the file system writable", remount_file_system_writable },
	{ "bind again and remount writable", bind_and_remount },
	{ "make an overlay that writes there", overlay_writable },
	{ "clear read-only", clear_rdonly },
	{ "clear nosuid", clear_nosuid },
	{ "clear nodev", clear_nodev },
	{ "clear read-only in a copy", clear_in_copy },
};

/* Without the right to mount anything, none of the attempts would mean anything. */
static int may_mount(void)
{
	return mount("tmpfs", "/m", "tmpfs", 0, NULL) == 0 && umount2("/m", 0) == 0;
}

static int succeeds(int (*run)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		(void)unshare(CLONE_NEWNS);	/* if it may: the next finds all as it was */
		_exit(run());
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
	int done = 0;

	(void)printf("may mount: %s\n", may_mount() ? "yes" : "no");
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int result = succeeds(attempts[i].run);

		(void)printf("%s: %s\n", attempts[i].name, result == 0 ? "failed" : "DONE");
		done += result != 0;
	}
	return done;
}
