/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * help - what --help and --version print, from the table of options
 *
 * The manual's lists and the completions are made from what is printed here:
 * a title at the margin, a row for each option, two blanks before its help.
 */
#include "sandbox/options/help.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 30 };

/* COMMAND_NONE asks about all of them. */
static void print_usage(const struct personality *personality, const char *called,
			enum command asked)
{
	const char *before = "usage: ";

	for (const struct usage *row = personality->usage; row->usage != NULL; row++)
		if (asked == COMMAND_NONE || row->command == asked) {
			(void)printf("%s%s %s\n", before, called, row->usage);
			before = "       ";
		}
	(void)putchar('\n');
	for (const struct usage *row = personality->usage; row->usage != NULL; row++)
		if (asked == COMMAND_NONE || row->command == asked)
			(void)puts(row->what);
}

static void print_row(const struct option_row *row)
{
	int used = printf("  --%s", row->name);

	for (size_t i = 0; i < option_arity(row); i++)
		used += printf(" %s", row->values[i]);
	if (used > INDENT - 2)
		used = printf("\n") - 1;
	(void)printf("%*s%s\n", INDENT - used, "", row->help);
}

/* A line may have been written, and lost, before this: then there is nothing left to flush. */
static int finish(struct failure *why)
{
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return 0;
	return fail(why, errno, "write to standard output");
}

int help_print(const struct personality *personality, const char *called, enum command asked,
	       struct failure *why)
{
	const char *title = "";

	print_usage(personality, called, asked);
	for (size_t s = 0; s < n_option_sections; s++) {
		const struct option_section *section = option_sections[s];

		if ((section->audience & personality->audience) == 0)
			continue;
		if (strcmp(title, section->title) != 0)
			(void)printf("\n%s\n", section->title);
		title = section->title;
		for (size_t i = 0; i < section->n; i++)
			print_row(&section->rows[i]);
	}
	(void)printf("\nThe manual says what they mean: %s.\n", personality->manual);
	return finish(why);
}

int help_print_version(const struct personality *personality, struct failure *why)
{
	(void)puts(personality->version);
	return finish(why);
}
