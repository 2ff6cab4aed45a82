/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * facts - what a plan needs to know about the caller and the machine
 *
 * Gathered before the plan is made, and only as far as the options need them,
 * so that the plan itself can be pure.
 */
#ifndef SANDBOX_FACTS_H
#define SANDBOX_FACTS_H

#include "idmap/map.h"
#include "idmap/subid.h"
#include "sandbox/failure.h"

#include <stdbool.h>
#include <stdint.h>

struct options;

/* What /etc/subuid or /etc/subgid says about the caller. */
struct delegation {
	const char *file;		/* its name, for messages */
	int err;			/* why it could not be read, or 0 */
	struct subid_list list;
};

enum { SYSTEM_DIRECTORIES = 8 };

struct system_directory {
	const char *path;		/* "/usr"; NULL ends the list */
	const char *link;		/* where it points to, if it is a link: "usr/bin" */
};

struct facts {
	uint32_t uid, gid;		/* effective, as this user namespace numbers them */
	const char *name;		/* the caller's account, or NULL */
	bool terminal;			/* standard input and output are terminals */
	bool sets_ids;			/* holds CAP_SETUID and CAP_SETGID here */
	bool no_new_privs;

	/* where IDs beyond the caller's are asked for */
	struct idmap uid_here, gid_here;	/* /proc/self/{uid,gid}_map: the surrounding maps */
	struct delegation subuid, subgid;
	bool croft_helpers;		/* installed, and with a privilege */
	bool system_helpers;		/* newuidmap and newgidmap, likewise */

	/* where a root is made from the host's directories */
	struct system_directory system[SYSTEM_DIRECTORIES];
};

/* Returns 0, or -1 with why filled in when a fact cannot be had. */
int facts_gather(const struct options *options, struct facts *facts, struct failure *why);

/* Does the plan these options lead to map more than the caller's own ID? */
bool options_map_many(const struct options *options);

/* Where the helpers are. */
#define UIDMAP_HELPER CROFT_LIBEXECDIR "/uidmap"
#define GIDMAP_HELPER CROFT_LIBEXECDIR "/gidmap"
#define NEWUIDMAP "/usr/bin/newuidmap"
#define NEWGIDMAP "/usr/bin/newgidmap"

#endif
