/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gidmap - gives a new user namespace the group IDs that its owner may have
 *
 * As uidmap.c; and it decides setgroups(2), which the kernel freezes with the
 * map.  Where that is allowed, one can shed a group that a file's mode denies
 * (CVE-2018-7169), so it is denied unless the caller asked, was delegated a
 * range of the map, and the administrator does not forbid it.
 */
#include "helpers/steps.h"

#include <linux/capability.h>

static void decide_setgroups(const struct idrequest *request, uint32_t own)
{
	if (request->setgroups != SETGROUPS_ALLOW)
		target_deny_setgroups();
	else if (grant_is_own_alone(&request->map, own) || grant_forbids_setgroups())
		refuse(VERDICT_SETGROUPS_FORBIDDEN);
}

int main(int argc, char *argv[])
{
	static struct idrequest request;
	struct caller caller;

	confine_surroundings(argc, argv);
	caller = confine_to(CAP_SETGID);
	log_facts = (struct log_facts){ "croft-gidmap", caller.uid, 0, &request.map };

	target_check(&caller, "gid_map");
	request_read(&request);

	grant_check("/etc/subgid", &caller, caller.gid, &request.map);
	decide_setgroups(&request, caller.gid);
	target_write_map("gid_map", &request.map);
	confirm();
}
