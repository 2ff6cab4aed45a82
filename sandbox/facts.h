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
#include "sandbox/confine/label.h"
#include "sandbox/failure.h"
#include "sandbox/identity/accounts.h"

#include <stdbool.h>
#include <stdint.h>

struct options;

/* What /etc/subuid or /etc/subgid says about the caller. */
struct delegation {
	const char *file;		/* its name, for messages */
	int err;			/* why it could not be read, or 0 */
	struct text text;
	struct subid_list list;
};

enum { HOST_PATHS = 32 };

/* One of layout_host_paths that exists. */
struct host_path {
	const char *path;		/* "/usr"; NULL ends the list */
	const char *link;		/* where it points to, if that is below /usr: "usr/bin" */
};

enum helpers {
	HELPERS_MISSING,		/* one of the two, at least */
	HELPERS_POWERLESS,		/* installed, but without a privilege */
	HELPERS_READY,
};

struct facts {
	uint32_t uid, gid;		/* effective, as this user namespace numbers them */
	bool terminal;			/* one of descriptors 0 to 2 is a terminal */
	bool sets_ids;			/* holds CAP_SETUID and CAP_SETGID here */
	bool no_setfcap;		/* does not hold CAP_SETFCAP here */
	bool no_new_privs;
	uint64_t capabilities;		/* effective */
	const char *console;		/* the terminal that standard output is, and stays */
	int unavailable;		/* of the namespaces that need not be had: CLONE_NEW* */
	struct label_facts label;	/* where a label is asked for */
	int landlock;			/* the ABI that the kernel has, or 0 */

	/* where an account is named: many IDs, or a root made from the host's */
	const char *name;		/* the caller's account, or NULL */
	const char *shell;		/* its shell, or NULL */

	/* where IDs beyond the caller's are asked for */
	struct idmap uid_here, gid_here;	/* /proc/self/{uid,gid}_map: the surrounding maps */
	bool setgroups_denied;		/* around us, and so for good */
	struct delegation subuid, subgid;
	bool subid_service;		/* a name service delegates, too, which newuidmap asks */
	struct text users, groups;	/* /etc/passwd and /etc/group; empty if unreadable */

	/* there, and where --map-source names one */
	enum helpers croft_helpers;
	enum helpers system_helpers;	/* newuidmap and newgidmap */

	/* where a root is made from the host's directories */
	struct host_path host[HOST_PATHS];
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
