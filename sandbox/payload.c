/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * payload - from a process inside the sandbox to the user's command
 *
 * First it makes the network namespace, while setup makes the root; pivot_root(2)
 * moves the root of every process of the mount namespace, ours, too.  From then
 * on nothing is made or entered any more; each phase takes something away.
 */
#include "sandbox/payload.h"

#include "sandbox/cleanup.h"
#include "sandbox/command.h"
#include "sandbox/confine/descriptors.h"
#include "sandbox/confine/environment.h"
#include "sandbox/confine/filters.h"
#include "sandbox/confine/keyring.h"
#include "sandbox/confine/label.h"
#include "sandbox/confine/landlock.h"
#include "sandbox/confine/limits.h"
#include "sandbox/confine/privileges.h"
#include "sandbox/handshake.h"
#include "sandbox/identity/inner.h"
#include "sandbox/namespaces.h"
#include "sandbox/phase.h"
#include "sandbox/report.h"
#include "sandbox/rootfs/resolve.h"
#include "sandbox/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>

/* ---- while setup makes the root ------------------------------------------------------------ */

static int make_network(struct setup *s, struct failure *why)
{
	auto_close network = -1;

	if (s->in_network || (s->plan->namespaces & CLONE_NEWNET) == 0)
		return 0;
	if (namespaces_enter_network(s->plan, s->proc, why) < 0)
		return -1;
	network = openat(s->proc, "self/ns/net", O_RDONLY | O_CLOEXEC);
	if (network < 0) {
		(void)fail(why, errno, "open /proc/self/ns/net");
		return hint(why, "/proc must be mounted, for the PID namespace that croft runs in");
	}
	if (handshake_send(s->gate, MESSAGE_NETWORK, 0, network) < 0)
		return fail(why, errno, "hand the network namespace to setup");
	return report_network(s->plan, s->proc, s->from.launcher, why);
}

/* The working directory is the caller's still, in a tree that nothing else leads to. */
static int await_root(struct setup *s, struct failure *why)
{
	put_fd(&s->peer, -1);		/* a copy comes with the word to begin */
	if (handshake_expect(s->gate, MESSAGE_BEGIN, NULL, &s->peer, why) < 0)
		return -1;
	return chdir("/") == 0 ? 0 : fail(why, errno, "stand in the new root");
}

static int become_root(struct setup *s, struct failure *why)
{
	return privileges_become_root(s->plan, why);
}

static int enter_inner(struct setup *s, struct failure *why)
{
	if (namespaces_join_last(s->plan, why) < 0)
		return -1;
	if (s->plan->inner != 0 && inner_enter(s->gate, s->proc, s->plan, why) < 0)
		return -1;
	if (!s->plan->syscalls.tell_kills)	/* else the listener goes there (listener.h) */
		put_fd(&s->gate, -1);
	return 0;
}

static int forbid_user_namespaces(struct setup *s, struct failure *why)
{
	return namespaces_forbid_inside(s->plan, s->proc, why);
}

static const struct phase first_phases[] = {
	{ "no more user namespaces", forbid_user_namespaces },
	{ "network",               make_network },
	{ "new root",              await_root },
	{ "identity",              become_root },
	{ "second user namespace", enter_inner },
};

/* ---- session and terminal ------------------------------------------------------------------ */

static bool is_same_terminal(int fd, int other)
{
	struct stat one, two;

	return fstat(fd, &one) == 0 && fstat(other, &two) == 0 && one.st_dev == two.st_dev &&
	       one.st_ino == two.st_ino;
}

static int replace_terminals(const struct setup *s, struct failure *why)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int terminal = terminal_look(fd);

		if (terminal < 0)
			return fail(why, errno, "see whether descriptor %d is a terminal", fd);
		if (terminal && (dup2(s->peer, fd) < 0 || !is_same_terminal(fd, s->peer)))
			return fail(why, errno,
				    "put the private terminal in place of descriptor %d", fd);
	}
	return 0;
}

/*
 * The reaper leads the session and the payload has a group of its own in it:
 * with its parent in the session the group is no orphan, so ^Z can stop it
 * (is_current_pgrp_orphaned()).  Without a reaper the payload leads itself.
 */
static int enter_session(struct setup *s, struct failure *why)
{
	pid_t self = getpid();

	if (s->plan->shared_terminal)
		return 0;
	if (s->plan->reaper && !s->plan->customs.signals && setpgid(0, 0) < 0)
		return fail(why, errno, "begin a process group");
	if (s->peer < 0)
		return 0;
	if (ioctl(s->peer, TIOCSPGRP, &self) < 0 || tcgetpgrp(s->peer) != self)
		return fail(why, errno, "come to the foreground of the private terminal");
	return replace_terminals(s, why);
}

