/* SPDX-License-Identifier: GPL-2.0-or-later */
/* delegation - what the administrator's files say, and whether it is enough */
#ifndef HELPERS_DELEGATION_H
#define HELPERS_DELEGATION_H

#include "helpers/confine.h"
#include "idmap/map.h"

/*
 * Refuses a map that the policy (grant.h) does not allow the caller, own being
 * the caller's ID of the kind that is mapped.  file, /etc/subuid or
 * /etc/subgid, is looked at only if there is more than own in the map.
 */
void delegation_check(const char *file, const struct caller *caller, uint32_t own,
		      const struct idmap *want);

/* Did the administrator forbid that setgroups stays allowed? */
bool delegation_forbids_setgroups(void);

#endif
