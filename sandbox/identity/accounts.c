/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * accounts - what the host's own files say of accounts and delegated IDs
 *
 * Only local files are asked: a directory service may know a million accounts,
 * and what is said here is advice to a person, never a grant.
 */
#include "sandbox/identity/accounts.h"

#include "sandbox/number.h"

#include <string.h>

/* ---- pieces of text ------------------------------------------------------------------------ */

/* Cuts the piece before the first mark off rest, and drops the mark; without one, all of it. */
static bool cut(struct text *rest, char mark, struct text *piece)
{
	const char *at = memchr(rest->at, mark, rest->length);

	*piece = *rest;
	if (at != NULL)
		piece->length = (size_t)(at - rest->at);
	rest->at += at != NULL ? piece->length + 1 : piece->length;
	rest->length -= at != NULL ? piece->length + 1 : piece->length;
	return at != NULL;
}

static bool equal(struct text text, const char *word)
{
	return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

static bool read_id(struct text text, uint32_t *id)
{
	char digits[sizeof("4294967294")];
	uint64_t number;

	if (text.length >= sizeof(digits))
		return false;
	memcpy(digits, text.at, text.length);
	digits[text.length] = '\0';
	if (!number_whole(digits, UINT32_MAX - 1, &number))
		return false;
	*id = (uint32_t)number;
	return true;
}

/* ---- lines --------------------------------------------------------------------------------- */

bool accounts_next(struct text *rest, struct account *account)
{
	while (rest->length > 0) {
		struct text line, password, id, field;

		(void)cut(rest, '\n', &line);
		*account = (struct account){ .id = 0 };
		if (!cut(&line, ':', &account->name) || account->name.length == 0 ||
		    !cut(&line, ':', &password) || !cut(&line, ':', &id) ||
		    !read_id(id, &account->id))
			continue;
		for (int i = 0; i < 3; i++)	/* group, full name, home */
			if (!cut(&line, ':', &field))
				line.length = 0;
		account->shell = line;
		return true;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct text trim(struct text text)
{
	while (text.length > 0 && is_blank(text.at[0]))
		text = (struct text){ text.at + 1, text.length - 1 };
	while (text.length > 0 && is_blank(text.at[text.length - 1]))
		text.length--;
	return text;
}

bool accounts_subid_service(struct text nsswitch)
{
	while (nsswitch.length > 0) {
		struct text line, words, name;

		(void)cut(&nsswitch, '\n', &words);
		(void)cut(&words, '#', &line);
		if (cut(&line, ':', &name) && equal(trim(name), "subid"))
			return trim(line).length > 0 && !equal(trim(line), "files");
	}
	return false;
}

static bool next_delegation(struct text *rest, uint32_t *first, uint32_t *count)
{
	while (rest->length > 0) {
		struct text line, owner, field;

		(void)cut(rest, '\n', &line);
		if (cut(&line, ':', &owner) && cut(&line, ':', &field) &&
		    read_id(field, first) && read_id(line, count))
			return true;
	}
	return false;
}

/* ---- free ranges --------------------------------------------------------------------------- */

/* Moves the place behind what is used, if they meet. */
static bool move_behind(uint64_t *place, uint64_t first, uint64_t count)
{
	if (count == 0 || first >= *place + FREE_COUNT || *place >= first + count)
		return false;
	*place = first + count;
	return true;
}

uint32_t accounts_free_range(struct text delegations, struct text accounts)
{
	uint64_t place = FREE_FIRST;
	bool moved = true;

	while (moved && place + FREE_COUNT <= UINT32_MAX) {	/* a sorted file needs two rounds */
		struct text lines = delegations, names = accounts;
		struct account account;
		uint32_t first, count;

		moved = false;
		while (next_delegation(&lines, &first, &count))
			moved |= move_behind(&place, first, count);
		while (accounts_next(&names, &account))
			moved |= move_behind(&place, account.id, 1);
	}
	return place + FREE_COUNT <= UINT32_MAX ? (uint32_t)place : 0;
}
