/* SPDX-License-Identifier: GPL-2.0-or-later */
/* maps - from what the user asked for to ranges of IDs; pure */
#ifndef SANDBOX_MAPS_H
#define SANDBOX_MAPS_H

#include "sandbox/facts.h"
#include "sandbox/options.h"
#include "sandbox/plan.h"

/*
 * Fills in plan's maps, where they come from, setgroups, and the payload's
 * IDs.  Returns 0, or -1 with why filled in: an ID that is not delegated, not
 * mapped around us, or asked for twice, with its numbers.
 */
int maps_make(const struct options *options, const struct facts *facts, struct plan *plan,
	      struct failure *why);

#endif
