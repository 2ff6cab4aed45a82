/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy as a program: for every number on every machine, with arguments at the
 * edges, the filter answers what the table says.
 */
#include "sandbox/confine/filter.h"

#include "policy/filters.h"
#include "tests/unit/bpf.h"
#include "tests/unit/table.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#define ERRNO(err) (SECCOMP_RET_ERRNO | (err))

static struct filter_room room;

static const struct machine_row {
	const char *name;
	enum machine machine;
	uint32_t arch;
	uint32_t token;			/* libseccomp's name for it */
} machine_rows[] = {
	{ "x86-64", MACHINE_X86_64, AUDIT_ARCH_X86_64, SCMP_ARCH_X86_64 },
	{ "arm64", MACHINE_ARM64, AUDIT_ARCH_AARCH64, SCMP_ARCH_AARCH64 },
};

/* What must be true whatever the filter looks like: written anew, in C. */
/* linux/fscrypt.h: add, remove, remove for all users. */
static bool is_of_keys(uint32_t command)
{
	return command == 0xc0506617 || command == 0xc0406618 || command == 0xc0406619;
}

/* linux/btrfs.h: a snapshot, a snapshot with flags, the flags of a subvolume. */
static bool is_of_subvolumes(uint32_t command)
{
	return command == 0x50009401 || command == 0x50009417 || command == 0x4008941a;
}

/* linux/sockios.h: VLANs, and bridges. */
static bool loads_module(uint32_t command)
{
	return command == 0x8982 || command == 0x8983 || command == 0x8940 || command == 0x8941 ||
	       command == 0x89a0 || command == 0x89a1;
}

static uint32_t by_arguments(enum syscall_act act, const uint64_t args[6])
{
	uint32_t a = (uint32_t)args[0], b = (uint32_t)args[1], c = (uint32_t)args[2];
	uint32_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
			      CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

	switch (act) {
	case ACT_BY_FLAGS:
		return a & namespaces ? ERRNO(EPERM) : SECCOMP_RET_ALLOW;
	case ACT_BY_UNSHARED:
		return a & (namespaces | CLONE_NEWTIME) ? ERRNO(EPERM) : SECCOMP_RET_ALLOW;
	case ACT_BY_FAMILY:
		if (a == AF_UNIX || (a == AF_NETLINK && c == 0))
			return SECCOMP_RET_ALLOW;
		if (a == AF_NETLINK)
			return ERRNO(EPROTONOSUPPORT);
		if (a != AF_INET && a != AF_INET6)
			return ERRNO(EAFNOSUPPORT);
		if ((b & 0xf) > SOCK_RAW || c == 33 || c == 115 || c == 132 || c > 255)
			return ERRNO(EPROTONOSUPPORT);
		return SECCOMP_RET_ALLOW;
	case ACT_BY_SENDING:
		return (uint32_t)args[3] & MSG_FASTOPEN ? ERRNO(EOPNOTSUPP) : SECCOMP_RET_ALLOW;
	case ACT_BY_MESSAGE:
		return c & MSG_FASTOPEN ? ERRNO(EOPNOTSUPP) : SECCOMP_RET_ALLOW;
	case ACT_BY_OPTION:
		return b == 6 && c == 31 ? ERRNO(ENOPROTOOPT) : SECCOMP_RET_ALLOW;
	case ACT_BY_OPERATION:
		return a == 0 || a == 1 ? SECCOMP_RET_ALLOW : ERRNO(ENOSYS);
	case ACT_BY_PROCESS:
		return a == 0 || args[2] == 0 ? SECCOMP_RET_ALLOW : ERRNO(EPERM);
	case ACT_BY_COMMAND:
		return b == TIOCSTI || b == TIOCLINUX || b == TIOCSETD || (b >> 8 & 0xff) == 0xb7 ||
		       is_of_keys(b) || is_of_subvolumes(b) || loads_module(b) ?
		       ERRNO(EPERM) : SECCOMP_RET_ALLOW;
	case ACT_BY_PERSONA:
		return a == 0 || a == 8 || a == UINT32_MAX ? SECCOMP_RET_ALLOW : ERRNO(EPERM);
	default:
		fail();
		return 0;
	}
}

static uint32_t wanted(enum syscall_act act, const uint64_t args[6])
{
	return act == ACT_ALLOW ? SECCOMP_RET_ALLOW : act == ACT_DENY ? ERRNO(EPERM) :
	       act == ACT_ABSENT ? ERRNO(ENOSYS) : by_arguments(act, args);
}

