/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request - the bytes between the front end and a helper; pure
 *
 *     front end                             helper
 *       |--- struct idrequest, n ranges ------->|   complete before it starts
 *       |<-- struct idverdict ------------------|   once, then it exits with .code
 *
 * Numbers are the machine's own.  There is nothing to parse: a count and
 * fixed-size ranges, and an end of file directly behind them.
 */
#ifndef IDMAP_REQUEST_H
#define IDMAP_REQUEST_H

#include "idmap/map.h"

enum idrequest_setgroups { SETGROUPS_DENY = 0, SETGROUPS_ALLOW = 1 };

enum { IDREQUEST_MAGIC = 0x43524631 };	/* "CRF1": another layout is another number */

struct idrequest {
	uint32_t magic;
	uint32_t setgroups;	/* enum idrequest_setgroups; uidmap takes only SETGROUPS_DENY */
	struct idmap map;	/* on the wire, n and then only n ranges */
};

/* Why a helper did what it did: its exit status, and .code of its answer. */
enum idverdict_code {
	VERDICT_GRANTED = 0,

	/* how the helper was started */
	VERDICT_BAD_START = 10,		/* arguments, descriptors or pipes are not as agreed */
	VERDICT_NOT_PRIVILEGED = 11,	/* no CAP_SETUID or CAP_SETGID to work with */
	VERDICT_CANNOT_CONFINE = 12,	/* shedding privilege failed, or did not hold */
	VERDICT_OTHER_IDENTITY = 13,	/* real and effective IDs differ in a way that is not
					 * set-user-ID, or are not mapped in this namespace */

	/* the request */
	VERDICT_REQUEST_SHORT = 20, VERDICT_REQUEST_LONG = 21,
	VERDICT_REQUEST_LATE = 22,	/* the deadline passed */
	VERDICT_REQUEST_UNSOUND = 23,	/* magic, setgroups, or idmap_check() */

	/* the target */
	VERDICT_TARGET_NOT_PROC = 30,	/* descriptor 3 is no /proc/PID directory */
	VERDICT_TARGET_FOREIGN = 31,	/* the process, or its namespace, is not the caller's */
	VERDICT_TARGET_NOT_CHILD = 32,	/* its namespace is not a child of the helper's */
	VERDICT_TARGET_MAPPED = 33,	/* it has a map already */
	VERDICT_TARGET_GONE = 34,

	/* the file: /etc/subuid or /etc/subgid, or /etc/passwd for the caller's name */
	VERDICT_NO_FILE = 40,
	VERDICT_FILE_LINK = 41,		/* a symbolic link stands in its place */
	VERDICT_FILE_NOT_REGULAR = 42,	/* a FIFO, a directory, a device */
	VERDICT_FILE_UNTRUSTED = 43,	/* not root's, or others may write it */
	VERDICT_FILE_UNREADABLE = 44,
	VERDICT_FILE_TOO_LARGE = 45,
	VERDICT_NO_ENTRY = 46,		/* no well-formed line for the caller */
	VERDICT_NO_ENTRY_MALFORMED = 47,	/* likewise, and a line that could not be read */

	/* the grant */
	VERDICT_NOT_GRANTED = 50,	/* a range goes beyond what is delegated */
	VERDICT_ID_ZERO = 51,		/* outside ID 0 is never granted */
	VERDICT_BELOW_FLOOR = 52,	/* so are IDs below the floor, but for the caller's own */
	VERDICT_SETGROUPS_FORBIDDEN = 53,	/* by the administrator, or no range is delegated */

	/* the act */
	VERDICT_WRITE_REFUSED = 60,	/* the kernel said no */
	VERDICT_SETGROUPS_REFUSED = 61,
};

/* Far apart, so that no flipped bit turns one into the other. */
enum { IDVERDICT_YES = 0x5aa5c33c, IDVERDICT_NO = 0x255a3cc3 };

struct idverdict {
	uint32_t answer;	/* IDVERDICT_YES or IDVERDICT_NO */
	uint32_t code;		/* enum idverdict_code */
};

/*
 * What is to be said of a request that is length bytes long, of which at most
 * sizeof(*request) are there.  VERDICT_GRANTED means that it is sound.
 */
enum idverdict_code idrequest_check(const struct idrequest *request, size_t length);

#endif
