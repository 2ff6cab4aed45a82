/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_load - filters that come from outside croft
 *
 * A program comes whole from a descriptor.  A policy in JSON is read by
 * seccomp-compile, an unprivileged program of its own, so that no plain start has
 * its libraries in memory: the file is its standard input, and on its standard
 * output is the program, or, with exit status 1, a line that says what is wrong.
 */
#include "sandbox/confine/filters.h"

#include "sandbox/cleanup.h"
#include "sandbox/confine/capabilities.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define COMPILER CROFT_LIBEXECDIR "/seccomp-compile"

enum { LARGEST = BPF_MAXINSNS * sizeof(struct sock_filter) };

/* Reads to the end, at most LARGEST bytes and one more.  Returns how many, or -1 with errno. */
static ssize_t read_all(int fd, char *bytes)
{
	size_t n = 0;

	while (n <= LARGEST) {
		ssize_t got = read(fd, bytes + n, LARGEST + 1 - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -1 : (ssize_t)n;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

/* Whether it means something is the kernel's to say, when it is installed. */
static int take_program(struct plan_filter *filter, const char *bytes, size_t n,
			struct failure *why)
{
	if (n > LARGEST)
		return fail(why, 0, "%s: a program has at most %d instructions",
			    filter->name, BPF_MAXINSNS);
	if (n == 0 || n % sizeof(struct sock_filter) != 0)
		return fail(why, 0, "%s: %zu bytes are no program of 8 bytes an instruction",
			    filter->name, n);
	filter->filter = (struct filter){ (const struct sock_filter *)(const void *)bytes,
					  n / sizeof(struct sock_filter) };
	return 0;
}

static int load_program(int fd, struct plan_filter *filter, struct failure *why)
{
	char *bytes = malloc(LARGEST + 1);
	ssize_t n = bytes != NULL ? read_all(fd, bytes) : -1;

	if (n < 0)
		return fail(why, errno, "%s: read the filter", filter->name);
	if (fd > STDERR_FILENO)
		(void)close(fd);	/* only read; and it is not for the command */
	return take_program(filter, bytes, (size_t)n, why);
}

/* ---- a policy in JSON ---------------------------------------------------------------------- */

/* Who else can write the file would decide what is closed.  The group's bit is its ACL's, too. */
static int open_policy(const char *path, struct failure *why)
{
	auto_close fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return fail(why, errno, "--seccomp-policy %s: open", path);
	if (!S_ISREG(status.st_mode))
		return fail(why, 0, "--seccomp-policy %s: not a file", path);
	if ((status.st_uid != 0 && status.st_uid != geteuid()) ||
	    (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		(void)fail(why, 0, "--seccomp-policy %s: others than you and root can write it",
			   path);
		return hint(why, "it must be yours or root's, and closed to group and others "
				 "(chmod go-w)");
	}
	return take_fd(&fd);
}

/* The compiler is told what the payload holds, for policies ask. */
static pid_t start_compiler(int policy, int answers, uint64_t capabilities, struct failure *why)
{
	char names[1024];
	char *const words[] = {
		(char *)"seccomp-compile",
		(char *)capabilities_print(capabilities, names, sizeof(names)), NULL,
	};
	char *const no_environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int err = posix_spawn_file_actions_init(&actions);

	(void)signal(SIGCHLD, SIG_DFL);		/* ignored, it would leave no status */
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(&actions, policy, STDIN_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(&actions, answers, STDOUT_FILENO);
	if (err == 0)
		err = posix_spawn(&pid, COMPILER, &actions, NULL, words, no_environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (err == 0)
		return pid;
	(void)fail(why, err, "run %s", COMPILER);
	return err != ENOENT ? -1 : hint(why, "croft was built without libseccomp or json-c, which "
					      "--seccomp-policy needs");
}

static int take_answer(struct plan_filter *filter, int status, char *bytes, ssize_t n,
		       struct failure *why)
{
	if (n >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return take_program(filter, bytes, (size_t)n, why);
	if (n > 0 && n < 256 && WIFEXITED(status) && WEXITSTATUS(status) == 1)
		return fail(why, 0, "%s: %.*s", filter->name, (int)strcspn(bytes, "\n"), bytes);
	return fail(why, 0, "%s: seccomp-compile failed", filter->name);
}

static int load_policy(const struct plan *plan, struct plan_filter *filter, struct failure *why)
{
	auto_close policy = open_policy(filter->path, why);
	auto_close out = -1, in = -1;
	char *bytes = calloc(1, LARGEST + 2);
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	if (policy < 0)
		return -1;
	if (bytes == NULL || pipe2(ends, O_CLOEXEC) < 0)
		return fail(why, errno, "make a pipe for seccomp-compile");
	out = ends[0];
	in = ends[1];
	pid = start_compiler(policy, in, plan->capabilities, why);
	if (pid < 0)
		return -1;
	put_fd(&in, -1);
	n = read_all(out, bytes);
	put_fd(&out, -1);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return fail(why, errno, "wait for seccomp-compile");
	return take_answer(filter, status, bytes, n, why);
}

static void join_filters(struct syscalls *syscalls)
{
	static struct filter_room room;
	struct filter filters[PLAN_FILTERS];

	for (size_t i = 0; i < syscalls->n_filters; i++)
		filters[i] = syscalls->filter[i].filter;
	if (syscalls->tell_kills)
		syscalls->for_listener = filter_join(filters, syscalls->n_filters, MACHINE_HERE,
						     &room);
}

int filters_load(struct plan *plan, struct failure *why)
{
	for (size_t i = 0; i < plan->syscalls.n_filters; i++) {
		struct plan_filter *filter = &plan->syscalls.filter[i];

		if (filter->source == FILTER_PROGRAM && load_program(filter->fd, filter, why) < 0)
			return -1;
		if (filter->source == FILTER_FILE && load_policy(plan, filter, why) < 0)
			return -1;
	}
	join_filters(&plan->syscalls);
	return 0;
}
