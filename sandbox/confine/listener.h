/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listener - the kills of filters, done by the reaper, so that it can tell which call it was */
#ifndef SANDBOX_LISTENER_H
#define SANDBOX_LISTENER_H

#include "sandbox/confine/filter.h"
#include "sandbox/failure.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What filters have ended; the call is the payload's if it is among them, and else the first. */
struct kills {
	uint32_t n;
	bool payload;
	uint32_t table;			/* AUDIT_ARCH_* */
	int32_t number;
};

/*
 * Payload's process: installs a program of filter_join(), and hands its listener to the
 * reaper on the other end of gate.  Returns 1; 0 where there can be none, and nothing is
 * installed; -1 with why filled in.
 */
int listener_install(const struct filter *filter, int gate, struct failure *why);

/*
 * Reaper, when the listener is readable: ends whoever made the call.  Returns false
 * when there is nothing more to hear.
 */
bool listener_hear(int listener, pid_t payload, struct kills *kills);

#endif
