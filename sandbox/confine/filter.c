/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter - a policy as a program for seccomp(2)
 *
 *     is it this machine's table?  no: the process ends
 *     the number, by halves of the table, leads to an act
 *     an act: allow, EPERM, ENOSYS, or a rule that looks at arguments
 *
 * Classic BPF jumps forward only, so the program is written from its end: what
 * is jumped to is there already.  It must be short and flat, since the kernel
 * runs it for every number when it is installed (seccomp_cache_prepare()).
 *
 * Rules load 32 bits of an argument, for that is what the kernel looks at: an
 * int of socket(2) and ioctl(2), the lower half of clone(2)'s flags.  A filter
 * that compares 64 bits is gone around by a bit that the kernel does not see
 * (CVE-2019-10063).
 */
#include "sandbox/confine/filter.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/btrfs.h>
#include <linux/fscrypt.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

_Static_assert(MACHINE_HERE == MACHINES || __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "the lower half of an argument comes first on the machines that have a policy");

#define LOAD(what) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, what))
#define KEEP(bits) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits)
/* If the word is the value, has one of its bits, or is greater: how many instructions to skip. */
#define IF_IS(value, over) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, over, 0)
#define IF_NOT(value, over) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, over)
#define IF_BITS(bits, over) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, over, 0)
#define IF_ABOVE(value, over) BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, value, over, 0)
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)
#define ALLOW ANSWER(SECCOMP_RET_ALLOW)
#define REFUSE(err) ANSWER(SECCOMP_RET_ERRNO | (err))

/* ---- the acts ------------------------------------------------------------------------------ */

#define NEW_NAMESPACES (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
			CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

static const struct sock_filter allow[] = { ALLOW };
static const struct sock_filter deny[] = { REFUSE(EPERM) };
static const struct sock_filter absent[] = { REFUSE(ENOSYS) };

static const struct sock_filter by_flags[] = {
	LOAD(args[0]),
	IF_BITS(NEW_NAMESPACES, 1),
	ALLOW,
	REFUSE(EPERM),
};

/* Of clone(2), the bit of CLONE_NEWTIME is a part of a signal's number. */
static const struct sock_filter by_unshared[] = {
	LOAD(args[0]),
	IF_BITS(NEW_NAMESPACES | CLONE_NEWTIME, 1),
	ALLOW,
	REFUSE(EPERM),
};

enum {
	TYPE_BITS = 0xf,		/* SOCK_TYPE_MASK: the rest are SOCK_NONBLOCK and such */
	NETLINK_OF_ROUTES = 0, DCCP = 33, L2TP = 115, SCTP = 132, OF_THE_INTERNET = 255,
};

/*
 * The errors are those of a kernel without the family or the protocol, which
 * programs know how to live with.  Internet sockets of types above SOCK_RAW are
 * SCTP's and DCCP's; any user's request makes the kernel load their modules.
 * Numbers that do not fit into a packet's eight bits are Linux's own inventions: SMC (256),
 * MPTCP (262), which are TCP that Landlock's rules for ports do not see, and what comes.
 */
static const struct sock_filter by_family[] = {
	/*  0 */ LOAD(args[0]),
	/*  1 */ IF_IS(AF_UNIX, 14),
	/*  2 */ IF_IS(AF_INET, 5),
	/*  3 */ IF_IS(AF_INET6, 4),
	/*  4 */ IF_NOT(AF_NETLINK, 12),
	/*  5 */ LOAD(args[2]),
	/*  6 */ IF_IS(NETLINK_OF_ROUTES, 9),
	/*  7 */ REFUSE(EPROTONOSUPPORT),
	/*  8 */ LOAD(args[1]),
	/*  9 */ KEEP(TYPE_BITS),
	/* 10 */ IF_ABOVE(SOCK_RAW, 7),
	/* 11 */ LOAD(args[2]),
	/* 12 */ IF_IS(DCCP, 5),
	/* 13 */ IF_IS(L2TP, 4),
	/* 14 */ IF_IS(SCTP, 3),
	/* 15 */ IF_ABOVE(OF_THE_INTERNET, 2),
	/* 16 */ ALLOW,
	/* 17 */ REFUSE(EAFNOSUPPORT),
	/* 18 */ REFUSE(EPROTONOSUPPORT),
};

/*
 * 0xb7 is the type of the ioctls that a namespace's file answers (linux/nsfs.h).
 *
 * Any descriptor of a file system will do to take away the keys that the caller's
 * encrypted directories are open by, a read-only one included (fscrypt_ioctl_remove_key()).
 * The owner of a subvolume of btrfs may copy it as a whole, with what is mounted over
 * something in it left behind (before Linux 6.7 by any file in it), and close it to
 * writers everywhere (btrfs_ioctl_subvol_setflags()).
 * Whoever asks a socket about VLANs or bridges has the kernel load their modules
 * (sock_ioctl(), br_ioctl_call()).
 */
