/* SPDX-License-Identifier: GPL-2.0-or-later */
/* launch - the launcher: starts setup, has it mapped, waits, and tells how the payload ended */
#ifndef SANDBOX_LAUNCH_H
#define SANDBOX_LAUNCH_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <sys/types.h>

/*
 * Carries the plan out.  parent is croft's own, as it was in the beginning;
 * arguments is croft's own command line as the kernel shows it, which the reaper
 * wipes.  Returns the payload's exit status, 128 + n if signal n ended it; or -1
 * with why filled in if the sandbox was not made.
 */
int launch(const struct plan *plan, pid_t parent, char *arguments, size_t arguments_size,
	   struct failure *why);

#endif
