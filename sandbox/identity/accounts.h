/* SPDX-License-Identifier: GPL-2.0-or-later */
/* accounts - what the host's own files say of accounts and delegated IDs; pure */
#ifndef SANDBOX_ACCOUNTS_H
#define SANDBOX_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file, or a piece of one. */
struct text {
	const char *at;		/* no NUL ends it */
	size_t length;
};

/* A line of /etc/passwd, or of /etc/group, whose ID is in the same place. */
struct account {
	struct text name;
	uint32_t id;
	struct text shell;	/* empty for a group */
};

/* Cuts the next well-formed line off rest.  Returns false at the end. */
bool accounts_next(struct text *rest, struct account *account);

/* Does this text of an nsswitch.conf(5) name a service for subid beside the files? */
bool accounts_subid_service(struct text nsswitch);

/* As many IDs as useradd(8) delegates, and the first that it would give. */
enum { FREE_COUNT = 65536, FREE_FIRST = 100000 };

/*
 * Returns the first of FREE_COUNT IDs that no line of delegations (subuid(5))
 * and no account has, or 0 if there is no such place.
 */
uint32_t accounts_free_range(struct text delegations, struct text accounts);

#endif
