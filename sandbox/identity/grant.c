/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grant - who installs the maps, and whether groups can be changed in them
 *
 * The kernel lets anyone map their own ID alone, with setgroups denied; more
 * needs CAP_SETUID and CAP_SETGID (new_idmap_permitted(), Linux 3.19), which a
 * helper has.  What nobody here can install is refused, never made smaller.
 */
#include "sandbox/identity/grant.h"

#include "sandbox/identity/maps.h"

#include <inttypes.h>

/* ---- setgroups ----------------------------------------------------------------------------- */

/*
 * A shell changes groups (apt, su); a command does not unless told.  Where the
 * caller's own group is not mapped, the caller's other groups shall not stay
 * either, and only setgroups(2) can leave them.
 */
static int choose_setgroups(const struct options *o, const struct facts *facts, struct plan *plan,
			    struct failure *why)
{
	bool own_group_only = maps_only(&plan->gid_map, facts->gid);

	if (o->setgroups == UNSAID)
		plan->setgroups = (o->command == COMMAND_SHELL || o->map == MAP_SUB) &&
				  !own_group_only ? SETGROUPS_ALLOW : SETGROUPS_DENY;
	else
		plan->setgroups = (enum idrequest_setgroups)o->setgroups;
	if (plan->setgroups == SETGROUPS_ALLOW && facts->setgroups_denied) {
		(void)fail(why, 0,
			   "setgroups cannot be allowed: it is denied in the user namespace around "
			   "this one");
		return hint(why, "--setgroups deny does without; programs that change groups (apt, "
				 "su) will fail");
	}
	if (plan->setgroups == SETGROUPS_DENY || !own_group_only || facts->sets_ids)
		return 0;
	(void)fail(why, 0,
		   "--setgroups allow needs delegated groups in the map, and it has only your own");
	return hint(why, "whoever could drop a group would get what a file denies to it "
		    "(user_namespaces(7)); --map auto maps the groups that /etc/subgid delegates");
}

/* ---- what a source can do ------------------------------------------------------------------ */

static uint64_t size_of(const struct idmap *map)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < map->n; i++)
		sum += map->range[i].count;
	return sum;
}

static bool kernel_suffices(const struct facts *facts, const struct plan *plan)
{
	return facts->sets_ids || (plan->single && plan->setgroups == SETGROUPS_DENY);
}

static int kernel_is_not_enough(const struct plan *plan, struct failure *why)
{
	(void)fail(why, 0,
		   "--map-source kernel maps your own ID alone, with setgroups denied; asked for "
		   "are %" PRIu64 " UIDs and %" PRIu64 " GIDs, with setgroups %s",
		   size_of(&plan->uid_map), size_of(&plan->gid_map),
		   plan->setgroups == SETGROUPS_ALLOW ? "allowed" : "denied");
	return hint(why, "you do not hold CAP_SETUID and CAP_SETGID here, so a helper is needed: "
		    "--map-source auto, croft or newuidmap");
}

static int no_privilege_to_gain(struct failure *why)
{
	return hint(why,
		    "this process has no_new_privs, so set-user-ID helpers get no privilege; it is "
		    "set by another sandbox, setpriv or systemd's NoNewPrivileges=");
}

static int no_source(const struct facts *facts, struct failure *why)
{
	(void)fail(why, 0, "no one here can install a map of more than your own ID");
	if (facts->no_new_privs)
		return no_privilege_to_gain(why);
	if (facts->croft_helpers == HELPERS_POWERLESS)
		return hint(why,
			    "%s and %s are there but are not set-user-ID root, or lie on a nosuid "
			    "mount",
			    UIDMAP_HELPER, GIDMAP_HELPER);
	return hint(why, "install croft's helpers set-user-ID root (%s), or the package uidmap, "
		    "which has %s", UIDMAP_HELPER, NEWUIDMAP);
}

/* A source named by the user: what it lacks is told, and no other is tried. */
static int check_helpers(const char *source, enum helpers state, const char *path,
			 const struct facts *facts, struct failure *why)
{
	if (facts->no_new_privs && !facts->sets_ids) {
		(void)fail(why, 0, "--map-source %s: its helpers can gain no privilege here",
			   source);
		return no_privilege_to_gain(why);
	}
	if (state != HELPERS_MISSING)
		return 0;	/* one without privilege says so itself */
	(void)fail(why, 0, "--map-source %s: its helpers are not installed", source);
	return hint(why, "they belong at %s; --map-source auto takes what there is", path);
}

static int choose_source(const struct options *o, const struct facts *facts, struct plan *plan,
			 struct failure *why)
{
	plan->source = o->source;
	switch (o->source) {
	case SOURCE_KERNEL:
		return kernel_suffices(facts, plan) ? 0 : kernel_is_not_enough(plan, why);
	case SOURCE_CROFT:
		return check_helpers("croft", facts->croft_helpers, UIDMAP_HELPER, facts, why);
	case SOURCE_NEWUIDMAP:
		return check_helpers("newuidmap", facts->system_helpers, NEWUIDMAP, facts, why);
	default:
		break;
	}
	if (kernel_suffices(facts, plan))
		plan->source = SOURCE_KERNEL;
	else if (facts->no_new_privs)
		return no_source(facts, why);
	else if (facts->croft_helpers == HELPERS_READY)
		plan->source = SOURCE_CROFT;
	else if (facts->system_helpers == HELPERS_READY)
		plan->source = SOURCE_NEWUIDMAP;
	else
		return no_source(facts, why);
	return 0;
}

/* ---- what the helpers would refuse --------------------------------------------------------- */

/* newuidmap asks a name service instead of the files where the site has one. */
static bool files_decide(const struct facts *facts, const struct plan *plan)
{
	return !facts->sets_ids && (plan->source == SOURCE_CROFT ||
				    (plan->source == SOURCE_NEWUIDMAP && !facts->subid_service));
}

int grant_choose(const struct options *o, const struct facts *facts, struct plan *plan,
		 struct failure *why)
{
	if (choose_setgroups(o, facts, plan, why) < 0 || choose_source(o, facts, plan, why) < 0)
		return -1;
	return files_decide(facts, plan) ? maps_check_delegation(facts, plan, why) : 0;
}
