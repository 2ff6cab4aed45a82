/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a descriptor of /proc/PID still means when the process has died or
 * moved, and what the namespace ioctls tell a caller without capabilities.
 * The helpers identify their target by nothing else.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PIDFD_GET_USER_NAMESPACE
#define PIDFD_GET_USER_NAMESPACE _IO(0xFF, 9)
#endif

static int ready[2];

static void unshare_and_pause(void)
{
	must(unshare(CLONE_NEWUSER));
	must(write(ready[1], "", 1));
	pause();
}

static pid_t start_target(void)
{
	pid_t target;
	char byte;

	must(pipe2(ready, O_CLOEXEC));
	target = start_child(unshare_and_pause);
	claim(read(ready[0], &byte, 1) == 1);
	return target;
}

static void end_target(pid_t target)
{
	must(kill(target, SIGKILL));
	must(waitpid(target, NULL, 0));
}

static int open_directory_of(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", pid);
	return must(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static ino_t inode_of(int fd)
{
	struct stat status;

	must(fstat(fd, &status));
	return status.st_ino;
}

static int open_at(int directory, const char *name)
{
	return openat(directory, name, O_RDONLY | O_CLOEXEC);
}

static void dead_process_answers_esrch(void)
{
	pid_t target = start_target();
	int directory = open_directory_of(target);

	close(must(open_at(directory, "uid_map")));
	end_target(target);
	refused(ESRCH, open_at(directory, "uid_map"));
	refused(ESRCH, openat(directory, "uid_map", O_WRONLY | O_CLOEXEC));
	refused(ESRCH, open_at(directory, "ns/user"));
}

/* Without memory to be dumpable the files are root's: the owner comes too late. */
static void zombie_cannot_be_mapped(void)
{
	pid_t target = start_target();
	int directory = open_directory_of(target);
	siginfo_t info;

	must(kill(target, SIGKILL));
	must(waitid(P_PID, (id_t)target, &info, WEXITED | WNOWAIT));
	refused(EACCES, openat(directory, "uid_map", O_WRONLY | O_CLOEXEC));
	must(open_at(directory, "uid_map"));
	must(waitpid(target, NULL, 0));
}

/* The map file holds the namespace it was opened on, whatever becomes of the process. */
static void map_file_outlives_its_process(void)
{
	pid_t target = start_target();
	int directory = open_directory_of(target);
	int fd = must(openat(directory, "uid_map", O_WRONLY | O_CLOEXEC));
	char text[32];

	end_target(target);
	snprintf(text, sizeof(text), "0 %u 1\n", player_uid());
	must(write(fd, text, strlen(text)));
}

static void directory_shows_procfs_and_owner(void)
{
	pid_t target = start_target();
	int directory = open_directory_of(target);
	struct statfs filesystem;
	struct stat status;

	must(fstatfs(directory, &filesystem));
	claim(filesystem.f_type == PROC_SUPER_MAGIC);
	must(fstat(directory, &status));
	claim(status.st_uid == player_uid());
	end_target(target);
}

static void ioctls_name_owner_and_parent(void)
{
	pid_t target = start_target();
	int space = must(open_at(open_directory_of(target), "ns/user"));
	int own = must(open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC));
	int parent = must(ioctl(space, NS_GET_PARENT));
	uid_t owner = (uid_t)-1;

	must(ioctl(space, NS_GET_OWNER_UID, &owner));
	claim(owner == player_uid());
	claim(inode_of(parent) == inode_of(own));
	claim(inode_of(space) != inode_of(own));
	end_target(target);
}

static int grandchild_ready[2];

static void unshare_twice_and_pause(void)
{
	enter_alone(0, 0, 0);
	must(unshare(CLONE_NEWUSER));
	must(write(grandchild_ready[1], "", 1));
	pause();
}

static void grandchild_namespace_shows_its_depth(void)
{
	int space, own = must(open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC));
	pid_t target;
	char byte;

	must(pipe2(grandchild_ready, O_CLOEXEC));
	target = start_child(unshare_twice_and_pause);
	claim(read(grandchild_ready[0], &byte, 1) == 1);
	space = must(open_at(open_directory_of(target), "ns/user"));
	claim(inode_of(must(ioctl(space, NS_GET_PARENT))) != inode_of(own));
	end_target(target);
}

static void parent_above_ones_own_is_refused(void)
{
	int own;

	enter_alone(0, 0, 0);
	own = must(open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC));
	refused(EPERM, ioctl(own, NS_GET_PARENT));
}

static void pidfd_gives_the_same_namespace(void)
{
	pid_t target = start_target();
	int pidfd = must(syscall(SYS_pidfd_open, target, 0));
	int named = must(open_at(open_directory_of(target), "ns/user"));
	int space = ioctl(pidfd, PIDFD_GET_USER_NAMESPACE, 0);

	if (space < 0 && (errno == ENOTTY || errno == EINVAL))
		skip_scene("PIDFD_GET_USER_NAMESPACE came with Linux 6.11");
	claim(inode_of(must(space)) == inode_of(named));
	end_target(target);
}

/* A number for a name proves nothing: only the file system of the descriptor tells. */
static void impostor_is_not_procfs(void)
{
	struct statfs filesystem;

	enter_alone(CLONE_NEWNS, 0, 0);
	make_room();
	must(mkdir("1234", 0755));
	must(fstatfs(must(open("1234", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), &filesystem));
	claim(filesystem.f_type != PROC_SUPER_MAGIC);
}

static const struct scene scenes[] = {
	{ "the directory of a dead process answers ESRCH", dead_process_answers_esrch },
	{ "a zombie cannot be mapped by its owner", zombie_cannot_be_mapped },
	{ "an open map file outlives its process", map_file_outlives_its_process },
	{ "the directory shows procfs and the owner", directory_shows_procfs_and_owner },
	{ "another directory does not show procfs", impostor_is_not_procfs },
	{ "the ioctls name owner and parent to anybody", ioctls_name_owner_and_parent },
	{ "a grandchild's parent is not one's own namespace",
	  grandchild_namespace_shows_its_depth },
	{ "the namespace above one's own is not shown", parent_above_ones_own_is_refused },
	{ "a pidfd gives the same namespace", pidfd_gives_the_same_namespace },
};

int main(void)
{
	return play_scenes("procfs", SCENES(scenes));
}
