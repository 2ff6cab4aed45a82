/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan - from options and facts to what is going to be done; pure */
#include "sandbox/plan.h"

#include "sandbox/capabilities.h"
#include "sandbox/facts.h"
#include "sandbox/grant.h"
#include "sandbox/layout.h"
#include "sandbox/maps.h"
#include "sandbox/number.h"
#include "sandbox/options.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALL_NAMESPACES \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | \
	 CLONE_NEWCGROUP | CLONE_NEWTIME)

/* Nothing was begun when a plan is made: out of memory is the end. */
static void die(void)
{
	perror("croft");
	exit(EXIT_SANDBOX);
}

static const char *print(const char *format, va_list args) __attribute__((format(printf, 1, 0)));
static const char *print(const char *format, va_list args)
{
	char *made = NULL;

	if (vasprintf(&made, format, args) < 0)
		die();
	return made;
}

const char *plan_text(const char *format, ...)
{
	const char *made;
	va_list args;

	va_start(args, format);
	made = print(format, args);
	va_end(args);
	return made;
}

void plan_warn(struct plan *plan, const char *format, ...)
{
	bool last = plan->n_warnings == MAX_WARNINGS - 1;
	va_list args;

	if (plan->n_warnings == MAX_WARNINGS)
		return;
	va_start(args, format);
	plan->warning[plan->n_warnings++] =
		last ? "there are more warnings than these" : print(format, args);
	va_end(args);
}

struct step *steps_add(struct steps *steps, enum step_kind kind, const char *target)
{
	if (steps->n == steps->room) {
		steps->room = steps->room > 0 ? 2 * steps->room : 64;
		steps->step = reallocarray(steps->step, steps->room, sizeof(*steps->step));
		if (steps->step == NULL)
			die();
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
			return fail(why, 0, "%s and %s exclude each other", rows[i].option,
				    rows[i].opposite);
	return 0;
}

static int check_roots(const struct options *o, struct failure *why)
{
	if (o->rootfs != NULL && o->empty_root)
		return fail(why, 0, "--empty-root and the root file system %s exclude each other",
			    o->rootfs);
	for (size_t i = 0; i < o->steps.n; i++)
		if (o->steps.step[i].kind == STEP_MQUEUE && (o->shared & CLONE_NEWIPC) != 0)
			return fail(why, 0, "--mqueue and --share-ipc exclude each other");
	return 0;
}

static int check_command(const struct options *o, struct failure *why)
{
	if (o->argv0 != NULL && o->arguments[0] == NULL)
		return fail(why, 0, "--argv0 %s names a command, and none is given", o->argv0);
	if (o->command == COMMAND_SHELL || o->arguments[0] != NULL)
		return 0;
	(void)fail(why, 0, "no command to run is given");
	return hint(why, "for example: croft run -- ls /; croft shell gives a shell");
}

/* ---- who the payload is -------------------------------------------------------------------- */

/* The caller's own number inside; root's, or whichever comes first, where it has none. */
static uint32_t own_inside(const struct idmap *map, uint32_t own)
{
	uint32_t inside;

	if (maps_to_inside(map, own, &inside))
		return inside;
	return maps_inside(map, 0) ? 0 : map->range[0].inside;
}

static int check_mapped(const struct plan *plan, struct failure *why)
{
	if (!maps_inside(&plan->uid_map, plan->uid))
		return fail(why, 0, "--user: UID %u is not mapped inside", plan->uid);
	if (!maps_inside(&plan->gid_map, plan->gid))
		return fail(why, 0, "--user: GID %u is not mapped inside", plan->gid);
	return 0;
}

/* UID[:GID]; without a GID it is the same number, if that is mapped. */
static int read_user(const char *text, struct plan *plan, struct failure *why)
{
	uint64_t uid, gid;
	const char *rest = number_read(text, UINT32_MAX - 1, &uid);

	if (rest == NULL || (*rest != '\0' && *rest != ':') ||
	    (*rest == ':' && !number_whole(rest + 1, UINT32_MAX - 1, &gid)))
		return fail(why, 0, "--user takes a name or UID[:GID] in decimal numbers, not '%s'",
			    text);
	plan->uid = (uint32_t)uid;
	if (*rest == ':')
		plan->gid = (uint32_t)gid;
	else if (maps_inside(&plan->gid_map, plan->uid))
		plan->gid = plan->uid;
	return check_mapped(plan, why);
}

/* A word that begins with a digit is never a name, and no name has a colon (passwd(5)). */
static int choose_user(const struct options *o, const struct facts *facts, struct plan *plan,
		       struct failure *why)
{
	uint32_t uid = own_inside(&plan->uid_map, facts->uid);
	uint32_t gid = own_inside(&plan->gid_map, facts->gid);

	plan->root_uid = maps_inside(&plan->uid_map, 0) ? 0 : uid;
	plan->root_gid = maps_inside(&plan->gid_map, 0) ? 0 : gid;
	plan->uid = o->command == COMMAND_SHELL ? plan->root_uid : uid;
	plan->gid = o->command == COMMAND_SHELL ? plan->root_gid : gid;
	if (o->user == NULL)
		return 0;
	if ((o->user[0] >= '0' && o->user[0] <= '9') || strchr(o->user, ':') != NULL)
		return read_user(o->user, plan, why);
	plan->user = o->user;
	return 0;
}

/* A shell's root gets what a package manager needs; nobody else gets anything unasked. */
static uint64_t choose_capabilities(const struct options *o, const struct plan *plan)
{
	bool root = plan->user != NULL ? strcmp(plan->user, "root") == 0 : plan->uid == 0;
	uint64_t set = o->command == COMMAND_SHELL && root ? capabilities_of_shell : 0;

	return (set | o->capabilities_added) & ~o->capabilities_dropped;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void plan_payload(const struct options *o, const struct facts *facts, struct plan *plan)
{
	plan->command = o->arguments[0] != NULL ? o->arguments : NULL;
	plan->login_shell = plan->command == NULL;
	plan->argv0 = o->argv0;
	plan->directory = o->directory;
	plan->environment = o->environment;
	plan->n_environment = o->n_environment;
	plan->capabilities = choose_capabilities(o, plan);
	plan->ambient = o->capabilities_added & plan->capabilities;
	memcpy(plan->limits, o->limits, sizeof(plan->limits));
	if (!plan->limits[RLIMIT_CORE].set)	/* a dump shows memory to the host's handler */
		plan->limits[RLIMIT_CORE] = (struct limit){ .set = true };
	plan->private_terminal = facts->terminal && !o->shared_terminal && !o->new_session;
	plan->shared_terminal = o->shared_terminal;
	plan->new_session = o->new_session;
	plan->die_with_parent = !o->outlive;
	plan->as_pid_1 = o->as_pid_1;
	plan->info_fd = o->info_fd;
	plan->status_fd = o->status_fd;
}

int plan_make(const struct options *o, const struct facts *facts, struct plan *plan,
	      struct failure *why)
{
	if (check_command(o, why) < 0 || check_namespaces(o, why) < 0 || check_roots(o, why) < 0)
		return -1;
	plan->namespaces = ALL_NAMESPACES & ~o->shared;
	plan->hostname = o->hostname;
	if (plan->hostname == NULL && (o->shared & CLONE_NEWUTS) == 0)
		plan->hostname = "croft";
	plan->boottime_offset = o->boottime_offset;
	plan->monotonic_offset = o->monotonic_offset;
	if (maps_make(o, facts, plan, why) < 0 || grant_choose(o, facts, plan, why) < 0 ||
	    choose_user(o, facts, plan, why) < 0)
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