/* ---- where it stands ----------------------------------------------------------------------- */

/*
 * A path inside may be the tree's word against ours (a home in its passwd file,
 * a link), so no link that the kernel makes is followed: one in /proc can lead
 * to whatever directory a process holds.
 */
static int stand_in(const char *path)
{
	auto_close root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	auto_close directory = root < 0 ? -1 : resolve(root, path);

	return directory < 0 ? -1 : fchdir(directory);
}

/* The caller's directory counts only if the same directory is found at its path inside. */
static bool stand_where_the_caller_is(const struct setup *s)
{
	struct stat status;

	return s->directory[0] != '\0' && stand_in(s->directory) == 0 && stat(".", &status) == 0 &&
	       status.st_dev == s->directory_status.st_dev &&
	       status.st_ino == s->directory_status.st_ino;
}

static int enter_directory(struct setup *s, struct failure *why)
{
	if (s->plan->directory != NULL) {
		if (stand_in(s->plan->directory) == 0)
			return 0;
		(void)fail(why, errno, "--chdir %s", s->plan->directory);
		return familiar(why, "Can't chdir to %s", s->plan->directory);
	}
	if (stand_where_the_caller_is(s) || stand_in(s->user.identity.home) == 0 || chdir("/") == 0)
		return 0;
	return fail(why, errno, "stand in /");
}

/* What bubblewrap's clients find in PWD: the path that was taken. */
static int enter_directory_by_name(struct setup *s, struct failure *why)
{
	const char *home = getenv("HOME");
	const char *candidates[] = { s->directory, home != NULL ? home : "", "/" };
	size_t i = 0;

	if (s->plan->directory != NULL) {
		if (enter_directory(s, why) < 0)
			return -1;
		candidates[0] = s->plan->directory;
	} else {
		while (stand_in(candidates[i]) < 0)
			if (++i == sizeof(candidates) / sizeof(candidates[0]))
				return fail(why, errno, "stand in /");
	}
	return setenv("PWD", candidates[i], 1) == 0 ? 0 : fail(why, errno, "set PWD");
}

static int stand(struct setup *s, struct failure *why)
{
	return (s->plan->customs.directory ? enter_directory_by_name : enter_directory)(s, why);
}

/*
 * Whoever is given by name is known only now.  A number has got it where it was made
 * (steps_dev.c).
 */
static int give_terminal(const struct setup *s, struct failure *why)
{
	bool named = s->plan->private_terminal && s->plan->user != NULL;

	for (int fd = STDIN_FILENO; named && fd <= STDERR_FILENO; fd++)
		if (terminal_look(fd) == 1 && fchown(fd, s->user.uid, (gid_t)-1) < 0)
			return fail(why, errno, "give the private terminal to %s", s->plan->user);
	return 0;
}

static int find_user(struct setup *s, struct failure *why)
{
	return user_find(s->plan, &s->user, why) < 0 ? -1 : give_terminal(s, why);
}

static int make_environment(struct setup *s, struct failure *why)
{
	environ = environment_make(s->plan, s->user.uid, &s->user.identity, environ);
	return environ != NULL ? 0 : fail(why, errno, "make the environment");
}

static int see_that_no_more_can_be_made(struct setup *s, struct failure *why)
{
	return s->plan->assert_userns_disabled ? namespaces_none_can_be_made(why) : 0;
}

/* A caller who may dump nothing at all cannot be given 1, of which no dump comes either. */
static bool is_low_already(const struct limit *limit)
{
	struct rlimit now;

	return errno == EPERM && limit->value.rlim_max == 1 && getrlimit(RLIMIT_CORE, &now) == 0 &&
	       now.rlim_max == 0;
}

static int set_limits(struct setup *s, struct failure *why)
{
	if (setrlimit(RLIMIT_NOFILE, &s->files) < 0)
		return fail(why, errno, "set the limit of open files back");
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		const struct limit *limit = &s->plan->limits[i];

		if (limit->set && setrlimit(i, &limit->value) < 0) {
			if (i == RLIMIT_CORE && is_low_already(limit))
				continue;
			(void)fail(why, errno, "set the limit %s", limits_name(i));
			return errno == EPERM ?
			       hint(why, "a hard limit can only be lowered (setrlimit(2))") : -1;
		}
	}
	return 0;
}

static int drop_privileges(struct setup *s, struct failure *why)
{
	return privileges_drop(s->plan, &s->user, why);
}

