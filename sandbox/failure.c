/* SPDX-License-Identifier: GPL-2.0-or-later */
/* failure - fill in, and print, the one thing that went wrong */
#include "sandbox/failure.h"

#include "sandbox/quote.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What does not fit ends in dots, so that nobody takes a part for the whole. */
static void write_text(char *text, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));
static void write_text(char *text, size_t size, const char *format, va_list args)
{
	int length = vsnprintf(text, size, format, args);

	if (length < 0 || (size_t)length >= size)
		(void)memcpy(text + size - sizeof("..."), "...", sizeof("..."));
}

int fail(struct failure *why, int err, const char *what, ...)
{
	va_list args;

	why->err = err;
	if (why->status == 0)
		why->status = EXIT_SANDBOX;
	why->hint[0] = why->familiar[0] = '\0';
	va_start(args, what);
	write_text(why->what, sizeof(why->what), what, args);
	va_end(args);
	return -1;
}

int familiar(struct failure *why, const char *what, ...)
{
	va_list args;

	va_start(args, what);
	write_text(why->familiar, sizeof(why->familiar), what, args);
	va_end(args);
	return -1;
}

int hint(struct failure *why, const char *what, ...)
{
	va_list args;

	va_start(args, what);
	write_text(why->hint, sizeof(why->hint), what, args);
	va_end(args);
	return -1;
}

/* In the words that people look for, where a C library has others (musl's strerror()). */
const char *failure_words(int err)
{
	static const struct { int err; const char *words; } rows[] = {
		{ EBUSY,        "Device or resource busy" },
		{ EDQUOT,       "Disk quota exceeded" },
		{ ELOOP,        "Too many levels of symbolic links" },
		{ EMFILE,       "Too many open files" },
		{ ENAMETOOLONG, "File name too long" },
		{ ENFILE,       "Too many open files in system" },
		{ ENOMEM,       "Cannot allocate memory" },
		{ ENOTTY,       "Inappropriate ioctl for device" },
		{ EUSERS,       "Too many users" },
		{ EXDEV,        "Invalid cross-device link" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].err == err)
			return rows[i].words;
	return strerror(err);
}

/* The words of <3> and <4> are LOG_ERR's and LOG_WARNING's. */
static const char *level_of(const struct voice *voice, const char *level)
{
	return voice->level ? level : "";
}

static void print_familiar(const struct voice *voice, const struct failure *why)
{
	char text[QUOTED_SIZE(sizeof(why->familiar))];
	bool reason = why->err != 0;

	if (voice->familiar && why->familiar[0] != '\0')
		(void)fprintf(stderr, "%s%s: %s%s%s\n", level_of(voice, "<3>"), voice->name,
			      quote(why->familiar, text, sizeof(text)), reason ? ": " : "",
			      reason ? failure_words(why->err) : "");
}

/*
 * Names, paths and arguments are the user's: no byte of them steers a terminal.
 * Each line is one write, so that it stays whole beside others'.
 */
void failure_print(const struct voice *voice, const struct failure *why)
{
	char text[QUOTED_SIZE(sizeof(why->what))];
	bool phase = why->phase[0] != '\0', reason = why->err != 0;
	const char *level = level_of(voice, "<3>");

	print_familiar(voice, why);
	(void)fprintf(stderr, "%s%s: %s%s%s%s%s\n", level, voice->name, why->phase,
		      phase ? ": " : "", quote(why->what, text, sizeof(text)),
		      reason ? ": " : "", reason ? failure_words(why->err) : "");
	if (why->hint[0] != '\0')
		(void)fprintf(stderr, "%s%s: hint: %s\n", level, voice->name,
			      quote(why->hint, text, sizeof(text)));
}

void warn(const struct voice *voice, const char *what, ...)
{
	char text[320], quoted[QUOTED_SIZE(sizeof(text))];
	va_list args;

	va_start(args, what);
	write_text(text, sizeof(text), what, args);
	va_end(args);
	(void)fprintf(stderr, "%s%s: %s%s\n", level_of(voice, "<4>"), voice->name,
		      voice->familiar ? "" : "warning: ", quote(text, quoted, sizeof(quoted)));
}
