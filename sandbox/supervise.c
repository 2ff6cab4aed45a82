/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * supervise - the launcher's loop while the payload runs
 *
 * Everything that can happen is a descriptor: a message from inside, the death
 * of the first process inside, a signal (the time limit's among them), the death of
 * croft's own parent, and the two ends of the terminal.  A parent is watched by pidfd, since
 * PR_SET_PDEATHSIG would fire when the thread that started croft ends.
 */
#include "sandbox/supervise.h"

#include "sandbox/cleanup.h"
#include "sandbox/footprint.h"
#include "sandbox/handshake.h"
#include "sandbox/reaper.h"
#include "sandbox/report.h"
#include "sandbox/terminal.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

enum { POLL_SOCKET, POLL_CHILD, POLL_SIGNALS, POLL_PARENT, POLL_TERMINAL,
       POLLS = POLL_TERMINAL + TERMINAL_POLLS };

struct loop {
	struct supervised *child;
	struct terminal terminal;
	int signals, parent;
	timer_t timer;
	unsigned strikes;		/* of the time limit, so far */
	int socket;			/* -1 after its end of file */
	int unheard;			/* a signal that is to end it, perhaps not read yet, or 0 */
	int given_up;			/* the one that nobody heard, or 0 */
	bool killed;			/* by us */
	bool ended;
	int status;			/* croft's own, then */
};

/* ---- signals ------------------------------------------------------------------------------- */

/* Where a filter refuses the call, the number does as well: nobody but us reaps the process. */
void supervise_signal(const struct supervised *child, int number)
{
	if (syscall(SYS_pidfd_send_signal, child->pidfd, number, NULL, 0) < 0)
		(void)kill(child->pid, number);		/* it may be dead */
}

/* Killed, or, where it has others to kill before it goes, shown that we are done. */
static void end_child(struct loop *l)
{
	l->killed = l->child->ending.orphaned = true;
	put_fd(&l->parent, -1);
	if (reaper_dies_at_once(l->child->plan))
		supervise_signal(l->child, SIGKILL);
	else
		(void)shutdown(l->child->socket, SHUT_RDWR);	/* it may be dead */
}

static void pass_on(const struct loop *l, int number)
{
	if (!l->child->plan->reaper)
		supervise_signal(l->child, number);
	else
		(void)handshake_send(l->socket, MESSAGE_SIGNAL, number, -1);	/* likewise */
}

/* What is said of a stop may be old by the time it is heard: nobody would continue us. */
static bool is_ending(const struct loop *l)
{
	struct pollfd ends[] = { { l->child->pidfd, POLLIN, 0 }, { l->parent, POLLIN, 0 } };

	return l->killed || poll(ends, 2, 0) != 0;
}

/*
 * Stops as the payload did, so that the caller's shell sees it.  By SIGTSTP: the
 * kernel passes over it where nobody could continue us (an orphaned group), and
 * continues us when that comes about, so no payload can put its launcher to
 * sleep for good.  The SIGCONT that ends the stop comes by descriptor.
 *
 * While we are stopped nobody looks at the parent, so its death has to continue us.
 * That its thread's death does, too, matters little here.
 */
static void stop(struct loop *l)
{
	sigset_t tstp;

	(void)sigemptyset(&tstp);
	(void)sigaddset(&tstp, SIGTSTP);
	terminal_suspend(&l->terminal);
	if (l->parent >= 0)
		(void)prctl(PR_SET_PDEATHSIG, SIGCONT, 0, 0, 0);
	if (!is_ending(l)) {
		(void)raise(SIGTSTP);
		(void)sigprocmask(SIG_UNBLOCK, &tstp, NULL);
		(void)sigprocmask(SIG_BLOCK, &tstp, NULL);
	}
	(void)prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
	terminal_resume(&l->terminal);
}

/* With a shared terminal its signals reach the payload without us. */
static bool reached_it_already(const struct loop *l, const struct signalfd_siginfo *info)
{
	return l->child->plan->shared_terminal && info->ssi_code == SI_KERNEL;
}

static void take_signal(struct loop *l, const struct signalfd_siginfo *info)
{
	int number = (int)info->ssi_signo;

	switch (number) {
	case SIGCHLD:
	case SIGTTIN:			/* of our own doing at the terminal */
	case SIGTTOU:
	case SIGPIPE:
		return;
	case SIGWINCH:
	case SIGCONT:
		terminal_resume(&l->terminal);
		break;
	default:
		break;
	}
	if (!reached_it_already(l, info) && number != SIGWINCH)
		pass_on(l, number);
	if (number == SIGINT || number == SIGQUIT || number == SIGTERM || number == SIGHUP)
		l->unheard = number;
}

/*
 * Before there is a reaper nobody inside hears of signals, and what setup reads from the
 * caller may never end.  A second is time enough for whoever listens.
 */
static void see_whether_it_was_heard(struct loop *l)
{
	int left = 0;

	if (l->child->plan->reaper && l->socket >= 0 &&
	    ioctl(l->socket, SIOCOUTQ, &left) == 0 && left > 0) {
		l->killed = true;
		l->given_up = l->unheard;
		supervise_signal(l->child, SIGKILL);
	}
	l->unheard = 0;
}

static int open_signals(struct loop *l, struct failure *why)
{
	sigset_t all;

	(void)sigfillset(&all);		/* they were blocked before the fork */
	l->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	return l->signals >= 0 ? 0 : fail(why, errno, "listen for signals");
}

/* ---- the parent ---------------------------------------------------------------------------- */

/* It may have ended while the sandbox was made, and its number be another's by now. */
static int watch_parent(struct loop *l, struct failure *why)
{
	pid_t parent = l->child->parent;

	if (!l->child->plan->die_with_parent || parent == 0)
		return 0;
	l->parent = (int)syscall(SYS_pidfd_open, parent, 0);
	if (getppid() != parent) {
		end_child(l);
		return 0;
	}
	if (l->parent >= 0)
		return 0;
	(void)fail(why, errno, "watch the parent process");
	return hint(why, "a seccomp filter may refuse pidfd_open(2); "
			 "--no-die-with-parent does without");
}

/* ---- the time limit ------------------------------------------------------------------------ */

static int set_timer(const struct loop *l, uint32_t seconds)
{
	/* Until it is heard: a stop throws away a SIGCONT that is pending (prepare_signal()). */
	struct itimerspec when = {
		.it_value = { .tv_sec = (time_t)seconds, .tv_nsec = seconds == 0 },
		.it_interval = { .tv_sec = 1 },
	};

	return timer_settime(l->timer, 0, &when, NULL);
}

static int open_timer(struct loop *l, struct failure *why)
{
	/* A payload that stops stops us, too: this signal wakes us all the same. */
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGCONT };

	if (l->child->plan->time_limit == 0)
		return 0;
	if (timer_create(CLOCK_MONOTONIC, &event, &l->timer) < 0 ||
	    set_timer(l, l->child->plan->time_limit) < 0)
		return fail(why, errno, "set the time limit");
	return 0;
}

