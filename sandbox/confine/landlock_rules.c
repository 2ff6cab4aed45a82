/* SPDX-License-Identifier: GPL-2.0-or-later */
/* landlock_rules - the second wall, derived from the same plan; pure */
#include "sandbox/confine/landlock_rules.h"

#include "sandbox/facts.h"
#include "sandbox/kernel.h"
#include "sandbox/options/option_rows.h"

#include <sched.h>
#include <string.h>

#define READ \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_FILE \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_IOCTL_DEV)

/* Not MAKE_BLOCK: nobody but the machine's root can, so landlock.c can prove the wall by it. */
#define WRITE \
	(WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)

const uint64_t landlock_file_rights =
	LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | WRITE_FILE |
	LANDLOCK_ACCESS_FS_RESOLVE_UNIX;

/* What each version of the kernel's interface can restrict first (landlock(7)). */
static const struct generation {
	int abi;
	uint64_t files, network, scopes;
} generations[] = {
	{ 1, READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
	     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
	     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
	     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
	     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM, 0, 0 },	/* 5.13 */
	{ 2, LANDLOCK_ACCESS_FS_REFER, 0, 0 },						/* 5.19 */
	{ 3, LANDLOCK_ACCESS_FS_TRUNCATE, 0, 0 },					/* 6.2 */
	{ 4, 0, LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP, 0 },	/* 6.7 */
	{ 5, LANDLOCK_ACCESS_FS_IOCTL_DEV, 0, 0 },					/* 6.10 */
	{ 6, 0, 0, LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL },	/* 6.12 */
	{ 9, LANDLOCK_ACCESS_FS_RESOLVE_UNIX, 0, 0 },					/* 7.1 */
};

static struct generation known_to(int abi)
{
	struct generation all = { .abi = abi };

	for (size_t i = 0; i < sizeof(generations) / sizeof(generations[0]); i++) {
		const struct generation *row = &generations[i];

		if (row->abi > abi)
			break;
		all.files |= row->files;
		all.network |= row->network;
		all.scopes |= row->scopes;
	}
	return all;
}

/* ---- places -------------------------------------------------------------------------------- */

enum effect { NO_MOUNT, READ_ONLY, WRITABLE };

/* What a step leaves at its target. */
static enum effect effect_of(const struct step *step)
{
	switch (step->kind) {
	case STEP_BIND:
	case STEP_BIND_FD:
	case STEP_DATA:
		return step->read_only ? READ_ONLY : WRITABLE;
	case STEP_OVERLAY:
		return step->source != NULL || step->temporary ? WRITABLE : READ_ONLY;
	case STEP_SYS:
	case STEP_REMOUNT_RO:
		return READ_ONLY;
	case STEP_TMPFS:
	case STEP_PROC:
	case STEP_DEV:
	case STEP_MQUEUE:
		return WRITABLE;
	default:
		return NO_MOUNT;
	}
}

static bool is_root(const char *path)
{
	return path[strspn(path, "/")] == '\0';
}

