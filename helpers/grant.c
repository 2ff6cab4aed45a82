/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grant - who may map what: the whole policy
 *
 * A map may hold the caller's own ID, as one range of one ID, which the kernel
 * allows anyone; and ranges that the administrator delegated to the caller.
 * Outside ID 0 is refused whatever is delegated: for group IDs the kernel has
 * no such rule, and whoever owns root's files owns the machine.
 */
#include "helpers/grant.h"

/* An outside ID appears once in a sound map, so this holds for one range at most. */
static bool is_own(const struct idrange *range, uint32_t own)
{
	return range->outside == own && range->count == 1;
}

static enum idverdict_code check_bounds(const struct idrange *range, uint32_t own)
{
	if (range->outside == 0)
		return VERDICT_ID_ZERO;
	if (range->outside < ID_FLOOR && !is_own(range, own))
		return VERDICT_BELOW_FLOOR;
	return VERDICT_GRANTED;
}

enum idverdict_code grant_within_bounds(const struct idmap *want, uint32_t own)
{
	for (uint32_t i = 0; i < want->n; i++) {
		enum idverdict_code verdict = check_bounds(&want->range[i], own);

		if (verdict != VERDICT_GRANTED)
			return verdict;
	}
	return VERDICT_GRANTED;
}

bool grant_needs_delegation(const struct idmap *want, uint32_t own)
{
	for (uint32_t i = 0; i < want->n; i++)
		if (!is_own(&want->range[i], own))
			return true;
	return false;
}

enum idverdict_code grant_by_delegation(const struct idmap *want, uint32_t own,
					const struct subid_list *delegated)
{
	if (delegated->n == 0)
		return delegated->malformed > 0 ? VERDICT_NO_ENTRY_MALFORMED : VERDICT_NO_ENTRY;
	for (uint32_t i = 0; i < want->n; i++) {
		const struct idrange *range = &want->range[i];

		if (!is_own(range, own) && !subid_covers(delegated, range->outside, range->count))
			return VERDICT_NOT_GRANTED;
	}
	return VERDICT_GRANTED;
}
