/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup - the process that makes the sandbox from within, and becomes its reaper
 *
 * Each phase may use what the phases above it made, and must not need what the
 * phases below it take away.  What the order holds on to:
 *
 *   - sources are copied inside the new mount namespace (the kernel refuses
 *     another's) and with the caller's own IDs, so with the caller's access;
 *   - until the maps are in, setup keeps its credentials and stays dumpable, or
 *     no one could open its map files (task_dump_owner());
 *   - while IDs are unmapped no file can be made (EOVERFLOW);
 *   - the payload begins when it can learn nothing from us any more.
 */
#include "sandbox/setup.h"

#include "sandbox/cleanup.h"
#include "sandbox/confine/label.h"
#include "sandbox/confine/privileges.h"
#include "sandbox/diagnosis.h"
#include "sandbox/handshake.h"
#include "sandbox/identity/inner.h"
#include "sandbox/namespaces.h"
#include "sandbox/payload.h"
#include "sandbox/phase.h"
#include "sandbox/reaper.h"
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
#include <sys/wait.h>

/* ---- before the root ----------------------------------------------------------------------- */

static int note_directory(struct setup *s)
{
	if (getcwd(s->directory, sizeof(s->directory)) == NULL ||
	    stat(".", &s->directory_status) < 0)
		s->directory[0] = '\0';		/* it was removed, or is out of reach */
	return 0;
}

/* With no PID namespace what the payload leaves is the reaper's child, and is killed. */
static int adopt(const struct setup *s, struct failure *why)
{
	if ((s->plan->namespaces & CLONE_NEWPID) != 0 || s->plan->customs.leftovers)
		return 0;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return fail(why, errno, "adopt what the payload leaves behind");
	if (faccessat(s->proc, REAPER_CHILDREN, R_OK, 0) == 0)
		return 0;
	(void)fail(why, errno, "find what the payload leaves behind (/proc/" REAPER_CHILDREN ")");
	return hint(why, "the kernel lists no children (CONFIG_PROC_CHILDREN); "
			 "without --share-pid it need not");
}

static int begin(struct setup *s, struct failure *why)
{
	if (reaper_dies_at_once(s->plan) && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return fail(why, errno, "ask to be killed with the launcher");
	report_leave(s->plan);
	s->umask = umask(0);
	if (s->umask == 0 && umask(0) != 0)
		return fail(why, 0, "the file mode mask that was set did not hold");
	s->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (s->proc < 0)
		return fail(why, errno, "open /proc");
	if (getrlimit(RLIMIT_NOFILE, &s->files) < 0)
		return fail(why, errno, "read the limit of open files");
	if (adopt(s, why) < 0)
		return -1;
	return s->plan->directory == NULL ? note_directory(s) : 0;
}

static int furnish(struct setup *s, struct failure *why)
{
	return namespaces_furnish(s->plan, why);
}

static int lead_session(struct setup *s, struct failure *why)
{
	pid_t session = s->plan->shared_terminal ? 0 : setsid();

	if (session < 0)
		return fail(why, errno, "begin a session");
	return session > 0 || s->plan->shared_terminal ? 0 :
	       fail(why, 0, "the session that was begun did not hold");
}

static int fork_payload(struct setup *s, struct failure *why)
{
	int gates[2];

	if (handshake_open(gates, why) < 0)
		return -1;
	s->reaper = getpid();
	s->payload = namespaces_fork_within(why);
	if (s->payload < 0)
		return -1;
	s->gate = gates[s->payload == 0];
	(void)close(gates[s->payload != 0]);	/* the other's end */
	if (s->payload == 0)
		payload_prepare(s);
	return 0;
}

/*
 * A process that was forked before its session got a terminal has none
 * (__proc_set_tty()), so for a private one the payload's process has to wait.
 */
static bool forks_late(const struct setup *s)
{
	return s->plan->private_terminal && s->plan->reaper;
}

static int fork_early(struct setup *s, struct failure *why)
{
	if (!forks_late(s) && s->plan->reaper)
		return fork_payload(s, why);
	s->in_network = true;
	if (namespaces_enter_network(s->plan, s->proc, why) < 0)
		return -1;
	return report_network(s->plan, s->proc, s->from.launcher, why);
}

static int fork_late(struct setup *s, struct failure *why)
{
	return forks_late(s) ? fork_payload(s, why) : 0;
}

static int take_ids(struct setup *s, struct failure *why)
{
	if (s->mapped)
		return 0;
	s->mapped = true;
	return handshake_expect(s->from.launcher, MESSAGE_MAPPED, NULL, NULL, why);
}

/* Each source takes a descriptor; the payload's process has the caller's limit still. */
static int pin_sources(struct setup *s, struct failure *why)
{
	enum { OURS = 64 };
	struct rlimit more = { s->files.rlim_max, s->files.rlim_max };

	if (s->plan->steps.n + OURS > s->files.rlim_cur && setrlimit(RLIMIT_NOFILE, &more) < 0)
		return fail(why, errno, "raise the limit of open files");
	if (rootfs_begin(&s->rootfs, s->plan, why) < 0)
		return -1;
	if (rootfs_pin(&s->rootfs, why) == 0)
		return 0;
	if (why->err != EACCES)
		return -1;
	/*
	 * What is closed to its own owner is open once the owner is mapped
	 * (privileged_wrt_inode_uidgid()), which may have been so by now, or not.
	 */
	*why = (struct failure){ 0 };
	return take_ids(s, why) < 0 ? -1 : rootfs_pin(&s->rootfs, why);
}

static int become_root(struct setup *s, struct failure *why)
{
	return privileges_become_root(s->plan, why);
}

static int join_network(struct setup *s, struct failure *why)
{
	auto_close network = -1;

	if (s->in_network || (s->plan->namespaces & CLONE_NEWNET) == 0)
		return 0;
	s->in_network = true;
	/* As a descriptor: while it changes its IDs, no one may look into the other process. */
	if (handshake_expect(s->gate, MESSAGE_NETWORK, NULL, &network, why) < 0)
		return -1;
	if (setns(network, CLONE_NEWNET) < 0)
		return fail(why, errno, "join the network namespace");
	return 0;
}

/* A new sysfs shows the network namespace of whoever mounts it, and wants it owned. */
static int join_network_for_sys(struct setup *s, struct failure *why)
{
	for (size_t i = 0; i < s->plan->steps.n; i++)
		if (s->plan->steps.step[i].kind == STEP_SYS)
			return join_network(s, why);
	return 0;
}

/* ---- the root ------------------------------------------------------------------------------ */

static int build_root(struct setup *s, struct failure *why)
{
	if (label_files(s->plan, s->proc, why) < 0)	/* until exec, or the end */
		return -1;
	return rootfs_build(&s->rootfs, why);
}

/* The master goes to the launcher, and is not kept: whoever holds it types for the user. */
static int share_terminal(struct setup *s, struct failure *why)
{
	auto_close master = take_fd(&s->rootfs.terminal);

	if (master < 0)
		return 0;
	s->peer = terminal_open_peer(master);
	if (s->peer < 0)
		return fail(why, errno, "open the private terminal");
	if (ioctl(s->peer, TIOCSCTTY, 0) < 0)
		return fail(why, errno, "take the private terminal");
	if (handshake_send(s->from.launcher, MESSAGE_TERMINAL, 0, master) < 0)
		return fail(why, errno, "hand the private terminal to the launcher");
	return 0;
}

static int enter_root(struct setup *s, struct failure *why)
{
	return rootfs_enter(&s->rootfs, why);
}

static int forbid_user_namespaces(struct setup *s, struct failure *why)
{
	return s->plan->disable_userns ? namespaces_forbid_more(s->proc, why) : 0;
}

/*
 * What watches the command is told of it before it runs.  The launcher may be waiting for
 * the payload's process, and does not see it die.
 */
static int await_documents(struct setup *s, struct failure *why)
{
	struct pollfd ends[] = {
		{ s->from.launcher, POLLIN, 0 }, { s->plan->reaper ? s->gate : -1, 0, 0 }
	};

	if (!report_wanted(s->plan))
		return 0;
	while (poll(ends, 2, -1) < 0)
		if (errno != EINTR)
			return fail(why, errno, "wait until the documents are written");
	if (ends[0].revents == 0)
		return fail(why, 0, "the payload's process died");
	return handshake_expect(s->from.launcher, MESSAGE_REPORTED, NULL, NULL, why);
}

static const struct phase phases[] = {
	{ "start",      begin },
	{ "namespaces", furnish },
	{ "session",    lead_session },
	{ "fork",       fork_early },		/* from here on there are two of us */
	{ "sources",    pin_sources },
	{ "id map",     take_ids },		/* here the helpers are waited for */
	{ "identity",   become_root },
	{ "network",    join_network_for_sys },
	{ "root",       build_root },		/* last use of a path outside */
	{ "terminal",   share_terminal },
	{ "fork",       fork_late },
	{ "new root",   enter_root },
	{ "no more user namespaces", forbid_user_namespaces },
	{ "report",     await_documents },
};

/* ---- the payload's process takes over ------------------------------------------------------ */

/* Our memory holds the caller's environment and command line; inside no one shall read it. */
static int hide(struct setup *s, struct failure *why)
{
	const struct customs *customs = &s->plan->customs;
	const char *name = customs->reaper != NULL ? customs->reaper : "croft-reaper";

	if (prctl(PR_SET_DUMPABLE, customs->in_view, 0, 0, 0) < 0 ||
	    prctl(PR_SET_NAME, name, 0, 0, 0) < 0)
		return fail(why, errno, "hide from the payload");
	for (char **variable = environ; *variable != NULL; variable++)
		explicit_bzero(*variable, strlen(*variable));
	explicit_bzero(s->from.arguments, s->from.arguments_size);
	(void)snprintf(s->from.arguments, s->from.arguments_size, "%s",
		       customs->reaper != NULL ? customs->reaper : "croft: reaper");
	return 0;
}

static int hold(struct setup *s, int fd, struct failure *why)
{
	s->held = reallocarray(s->held, s->n_held + 1, sizeof(*s->held));
	if (s->held == NULL)
		return fail(why, errno, "hold a descriptor");
	s->held[s->n_held++] = fd;
	return 0;
}

/*
 * As an open file's lock (Linux 3.15): it meets those of fcntl(F_SETLK) as one
 * of that kind would, and is not lost when another descriptor is closed.
 */
static int lock(struct setup *s, int root, const char *path, struct failure *why)
{
	struct flock whole = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	auto_close place = resolve(root, path);
	char name[32];
	int fd;

	(void)snprintf(name, sizeof(name), "self/fd/%d", place);
	fd = place < 0 ? -1 : openat(s->proc, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fcntl(fd, F_OFD_SETLK, &whole) < 0) {
		(void)fail(why, errno, "lock %s", path);
		return familiar(why, "Unable to lock file %s", path);
	}
	return hold(s, fd, why);
}

/* Before the payload begins, so that it runs under its locks from the first instruction on. */
static int hold_for_caller(struct setup *s, struct failure *why)
{
	const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
	auto_close root = s->plan->n_lock_files > 0 ? open("/", flags) : -1;

	if (s->plan->sync >= 0 && hold(s, s->plan->sync, why) < 0)
		return -1;
	for (size_t i = 0; i < s->plan->n_lock_files; i++)
		if (lock(s, root, s->plan->lock_files[i], why) < 0)
			return -1;
	return 0;
}

static int let_begin(struct setup *s, struct failure *why)
{
	if (handshake_send(s->gate, MESSAGE_BEGIN, 0, s->peer) < 0)
		return fail(why, errno, "let the payload begin");
	return 0;
}

static int map_inner(struct setup *s, struct failure *why)
{
	return s->plan->inner != 0 ? inner_map(s->gate, s->proc, s->plan, why) : 0;
}

static const struct phase last_phases[] = {
	{ "reaper",     hide },
	{ "locks",      hold_for_caller },
	{ "payload",    let_begin },
	{ "network",    join_network },		/* before NUMBER can come through the same gate */
	{ "id map",     map_inner },
};

/* ---- without a reaper ---------------------------------------------------------------------- */

/* Only a process that stays in the first user namespace can map the second. */
static pid_t leave_mapper(struct setup *s, struct failure *why)
{
	int gates[2];
	pid_t mapper;

	if (handshake_open(gates, why) < 0)
		return -1;
	mapper = fork();
	if (mapper == 0) {
		(void)close(gates[0]);
		if (inner_map(gates[1], s->proc, s->plan, why) < 0)
			phase_failed(s, why);
		_exit(0);
	}
	(void)close(gates[1]);
	s->gate = gates[0];
	return mapper < 0 ? fail(why, errno, "fork") : mapper;
}

static int enter_inner(struct setup *s, struct failure *why)
{
	pid_t mapper;

	if (namespaces_join_last(s->plan, why) < 0)
		return -1;
	if (s->plan->inner == 0)
		return 0;
	mapper = leave_mapper(s, why);
	if (mapper < 0 || inner_enter(s->gate, s->proc, s->plan, why) < 0)
		return -1;
	put_fd(&s->gate, -1);
	(void)waitpid(mapper, NULL, 0);		/* what it had to do is done */
	return 0;
}

static int forbid_inside(struct setup *s, struct failure *why)
{
	return namespaces_forbid_inside(s->plan, s->proc, why);
}

static const struct phase first_phases[] = {
	{ "no more user namespaces", forbid_inside },
	{ "second user namespace", enter_inner },
};

#define RUN(table, setup, why) phases_run(table, sizeof(table) / sizeof((table)[0]), setup, why)

_Noreturn void setup_run(const struct inheritance *from)
{
	static struct setup setup;
	struct failure why = { 0 };
	bool first = !from->plan->reaper;

	setup = (struct setup){
		.from = *from, .plan = from->plan,
		.proc = -1, .gate = -1, .status = -1, .peer = -1,
		.block = from->plan->block
	};
	if (RUN(phases, &setup, &why) < 0 ||
	    (first ? RUN(first_phases, &setup, &why) : RUN(last_phases, &setup, &why)) < 0) {
		(void)diagnosis_of_refusal(&why);
		phase_failed(&setup, &why);
	}
	if (first)
		payload_run(&setup);
	reaper_run(&setup);
}
