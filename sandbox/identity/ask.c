/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask - starts the set-user-ID helpers, and hears what they say
 *
 * A helper starts when its whole request lies in a pipe already: it never
 * waits for us with a privilege in hand.  It counts as consent only if the
 * verdict says so, the exit status says so, and nothing follows.
 */
#include "sandbox/identity/ask.h"

#include "sandbox/cleanup.h"
#include "sandbox/facts.h"
#include "sandbox/identity/verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { TARGET_FD = 3 };

struct helper {
	const char *name;
	const char *path;
	const struct idmap *map;
	enum idrequest_setgroups setgroups;
	pid_t pid;		/* 0: not started */
	int verdict;		/* our end of its answer */
};

/* ---- croft's own --------------------------------------------------------------------------- */

/* A pipe that holds the whole request: at most 4,092 bytes, and the smallest pipe takes 4,096. */
static int make_request(const struct helper *helper, struct failure *why)
{
	struct idrequest request = { .magic = IDREQUEST_MAGIC, .setgroups = helper->setgroups };
	size_t size = sizeof(request) - sizeof(request.map.range) +
		      helper->map->n * sizeof(request.map.range[0]);
	int ends[2];
	auto_close reading = -1, writing = -1;

	_Static_assert(sizeof(struct idrequest) <= 4096,
		       "a request must fit into the smallest pipe");
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail(why, errno, "make a pipe for the helper %s", helper->name);
	reading = ends[0];
	writing = ends[1];
	request.map = *helper->map;
	if (write(writing, &request, size) != (ssize_t)size)
		return fail(why, errno, "write the request for the helper %s", helper->name);
	return take_fd(&reading);
}

/* The launcher takes its signals from a descriptor; a helper must still hear ^C. */
static int spawn_hearing(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
			 char *const argv[])
{
	char *const envp[] = { NULL };
	posix_spawnattr_t attributes;
	sigset_t none;
	int err = posix_spawnattr_init(&attributes);

	if (err != 0)
		return err;
	(void)sigemptyset(&none);
	err = posix_spawnattr_setsigmask(&attributes, &none);
	if (err == 0)
		err = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	if (err == 0)
		err = posix_spawn(pid, path, actions, &attributes, argv, envp);
	(void)posix_spawnattr_destroy(&attributes);		/* cannot fail */
	return err;
}

