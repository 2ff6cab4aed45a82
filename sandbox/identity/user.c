/* SPDX-License-Identifier: GPL-2.0-or-later */
/* user - who the payload is, as the new root's passwd and group files say */
#include "sandbox/identity/user.h"

#include "sandbox/cleanup.h"
#include "sandbox/identity/maps.h"
#include "sandbox/number.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_FILE = 1 << 20, PASSWD_FIELDS = 7, GROUP_FIELDS = 4 };

/* A tree may have no such file, or one that is not for us. */
static bool is_missing(int err)
{
	return err == ENOENT || err == ENOTDIR || err == EACCES || err == EPERM || err == ELOOP ||
	       err == ENXIO || err == ENODEV;
}

/*
 * The file's text, NULL if there is none worth reading.  It belongs to whoever
 * made the tree: not followed into a FIFO, a device or anything huge.  Returns
 * 0, or -1 with why filled in: who the payload is, is not left to a fault.
 */
static int read_database(const char *path, char **text, struct failure *why)
{
	auto_close fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;
	ssize_t got;

	*text = NULL;
	if (fd < 0 && is_missing(errno))
		return 0;
	if (fd < 0 || fstat(fd, &status) < 0)
		return fail(why, errno, "read %s inside", path);
	if (!S_ISREG(status.st_mode) || status.st_size > LARGEST_FILE)
		return 0;
	*text = malloc((size_t)status.st_size + 1);
	got = *text == NULL ? -1 : read(fd, *text, (size_t)status.st_size);
	if (got < 0)
		return fail(why, errno, "read %s inside", path);
	if (got < status.st_size)
		return fail(why, 0, "read %s inside: it ends too early", path);
	(*text)[got] = '\0';
	return 0;
}

/* Cuts the line at *rest into fields, in place.  Returns how many there were (at most n). */
static size_t next_line(char **rest, char *fields[], size_t n)
{
	char *line = strsep(rest, "\n");
	size_t found = 0;

	while (found < n && line != NULL)
		fields[found++] = strsep(&line, ":");
	return found;
}

static bool id_field(const char *text, uint32_t *id)
{
	uint64_t number;

	if (!number_whole(text, UINT32_MAX - 1, &number))
		return false;
	*id = (uint32_t)number;
	return true;
}

static bool wanted(const struct plan *plan, const char *name, uint32_t uid)
{
	return plan->user != NULL ? strcmp(plan->user, name) == 0 : plan->uid == uid;
}

/* Takes what the first entry that fits says.  The strings live in text until exec. */
static bool find_entry(const struct plan *plan, char *text, struct user *user)
{
	char *fields[PASSWD_FIELDS];
	uint32_t uid, gid;

	while (text != NULL) {
		if (next_line(&text, fields, PASSWD_FIELDS) != PASSWD_FIELDS ||
		    !id_field(fields[2], &uid) || !id_field(fields[3], &gid) ||
		    !wanted(plan, fields[0], uid))
			continue;
		user->identity = (struct identity){ fields[0], fields[5], fields[6] };
		if (plan->user != NULL) {
			user->uid = uid;
			user->gid = gid;
		}
		return true;
	}
	return false;
}

static bool lists(char *members, const char *name)
{
	const char *member;

	while ((member = strsep(&members, ",")) != NULL)
		if (strcmp(member, name) == 0)
			return true;
	return false;
}

/* Only for a user given by name: whoever gives numbers gives the group, too. */
static void find_groups(char *text, struct user *user)
{
	char *fields[GROUP_FIELDS];
	uint32_t gid;

	while (text != NULL && user->n_groups < USER_GROUPS)
		if (next_line(&text, fields, GROUP_FIELDS) == GROUP_FIELDS &&
		    id_field(fields[2], &gid) && lists(fields[3], user->identity.name))
			user->groups[user->n_groups++] = gid;
}

static int check_mapped(const struct plan *plan, const struct user *user, struct failure *why)
{
	if (!maps_inside(&plan->uid_map, user->uid))
		return fail(why, 0, "the user %s has the UID %u, which is not mapped",
			    plan->user, user->uid);
	if (!maps_inside(&plan->gid_map, user->gid))
		return fail(why, 0, "the user %s has the GID %u, which is not mapped",
			    plan->user, user->gid);
	return 0;
}

static const char *or_else(const char *text, const char *otherwise)
{
	return text != NULL && text[0] != '\0' ? text : otherwise;
}

int user_find(const struct plan *plan, struct user *user, struct failure *why)
{
	char *passwd = NULL;		/* kept: its strings are used until exec */
	bool found;

	*user = (struct user){
		.uid = plan->uid != ID_AS_IT_IS ? plan->uid : geteuid(),
		.gid = plan->gid != ID_AS_IT_IS ? plan->gid : getegid(),
	};
	if ((!plan->customs.identity || plan->user != NULL) &&
	    read_database("/etc/passwd", &passwd, why) < 0)
		return -1;
	found = find_entry(plan, passwd, user);
	if (plan->user != NULL && !found) {
		(void)fail(why, 0, "--user: /etc/passwd inside has no user %s", plan->user);
		return hint(why, "a UID or UID:GID needs no entry there");
	}
	if (plan->user != NULL) {
		auto_free char *group = NULL;

		if (read_database("/etc/group", &group, why) < 0)
			return -1;
		find_groups(group, user);
		if (check_mapped(plan, user, why) < 0)
			return -1;
	}
	user->identity.name = or_else(user->identity.name, user->uid == 0 ? "root" : "user");
	user->identity.home = or_else(user->identity.home, "/");
	user->identity.shell = or_else(user->identity.shell, "/bin/sh");
	return 0;
}
