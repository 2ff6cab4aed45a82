/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask - starts the set-user-ID helpers, and hears what they say */
#ifndef SANDBOX_ASK_H
#define SANDBOX_ASK_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <sys/types.h>

/*
 * Asks croft's uidmap and gidmap for the plan's maps, both at once.  process
 * is the target's /proc directory.  Returns 0 if both granted, or -1 with why.
 */
int ask_helpers(const struct plan *plan, int process, struct failure *why);

/* The same of newuidmap(1) and newgidmap(1), one after the other, which know the target by PID. */
int ask_system_helpers(const struct plan *plan, pid_t target, struct failure *why);

#endif