/* Values around what rules compare, each also with bits that the kernel does not see. */
static const uint32_t edges[] = {
	0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 16, 17, 31, 32, 33, 38, 40, 45, 115, 132, 255, 256,
	261, 262, TIOCSTI - 1, TIOCSTI, TIOCSTI + 1, TIOCLINUX, TIOCSETD, 0xb700, 0x8008b70a,
	0xb800, 0xc0506616, 0xc0506617, 0xc0406618, 0xc0406619, 0xc040661a, 0x8982, 0x8983,
	0x8940, 0x8941, 0x8942, 0x89a0, 0x89a1, 0x50009400, 0x50009401, 0x50009417,
	0x4008941a, 0x40049409, SOCK_STREAM | SOCK_CLOEXEC,
	SOCK_SEQPACKET | SOCK_NONBLOCK, CLONE_NEWTIME, CLONE_NEWNS, CLONE_NEWUSER,
	CLONE_NEWNET, CLONE_THREAD | CLONE_VM, SIGCHLD | CLONE_NEWPID, 0x40000, 0x7fffffff,
	0x80000000, UINT32_MAX, MSG_FASTOPEN, MSG_FASTOPEN | MSG_NOSIGNAL,
	~(uint32_t)MSG_FASTOPEN,
};
static const uint64_t hidden[] = {
	0, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_C(0xffffffff) << 32
};

static void same_for_arguments(struct filter filter, const struct seccomp_data *call,
			       enum syscall_act act)
{
	struct seccomp_data data = *call;
	size_t steps;
	int looked;

	for (size_t i = 0; i < COUNT(edges) * COUNT(hidden); i++)
		for (size_t j = 0; j < COUNT(edges); j++)
			for (size_t k = 0; k < COUNT(edges); k++) {
				size_t h = i % COUNT(hidden);
				uint32_t got;

				data.args[0] = edges[i / COUNT(hidden)] | hidden[h];
				data.args[1] = edges[j] | hidden[COUNT(hidden) - 1 - h];
				data.args[2] = edges[k] | hidden[h];
				data.args[3] = edges[(j + k) % COUNT(edges)] | hidden[h];
				got = bpf_run(filter.code, filter.n, &data, &steps, &looked);
				if (got != wanted(act, (const uint64_t *)data.args))
					fail_msg("%d(0x%llx, 0x%llx, 0x%llx) is answered 0x%x",
						 data.nr,
						 (unsigned long long)data.args[0],
						 (unsigned long long)data.args[1],
						 (unsigned long long)data.args[2], got);
			}
}

static enum syscall_act act_of(const struct policy *policy, enum machine machine, int number)
{
	for (size_t i = 0; i < SYSCALLS; i++)
		if (syscall_rows[i].number[machine] == number && number >= 0)
			return (enum syscall_act)policy->act[i];
	return ACT_ABSENT;
}

/*
 * Weakness C09: for every number and arguments at the edges the filter does what the table says
 * Control: rules that load the upper half of an argument, or pass over one instruction more or
 * less, and a search that begins a span one number too late
 */
static void same_for_numbers(struct filter filter, const struct policy *policy,
			     const struct machine_row *row)
{
	static const int far[] = { 1024, 0x3fffffff, 0x40000000, 0x40000000 + 16, 0x7fffffff, -1,
				   INT32_MIN };

	assert_in_range(filter.n, 1, BPF_MAXINSNS);
	for (int i = 0; i < 1024 + (int)COUNT(far); i++) {
		struct seccomp_data data = { .nr = i < 1024 ? i : far[i - 1024],
					     .arch = row->arch };
		enum syscall_act act = act_of(policy, row->machine, data.nr);
		size_t steps;
		int looked;

		if (act >= ACT_BY_FLAGS) {
			same_for_arguments(filter, &data, act);
			continue;
		}
		if (bpf_run(filter.code, filter.n, &data, &steps, &looked) != wanted(act, NULL))
			fail_msg("number %d is not answered as its row says", data.nr);
		assert_false(looked);
		assert_true(steps < 20);
	}
}

