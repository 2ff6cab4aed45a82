/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * delegation - what the administrator's files say
 *
 * A file is judged by its open descriptor, read once, and decided from that
 * copy: an edit in the meantime can make us see the old state or the new one.
 * No lock is taken, for whoever stops us would hold it.
 */
#include "helpers/delegation.h"

#include "helpers/account.h"
#include "helpers/grant.h"
#include "helpers/verdict.h"
#include "idmap/text.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST = 3 << 20 };	/* lines for a hundred thousand users */

static char content[LARGEST + 1];	/* takes memory as far as it is filled */

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 && errno == ELOOP)
		refuse(VERDICT_FILE_LINK);
	if (fd < 0 && errno != ENOENT)
		refuse(VERDICT_FILE_UNREADABLE);
	return fd;
}

static void check_file(int fd)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		refuse(VERDICT_FILE_UNREADABLE);
	if (!S_ISREG(status.st_mode))
		refuse(VERDICT_FILE_NOT_REGULAR);
	if (status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		refuse(VERDICT_FILE_UNTRUSTED);
}

static size_t read_content(int fd)
{
	size_t length = 0;
	ssize_t got;

	do {
		got = read(fd, content + length, sizeof(content) - length);
		if (got < 0)
			refuse(VERDICT_FILE_UNREADABLE);
		length += (size_t)got;
		if (length > LARGEST)
			refuse(VERDICT_FILE_TOO_LARGE);
	} while (got > 0);
	return length;
}

/* Returns false if there is no such file; refuses for every other reason. */
static bool read_file(const char *path, struct text *text)
{
	int fd = open_file(path);

	if (fd < 0)
		return false;
	check_file(fd);
	*text = (struct text){ content, read_content(fd) };
	(void)close(fd);
	return true;
}

/*
 * Both files name their owners by user, /etc/subgid too (subgid(5)).  Accounts
 * that only a directory service knows have no name here, but lines by number.
 */
static void read_delegation(const char *file, uint32_t uid, struct subid_list *list)
{
	char name[ACCOUNT_NAME_SIZE];
	struct text text;
	bool named = read_file("/etc/passwd", &text) && account_name(text, uid, name);

	if (!read_file(file, &text))
		refuse(VERDICT_NO_FILE);
	subid_collect(text.at, text.length, uid, named ? name : NULL, list);
}

void delegation_check(const char *file, const struct caller *caller, uint32_t own,
		      const struct idmap *want)
{
	enum idverdict_code verdict = grant_within_bounds(want, own);
	struct subid_list delegated;

	if (verdict != VERDICT_GRANTED)
		refuse(verdict);
	if (!grant_needs_delegation(want, own))
		return;
	if (!caller->privileged)
		refuse(VERDICT_NOT_PRIVILEGED);
	read_delegation(file, caller->uid, &delegated);
	verdict = grant_by_delegation(want, own, &delegated);
	if (verdict != VERDICT_GRANTED)
		refuse(verdict);
}

/* Any answer but "there is none" is a prohibition. */
bool delegation_forbids_setgroups(void)
{
	struct stat status;

	return lstat("/etc/croft/no-setgroups", &status) == 0 || errno != ENOENT;
}
