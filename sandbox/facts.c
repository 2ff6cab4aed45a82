/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts - what a plan needs to know about the caller and the machine */
#include "sandbox/facts.h"

#include "sandbox/cleanup.h"
#include "sandbox/confine/landlock.h"
#include "sandbox/identity/mapping.h"
#include "sandbox/options/options.h"
#include "sandbox/rootfs/layout.h"
#include "sandbox/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

bool options_map_many(const struct options *o)
{
	if (o->map == MAP_DEFAULT)
		return o->command == COMMAND_SHELL;
	return o->map != MAP_SELF && o->map != MAP_ROOT;
}

/* ---- files --------------------------------------------------------------------------------- */

/* The whole of a regular file, kept until exec.  Returns 0, or an errno. */
static int read_file(const char *path, struct text *text)
{
	enum { LARGEST = 8 << 20 };	/* a delegation file of a very large site */
	auto_close fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	ssize_t got;
	char *bytes;

	if (fd < 0 || fstat(fd, &status) < 0)
		return errno;
	if (!S_ISREG(status.st_mode) || status.st_size > LARGEST)
		return S_ISREG(status.st_mode) ? EFBIG : EINVAL;
	bytes = malloc((size_t)status.st_size + 1);
	got = bytes != NULL ? read(fd, bytes, (size_t)status.st_size) : -1;
	if (got < 0) {
		free(bytes);
		return bytes != NULL ? errno : ENOMEM;
	}
	*text = (struct text){ bytes, (size_t)got };
	return 0;
}

/* ---- the caller's account ------------------------------------------------------------------ */

/* The host's own file first: most callers are in it, and no name service gets loaded. */
static bool find_in_file(struct text users, struct facts *facts)
{
	struct account account;

	while (accounts_next(&users, &account))
		if (account.id == facts->uid) {
			facts->name = strndup(account.name.at, account.name.length);
			facts->shell = strndup(account.shell.at, account.shell.length);
			return true;
		}
	return false;
}

static int gather_account(struct facts *facts, struct failure *why)
{
	const struct passwd *account;

	(void)read_file("/etc/passwd", &facts->users);	/* without it, there are name services */
	if (!find_in_file(facts->users, facts)) {
		account = getpwuid(facts->uid);
		if (account == NULL)
			return 0;
		facts->name = strdup(account->pw_name);
		facts->shell = strdup(account->pw_shell);
	}
	if (facts->name == NULL || facts->shell == NULL)
		return fail(why, errno, "note the caller's account");
	return 0;
}

/* ---- the surrounding maps ------------------------------------------------------------------ */

/* A user namespace inherits the denial from the one around it (user_namespaces(7)). */
static bool setgroups_denied(void)
{
	auto_close fd = open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);
	char text[8] = "";

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 && strncmp(text, "deny", 4) == 0;
}

static int gather_surroundings(struct facts *facts, struct failure *why)
{
	facts->setgroups_denied = setgroups_denied();
	if (mapping_read(AT_FDCWD, "/proc/self/uid_map", &facts->uid_here) < 0 ||
	    mapping_read(AT_FDCWD, "/proc/self/gid_map", &facts->gid_here) < 0)
		return fail(why, errno, "read /proc/self/uid_map and gid_map");
	return 0;
}

/* ---- delegation ---------------------------------------------------------------------------- */

static void read_delegation(struct delegation *delegated, const char *file,
			    const struct facts *facts)
{
	delegated->file = file;
	delegated->err = read_file(file, &delegated->text);
	if (delegated->err == 0)	/* both name a user, /etc/subgid too: subgid(5) */
		subid_collect(delegated->text.at, delegated->text.length, facts->uid, facts->name,
			      &delegated->list);
}

static void gather_delegation(struct facts *facts)
{
	struct text nsswitch;

	(void)read_file("/etc/group", &facts->groups);	/* only for warnings */
	read_delegation(&facts->subuid, "/etc/subuid", facts);
	read_delegation(&facts->subgid, "/etc/subgid", facts);
	if (read_file("/etc/nsswitch.conf", &nsswitch) == 0)
		facts->subid_service = accounts_subid_service(nsswitch);
}

/* ---- helpers ------------------------------------------------------------------------------- */

static enum helpers look_at_helper(const char *path)
{
	struct stat status;
	struct statvfs mount;
	char capability[64];

