/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uidmap - gives a new user namespace the user IDs that its owner may have
 *
 * Descriptor 3 is the target's /proc/PID directory, standard input a pipe with
 * the request, standard output a pipe for the verdict.  Nothing else is looked
 * at: no argument, no environment.  In the end the map is in and the verdict
 * is yes, or nothing was changed.
 */
#include "helpers/steps.h"

#include <linux/capability.h>

int main(int argc, char *argv[])
{
	static struct idrequest request;
	struct caller caller;

	confine_surroundings(argc, argv);
	caller = confine_to(CAP_SETUID);
	log_facts = (struct log_facts){ "croft-uidmap", caller.uid, 0, &request.map };

	target_check(&caller, "uid_map");
	request_read(&request);
	if (request.setgroups != SETGROUPS_DENY)
		refuse(VERDICT_REQUEST_UNSOUND);

	grant_check("/etc/subuid", &caller, caller.uid, &request.map);
	target_write_map("uid_map", &request.map);
	confirm();
}
