/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gidmap - gives a new user namespace the group IDs that its owner may have
 *
 * As uidmap.c; and it decides setgroups(2), which the kernel freezes with the
 * map.  Where that is allowed, one can shed a group that a file's mode denies
 * (CVE-2018-7169), so it is denied unless the caller asked, was delegated a
 * range of the map, and the administrator does not forbid it.
 */
#include "helpers/confine.h"
#include "helpers/delegation.h"
#include "helpers/grant.h"
#include "helpers/log.h"
#include "helpers/request.h"
#include "helpers/target.h"
#include "helpers/verdict.h"

#include <linux/capability.h>
#include <unistd.h>

static void decide_setgroups(const struct idrequest *request, uint32_t own)
{
	if (request->setgroups != SETGROUPS_ALLOW)
		target_deny_setgroups(TARGET_FD);
	else if (!grant_needs_delegation(&request->map, own) || delegation_forbids_setgroups())
		refuse(VERDICT_SETGROUPS_FORBIDDEN);
}

int main(int argc, char *argv[])
{
	static struct idrequest request;
	struct caller caller;

	confine_surroundings(argc, argv);
	caller = confine_to(CAP_SETGID);
	log_facts.uid = caller.uid;
	log_facts.ident = "croft-gidmap";

	target_check(TARGET_FD, &caller, "gid_map");
	log_facts.target = target_number(TARGET_FD);

	request_read(STDIN_FILENO, &request);
	log_facts.map = &request.map;

	delegation_check("/etc/subgid", &caller, caller.gid, &request.map);
	decide_setgroups(&request, caller.gid);
	target_write_map(TARGET_FD, "gid_map", &request.map);
	confirm();
}
