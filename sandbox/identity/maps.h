/* SPDX-License-Identifier: GPL-2.0-or-later */
/* maps - from what the user asked for to ranges of IDs; pure */
#ifndef SANDBOX_MAPS_H
#define SANDBOX_MAPS_H

#include "sandbox/facts.h"
#include "sandbox/options/options.h"
#include "sandbox/plan.h"

/*
 * Fills in plan's maps and whether they are single, and warns in plan of
 * ranges that meet other accounts.  Returns 0, or -1 with why filled in: an ID
 * that is not delegated, not mapped around us, or asked for twice, with its
 * numbers.
 */
int maps_make(const struct options *options, const struct facts *facts, struct plan *plan,
	      struct failure *why);

/*
 * Do the delegation files grant every range of plan's maps?  Returns 0, or -1
 * with why filled in: which range, and the line that would grant it.
 */
int maps_check_delegation(const struct facts *facts, const struct plan *plan, struct failure *why);

/* The map has this ID alone. */
bool maps_only(const struct idmap *map, uint32_t outside);

/* Is the ID mapped, as it is numbered inside? */
bool maps_inside(const struct idmap *map, uint32_t inside);

/* The number inside of an ID outside.  Returns false where it has none. */
bool maps_to_inside(const struct idmap *map, uint32_t outside, uint32_t *inside);

#endif
