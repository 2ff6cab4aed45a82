/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * launch - the launcher: starts setup, has it mapped, waits, and tells how the payload ended
 *
 * It stays outside every new namespace, so a helper that it starts still has
 * its privilege.  Every way out of here ends setup and with it all that is
 * inside, and waits until that is done.
 */
#include "sandbox/launch.h"

#include "sandbox/confine/descriptors.h"
#include "sandbox/diagnosis.h"
#include "sandbox/handshake.h"
#include "sandbox/identity/mapping.h"
#include "sandbox/namespaces.h"
#include "sandbox/report.h"
#include "sandbox/setup.h"
#include "sandbox/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* What shall reach the payload is read from a descriptor, not taken at any instant. */
static int block_signals(sigset_t *before, struct failure *why)
{
	sigset_t all;

	(void)signal(SIGCHLD, SIG_DFL);	/* ignored, as some leave it, it would reap for us */
	(void)sigfillset(&all);
	if (sigprocmask(SIG_BLOCK, &all, before) < 0)
		return fail(why, errno, "block signals");
	return 0;
}

static int failed_in(const char *phase, struct failure *why)
{
	(void)snprintf(why->phase, sizeof(why->phase), "%s", phase);
	return -1;
}

static int write_documents(const struct plan *plan, const struct supervised *child,
			   struct failure *why)
{
	if (report_begin(child->report, plan, child->socket, why) < 0)
		return why->phase[0] != '\0' ? -1 : failed_in("report", why);
	return 0;
}

static int map(const struct plan *plan, const struct supervised *child, struct failure *why)
{
	if (mapping_install(plan, child->pid, why) < 0 || mapping_await(plan, why) < 0)
		return failed_in("id map", why);
	if (namespaces_check(plan, child->pid, why) < 0)
		return failed_in("namespaces", why);
	if (handshake_send(child->socket, MESSAGE_MAPPED, 0, -1) < 0)
		return fail(why, errno, "tell setup that it is mapped");
	return 0;
}

/*
 * Whoever maps from outside learns from the documents whom.  Else setup need not
 * wait for them to go on, but only to let the command begin.
 */
static int prepare(const struct plan *plan, const struct supervised *child, struct failure *why)
{
	bool documents_first = plan->source == SOURCE_CALLER;

	if (!report_wanted(plan))
		return map(plan, child, why);
	if (report_look(child->report, plan, child->pid, why) < 0)
		return failed_in("report", why);
	if (documents_first && write_documents(plan, child, why) < 0)
		return -1;
	if (map(plan, child, why) < 0 ||
	    (!documents_first && write_documents(plan, child, why) < 0))
		return -1;
	if (handshake_send(child->socket, MESSAGE_REPORTED, 0, -1) < 0)
		return fail(why, errno, "tell setup that the documents are written");
	return 0;
}

/*
 * Setup may have died of something that it could still tell, and that is what
 * the user wants to know.  What it says only when we go is no news, and no more is
 * what the payload's process says of its death.
 */
static void hear_last_words(const struct supervised *child, struct failure *why)
{
	struct pollfd words = { child->socket, POLLIN, 0 };
	struct failure told = { 0 };
	struct message message;

	if (!why->told && poll(&words, 1, 0) == 1 &&
	    handshake_receive(child->socket, &message, NULL, &told) < 0)
		*why = told;
}

/* Ends what is left inside, and waits for it: when croft returns, nothing of it runs. */
static void finish(struct supervised *child)
{
	supervise_signal(child, SIGKILL);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Where nothing passes through the launcher, it is as if it were not there. */
static int stand_aside(const struct supervised *child, const sigset_t *before, struct failure *why)
{
	const struct customs *customs = &child->plan->customs;
	const int kept[] = { child->socket, child->pidfd, child->report->status };
	sigset_t mask = *before;

	(void)sigaddset(&mask, SIGCHLD);
	if (customs->signals && sigprocmask(SIG_SETMASK, &mask, NULL) < 0)
		return fail(why, errno, "set the signal mask back");
	if (!customs->descriptors)
		return 0;
	return descriptors_keep(kept, sizeof(kept) / sizeof(kept[0]), why);
}

static int carry_out(const struct plan *plan, struct inheritance *from, struct supervised *child,
		     struct failure *why)
{
	int ends[2], result;

	if (namespaces_join(plan, why) < 0)
		return failed_in("namespaces", why);
	if (block_signals(&from->signals, why) < 0 || handshake_open(ends, why) < 0)
		return -1;
	child->pid = namespaces_fork(plan, &child->pidfd, why);
	if (child->pid < 0)
		return failed_in("namespaces", why);
	if (child->pid == 0) {
		(void)close(ends[0]);	/* or our own copy would keep the launcher alive for us */
		from->launcher = ends[1];
		setup_run(from);
	}
	(void)close(ends[1]);
	descriptors_leave(plan);
	child->socket = ends[0];
	result = prepare(plan, child, why);
	if (result < 0)
		hear_last_words(child, why);
	else
		result = stand_aside(child, &from->signals, why) < 0 ? -1 : supervise(child, why);
	return result;
}

int launch(const struct plan *plan, pid_t parent, char *arguments, size_t arguments_size,
	   struct failure *why)
{
	struct inheritance from = {
		.plan = plan, .arguments = arguments, .arguments_size = arguments_size,
	};
	struct report report;
	struct supervised child = {
		.plan = plan, .parent = parent, .pidfd = -1, .report = &report
	};
	int result;

	if (descriptors_check(plan, why) < 0)
		return failed_in("descriptors", why);
	if (report_open(&report, plan, why) < 0)
		return failed_in("report", why);
	result = carry_out(plan, &from, &child, why);
	if (result < 0) {
		(void)diagnosis_of_surroundings(why);
		report_failure(&report, why);
	} else {
		report_end(&report, &child.ending, result);
	}
	if (child.pid > 0 && (result < 0 || !plan->customs.leftovers || !plan->reaper))
		finish(&child);
	return result;
}
