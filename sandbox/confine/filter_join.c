/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_join - filters as one program, which leaves to a listener what they would kill for
 *
 * The kernel tells nobody which call a filter killed for; a listener gets to know it
 * (SECCOMP_RET_USER_NOTIF).  But there is only one listener, of one filter, and any
 * error that another filter answers is stricter than to ask it (seccomp_run_filters()).
 * So all of them become one program, in which a kill is stricter still:
 *
 *     may nobody else listen?     a second listener could let through what is left to this one
 *     each program, last first    where it returned, its answer is weighed against the one in X
 *     the strictest answer        a kill becomes the question to the listener
 *
 * Programs are taken that are made as croft and libseccomp make them: of instructions
 * that use neither X nor memory, and A only once it is loaded.  They are looked at as
 * the kernel looks at them, since a jump over the end of one would land in the next.
 */
#include "sandbox/confine/filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>

#define LOAD(what) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, what))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, what)
#define IF(test, value, then, otherwise) BPF_JUMP(BPF_JMP | (test) | BPF_K, value, then, otherwise)

/* Answers are compared as signed numbers, and BPF compares unsigned ones. */
#define RANK(answer) ((answer) ^ 0x80000000U)
#define ACTION(word) ((word) & SECCOMP_RET_ACTION_FULL)

/* ---- programs that can be joined ----------------------------------------------------------- */

static bool is_return(const struct sock_filter *at)
{
	return at->code == (BPF_RET | BPF_K);
}

static bool is_load(const struct sock_filter *at)
{
	return at->code == (BPF_LD | BPF_W | BPF_ABS);
}

/* rest: how many instructions follow. */
static bool is_plain(const struct sock_filter *at, size_t rest)
{
	switch (at->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return at->k % 4 == 0 && at->k < sizeof(struct seccomp_data);
	case BPF_ALU | BPF_AND | BPF_K:
		return true;
	case BPF_RET | BPF_K:
		return ACTION(at->k) != SECCOMP_RET_USER_NOTIF;	/* nobody listens, nor ever shall */
	case BPF_JMP | BPF_JA:
		return at->k < rest;
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_K:
		return at->jt < rest && at->jf < rest;
	default:
		return false;
	}
}

static bool can_be_joined(const struct filter *filter)
{
	for (size_t i = 0; i < filter->n; i++)
		if (!is_plain(&filter->code[i], filter->n - i - 1))
			return false;
	return filter->n > 0 && is_return(&filter->code[filter->n - 1]) &&
	       (is_load(&filter->code[0]) || is_return(&filter->code[0]));
}

/* ---- the program ---------------------------------------------------------------------------- */

struct program {
	struct sock_filter *code;
	size_t n;			/* it may come to be more than there is room for */
};

static void put(struct program *program, const struct sock_filter *code, size_t n)
{
	for (size_t i = 0; i < n; i++, program->n++)
		if (program->n < BPF_MAXINSNS)
			program->code[program->n] = code[i];
}

#define PUT(program, ...) do { \
	const struct sock_filter code_[] = { __VA_ARGS__ }; \
	put(program, code_, sizeof(code_) / sizeof(code_[0])); \
} while (0)

/* Numbers of other tables go on to the policy, which has an answer for all of them. */
static void put_guard(struct program *program, uint32_t table, uint32_t seccomp)
{
	PUT(program,
	    LOAD(arch),
	    IF(BPF_JEQ, table, 0, 5),
	    LOAD(nr),
	    IF(BPF_JEQ, seccomp, 0, 3),
	    LOAD(args[1]),
	    IF(BPF_JSET, SECCOMP_FILTER_FLAG_NEW_LISTENER, 0, 1),
	    RETURN(SECCOMP_RET_ERRNO | EBUSY));	/* as for whom has a listener (init_listener()) */
}

static bool kills(uint32_t answer)
{
	return ACTION(answer) == SECCOMP_RET_KILL_PROCESS ||
	       ACTION(answer) == SECCOMP_RET_KILL_THREAD;
}

/* One alone keeps its shape: the kernel remembers what it allows (seccomp_cache_prepare()). */
static void put_only(struct program *program, const struct filter *filter)
{
	for (size_t i = 0; i < filter->n; i++) {
		struct sock_filter at = filter->code[i];

		if (is_return(&at) && kills(at.k))
			at.k = SECCOMP_RET_USER_NOTIF;
		put(program, &at, 1);
	}
}

enum { WEIGHING = 5 };

/* X has the rank of the strictest so far; of the same action, the earlier answer stays. */
static void put_weighing(struct program *program, uint32_t answer, size_t next)
{
	size_t end = program->n + WEIGHING;

	PUT(program,
	    BPF_STMT(BPF_MISC | BPF_TXA, 0),
	    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SECCOMP_RET_ACTION_FULL),
	    IF(BPF_JGT, ACTION(RANK(answer)), 0, 1),
	    BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, RANK(answer)),
	    BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)(next - end)));
}

/* The program, in which each return leads to its weighing behind it. */
static void put_one_of_many(struct program *program, const struct filter *filter)
{
	size_t weighing = program->n + filter->n, next;

	for (size_t i = 0; i < filter->n; i++) {
		struct sock_filter at = filter->code[i];

		if (is_return(&at)) {
			at = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA,
							  (uint32_t)(weighing - program->n - 1));
			weighing += WEIGHING;
		}
		put(program, &at, 1);
	}
	next = weighing;
	for (size_t i = 0; i < filter->n; i++)
		if (is_return(&filter->code[i]))
			put_weighing(program, filter->code[i].k, next);
}

static void put_many(struct program *program, const struct filter *filters, size_t n)
{
	PUT(program, BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, RANK(SECCOMP_RET_ALLOW)));
	while (n > 0)
		put_one_of_many(program, &filters[--n]);
	PUT(program,
	    BPF_STMT(BPF_MISC | BPF_TXA, 0),
	    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SECCOMP_RET_ACTION_FULL),
	    IF(BPF_JEQ, RANK(SECCOMP_RET_KILL_PROCESS), 4, 0),
	    IF(BPF_JEQ, RANK(SECCOMP_RET_KILL_THREAD), 3, 0),
	    BPF_STMT(BPF_MISC | BPF_TXA, 0),
	    BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 0x80000000U),
	    BPF_STMT(BPF_RET | BPF_A, 0),
	    RETURN(SECCOMP_RET_USER_NOTIF));
}

struct filter filter_join(const struct filter *filters, size_t n, enum machine machine,
			  struct filter_room *room)
{
	static const struct { uint32_t table, seccomp; } machines[MACHINES] = {
		[MACHINE_X86_64] = { AUDIT_ARCH_X86_64, 317 },
		[MACHINE_ARM64] = { AUDIT_ARCH_AARCH64, 277 },
	};
	struct program program = { .code = room->code };

	for (size_t i = 0; i < n; i++)
		if (!can_be_joined(&filters[i]))
			return (struct filter){ NULL, 0 };
	put_guard(&program, machines[machine].table, machines[machine].seccomp);
	if (n == 1)
		put_only(&program, &filters[0]);
	else
		put_many(&program, filters, n);
	if (program.n > BPF_MAXINSNS)
		return (struct filter){ NULL, 0 };
	return (struct filter){ program.code, program.n };
}
