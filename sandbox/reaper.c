/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reaper - the process that stays inside
 *
 * It runs nothing, opens nothing and believes nothing of the payload but what
 * waitid(2) says, and a listener of filters (confine/listener.h).  As PID 1 its end is
 * the end of every process inside (zap_pid_ns_processes()); without a PID namespace it
 * adopts what the payload leaves behind, and kills it.
 */
#include "sandbox/reaper.h"

#include "sandbox/cleanup.h"
#include "sandbox/confine/descriptors.h"
#include "sandbox/confine/privileges.h"
#include "sandbox/footprint.h"
#include "sandbox/handshake.h"
#include "sandbox/number.h"
#include "sandbox/phase.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

/* The only descriptors that it keeps. */
enum { LAUNCHER_FD, SIGNALS_FD, PROC_FD, GATE_FD, FIRST_CLOSED };

struct reaper {
	const struct plan *plan;
	pid_t payload;
	bool launcher_lives;
	int gate;			/* where the filters' listener will come from; or -1 */
	int listener;			/* or -1 */
	struct kills kills;
	bool ended;			/* the payload has; we stay for whom it left */
	int status;
};

/* ---- signals in ---------------------------------------------------------------------------- */

/* What a terminal would send to the whole foreground group. */
static bool is_for_group(int number)
{
	static const int group[] = { SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGCONT };

	for (size_t i = 0; i < sizeof(group) / sizeof(group[0]); i++)
		if (group[i] == number)
			return true;
	return false;
}

/*
 * The payload is a child that only we reap: its number is its own until then.  It
 * may be dead already, or not have made its group yet (enter_session()).
 */
static void pass_on(const struct reaper *r, int number)
{
	bool group = is_for_group(number) && !r->plan->shared_terminal;

	if (!group || kill(-r->payload, number) < 0)
		(void)kill(r->payload, number);
}

static void hear_launcher(struct reaper *r)
{
	struct failure why = { 0 };
	struct message message;
	int got = handshake_receive(LAUNCHER_FD, &message, NULL, &why);

	if (got == 1 && message.kind == MESSAGE_SIGNAL)
		pass_on(r, message.value);
	if (got <= 0)
		r->launcher_lives = false;
}

static bool owns_pids(const struct plan *plan)
{
	return (plan->namespaces & CLONE_NEWPID) != 0;
}

bool reaper_dies_at_once(const struct plan *plan)
{
	return plan->die_with_parent && (owns_pids(plan) || plan->customs.leftovers);
}

/* ---- the end ------------------------------------------------------------------------------- */

/* Without a PID namespace: whoever is left is, or becomes, a child of ours. */
static void kill_children(void)
{
	char text[4096];
	auto_close fd = openat(PROC_FD, REAPER_CHILDREN, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const char *rest = text;
	uint64_t child;

	text[got > 0 ? got : 0] = '\0';
	/* Where pages are larger than this the last number may be cut, with no blank behind it. */
	while ((rest = number_read(rest, INT_MAX, &child)) != NULL && *rest++ == ' ')
		(void)kill((pid_t)child, SIGKILL);	/* our own child, not yet reaped */
}

static _Noreturn void end(const struct reaper *r, int status)
{
	if (!owns_pids(r->plan) && !r->plan->customs.leftovers)
		do
			kill_children();
		while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
	_exit(status);
}

/* Its status, or minus a signal: a filter's, even where it was us who carried that out. */
static int how_it_ended(const struct reaper *r, const siginfo_t *info)
{
	if (info->si_code == CLD_EXITED)
		return info->si_status;
	return info->si_status == SIGKILL && r->kills.payload ? -SIGSYS : -info->si_status;
}

/* The last thing that the launcher hears of the payload is how we end. */
static void take_state(struct reaper *r, const siginfo_t *info)
{
	if (info->si_code != CLD_STOPPED) {
		int how = how_it_ended(r, info);

		r->ended = true;
		r->status = how < 0 ? 128 - how : how;
		/* 143 may be a status, or SIGTERM. */
		if (r->plan->customs.leftovers || r->plan->status_fd >= 0)
			(void)handshake_send_end(LAUNCHER_FD, how, &r->kills);	/* it may be gone */
		if (!r->plan->customs.leftovers)
			end(r, r->status);
	} else if (r->launcher_lives)
		(void)handshake_send(LAUNCHER_FD, MESSAGE_STOPPED, info->si_status, -1);
}

static int reap(struct reaper *r, struct failure *why)
{
	int changes = WEXITED | (r->plan->customs.signals ? 0 : WSTOPPED);

	for (;;) {
		siginfo_t info = { 0 };
		int got = waitid(P_ALL, 0, &info, changes | WNOHANG);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno != ECHILD)
			return fail(why, errno, "see how the payload ended");
		if (got < 0 && r->ended)
			_exit(r->status);
		if (info.si_pid == 0)
			return 0;
		if (info.si_pid == r->payload && !r->ended)
			take_state(r, &info);
	}
}

