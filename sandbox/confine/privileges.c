/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * privileges - what the payload may still do; every drop is read back
 *
 * The order is the kernel's: the bounding set needs CAP_SETPCAP, groups need
 * CAP_SETGID, and a change of the last UID 0 takes the capabilities away
 * (cap_emulate_setxuid()) unless they are to be kept.
 */
#include "sandbox/confine/privileges.h"

#include "sandbox/confine/capabilities.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct sets {
	uint64_t permitted, effective, inheritable;
};

static int set_capabilities(const struct sets *sets)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++)
		data[i] = (struct __user_cap_data_struct){
			.effective = (uint32_t)(sets->effective >> 32 * i),
			.permitted = (uint32_t)(sets->permitted >> 32 * i),
			.inheritable = (uint32_t)(sets->inheritable >> 32 * i),
		};
	return (int)syscall(SYS_capset, &head, data);
}

static int get_capabilities(struct sets *sets)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	/* All there are, if the kernel should not say. */
	struct __user_cap_data_struct data[2] = { { ~0U, ~0U, ~0U }, { ~0U, ~0U, ~0U } };

	if (syscall(SYS_capget, &head, data) < 0)
		return -1;
	sets->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	sets->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	sets->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return 0;
}

static bool is_uid(uid_t uid)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 && real == uid && effective == uid &&
	       saved == uid;
}

static bool is_gid(gid_t gid)
{
	gid_t real, effective, saved;

	return getresgid(&real, &effective, &saved) == 0 && real == gid && effective == gid &&
	       saved == gid;
}

/*
 * Where nobody maps, whoever is to stay who it is may have no number in a namespace
 * that was joined, and nobody can become the overflow ID that shows.  Among many IDs
 * that may be one of them; only who is alone on the map is surely who it seems to be.
 */
static int become(const struct plan *plan, uint32_t uid, uint32_t gid, struct failure *why)
{
	bool always = plan->source != SOURCE_NONE && !plan->single;

	if (uid == ID_AS_IT_IS)
		uid = geteuid();
	if (gid == ID_AS_IT_IS)
		gid = getegid();
	if (((always || !is_gid(gid)) && setresgid(gid, gid, gid) < 0) ||
	    ((always || !is_uid(uid)) && setresuid(uid, uid, uid) < 0))
		return fail(why, errno, "become UID %u and GID %u inside", uid, gid);
	if (!is_uid(uid) || !is_gid(gid))
		return fail(why, 0, "becoming UID %u and GID %u inside did not hold", uid, gid);
	return 0;
}

static bool is(uint32_t wanted, uint32_t id)
{
	return wanted == ID_AS_IT_IS || wanted == id;
}

int privileges_become_root(const struct plan *plan, struct failure *why)
{
	if (plan->setgroups == SETGROUPS_ALLOW && setgroups(0, NULL) < 0)
		return fail(why, errno, "leave the caller's groups");
	if (is(plan->root_uid, geteuid()) && is(plan->root_gid, getegid()) &&
	    is(plan->root_uid, getuid()) && is(plan->root_gid, getgid()))
		return 0;
	if (become(plan, plan->root_uid, plan->root_gid, why) < 0)
		return -1;
	/* Another ID takes dumpable away, and with it our own /proc files (commit_creds()). */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return fail(why, errno, "stay dumpable");
	return 0;
}

/* ---- the payload --------------------------------------------------------------------------- */

/* The kernel tells its last capability by EINVAL for the one after it. */
static int limit_bounding_set(uint64_t allowed, int *last, struct failure *why)
{
	for (int capability = 0; capability < 64; capability++) {
		bool keep = (allowed >> capability & 1) != 0;

		if (prctl(keep ? PR_CAPBSET_READ : PR_CAPBSET_DROP, capability, 0, 0, 0) >= 0)
			*last = capability;
		else if (errno == EINVAL && capability > 0)
			return 0;
		else
			return fail(why, errno, "take capability %d out of the bounding set",
				    capability);
	}
	return 0;
}

static int set_groups(const struct plan *plan, const struct user *user, struct failure *why)
{
	if (plan->setgroups != SETGROUPS_ALLOW)
		return 0;
	if (setgroups(user->n_groups, user->groups) < 0)
		return fail(why, errno, "set the groups of %s", user->identity.name);
	return 0;
}

static int raise_ambient(uint64_t set, int last, struct failure *why)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return fail(why, errno, "clear the ambient capabilities");
	for (int capability = 0; set != 0 && capability <= last; capability++)
		if ((set & UINT64_C(1) << capability) != 0 &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
			return fail(why, errno, "make capability %d ambient", capability);
	return 0;
}

