/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * subid - lines of /etc/subuid and /etc/subgid (subuid(5)), and whose they are; pure
 *
 *     OWNER:FIRST:COUNT
 *
 * OWNER is a user's name, or a UID in decimal digits; a field of digits alone
 * is never a name.  A malformed line grants nothing and stops nothing.
 */
#ifndef IDMAP_SUBID_H
#define IDMAP_SUBID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SUBID_MAX = 340 };	/* no map could use more */

struct subid_span {
	uint32_t first;
	uint32_t count;
};

struct subid_list {
	uint32_t n;
	struct subid_span span[SUBID_MAX];
	uint32_t malformed;		/* lines that are no entry, comment or blank */
	uint32_t first_malformed_line;	/* counted from 1 */
};

/*
 * Collects into list what text delegates to uid, by its number or by name
 * (NULL: the number alone).  Lines beyond SUBID_MAX for one owner are ignored.
 */
void subid_collect(const char *text, size_t length, uint32_t uid, const char *name,
		   struct subid_list *list);

enum { SUBID_NAME = 256 };	/* LOGIN_NAME_MAX of Linux, the NUL included */

/*
 * Copies the name of the first account with this UID in the text of
 * /etc/passwd.  Returns false if there is none, or if its name is none for a
 * file of owners: a number, a line of NIS, a comment, or not printable.
 */
bool subid_owner(const char *passwd, size_t length, uint32_t uid, char name[SUBID_NAME]);

/* Lies [first, first + count) within the union of the list's spans? */
bool subid_covers(const struct subid_list *list, uint32_t first, uint32_t count);

#endif
