/* SPDX-License-Identifier: GPL-2.0-or-later */
/* weaker - whatever an option opened: the one list of what a reader has to think about */
#include "sandbox/weaker.h"

#include "sandbox/kernel.h"

#include <sched.h>
#include <string.h>
#include <sys/resource.h>

/* ---- what the plan holds ------------------------------------------------------------------- */

static bool opens_calls(const struct plan *plan)
{
	for (size_t i = 0; i < plan->syscalls.n_changes; i++)
		if (plan->syscalls.changes[i].allow)
			return true;
	return false;
}

static bool passes(const struct plan *plan, bool directory)
{
	for (size_t i = 0; i < plan->n_passed; i++)
		if (plan->passed[i].directory == directory)
			return true;
	return false;
}

/* Asked for by a name that can be told without a look at the host. */
static bool binds_everything(const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps.n; i++)
		if (plan->steps.step[i].kind == STEP_BIND &&
		    strcmp(plan->steps.step[i].source, "/") == 0)
			return true;
	return false;
}

static bool binds_devices(const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps.n; i++)
		if (plan->steps.step[i].devices)
			return true;
	return false;
}

static bool binds_sockets(const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps.n; i++)
		if (plan->steps.step[i].socket)
			return true;
	return false;
}

/* With any limit but 1 the kernel would call a handler outside. */
static bool tells_of_crashes(const struct plan *plan)
{
	const struct limit *core = &plan->limits[RLIMIT_CORE];

	return !core->set || core->value.rlim_cur != 1 || core->value.rlim_max != 1;
}

/* ---- names that can be lost ----------------------------------------------------------------- */

static bool binds(const struct step *step)
{
	return step->kind == STEP_BIND || step->kind == STEP_BIND_FD;
}

/* The last step to mount something at the first length bytes of path, as planned; or NULL. */
static const struct step *mount_at(const struct steps *steps, const char *path, size_t length)
{
	for (size_t i = steps->n; i > 0; i--) {
		const struct step *step = &steps->step[i - 1];

		if ((binds(step) || step->kind == STEP_TMPFS || step->kind == STEP_OVERLAY) &&
		    strncmp(step->target, path, length) == 0 && step->target[length] == '\0')
			return step;
	}
	return NULL;
}

/* The writable bind above a place, if directories between the two can be renamed; or NULL. */
static const struct step *loose_below(const struct steps *steps, const char *path)
{
	size_t length = strlen(path);

	for (bool between = false; length > 1; between = true) {
		const struct step *above;

		while (length > 0 && path[length - 1] != '/')
			length--;
		if (length > 1)
			length--;		/* the slash, but not the root's */
		above = mount_at(steps, path, length);
		if (above != NULL)
			return between && binds(above) && !above->read_only ? above : NULL;
	}
	return NULL;
}

static void tell_loose(struct outline *o, const struct steps *steps)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct step *step = &steps->step[i], *above;

		above = binds(step) && step->read_only && !step->by_default ?
			loose_below(steps, step->target) : NULL;
		if (above != NULL)
			outline_format(o, NULL, "read-only %s can lose its name: "
				       "what lies between it and %s can be renamed",
				       step->target, above->target);
	}
}

/* ---- the list ------------------------------------------------------------------------------ */

void weaker_tell(struct outline *o, const struct plan *plan)
{
	const struct landlock *l = &plan->landlock;
	const int made = plan->namespaces;
	const struct { bool is; const char *what; } rows[] = {
		{ (made & CLONE_NEWNET) == 0,
		  "--share-net: the caller's network, and what listens on this machine" },
		{ (made & CLONE_NEWPID) == 0,
		  "--share-pid: the caller's processes can be seen and signalled" },
		{ (made & CLONE_NEWIPC) == 0, "--share-ipc: the caller's IPC objects" },
		{ (made & CLONE_NEWUTS) == 0, "--share-uts: the machine's name" },
		{ (made & CLONE_NEWCGROUP) == 0,
		  "--share-cgroup: the caller's view of control groups" },
		{ (made & CLONE_NEWTIME) == 0, "--share-time: the caller's clocks" },
		{ plan->capabilities != 0, "capabilities: more of the kernel can be reached" },
		{ plan->setgroups == SETGROUPS_ALLOW,
		  "setgroups: the caller's groups can be left" },
		{ plan->nesting, "--allow-nesting: namespaces and mounts inside" },
		{ plan->sockets,
		  "--allow-sockets: whoever listens in a bound directory can be talked to" },
		{ binds_sockets(plan),
		  "--bind-socket: whoever is at the other end can be talked to" },
		{ binds_devices(plan), "--dev-bind: the devices in it work" },
		{ binds_everything(plan), "the source /: nothing of yours is hidden" },
		{ passes(plan, false), "--fd: what the descriptor leads to" },
		{ passes(plan, true), "--fd-dir: a way to files outside" },
		{ tells_of_crashes(plan),
		  "--rlimit core: a crash is dumped, or told to the machine's handler" },
		{ !plan->own_keyring, "--share-keyring: the caller's keys" },
		{ plan->syscalls.off, "--seccomp off: every call of the kernel is within reach" },
		{ plan->syscalls.only_log, "--seccomp-log: no call is refused" },
		{ plan->syscalls.ptrace, "--allow-ptrace: calls that reach into other processes" },
		{ opens_calls(plan), "--allow-syscalls: calls that are closed otherwise" },
		{ l->asked == LANDLOCK_OFF, "--landlock off: no second wall" },
		{ l->asked != LANDLOCK_OFF && l->abi == 0,
		  "--landlock try: this kernel has no second wall" },
		{ l->asked != LANDLOCK_OFF && l->abi > 0 && l->files == 0,
		  "no second wall around the files: it forbids all mounts, which --allow-nesting "
		  "and CAP_SYS_ADMIN are for" },
		{ (made & CLONE_NEWNET) == 0 &&
		  (l->scopes & LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET) == 0,
		  "abstract sockets of the caller's network can be reached" },
		{ plan->shared_terminal, "--share-tty: the caller's terminal itself" },
		{ plan->new_session && !plan->customs.descriptors,
		  "--new-session: a standard descriptor that is the caller's terminal stays it" },
		{ !plan->die_with_parent, "--no-die-with-parent: it may outlive croft" },
		{ plan->as_pid_1, "--as-pid-1: no reaper; it can decline to die with croft" },
	};

	outline_open(o, "weaker-than-default", '[');
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].is)
			outline_string(o, NULL, rows[i].what);
	tell_loose(o, &plan->steps);
	outline_close(o, ']');
}
