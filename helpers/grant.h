/* SPDX-License-Identifier: GPL-2.0-or-later */
/* grant - who may map what: the whole policy; pure */
#ifndef HELPERS_GRANT_H
#define HELPERS_GRANT_H

#include "idmap/map.h"
#include "idmap/request.h"
#include "idmap/subid.h"

/* What no file can grant: outside ID 0, and those below ID_FLOOR but for own. */
enum idverdict_code grant_within_bounds(const struct idmap *want, uint32_t own);

/* Is there a range beside the caller's own ID? */
bool grant_needs_delegation(const struct idmap *want, uint32_t own);

/* Does every range lie in what is delegated, or is own?  Taken for granted: it is within bounds. */
enum idverdict_code grant_by_delegation(const struct idmap *want, uint32_t own,
					const struct subid_list *delegated);

#endif