/* ---- the filters' kills ---------------------------------------------------------------------- */

/* One message, or none if the filters can have no listener. */
static void take_listener(struct reaper *r)
{
	struct failure why = { 0 };
	struct message message;
	auto_close listener = -1;
	int got = handshake_receive(r->gate, &message, &listener, &why);

	if (got == 1 && message.kind == MESSAGE_LISTENER && listener >= 0 &&
	    handshake_send(r->gate, MESSAGE_LISTENER, 0, -1) == 0)
		r->listener = take_fd(&listener);
	put_fd(&r->gate, -1);
}

static void hear_filters(struct reaper *r)
{
	if (r->gate >= 0)
		take_listener(r);
	else if (!listener_hear(r->listener, r->payload, &r->kills))
		put_fd(&r->listener, -1);
}

/* ---- waiting ------------------------------------------------------------------------------- */

static int listen_for_children(struct failure *why)
{
	sigset_t child;
	int fd;

	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	if (sigprocmask(SIG_SETMASK, &child, NULL) < 0)
		return fail(why, errno, "block SIGCHLD");
	fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd <= STDERR_FILENO)		/* those are taken: see descriptors_fill() */
		return fail(why, fd < 0 ? errno : 0, "listen for the end of processes");
	return fd;
}

/* Each at its number, from 0 on; what is held for the caller lies behind ours. */
static int arrange(int *kept, int n, struct failure *why)
{
	for (int i = 0; i < n; i++) {		/* none may lie where another belongs */
		kept[i] = fcntl(kept[i], F_DUPFD_CLOEXEC, n);
		if (kept[i] < n)
			return fail(why, kept[i] < 0 ? errno : 0, "keep the reaper's descriptors");
	}
	for (int i = 0; i < n; i++)
		if (dup3(kept[i], i, O_CLOEXEC) != i)
			return fail(why, errno, "keep the reaper's descriptors");
	return 0;
}

static int keep_descriptors(struct setup *s, struct failure *why)
{
	size_t held = s->n_held, ours = s->plan->syscalls.tell_kills ? FIRST_CLOSED : GATE_FD;
	auto_free int *kept = calloc(FIRST_CLOSED + held, sizeof(*kept));

	if (kept == NULL)
		return fail(why, errno, "keep the reaper's descriptors");
	kept[LAUNCHER_FD] = s->from.launcher;
	kept[SIGNALS_FD] = listen_for_children(why);
	kept[PROC_FD] = s->proc;
	kept[GATE_FD] = s->gate;
	if (held > 0)
		memcpy(kept + ours, s->held, held * sizeof(*kept));
	if (kept[SIGNALS_FD] < 0 || arrange(kept, (int)(ours + held), why) < 0)
		return -1;
	return descriptors_close_from((int)(ours + held), NULL, 0, PROC_FD, why);
}

static int prepare(struct setup *s, struct failure *why)
{
	if (keep_descriptors(s, why) < 0)
		return -1;
	if (owns_pids(s->plan))
		(void)close(PROC_FD);		/* only kill_children() has a use for it */
	s->from.launcher = LAUNCHER_FD;
	if (privileges_keep_kill(why) < 0)
		return -1;
	/* Asked for again: the change of identity, if there was one, forgot it (commit_creds()). */
	if (reaper_dies_at_once(s->plan) && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return fail(why, errno, "ask to be killed with the launcher");
	return 0;
}

_Noreturn void reaper_run(struct setup *setup)
{
	struct reaper r = {
		.plan = setup->plan, .payload = setup->payload, .launcher_lives = true,
		.gate = setup->plan->syscalls.tell_kills ? GATE_FD : -1, .listener = -1,
	};
	struct failure why = { .phase = "reaper" };
	struct pollfd polls[] = {
		{ SIGNALS_FD, POLLIN, 0 }, { LAUNCHER_FD, POLLIN, 0 }, { -1, POLLIN, 0 }
	};
	struct signalfd_siginfo ignored;

	if (prepare(setup, &why) < 0)
		phase_failed(setup, &why);
	footprint_shrink();
	for (;;) {
		(void)!read(SIGNALS_FD, &ignored, sizeof(ignored));	/* someone died */
		if (reap(&r, &why) < 0)
			phase_failed(setup, &why);
		polls[1].fd = r.launcher_lives ? LAUNCHER_FD : -1;
		polls[2].fd = r.gate >= 0 ? r.gate : r.listener;
		if (poll(polls, 3, -1) < 0 && errno != EINTR) {
			(void)fail(&why, errno, "wait for the payload");
			phase_failed(setup, &why);
		}
		if (polls[2].revents != 0)
			hear_filters(&r);
		if (polls[1].fd >= 0 && polls[1].revents != 0)
			hear_launcher(&r);
		if (!r.launcher_lives && r.plan->die_with_parent)
			end(&r, EXIT_SANDBOX);
	}
}
