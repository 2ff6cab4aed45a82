/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The new mount API in a namespace of one's own: which descriptors can be
 * cloned, what a new instance needs, how a root is built over the old one and
 * left by pivot_root.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	OWN = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWCGROUP,
	SAFE = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
};

static const struct mount_option pty_options[] = {
	{ "newinstance", NULL }, { "ptmxmode", "0666" }, { "mode", "620" }, { NULL, NULL },
};

static void enter_kept(int namespaces)
{
	enter_alone(namespaces, player_uid(), player_gid());
}

static int pin(const char *path)
{
	return must(open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

static dev_t device_of(const char *path)
{
	struct stat status;

	must(stat(path, &status));
	return status.st_dev;
}

static void pinned_before_cannot_be_cloned(void)
{
	int before = pin("/usr");
	char path[64];

	enter_alone(CLONE_NEWNS, 0, 0);
	refused(EINVAL, clone_tree(before, "", AT_RECURSIVE));
	refused(EINVAL, clone_tree(must(openat(before, ".", O_PATH | O_CLOEXEC)), "",
				   AT_RECURSIVE));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", before);
	refused(EINVAL, clone_tree(AT_FDCWD, path, AT_RECURSIVE));
	refused(EINVAL, mount(path, "/tmp", NULL, MS_BIND | MS_REC, NULL));
	must(clone_tree(pin("/usr"), "", AT_RECURSIVE));
}

static void make_every_kind(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
	int listener = must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	must(mkdir("directory", 0755));
	must(mkdir("closed", 0));
	must(mkfifo("fifo", 0600));
	must(symlink("nowhere", "link"));
	must(bind(listener, (struct sockaddr *)&address, sizeof(address)));
	close(must(open("file", O_CREAT | O_WRONLY | O_CLOEXEC, 0)));
}

static void every_kind_can_be_pinned_and_cloned(void)
{
	static const char *const kinds[] = {
		"directory", "closed", "fifo", "link", "socket", "file", "/dev/null", "/proc", "/",
	};

	enter_kept(CLONE_NEWNS);
	make_room();
	make_every_kind();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		must(restrict_tree(must(clone_tree(pin(kinds[i]), "", AT_RECURSIVE)),
				   MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
}

/* The helpers' time can be used: sources need no map yet. */
static void sources_are_cloned_before_the_map(void)
{
	must(unshare(CLONE_NEWUSER | CLONE_NEWNS));
	must(restrict_tree(must(clone_tree(pin("/usr"), "", AT_RECURSIVE)), MOUNT_ATTR_RDONLY));
}

static void files_wait_for_the_map(void)
{
	int room;

	must(unshare(CLONE_NEWUSER | CLONE_NEWNS));
	room = must(new_mount("tmpfs", 0, NULL));
	refused(EOVERFLOW, mkdirat(room, "directory", 0755));
	refused(EOVERFLOW, openat(room, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
}

static void removed_source_can_be_cloned(void)
{
	int file, directory;

	enter_kept(CLONE_NEWNS);
	make_room();
	make_every_kind();
	file = pin("file");
	directory = pin("directory");
	must(unlink("file"));
	must(rmdir("directory"));
	must(clone_tree(file, "", 0));
	must(clone_tree(directory, "", 0));
}

static void locked_children_forbid_a_shallow_clone(void)
{
	enter_alone(CLONE_NEWNS, 0, 0);
	refused(EINVAL, clone_tree(pin("/"), "", 0));
	must(clone_tree(pin("/"), "", AT_RECURSIVE));
}

static void read_only_reaches_submounts(void)
{
	int tree;

	enter_kept(CLONE_NEWNS);
	make_room();
	must(mkdir("a", 0755));
	must(mkdir("a/b", 0755));
	must(attach(must(new_mount("tmpfs", 0, NULL)), AT_FDCWD, "a/b"));
	close(must(open("a/b/before", O_CREAT | O_WRONLY | O_CLOEXEC, 0644)));
	tree = must(clone_tree(AT_FDCWD, "a", AT_RECURSIVE));
	must(restrict_tree(tree, MOUNT_ATTR_RDONLY));
	refused(EROFS, openat(tree, "b/after", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	refused(EROFS, openat(tree, "after", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	close(must(open("a/b/after", O_CREAT | O_WRONLY | O_CLOEXEC, 0644)));
}

static void detached_tmpfs_can_be_furnished(void)
{
	const struct mount_option options[] = { { "mode", "0755" }, { NULL, NULL } };
	struct stat status;
	int room;

	enter_kept(CLONE_NEWNS);
	room = must(new_mount("tmpfs", 0, options));
	must(mkdirat(room, "directory", 0755));
	must(symlinkat("directory", room, "link"));
	close(must(openat(room, "file", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644)));
	must(fstatat(room, "directory", &status, 0));
	claim(status.st_uid == player_uid() && status.st_gid == player_gid());
	refused(EPERM, mknodat(room, "null", S_IFCHR | 0666, makedev(1, 3)));
}

static void kinds_do_not_mix(void)
{
	enter_kept(CLONE_NEWNS);
	make_room();
	make_every_kind();
	refused(EINVAL, attach(must(clone_tree(AT_FDCWD, "file", 0)), AT_FDCWD, "directory"));
	refused(EINVAL, attach(must(clone_tree(AT_FDCWD, "directory", 0)), AT_FDCWD, "file"));
	must(attach(must(clone_tree(AT_FDCWD, "socket", 0)), AT_FDCWD, "file"));
	must(attach(must(clone_tree(AT_FDCWD, "fifo", 0)), AT_FDCWD, "file"));
}

/* proc shows the namespace of processes, so it needs one that is ours; and so on. */
static void instance_needs_its_own_namespace(void)
{
	enter_kept(CLONE_NEWNS);
	refused(EPERM, new_mount("proc", SAFE, NULL));
	refused(EPERM, new_mount("sysfs", SAFE, NULL));
	refused(EPERM, new_mount("mqueue", SAFE, NULL));
}

static void make_instances(void)
{
	char text[16];
	ssize_t length;
	int proc = must(new_mount("proc", SAFE, NULL));

	length = must(readlinkat(proc, "self", text, sizeof(text)));
	claim(length == 1 && text[0] == '1');
	must(new_mount("sysfs", SAFE, NULL));
	must(new_mount("mqueue", SAFE, NULL));
	must(new_mount("devpts", MOUNT_ATTR_NOSUID, pty_options));
}

static void instances_come_with_one_id(void)
{
	enter_kept(OWN);
	play_in_child(make_instances);
}

static void make_proc(void)
{
	must(new_mount("proc", SAFE, NULL));
}

static void refuse_proc(void)
{
	const struct mount_option only_pids[] = { { "subset", "pid" }, { NULL, NULL } };

	refused(EPERM, new_mount("proc", SAFE, NULL));
	refused(EPERM, new_mount("proc", SAFE, only_pids));
}

static void make_proc_as_first_process(void)
{
	play_in_child(make_proc);
}

static void refuse_proc_as_first_process(void)
{
	play_in_child(refuse_proc);
}

static void mask_proc(void)
{
	enter_alone(CLONE_NEWNS, 0, 0);
	must(attach(must(new_mount("tmpfs", 0, NULL)), AT_FDCWD, "/proc/sys"));
}

static void masked_proc_forbids_a_new_one_below(void)
{
	mask_proc();
	play_in_child_namespace(CLONE_NEWNS | CLONE_NEWPID, "0 0 1\n", "0 0 1\n",
				refuse_proc_as_first_process);
}

static void open_proc_allows_a_new_one_below(void)
{
	enter_alone(CLONE_NEWNS, 0, 0);
	play_in_child_namespace(CLONE_NEWNS | CLONE_NEWPID, "0 0 1\n", "0 0 1\n",
				make_proc_as_first_process);
}

/* Only a locked mount masks (mnt_already_visible): here the mask could be taken off. */
static void mask_of_ones_own_does_not_count(void)
{
	enter_alone(CLONE_NEWNS | CLONE_NEWPID, 0, 0);
	must(attach(must(new_mount("tmpfs", 0, NULL)), AT_FDCWD, "/proc/sys"));
	play_in_child(make_proc);
}

static void pty_devices_need_a_mount_with_devices(void)
{
	int with, without;

	enter_kept(CLONE_NEWNS);
	without = must(new_mount("devpts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, pty_options));
	refused(EACCES, openat(without, "ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
	with = must(new_mount("devpts", MOUNT_ATTR_NOSUID, pty_options));
	close(must(openat(with, "ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)));
}

static void pty_group_must_be_mapped(void)
{
	const struct mount_option options[] = {
		{ "newinstance", NULL }, { "gid", "4294967294" }, { NULL, NULL },
	};

	enter_kept(CLONE_NEWNS);
	refused(EINVAL, new_mount("devpts", MOUNT_ATTR_NOSUID, options));
}

/* The new root with the old system's /usr, laid over "/". */
static int cover_root(void)
{
	const struct mount_option options[] = { { "mode", "0755" }, { NULL, NULL } };
	int usr = must(clone_tree(AT_FDCWD, "/usr", AT_RECURSIVE));
	int room = must(new_mount("tmpfs", 0, options));

	must(mkdirat(room, "usr", 0755));
	must(mkdirat(room, "proc", 0755));
	must(symlinkat("/usr", room, "absolute"));
	must(attach(room, AT_FDCWD, "/"));
	must(attach(usr, must(open_within(room, "absolute", O_PATH,
					  RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)), ""));
	return room;
}

static void leave_old_root(int room)
{
	must(fchdir(room));
	must(syscall(SYS_pivot_root, ".", "."));
	must(umount2(".", MNT_DETACH));
	must(chdir("/"));
}

/* Paths from the root stay in the old tree; a ".." that lands on the root does not. */
static void covered_root_is_crossed_by_dot_dot(void)
{
	dev_t old;
	int pinned;

	enter_kept(CLONE_NEWNS);
	old = device_of("/");
	pinned = pin("/etc");
	cover_root();
	claim(device_of("/") == old);
	claim(device_of("/etc") == old);
	claim(device_of("/..") != old);
	claim(device_of("/usr/../proc") != device_of("/proc"));
	must(clone_tree(pinned, "", AT_RECURSIVE));
}

static void see_nothing_old(void)
{
	char text[4096];
	unsigned int lines = 0;

	read_text("/proc/self/mountinfo", text, sizeof(text));
	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	claim(lines >= 3);
	claim(strstr(text, " / / ") != NULL);
	/* The first word is from its file system's root, which may hold more than this machine. */
	claim(strstr(text, "/usr /usr ") != NULL || strstr(text, " / /usr ") != NULL);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		claim(strstr(line, " / / ") || strstr(line, " /usr") || strstr(line, " / /proc "));
}

/*
 * The new proc is made while the old one is still there: without a fully
 * visible instance in the mount namespace the kernel refuses it.
 */
static void pivot_and_look_around(void)
{
	int proc = must(new_mount("proc", SAFE, NULL));
	int room = cover_root();

	must(attach(proc, room, "proc"));
	leave_old_root(room);
	refused(ENOENT, access("/etc", F_OK));
	refused(EPERM, new_mount("sysfs", SAFE, NULL));
	see_nothing_old();
}

static void pivot_on_the_spot_leaves_nothing(void)
{
	enter_kept(CLONE_NEWNS | CLONE_NEWPID);
	play_in_child(pivot_and_look_around);
}

static void proc_is_refused_without_one(void)
{
	leave_old_root(cover_root());
	refused(EPERM, new_mount("proc", SAFE, NULL));
}

static void proc_must_come_before_the_pivot(void)
{
	enter_kept(CLONE_NEWNS | CLONE_NEWPID);
	play_in_child(proc_is_refused_without_one);
}

/* Why every descriptor is closed before the payload: one is a way out. */
static void kept_descriptor_reaches_the_old_root(void)
{
	int kept, room;

	enter_kept(CLONE_NEWNS);
	kept = pin("/usr");
	room = cover_root();
	leave_old_root(room);
	refused(ENOENT, access("/etc", F_OK));
	must(faccessat(kept, "../etc", F_OK, 0));
}

static int pivoted[2], looked[2];

static void wait_for_the_pivot(void)
{
	char path[256], byte;

	must(chdir("/usr"));
	must(write(looked[1], "", 1));
	claim(read(pivoted[0], &byte, 1) == 1);
	refused(ENOENT, access("/etc", F_OK));
	must(syscall(SYS_getcwd, path, sizeof(path)));
	claim(strncmp(path, "(unreachable)", 13) == 0);
	must(access("../etc", F_OK));
}

/* The pivot moves everybody's root in the mount namespace, and nobody's other directory. */
static void pivot_moves_roots_and_no_other_directory(void)
{
	pid_t onlooker;
	char byte;

	enter_kept(CLONE_NEWNS);
	must(pipe2(pivoted, O_CLOEXEC));
	must(pipe2(looked, O_CLOEXEC));
	onlooker = start_child(wait_for_the_pivot);
	claim(read(looked[0], &byte, 1) == 1);
	leave_old_root(cover_root());
	must(write(pivoted[1], "", 1));
	join_child(onlooker);
}

static const struct scene scenes[] = {
	{ "a descriptor from before the namespace: EINVAL", pinned_before_cannot_be_cloned },
	{ "every kind of file can be pinned and cloned", every_kind_can_be_pinned_and_cloned },
	{ "sources can be cloned before the map is in", sources_are_cloned_before_the_map },
	{ "files cannot be made before the map is in: EOVERFLOW", files_wait_for_the_map },
	{ "a removed source can still be cloned", removed_source_can_be_cloned },
	{ "a shallow clone over locked children: EINVAL", locked_children_forbid_a_shallow_clone },
	{ "read-only reaches the submounts of a detached tree", read_only_reaches_submounts },
	{ "a detached tmpfs can be furnished; devices: EPERM", detached_tmpfs_can_be_furnished },
	{ "a file on a directory and the reverse: EINVAL", kinds_do_not_mix },
	{ "proc, sysfs, mqueue of others' namespaces: EPERM", instance_needs_its_own_namespace },
	{ "of one's own: one mapped ID is enough", instances_come_with_one_id },
	{ "an open proc allows a new one below", open_proc_allows_a_new_one_below },
	{ "a masked proc forbids it, subset or not: EPERM", masked_proc_forbids_a_new_one_below },
	{ "a mask of one's own does not count", mask_of_ones_own_does_not_count },
	{ "ptmx on a nodev devpts: EACCES", pty_devices_need_a_mount_with_devices },
	{ "a devpts group that is not mapped: EINVAL", pty_group_must_be_mapped },
	{ "dot-dot crosses from a covered root", covered_root_is_crossed_by_dot_dot },
	{ "pivot on the spot leaves nothing behind", pivot_on_the_spot_leaves_nothing },
	{ "without an old proc no new one: EPERM", proc_must_come_before_the_pivot },
	{ "a kept descriptor reaches the old root", kept_descriptor_reaches_the_old_root },
	{ "the pivot moves roots and no other directory",
	  pivot_moves_roots_and_no_other_directory },
};

int main(void)
{
	return play_scenes("mounts", SCENES(scenes));
}
