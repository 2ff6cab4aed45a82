/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy - which system calls the payload may make: policy/syscalls.def, and changes to it; pure */
#ifndef SANDBOX_POLICY_H
#define SANDBOX_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum machine { MACHINE_X86_64, MACHINE_ARM64, MACHINES };

/* Where croft itself runs; MACHINES where there is no policy for it. */
#if defined(__x86_64__) && defined(__LP64__)
#define MACHINE_HERE MACHINE_X86_64
#elif defined(__aarch64__) && defined(__LP64__)
#define MACHINE_HERE MACHINE_ARM64
#else
#define MACHINE_HERE MACHINES
#endif

enum syscall_group {
#define GROUP(id, name, why) GROUP_##id,
#include "policy/groups.def"
#undef GROUP
	GROUPS,
	GROUP_FIRST_CLOSED = GROUP_NAMESPACES,
};

enum syscall_act {
	ACT_ALLOW, ACT_DENY, ACT_ABSENT,
	/* by the arguments */
	ACT_BY_FLAGS, ACT_BY_UNSHARED, ACT_BY_FAMILY, ACT_BY_COMMAND, ACT_BY_PERSONA,
	ACT_BY_SENDING, ACT_BY_MESSAGE, ACT_BY_OPTION, ACT_BY_PROCESS, ACT_BY_OPERATION,
	ACTS
};

enum {
	SYSCALLS = 0
#define CALL(name, x86_64, arm64, group, act) + 1
#include "policy/syscalls.def"
#undef CALL
};

struct syscall_row {
	const char *name;
	int16_t number[MACHINES];	/* -1: there is none */
	uint8_t group;			/* enum syscall_group */
	uint8_t act;			/* enum syscall_act, by default */
};

extern const struct syscall_row syscall_rows[SYSCALLS];

struct policy {
	uint8_t act[SYSCALLS];		/* enum syscall_act, in the order of the rows */
};

struct policy policy_default(void);

/* Lets the calls of a group through, or closes it: a rule by arguments comes back. */
void policy_change_group(struct policy *policy, enum syscall_group group, bool allow);

/* Likewise for "name" or "@group".  Returns false if there is no such thing. */
bool policy_change(struct policy *policy, const char *name, bool allow);

/* A call by a rule that no row has: where a plan gives less, or more, of it than the table. */
void policy_set_rule(struct policy *policy, const char *name, enum syscall_act act);

/* A group by "@name" or "name"; GROUPS if there is none. */
enum syscall_group policy_find_group(const char *name);

/* NULL if the table of this machine (MACHINES: of none) has no such number. */
const char *policy_call_name(enum machine machine, int number);

const char *policy_group_name(enum syscall_group group);

/* What the group is or why it is closed. */
const char *policy_group_reason(enum syscall_group group);

#endif