static void presets_say_what_the_table_says(void **state)
{
	const struct machine_row *row = *state;
	const struct filter run[] = {
		{ filter_of_run_x86_64, COUNT(filter_of_run_x86_64) },
		{ filter_of_run_arm64, COUNT(filter_of_run_arm64) },
	};
	const struct filter shell[] = {
		{ filter_of_shell_x86_64, COUNT(filter_of_shell_x86_64) },
		{ filter_of_shell_arm64, COUNT(filter_of_shell_arm64) },
	};
	struct policy policy = policy_default();

	same_for_numbers(run[row->machine], &policy, row);
	assert_true(policy_change(&policy, "@chroot", true));
	same_for_numbers(shell[row->machine], &policy, row);
	policy_set_rule(&policy, "prlimit64", ACT_BY_PROCESS);
	policy_set_rule(&policy, "keyctl", ACT_BY_OPERATION);
	same_for_numbers(filter_compile(&policy, row->machine, &room), &policy, row);
}

/* A long program, with jumps farther than 255 instructions: every other call is refused. */
static void stripes_are_found(void **state)
{
	const struct machine_row *row = *state;
	struct policy policy = policy_default();
	struct filter filter;

	for (size_t i = 0; i < SYSCALLS; i++)
		policy.act[i] = syscall_rows[i].number[row->machine] % 2 ? ACT_DENY : ACT_ALLOW;
	filter = filter_compile(&policy, row->machine, &room);
	assert_true(filter.n > 300);
	same_for_numbers(filter, &policy, row);
}

static void one_act_for_all(void **state)
{
	const struct machine_row *row = *state;

	for (int act = ACT_ALLOW; act <= ACT_ABSENT; act++) {
		struct policy policy;

		memset(policy.act, act, sizeof(policy.act));
		same_for_numbers(filter_compile(&policy, row->machine, &room), &policy, row);
	}
}

/* Another machine's table ends the process, whatever the number. */
static void other_tables_kill(void **state)
{
	const struct machine_row *row = *state;
	const uint32_t others[] = { AUDIT_ARCH_I386, AUDIT_ARCH_ARM, AUDIT_ARCH_RISCV64, 0,
				    row->machine == MACHINE_ARM64 ? AUDIT_ARCH_X86_64 :
				    AUDIT_ARCH_AARCH64 };
	struct policy policy = policy_default();
	struct filter filter = filter_compile(&policy, row->machine, &room);
	size_t steps;
	int looked;

	for (size_t i = 0; i < COUNT(others); i++)
		for (int number = 0; number < 1024; number++) {
			struct seccomp_data data = { .nr = number, .arch = others[i] };

			assert_int_equal(bpf_run(filter.code, filter.n, &data, &steps, &looked),
					 SECCOMP_RET_KILL_PROCESS);
		}
}

static void logging_refuses_nothing(void **state)
{
	const struct machine_row *row = *state;
	struct policy policy = policy_default();
	struct filter filter = filter_compile(&policy, row->machine, &room);
	size_t steps, logged = 0;
	int looked;

	filter_only_log(filter, &room);
	for (int number = 0; number < 1024; number++) {
		struct seccomp_data data = { .nr = number, .arch = row->arch };
		uint32_t got = bpf_run(filter.code, filter.n, &data, &steps, &looked);

		assert_true(got == SECCOMP_RET_ALLOW || got == SECCOMP_RET_LOG);
		logged += got == SECCOMP_RET_LOG;
	}
	assert_true(logged > 500);
}

/* ---- joined, for a listener ---------------------------------------------------------------- */

static uint32_t answer_of(struct filter filter, const struct seccomp_data *data)
{
	size_t steps;
	int looked;

	return bpf_run(filter.code, filter.n, data, &steps, &looked);
}

/* As the kernel has it for filters of which the last is the newest (seccomp_run_filters()). */
static uint32_t strictest(const struct filter *filters, size_t n, const struct seccomp_data *data)
{
	const uint32_t action = SECCOMP_RET_ACTION_FULL;
	uint32_t answer = SECCOMP_RET_ALLOW;

	while (n > 0) {
		uint32_t now = answer_of(filters[--n], data);

		if ((int32_t)(now & action) < (int32_t)(answer & action))
			answer = now;
	}
	return answer;
}

static uint32_t asked(uint32_t answer)
{
	uint32_t action = answer & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_KILL_PROCESS || action == SECCOMP_RET_KILL_THREAD ?
	       SECCOMP_RET_USER_NOTIF : answer;
}

