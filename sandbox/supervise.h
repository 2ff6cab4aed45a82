/* SPDX-License-Identifier: GPL-2.0-or-later */
/* supervise - the launcher's loop while the payload runs */
#ifndef SANDBOX_SUPERVISE_H
#define SANDBOX_SUPERVISE_H

#include "sandbox/confine/listener.h"
#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <sys/types.h>

struct report;

/* How it came to an end, for the report. */
struct ending {
	bool ran;		/* the command was about to begin, and nothing failed then */
	bool timed_out;		/* it reached the time limit */
	bool orphaned;		/* croft's own parent ended first */
	bool known;		/* the next holds */
	int how;		/* the command's exit status, or minus the signal that killed it */
	struct kills kills;	/* of filters, as far as it can be told */
};

struct supervised {
	const struct plan *plan;
	pid_t parent;		/* croft's own, when it began; 0: in another PID namespace */
	pid_t pid;		/* setup, later the reaper or the payload itself; ours to reap */
	int pidfd;
	int socket;		/* the handshake */
	struct report *report;
	struct ending ending;
};

/* Sends the process a signal.  It may be dead. */
void supervise_signal(const struct supervised *child, int number);

/*
 * Passes signals on, keeps the private terminal going, stops when the payload
 * stops, and ends it when croft's parent ends or the time is up, if the plan says
 * so.  Returns the payload's exit status, 128 + n for signal n, EXIT_TIME_LIMIT;
 * -1 with why filled in if it never ran.
 */
int supervise(struct supervised *child, struct failure *why);

#endif
