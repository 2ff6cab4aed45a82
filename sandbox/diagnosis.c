/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diagnosis - why a namespace cannot be made here: one errno has many causes
 *
 * The causes are tried in the order of a table; the first that holds is told.
 * All of them can be seen without privilege.
 */
#include "sandbox/diagnosis.h"

#include "sandbox/cleanup.h"
#include "sandbox/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define APPARMOR_SYSCTL "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"

/* The first bytes of a small file, or "" if it cannot be read. */
static const char *read_word(const char *path, char *text, size_t size)
{
	auto_close fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	text[got > 0 ? got : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static bool holds(const char *path, const char *value)
{
	char text[32];

	return strcmp(read_word(path, text, sizeof(text)), value) == 0;
}

/* ---- the causes ---------------------------------------------------------------------------- */

static const struct kind {
	int flag;
	const char *name;
	const char *limit;
	const char *advice;
} kinds[] = {
	{ CLONE_NEWUSER,   "user",    "/proc/sys/user/max_user_namespaces",
	  "; user namespaces nest 32 deep" },
	{ CLONE_NEWNS,     "mount",   "/proc/sys/user/max_mnt_namespaces", "" },
	{ CLONE_NEWPID,    "PID",     "/proc/sys/user/max_pid_namespaces",
	  "; --share-pid does without" },
	{ CLONE_NEWNET,    "network", "/proc/sys/user/max_net_namespaces",
	  "; --share-net does without" },
	{ CLONE_NEWIPC,    "IPC",     "/proc/sys/user/max_ipc_namespaces",
	  "; --share-ipc does without" },
	{ CLONE_NEWUTS,    "UTS",     "/proc/sys/user/max_uts_namespaces",
	  "; --share-uts does without" },
	{ CLONE_NEWCGROUP, "cgroup",  "/proc/sys/user/max_cgroup_namespaces",
	  "; --share-cgroup does without" },
	{ CLONE_NEWTIME,   "time",    "/proc/sys/user/max_time_namespaces",
	  "; --share-time does without" },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/*
 * Of all namespaces that one call was to make, the first that there is no room
 * for: a child makes them one by one.
 */
static int first_without_room(int namespaces)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		for (size_t i = 0; i < KINDS; i++)
			if ((namespaces & kinds[i].flag) != 0 && unshare(kinds[i].flag) < 0)
				_exit(errno == ENOSPC || errno == EUSERS ? (int)i + 1 : 0);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) < 1 || WEXITSTATUS(status) > KINDS)
		return namespaces;
	return kinds[WEXITSTATUS(status) - 1].flag;
}

static bool debian_forbids(void)
{
	return holds("/proc/sys/kernel/unprivileged_userns_clone", "0");
}

static bool apparmor_restricts(void)
{
	return holds(APPARMOR_SYSCTL, "1");
}

/* create_user_ns() refuses a process whose root is not its mount namespace's. */
static bool in_chroot(void)
{
	struct statx status;

	return statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, &status) == 0 &&
	       (status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0 &&
	       (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) == 0;
}

static bool filtered(void)
{
	char text[4096];
	const char *line;
	auto_close fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (got <= 0)
		return false;
	text[got] = '\0';
	line = strstr(text, "\nSeccomp:\t");
	return line != NULL && strncmp(line, "\nSeccomp:\t2", 11) == 0;
}

static bool is_empty(const char *path)
{
	char text[8];

	return access(path, R_OK) == 0 && read_word(path, text, sizeof(text))[0] == '\0';
}

static bool unmapped(void)
{
	return is_empty("/proc/self/uid_map") || is_empty("/proc/self/gid_map");
}

static const struct cause {
	bool (*holds)(void);
	bool users_only;		/* create_user_ns() asks for it, and no other namespace */
	const char *what;
	const char *hint;
} refusals[] = {
	{ debian_forbids, true, "unprivileged user namespaces are switched off here",
	  "as root: sysctl kernel.unprivileged_userns_clone=1" },
	{ unmapped, true, "the caller has no ID in the user namespace around it",
	  "a user namespace without a UID and a GID map can have no child" },
	{ in_chroot, true, "this process is in a chroot, where the kernel allows no user namespace",
	  "start it outside, or enter the tree with pivot_root(2): croft shell DIR does" },
	{ apparmor_restricts, false, "AppArmor restricts user namespaces here",
	  "croft needs an AppArmor profile with \"userns,\", or as root: sysctl "
	  "kernel.apparmor_restrict_unprivileged_userns=0" },
	{ filtered, false, "a seccomp filter around this process refuses it",
	  "a container engine, a service manager or another sandbox has set it" },
};

/* ---- a croft around this one --------------------------------------------------------------- */

/* A process's parent in /proc, and whether it is a croft's reaper, by name (setup.c: hide()). */
static int look_up(const char *process, bool *is_reaper)
{
	static const char reaper[] = "(croft-reaper";
	char path[32], text[128];
	const char *name, *end;
	int parent = 0;

	(void)snprintf(path, sizeof(path), "/proc/%s/stat", process);
	(void)read_word(path, text, sizeof(text));
	name = strchr(text, '(');
	end = strrchr(text, ')');		/* what a name holds is its process's business */
	*is_reaper = name != NULL && end == name + strlen(reaper) &&
		     strncmp(name, reaper, strlen(reaper)) == 0;
	return end != NULL && sscanf(end, ") %*c %d", &parent) == 1 ? parent : 0;
}

/*
 * Another croft's sandbox around the launcher: no proof, but it decides nothing but what is
 * advised.  Seen from inside, the nearest reaper would be our own.
 */