/* By the words of the plan: another spelling of the same place only makes the wall lower. */
static bool is_at_or_below(const char *path, const char *place)
{
	size_t length = strlen(place);

	while (length > 0 && place[length - 1] == '/')
		length--;
	return strncmp(path, place, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* --remount-ro is about one mount, and any other step about all that it covers. */
static bool takes_back(const struct step *later, const char *target)
{
	return effect_of(later) == READ_ONLY && is_at_or_below(target, later->target) &&
	       (later->kind != STEP_REMOUNT_RO || is_at_or_below(later->target, target));
}

static bool becomes_read_only(const struct steps *steps, size_t i, size_t last_read_only)
{
	for (size_t j = i + 1; j <= last_read_only; j++)
		if (takes_back(&steps->step[j], steps->step[i].target))
			return true;
	return false;
}

/* What is made lies on the last mount that covers it, at the time or later. */
static bool lies_on_writable(const struct steps *steps, size_t i)
{
	for (size_t j = steps->n; j > 0; j--)
		if (effect_of(&steps->step[j - 1]) != NO_MOUNT &&
		    is_at_or_below(steps->step[i].target, steps->step[j - 1].target))
			return effect_of(&steps->step[j - 1]) == WRITABLE;
	return false;
}

/*
 * A tmpfs on "/" is there to carry what is mounted on it, most of it read-only:
 * it is written to where the plan made a directory, and not beside that.
 */
static uint64_t rights_at(const struct steps *steps, size_t i, size_t last_read_only)
{
	const struct step *step = &steps->step[i];

	if (effect_of(step) == WRITABLE) {
		if (step->kind == STEP_TMPFS && is_root(step->target))
			return 0;
		if (becomes_read_only(steps, i, last_read_only))
			return 0;
		return WRITE | (step->socket ? LANDLOCK_ACCESS_FS_RESOLVE_UNIX : 0U);
	}
	if (step->kind == STEP_DIR)
		return lies_on_writable(steps, i) ? WRITE : 0;
	if (step->kind == STEP_FILE)
		return lies_on_writable(steps, i) ? WRITE_FILE : 0;
	return 0;
}

static void add_rule(struct landlock *l, const char *path, uint64_t rights)
{
	rights &= l->files;
	if (rights == 0)
		return;
	l->rules = option_grow(l->rules, l->n_rules, sizeof(*l->rules));
	l->rules[l->n_rules++] = (struct landlock_rule){ path, rights };
}

static void add_rules(struct landlock *l, const struct steps *steps, bool sockets)
{
	size_t last_read_only = 0;

	for (size_t i = 0; i < steps->n; i++)
		if (effect_of(&steps->step[i]) == READ_ONLY)
			last_read_only = i;
	add_rule(l, "/", READ | (sockets ? LANDLOCK_ACCESS_FS_RESOLVE_UNIX : 0U));
	for (size_t i = 0; i < steps->n; i++)
		add_rule(l, steps->step[i].target, rights_at(steps, i, last_read_only));
}

/* ---- what is in force ---------------------------------------------------------------------- */

static bool shares(const struct plan *plan, int namespace)
{
	return (plan->namespaces & namespace) == 0;
}

static int check_ports(const struct options *o, const struct plan *plan, struct failure *why)
{
	const struct { bool asked; const char *option; } rows[] = {
		{ o->tcp_connect.set, "--allow-tcp-connect" },
		{ o->tcp_bind.set, "--allow-tcp-bind" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!rows[i].asked)
			continue;
		if (!shares(plan, CLONE_NEWNET))
			return fail(why, 0, "%s is about the caller's network, which only "
					    "--share-net gives", rows[i].option);
		if (o->landlock == LANDLOCK_OFF)
			return fail(why, 0, "%s and --landlock off exclude each other",
				    rows[i].option);
	}
	return 0;
}

/* What the options need of Landlock, and this kernel lacks. */
static int check_kernel(const struct options *o, const struct generation *known, struct plan *plan,
			struct failure *why)
{
	const struct { bool lacks; const char *what, *hint; } rows[] = {
		{ known->abi == 0, "this kernel has no Landlock, the second wall around the files",
		  "--landlock try goes without it; it needs Linux 5.13, and \"landlock\" in lsm= "
		  "of the kernel's command line" },
		{ known->network == 0 && (o->tcp_connect.set || o->tcp_bind.set),
		  "this kernel cannot restrict TCP ports (Landlock of Linux 6.7)",
		  "--landlock try goes on without that restriction" },
		{ known->scopes == 0 && shares(plan, CLONE_NEWNET) && !o->share_abstract_sockets,
		  "this kernel cannot keep the caller's abstract sockets apart "
		  "(Landlock of Linux 6.12)",
		  "--share-abstract-sockets lets the command reach them" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!rows[i].lacks)
			continue;
		if (o->landlock == LANDLOCK_ON) {
			(void)fail(why, 0, "%s", rows[i].what);
			return hint(why, "%s", rows[i].hint);
		}
		plan_warn(plan, "%s", rows[i].what);
	}
	return 0;
}

const char *landlock_mode_name(enum landlock_mode mode)
{
	static const char *const names[] = {
		[LANDLOCK_ON] = "on", [LANDLOCK_TRY] = "try", [LANDLOCK_OFF] = "off",
	};

	return names[mode];
}

int landlock_decide(const struct options *o, const struct facts *facts, struct plan *plan,
		    struct failure *why)
{
	struct landlock *l = &plan->landlock;
	const uint64_t connect_tcp = LANDLOCK_ACCESS_NET_CONNECT_TCP;
	const uint64_t bind_tcp = LANDLOCK_ACCESS_NET_BIND_TCP;
	const uint64_t abstract_sockets = LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET;
	const uint64_t signals = LANDLOCK_SCOPE_SIGNAL;
	struct generation known = known_to(facts->landlock);

	*l = (struct landlock){ .asked = o->landlock, .abi = facts->landlock };
	if (check_ports(o, plan, why) < 0)
		return -1;
	if (o->landlock == LANDLOCK_OFF)
		return 0;
	if (check_kernel(o, &known, plan, why) < 0)
		return -1;
	l->connect = o->tcp_connect;
	l->bind = o->tcp_bind;
	l->network = known.network & ~(l->connect.set ? 0 : connect_tcp) &
		     ~(l->bind.set ? 0 : bind_tcp);
	/* Whoever shares the processes may signal them. */
	l->scopes = known.scopes & ~(o->share_abstract_sockets ? abstract_sockets : 0) &
		    ~(shares(plan, CLONE_NEWPID) ? signals : 0);
	/* A rule for files makes the kernel refuse every mount(2), also in one's own namespace. */
	l->files = plan->mounts ? 0 : known.files;
	add_rules(l, &plan->steps, plan->sockets);
	return 0;
}