	if (stat(path, &status) < 0)
		return HELPERS_MISSING;
	if (status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
	    statvfs(path, &mount) < 0 || (mount.f_flag & ST_NOSUID) != 0)
		return HELPERS_POWERLESS;
	return (status.st_mode & S_ISUID) != 0 ||
	       getxattr(path, "security.capability", capability, sizeof(capability)) > 0 ?
	       HELPERS_READY : HELPERS_POWERLESS;
}

/* A pair is as good as the worse of the two. */
static enum helpers look_at_helpers(const char *uids, const char *gids)
{
	enum helpers a = look_at_helper(uids), b = look_at_helper(gids);

	return a < b ? a : b;
}

static void gather_helpers(struct facts *facts)
{
	facts->croft_helpers = look_at_helpers(UIDMAP_HELPER, GIDMAP_HELPER);
	facts->system_helpers = look_at_helpers(NEWUIDMAP, NEWGIDMAP);
	facts->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0;
}

/* ---- the caller ---------------------------------------------------------------------------- */

static void gather_capabilities(struct facts *facts)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	const uint32_t both = 1U << CAP_SETUID | 1U << CAP_SETGID;

	(void)syscall(SYS_capget, &head, data);	/* cannot fail; with no answer there are none */
	facts->capabilities = data[0].effective | (uint64_t)data[1].effective << 32;
	facts->sets_ids = (data[0].effective & both) == both;
	facts->no_setfcap = (data[0].effective >> CAP_SETFCAP & 1) == 0;
}

/* What is not worth a failure where the kernel or its owner does without it. */
static int unavailable(int tried)
{
	auto_close fd = -1;
	char text[2] = "";
	int lacking = 0;

	if ((tried & CLONE_NEWCGROUP) != 0 && access("/proc/self/ns/cgroup", F_OK) < 0)
		lacking |= CLONE_NEWCGROUP;
	if ((tried & CLONE_NEWUSER) == 0)
		return lacking;
	fd = open("/proc/sys/user/max_user_namespaces", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text)) < 1 || (text[0] == '0' && text[1] == '\n'))
		lacking |= CLONE_NEWUSER;
	return lacking;
}

/* ---- the host's directories ---------------------------------------------------------------- */

/* A link into /usr stays a link, which costs less than a mount; others lead to what is bound. */
static bool is_kept_link(const char *link)
{
	static const char *const kept[] = { "usr/", "/usr/", "../usr/" };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (strncmp(link, kept[i], strlen(kept[i])) == 0)
			return true;
	return false;
}

/* What it means is seen by trying, and by nobody else's failing. */
static bool is_missing(int err)
{
	return err == ENOENT || err == ENOTDIR || err == EACCES || err == EPERM;
}

static int gather_host(struct facts *facts, struct failure *why)
{
	size_t n = 0;

	for (const char *const *path = layout_host_paths; *path != NULL && n < HOST_PATHS - 1;
	     path++) {
		char link[256] = "";
		ssize_t length = readlink(*path, link, sizeof(link) - 1);
		char *kept = NULL;

		if (length < 0 && is_missing(errno))
			continue;
		if (length < 0 && errno != EINVAL)
			return fail(why, errno, "look at %s", *path);
		if (is_kept_link(link) && (kept = strdup(link)) == NULL)
			return fail(why, errno, "look at %s", *path);
		facts->host[n++] = (struct host_path){ *path, kept };
	}
	return 0;
}

int facts_gather(const struct options *o, struct facts *facts, struct failure *why)
{
	bool many = options_map_many(o), host = layout_takes_host(o);

	facts->uid = geteuid();
	facts->gid = getegid();
	facts->terminal = terminal_look(STDIN_FILENO) != 0 || terminal_look(STDOUT_FILENO) != 0 ||
			  terminal_look(STDERR_FILENO) != 0;		/* or may be one */
	gather_capabilities(facts);
	facts->unavailable = o->tried != 0 ? unavailable(o->tried) : 0;
	if ((o->shared_terminal || o->new_session) && isatty(STDOUT_FILENO))
		facts->console = ttyname(STDOUT_FILENO);
	facts->landlock = landlock_version();
	if ((o->exec_label != NULL || o->file_label != NULL || o->mcs || o->profile != NULL) &&
	    label_gather(&facts->label, why) < 0)
		return -1;
	facts->subuid.file = "/etc/subuid";
	facts->subgid.file = "/etc/subgid";
	if (host && gather_host(facts, why) < 0)
		return -1;
	if ((host || many) && gather_account(facts, why) < 0)
		return -1;
	if (many || o->source != SOURCE_AUTO)
		gather_helpers(facts);
	if (!many)
		return 0;
	gather_delegation(facts);
	return gather_surroundings(facts, why);
}
