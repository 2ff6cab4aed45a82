/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options_bwrap - bubblewrap's own ways to say things
 *
 * What it names as croft does stands in the other parts.  Its namespaces are
 * shared unless it is told otherwise, and most of what it takes from its
 * callers comes on descriptors.
 */
#include "sandbox/options/option_rows.h"

#include "sandbox/cleanup.h"
#include "sandbox/number.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#define ALL_BUT_TIME \
	(CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | \
	 CLONE_NEWCGROUP)
#define NOT_ESSENTIAL (CLONE_NEWUSER | CLONE_NEWCGROUP)

/* ---- identity and namespaces --------------------------------------------------------------- */

SETTER(set_id)
{
	uint64_t id;

	/* The last number is no ID: -1 means none (make_kuid()). */
	if (!number_whole(value[0], UINT32_MAX - 1, &id))
		return option_bad_value(row, value[0], "an ID as a decimal number", why);
	*(row->word == 'u' ? &o->uid : &o->gid) = (int64_t)id;
	return 0;
}

SETTER(set_unshare)
{
	o->shared &= ~row->word;
	o->tried &= ~row->word;
	return 0;
}

/* What was asked for in earnest stays so. */
SETTER(set_unshare_try)
{
	o->tried |= row->word & o->shared;
	o->shared &= ~row->word;
	return 0;
}

SETTER(set_unshare_all)
{
	o->tried |= NOT_ESSENTIAL & o->shared;
	o->shared &= ~ALL_BUT_TIME;
	return 0;
}

/* ---- words from a descriptor --------------------------------------------------------------- */

/* All that comes until the end, with a zero byte behind it.  Lives until exec. */
static char *read_to_end(int fd, size_t *size)
{
	size_t room = 0;
	char *bytes = NULL;
	ssize_t got;

	*size = 0;
	do {
		if (*size + 1 >= room) {
			room = room > 0 ? 2 * room : 4096;
			bytes = realloc(bytes, room);
			if (bytes == NULL)
				return NULL;
		}
		got = read(fd, bytes + *size, room - *size - 1);
		*size += got > 0 ? (size_t)got : 0;
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0)
		return NULL;
	bytes[*size] = '\0';
	return bytes;
}

/* Words end with a zero byte; the last may do without. */
static char **split_words(char *bytes, size_t size, size_t *n)
{
	char **words = option_grow(NULL, 0, sizeof(*words));

	*n = 0;
	for (char *word = bytes; word < bytes + size; word += strlen(word) + 1) {
		words[(*n)++] = word;
		words = option_grow(words, *n, sizeof(*words));
	}
	return words;
}

SETTER(insert_args)
{
	int fd;
	size_t size, n;
	char *bytes, **words;

	if (o->in_args)
		return fail(why, 0, "--args cannot be used in what --args reads");
	if (option_read_fd(row, value[0], &fd, why) < 0)
		return -1;
	bytes = read_to_end(fd, &size);
	if (bytes == NULL)
		return fail(why, errno, "--args: read words from descriptor %d", fd);
	(void)close(fd);		/* only read; and it is not for the command */
	words = split_words(bytes, size, &n);
	return options_insert(o, words, n, why);
}

SETTER(add_lock_file)
{
	o->lock_files = option_grow(o->lock_files, o->n_lock_files, sizeof(*o->lock_files));
	o->lock_files[o->n_lock_files++] = value[0];
	return value[0][0] != '\0' ? 0 : option_bad_value(row, value[0], "a path inside", why);
}

/* ---- the rows ------------------------------------------------------------------------------ */

static const struct option_row identity[] = {
	{ "uid", { "UID" }, set_id, 'u', "who the command is inside" },
	{ "gid", { "GID" }, set_id, 'g', "the same for its group" },
};

static const struct option_row namespaces[] = {
	{ "unshare-user", { NULL }, set_unshare, CLONE_NEWUSER,
	  "IDs of its own (implied, but for root)" },
	{ "unshare-user-try", { NULL }, set_unshare_try, CLONE_NEWUSER,
	  "the same, where possible" },
	{ "unshare-ipc", { NULL }, set_unshare, CLONE_NEWIPC, "System V and POSIX IPC of its own" },
	{ "unshare-pid", { NULL }, set_unshare, CLONE_NEWPID, "only its own processes in sight" },
	{ "unshare-net", { NULL }, set_unshare, CLONE_NEWNET, "a network that reaches nobody" },
	{ "unshare-uts", { NULL }, set_unshare, CLONE_NEWUTS, "a host name of its own" },
	{ "unshare-cgroup", { NULL }, set_unshare, CLONE_NEWCGROUP,
	  "a view of control groups of its own" },
	{ "unshare-cgroup-try", { NULL }, set_unshare_try, CLONE_NEWCGROUP,
	  "the same, where possible" },
	{ "unshare-time", { NULL }, set_unshare, CLONE_NEWTIME, "clocks of its own" },
	{ "unshare-all", { NULL }, set_unshare_all, 0, "all of these but the clocks" },
	{ "userns", { "FD" }, option_set_fd, FLAG(userns), "join this user namespace first" },
	{ "userns2", { "FD" }, option_set_fd, FLAG(userns2),
	  "and this one when all is made" },
	{ "pidns", { "FD" }, option_set_fd, FLAG(pidns), "join this PID namespace" },
	{ "userns-block-fd", { "FD" }, option_set_fd, FLAG(userns_block),
	  "wait for FD while someone outside writes the maps" },
};

static const struct option_row descriptors[] = {
	{ "args", { "FD" }, insert_args, 0, "more options, read from FD, a zero byte after each" },
	{ "block-fd", { "FD" }, option_set_fd, FLAG(block),
	  "wait for a byte or the end of FD before it begins" },
	{ "sync-fd", { "FD" }, option_set_fd, FLAG(sync),
	  "keep FD open while anything runs inside" },
	{ "lock-file", { "DEST" }, add_lock_file, 0, "hold a read lock on DEST for as long" },
};

static const struct option_row others[] = {
	{ "level-prefix", { NULL }, option_set_flag, FLAG(level_prefix),
	  "begin messages with their level, such as <3>" },
	{ "not-a-security-boundary", { NULL }, option_set_flag, FLAG(not_a_boundary),
	  "accepted; nothing here depends on it" },
};

const struct option_section identity_bwrap_options = SECTION_FOR(FOR_BWRAP, "Identity", identity);
const struct option_section namespaces_bwrap_options =
	SECTION_FOR(FOR_BWRAP, "Namespaces", namespaces);
const struct option_section descriptors_options = SECTION("Descriptors and locks", descriptors);
const struct option_section other_bwrap_options = SECTION_FOR(FOR_BWRAP, "Other", others);
