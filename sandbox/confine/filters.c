/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filters - which seccomp filters the payload gets
 *
 * First the policy, then what the user adds, in their order; the kernel asks all
 * and the strictest answer counts, so what is added can only take away.
 *
 * A group that is closed is opened by a capability which would be worth nothing
 * without it, and only where the kernel takes that capability from a user namespace
 * (ns_capable()); CAP_BPF opens nothing here, for it would not be the machine's.
 */
#include "sandbox/confine/filters.h"

#include "policy/filters.h"
#include "sandbox/confine/capabilities.h"
#include "sandbox/options/option_rows.h"
#include "sandbox/personality.h"

#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIT(n) (UINT64_C(1) << (n))

_Static_assert(GROUPS <= 64, "a set of groups is 64 bits");

static const struct { int capability; enum syscall_group group; const char *name; } follows[] = {
	{ CAP_SYS_ADMIN, GROUP_MOUNT, "cap_sys_admin" },
	{ CAP_SYS_ADMIN, GROUP_NAMESPACES, "cap_sys_admin" },
	{ CAP_SYS_CHROOT, GROUP_CHROOT, "cap_sys_chroot" },
	{ CAP_SYS_PTRACE, GROUP_PTRACE, "cap_sys_ptrace" },
	{ CAP_DAC_READ_SEARCH, GROUP_HANDLES, "cap_dac_read_search" },
};

/* What a sandbox within the sandbox needs, and of keyctl(2) a new session keyring (adapt()). */
static const uint64_t nesting = BIT(GROUP_NAMESPACES) | BIT(GROUP_MOUNT) | BIT(GROUP_CHROOT);

enum { FOLLOWS = sizeof(follows) / sizeof(follows[0]) };

static uint64_t opened_by_capabilities(uint64_t capabilities)
{
	uint64_t groups = 0;

	for (size_t i = 0; i < FOLLOWS; i++)
		if ((capabilities & BIT(follows[i].capability)) != 0)
			groups |= BIT(follows[i].group);
	return groups;
}

static bool is_closed(enum syscall_group group)
{
	return group >= GROUP_FIRST_CLOSED && group < GROUPS;
}

/* The last word on a group counts. */
static const struct syscall_change *last_change(const struct plan *plan, enum syscall_group group)
{
	const struct syscall_change *last = NULL;

	for (size_t i = 0; i < plan->syscalls.n_changes; i++) {
		const struct syscall_change *change = &plan->syscalls.changes[i];

		if (change->name[0] == '@' && policy_find_group(change->name) == group)
			last = change;
	}
	return last;
}

const char *filters_opened_by(const struct plan *plan, enum syscall_group group)
{
	const struct syscall_change *change = last_change(plan, group);

	if (!is_closed(group) || (change != NULL && !change->allow))
		return NULL;
	if (change != NULL)
		return "--allow-syscalls";
	if (group == GROUP_PTRACE && plan->syscalls.ptrace)
		return "--allow-ptrace";
	if (group == GROUP_KEYRING && !plan->own_keyring)
		return "--share-keyring";
	if ((nesting & BIT(group)) != 0 && plan->nesting)
		return "--allow-nesting";
	for (size_t i = 0; i < FOLLOWS; i++)
		if (follows[i].group == group &&
		    (plan->capabilities & BIT(follows[i].capability)) != 0)
			return follows[i].name;
	return NULL;
}

/* ---- the policy's own filter --------------------------------------------------------------- */

