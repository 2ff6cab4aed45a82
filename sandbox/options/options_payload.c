/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_payload - the command: its environment, privileges, limits and session */
#include "sandbox/options/option_rows.h"

#include "sandbox/confine/capabilities.h"
#include "sandbox/confine/limits.h"
#include "sandbox/number.h"
#include "sandbox/personality.h"

#include <string.h>

static struct environment_change *change_environment(struct options *o, enum environment_act act)
{
	o->environment = option_grow(o->environment, o->n_environment, sizeof(*o->environment));
	o->environment[o->n_environment].act = act;
	return &o->environment[o->n_environment++];
}

SETTER(add_variable)
{
	struct environment_change *change = change_environment(o, (enum environment_act)row->word);

	if (value[0][0] == '\0' || strchr(value[0], '=') != NULL)
		return option_bad_value(row, value[0], "a name without an equals sign", why);
	change->name = value[0];
	change->value = change->act == ENVIRONMENT_SET ? value[1] : NULL;
	return 0;
}

SETTER(clear_environment)
{
	(void)change_environment(o, ENVIRONMENT_CLEAR);
	return 0;
}

SETTER(set_directory)
{
	o->directory = value[0];
	return value[0][0] != '\0' ? 0 : option_bad_value(row, value[0], "a directory", why);
}

SETTER(set_argv0)
{
	if (o->argv0 != NULL)
		return fail(why, 0, "--argv0 is given twice");
	o->argv0 = value[0];
	return 0;
}

/* The last word on a capability counts. */
SETTER(set_capability)
{
	uint64_t set, number;

	if (o->personality->as_in_c &&
	    number_as_in_c(value[0], (uint64_t)capabilities_last(), &number))
		set = UINT64_C(1) << number;
	else if (capabilities_read(value[0], &set, why) < 0)
		return -1;
	if (row->word == '+') {
		o->capabilities_added |= set;
		o->capabilities_dropped &= ~set;
	} else {
		o->capabilities_dropped |= set;
		o->capabilities_added &= ~set;
	}
	return 0;
}

SETTER(set_limit)
{
	return limits_read(value[0], o->limits, why);
}

enum { GRACE = 5 };			/* seconds, if nothing is said */

/* SECONDS[:GRACE] */
SETTER(set_time_limit)
{
	uint64_t limit, grace = GRACE;
	const char *rest = number_read(value[0], INT32_MAX, &limit);

	if (rest == NULL || limit == 0 || (*rest != '\0' && *rest != ':') ||
	    (*rest == ':' && !number_whole(rest + 1, INT32_MAX, &grace)))
		return option_bad_value(row, value[0], "SECONDS[:GRACE], 1 second at least", why);
	o->time_limit = (uint32_t)limit;
	o->grace = (uint32_t)grace;
	return 0;
}

SETTER(pass_descriptor)
{
	int fd;

	if (option_read_fd(row, value[0], &fd, why) < 0)
		return -1;
	o->passed = option_grow(o->passed, o->n_passed, sizeof(*o->passed));
	o->passed[o->n_passed++] = (struct passed){ .fd = fd, .directory = row->word };
	return 0;
}

SETTER(set_die_with_parent)
{
	o->outlive = false;
	return 0;
}

static const struct option_row payload[] = {
	{ "chdir", { "DIR" }, set_directory, 0, "start in DIR, a path inside" },
	{ "setenv", { "VAR", "VALUE" }, add_variable, ENVIRONMENT_SET, "set a variable" },
	{ "unsetenv", { "VAR" }, add_variable, ENVIRONMENT_UNSET, "remove a variable" },
	{ "clearenv", { NULL }, clear_environment, 0, "remove all variables" },
	{ "argv0", { "VALUE" }, set_argv0, 0, "what the command sees as its own name" },
	{ "cap-add", { "CAP" }, set_capability, '+', "give the command a capability (or all)" },
	{ "cap-drop", { "CAP" }, set_capability, '-', "take a capability from it (or all)" },
	{ "rlimit", { "NAME=SOFT[:HARD]" }, set_limit, 0, "a resource limit, as in prlimit(1)" },
	{ "new-session", { NULL }, option_set_flag, FLAG(new_session),
	  "a new session without a terminal" },
	{ "die-with-parent", { NULL }, set_die_with_parent, 0,
	  "end when croft or its parent ends (the default)" },
	{ "no-die-with-parent", { NULL }, option_set_flag, FLAG(outlive),
	  "go on when croft or its parent ends" },
	{ "as-pid-1", { NULL }, option_set_flag, FLAG(as_pid_1),
	  "the command itself is process 1 inside" },
};

/* bubblewrap hands terminal and descriptors over anyway, and lets signals pass by. */
static const struct option_row payload_of_croft[] = {
	{ "time-limit", { "SECONDS[:GRACE]" }, set_time_limit, 0,
	  "end it by then: SIGTERM, and SIGKILL after GRACE" },
	{ "fd", { "FD" }, pass_descriptor, false, "pass a descriptor on, no directory" },
	{ "fd-dir", { "FD" }, pass_descriptor, true, "pass a descriptor on, a directory or not" },
	{ "share-tty", { NULL }, option_set_flag, FLAG(shared_terminal),
	  "hand over the caller's terminal itself" },
};

const struct option_section payload_croft_options =
	SECTION_FOR(FOR_CROFT, "Command", payload_of_croft);
const struct option_section payload_options = SECTION("Command", payload);
