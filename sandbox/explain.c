/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain - the plan as text or as JSON, without doing anything */
#include "sandbox/explain.h"

#include "sandbox/confine/capabilities.h"
#include "sandbox/confine/filters.h"
#include "sandbox/confine/landlock_rules.h"
#include "sandbox/confine/limits.h"
#include "sandbox/kernel.h"
#include "sandbox/outline.h"
#include "sandbox/report.h"
#include "sandbox/weaker.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

/* ---- identity ------------------------------------------------------------------------------ */

static void explain_map(struct outline *o, const char *name, const struct idmap *map)
{
	outline_open(o, name, '[');
	for (uint32_t i = 0; i < map->n; i++)
		outline_format(o, NULL, "%u:%u:%u", map->range[i].inside, map->range[i].outside,
			       map->range[i].count);
	outline_close(o, ']');
}

static const char *source_name(enum map_source source)
{
	static const char *const names[] = {
		[SOURCE_AUTO] = "auto", [SOURCE_CROFT] = "croft",
		[SOURCE_NEWUIDMAP] = "newuidmap", [SOURCE_KERNEL] = "kernel",
		[SOURCE_NONE] = "none", [SOURCE_CALLER] = "whoever answers --userns-block-fd",
	};

	return names[source];
}

static void explain_identity(struct outline *o, const struct plan *plan)
{
	outline_open(o, "identity", '{');
	explain_map(o, "uid-map", &plan->uid_map);
	explain_map(o, "gid-map", &plan->gid_map);
	outline_string(o, "map-source", source_name(plan->source));
	outline_string(o, "setgroups", plan->setgroups == SETGROUPS_ALLOW ? "allow" : "deny");
	if (plan->user != NULL)
		outline_string(o, "user", plan->user);
	else if (plan->uid == ID_AS_IT_IS || plan->gid == ID_AS_IT_IS)
		outline_string(o, "user", "as it is then");
	else
		outline_format(o, "user", "%u:%u", plan->uid, plan->gid);
	outline_close(o, '}');
}

/* ---- namespaces ---------------------------------------------------------------------------- */

static void explain_namespaces(struct outline *o, const struct plan *plan)
{
	static const struct { const char *name; int flag; } kinds[] = {
		{ "user", CLONE_NEWUSER }, { "mount", CLONE_NEWNS }, { "pid", CLONE_NEWPID },
		{ "net", CLONE_NEWNET }, { "ipc", CLONE_NEWIPC }, { "uts", CLONE_NEWUTS },
		{ "cgroup", CLONE_NEWCGROUP }, { "time", CLONE_NEWTIME },
	};

	outline_open(o, "namespaces", '{');
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		outline_string(o, kinds[i].name,
			       (plan->namespaces & kinds[i].flag) != 0 ? "new" : "shared");
	outline_bool(o, "second-user-and-mount", plan->inner == (CLONE_NEWUSER | CLONE_NEWNS));
	if (plan->inner == CLONE_NEWUSER)
		outline_bool(o, "second-user", true);
	if (plan->hostname != NULL)
		outline_string(o, "hostname", plan->hostname);
	if (plan->boottime_offset != 0)
		outline_number(o, "boottime-offset", plan->boottime_offset);
	if (plan->monotonic_offset != 0)
		outline_number(o, "monotonic-offset", plan->monotonic_offset);
	outline_close(o, '}');
}

/* ---- root ---------------------------------------------------------------------------------- */

static const char *operation(const struct step *step, char name[32])
{
	const char *how = step->read_only ? "ro-" : step->devices ? "dev-" :
			  step->temporary ? "tmp-" : "";
	bool only_below = step->kind == STEP_OVERLAY && step->source == NULL && !step->temporary;

	(void)snprintf(name, 32, "%s%s%s%s", how, only_below ? "ro-" : "",
		       step_kind_name(step->kind), step->optional ? "-try" : "");
	return name;
}

static void explain_step_fields(struct outline *o, const struct step *step)
{
	char name[32];

	outline_open(o, NULL, '{');
	outline_string(o, "operation", operation(step, name));
	if (step->source != NULL)
		outline_string(o, "source", step->source);
	if (step->layers != NULL) {
		outline_open(o, "layers", '[');
		for (size_t i = 0; step->layers[i] != NULL; i++)
			outline_string(o, NULL, step->layers[i]);
		outline_close(o, ']');
	}
	if (step->work != NULL)
		outline_string(o, "work", step->work);
	outline_string(o, "target", step->target);
	if (step->has_mode || step->kind == STEP_CHMOD)
		outline_format(o, "mode", "%04o", step->mode);
	if (step->size != 0)
		outline_number(o, "size", (long long)step->size);
	if (step->fd >= 0)
		outline_number(o, "fd", step->fd);
	outline_bool(o, "default", step->by_default);
	outline_close(o, '}');
}