static const struct sock_filter by_command[] = {
	/*  0 */ LOAD(args[1]),
	/*  1 */ IF_IS(TIOCSTI, 17),
	/*  2 */ IF_IS(TIOCLINUX, 16),
	/*  3 */ IF_IS(TIOCSETD, 15),
	/*  4 */ IF_IS(FS_IOC_ADD_ENCRYPTION_KEY, 14),
	/*  5 */ IF_IS(FS_IOC_REMOVE_ENCRYPTION_KEY, 13),
	/*  6 */ IF_IS(FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS, 12),
	/*  7 */ IF_IS(BTRFS_IOC_SNAP_CREATE, 11),
	/*  8 */ IF_IS(BTRFS_IOC_SNAP_CREATE_V2, 10),
	/*  9 */ IF_IS(BTRFS_IOC_SUBVOL_SETFLAGS, 9),
	/* 10 */ IF_IS(SIOCGIFVLAN, 8),
	/* 11 */ IF_IS(SIOCSIFVLAN, 7),
	/* 12 */ IF_IS(SIOCGIFBR, 6),
	/* 13 */ IF_IS(SIOCSIFBR, 5),
	/* 14 */ IF_IS(SIOCBRADDBR, 4),
	/* 15 */ IF_IS(SIOCBRDELBR, 3),
	/* 16 */ KEEP(0xff00),
	/* 17 */ IF_IS(0xb700, 1),
	/* 18 */ ALLOW,
	/* 19 */ REFUSE(EPERM),
};

/* Linux's own, the same that calls itself 32-bit (linux32(8)), and the question which it is. */
static const struct sock_filter by_persona[] = {
	LOAD(args[0]),
	IF_IS(0x0000, 3),
	IF_IS(0x0008, 2),
	IF_IS(0xffffffff, 1),
	REFUSE(EPERM),
	ALLOW,
};

/*
 * To send with MSG_FASTOPEN is to connect, without a call of security_socket_connect()
 * (tcp_sendmsg_fastopen()), so without Landlock's rules for ports.  The error is that
 * of a kernel where it is turned off.
 */
static const struct sock_filter by_sending[] = {
	LOAD(args[3]),
	IF_BITS(MSG_FASTOPEN, 1),
	ALLOW,
	REFUSE(EOPNOTSUPP),
};

static const struct sock_filter by_message[] = {
	LOAD(args[2]),
	IF_BITS(MSG_FASTOPEN, 1),
	ALLOW,
	REFUSE(EOPNOTSUPP),
};

/*
 * A protocol on top of TCP, by its name in memory: SMC is one, which goes on to connect
 * without Landlock's rules for ports, and TLS is a large piece of the kernel.  The error
 * is that of a kernel before 4.13; programs do their TLS themselves then.
 */
static const struct sock_filter by_option[] = {
	/* 0 */ LOAD(args[1]),
	/* 1 */ IF_NOT(IPPROTO_TCP, 2),
	/* 2 */ LOAD(args[2]),
	/* 3 */ IF_IS(TCP_ULP, 1),
	/* 4 */ ALLOW,
	/* 5 */ REFUSE(ENOPROTOOPT),
};

/*
 * prlimit(2) of another process, and not only to read: who sets the limit of a core and
 * then sends SIGSEGV has the memory of the caller's process in a file.  A pointer is NULL
 * if both halves are.
 */
static const struct sock_filter by_process[] = {
	/* 0 */ LOAD(args[0]),
	/* 1 */ IF_IS(0, 4),
	/* 2 */ LOAD(args[2]),
	/* 3 */ IF_NOT(0, 3),
	/* 4 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2]) + 4),
	/* 5 */ IF_NOT(0, 1),
	/* 6 */ ALLOW,
	/* 7 */ REFUSE(EPERM),
};

/*
 * A sandbox within begins with a session keyring of its own, and asks which it has.  All
 * else goes by number, past every namespace, to whatever keys the caller's ID may have:
 * a keyring of the caller's that is linked to one's own opens what is in it.
 */
static const struct sock_filter by_operation[] = {
	/* 0 */ LOAD(args[0]),
	/* 1 */ IF_IS(KEYCTL_GET_KEYRING_ID, 2),
	/* 2 */ IF_IS(KEYCTL_JOIN_SESSION_KEYRING, 1),
	/* 3 */ REFUSE(ENOSYS),
	/* 4 */ ALLOW,
};

#define BLOCK(instructions) { instructions, sizeof(instructions) / sizeof((instructions)[0]) }

