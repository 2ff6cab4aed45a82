/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account - the name of a user in the text of /etc/passwd; pure */
#ifndef HELPERS_ACCOUNT_H
#define HELPERS_ACCOUNT_H

#include "idmap/text.h"

enum { ACCOUNT_NAME_SIZE = 256 };	/* with a NUL; LOGIN_NAME_MAX of Linux */

/*
 * Copies the name of the first account with this UID.  Returns false if there
 * is none, or if its name could be taken for something else in a file of
 * owners: for a number, for a line of NIS, or for more than one field.
 */
bool account_name(struct text passwd, uint32_t uid, char name[ACCOUNT_NAME_SIZE]);

#endif
