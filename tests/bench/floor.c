/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * floor - what no sandbox can do without: a clone3 with every namespace, and an exec
 *
 *     floor COMMAND…          with all eight namespaces
 *     floor -m COMMAND…       and the caller's two IDs mapped
 *
 * Nothing is mounted, nothing is dropped, nothing is checked: this is a
 * measure, and no sandbox.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const int all = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
		       CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME;

static _Noreturn void give_up(const char *act)
{
	fprintf(stderr, "floor: %s: %s\n", act, strerror(errno));
	_exit(125);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd) < 0)
		give_up(path);
}

/* The kernel lets a process map its own two IDs, once it has given up setgroups(2). */
static void write_maps(uid_t uid, gid_t gid)
{
	char text[32];

	write_file("/proc/self/setgroups", "deny");
	(void)snprintf(text, sizeof(text), "%u %u 1", uid, uid);
	write_file("/proc/self/uid_map", text);
	(void)snprintf(text, sizeof(text), "%u %u 1", gid, gid);
	write_file("/proc/self/gid_map", text);
}

int main(int argc, char **argv)
{
	struct clone_args args = { .flags = (uint64_t)(unsigned)all, .exit_signal = SIGCHLD };
	bool mapped = argc > 1 && strcmp(argv[1], "-m") == 0;
	char **command = argv + 1 + mapped;
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int status = 0;
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

	if (pid < 0)
		give_up("clone3");
	if (pid == 0) {
		if (mapped)
			write_maps(uid, gid);
		(void)execvp(command[0], command);
		give_up("exec");
	}
	if (waitpid(pid, &status, 0) < 0)
		give_up("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