/*
 * First the payload is asked; a stopped one must go on to hear it.  Then it is
 * killed, by the reaper, who ends the rest.  A first process that is no reaper
 * yet a second later, or stopped, does not get to it.
 */
static int take_timer(struct loop *l, struct failure *why)
{
	uint32_t next = 1;

	l->killed = l->child->ending.timed_out = true;
	switch (l->strikes++) {
	case 0:
		pass_on(l, SIGTERM);
		pass_on(l, SIGCONT);
		next = l->child->plan->grace;
		break;
	case 1:
		pass_on(l, SIGKILL);
		break;
	default:
		supervise_signal(l->child, SIGKILL);
		break;
	}
	return set_timer(l, next) == 0 ? 0 : fail(why, errno, "set the time limit");
}

/* ---- what happens inside ------------------------------------------------------------------- */

static void begin_command(struct loop *l, const struct privileges *held)
{
	l->child->ending.ran = true;
	report_command(l->child->report, l->child->plan, held);
}

static void note_end(struct loop *l, int how)
{
	l->child->ending.known = true;
	l->child->ending.how = how;
	l->status = how < 0 ? 128 - how : how;
	l->ended |= l->child->plan->customs.leftovers;	/* else the first process is waited for */
}

static int take_message(struct loop *l, struct failure *why)
{
	struct message message;
	auto_close fd = -1;
	int got = handshake_receive(l->socket, &message, &fd, why);

	if (got < 0 && l->given_up == 0)
		return -1;
	if (got <= 0) {		/* an exec, with --as-pid-1, or a death that POLL_CHILD tells of */
		l->socket = -1;
		return 0;
	}
	if (message.kind == MESSAGE_TERMINAL)
		return terminal_begin(&l->terminal, take_fd(&fd), why);
	if (message.kind == MESSAGE_COMMAND)
		begin_command(l, &message.held);
	if (message.kind == MESSAGE_ENDED) {
		l->child->ending.kills = message.kills;
		note_end(l, message.value);
	}
	if (message.kind == MESSAGE_STOPPED)
		stop(l);
	return 0;
}

