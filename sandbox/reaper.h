/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reaper - the process that stays inside: passes signals on, collects the dead, tells of the payload */
#ifndef SANDBOX_REAPER_H
#define SANDBOX_REAPER_H

#include "sandbox/setup.h"

/*
 * Waits for the payload, reports its stops and its end to the launcher, and
 * ends, and everything else inside with it.  When the launcher dies it ends at
 * once, unless the plan lets the payload outlive it.
 */
_Noreturn void reaper_run(struct setup *setup, pid_t payload);

/* Before the payload's process is forked: a session of our own, with the private terminal. */
int reaper_lead_session(struct setup *setup, struct failure *why);

#endif
