/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan - from options and facts to what is going to be done; pure */
#include "sandbox/plan.h"

#include "sandbox/confine/capabilities.h"
#include "sandbox/confine/filters.h"
#include "sandbox/confine/label.h"
#include "sandbox/confine/landlock_rules.h"
#include "sandbox/facts.h"
#include "sandbox/identity/grant.h"
#include "sandbox/identity/maps.h"
#include "sandbox/number.h"
#include "sandbox/options/options.h"
#include "sandbox/personality.h"
#include "sandbox/rootfs/layout.h"

#include <linux/capability.h>
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
		[STEP_BIND] = "bind", [STEP_BIND_FD] = "bind-fd", [STEP_DATA] = "bind-data",
		[STEP_TMPFS] = "tmpfs", [STEP_DIR] = "dir", [STEP_FILE] = "file",
		[STEP_TEXT] = "text", [STEP_SYMLINK] = "symlink", [STEP_PROC] = "proc",
		[STEP_DEV] = "dev", [STEP_SYS] = "sys", [STEP_MQUEUE] = "mqueue",
		[STEP_OVERLAY] = "overlay", [STEP_REMOUNT_RO] = "remount-ro",
		[STEP_CHMOD] = "chmod",
	};

	return names[kind];
}

static int lacks_namespace(const char *option, const char *name, struct failure *why)
{
	(void)fail(why, 0, "%s needs --unshare-%s", option, name);
	return familiar(why, "Specifying %s requires --unshare-%s", option, name);
}

/* Where all is shared that is not unshared, the option lacks a word; elsewhere one is too many. */
static int needs_namespace(const struct options *o, const char *option, int needed,
			   const char *name, struct failure *why)
{
	if ((o->personality->preset->shared & needed) != 0)
		return lacks_namespace(option, name, why);
	return fail(why, 0, "%s and --share-%s exclude each other", option, name);
}

static bool has_step(const struct steps *steps, enum step_kind kind)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->step[i].kind == kind)
			return true;
	return false;
}

/* Who is it already needs no map for it. */
static bool becomes(const struct options *o, int64_t id, uint32_t own)
{
	return id != UNSAID && id != own && o->userns < 0;
}

/* bubblewrap counts only the word itself, not what it implies or tries. */
static bool says_unshare_user(const struct options *o)
{
	bool implied = (o->personality->preset->shared & CLONE_NEWUSER) == 0;

	return implied || ((o->shared | o->tried) & CLONE_NEWUSER) == 0;
}

static int needs_word(const char *option, const char *other, struct failure *why)
{
	(void)fail(why, 0, "%s needs %s", option, other);
	return familiar(why, "%s requires %s", option, other);
}

/* Options that need another to be said. */
static int check_words(const struct options *o, struct failure *why)
{
	const struct { bool lacks; const char *option, *other; } rows[] = {
		{ o->userns_block >= 0 && !says_unshare_user(o), "--userns-block-fd",
		  "--unshare-user" },
		{ o->userns_block >= 0 && o->info_fd < 0, "--userns-block-fd", "--info-fd" },
		{ o->disable_userns && !says_unshare_user(o), "--disable-userns",
		  "--unshare-user" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].lacks)
			return needs_word(rows[i].option, rows[i].other, why);
	return 0;
}

/* Options that speak of a namespace need it made. */
static int check_namespaces(const struct options *o, const struct facts *facts,
			    const struct plan *plan, struct failure *why)
{
	bool in_users = (plan->namespaces & CLONE_NEWUSER) != 0;
	const struct { bool asked; int needs; const char *option, *name; } rows[] = {
		{ o->hostname != NULL, CLONE_NEWUTS, "--hostname", "uts" },
		{ o->boottime_offset != 0, CLONE_NEWTIME, "--boottime-offset", "time" },
		{ o->monotonic_offset != 0, CLONE_NEWTIME, "--monotonic-offset", "time" },
		{ o->as_pid_1, CLONE_NEWPID, "--as-pid-1", "pid" },
		{ in_users && has_step(&o->steps, STEP_MQUEUE), CLONE_NEWIPC, "--mqueue", "ipc" },
		{ becomes(o, o->uid, facts->uid), CLONE_NEWUSER, "--uid", "user" },
		{ becomes(o, o->gid, facts->gid), CLONE_NEWUSER, "--gid", "user" },
		{ o->map != MAP_DEFAULT, CLONE_NEWUSER, "a map of IDs", "user" },
		{ o->userns_block >= 0, CLONE_NEWUSER, "--userns-block-fd", "user" },
		{ o->disable_userns, CLONE_NEWUSER, "--disable-userns", "user" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].asked && (plan->namespaces & rows[i].needs) == 0)
			return needs_namespace(o, rows[i].option, rows[i].needs, rows[i].name, why);
	return 0;
}