static int spawn(struct helper *helper, int request, int answer, int process)
{
	char *const argv[] = { (char *)helper->name, NULL };
	posix_spawn_file_actions_t actions;
	int err = posix_spawn_file_actions_init(&actions);

	if (err != 0)
		return err;
	err = posix_spawn_file_actions_adddup2(&actions, request, STDIN_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(&actions, answer, STDOUT_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(&actions, process, TARGET_FD);
	if (err == 0)
		err = spawn_hearing(&helper->pid, helper->path, &actions, argv);
	(void)posix_spawn_file_actions_destroy(&actions);	/* cannot fail */
	return err;
}

static int start(struct helper *helper, int process, struct failure *why)
{
	auto_close request = make_request(helper, why);
	int ends[2];
	auto_close answer = -1;
	int err;

	if (request < 0)
		return -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail(why, errno, "make a pipe for the helper %s", helper->name);
	helper->verdict = ends[0];
	answer = ends[1];
	err = spawn(helper, request, answer, process);
	if (err == 0)
		return 0;
	helper->pid = 0;
	(void)fail(why, err, "start %s", helper->path);
	return err != ENOENT && err != EACCES ? -1 :
	       hint(why, "croft and its helpers are installed together: make install, as root");
}

/* The verdict, and an end of file behind it. */
static bool read_verdict(int fd, struct idverdict *verdict)
{
	char beyond;

	return read(fd, verdict, sizeof(*verdict)) == sizeof(*verdict) && read(fd, &beyond, 1) == 0;
}

/* Waits for a child, and says what became of it, as waitpid(2) does. */
static int reap(pid_t pid, int *status)
{
	pid_t got;

	do
		got = waitpid(pid, status, 0);
	while (got < 0 && errno == EINTR);
	return got == pid ? 0 : -1;
}

static int hear(struct helper *helper, struct failure *why)
{
	struct idverdict verdict = { 0 };
	bool heard = read_verdict(helper->verdict, &verdict);
	int status = 0;

	if (reap(helper->pid, &status) < 0)
		return fail(why, errno, "wait for the helper %s", helper->name);
	if (WIFSIGNALED(status))
		return fail(why, 0, "the helper %s was killed by signal %d", helper->name,
			    WTERMSIG(status));
	if (heard && verdict.answer == IDVERDICT_YES && verdict.code == VERDICT_GRANTED &&
	    WEXITSTATUS(status) == VERDICT_GRANTED)
		return 0;
	if (heard && verdict.answer == IDVERDICT_NO &&
	    verdict.code == (uint32_t)WEXITSTATUS(status))
		return verdict_fail(helper->name, verdict.code, why);
	return fail(why, 0, "the helper %s ended with status %d and no verdict that fits it",
		    helper->name, WEXITSTATUS(status));
}

int ask_helpers(const struct plan *plan, int process, struct failure *why)
{
	struct helper helpers[] = {
		{ .name = "uidmap", .path = UIDMAP_HELPER, .map = &plan->uid_map,
		  .setgroups = SETGROUPS_DENY, .verdict = -1 },
		{ .name = "gidmap", .path = GIDMAP_HELPER, .map = &plan->gid_map,
		  .setgroups = plan->setgroups, .verdict = -1 },
	};
	struct failure second = { 0 };
	int result = 0;

	for (size_t i = 0; i < 2 && result == 0; i++)
		result = start(&helpers[i], process, why);
	for (size_t i = 0; i < 2; i++) {	/* whoever was started is heard and reaped */
		if (helpers[i].pid > 0 && hear(&helpers[i], result == 0 ? why : &second) < 0)
			result = -1;
		put_fd(&helpers[i].verdict, -1);
	}
	return result;
}

/* ---- the distribution's -------------------------------------------------------------------- */

enum { NUMBER_SIZE = 12 };	/* "4294967295" and a NUL */

/* newuidmap PID INSIDE OUTSIDE COUNT … */
static char **make_words(const char *path, pid_t target, const struct idmap *map)
{
	size_t n = 3 + 3 * (size_t)map->n;
	char **words = calloc(n, sizeof(*words) + NUMBER_SIZE);
	char *text;

	if (words == NULL)
		return NULL;
	text = (char *)(words + n);
	for (size_t i = 1; i < n - 1; i++)
		words[i] = text + i * NUMBER_SIZE;
	words[0] = (char *)path;
	(void)snprintf(words[1], NUMBER_SIZE, "%d", (int)target);
	for (size_t i = 0; i < map->n; i++) {
		(void)snprintf(words[2 + 3 * i], NUMBER_SIZE, "%u", map->range[i].inside);
		(void)snprintf(words[3 + 3 * i], NUMBER_SIZE, "%u", map->range[i].outside);
		(void)snprintf(words[4 + 3 * i], NUMBER_SIZE, "%u", map->range[i].count);
	}
	return words;
}

static int run(const char *path, pid_t target, const struct idmap *map, struct failure *why)
{
	auto_free char **words = make_words(path, target, map);
	int status = 0, err;
	pid_t pid;

	if (words == NULL)
		return fail(why, errno, "make the command line of %s", path);
	err = spawn_hearing(&pid, path, NULL, words);
	if (err != 0)
		return fail(why, err, "start %s", path);
	if (reap(pid, &status) < 0)
		return fail(why, errno, "wait for %s", path);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		(void)fail(why, 0, "%s refused the map", path);
		return hint(why, "its own message stands above this one, if it had any");
	}
	return 0;
}

int ask_system_helpers(const struct plan *plan, pid_t target, struct failure *why)
{
	return run(NEWUIDMAP, target, &plan->uid_map, why) < 0 ? -1 :
	       run(NEWGIDMAP, target, &plan->gid_map, why);
}
