/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verdict - the words for what a helper answered; the helpers themselves have none */
#include "sandbox/identity/verdict.h"

#include <stdbool.h>
#include <string.h>

struct row {
	enum idverdict_code code;
	const char *words;
	const char *hint;
};

#define REINSTALL "as root: make install sets owner, mode and capability again"
#define FILE_HINT "as root: chown root:root and chmod 644 the file"

static const struct row rows[] = {
	{ VERDICT_BAD_START, "it was not started as agreed", REINSTALL },
	{ VERDICT_NOT_PRIVILEGED, "it has no privilege",
	  "it must be set-user-ID root or have its file capability, on a file system that is not "
	  "nosuid, and no_new_privs must not be set around croft" },
	{ VERDICT_CANNOT_CONFINE, "it could not shed its privilege",
	  "a seccomp filter around croft may refuse it close_range(2), capset(2) or prctl(2); "
	  "--map-source newuidmap, or --map self or root, do without" },
	{ VERDICT_OTHER_IDENTITY, "the caller's real and effective IDs differ", NULL },
	{ VERDICT_REQUEST_SHORT, "the request broke off", NULL },
	{ VERDICT_REQUEST_LONG, "the request was too long", NULL },
	{ VERDICT_REQUEST_LATE, "the request came too late", NULL },
	{ VERDICT_REQUEST_UNSOUND, "the request was unsound",
	  "croft and its helpers may be of different versions: install both again" },
	{ VERDICT_TARGET_NOT_PROC, "it was not given a process in /proc",
	  "/proc must be mounted, and be the one of the helper's own PID namespace" },
	{ VERDICT_TARGET_FOREIGN, "the process or its user namespace is not yours", NULL },
	{ VERDICT_TARGET_NOT_CHILD, "the user namespace is not a child of the helper's own", NULL },
	{ VERDICT_TARGET_MAPPED, "the user namespace has a map already", NULL },
	{ VERDICT_TARGET_GONE, "the process died before it was mapped", NULL },
	{ VERDICT_NO_FILE, "the file does not exist",
	  "as root: usermod --add-subuids FIRST-LAST --add-subgids FIRST-LAST NAME" },
	{ VERDICT_FILE_LINK, "the file is a symbolic link", "as root: put the file itself there" },
	{ VERDICT_FILE_NOT_REGULAR, "the file is not a regular file",
	  "as root: put a regular file there" },
	{ VERDICT_FILE_UNTRUSTED, "the file is not root's, or others can write it", FILE_HINT },
	{ VERDICT_FILE_UNREADABLE, "the file cannot be read", FILE_HINT },
	{ VERDICT_FILE_TOO_LARGE, "the file is too large", NULL },
	{ VERDICT_NO_ENTRY, "the file has no line for you",
	  "as root: usermod --add-subuids FIRST-LAST --add-subgids FIRST-LAST NAME" },
	{ VERDICT_NO_ENTRY_MALFORMED, "the file has no line for you, and lines that cannot be read",
	  "a line is NAME:FIRST:COUNT in plain decimal numbers" },
	{ VERDICT_NOT_GRANTED, "a range goes beyond what the file delegates to you",
	  "croft explain shows the ranges; --map auto takes just what is delegated" },
	{ VERDICT_ID_ZERO, "the outside ID 0 is never granted", NULL },
	{ VERDICT_BELOW_FLOOR, "a range reaches into the system's own IDs",
	  "delegate a range above those that the system gives to accounts" },
	{ VERDICT_SETGROUPS_FORBIDDEN, "setgroups cannot be allowed",
	  "it wants a delegated range in the group map, and no /etc/croft/no-setgroups; "
	  "--setgroups deny does without" },
	{ VERDICT_WRITE_REFUSED, "the kernel refused the map", NULL },
	{ VERDICT_SETGROUPS_REFUSED, "the kernel refused to deny setgroups", NULL },
};

static const struct row *find(uint32_t code)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((uint32_t)rows[i].code == code)
			return &rows[i];
	return NULL;
}

/* The caller's name comes from another one, and is looked for first (helpers/grant.c). */
static const char *file_of(const char *helper, uint32_t code)
{
	bool uids = strcmp(helper, "uidmap") == 0;

	if (code < VERDICT_NO_FILE || code > VERDICT_NOT_GRANTED)
		return "";
	if (code <= VERDICT_FILE_TOO_LARGE)
		return uids ? " (/etc/passwd or /etc/subuid)" : " (/etc/passwd or /etc/subgid)";
	return uids ? " (/etc/subuid)" : " (/etc/subgid)";
}

int verdict_fail(const char *helper, uint32_t code, struct failure *why)
{
	const struct row *row = find(code);

	if (row == NULL)
		return fail(why, 0,
			    "the helper %s ended with the unknown verdict %u", helper, code);
	(void)fail(why, 0, "the helper %s refused: %s%s", helper, row->words,
		   file_of(helper, code));
	return row->hint != NULL ? hint(why, "%s", row->hint) : -1;
}
