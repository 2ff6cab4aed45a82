/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy - which system calls the payload may make: policy/syscalls.def, and changes to it */
#include "sandbox/confine/policy.h"

#include <string.h>

const struct syscall_row syscall_rows[SYSCALLS] = {
#define CALL(name, x86_64, arm64, group, act) \
	{ #name, { x86_64, arm64 }, GROUP_##group, ACT_##act },
#include "policy/syscalls.def"
#undef CALL
};

static const struct { const char *name, *reason; } groups[GROUPS] = {
#define GROUP(id, name, why) { name, why },
#include "policy/groups.def"
#undef GROUP
};

/* What a rule by arguments keeps closed. */
static enum syscall_group group_of_rule(enum syscall_act act)
{
	static const enum syscall_group closes[ACTS] = {
		[ACT_ALLOW] = GROUPS, [ACT_DENY] = GROUPS, [ACT_ABSENT] = GROUPS,
		[ACT_BY_FLAGS] = GROUP_NAMESPACES, [ACT_BY_UNSHARED] = GROUP_NAMESPACES,
		[ACT_BY_FAMILY] = GROUP_SOCKETS, [ACT_BY_COMMAND] = GROUP_TERMINAL,
		[ACT_BY_PERSONA] = GROUP_PTRACE,
		[ACT_BY_SENDING] = GROUP_SOCKETS, [ACT_BY_MESSAGE] = GROUP_SOCKETS,
		[ACT_BY_OPTION] = GROUP_SOCKETS, [ACT_BY_PROCESS] = GROUPS,
		[ACT_BY_OPERATION] = GROUPS,
	};

	return closes[act];
}

static bool has_rule(const struct syscall_row *row)
{
	return group_of_rule((enum syscall_act)row->act) != GROUPS;
}

struct policy policy_default(void)
{
	struct policy policy;

	for (size_t i = 0; i < SYSCALLS; i++)
		policy.act[i] = syscall_rows[i].act;
	return policy;
}

/* Nothing is closed less than it was: a call that answers ENOSYS goes on doing so. */
static uint8_t closed(const struct syscall_row *row)
{
	return row->act == ACT_ALLOW || has_rule(row) ? ACT_DENY : row->act;
}

void policy_change_group(struct policy *policy, enum syscall_group group, bool allow)
{
	for (size_t i = 0; i < SYSCALLS; i++) {
		const struct syscall_row *row = &syscall_rows[i];
		bool by_rule = group_of_rule((enum syscall_act)row->act) == group;

		if (row->group == group && !by_rule && allow)
			policy->act[i] = has_rule(row) ? row->act : ACT_ALLOW;
		else if (row->group == group && !by_rule)
			policy->act[i] = closed(row);
		else if (by_rule && allow)
			policy->act[i] = ACT_ALLOW;
		else if (by_rule && row->group == group)
			policy->act[i] = closed(row);
		else if (by_rule && policy->act[i] == ACT_ALLOW)
			policy->act[i] = row->act;
	}
}

bool policy_change(struct policy *policy, const char *name, bool allow)
{
	if (name[0] == '@') {
		enum syscall_group group = policy_find_group(name);

		if (group != GROUPS)
			policy_change_group(policy, group, allow);
		return group != GROUPS;
	}
	for (size_t i = 0; i < SYSCALLS; i++)
		if (strcmp(syscall_rows[i].name, name) == 0) {
			policy->act[i] = allow ? ACT_ALLOW : closed(&syscall_rows[i]);
			return true;
		}
	return false;
}

void policy_set_rule(struct policy *policy, const char *name, enum syscall_act act)
{
	for (size_t i = 0; i < SYSCALLS; i++)
		if (strcmp(syscall_rows[i].name, name) == 0)
			policy->act[i] = act;
}

const char *policy_call_name(enum machine machine, int number)
{
	for (size_t i = 0; machine != MACHINES && number >= 0 && i < SYSCALLS; i++)
		if (syscall_rows[i].number[machine] == number)
			return syscall_rows[i].name;
	return NULL;
}

enum syscall_group policy_find_group(const char *name)
{
	name += name[0] == '@';
	for (int i = 0; i < GROUPS; i++)
		if (strcmp(groups[i].name, name) == 0)
			return (enum syscall_group)i;
	return GROUPS;
}

const char *policy_group_name(enum syscall_group group)
{
	return groups[group].name;
}

const char *policy_group_reason(enum syscall_group group)
{
	return groups[group].reason;
}