/* As text: a line for each, near to how the option was written. */
static void explain_step_line(struct outline *o, const struct step *step)
{
	char name[32], mode[16] = "";
	bool shows_source = step->source != NULL && step->kind != STEP_TEXT;

	if (step->has_mode || step->kind == STEP_CHMOD)
		(void)snprintf(mode, sizeof(mode), " (mode %04o)", step->mode);
	outline_format(o, NULL, "%s%s%s %s%s%s", operation(step, name), shows_source ? " " : "",
		       shows_source ? step->source : "", step->target, mode,
		       step->by_default ? "" : "   as you said");
}

static void explain_root(struct outline *o, const struct plan *plan)
{
	outline_open(o, "root", '[');
	for (size_t i = 0; i < plan->steps.n; i++)
		(o->json ? explain_step_fields : explain_step_line)(o, &plan->steps.step[i]);
	outline_close(o, ']');
}

/* ---- payload ------------------------------------------------------------------------------- */

static void explain_limits(struct outline *o, const struct plan *plan)
{
	char text[LIMIT_TEXT];

	outline_open(o, "limits", '{');
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (plan->limits[i].set)
			outline_string(o, limits_name(i),
				       limits_print(&plan->limits[i].value, text));
	outline_close(o, '}');
}

static void explain_environment(struct outline *o, const struct plan *plan)
{
	static const char *const acts[] = {
		[ENVIRONMENT_SET] = "set",
		[ENVIRONMENT_UNSET] = "unset",
		[ENVIRONMENT_CLEAR] = "clear",
	};

	outline_open(o, "environment", '[');
	for (size_t i = 0; i < plan->n_environment; i++) {
		const struct environment_change *change = &plan->environment[i];

		outline_format(o, NULL, "%s %s%s%s", acts[change->act],
			       change->name != NULL ? change->name : "",
			       change->value != NULL ? "=" : "",
			       change->value != NULL ? change->value : "");
	}
	outline_close(o, ']');
}

static void explain_command(struct outline *o, const struct plan *plan)
{
	if (plan->command == NULL) {
		outline_string(o, "command", "the user's login shell");
		return;
	}
	outline_open(o, "command", '[');
	for (char **word = plan->command; *word != NULL; word++)
		outline_string(o, NULL, *word);
	outline_close(o, ']');
}

/* Only where something is left the caller's way. */
static void explain_customs(struct outline *o, const struct customs *customs)
{
	const struct { bool left; const char *what; } rows[] = {
		{ customs->environment, "environment" },
		{ customs->descriptors, "open descriptors" },
		{ customs->limits, "limits" }, { customs->propagation, "later mounts" },
		{ customs->leftovers, "what it leaves running" },
		{ customs->links, "links in what it can write" },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		any |= rows[i].left;
	if (!any)
		return;
	outline_open(o, "the-callers-way", '[');
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].left)
			outline_string(o, NULL, rows[i].what);
	outline_close(o, ']');
}

static void explain_passed(struct outline *o, const struct plan *plan)
{
	if (plan->n_passed == 0)
		return;
	outline_open(o, "descriptors", '[');
	for (size_t i = 0; i < plan->n_passed; i++)
		outline_format(o, NULL, "%s %d", plan->passed[i].directory ? "fd-dir" : "fd",
			       plan->passed[i].fd);
	outline_close(o, ']');
}

static void explain_payload(struct outline *o, const struct plan *plan)
{
	char capabilities[1024];

	outline_open(o, "payload", '{');
	explain_command(o, plan);
	if (plan->argv0 != NULL)
		outline_string(o, "argv0", plan->argv0);
	outline_string(o, "directory",
		       plan->directory != NULL ? plan->directory : "the caller's, or home");
	explain_environment(o, plan);
	outline_string(o, "capabilities", capabilities_print(plan->capabilities, capabilities,
							     sizeof(capabilities)));
	outline_bool(o, "no-new-privs", true);
	explain_limits(o, plan);
	outline_bool(o, "private-terminal", plan->private_terminal);
	outline_bool(o, "new-session", plan->new_session);
	outline_bool(o, "die-with-parent", plan->die_with_parent);
	outline_bool(o, "as-pid-1", plan->as_pid_1);
	outline_bool(o, "reaper", plan->reaper);
	explain_customs(o, &plan->customs);
	explain_passed(o, plan);
	if (plan->time_limit > 0)
		outline_format(o, "time-limit", "%u:%u", plan->time_limit, plan->grace);
	outline_close(o, '}');
}

static void explain_report(struct outline *o, const struct plan *plan)
{
	if (!report_wanted(plan))
		return;
	outline_open(o, "report", '{');
	if (plan->info_fd >= 0)
		outline_number(o, "info-fd", plan->info_fd);
	if (plan->status_fd >= 0)
		outline_number(o, "json-status-fd", plan->status_fd);
	outline_close(o, '}');
}

