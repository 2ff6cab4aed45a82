/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan - from options and facts to what is going to be done; pure */
#include "sandbox/plan.h"

#include "sandbox/capabilities.h"
#include "sandbox/facts.h"
#include "sandbox/layout.h"
#include "sandbox/maps.h"
#include "sandbox/options.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALL_NAMESPACES \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | \
	 CLONE_NEWCGROUP | CLONE_NEWTIME)

struct step *steps_add(struct steps *steps, enum step_kind kind, const char *target)
{
	if (steps->n == steps->room) {
		steps->room = steps->room > 0 ? 2 * steps->room : 64;
		steps->step = reallocarray(steps->step, steps->room, sizeof(*steps->step));
		if (steps->step == NULL) {
			perror("croft");
			exit(EXIT_SANDBOX);
		}
	}
	steps->step[steps->n] = (struct step){ .kind = kind, .target = target, .fd = -1 };
	return &steps->step[steps->n++];
}

const char *step_kind_name(enum step_kind kind)
{
	static const char *const names[STEP_KINDS] = {
		[STEP_BIND] = "bind", [STEP_TMPFS] = "tmpfs", [STEP_DIR] = "dir", [STEP_FILE] = "file",
		[STEP_TEXT] = "text", [STEP_SYMLINK] = "symlink", [STEP_PROC] = "proc",
		[STEP_DEV] = "dev", [STEP_SYS] = "sys", [STEP_MQUEUE] = "mqueue",
		[STEP_OVERLAY] = "overlay", [STEP_REMOUNT_RO] = "remount-ro", [STEP_CHMOD] = "chmod",
	};

	return names[kind];
}

/* Options that speak of a namespace need it made. */
static int check_namespaces(const struct options *o, struct failure *why)
{
	const struct { bool asked; int needs; const char *option, *opposite; } rows[] = {
		{ o->hostname != NULL, CLONE_NEWUTS, "--hostname", "--share-uts" },
		{ o->boottime_offset != 0, CLONE_NEWTIME, "--boottime-offset", "--share-time" },
		{ o->monotonic_offset != 0, CLONE_NEWTIME, "--monotonic-offset", "--share-time" },
		{ o->as_pid_1, CLONE_NEWPID, "--as-pid-1", "--share-pid" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].asked && (o->shared & rows[i].needs) != 0)
			return fail(why, 0, "%s and %s exclude each other", rows[i].option, rows[i].opposite);
	return 0;
}

static int check_roots(const struct options *o, struct failure *why)
{
	if (o->rootfs != NULL && o->empty_root)
		return fail(why, 0, "--empty-root and the root file system %s exclude each other", o->rootfs);
	for (size_t i = 0; i < o->steps.n; i++)
		if (o->steps.step[i].kind == STEP_MQUEUE && (o->shared & CLONE_NEWIPC) != 0)
			return fail(why, 0, "--mqueue and --share-ipc exclude each other");
	return 0;
}

static int check_command(const struct options *o, struct failure *why)
{
	if (o->command == COMMAND_SHELL || o->arguments[0] != NULL)
		return 0;
	(void)fail(why, 0, "no command to run is given");
	return hint(why, "for example: croft run -- ls /; croft shell gives a shell");
}

static void plan_payload(const struct options *o, const struct facts *facts, struct plan *plan)
{
	plan->command = o->arguments[0] != NULL ? o->arguments : NULL;
	plan->login_shell = plan->command == NULL;
	plan->argv0 = o->argv0;
	plan->directory = o->directory;
	plan->environment = o->environment;
	plan->n_environment = o->n_environment;
	plan->capabilities = (o->command == COMMAND_SHELL ? capabilities_of_shell : 0);
	plan->capabilities |= o->capabilities_added;
	plan->capabilities &= ~o->capabilities_dropped;
	memcpy(plan->limits, o->limits, sizeof(plan->limits));
	if (!plan->limits[RLIMIT_CORE].set)	/* a crash dump shows memory to the host's handler */
		plan->limits[RLIMIT_CORE] = (struct limit){ .set = true };
	plan->private_terminal = facts->terminal && !o->shared_terminal && !o->new_session;
	plan->new_session = o->new_session;
	plan->die_with_parent = !o->outlive;
	plan->as_pid_1 = o->as_pid_1;
}

int plan_make(const struct options *o, const struct facts *facts, struct plan *plan,
	      struct failure *why)
{
	if (check_command(o, why) < 0 || check_namespaces(o, why) < 0 || check_roots(o, why) < 0)
		return -1;
	plan->namespaces = ALL_NAMESPACES & ~o->shared;
	plan->hostname = o->hostname != NULL || (o->shared & CLONE_NEWUTS) != 0 ? o->hostname : "croft";
	plan->boottime_offset = o->boottime_offset;
	plan->monotonic_offset = o->monotonic_offset;
	if (maps_make(o, facts, plan, why) < 0)
		return -1;
	plan_payload(o, facts, plan);
	/*
	 * Whoever holds a capability over the namespaces could undo the mounts in
	 * them; so it is given one level further in, where they are locked.
	 */
	plan->inner = plan->capabilities != 0;
	layout_make(o, facts, plan);
	return 0;
}
