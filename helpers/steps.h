/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps - what a helper does, in the order of its life
 *
 * Each step either holds or ends the helper: none of them returns a failure,
 * but for those that say so.
 */
#ifndef HELPERS_STEPS_H
#define HELPERS_STEPS_H

#include "idmap/request.h"
#include "idmap/subid.h"

enum { TARGET_FD = 3 };		/* the target's /proc/PID directory, beside the two pipes */

struct caller {
	uint32_t uid, gid;
	bool privileged;	/* the capability is there to be raised */
};

/* ---- confine.c ----------------------------------------------------------------------------- */

/*
 * Checks how we were started and puts in order what exec(2) inherits.  Opens
 * nothing but /dev/null, and must not yet look at what the caller handed over.
 */
void confine_surroundings(int argc, char *const argv[]);

/*
 * Becomes the caller in all three user IDs, with at most this capability
 * permitted and none effective, and proves it.
 */
struct caller confine_to(int capability);

/* Closes all that was opened since: all but the two pipes, standard error and TARGET_FD. */
void confine_descriptors(void);

/* Puts the capability into effect, or takes it out again. */
void confine_effective(bool effective);

/* ---- target.c ------------------------------------------------------------------------------ */

/*
 * Refuses all but the directory of a process of the caller's, in a user
 * namespace that the caller made as a child of ours, whose map is still empty.
 */
void target_check(const struct caller *caller, const char *map_file);

/* Needs no capability: to own the namespace is enough.  Only before gid_map is written. */
void target_deny_setgroups(void);

/* The last thing that is done.  The kernel takes the map whole or not at all. */
void target_write_map(const char *map_file, const struct idmap *map);

/* ---- request.c ----------------------------------------------------------------------------- */

/* Reads standard input to its end, within a second.  The request it has is sound. */
void request_read(struct idrequest *request);

/* ---- grant.c ------------------------------------------------------------------------------- */

/* Does the map hold the caller's own ID and nothing else?  Pure. */
bool grant_is_own_alone(const struct idmap *want, uint32_t own);

/* The policy: is every range delegated, or the caller's own ID?  Pure. */
enum idverdict_code grant_decide(const struct idmap *want, uint32_t own,
				 const struct subid_list *delegated);

/* Asks file, /etc/subuid or /etc/subgid, if there is more than own in the map. */
void grant_check(const char *file, const struct caller *caller, uint32_t own,
		 const struct idmap *want);

/* Did the administrator forbid that setgroups stays allowed? */
bool grant_forbids_setgroups(void);

/* ---- verdict.c ----------------------------------------------------------------------------- */

/* What the system log will say, filled in as it becomes known; nothing without an ident. */
extern struct log_facts {
	const char *ident;
	uint32_t uid, target;
	const struct idmap *map;
} log_facts;

/* The only two ways to end: once, with one code, and no words. */
_Noreturn void refuse(enum idverdict_code code);
_Noreturn void confirm(void);

#endif