/* Control: a policy that is not joined, which kills for the other table and lets anyone listen. */
static void joined_the_policy_asks(void **state)
{
	const struct machine_row *row = *state;
	static struct filter_room joined_room;
	struct policy policy = policy_default();
	struct filter filter = filter_compile(&policy, row->machine, &room);
	struct filter joined = filter_join(&filter, 1, row->machine, &joined_room);
	uint32_t others = row->machine == MACHINE_ARM64 ? AUDIT_ARCH_ARM : AUDIT_ARCH_I386;
	int seccomp = seccomp_syscall_resolve_name_arch(row->token, "seccomp");

	assert_in_range(joined.n, filter.n, filter.n + 10);
	for (int number = -1; number < 1024; number++) {
		struct seccomp_data data = { .nr = number, .arch = row->arch };

		assert_int_equal(answer_of(joined, &data), asked(answer_of(filter, &data)));
		data.args[1] = SECCOMP_FILTER_FLAG_NEW_LISTENER | (UINT64_C(1) << 40) |
			       SECCOMP_FILTER_FLAG_LOG;
		assert_int_equal(answer_of(joined, &data), number == seccomp ? ERRNO(EBUSY) :
				 answer_of(filter, &data));
		data.arch = others;
		assert_int_equal(answer_of(joined, &data), SECCOMP_RET_USER_NOTIF);
	}
}

static const uint32_t answers[] = {
	SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW | 7, SECCOMP_RET_LOG, SECCOMP_RET_TRACE | 3,
	ERRNO(EPERM), ERRNO(EIO), SECCOMP_RET_TRAP, SECCOMP_RET_KILL_THREAD,
	SECCOMP_RET_KILL_THREAD | 9, SECCOMP_RET_KILL_PROCESS, 0x12340000,
};

static uint32_t below(uint32_t limit)
{
	return (uint32_t)rand() % limit;
}

#define JUMP(kind) \
	BPF_JUMP(BPF_JMP | kind | BPF_K, below(4), (uint8_t)below(rest), (uint8_t)below(rest))

/* Any program of the kind: a load, then by the throw of a die, with jumps to where they may be. */
static struct filter random_program(struct sock_filter *code, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		uint32_t rest = (uint32_t)(n - i - 1);
		const struct sock_filter kinds[] = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, below(16) * 4),
			BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (uint32_t)rand()),
			BPF_STMT(BPF_RET | BPF_K, answers[below(COUNT(answers))]),
			BPF_STMT(BPF_JMP | BPF_JA, below(rest)),
			JUMP(BPF_JEQ), JUMP(BPF_JGE), JUMP(BPF_JGT), JUMP(BPF_JSET),
		};

		code[i] = kinds[i == 0 ? 0 : (size_t)rand() % COUNT(kinds)];
	}
	code[n - 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answers[below(COUNT(answers))]);
	return (struct filter){ code, n };
}

/* Control: programs weighed first to last, and actions compared unsigned. */
static void joined_they_answer_as_the_strictest(void **state)
{
	static struct sock_filter code[4][60];
	static struct filter_room joined_room;
	size_t kinds[2] = { 0, 0 };

	(void)state;
	srand(1);
	for (int round = 0; round < 20000; round++) {
		size_t n = 2 + (size_t)rand() % 3;
		struct filter filters[4], joined;

		for (size_t i = 0; i < n; i++)
			filters[i] = random_program(code[i], 1 + (size_t)rand() % 60);
		joined = filter_join(filters, n, MACHINE_X86_64, &joined_room);
		assert_true(joined.n > 0);
		for (int i = 0; i < 20; i++) {
			struct seccomp_data data = { .nr = rand() % 8, .arch = AUDIT_ARCH_X86_64 };
			uint32_t wanted_answer;

			for (size_t j = 0; j < COUNT(data.args); j++)
				data.args[j] = (uint64_t)rand() % 8;
			wanted_answer = asked(strictest(filters, n, &data));
			assert_int_equal(answer_of(joined, &data), wanted_answer);
			kinds[wanted_answer == SECCOMP_RET_USER_NOTIF]++;
		}
	}
	assert_true(kinds[0] > 10000 && kinds[1] > 10000);
}