/* What cannot go together, whatever else is said. */
static int check_pairs(const struct options *o, const struct plan *plan, struct failure *why)
{
	bool users = (plan->namespaces & CLONE_NEWUSER) != 0;
	const struct { bool both; const char *one, *other; } rows[] = {
		{ o->userns >= 0 && users, "--userns", "--unshare-user" },
		{ o->userns_block >= 0 && o->disable_userns, "--userns-block-fd",
		  "--disable-userns" },
		{ o->userns_block >= 0 && o->map != MAP_DEFAULT, "--userns-block-fd",
		  "a map of IDs" },
		{ o->as_pid_1 && o->n_lock_files > 0, "--as-pid-1", "--lock-file" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].both)
			return fail(why, 0, "%s and %s exclude each other",
				    rows[i].one, rows[i].other);
	return 0;
}

static int check_roots(const struct options *o, struct failure *why)
{
	if (o->rootfs != NULL && o->empty_root)
		return fail(why, 0, "--empty-root and the root file system %s exclude each other",
			    o->rootfs);
	return 0;
}

static int check_command(const struct options *o, struct failure *why)
{
	if (o->argv0 != NULL && o->arguments[0] == NULL)
		return fail(why, 0, "--argv0 %s names a command, and none is given", o->argv0);
	if (o->command == COMMAND_SHELL || o->arguments[0] != NULL)
		return 0;
	(void)fail(why, 0, "no command to run is given");
	(void)familiar(why, "usage: bwrap [OPTIONS...] [--] COMMAND [ARGS...]");
	return hint(why, "%s", o->personality->example);
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

static int check_mapped(const struct plan *plan, const char *by_uid, const char *by_gid,
			struct failure *why)
{
	if (!maps_inside(&plan->uid_map, plan->uid))
		(void)fail(why, 0, "%s: UID %u is not mapped inside", by_uid, plan->uid);
	else if (!maps_inside(&plan->gid_map, plan->gid))
		(void)fail(why, 0, "%s: GID %u is not mapped inside", by_gid, plan->gid);
	else
		return 0;
	if (plan->customs.identity)
		return -1;
	return hint(why, "--map root makes you 0; "
			 "--map auto and --map sub map what is delegated to you");
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
	return check_mapped(plan, "--user", "--user", why);
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
	if (o->uid != UNSAID)
		plan->uid = (uint32_t)o->uid;
	if (o->gid != UNSAID)
		plan->gid = (uint32_t)o->gid;
	if (o->user == NULL)
		return check_mapped(plan, "--uid", "--gid", why);
	if ((o->user[0] >= '0' && o->user[0] <= '9') || strchr(o->user, ':') != NULL)
		return read_user(o->user, plan, why);
	plan->user = o->user;
	return 0;
}

/* Whoever maps the IDs, or none are mapped: the payload is who the process is by then. */
static void keep_identity(const struct options *o, struct plan *plan)
{
	plan->uid = o->uid != UNSAID ? (uint32_t)o->uid : ID_AS_IT_IS;
	plan->gid = o->gid != UNSAID ? (uint32_t)o->gid : ID_AS_IT_IS;
	plan->root_uid = plan->uid;
	plan->root_gid = plan->gid;
	plan->setgroups = SETGROUPS_DENY;
}

static int choose_identity(const struct options *o, const struct facts *facts, struct plan *plan,
			   struct failure *why)
{
	static const struct idmap everything = { .n = 1, .range = { { 0, 0, UINT32_MAX } } };

	if ((plan->namespaces & CLONE_NEWUSER) != 0 && o->userns_block < 0)
		return maps_make(o, facts, plan, why) < 0 || grant_choose(o, facts, plan, why) < 0 ?
		       -1 : choose_user(o, facts, plan, why);
	keep_identity(o, plan);
	plan->source = o->userns_block < 0 ? SOURCE_NONE : SOURCE_CALLER;
	if (plan->source == SOURCE_NONE && plan->userns < 0)
		plan->uid_map = plan->gid_map = everything;
	return 0;
}

/* A shell's root gets what a package manager needs; nobody else gets anything unasked. */
static uint64_t capabilities_unasked(const struct options *o, const struct facts *facts,
				     const struct plan *plan)
{
	bool root = plan->user != NULL ? strcmp(plan->user, "root") == 0 : plan->uid == 0;

	if (o->customs.capabilities && facts->uid == 0)
		return facts->capabilities;
	return o->command == COMMAND_SHELL && root ? capabilities_of_shell : 0;
}

static void choose_capabilities(const struct options *o, const struct facts *facts,
				struct plan *plan)
{
	bool roots = o->customs.capabilities && facts->uid == 0;
	uint64_t unasked = capabilities_unasked(o, facts, plan);

	plan->capabilities = (unasked | o->capabilities_added) & ~o->capabilities_dropped;
	plan->keep_bounding = roots && (plan->namespaces & CLONE_NEWUSER) == 0 && plan->userns < 0;
	if (plan->keep_bounding)	/* no namespace gives root more than it has */
		plan->capabilities &= facts->capabilities;
	plan->ambient = plan->capabilities;
	if (!o->customs.capabilities)
		plan->ambient &= o->capabilities_added;
	plan->keep_capabilities = roots && o->capabilities_added == 0 &&
				  o->capabilities_dropped == 0;
}

/*
 * Whoever holds a capability over the namespaces could undo the mounts in
 * them; so it is given one level further in, where they are locked.
 * bubblewrap's are over the namespaces themselves, unless it maps root for the
 * sake of --dev, and the command is not root.
 */
static int choose_inner(const struct options *o, const struct plan *plan)
{
	int inner = o->disable_userns ? CLONE_NEWUSER : 0;
	bool nested = plan->single && (plan->uid != 0 || plan->gid != 0) &&
		      has_step(&o->steps, STEP_DEV);

	if (plan->capabilities == 0 || plan->keep_capabilities)
		return inner;
	if (o->customs.capabilities)
		return nested ? CLONE_NEWUSER : inner;
	return CLONE_NEWUSER | CLONE_NEWNS;
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
	choose_capabilities(o, facts, plan);
	memcpy(plan->limits, o->limits, sizeof(plan->limits));
	/* 1 is no dump: with 0 the host's handler would be called all the same (do_coredump()). */
	if (!plan->limits[RLIMIT_CORE].set && !o->customs.limits)
		plan->limits[RLIMIT_CORE] = (struct limit){ .set = true, .value = { 1, 1 } };
	plan->private_terminal = facts->terminal && !o->shared_terminal && !o->new_session;
	plan->shared_terminal = o->shared_terminal && !o->new_session;
	plan->console = o->shared_terminal || o->new_session ? facts->console : NULL;
	plan->new_session = o->new_session;
	plan->die_with_parent = !o->outlive;
	plan->as_pid_1 = o->as_pid_1;
	plan->info_fd = o->info_fd;
	plan->status_fd = o->status_fd;
	plan->time_limit = o->time_limit;
	plan->grace = o->grace;
	plan->reaper = !o->as_pid_1 &&
		       (o->customs.reaper == NULL || o->n_lock_files > 0 || o->sync >= 0 ||
			(plan->namespaces & CLONE_NEWPID) != 0);
}

/* ---- what comes from the caller on descriptors --------------------------------------------- */

static void take(struct plan *plan, int fd)
{
	if (fd < 0)
		return;
	plan->taken = reallocarray(plan->taken, plan->n_taken + 1, sizeof(*plan->taken));
	if (plan->taken == NULL)
		die();
	plan->taken[plan->n_taken++] = fd;
}

static void plan_descriptors(const struct options *o, struct plan *plan)
{
	const int taken[] = {
		o->userns, o->userns2, o->pidns, o->userns_block, o->block,
		o->info_fd, o->status_fd,
		plan->as_pid_1 ? -1 : o->sync,	/* nobody but the command can hold it then */
	};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		take(plan, taken[i]);
	for (size_t i = 0; i < o->steps.n; i++)
		take(plan, o->steps.step[i].fd);
	plan->userns2 = o->userns2;
	plan->userns_block = o->userns_block;
	plan->block = o->block;
	plan->sync = o->sync;
	plan->lock_files = o->lock_files;
	plan->n_lock_files = o->n_lock_files;
}

static int by_number(const void *one, const void *other)
{
	const struct passed *a = one, *b = other;

	return (a->fd > b->fd) - (a->fd < b->fd);
}

static void plan_passed(const struct options *o, struct plan *plan)
{
	plan->passed = o->n_passed > 0 ? calloc(o->n_passed, sizeof(*plan->passed)) : NULL;
	if (o->n_passed > 0 && plan->passed == NULL)
		die();
	for (size_t i = 0; i < o->n_passed; i++)
		plan->passed[i] = o->passed[i];
	if (o->n_passed > 0)
		qsort(plan->passed, o->n_passed, sizeof(*plan->passed), by_number);
	for (size_t i = 0; i < o->n_passed; i++)
		if (plan->n_passed > 0 && plan->passed[plan->n_passed - 1].fd == plan->passed[i].fd)
			plan->passed[plan->n_passed - 1].directory |= plan->passed[i].directory;
		else
			plan->passed[plan->n_passed++] = plan->passed[i];
}

static int check_passed(const struct plan *plan, struct failure *why)
{
	for (size_t i = 0; i < plan->n_passed; i++)
		for (size_t j = 0; j < plan->n_taken; j++)
			if (plan->passed[i].fd == plan->taken[j])
				return fail(why, 0,
					    "--fd %d: another option takes this descriptor, too",
					    plan->taken[j]);
	return 0;
}

static void warn_of_words(const struct options *o, struct plan *plan)
{
	for (size_t i = 0; i < o->n_repeated; i++)
		plan_warn(plan, "Only the last --%s option will take effect", o->repeated[i]);
	if (o->pending != NULL)
		plan_warn(plan, "--%s is not followed by an operation, and does nothing",
			  o->pending);
}

static void choose_namespaces(const struct options *o, const struct facts *facts, struct plan *plan)
{
	int shared = o->shared | (o->tried & facts->unavailable);

	if (o->customs.user_namespace && facts->uid != 0 && o->userns < 0)
		shared &= ~CLONE_NEWUSER;
	plan->namespaces = ALL_NAMESPACES & ~shared;
	plan->userns = o->userns;
	plan->pidns = o->pidns;
}

int plan_make(const struct options *o, const struct facts *facts, struct plan *plan,
	      struct failure *why)
{
	plan->customs = o->customs;
	choose_namespaces(o, facts, plan);
	warn_of_words(o, plan);
	if (check_words(o, why) < 0 || check_pairs(o, plan, why) < 0 || check_command(o, why) < 0 ||
	    check_namespaces(o, facts, plan, why) < 0 || check_roots(o, why) < 0)
		return -1;
	plan->hostname = o->hostname;
	if (plan->hostname == NULL && (o->personality->preset->shared & CLONE_NEWUTS) == 0 &&
	    (o->shared & CLONE_NEWUTS) == 0)
		plan->hostname = "croft";
	plan->boottime_offset = o->boottime_offset;
	plan->monotonic_offset = o->monotonic_offset;
	if (choose_identity(o, facts, plan, why) < 0)
		return -1;
	plan_payload(o, facts, plan);
	plan_descriptors(o, plan);
	plan_passed(o, plan);
	if (check_passed(plan, why) < 0)
		return -1;
	plan->inner = choose_inner(o, plan);
	plan->disable_userns = o->disable_userns;
	plan->assert_userns_disabled = o->disable_userns || o->assert_userns_disabled;
	plan->nesting = o->allow_nesting;
	plan->mounts = o->allow_nesting || (plan->capabilities >> CAP_SYS_ADMIN & 1) != 0;
	plan->own_keyring = !o->share_keyring;
	plan->sockets = o->allow_sockets;
	plan->runtime_directory = plan_text("/run/user/%u", facts->uid);
	layout_make(o, facts, plan);
	if (label_decide(o, &facts->label, plan, why) < 0 || filters_choose(o, plan, why) < 0)
		return -1;
	return landlock_decide(o, facts, plan, why);
}
