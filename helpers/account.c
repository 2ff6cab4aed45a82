/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * account - the name of a user in the text of /etc/passwd
 *
 * getpwuid(3) would load whatever /etc/nsswitch.conf names into a process that
 * holds a capability.  passwd(5) has seven fields, and three of them count.
 */
#include "helpers/account.h"

#include <string.h>

enum { FIELDS = 7, NAME = 0, UID = 2 };

static bool read_account(struct text line, struct text *name, uint32_t *uid)
{
	struct text field[FIELDS];

	for (size_t i = 0; i < FIELDS; i++)
		if (text_cut(&line, ':', &field[i]) != (i < FIELDS - 1))
			return false;
	*name = field[NAME];
	return text_number(field[UID], uid);
}

static bool is_plain(struct text name)
{
	for (size_t i = 0; i < name.length; i++)
		if ((unsigned char)name.at[i] <= ' ' || name.at[i] == '\177')
			return false;
	return name.length > 0 && name.length < ACCOUNT_NAME_SIZE && !text_is_digits(name) &&
	       strchr("+-#", name.at[0]) == NULL;
}

bool account_name(struct text passwd, uint32_t uid, char name[ACCOUNT_NAME_SIZE])
{
	struct text line, found;
	uint32_t its_uid;

	while (passwd.length > 0) {
		(void)text_cut(&passwd, '\n', &line);
		if (!read_account(line, &found, &its_uid) || its_uid != uid)
			continue;
		if (!is_plain(found))
			return false;
		memcpy(name, found.at, found.length);
		name[found.length] = '\0';
		return true;
	}
	return false;
}