static int gain_no_more(struct failure *why)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail(why, errno, "set no_new_privs");
	return 0;
}

/* Root who asked for no change keeps what it has: not even capset(2) is tried. */
static int keep_all(const struct plan *plan, const struct user *user, struct failure *why)
{
	if (become(plan, user->uid, user->gid, why) < 0)
		return -1;
	return gain_no_more(why);
}

/* What the plan comes to for this user. */
static struct sets sets_of(const struct plan *plan, const struct user *user)
{
	uint64_t ambient = user->uid == 0 && !plan->customs.capabilities ? 0 : plan->ambient;
	uint64_t held = user->uid == 0 ? plan->capabilities : ambient;

	return (struct sets){ held, held, ambient };
}

int privileges_drop(const struct plan *plan, const struct user *user, struct failure *why)
{
	int last = 0;
	uint64_t bounding = plan->keep_bounding ? ~UINT64_C(0) : plan->capabilities;
	struct sets sets = sets_of(plan, user);

	if (limit_bounding_set(bounding, &last, why) < 0)
		return -1;
	if (plan->keep_capabilities)
		return keep_all(plan, user, why);
	if (set_groups(plan, user, why) < 0)
		return -1;
	if (sets.permitted != 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail(why, errno, "keep capabilities over the change of user");
	if (become(plan, user->uid, user->gid, why) < 0)
		return -1;
	if (set_capabilities(&sets) < 0)
		return fail(why, errno, "set the capabilities");
	return raise_ambient(sets.inheritable, last, why) < 0 ? -1 : gain_no_more(why);
}

/* ---- read back ----------------------------------------------------------------------------- */

static int check_ids(const struct plan *plan, const struct user *user, struct failure *why)
{
	if (!is_uid(user->uid) || !is_gid(user->gid))
		return fail(why, 0, "becoming UID %u and GID %u inside did not hold",
			    user->uid, user->gid);
	if (plan->setgroups == SETGROUPS_ALLOW && getgroups(0, NULL) != (int)user->n_groups)
		return fail(why, 0, "the groups that were set did not hold");
	return 0;
}

static int check_bounding_set(uint64_t allowed, struct failure *why)
{
	for (int capability = 0; capability < 64; capability++) {
		int there = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);

		if (there < 0 && capability > 0)
			return 0;
		if (there != (int)(allowed >> capability & 1))
			return fail(why, 0, "the bounding set did not hold: capability %d",
				    capability);
	}
	return 0;
}

/* The ambient set lies within the inheritable one (cap_ambient_invariant_ok()), mostly empty. */
static int check_ambient_set(uint64_t wanted, struct failure *why)
{
	for (int capability = 0; wanted >> capability != 0; capability++)
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) !=
		    (int)(wanted >> capability & 1))
			return fail(why, 0, "the ambient capabilities did not hold: capability %d",
				    capability);
	return 0;
}

int privileges_check(const struct plan *plan, const struct user *user, struct failure *why)
{
	struct sets got, wanted = sets_of(plan, user);

	if (check_ids(plan, user, why) < 0)
		return -1;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return fail(why, 0, "no_new_privs did not hold");
	if (plan->keep_capabilities)
		return 0;
	if (get_capabilities(&got) < 0 || got.permitted != wanted.permitted ||
	    got.effective != wanted.effective || got.inheritable != wanted.inheritable)
		return fail(why, 0, "the capabilities that were set did not hold");
	if (!plan->keep_bounding && check_bounding_set(plan->capabilities, why) < 0)
		return -1;
	return check_ambient_set(wanted.inheritable, why);
}

int privileges_read(struct privileges *held)
{
	const int last = capabilities_last();
	struct sets sets;

	if (get_capabilities(&sets) < 0)
		return -1;
	*held = (struct privileges){
		.permitted = sets.permitted, .effective = sets.effective,
		.inheritable = sets.inheritable,
		.no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
	};
	for (int capability = 0; capability <= last; capability++) {
		const uint64_t bit = UINT64_C(1) << capability;

		if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1)
			held->bounding |= bit;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1)
			held->ambient |= bit;
	}
	return 0;
}

int privileges_keep_kill(struct failure *why)
{
	const uint64_t kill = UINT64_C(1) << CAP_KILL;
	const struct sets sets = { kill, kill, 0 };

	if (set_capabilities(&sets) < 0)
		return fail(why, errno, "drop the reaper's capabilities");
	return 0;
}