#if defined(__x86_64__)
#define PRESET(name) { filter_of_##name##_x86_64, \
	sizeof(filter_of_##name##_x86_64) / sizeof(struct sock_filter) }
#else
#define PRESET(name) { filter_of_##name##_arm64, \
	sizeof(filter_of_##name##_arm64) / sizeof(struct sock_filter) }
#endif

/* Made when croft was built, for what is started most. */
static const struct { uint64_t opened; struct filter filter; } presets[] = {
	{ 0, PRESET(run) },
	{ BIT(GROUP_CHROOT), PRESET(shell) },
};

static bool shares_processes(const struct plan *plan)
{
	return (plan->namespaces & CLONE_NEWPID) == 0;
}

static void adapt(struct policy *policy, const struct plan *plan, uint64_t opened)
{
	if (shares_processes(plan) && (opened & BIT(GROUP_PTRACE)) == 0)
		policy_set_rule(policy, "prlimit64", ACT_BY_PROCESS);
	if (plan->nesting)	/* the whole group is opened after it, or closed */
		policy_set_rule(policy, "keyctl", ACT_BY_OPERATION);
}

static struct filter make_filter(const struct plan *plan, uint64_t opened)
{
	static struct filter_room room;
	struct policy policy = policy_default();
	struct filter filter;

	adapt(&policy, plan, opened);
	for (int group = 0; group < GROUPS; group++)
		if ((opened & BIT(group)) != 0)
			policy_change_group(&policy, (enum syscall_group)group, true);
	for (size_t i = 0; i < plan->syscalls.n_changes; i++)
		(void)policy_change(&policy, plan->syscalls.changes[i].name,
				    plan->syscalls.changes[i].allow);	/* options.c has looked */
	filter = filter_compile(&policy, MACHINE_HERE, &room);
	if (plan->syscalls.only_log)
		filter_only_log(filter, &room);
	return filter;
}

static struct filter choose_filter(const struct plan *plan)
{
	uint64_t opened = opened_by_capabilities(plan->capabilities) |
			  (plan->nesting ? nesting : 0) |
			  (plan->own_keyring ? 0 : BIT(GROUP_KEYRING)) |
			  (plan->syscalls.ptrace ? BIT(GROUP_PTRACE) : 0);

	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		if (presets[i].opened == opened && plan->syscalls.n_changes == 0 &&
		    !plan->syscalls.only_log && !shares_processes(plan))
			return presets[i].filter;
	return make_filter(plan, opened);
}

/* ---- the whole ----------------------------------------------------------------------------- */

static int check(const struct options *o, struct failure *why)
{
	const struct { bool asked; const char *option; } rows[] = {
		{ o->n_syscall_changes > 0, "--allow-syscalls or --deny-syscalls" },
		{ o->syscalls_only_log, "--seccomp-log" },
		{ o->allow_ptrace, "--allow-ptrace" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && o->syscalls_off; i++)
		if (rows[i].asked)
			return fail(why, 0, "--seccomp off and %s exclude each other",
				    rows[i].option);
	return 0;
}

/* bubblewrap has no filter of its own, and takes one, or any number by the other option. */
static int check_of_bwrap(const struct options *o, struct failure *why)
{
	if (!o->personality->preset->syscalls_off || !o->has_program || o->n_filters < 2)
		return 0;
	return fail(why, 0, "--seccomp cannot be combined with --add-seccomp-fd");
}

static int no_policy(struct failure *why)
{
	(void)fail(why, 0, "croft has no policy for the system calls of this kind of machine");
	return hint(why, "--seccomp off runs the command without one; "
			 "a filter of your own can be given all the same");
}

int filters_choose(const struct options *o, struct plan *plan, struct failure *why)
{
	struct syscalls *syscalls = &plan->syscalls;

	if (check(o, why) < 0 || check_of_bwrap(o, why) < 0)
		return -1;
	syscalls->off = o->syscalls_off;
	syscalls->only_log = o->syscalls_only_log;
	syscalls->ptrace = o->allow_ptrace;
	syscalls->tell_kills = plan->status_fd >= 0 && !plan->customs.documents && plan->reaper &&
			       !o->syscalls_off && !o->syscalls_only_log;
	syscalls->changes = o->syscall_changes;
	syscalls->n_changes = o->n_syscall_changes;
	syscalls->namespaces = o->syscalls_off || filters_opened_by(plan, GROUP_NAMESPACES) != NULL;
	if (!o->syscalls_off && MACHINE_HERE == MACHINES)
		return no_policy(why);
	if (!o->syscalls_off)
		syscalls->filter[syscalls->n_filters++] = (struct plan_filter){
			.source = FILTER_POLICY, .name = "croft's policy",
			.filter = choose_filter(plan),
		};
	for (size_t i = 0; i < o->n_filters; i++)
		syscalls->filter[syscalls->n_filters++] = o->filter[i];
	return 0;
}

int filters_read_list(struct options *o, const char *list, bool allow, struct failure *why)
{
	struct policy scratch = policy_default();

	for (const char *end = list; *end != '\0'; list = end + 1) {
		char *name;

		end = list + strcspn(list, ",");
		name = strndup(list, (size_t)(end - list));
		o->syscall_changes = option_grow(o->syscall_changes, o->n_syscall_changes,
						 sizeof(*o->syscall_changes));
		if (name == NULL || !policy_change(&scratch, name, allow)) {
			(void)fail(why, 0, "there is no system call or group '%.*s'",
				   (int)(end - list), list);
			return hint(why, "groups begin with @, as @mount does; croft-run(1) lists "
					 "them, and syscalls(2) the calls");
		}
		o->syscall_changes[o->n_syscall_changes++] = (struct syscall_change){ name, allow };
		if (*end == '\0')
			break;
	}
	return 0;
}
