/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts - what a plan needs to know about the caller and the machine */
#include "sandbox/facts.h"

#include "sandbox/cleanup.h"
#include "sandbox/number.h"
#include "sandbox/options.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

bool options_map_many(const struct options *o)
{
	if (o->map == MAP_DEFAULT)
		return o->command == COMMAND_SHELL;
	return o->map != MAP_SELF && o->map != MAP_ROOT;
}

/* The whole of a regular file, to be freed by the caller, with a NUL behind it; NULL and errno. */
static char *read_file(const char *path, size_t *length)
{
	enum { LARGEST = 8 << 20 };	/* a delegation file of a very large site */
	auto_close fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	auto_free char *text = NULL;
	struct stat status;
	ssize_t got;
	char *taken;

	if (fd < 0 || fstat(fd, &status) < 0)
		return NULL;
	if (!S_ISREG(status.st_mode) || status.st_size > LARGEST) {
		errno = S_ISREG(status.st_mode) ? EFBIG : EINVAL;
		return NULL;
	}
	text = malloc((size_t)status.st_size + 1);
	if (text == NULL)
		return NULL;
	got = read(fd, text, (size_t)status.st_size);
	if (got < 0)
		return NULL;
	text[got] = '\0';
	*length = (size_t)got;
	taken = text;
	text = NULL;
	return taken;
}

/* ---- the surrounding maps ------------------------------------------------------------------ */

static int read_map(const char *path, struct idmap *map, struct failure *why)
{
	FILE *file = fopen(path, "re");
	struct idrange *range = map->range;

	if (file == NULL)
		return fail(why, errno, "read %s", path);
	for (map->n = 0; map->n < IDMAP_MAX; map->n++, range++)
		if (fscanf(file, "%u %u %u", &range->inside, &range->outside, &range->count) != 3)
			break;
	(void)fclose(file);		/* only read */
	return 0;
}

static int gather_surroundings(struct facts *facts, struct failure *why)
{
	if (read_map("/proc/self/uid_map", &facts->uid_here, why) < 0 ||
	    read_map("/proc/self/gid_map", &facts->gid_here, why) < 0)
		return -1;
	return 0;
}

/* ---- delegation ---------------------------------------------------------------------------- */

static void read_delegation(struct delegation *delegated, const char *file, const struct facts *facts)
{
	size_t length;
	auto_free char *text = read_file(file, &length);

	delegated->file = file;
	if (text == NULL)
		delegated->err = errno;
	else		/* both files name their owner by user, /etc/subgid too (subgid(5)) */
		subid_collect(text, length, facts->uid, facts->name, &delegated->list);
}

static bool has_privilege(const char *path)
{
	struct stat status;
	char capability[64];

	if (stat(path, &status) < 0 || status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return false;
	return (status.st_mode & S_ISUID) != 0 ||
	       getxattr(path, "security.capability", capability, sizeof(capability)) > 0;
}

static void gather_delegation(struct facts *facts)
{
	const struct passwd *account = getpwuid(facts->uid);

	if (account != NULL)
		facts->name = strdup(account->pw_name);
	read_delegation(&facts->subuid, "/etc/subuid", facts);
	read_delegation(&facts->subgid, "/etc/subgid", facts);
	facts->croft_helpers = has_privilege(UIDMAP_HELPER) && has_privilege(GIDMAP_HELPER);
	facts->system_helpers = has_privilege(NEWUIDMAP) && has_privilege(NEWGIDMAP);
	facts->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0;
}

/* ---- the caller ---------------------------------------------------------------------------- */

static bool sets_ids(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	const uint32_t wanted = 1U << CAP_SETUID | 1U << CAP_SETGID;

	return syscall(SYS_capget, &head, data) == 0 && (data[0].effective & wanted) == wanted;
}

static void gather_system(struct facts *facts)
{
	static const char *const paths[] = {
		"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
	};
	size_t n = 0;

	_Static_assert(sizeof(paths) / sizeof(paths[0]) < SYSTEM_DIRECTORIES, "no room for the end");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char link[256];
		ssize_t length = readlink(paths[i], link, sizeof(link) - 1);

		if (length < 0 && errno != EINVAL)
			continue;	/* not there */
		facts->system[n].path = paths[i];
		if (length > 0) {
			link[length] = '\0';
			facts->system[n].link = strdup(link);
		}
		n++;
	}
}

int facts_gather(const struct options *o, struct facts *facts, struct failure *why)
{
	facts->uid = geteuid();
	facts->gid = getegid();
	facts->terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	facts->sets_ids = sets_ids();
	facts->subuid.file = "/etc/subuid";
	facts->subgid.file = "/etc/subgid";
	if (o->rootfs == NULL && !o->empty_root) {
		const struct passwd *account = getpwuid(facts->uid);

		gather_system(facts);
		if (account != NULL)
			facts->name = strdup(account->pw_name);
	}
	if (!options_map_many(o))
		return 0;
	if (gather_surroundings(facts, why) < 0)
		return -1;
	gather_delegation(facts);
	return 0;
}
