/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reaper - the process that stays: passes signals on, collects the dead, tells of the payload */
#ifndef SANDBOX_REAPER_H
#define SANDBOX_REAPER_H

#include "sandbox/setup.h"

/*
 * May setup, and later the reaper, be killed when the launcher ends?  Without
 * a PID namespace its own end would end nobody else, so there it must see the
 * launcher go, and kill what is left inside.
 */
bool reaper_dies_at_once(const struct plan *plan);

/* Whom it adopts without a PID namespace, beneath /proc: if there is CONFIG_PROC_CHILDREN. */
#define REAPER_CHILDREN "thread-self/children"

/*
 * Waits for setup->payload, reports its stops to the launcher, and ends as it
 * ended, with its status or 128 + n for signal n, and everything else inside
 * ends with it.  When the launcher dies the reaper ends at once, unless the
 * plan lets the payload outlive it.
 */
_Noreturn void reaper_run(struct setup *setup);

#endif
