/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grant - who may map what: the whole policy, and the files it stands in
 *
 * A map may hold the caller's own ID, as one range of one ID, which the kernel
 * allows anyone; and ranges that the administrator delegated to the caller.
 * Outside ID 0 is refused whatever is delegated: for group IDs the kernel has
 * no such rule, and whoever owns root's files owns the machine.
 *
 * A file is judged by its open descriptor, read once, and decided from that
 * copy: an edit in the meantime can make us see the old state or the new one.
 * No lock is taken, for whoever stops us would hold it.
 */
#include "helpers/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the policy ---------------------------------------------------------------------------- */

/* An outside ID appears once in a sound map, so this holds for one range at most. */
static bool is_own(const struct idrange *range, uint32_t own)
{
	return range->outside == own && range->count == 1;
}

bool grant_is_own_alone(const struct idmap *want, uint32_t own)
{
	return want->n == 1 && is_own(&want->range[0], own);
}

enum idverdict_code grant_decide(const struct idmap *want, uint32_t own,
				 const struct subid_list *delegated)
{
	for (const struct idrange *range = want->range; range < want->range + want->n; range++) {
		if (range->outside == 0)
			return VERDICT_ID_ZERO;
		if (is_own(range, own))
			continue;
		if (range->outside < ID_FLOOR)
			return VERDICT_BELOW_FLOOR;
		if (!subid_covers(delegated, range->outside, range->count))
			return delegated->n > 0 ? VERDICT_NOT_GRANTED : delegated->malformed > 0 ?
			       VERDICT_NO_ENTRY_MALFORMED : VERDICT_NO_ENTRY;
	}
	return VERDICT_GRANTED;
}

/* ---- the files ----------------------------------------------------------------------------- */

enum { LARGEST = 3 << 20 };	/* lines for a hundred thousand users */

static char content[LARGEST + 1];	/* takes memory as far as it is filled */

static int open_trusted(const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;

	if (fd < 0 && errno == ENOENT)
		refuse(VERDICT_NO_FILE);
	if (fd < 0 || fstat(fd, &status) < 0)
		refuse(errno == ELOOP ? VERDICT_FILE_LINK : VERDICT_FILE_UNREADABLE);
	if (!S_ISREG(status.st_mode))
		refuse(VERDICT_FILE_NOT_REGULAR);
	if (status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		refuse(VERDICT_FILE_UNTRUSTED);
	return fd;
}

/* Fills content, and returns its length. */
static size_t read_file(const char *path)
{
	int fd = open_trusted(path);
	size_t length = 0;
	ssize_t got;

	do {
		got = read(fd, content + length, sizeof(content) - length);
		if (got < 0)
			refuse(VERDICT_FILE_UNREADABLE);
		length += (size_t)got;
	} while (got > 0);
	if (length > LARGEST)
		refuse(VERDICT_FILE_TOO_LARGE);
	confine_descriptors();
	return length;
}

/*
 * Both files name their owners by user, /etc/subgid too (subgid(5)).  Accounts
 * that only a directory service knows have no name here, but lines by number.
 */
void grant_check(const char *file, const struct caller *caller, uint32_t own,
		 const struct idmap *want)
{
	struct subid_list delegated = { .n = 0 };
	enum idverdict_code verdict;
	char name[SUBID_NAME] = "";		/* no owner's name is empty */

	if (!grant_is_own_alone(want, own)) {
		if (!caller->privileged)
			refuse(VERDICT_NOT_PRIVILEGED);
		(void)subid_owner(content, read_file("/etc/passwd"), caller->uid, name);
		subid_collect(content, read_file(file), caller->uid, name, &delegated);
	}
	verdict = grant_decide(want, own, &delegated);
	if (verdict != VERDICT_GRANTED)
		refuse(verdict);
}

/* Any answer but "there is none" is a prohibition. */
bool grant_forbids_setgroups(void)
{
	return open("/etc/croft/no-setgroups", O_PATH | O_NOFOLLOW | O_CLOEXEC) >= 0 ||
	       errno != ENOENT;
}
