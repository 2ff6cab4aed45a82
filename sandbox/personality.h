/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * personality - how the programs made from this one engine differ, as data
 *
 * croft and croft-bwrap are the same objects with another main(), which names
 * one of these.  What a personality says is settled while words are read and
 * the plan is made; from there on nobody asks who we are, only what the plan
 * says (struct customs).
 */
#ifndef SANDBOX_PERSONALITY_H
#define SANDBOX_PERSONALITY_H

#include "sandbox/failure.h"
#include "sandbox/options/options.h"

struct usage {
	enum command command;
	const char *usage, *what;
};

struct personality {
	struct voice voice;
	const char *program;			/* what one types */
	int failed, cannot_run, not_found;	/* statuses: no sandbox, no exec, no such command */

	unsigned audience;			/* which sections of options are offered */
	const struct options *preset;		/* what holds before the first word is read */

	/* how words are read */
	bool command_words;			/* run, shell or explain comes first */
	bool modifiers_bind;			/* --perms, --size, layers want their operation */
	bool relative_targets;			/* a path inside need not begin with a slash */
	bool as_in_c;				/* numbers may be C's, a host's name empty */
	bool joined_values;			/* --option=value says --option value, too */
	size_t max_words;			/* 0: no limit but the kernel's */
	const char *const *last_counts;		/* the last one counts, with a warning; NULL ends */

	/* what it says of itself */
	const struct usage *usage;		/* ended by one without a text */
	const char *version;
	const char *manual;
	const char *example;			/* a hint where the command is missing */
};

extern const struct personality personality_of_croft, personality_of_bwrap;

/* The exit status for a failure, in this personality. */
int personality_status(const struct personality *personality, const struct failure *why);

#endif