static bool in_croft(void)
{
	enum { FAR_UP = 64 };
	char process[16] = "self";
	bool found = false;

	for (int i = 0, parent = 1; i < FAR_UP && parent > 0 && !found; i++) {
		parent = look_up(process, &found);
		(void)snprintf(process, sizeof(process), "%d", parent);
	}
	return found;
}

#define NESTING "--allow-nesting, said to that one, lets sandboxes be made inside"
#define LIMITED "the croft around this one keeps them from being made; " NESTING

/* ---- telling ------------------------------------------------------------------------------- */

static const char *names_of(int namespaces, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < KINDS; i++)
		if ((namespaces & kinds[i].flag) != 0 && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s",
						 used > 0 ? ", " : "", kinds[i].name);
	return text;
}

/* /proc/sys/user shows the limits of the reader's user namespace; those around it may be lower. */
static int limit_of(const struct kind *kind, struct failure *why)
{
	char what[sizeof(why->what)], value[32];
	const char *name = strrchr(kind->limit, '/') + 1;
	bool by_croft = kind->flag == CLONE_NEWUSER && in_croft();

	(void)snprintf(what, sizeof(what), "%s", why->what);
	(void)read_word(kind->limit, value, sizeof(value));
	if (strcmp(value, "0") == 0) {
		(void)fail(why, 0, "%s: %s namespaces are switched off here", what, kind->name);
		return by_croft ? hint(why, LIMITED) :
		       hint(why, "as root: sysctl user.%s=15000 (it is 0)%s", name, kind->advice);
	}
	(void)fail(why, 0, "%s: the limit of %s namespaces is reached%s", what, kind->name,
		   kind->flag == CLONE_NEWUSER ? ", or they are nested too deep" : "");
	if (by_croft)
		return hint(why, LIMITED "%s", kind->advice);
	return hint(why, "user.%s is %s, and may be lower in a container or sandbox around croft%s",
		    name, value, kind->advice);
}

/* What a program greps for, to find out that there are no user namespaces here. */
static int in_familiar_words(int err, struct failure *why)
{
	if (err == EPERM || err == EACCES)
		return familiar(why, "No permissions to create a new namespace");
	return familiar(why, "Creating new namespace failed");
}

static int tell_limit(struct failure *why)
{
	char what[sizeof(why->what)];

	for (size_t i = 0; i < KINDS; i++)
		if (why->exhausted == kinds[i].flag)
			return limit_of(&kinds[i], why);
	(void)snprintf(what, sizeof(what), "%s", why->what);
	(void)fail(why, 0, "%s: the limit is reached, or they are nested too deep", what);
	return hint(why, "the limits are in /proc/sys/user/max_*_namespaces; "
			 "user namespaces nest 32 deep");
}

int diagnosis_of_surroundings(struct failure *why)
{
	if (why->filtered && in_croft())
		return hint(why, "the filter is that of the croft around this one; " NESTING);
	if (why->exhausted == 0)
		return -1;
	(void)tell_limit(why);
	return in_familiar_words(ENOSPC, why);
}

/* Some filters answer as a kernel would that lacks the call. */
static bool can_mean(const struct cause *cause, int namespaces, int err)
{
	if (cause->users_only && (namespaces & CLONE_NEWUSER) == 0)
		return false;
	return err == EPERM || err == EACCES || (err == ENOSYS && cause->holds == filtered);
}

static int unknown_cause(int err, struct failure *why)
{
	if (err == EINVAL || err == ENOSYS)
		return hint(why,
			    "the kernel may lack one of them; the --share-... options do without");
	if (err == EPERM || err == EACCES)
		return hint(why, "a security module, or a chroot into a mount, may be the cause");
	return -1;
}

static int find_cause(int namespaces, int err, struct failure *why)
{
	char names[80];

	(void)names_of(namespaces, names, sizeof(names));
	if (namespaces == 0)
		return fail(why, err, "fork");
	if (err == ENOSPC || err == EUSERS) {
		why->exhausted = first_without_room(namespaces);
		return fail(why, 0, "cannot make namespaces (%s)", names);
	}
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (can_mean(&refusals[i], namespaces, err) && refusals[i].holds()) {
			why->filtered = refusals[i].holds == filtered;
			(void)fail(why, err, "cannot make namespaces (%s): %s",
				   names, refusals[i].what);
			return hint(why, "%s", refusals[i].hint);
		}
	(void)fail(why, err, "cannot make namespaces (%s)", names);
	return unknown_cause(err, why);
}

int diagnosis_of_namespaces(int namespaces, int err, struct failure *why)
{
	(void)find_cause(namespaces, err, why);
	return in_familiar_words(err, why);
}

/* mount_setattr(2) is the youngest call that has nothing to stand in for it. */
static int missing_call(struct failure *why)
{
	why->filtered = filtered();
	if (why->filtered)
		return hint(why, "a seccomp filter around this process hides a call that croft "
				 "needs, of those that Linux 5.12 has; a container engine, "
				 "a service manager or another sandbox has set it");
	return hint(why, "croft needs Linux 5.12 or later");
}

int diagnosis_of_refusal(struct failure *why)
{
	if (why->hint[0] != '\0')
		return -1;
	if (why->err == ENOSYS)
		return missing_call(why);
	if (why->err != EPERM && why->err != EACCES)
		return -1;
	why->filtered = !apparmor_restricts() && filtered();
	if (why->filtered)
		return hint(why, "the seccomp filter around this process may be what refuses it");
	if (!apparmor_restricts())
		return -1;
	return hint(why, "AppArmor lets user namespaces be made here but not used (%s is 1): "
		    "croft needs a profile with \"userns,\"", APPARMOR_SYSCTL);
}
