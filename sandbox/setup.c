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
 *   - names of users are looked up when the old root is out of reach.
 */
#include "sandbox/setup.h"

#include "sandbox/cleanup.h"
#include "sandbox/descriptors.h"
#include "sandbox/diagnosis.h"
#include "sandbox/handshake.h"
#include "sandbox/inner.h"
#include "sandbox/mapping.h"
#include "sandbox/namespaces.h"
#include "sandbox/payload.h"
#include "sandbox/phase.h"
#include "sandbox/privileges.h"
#include "sandbox/reaper.h"
#include "sandbox/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

int phases_run(const struct phase *phase, size_t n, struct setup *setup, struct failure *why)
{
	for (; n > 0; n--, phase++)
		if (phase->run(setup, why) < 0) {
			(void)snprintf(why->phase, sizeof(why->phase), "%s", phase->name);
			return -1;
		}
	return 0;
}

_Noreturn void phase_failed(const struct setup *setup, const struct failure *why)
{
	handshake_send_failure(setup->from.launcher, why);
	_exit(EXIT_SANDBOX);
}

/* ---- the phases ---------------------------------------------------------------------------- */

static int begin(struct setup *s, struct failure *why)
{
	if (s->plan->die_with_parent && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return fail(why, errno, "ask to be killed with the launcher");
	s->umask = umask(0);
	s->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (s->proc < 0)
		return fail(why, errno, "open /proc");
	if (s->plan->directory == NULL && getcwd(s->directory, sizeof(s->directory)) != NULL &&
	    stat(".", &s->directory_status) < 0)
		s->directory[0] = '\0';
	return 0;
}

static int enter_namespaces(struct setup *s, struct failure *why)
{
	return namespaces_enter(s->plan, why);
}

/* Each source takes a descriptor; the caller's limit comes back before the payload begins. */
static int pin_sources(struct setup *s, struct failure *why)
{
	enum { OURS = 64 };
	struct rlimit more;

	if (getrlimit(RLIMIT_NOFILE, &s->files) < 0)
		return fail(why, errno, "read the limit of open files");
	more = s->files;
	more.rlim_cur = more.rlim_max;
	if (s->plan->steps.n + OURS > s->files.rlim_cur && setrlimit(RLIMIT_NOFILE, &more) < 0)
		return fail(why, errno, "raise the limit of open files");
	return rootfs_pin(&s->rootfs, s->plan, why);
}

static int take_ids(struct setup *s, struct failure *why)
{
	if (mapping_is_own(s->plan))
		return mapping_write_own(s->plan, why);
	return handshake_expect(s->from.launcher, MESSAGE_MAPPED, NULL, why);
}

static int become_root(struct setup *s, struct failure *why)
{
	return privileges_become_root(s->plan, why);
}

static int build_root(struct setup *s, struct failure *why)
{
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
	if (handshake_send(s->from.launcher, MESSAGE_TERMINAL, 0, master) < 0)
		return fail(why, errno, "hand the private terminal to the launcher");
	return 0;
}

static int enter_root(struct setup *s, struct failure *why)
{
	return rootfs_enter(&s->rootfs, why);
}

static int find_user(struct setup *s, struct failure *why)
{
	return user_find(s->plan, &s->user, why);
}

static int lead_session(struct setup *s, struct failure *why)
{
	return s->plan->as_pid_1 ? 0 : reaper_lead_session(s, why);
}

static const struct phase phases[] = {
	{ "start",          begin },
	{ "namespaces",     enter_namespaces },	/* the user namespace came with the fork */
	{ "sources",        pin_sources },
	{ "id map",         take_ids },		/* here the helpers are waited for */
	{ "identity",       become_root },
	{ "root",           build_root },	/* last use of a path outside */
	{ "terminal",       share_terminal },
	{ "new root",       enter_root },
	{ "user",           find_user },
	{ "session",        lead_session },
};

/* ---- the payload's process ----------------------------------------------------------------- */

/*
 * From here on nothing inside shall see more of us than that we exist: our
 * memory holds the caller's environment and command line.
 */
static int hide(struct setup *s, struct failure *why)
{
	static const char shown[] = "croft: reaper";

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_NAME, "croft-reaper", 0, 0, 0) < 0)
		return fail(why, errno, "hide from the payload");
	explicit_bzero(s->from.arguments, s->from.arguments_size);
	(void)snprintf(s->from.arguments, s->from.arguments_size, "%s", shown);
	return 0;
}

/* The reaper's part: the payload begins only when it can learn nothing from us. */
static int let_begin(struct setup *s, int gate, struct failure *why)
{
	if (s->plan->inner && inner_map(gate, s->proc, s->plan, why) < 0)
		return -1;
	return hide(s, why) < 0 ? -1 : inner_release(gate, why);
}

static _Noreturn void become_payload(struct setup *s)
{
	struct failure why = { 0 };

	if ((s->plan->inner && inner_call(s->gate, s->proc, &why) < 0) ||
	    (s->gate >= 0 && inner_wait(s->gate, &why) < 0))
		phase_failed(s, &why);
	put_fd(&s->gate, -1);
	payload_run(s);
}

static _Noreturn void stay_as_reaper(struct setup *s)
{
	struct failure why = { .phase = "payload" };
	int gates[2], pidfd = -1;
	pid_t payload;

	if (handshake_open(gates, &why) < 0)
		phase_failed(s, &why);
	s->parent = getpid();
	if (!s->plan->inner && hide(s, &why) < 0)
		phase_failed(s, &why);
	payload = namespaces_fork_payload(s->plan->inner, &pidfd, &why);
	if (payload < 0)
		phase_failed(s, &why);
	s->gate = gates[payload == 0];
	(void)close(gates[payload != 0]);	/* the other's end */
	if (payload == 0)
		become_payload(s);
	if (let_begin(s, s->gate, &why) < 0)
		phase_failed(s, &why);
	reaper_run(s, payload);
}

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
		if (inner_map(gates[1], s->proc, s->plan, why) < 0 || inner_release(gates[1], why) < 0)
			phase_failed(s, why);
		_exit(0);
	}
	(void)close(gates[1]);
	s->gate = gates[0];
	return mapper < 0 ? fail(why, errno, "fork") : mapper;
}

static _Noreturn void become_first(struct setup *s)
{
	struct failure why = { .phase = "payload" };

	if (s->plan->inner) {
		pid_t mapper = leave_mapper(s, &why);

		if (mapper < 0 || namespaces_enter_inner(&why) < 0 ||
		    inner_call(s->gate, s->proc, &why) < 0 || inner_wait(s->gate, &why) < 0)
			phase_failed(s, &why);
		put_fd(&s->gate, -1);
		(void)waitpid(mapper, NULL, 0);	/* what it had to do is done */
	}
	payload_run(s);
}

_Noreturn void setup_run(const struct inheritance *from)
{
	static struct setup setup;
	struct failure why = { 0 };

	setup = (struct setup){ .from = *from, .plan = from->plan, .proc = -1, .gate = -1, .peer = -1 };
	if (phases_run(phases, sizeof(phases) / sizeof(phases[0]), &setup, &why) < 0) {
		(void)diagnosis_of_powerless_namespace(&why);
		phase_failed(&setup, &why);
	}
	if (setup.plan->as_pid_1)
		become_first(&setup);
	stay_as_reaper(&setup);
}