#define LOADED BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)
#define ALLOWED BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static const struct unjoinable_row {
	const char *name;
	struct sock_filter code[3];
	size_t n;
} unjoinable_rows[] = {
	{ "no instruction", { ALLOWED }, 0 },
	{ "no return at the end", { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0) }, 1 },
	{ "a jump to the end", { LOADED, BPF_STMT(BPF_JMP | BPF_JA, 1), ALLOWED }, 3 },
	{ "a jump backwards", { LOADED, BPF_STMT(BPF_JMP | BPF_JA, UINT32_MAX), ALLOWED }, 3 },
	{ "a jump over the end, if it holds",
	  { LOADED, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), ALLOWED }, 3 },
	{ "a jump over the end, if not",
	  { LOADED, BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0, 0, 1), ALLOWED }, 3 },
	{ "a load from an odd place", { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), ALLOWED }, 2 },
	{ "a load from behind the call", { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), ALLOWED }, 2 },
	{ "a load of half a word", { BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), ALLOWED }, 2 },
	{ "a comparison before any load", { BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 0), ALLOWED },
	  2 },
	{ "X is used", { LOADED, BPF_STMT(BPF_MISC | BPF_TAX, 0), ALLOWED }, 3 },
	{ "memory is used", { LOADED, BPF_STMT(BPF_ST, 0), ALLOWED }, 3 },
	{ "a comparison with X", { LOADED, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 0), ALLOWED },
	  3 },
	{ "an answer that is computed", { BPF_STMT(BPF_RET | BPF_A, 0) }, 1 },
	{ "a listener is asked for", { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF) }, 1 },
};

static void unjoinable(void **state)
{
	const struct unjoinable_row *row = *state;
	const struct sock_filter good[] = { ALLOWED };
	const struct filter filters[] = { { good, 1 }, { row->code, row->n }, { good, 1 } };

	assert_int_equal(filter_join(filters, 3, MACHINE_X86_64, &room).n, 0);
	assert_int_equal(filter_join(filters + 1, 1, MACHINE_X86_64, &room).n, 0);
	assert_true(filter_join(filters, 1, MACHINE_X86_64, &room).n > 0);
}

static void too_long_to_be_joined(void **state)
{
	static struct sock_filter code[BPF_MAXINSNS];
	struct filter filters[] = { { code, 0 }, { code, 1 } };
	struct filter joined;

	(void)state;
	for (size_t i = 0; i < BPF_MAXINSNS; i++)
		code[i] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
	code[0] = (struct sock_filter)ALLOWED;
	for (size_t n = 1000; n <= BPF_MAXINSNS; n++) {
		code[n - 1] = (struct sock_filter)ALLOWED;
		filters[0].n = n;
		joined = filter_join(filters, 2, MACHINE_X86_64, &room);
		assert_true(joined.n == 0 ? n > BPF_MAXINSNS - 40 : joined.n <= BPF_MAXINSNS &&
			    joined.code == room.code);
		code[n - 1] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
	}
	assert_int_equal(joined.n, 0);
}

/* ---- the table ----------------------------------------------------------------------------- */

/* libseccomp knows the calls that were there when it was released. */
static void numbers_are_the_kernels(void **state)
{
	const struct machine_row *row = *state;
	size_t known = 0;

	for (size_t i = 0; i < SYSCALLS; i++) {
		int number = seccomp_syscall_resolve_name_arch(row->token, syscall_rows[i].name);

		if (number == __NR_SCMP_ERROR)
			continue;	/* newer than libseccomp */
		known++;
		if (number != syscall_rows[i].number[row->machine] &&
		    !(number < 0 && syscall_rows[i].number[row->machine] == -1))
			fail_msg("%s is %d", syscall_rows[i].name, number);
	}
	assert_true(known > 300);
}

/* And none that it knows was forgotten: what has no row would answer ENOSYS. */
static void no_call_is_forgotten(void **state)
{
	const struct machine_row *row = *state;
	struct policy all;

	memset(all.act, ACT_ALLOW, sizeof(all.act));
	for (int number = 0; number < 450; number++) {
		char *name = seccomp_syscall_resolve_num_arch(row->token, number);

		if (name != NULL && act_of(&all, row->machine, number) != ACT_ALLOW)
			fail_msg("%s (%d) has no row", name, number);
		free(name);
	}
}

static void rows_are_distinct(void **state)
{
	(void)state;
	for (size_t i = 0; i < SYSCALLS; i++)
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(syscall_rows[i].name, syscall_rows[j].name);
			for (int m = 0; m < MACHINES; m++) {
				int number = syscall_rows[i].number[m];

				assert_true(number == -1 || number != syscall_rows[j].number[m]);
			}
		}
}

/* Whatever is in a closed group is closed, whatever is in an open one is open or has a rule. */
static void groups_mean_what_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < SYSCALLS; i++) {
		enum syscall_act act = (enum syscall_act)syscall_rows[i].act;
		bool shut = syscall_rows[i].group >= GROUP_FIRST_CLOSED;

		if (shut ? act == ACT_ALLOW : act == ACT_DENY || act == ACT_ABSENT)
			fail_msg("%s does not fit its group", syscall_rows[i].name);
	}
}

/* ---- changes ------------------------------------------------------------------------------- */

