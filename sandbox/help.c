/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * help - what --help and --version print, from the table of options
 *
 * The manual's lists and the completions are made from what is printed here:
 * a title at the margin, a row for each option, two blanks before its help.
 */
#include "sandbox/help.h"

#include <errno.h>
#include <stdio.h>

enum { INDENT = 30 };

static const struct {
	enum command command;
	const char *usage, *what;
} commands[] = {
	{ COMMAND_RUN, "croft run [OPTIONS] [--] COMMAND...",
	  "run      run a command in a sandbox that holds only what is asked for" },
	{ COMMAND_SHELL, "croft shell [OPTIONS] [ROOTFS] [-- COMMAND...]",
	  "shell    be root in a tree of your own" },
	{ COMMAND_NONE, "croft explain [--json] run|shell ...",
	  "explain  print what would be done, and do nothing" },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

/* COMMAND_NONE asks about all of them. */
static void print_usage(enum command asked)
{
	const char *before = "usage: ";

	for (size_t i = 0; i < COMMANDS; i++)
		if (asked == COMMAND_NONE || commands[i].command == asked) {
			(void)printf("%s%s\n", before, commands[i].usage);
			before = "       ";
		}
	(void)putchar('\n');
	for (size_t i = 0; i < COMMANDS; i++)
		if (asked == COMMAND_NONE || commands[i].command == asked)
			(void)puts(commands[i].what);
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
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : fail(why, errno, "write to standard output");
}

int help_print(enum command asked, struct failure *why)
{
	print_usage(asked);
	for (size_t s = 0; s < n_option_sections; s++) {
		(void)printf("\n%s\n", option_sections[s]->title);
		for (size_t i = 0; i < option_sections[s]->n; i++)
			print_row(&option_sections[s]->rows[i]);
	}
	(void)puts("\nThe manual says what they mean: croft(1), croft-run(1), croft-shell(1).");
	return finish(why);
}

int help_print_version(struct failure *why)
{
	(void)printf("croft %s\n", PACKAGE_VERSION);
	return finish(why);
}
