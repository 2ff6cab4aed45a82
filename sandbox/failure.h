/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * failure - one thing that went wrong, told in a form that fits through a pipe
 *
 * Whoever fails fills one in and returns -1; main prints it, once.  A failure
 * made in the setup process crosses to the launcher as bytes.
 */
#ifndef SANDBOX_FAILURE_H
#define SANDBOX_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

struct failure {
	int err;		/* an errno, or 0 where errno has nothing to add */
	int exhausted;		/* the CLONE_NEW* of which no more can be made, or 0 */
	bool told;		/* it came from a process inside */
	bool filtered;		/* a filter for system calls around croft refused it, or may have */
	int status;		/* croft's exit status: 125, 126 or 127 */
	char phase[24];		/* the phase that failed, by its name in the table */
	char what[320];		/* the act and its object: "bind /srv on /data" */
	char hint[320];		/* what the user can do about it, or "" */
	char familiar[160];	/* bubblewrap's sentence for it, which programs look for, or "" */
};

/* Who speaks, and how. */
struct voice {
	const char *name;	/* what stands in front of each line */
	bool familiar;		/* bubblewrap's sentences come first, where it has one */
	bool level;		/* the line begins with a level, as sd-daemon(3) has it */
};

enum { EXIT_TIME_LIMIT = 124, EXIT_SANDBOX = 125, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

/* Fills in why, with err an errno or 0, and returns -1.  Texts that do not fit end in "...". */
int fail(struct failure *why, int err, const char *what, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds what to do about it to a failure already filled in; returns -1. */
int hint(struct failure *why, const char *what, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds bubblewrap's sentence to a failure already filled in; returns -1. */
int familiar(struct failure *why, const char *what, ...)
	__attribute__((format(printf, 2, 3)));

/* The words for an errno, in English, whichever the C library has. */
const char *failure_words(int err);

/* Writes "croft: PHASE: WHAT: REASON", and the hint below it, to standard error. */
void failure_print(const struct voice *voice, const struct failure *why);

/* "croft: warning: …" on standard error: something true that stops nothing. */
void warn(const struct voice *voice, const char *what, ...) __attribute__((format(printf, 2, 3)));

#endif
