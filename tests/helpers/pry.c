/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pry - what a user tries on a process that runs with a privilege
 *
 *     pry PID              each way in, and what came of it: "trace EPERM"
 *     pry steal N COMMAND  starts COMMAND N times, with a pipe at 0 and 1 and its own
 *                          /proc/PID at 3, and all the while takes what descriptors
 *                          beyond 3 it has: "N runs, TRIES tries, STOLEN stolen"
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t target;

static long trace(void)
{
	return ptrace(PTRACE_SEIZE, target, 0, 0);
}

static long read_memory(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { (void *)0x1000, 1 };

	return process_vm_readv(target, &here, 1, &there, 1, 0);
}

static long open_entry(const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)target, name);
	return open(path, flags | O_CLOEXEC);
}

static long write_memory(void)
{
	return open_entry("mem", O_RDWR);
}

static long read_environment(void)
{
	return open_entry("environ", O_RDONLY);
}

static long open_request(void)
{
	return open_entry("fd/0", O_RDONLY);
}

static long take_descriptor(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, target, 0);

	return pidfd < 0 ? -1 : syscall(SYS_pidfd_getfd, pidfd, 0, 0);
}

static const struct {
	const char *name;
	long (*try)(void);
} ways[] = {
	{ "trace", trace }, { "read-memory", read_memory }, { "write-memory", write_memory },
	{ "environment", read_environment }, { "request", open_request },
	{ "descriptor", take_descriptor },
};

static int try_all(const char *pid)
{
	target = atoi(pid);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		errno = 0;
		if (ways[i].try() >= 0)
			printf("%s done\n", ways[i].name);
		else
			printf("%s %s\n", ways[i].name, strerrorname_np(errno));
	}
	return 0;
}

/* ---- stealing ------------------------------------------------------------------------------ */

/* Descriptors of ours are far away from those that are tried, before the exec, too. */
static int far(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, 100);

	if (moved < 0)
		err(2, "descriptor");
	close(fd);
	return moved;
}

static pid_t start(char **command, int pipes[2])
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	dup2(pipes[0], 0);
	dup2(pipes[1], 1);
	if (open("/proc/self", O_RDONLY | O_DIRECTORY) != 3)
		_exit(126);
	execv(command[0], command);
	_exit(127);
}

static unsigned long tries, stolen;

static void take(int pidfd)
{
	for (int number = 4; number <= 8; number++) {
		long fd = syscall(SYS_pidfd_getfd, pidfd, number, 0);

		tries++;
		if (fd < 0)
			continue;
		stolen++;
		close((int)fd);
	}
}

/*
 * Each has pipes of its own: in one for all, the verdicts that nobody reads fill it,
 * and from then on a helper waits for its deadline instead of exiting.
 */
static void steal_from(char **command)
{
	const int watching = WEXITED | WNOHANG | WNOWAIT;
	siginfo_t info = { 0 };
	int pipes[2], pidfd, status;
	pid_t pid;

	if (pipe(pipes) < 0)
		err(2, "pipe");
	pipes[0] = far(pipes[0]);
	pipes[1] = far(pipes[1]);
	pid = start(command, pipes);
	pidfd = far((int)syscall(SYS_pidfd_open, pid, 0));
	while (waitid(P_PID, (id_t)pid, &info, watching) == 0 && info.si_pid == 0)
		take(pidfd);
	take(pidfd);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) >= 126)
		errx(2, "%s did not run, or did not exit", command[0]);
	close(pidfd);
	close(pipes[0]);
	close(pipes[1]);
}

static int steal(int runs, char **command)
{
	syscall(SYS_close_range, 3U, ~0U, 0U);
	for (int i = 0; i < runs; i++)
		steal_from(command);
	printf("%d runs, %lu tries, %lu stolen\n", runs, tries, stolen);
	return stolen > 0;
}

int main(int argc, char **argv)
{
	if (argc == 2)
		return try_all(argv[1]);
	if (argc > 3 && strcmp(argv[1], "steal") == 0)
		return steal(atoi(argv[2]), argv + 3);
	errx(2, "pry PID, or pry steal N COMMAND");
}
