/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options - walk the command line along the table */
#include "sandbox/options/options.h"

#include "sandbox/personality.h"

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
static const struct option_row *find_row(unsigned audience, const char *name, size_t length)
{
	for (size_t s = 0; s < n_option_sections; s++) {
		const struct option_section *section = option_sections[s];

		for (size_t i = 0; (section->audience & audience) != 0 && i < section->n; i++) {
			const char *candidate = section->rows[i].name;

			if (strncmp(candidate, name, length) == 0 && candidate[length] == '\0')
				return &section->rows[i];
		}
	}
	return NULL;
}

static int unknown_option(const struct options *o, const char *word, size_t length,
			  struct failure *why)
{
	(void)fail(why, 0, "there is no option %.*s", (int)length, word);
	(void)familiar(why, "Unknown option %s", word);
	return hint(why, "%s --help lists them; a command that begins with dashes comes after --",
		    o->personality->program);
}

/* Of some options each counts, of others the first is an error; of these the last. */
static void note_repeat(struct options *o, const struct option_row *row)
{
	const char *const *name = o->personality->last_counts;

	for (uint32_t bit = 1; *name != NULL; name++, bit <<= 1) {
		if (strcmp(*name, row->name) != 0)
			continue;
		if ((o->given & bit) != 0 && o->n_repeated < REPEATS)
			o->repeated[o->n_repeated++] = row->name;
		o->given |= bit;
	}
}

/* --help and --version are answered whatever follows them. */
static bool is_question(const struct options *o)
{
	return o->help || o->version;
}

static int nothing_pending(const struct options *o, struct failure *why);

/* --perms, --size and --overlay-src want their operation next; --args may bring it. */
static int check_pending(const struct options *o, const struct option_row *row, const char *before,
			 struct failure *why)
{
	if (!o->personality->modifiers_bind || is_question(o) || before == NULL ||
	    o->pending == NULL || o->pending == row->name || strcmp(row->name, "args") == 0)
		return 0;
	return nothing_pending(o, why);
}

static int missing_value(const struct option_row *row, const char *word, size_t missing,
			 struct failure *why)
{
	static const char *const counts[] = { "no arguments", "an argument", "two arguments",
					      "three arguments" };

	(void)fail(why, 0, "%s needs %s", word, row->values[missing]);
	return familiar(why, "%s takes %s", word, counts[option_arity(row)]);
}

/* Handles the option at *argv, and returns what follows it and its values; NULL on failure. */
static char **parse_option(struct options *o, char **argv, struct failure *why)
{
	char *word = *argv++;
	char *equals = o->personality->joined_values ? strchr(word, '=') : NULL;
	size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
	const struct option_row *row = word[1] == '-' ?
		find_row(o->personality->audience, word + 2, length - 2) : NULL;
	char *joined[MAX_VALUES] = { equals != NULL ? equals + 1 : NULL };
	const char *pending = o->pending;
	size_t arity;

	if (row == NULL) {
		(void)unknown_option(o, word, length, why);
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
			(void)missing_value(row, word, i, why);
			return NULL;
		}
	note_repeat(o, row);
	if (row->set(o, row, equals != NULL ? joined : argv, why) < 0 ||
	    check_pending(o, row, pending, why) < 0)
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
	(void)familiar(why, "--%s must be followed by an option that creates a file", o->pending);
	return hint(why, "put it directly before the operation, as in %s",
		    strcmp(o->pending, "overlay-src") == 0 ? "--overlay-src . --tmp-overlay /work" :
		    "--perms 0700 --dir /data");
}

/* bubblewrap's words, told and not done; dashes may set them off from ours. */
static char **parse_bwrap_word(struct options *o, char **argv)
{
	bool json = o->json;

	*o = *personality_of_bwrap.preset;
	o->personality = &personality_of_bwrap;
	o->explain = true;
	o->json = json;
	return *argv != NULL && strcmp(*argv, "--") == 0 ? argv + 1 : argv;
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
		if (*argv != NULL && strcmp(*argv, "--bwrap") == 0)
			return parse_bwrap_word(o, argv + 1);
	}
	for (size_t i = 0; *argv != NULL && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(*argv, commands[i].name) == 0) {
			o->command = commands[i].command;
			return argv + 1;
		}
	if (*argv != NULL && **argv != '-') {
		(void)fail(why, 0, "there is no command %s", *argv);
		(void)hint(why, "the commands are run, shell and explain, as in: "
			   "croft %srun -- %s; croft --help tells more",
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

static char **parse_options(struct options *o, char **argv, struct failure *why)
{
	while (argv != NULL && *argv != NULL && **argv == '-' && strcmp(*argv, "--") != 0 &&
	       !is_question(o))
		argv = parse_option(o, argv, why);
	return argv;
}

static char **parse_words(struct options *o, char **argv, struct failure *why)
{
	if (o->personality->command_words)
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

/* --perms and --size may be left over before the command, as bubblewrap has it; layers may not. */
static int check_left_over(struct options *o, struct failure *why)
{
	if (o->personality->command_words || o->layers != NULL)
		return nothing_pending(o, why);
	return 0;
}

static int count_words(struct options *o, size_t n, struct failure *why)
{
	size_t most = o->personality->max_words;

	o->n_words += n;
	if (most == 0 || o->n_words <= most)
		return 0;
	(void)fail(why, 0, "more than %zu words are given", most);
	return familiar(why, "Exceeded maximum number of arguments %zu", most);
}

int options_insert(struct options *o, char **words, size_t n, struct failure *why)
{
	if (count_words(o, n, why) < 0)
		return -1;
	o->in_args = true;
	words = parse_options(o, words, why);
	o->in_args = false;
	return words != NULL && (is_question(o) || nothing_pending(o, why) == 0) ? 0 : -1;
}

static size_t count(char **words)
{
	size_t n = 0;

	while (words[n] != NULL)
		n++;
	return n;
}

int options_parse(struct options *o, const struct personality *personality, char **argv,
		  struct failure *why)
{
	*o = *personality->preset;
	o->personality = personality;
	if (count_words(o, count(argv), why) < 0)
		return -1;
	argv = parse_words(o, *argv != NULL ? argv + 1 : argv, why);
	o->arguments = argv;
	if (argv == NULL || is_question(o))
		return argv != NULL ? 0 : -1;
	if (o->command == COMMAND_NONE)
		return no_command_word(o, why);
	if (check_left_over(o, why) < 0)
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