static const struct filter acts[ACTS] = {
	[ACT_ALLOW] = BLOCK(allow),
	[ACT_DENY] = BLOCK(deny),
	[ACT_ABSENT] = BLOCK(absent),
	[ACT_BY_FLAGS] = BLOCK(by_flags),
	[ACT_BY_UNSHARED] = BLOCK(by_unshared),
	[ACT_BY_FAMILY] = BLOCK(by_family),
	[ACT_BY_COMMAND] = BLOCK(by_command),
	[ACT_BY_PERSONA] = BLOCK(by_persona),
	[ACT_BY_SENDING] = BLOCK(by_sending),
	[ACT_BY_MESSAGE] = BLOCK(by_message),
	[ACT_BY_OPTION] = BLOCK(by_option),
	[ACT_BY_PROCESS] = BLOCK(by_process),
	[ACT_BY_OPERATION] = BLOCK(by_operation),
};

/* ---- numbers that follow each other and have the same act ---------------------------------- */

enum { NUMBERS = 512 };			/* more than any row has */

struct span {
	uint32_t first;
	enum syscall_act act;
};

struct spans {
	struct span span[NUMBERS + 1];
	size_t n;
};

/* The last span is without an end: what is newer, and on x86-64 the numbers of x32. */
static void spans_make(const struct policy *policy, enum machine machine, struct spans *spans)
{
	enum syscall_act act[NUMBERS + 1];

	for (size_t i = 0; i <= NUMBERS; i++)
		act[i] = ACT_ABSENT;
	for (size_t i = 0; i < SYSCALLS; i++) {
		int number = syscall_rows[i].number[machine];

		if (number >= 0 && number < NUMBERS)
			act[number] = (enum syscall_act)policy->act[i];
	}
	spans->n = 0;
	for (uint32_t i = 0; i <= NUMBERS; i++)
		if (i == 0 || act[i] != act[i - 1])
			spans->span[spans->n++] = (struct span){ i, act[i] };
}

/* ---- the program, from its end ------------------------------------------------------------- */

struct program {
	struct sock_filter *code;
	size_t begin;			/* of what is written; the next one goes before it */
	size_t act[ACTS];		/* where each begins */
};

static size_t put(struct program *program, struct sock_filter instruction)
{
	program->code[--program->begin] = instruction;
	return program->begin;
}

static size_t put_block(struct program *program, const struct filter *block)
{
	program->begin -= block->n;
	memcpy(&program->code[program->begin], block->code, block->n * sizeof(*block->code));
	return program->begin;
}

/* A conditional jump reaches over 255 instructions; farther it takes a long one, put on the way. */
static size_t within_reach(struct program *program, size_t target)
{
	enum { REACH = 250 };
	size_t distance = target - program->begin;

	if (distance <= REACH)
		return target;
	return put(program, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)distance));
}

/* Halves the spans from low to high, high excluded, until one is left.  Returns where it begins. */
static size_t put_search(struct program *program, const struct spans *spans, size_t low,
			 size_t high)
{
	size_t middle = low + (high - low) / 2, above, below;

	if (high - low == 1)
		return program->act[spans->span[low].act];
	above = put_search(program, spans, middle, high);
	below = put_search(program, spans, low, middle);
	above = within_reach(program, above);
	below = within_reach(program, below);
	return put(program, (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JGE | BPF_K, spans->span[middle].first,
			(uint8_t)(above - program->begin), (uint8_t)(below - program->begin)));
}

struct filter filter_compile(const struct policy *policy, enum machine machine,
			     struct filter_room *room)
{
	static const uint32_t tables[MACHINES] = {
		[MACHINE_X86_64] = AUDIT_ARCH_X86_64, [MACHINE_ARM64] = AUDIT_ARCH_AARCH64,
	};
	const struct sock_filter head[] = {
		LOAD(arch),
		IF_IS(tables[machine], 1),
		ANSWER(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
	};
	const struct filter start = BLOCK(head);
	struct program program = { .code = room->code, .begin = BPF_MAXINSNS };
	struct spans spans;
	size_t search;
	uint32_t away;

	spans_make(policy, machine, &spans);
	for (size_t i = 0; i < ACTS; i++)
		program.act[i] = put_block(&program, &acts[i]);
	search = put_search(&program, &spans, 0, spans.n);
	away = (uint32_t)(search - program.begin);
	if (away != 0)			/* one span alone: its act lies somewhere behind */
		(void)put(&program, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, away));
	(void)put_block(&program, &start);
	return (struct filter){ &room->code[program.begin], BPF_MAXINSNS - program.begin };
}

void filter_only_log(struct filter filter, struct filter_room *room)
{
	for (size_t i = (size_t)(filter.code - room->code); i < BPF_MAXINSNS; i++)
		if (room->code[i].code == (BPF_RET | BPF_K) && room->code[i].k != SECCOMP_RET_ALLOW)
			room->code[i].k = SECCOMP_RET_LOG;
}