static const struct change_row {
	const char *name, *changes, *call;
	enum syscall_act act;
} change_rows[] = {
	{ "a call is refused", "-getpid", "getpid", ACT_DENY },
	{ "a closed call is allowed", "+mount", "mount", ACT_ALLOW },
	{ "its neighbour is not", "+mount", "umount2", ACT_DENY },
	{ "a group is allowed", "+@mount", "fsopen", ACT_ALLOW },
	{ "the last word counts", "+@mount -fsopen", "fsopen", ACT_DENY },
	{ "in either order", "-fsopen +@mount", "fsopen", ACT_ALLOW },
	{ "what was absent is absent again", "+@io-uring -@io-uring", "io_uring_setup",
	  ACT_ABSENT },
	{ "an absent call that is refused stays absent", "-io_uring_setup", "io_uring_setup",
	  ACT_ABSENT },
	{ "namespaces open clone", "+@namespaces", "clone", ACT_ALLOW },
	{ "and unshare", "+@namespaces", "unshare", ACT_ALLOW },
	{ "and clone3", "+@namespaces", "clone3", ACT_ALLOW },
	{ "closed again, clone has its rule", "+@namespaces -@namespaces", "clone", ACT_BY_FLAGS },
	{ "no fork is lost to namespaces", "-@namespaces", "clone", ACT_BY_FLAGS },
	{ "unshare belongs to them", "-@namespaces", "unshare", ACT_DENY },
	{ "processes refused, clone is, too", "-@process", "clone", ACT_DENY },
	{ "processes allowed, its rule stays", "+@process", "clone", ACT_BY_FLAGS },
	{ "named, the rule is gone", "+clone", "clone", ACT_ALLOW },
	{ "sockets of all families", "+@sockets", "socket", ACT_ALLOW },
	{ "no network, no socket", "-@network", "socket", ACT_DENY },
	{ "a debugger's personality", "+@ptrace", "personality", ACT_ALLOW },
	{ "ioctl without its rule", "+@terminal", "ioctl", ACT_ALLOW },
};

static void change_row(void **state)
{
	const struct change_row *row = *state;
	struct policy policy = policy_default();
	char *words = strdup(row->changes), *rest = words;

	for (char *word; (word = strsep(&rest, " ")) != NULL;)
		assert_true(policy_change(&policy, word + 1, word[0] == '+'));
	free(words);
	for (size_t i = 0; i < SYSCALLS; i++)
		if (strcmp(syscall_rows[i].name, row->call) == 0) {
			assert_int_equal(policy.act[i], row->act);
			return;
		}
	fail();
}

static void unknown_names_change_nothing(void **state)
{
	static const char *const names[] = { "", "@", "@frobnicate", "frobnicate", "Read", "read ",
					     "@files,", "mount2" };
	struct policy policy = policy_default(), before = policy;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		assert_false(policy_change(&policy, names[i], true));
	assert_memory_equal(&policy, &before, sizeof(policy));
}

int main(void)
{
	struct CMUnitTest tests[16 + 8 * COUNT(machine_rows) + COUNT(change_rows) +
				COUNT(unjoinable_rows)];
	size_t n = 0;

	ADD_ROWS(tests, n, machine_rows, presets_say_what_the_table_says);
	ADD_ROWS(tests, n, machine_rows, stripes_are_found);
	ADD_ROWS(tests, n, machine_rows, one_act_for_all);
	ADD_ROWS(tests, n, machine_rows, other_tables_kill);
	ADD_ROWS(tests, n, machine_rows, logging_refuses_nothing);
	ADD_ROWS(tests, n, machine_rows, joined_the_policy_asks);
	ADD_TEST(tests, n, "joined, they answer as the strictest of them",
		 joined_they_answer_as_the_strictest);
	ADD_ROWS(tests, n, unjoinable_rows, unjoinable);
	ADD_TEST(tests, n, "too long to be joined", too_long_to_be_joined);
	ADD_ROWS(tests, n, machine_rows, numbers_are_the_kernels);
	ADD_ROWS(tests, n, machine_rows, no_call_is_forgotten);
	ADD_TEST(tests, n, "names and numbers are distinct", rows_are_distinct);
	ADD_TEST(tests, n, "groups are open or closed as a whole", groups_mean_what_they_say);
	ADD_ROWS(tests, n, change_rows, change_row);
	ADD_TEST(tests, n, "unknown names change nothing", unknown_names_change_nothing);
	return RUN_TESTS("sandbox_filter", tests, n);
}
