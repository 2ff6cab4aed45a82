/* SPDX-License-Identifier: GPL-2.0-or-later */
/* program - the order: options, facts, plan, then the act; the only place that prints a failure */
#include "sandbox/program.h"

#include "sandbox/confine/descriptors.h"
#include "sandbox/confine/filters.h"
#include "sandbox/explain.h"
#include "sandbox/facts.h"
#include "sandbox/failure.h"
#include "sandbox/launch.h"
#include "sandbox/options/help.h"
#include "sandbox/options/options.h"
#include "sandbox/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * The command line as the kernel shows it in /proc/PID/cmdline: one piece of
 * memory.  The reaper wipes its own, so what the plan points to is a copy.
 */
struct command_line {
	char *shown;
	size_t size;
	char **words;
};

static int copy_command_line(int argc, char **argv, struct command_line *line, struct failure *why)
{
	char *copy;

	line->shown = argv[0];
	line->size = argc > 0 ? (size_t)(argv[argc - 1] - argv[0]) + strlen(argv[argc - 1]) + 1 : 0;
	line->words = calloc((size_t)argc + 1, sizeof(*line->words));
	copy = malloc(line->size + 1);
	if (line->words == NULL || copy == NULL)
		return fail(why, errno, "copy the command line");
	memcpy(copy, line->shown, line->size);
	for (int i = 0; i < argc; i++)
		line->words[i] = copy + (argv[i] - argv[0]);
	return 0;
}

static int run(const struct options *options, const struct command_line *line, pid_t parent,
	       struct failure *why)
{
	struct voice voice = options->personality->voice;

	static struct facts facts;
	static struct plan plan;

	voice.level = options->level_prefix;
	if (facts_gather(options, &facts, why) < 0 || plan_make(options, &facts, &plan, why) < 0 ||
	    filters_load(&plan, why) < 0)
		return -1;
	for (size_t i = 0; i < plan.n_warnings; i++)
		warn(&voice, "%s", plan.warning[i]);
	if (options->explain)
		return explain(&plan, options->json, why);
	return launch(&plan, parent, line->shown, line->size, why);
}

/* bubblewrap names itself in its usage as it was called, and its tests look for that. */
static const char *called(const struct options *o, char **argv)
{
	return o->personality->command_words || argv[0] == NULL ? o->personality->program : argv[0];
}

int program_run(const struct personality *personality, int argc, char **argv)
{
	static struct options options;
	const pid_t parent = getppid();		/* before anything that may wait, as --args does */
	struct voice voice = personality->voice;
	struct command_line line;
	struct failure why = { 0 };
	int status;

	if (descriptors_fill(&why) < 0 || copy_command_line(argc, argv, &line, &why) < 0 ||
	    options_parse(&options, personality, line.words, &why) < 0)
		status = -1;
	else if (options.help)
		status = help_print(options.personality, called(&options, argv), options.command,
				    &why);
	else if (options.version)
		status = help_print_version(options.personality, &why);
	else
		status = run(&options, &line, parent, &why);
	if (status >= 0)
		return status;
	voice.level = options.level_prefix;
	failure_print(&voice, &why);
	return personality_status(personality, &why);
}
