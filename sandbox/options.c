/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options - walk the command line along the table */
#include "sandbox/options.h"

#include <stdbool.h>
#include <string.h>

size_t option_arity(const struct option_row *row)
{
	size_t n = 0;

	while (n < MAX_VALUES && row->values[n] != NULL)
		n++;
	return n;
}

/* Finds the row for a name of the given length, without its dashes. */
static const struct option_row *find_row(const char *name, size_t length)
{
	for (size_t s = 0; s < n_option_sections; s++) {
		const struct option_section *section = option_sections[s];

		for (size_t i = 0; i < section->n; i++) {
			const char *candidate = section->rows[i].name;

			if (strncmp(candidate, name, length) == 0 && candidate[length] == '\0')
				return &section->rows[i];
		}
	}
	return NULL;
}

/* Handles the option at *argv, and returns what follows it and its values; NULL on failure. */
static char **parse_option(struct options *o, char **argv, struct failure *why)
{
	char *word = *argv++;
	char *equals = strchr(word, '=');
	size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
	const struct option_row *row = word[1] == '-' ? find_row(word + 2, length - 2) : NULL;
	char *joined[MAX_VALUES] = { equals != NULL ? equals + 1 : NULL };
	size_t arity;

	if (row == NULL) {
		(void)fail(why, 0, "there is no option %.*s", (int)length, word);
		(void)hint(why, "croft --help lists them; a command that begins with dashes comes "
				"after --");
		return NULL;
	}
	arity = option_arity(row);
	if (equals != NULL && arity != 1) {
		(void)fail(why, 0, "%.*s takes %s after an equals sign", (int)length, word,
			   arity == 0 ? "nothing" : "its values as words, not");
		return NULL;
	}
	for (size_t i = 0; equals == NULL && i < arity; i++)
		if (argv[i] == NULL) {
			(void)fail(why, 0, "%s needs %s", word, row->values[i]);
			return NULL;
		}
	if (row->set(o, row, equals != NULL ? joined : argv, why) < 0)
		return NULL;
	return equals != NULL ? argv : argv + arity;
}

/* --perms, --size and --overlay-src speak of the operation that follows. */
static int nothing_pending(const struct options *o, struct failure *why)
{
	if (o->pending == NULL)
		return 0;
	(void)fail(why, 0, "--%s is not followed by an operation that it could apply to",
		   o->pending);
	return hint(why, "put it directly before the operation, as in --perms 0700 --dir /data");
}

static char **parse_command_word(struct options *o, char **argv, struct failure *why)
{
	static const struct { const char *name; enum command command; } commands[] = {
		{ "run", COMMAND_RUN }, { "shell", COMMAND_SHELL },
	};

	if (*argv != NULL && strcmp(*argv, "explain") == 0) {
		o->explain = true;
		argv++;
		if (*argv != NULL && strcmp(*argv, "--json") == 0) {
			o->json = true;
			argv++;
		}
	}
	for (size_t i = 0; *argv != NULL && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(*argv, commands[i].name) == 0) {
			o->command = commands[i].command;
			return argv + 1;
		}
	if (*argv != NULL && **argv != '-') {
		(void)fail(why, 0, "there is no command %s", *argv);
		(void)hint(why, "the commands are run, shell and explain, as in: croft %srun -- %s",
			   o->explain ? "explain " : "", *argv);
		return NULL;
	}
	return argv;
}

/* Only a shell takes a word of its own before the dashes: the root file system. */
static char **parse_rootfs_word(struct options *o, char **argv, struct failure *why)
{
	if (o->command != COMMAND_SHELL || *argv == NULL || strcmp(*argv, "--") == 0)
		return argv;
	if (**argv == '\0') {
		(void)fail(why, 0, "the root file system is an empty word");
		return NULL;
	}
	if (o->rootfs != NULL) {
		(void)fail(why, 0, "two root file systems are asked for: %s and %s", o->rootfs,
			   *argv);
		(void)hint(why, "a command for the shell comes after --");
		return NULL;
	}
	o->rootfs = *argv;
	return argv + 1;
}

/* --help and --version are answered whatever follows them. */
static bool is_question(const struct options *o)
{
	return o->help || o->version;
}

static char **parse_options(struct options *o, char **argv, struct failure *why)
{
	while (argv != NULL && *argv != NULL && **argv == '-' && strcmp(*argv, "--") != 0 &&
	       !is_question(o))
		argv = parse_option(o, argv, why);
	return argv;
}

static char **parse_words(struct options *o, char **argv, struct failure *why)
{
	argv = parse_command_word(o, argv, why);
	argv = parse_options(o, argv, why);
	if (argv == NULL || is_question(o))
		return argv;
	argv = parse_rootfs_word(o, argv, why);
	return o->command == COMMAND_SHELL ? parse_options(o, argv, why) : argv;
}

static int no_command_word(const struct options *o, struct failure *why)
{
	(void)fail(why, 0, "%s what to do: run, shell or explain",
		   o->explain ? "croft explain needs to be told"
			      : "croft needs to be told, before its options,");
	return hint(why, "for example: croft %srun -- ls /; croft --help tells more",
		    o->explain ? "explain " : "");
}

int options_parse(struct options *o, char **argv, struct failure *why)
{
	o->setgroups = UNSAID;
	o->info_fd = o->status_fd = UNSAID;
	argv = parse_words(o, *argv != NULL ? argv + 1 : argv, why);
	o->arguments = argv;
	if (argv == NULL || is_question(o))
		return argv != NULL ? 0 : -1;
	if (o->command == COMMAND_NONE)
		return no_command_word(o, why);
	if (nothing_pending(o, why) < 0)
		return -1;
	if (*argv != NULL && strcmp(*argv, "--") == 0) {
		o->arguments = argv + 1;
		return 0;
	}
	if (*argv != NULL && o->command == COMMAND_SHELL) {
		(void)fail(why, 0, "%s is one word too many", *argv);
		return hint(why, "a command for the shell comes after --");
	}
	return 0;
}
