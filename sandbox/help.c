/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help - what --help and --version print, from the table of options */
#include "sandbox/help.h"

#include <errno.h>
#include <stdio.h>

enum { INDENT = 30 };

static const char usage[] =
	"usage: croft run [OPTIONS] [--] COMMAND...\n"
	"       croft shell [OPTIONS] [ROOTFS] [-- COMMAND...]\n"
	"       croft explain [--json] run|shell ...\n"
	"\n"
	"run      run a command in a sandbox that holds only what is asked for\n"
	"shell    be root in a tree of your own\n"
	"explain  print what would be done, and do nothing\n";

static void print_row(const struct option_row *row)
{
	int used = printf("  --%s", row->name);

	for (size_t i = 0; i < option_arity(row); i++)
		used += printf(" %s", row->values[i]);
	if (used > INDENT - 2)
		used = printf("\n") - 1;
	(void)printf("%*s%s\n", INDENT - used, "", row->help);
}

static int finish(struct failure *why)
{
	return fflush(stdout) == 0 ? 0 : fail(why, errno, "write to standard output");
}

int help_print(struct failure *why)
{
	(void)fputs(usage, stdout);
	for (size_t s = 0; s < n_option_sections; s++) {
		(void)printf("\n%s\n", option_sections[s].title);
		for (size_t i = 0; i < option_sections[s].n; i++)
			print_row(&option_sections[s].rows[i]);
	}
	return finish(why);
}

int help_print_version(struct failure *why)
{
	(void)printf("croft %s\n", PACKAGE_VERSION);
	return finish(why);
}