/* ---- confinement --------------------------------------------------------------------------- */

static void explain_ports(struct outline *o, const char *name, const struct ports *ports)
{
	if (!ports->set)
		return;
	outline_open(o, name, '[');
	for (size_t i = 0; i < ports->n; i++)
		outline_format(o, NULL, "%u", ports->port[i]);
	outline_close(o, ']');
}

static void explain_landlock_rules(struct outline *o, const struct landlock *l)
{
	outline_open(o, "files", '[');
	for (size_t i = 0; i < l->n_rules; i++)
		outline_format(o, NULL, "%s %s",
			       (l->rules[i].rights & LANDLOCK_ACCESS_FS_WRITE_FILE) != 0 ?
			       "write" : "read", l->rules[i].path);
	outline_close(o, ']');
}

static void explain_labels(struct outline *o, const struct plan *plan)
{
	if (plan->exec_label != NULL)
		outline_string(o, "selinux-label", plan->exec_label);
	if (plan->file_label != NULL)
		outline_string(o, "selinux-file-label", plan->file_label);
	if (plan->profile != NULL)
		outline_string(o, "apparmor-profile", plan->profile);
}

static void explain_landlock(struct outline *o, const struct landlock *l)
{
	outline_open(o, "landlock", '{');
	outline_string(o, "asked", landlock_mode_name(l->asked));
	outline_number(o, "kernel-abi", l->abi);
	outline_bool(o, "in-force", (l->files | l->network | l->scopes) != 0);
	explain_landlock_rules(o, l);
	explain_ports(o, "tcp-connect", &l->connect);
	explain_ports(o, "tcp-bind", &l->bind);
	outline_bool(o, "abstract-sockets-closed",
		     (l->scopes & LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET) != 0);
	outline_bool(o, "signals-closed", (l->scopes & LANDLOCK_SCOPE_SIGNAL) != 0);
	outline_close(o, '}');
}

/* ---- system calls -------------------------------------------------------------------------- */

static void explain_groups(struct outline *o, const struct plan *plan)
{
	char closed[512] = "";
	size_t n = 0;

	outline_open(o, "opened", '{');
	for (int i = 0; i < GROUPS; i++) {
		enum syscall_group group = (enum syscall_group)i;
		const char *by = filters_opened_by(plan, group);

		if (by != NULL)
			outline_format(o, policy_group_name(group), "by %s: %s", by,
				       policy_group_reason(group));
		else if (group >= GROUP_FIRST_CLOSED && n < sizeof(closed))
			n += (size_t)snprintf(closed + n, sizeof(closed) - n, "%s%s",
					      n > 0 ? " " : "", policy_group_name(group));
	}
	outline_close(o, '}');
	outline_string(o, "closed", closed);
}

static void explain_changes(struct outline *o, const struct plan *plan)
{
	outline_open(o, "changes", '[');
	for (size_t i = 0; i < plan->syscalls.n_changes; i++)
		outline_format(o, NULL, "%s %s", plan->syscalls.changes[i].allow ? "allow" : "deny",
			       plan->syscalls.changes[i].name);
	outline_close(o, ']');
}

static void explain_syscalls(struct outline *o, const struct plan *plan)
{
	const struct syscalls *syscalls = &plan->syscalls;

	outline_open(o, "system-calls", '{');
	outline_string(o, "policy", syscalls->off ? "off" : syscalls->only_log ? "log" : "croft's");
	if (!syscalls->off) {
		explain_groups(o, plan);
		explain_changes(o, plan);
	}
	if (syscalls->tell_kills)
		outline_string(o, "kills",
			       syscalls->for_listener.n > 0 ? "by the reaper, which tells of them" :
			       "by the kernel, since the filters cannot be joined");
	outline_open(o, "filters", '[');
	for (size_t i = 0; i < syscalls->n_filters; i++)
		outline_format(o, NULL, "%s: %zu instructions", syscalls->filter[i].name,
			       syscalls->filter[i].filter.n);
	outline_close(o, ']');
	outline_close(o, '}');
}

int explain(const struct plan *plan, bool json, struct failure *why)
{
	struct outline outline = outline_start(json);

	outline_open(&outline, NULL, '{');
	explain_identity(&outline, plan);
	explain_namespaces(&outline, plan);
	explain_root(&outline, plan);
	explain_payload(&outline, plan);
	outline_string(&outline, "session-keyring", plan->own_keyring ? "new" : "shared");
	outline_string(&outline, "user-namespaces-inside", plan->nesting ? "allowed" : "none");
	explain_syscalls(&outline, plan);
	explain_landlock(&outline, &plan->landlock);
	explain_labels(&outline, plan);
	explain_report(&outline, plan);
	weaker_tell(&outline, plan);
	outline_close(&outline, '}');
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : fail(why, errno, "write the plan");
}