static int join_keyring(struct setup *s, struct failure *why)
{
	return s->plan->own_keyring ? keyring_join_new(why) : 0;
}

static bool parent_lives(const struct setup *s)
{
	struct pollfd end = { s->from.launcher, 0, 0 };

	if (s->plan->reaper)
		return getppid() == s->reaper;
	/* Its number means nothing in here, but its end of the socket does. */
	return poll(&end, 1, 0) == 0;
}

/* A change of credentials forgets the signal, so it is asked for last (commit_creds()). */
static int die_with_parent(struct setup *s, struct failure *why)
{
	if (s->plan->reaper && (s->plan->namespaces & CLONE_NEWPID) != 0)
		return 0;	/* PID 1 takes all with it, and the launcher takes PID 1 */
	if (!s->plan->die_with_parent)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return fail(why, errno, "ask to be killed with the parent");
	return parent_lives(s) ? 0 : fail(why, 0, "the parent is gone");
}

static int set_label(struct setup *s, struct failure *why)
{
	return label_exec(s->plan, s->proc, why);
}

/* From this number on; whatever lies there is none that the payload is to have. */
static int first_not_passed(const struct plan *plan, int fd)
{
	for (size_t i = 0; i < plan->n_passed; i++)
		if (plan->passed[i].fd == fd)
			fd++;
	return fd;
}

static int open_status(struct setup *s, struct failure *why)
{
	if (s->plan->syscalls.n_filters == 0)
		return 0;
	s->status = filters_open_status(s->proc, &s->filters_before, why);
	return s->status < 0 ? -1 : 0;
}

/* Out of the way of those that are going to be put in their places. */
static int raise_fd(int *fd, int above, struct failure *why)
{
	int raised;

	if (*fd < 0 || *fd > above)
		return 0;
	raised = fcntl(*fd, F_DUPFD_CLOEXEC, above + 1);
	if (raised <= above)
		return fail(why, raised < 0 ? errno : 0, "keep a descriptor");
	*fd = raised;
	return 0;
}

static int place_fd(int *fd, int place, struct failure *why)
{
	int placed = *fd != place ? dup3(*fd, place, O_CLOEXEC) : *fd;

	if (placed != place)
		return fail(why, placed < 0 ? errno : 0, "keep descriptor %d", place);
	*fd = placed;
	return 0;
}

/* From 3 on without a hole, but for what is passed: all behind them can be closed. */
static int place_ours(struct setup *s, int *last, struct failure *why)
{
	int *const ours[] = { &s->from.launcher, &s->status, &s->gate, &s->block };
	enum { N = sizeof(ours) / sizeof(ours[0]) };
	int places[N];

	*last = STDERR_FILENO;
	for (int i = 0; i < N; i++)
		if (*ours[i] >= 0)
			*last = places[i] = first_not_passed(s->plan, *last + 1);
	if (raise_fd(&s->proc, *last, why) < 0)
		return -1;
	for (int i = 0; i < N; i++)
		if (raise_fd(ours[i], *last, why) < 0)
			return -1;
	for (int i = 0; i < N; i++)
		if (*ours[i] >= 0 && place_fd(ours[i], places[i], why) < 0)
			return -1;
	return 0;
}

/*
 * What the caller left open, and our own, go before anything of the tree's is
 * looked at: it would be within reach as /proc/self/fd/N.
 */
static int close_descriptors(struct setup *s, struct failure *why)
{
	const struct plan *plan = s->plan;
	int last;

	if (open_status(s, why) < 0)
		return -1;
	if (plan->customs.descriptors)
		return descriptors_mark_taken(plan->taken, plan->n_taken, why);
	if (place_ours(s, &last, why) < 0)
		return -1;
	return descriptors_close_from(last + 1, plan->passed, plan->n_passed, s->proc, why);
}

/*
 * Until whoever watches from outside has done what there is to do; the end of the
 * file will do.  It may never come, so signals end it here as they would the command.
 */
static int await_caller(struct setup *s, struct failure *why)
{
	char byte;
	ssize_t got;
	sigset_t blocked;

	if (s->block < 0)
		return 0;
	if (sigprocmask(SIG_SETMASK, &s->from.signals, &blocked) < 0)
		return fail(why, errno, "set the signal mask back");
	while ((got = read(s->block, &byte, 1)) < 0 && errno == EINTR)
		;
	if (got < 0)
		return fail(why, errno, "wait on descriptor %d", s->plan->block);
	if (!s->plan->customs.descriptors)
		put_fd(&s->block, -1);
	if (sigprocmask(SIG_SETMASK, &blocked, NULL) < 0)
		return fail(why, errno, "block signals");
	return 0;
}

