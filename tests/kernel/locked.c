/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two stages: mounts made in a first user namespace, the payload in a second
 * one inside it, with every capability there is.  What it can and cannot do to
 * the mounts that confine it.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	INNER = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
		CLONE_NEWCGROUP,
	SAFE = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
};

static int clear_attributes(int at, const char *path, uint64_t attributes)
{
	struct mount_attr attr = { .attr_clr = attributes };

	return mount_setattr(at, path, *path ? 0 : AT_EMPTY_PATH, &attr, sizeof(attr));
}

/*
 * The first stage's tree: /tmp/box with a read-only view of /usr in it, a
 * secret under a mask, and room for the payload's own mounts.
 */
static void build_box(void)
{
	int usr;

	make_room();
	must(mkdir("usr", 0755));
	must(mkdir("hidden", 0755));
	must(mkdir("free", 0755));
	close(must(open("hidden/secret", O_CREAT | O_WRONLY | O_CLOEXEC, 0644)));
	usr = must(clone_tree(AT_FDCWD, "/usr", AT_RECURSIVE));
	must(restrict_tree(usr, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
	must(attach(usr, AT_FDCWD, "usr"));
	must(attach(must(new_mount("tmpfs", 0, NULL)), AT_FDCWD, "hidden"));
}

static void (*second_act)(void);

static void play_with_own_mounts(void)
{
	must(unshare(CLONE_NEWNS));
	must(chdir("/tmp"));
	second_act();
}

/* Enters the first stage, builds, and plays the act as root of the second. */
static void play_inside(void (*act)(void))
{
	enter_alone(CLONE_NEWNS, 0, 0);
	build_box();
	second_act = act;
	play_in_child_namespace(0, "0 0 1\n", "0 0 1\n", play_with_own_mounts);
}

static void try_to_unmount(void)
{
	refused(EINVAL, umount2("usr", 0));
	refused(EINVAL, umount2("usr", MNT_DETACH));
	refused(EINVAL, umount2("hidden", MNT_DETACH));
	refused(ENOENT, access("hidden/secret", F_OK));
}

static void mounts_cannot_be_removed(void)
{
	play_inside(try_to_unmount);
}

static void try_to_relax(void)
{
	refused(EPERM, mount(NULL, "usr", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV, NULL));
	refused(EPERM, mount(NULL, "usr", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NODEV, NULL));
	refused(EPERM, clear_attributes(AT_FDCWD, "usr", MOUNT_ATTR_RDONLY));
	refused(EPERM, clear_attributes(AT_FDCWD, "usr", MOUNT_ATTR_NOSUID));
	refused(EPERM, clear_attributes(AT_FDCWD, "usr", MOUNT_ATTR_NODEV));
	refused(EROFS, open("usr/new", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
}

static void restrictions_cannot_be_cleared(void)
{
	play_inside(try_to_relax);
}

static void try_to_relax_copies(void)
{
	int copy = must(clone_tree(AT_FDCWD, "usr/bin", 0));	/* /usr may have mounts on it */

	refused(EPERM, clear_attributes(copy, "", MOUNT_ATTR_RDONLY));
	must(mount("usr", "free", NULL, MS_BIND | MS_REC, NULL));
	refused(EPERM, mount(NULL, "free", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV,
			     NULL));
	must(umount2("free", MNT_DETACH));
}

static void copies_keep_the_restrictions(void)
{
	play_inside(try_to_relax_copies);
}

static void try_to_peek(void)
{
	refused(EINVAL, clone_tree(AT_FDCWD, "/tmp", 0));
	refused(EINVAL, mount("/tmp", "free", NULL, MS_BIND, NULL));
	refused(EINVAL, move_mount(AT_FDCWD, "hidden", AT_FDCWD, "free", 0));
	refused(EINVAL, mount("lower", "free", "overlay", 0, "lowerdir=/tmp:/usr"));
	must(mount("/tmp", "free", NULL, MS_BIND | MS_REC, NULL));
	refused(ENOENT, access("free/hidden/secret", F_OK));
	refused(EINVAL, umount2("free/hidden", MNT_DETACH));
}

static void masks_cannot_be_lifted(void)
{
	play_inside(try_to_peek);
}

static void try_what_is_allowed(void)
{
	struct mount_attr more = { .attr_set = MOUNT_ATTR_NOEXEC };

	must(mount_setattr(AT_FDCWD, "usr", 0, &more, sizeof(more)));
	must(attach(must(new_mount("tmpfs", 0, NULL)), AT_FDCWD, "free"));
	must(mkdir("free/upper", 0755));
	must(mkdir("free/work", 0755));
	must(mkdir("free/merged", 0755));
	must(mount("overlay", "free/merged", "overlay", 0,
		   "lowerdir=/usr/bin,upperdir=free/upper,workdir=free/work,userxattr"));
	must(umount2("free/merged", MNT_DETACH));
	must(umount2("free", MNT_DETACH));
}

static void own_mounts_are_ones_own(void)
{
	play_inside(try_what_is_allowed);
}

/* The mount namespace is the first stage's until the payload makes its own. */
static void try_without_own_mounts(void)
{
	refused(EPERM, umount2("/tmp/usr", MNT_DETACH));
	refused(EPERM, mount("/usr", "/tmp/free", NULL, MS_BIND, NULL));
	refused(EPERM, new_mount("tmpfs", 0, NULL));
}

static void shared_mounts_are_the_first_stages(void)
{
	enter_alone(CLONE_NEWNS, 0, 0);
	build_box();
	play_in_child_namespace(0, "0 0 1\n", "0 0 1\n", try_without_own_mounts);
}

/*
 * The builder: a child of the first stage that joins the payload's other
 * namespaces by its pidfd and mounts their file systems before the payload
 * copies the tree.
 */
static void mount_for_the_payload(void)
{
	static const char *const types[] = { "proc", "sysfs", "mqueue" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		must(mkdir(types[i], 0755));
		must(attach(must(new_mount(types[i], SAFE, NULL)), AT_FDCWD, types[i]));
	}
}

static void use_the_payloads_namespaces(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int socket_fd;

	must(unshare(CLONE_NEWNS));
	must(chdir("/tmp"));
	refused(EINVAL, umount2("proc", MNT_DETACH));
	must(access("proc/1/status", R_OK));
	must(new_mount("proc", SAFE, NULL));
	must(sethostname("croft", 5));
	socket_fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	must(ioctl(socket_fd, SIOCGIFFLAGS, &request));
	request.ifr_flags |= IFF_UP;
	must(ioctl(socket_fd, SIOCSIFFLAGS, &request));
}

static void wait_then_use(int go)
{
	char byte;

	claim(read(go, &byte, 1) == 1);
	use_the_payloads_namespaces();
}

static void map_payload(pid_t payload)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/uid_map", payload);
	must(write_text(path, "0 0 1\n"));
	snprintf(path, sizeof(path), "/proc/%d/gid_map", payload);
	must(write_text(path, "0 0 1\n"));
}

static void first_stage_mounts_for_the_second(void)
{
	struct clone_args arguments = { .flags = INNER | CLONE_PIDFD, .exit_signal = SIGCHLD };
	int go[2], pidfd = -1;
	pid_t payload;

	enter_alone(CLONE_NEWNS, 0, 0);
	build_box();
	must(pipe2(go, O_CLOEXEC));
	arguments.pidfd = (uintptr_t)&pidfd;
	fflush(NULL);
	payload = must(syscall(SYS_clone3, &arguments, sizeof(arguments)));
	if (payload == 0) {
		close(go[1]);
		wait_then_use(go[0]);
		_exit(0);
	}
	map_payload(payload);
	refused(EPERM, new_mount("sysfs", SAFE, NULL));
	must(setns(pidfd, CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID));
	play_in_child(mount_for_the_payload);
	must(write(go[1], "", 1));
	join_child(payload);
}

/* Locked below, free for the owner: the second namespace is what makes the lock. */
static void first_stage_itself_is_not_confined(void)
{
	enter_alone(CLONE_NEWNS, 0, 0);
	build_box();
	must(clear_attributes(AT_FDCWD, "usr", MOUNT_ATTR_RDONLY));
	must(umount2("usr", MNT_DETACH));
	must(umount2("hidden", MNT_DETACH));
	must(access("hidden/secret", F_OK));
}

static const struct scene scenes[] = {
	{ "mounts cannot be removed: EINVAL", mounts_cannot_be_removed },
	{ "restrictions cannot be cleared: EPERM", restrictions_cannot_be_cleared },
	{ "copies keep the restrictions: EPERM", copies_keep_the_restrictions },
	{ "masks cannot be lifted: EINVAL", masks_cannot_be_lifted },
	{ "one's own mounts are one's own", own_mounts_are_ones_own },
	{ "a shared mount namespace is the first stage's: EPERM",
	  shared_mounts_are_the_first_stages },
	{ "the first stage mounts for the second", first_stage_mounts_for_the_second },
	{ "the first stage itself is not confined", first_stage_itself_is_not_confined },
};

int main(void)
{
	return play_scenes("locked", SCENES(scenes));
}
