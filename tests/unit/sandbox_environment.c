/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The payload's variables: what comes in, what is made, what the plan changes. */
#include "sandbox/confine/environment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_WORDS = 8 };

#define USER_PATH "PATH=/usr/local/bin:/usr/bin:/bin"
#define ROOT_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define IDENTITY  "HOME=/home/u USER=u LOGNAME=u SHELL=/bin/sh "
#define SET(n, v) { ENVIRONMENT_SET, n, v }
#define UNSET(n)  { ENVIRONMENT_UNSET, n, NULL }
#define CLEAR     { ENVIRONMENT_CLEAR, NULL, NULL }

static const struct row {
	const char *name;
	const char *callers[MAX_WORDS];
	struct environment_change changes[MAX_WORDS];
	size_t n_changes;
	uint32_t uid;
	const char *want;		/* in order, with a blank between */
} rows[] = {
	{ "an empty environment gets an identity and a path",
	  { NULL }, { CLEAR }, 0, 1000, IDENTITY USER_PATH },
	{ "UID 0 gets sbin, too",
	  { NULL }, { CLEAR }, 0, 0, IDENTITY ROOT_PATH },
	{ "terminal, language and time zone come in",
	  { "TERM=xterm", "COLORTERM=truecolor", "LANG=de_DE.UTF-8", "LC_TIME=C",
	    "TZ=Europe/Berlin", "NO_COLOR=" }, { CLEAR }, 0, 1000,
	  "TERM=xterm COLORTERM=truecolor NO_COLOR= TZ=Europe/Berlin LANG=de_DE.UTF-8 LC_TIME=C "
	  IDENTITY USER_PATH },
	{ "the first of two counts, as for getenv",
	  { "TERM=first", "TERM=second" }, { CLEAR }, 0, 1000, "TERM=first " IDENTITY USER_PATH },

	{ "nothing else comes in",
	  { "SSH_AUTH_SOCK=/run/agent", "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/bus",
	    "LD_PRELOAD=x.so", "DISPLAY=:0", "XDG_RUNTIME_DIR=/run/user/1000",
	    "AWS_SECRET_ACCESS_KEY=k" },
	  { CLEAR }, 0, 1000, IDENTITY USER_PATH },
	{ "names that only begin like an allowed one stay out",
	  { "TERMCAP=x", "LANGUAGES=x", "TZDIR=/x", "LC_SECRET=x", "LC_=x", "TERM" },
	  { CLEAR }, 0, 1000, IDENTITY USER_PATH },
	{ "the caller's own identity and path stay out",
	  { "HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/evil", "PATH=.:/tmp" },
	  { CLEAR }, 0, 1000, IDENTITY USER_PATH },
	{ "a time zone that names a file stays out",
	  { "TZ=/home/me/zone" }, { CLEAR }, 0, 1000, IDENTITY USER_PATH },
	{ "with a colon before it, too",
	  { "TZ=:/home/me/zone" }, { CLEAR }, 0, 1000, IDENTITY USER_PATH },

	{ "the plan's changes come in order",
	  { NULL }, { SET("A", "1"), SET("A", "2"), UNSET("B"), SET("B", "3") }, 4, 1000,
	  IDENTITY USER_PATH " A=2 B=3" },
	{ "an identity can be changed and taken away",
	  { NULL }, { SET("HOME", "/x"), UNSET("SHELL"), UNSET("USER"), UNSET("LOGNAME") }, 4, 1000,
	  USER_PATH " HOME=/x" },
	{ "a value may be empty or hold '='",
	  { NULL }, { CLEAR, SET("A", ""), SET("B", "x=y") }, 3, 1000, "A= B=x=y" },
	{ "clear takes away our own, and what was set before",
	  { "TERM=xterm" }, { SET("A", "1"), CLEAR, SET("B", "2") }, 3, 1000, "B=2" },
	{ "clear alone leaves nothing",
	  { "TERM=xterm" }, { CLEAR }, 1, 1000, "" },
	{ "to unset takes the whole name",
	  { NULL }, { CLEAR, SET("AB", "1"), SET("A", "2"), UNSET("A") }, 4, 1000, "AB=1" },
	{ "to unset what is not there changes nothing",
	  { NULL }, { UNSET("NOWHERE") }, 1, 1000, IDENTITY USER_PATH },
};

static const struct identity someone = { "u", "/home/u", "/bin/sh" };

static char *join(char **entries, char *text)
{
	text[0] = '\0';
	for (; *entries != NULL; entries++)
		(void)strcat(strcat(text, text[0] != '\0' ? " " : ""), *entries);
	return text;
}

/* Lives until exec in croft; here the sanitizers would miss it. */
static void forget(char **entries)
{
	for (char **entry = entries; *entry != NULL; entry++)
		free(*entry);
	free(entries);
}

static void make_row(void **state)
{
	const struct row *row = *state;
	struct plan plan = { .n_environment = row->n_changes };
	char *callers[MAX_WORDS] = { NULL }, text[4096];
	struct environment_change changes[MAX_WORDS];
	char **made;

	for (size_t i = 0; i < MAX_WORDS && row->callers[i] != NULL; i++)
		callers[i] = (char *)row->callers[i];
	memcpy(changes, row->changes, sizeof(changes));
	plan.environment = changes;
	made = environment_make(&plan, row->uid, &someone, callers);
	assert_non_null(made);
	assert_string_equal(join(made, text), row->want);
	forget(made);
}

/* More than any first guess of the list's size. */
static void many_are_set(void **state)
{
	static struct environment_change changes[1000];
	static char names[1000][8];
	struct plan plan = { .environment = changes, .n_environment = 1000 };
	char *callers[] = { NULL }, **made;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "V%zu", i);
		changes[i] = (struct environment_change)SET(names[i], "x");
	}
	made = environment_make(&plan, 1000, &someone, callers);
	assert_non_null(made);
	while (made[n] != NULL)
		n++;
	assert_int_equal(n, 1005);
	assert_string_equal(made[1004], "V999=x");
	forget(made);
}

/* An account without an entry in passwd has no name: no empty variable is made. */
static void unknown_stays_unset(void **state)
{
	const struct identity nobody = { .home = "/" };
	struct plan plan = { .n_environment = 0 };
	char *callers[] = { NULL }, text[4096], **made;

	(void)state;
	made = environment_make(&plan, 1000, &nobody, callers);
	assert_non_null(made);
	assert_string_equal(join(made, text), "HOME=/ " USER_PATH);
	forget(made);
}

int main(void)
{
	enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[ROWS + 2] = {
		[ROWS] = { "a thousand variables are set", many_are_set, NULL, NULL, NULL },
		[ROWS + 1] = { "what is not known of the user stays unset", unknown_stays_unset,
			       NULL, NULL, NULL },
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = make_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("environment", tests, NULL, NULL);
}
