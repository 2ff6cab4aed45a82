/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command - becoming the user's command: where it is found, and what runs it
 *
 * As execvp(3) and shells do.  It is not left to the C library, since musl runs
 * no script without a "#!" line, and glibc hands a program for another machine
 * to the shell as well.
 */
#include "sandbox/command.h"

#include "sandbox/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHELL "/bin/sh"

/* ---- where it is --------------------------------------------------------------------------- */

/* Tries one place. */
static void become(const char *directory, int length, const char *file, char path[PATH_MAX],
		   char **words)
{
	const char *slash = length > 0 ? "/" : "";
	int used = snprintf(path, PATH_MAX, "%.*s%s%s", length, directory, slash, file);

	if (used >= PATH_MAX)
		errno = ENAMETOOLONG;
	else
		(void)execv(path, words);
}

/* What says something of one directory, and nothing of the next. */
static bool may_be_elsewhere(void)
{
	static const int errors[] = {
		ENOENT, ENOTDIR, EACCES, ENAMETOOLONG, ELOOP, ESTALE, ENODEV, ETIMEDOUT
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i] == errno)
			return true;
	return false;
}

/* An empty part of PATH is the working directory.  What was found and is closed is told last. */
static void become_in_path(const char *file, const char *usual, char path[PATH_MAX], char **words)
{
	const char *part = getenv("PATH");
	bool closed = false;

	if (part == NULL)
		part = usual;
	for (;; part++) {
		size_t length = strcspn(part, ":");

		become(part, (int)length, file, path, words);
		closed |= errno == EACCES;
		part += length;
		if (!may_be_elsewhere() || *part == '\0')
			break;
	}
	if (may_be_elsewhere())
		errno = closed ? EACCES : ENOENT;
}

static void become_somewhere(const char *file, const char *usual, char path[PATH_MAX], char **words)
{
	if (file[0] == '\0')
		errno = ENOENT;
	else if (strchr(file, '/') != NULL)
		become("", 0, file, path, words);
	else if (strlen(file) > NAME_MAX)
		errno = ENAMETOOLONG;
	else
		become_in_path(file, usual, path, words);
}

/* ---- what is no program -------------------------------------------------------------------- */

/* The first line of a text has no NUL: what shells ask before they take a file for a script. */
static bool is_text(const char *path)
{
	auto_close fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	char bytes[256];
	ssize_t got = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
	const char *end = got <= 0 ? NULL : memchr(bytes, '\n', (size_t)got);
	size_t line = end != NULL ? (size_t)(end - bytes) : (size_t)got;

	return got >= 0 && (got == 0 || memchr(bytes, '\0', line) == NULL);
}

static int become_shell(const char *path, char **words, struct failure *why)
{
	size_t n = 0;
	char **longer;

	while (words[n] != NULL)
		n++;
	longer = calloc(n + 2, sizeof(*longer));
	if (longer == NULL)
		return fail(why, errno, "make the command line of " SHELL);
	longer[0] = (char *)"sh";
	longer[1] = (char *)path;
	for (size_t i = 1; i < n; i++)
		longer[i + 1] = words[i];
	(void)execv(SHELL, longer);
	why->status = EXIT_CANNOT_RUN;
	(void)fail(why, errno, "run %s by " SHELL, path);
	free(longer);
	return hint(why, "its first line names no interpreter (#!)");
}

static int cannot_run(const char *file, struct failure *why)
{
	why->status = errno == ENOENT || errno == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
	(void)fail(why, errno, "run %s", file);
	(void)familiar(why, "execvp %s", file);
	if (why->err == ENOEXEC)
		return hint(why, "it is neither a script nor a program for this machine");
	if (why->status == EXIT_NOT_FOUND && strchr(file, '/') != NULL && access(file, F_OK) == 0)
		return hint(why, "the file is there; the interpreter that it names is not");
	if (why->status == EXIT_NOT_FOUND)
		return hint(why, "only what croft explain lists exists inside; "
				 "--ro-bind shows more of the host");
	return -1;
}

int command_become(const char *file, const char *usual, char **words, struct failure *why)
{
	char path[PATH_MAX];

	become_somewhere(file, usual, path, words);
	if (errno != ENOEXEC)
		return cannot_run(file, why);
	if (is_text(path))
		return become_shell(path, words, why);
	errno = ENOEXEC;
	return cannot_run(file, why);
}
