/* SPDX-License-Identifier: GPL-2.0-or-later */
/* failure - fill in, and print, the one thing that went wrong */
#include "sandbox/failure.h"

#include "sandbox/quote.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fail(struct failure *why, int err, const char *what, ...)
{
	va_list args;

	why->err = err;
	if (why->status == 0)
		why->status = EXIT_SANDBOX;
	why->hint[0] = '\0';
	va_start(args, what);
	(void)vsnprintf(why->what, sizeof(why->what), what, args);
	va_end(args);
	return -1;
}

int hint(struct failure *why, const char *what, ...)
{
	va_list args;

	va_start(args, what);
	(void)vsnprintf(why->hint, sizeof(why->hint), what, args);
	va_end(args);
	return -1;
}

/* Names, paths and arguments are the user's: no byte of them steers a terminal. */
static void print_quoted(const char *text)
{
	char quoted[QUOTED_SIZE(320)];

	(void)fputs(quote(text, quoted, sizeof(quoted)), stderr);
}

void failure_print(const struct failure *why)
{
	(void)fputs("croft: ", stderr);
	if (why->phase[0] != '\0')
		(void)fprintf(stderr, "%s: ", why->phase);
	print_quoted(why->what);
	if (why->err != 0)
		(void)fprintf(stderr, ": %s", strerror(why->err));
	(void)fputc('\n', stderr);
	if (why->hint[0] != '\0') {
		(void)fputs("croft: hint: ", stderr);
		print_quoted(why->hint);
		(void)fputc('\n', stderr);
	}
}

void warn(const char *what, ...)
{
	char text[320];
	va_list args;

	va_start(args, what);
	(void)vsnprintf(text, sizeof(text), what, args);
	va_end(args);
	(void)fputs("croft: warning: ", stderr);
	print_quoted(text);
	(void)fputc('\n', stderr);
}