/* The first process inside ends as the payload did; a signal that kills it is not the payload's. */
static int take_end(struct loop *l, struct failure *why)
{
	siginfo_t info = { 0 };

	if (waitid((idtype_t)P_PIDFD, (id_t)l->child->pidfd, &info,
		   WEXITED | WNOHANG | WNOWAIT) < 0)
		return fail(why, errno, "wait for the process inside");
	if (info.si_pid == 0)
		return 0;
	if (info.si_code != CLD_EXITED && l->child->plan->reaper &&
	    !l->child->plan->customs.signals && !l->killed)
		return fail(why, 0, "the first process inside was killed by signal %d",
			    info.si_status);
	l->ended = true;
	l->status = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
	if (!l->child->plan->reaper)
		note_end(l, info.si_code == CLD_EXITED ? info.si_status : -info.si_status);
	if (l->given_up != 0)
		note_end(l, -l->given_up);
	if (l->child->ending.timed_out)
		l->status = EXIT_TIME_LIMIT;
	return 0;
}

/* ---- the loop ------------------------------------------------------------------------------ */

static int take_events(struct loop *l, struct pollfd polls[POLLS], struct failure *why)
{
	struct signalfd_siginfo info;

	terminal_move(&l->terminal, &polls[POLL_TERMINAL]);
	if (polls[POLL_PARENT].revents != 0)
		end_child(l);
	if (polls[POLL_SIGNALS].revents != 0 &&
	    read(l->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_code != SI_TIMER)
			take_signal(l, &info);
		else if (take_timer(l, why) < 0)
			return -1;
	}
	if (polls[POLL_SOCKET].revents != 0)	/* last words come before the death is looked at */
		return take_message(l, why);
	if (polls[POLL_CHILD].revents != 0)
		return take_end(l, why);
	return 0;
}

static int run(struct loop *l, struct failure *why)
{
	struct pollfd polls[POLLS];
	int happened;

	while (!l->ended) {
		polls[POLL_SOCKET] = (struct pollfd){ l->socket, POLLIN, 0 };
		polls[POLL_CHILD] = (struct pollfd){ l->child->pidfd, POLLIN, 0 };
		polls[POLL_SIGNALS] = (struct pollfd){ l->signals, POLLIN, 0 };
		polls[POLL_PARENT] = (struct pollfd){ l->parent, POLLIN, 0 };
		terminal_want(&l->terminal, &polls[POLL_TERMINAL]);
		happened = poll(polls, POLLS, l->unheard != 0 ? 1000 : -1);
		if (happened < 0 && errno != EINTR)
			return fail(why, errno, "wait for the sandbox");
		if (happened == 0 && l->unheard != 0)
			see_whether_it_was_heard(l);
		if (take_events(l, polls, why) < 0)
			return -1;
	}
	return l->status;
}

int supervise(struct supervised *child, struct failure *why)
{
	static struct loop loop;
	int result;

	/* One by one: the rest is nothing yet, and the terminal's buffers stay untouched. */
	loop.child = child;
	loop.socket = child->socket;
	loop.signals = loop.parent = loop.terminal.master = loop.terminal.ours = -1;
	if ((!child->plan->customs.signals && open_signals(&loop, why) < 0) ||
	    watch_parent(&loop, why) < 0 || open_timer(&loop, why) < 0)
		return -1;
	footprint_shrink();
	result = run(&loop, why);
	terminal_end(&loop.terminal);
	return result;
}
