/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uidmap - gives a new user namespace the user IDs that its owner may have
 *
 * Descriptor 3 is the target's /proc/PID directory, standard input a pipe with
 * the request, standard output a pipe for the verdict.  Nothing else is looked
 * at: no argument, no environment.  In the end the map is in and the verdict
 * is yes, or nothing was changed.
 */
#include "helpers/confine.h"
#include "helpers/delegation.h"
#include "helpers/log.h"
#include "helpers/request.h"
#include "helpers/target.h"
#include "helpers/verdict.h"

#include <linux/capability.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	static struct idrequest request;
	struct caller caller;

	confine_surroundings(argc, argv);
	caller = confine_to(CAP_SETUID);
	log_facts.uid = caller.uid;
	log_facts.ident = "croft-uidmap";

	target_check(TARGET_FD, &caller, "uid_map");
	log_facts.target = target_number(TARGET_FD);

	request_read(STDIN_FILENO, &request);
	log_facts.map = &request.map;
	if (request.setgroups != SETGROUPS_DENY)
		refuse(VERDICT_REQUEST_UNSOUND);

	delegation_check("/etc/subuid", &caller, caller.uid, &request.map);
	target_write_map(TARGET_FD, "uid_map", &request.map);
	confirm();
}
