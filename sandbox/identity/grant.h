/* SPDX-License-Identifier: GPL-2.0-or-later */
/* grant - who installs the maps, and whether groups can be changed in them; pure */
#ifndef SANDBOX_GRANT_H
#define SANDBOX_GRANT_H

#include "sandbox/facts.h"
#include "sandbox/options/options.h"
#include "sandbox/plan.h"

/*
 * Fills in plan's source and setgroups; its maps must be made.  Returns 0, or
 * -1 with why filled in: what is missing, and what would grant it.
 */
int grant_choose(const struct options *options, const struct facts *facts, struct plan *plan,
		 struct failure *why);

#endif