static int restrict_itself(struct setup *s, struct failure *why)
{
	return landlock_restrict(s->plan, why);
}

static int check_limits(const struct plan *plan, struct failure *why)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		const struct limit *limit = &plan->limits[i];
		struct rlimit now = { RLIM_INFINITY, RLIM_INFINITY };

		if (limit->set && (getrlimit(i, &now) < 0 || now.rlim_cur > limit->value.rlim_cur ||
				   now.rlim_max > limit->value.rlim_max))
			return fail(why, 0, "the limit %s did not hold", limits_name(i));
	}
	return 0;
}

/*
 * What was set, and by whom read back: IDs, capabilities and limits here, since
 * anything above may have undone them; a mount's flags where it is attached; the
 * namespaces by the launcher, and where they are entered; the keyring and
 * Landlock where they are joined and enforced, which nothing can undo.
 */
static int read_back(struct setup *s, struct failure *why)
{
	return privileges_check(s->plan, &s->user, why) < 0 ? -1 : check_limits(s->plan, why);
}

/* ---- becoming it --------------------------------------------------------------------------- */

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* "-bash": the dash tells a shell that it is a login shell. */
static char **login_shell(const struct setup *s)
{
	static char name[NAME_MAX + 2], *words[2];

	(void)snprintf(name, sizeof(name), "-%s", last_component(s->user.identity.shell));
	words[0] = name;
	return words;
}

/* Whoever waits for the exit status must know that it will be the command's. */
static int announce_command(struct setup *s, struct failure *why)
{
	struct privileges held;

	if (s->plan->status_fd < 0)
		return 0;
	if (privileges_read(&held) < 0)
		return fail(why, errno, "read the privileges back");
	if (handshake_send_command(s->from.launcher, &held) < 0)
		return fail(why, errno, "tell the launcher that the command begins");
	return 0;
}

/* All that is not exec comes before the filters. */
static int make_ready(struct setup *s, struct failure *why)
{
	(void)umask(s->umask);
	if (umask(s->umask) != s->umask)
		return fail(why, 0, "the file mode mask that was set back did not hold");
	if (sigprocmask(SIG_SETMASK, &s->from.signals, NULL) < 0)
		return fail(why, errno, "set the signal mask back");
	return 0;
}

static int install_filters(struct setup *s, struct failure *why)
{
	return filters_install(s->plan, s->gate, s->status, s->filters_before, why);
}

static int become_command(struct setup *s, struct failure *why)
{
	const char *file = s->plan->login_shell ? s->user.identity.shell : s->plan->command[0];
	char **words = s->plan->login_shell ? login_shell(s) : s->plan->command;
	const char *usual = s->plan->customs.environment ?
			    "/bin:/usr/bin" :		/* as execvp(3) has it */
			    "/usr/local/bin:/usr/bin:/bin";

	if (s->plan->argv0 != NULL)
		words[0] = (char *)s->plan->argv0;
	return command_become(file, usual, words, why);
}

static const struct phase phases[] = {
	{ "session",     enter_session },
	{ "label",       set_label },		/* the way to /proc goes next */
	{ "descriptors", close_descriptors },
	{ "user",        find_user },		/* the old root is out of reach */
	{ "environment", make_environment },
	{ "limits",      set_limits },
	{ "no more user namespaces", see_that_no_more_can_be_made },
	{ "privileges",  drop_privileges },
	{ "keyring",     join_keyring },	/* it is to be the payload's user's */
	{ "parent",      die_with_parent },
	{ "waiting",     await_caller },	/* with nothing left to give away */
	{ "directory",   stand },		/* as the payload's user */
	{ "landlock",    restrict_itself },	/* what opens files beyond its rules stands above */
	{ "signals",     make_ready },
	{ "read back",   read_back },		/* the filter, after it, reads itself back */
	{ "report",      announce_command },
	{ "filters",     install_filters },	/* after all that they would refuse */
	{ "command",     become_command },
};

_Noreturn void payload_run(struct setup *setup)
{
	struct failure why = { 0 };

	(void)phases_run(phases, sizeof(phases) / sizeof(phases[0]), setup, &why);
	phase_failed(setup, &why);
}

_Noreturn void payload_prepare(struct setup *setup)
{
	struct failure why = { 0 };

	if (phases_run(first_phases, sizeof(first_phases) / sizeof(first_phases[0]), setup,
		       &why) < 0)
		phase_failed(setup, &why);
	payload_run(setup);
}
