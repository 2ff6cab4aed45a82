/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_seccomp - which system calls the command may make */
#include "sandbox/options/option_rows.h"

#include "sandbox/confine/filters.h"
#include "sandbox/personality.h"

#include <string.h>

static struct plan_filter *add_filter(struct options *o, const struct option_row *row,
				      const char *value, struct failure *why)
{
	struct plan_filter *filter;

	if (o->n_filters == OPTION_FILTERS) {
		(void)fail(why, 0, "--%s %s is one filter too many", row->name, value);
		return NULL;
	}
	filter = &o->filter[o->n_filters++];
	*filter = (struct plan_filter){ .name = plan_text("--%s %s", row->name, value), .fd = -1 };
	return filter;
}

SETTER(add_program)
{
	struct plan_filter *filter;
	int fd;

	if (option_read_fd(row, value[0], &fd, why) < 0)
		return -1;
	filter = add_filter(o, row, value[0], why);
	if (filter == NULL)
		return -1;
	filter->source = FILTER_PROGRAM;
	filter->fd = fd;
	return 0;
}

/* As bubblewrap has it, the last one counts, and there is no policy that could be off. */
SETTER(set_seccomp)
{
	bool as_bwrap = o->personality->preset->syscalls_off;

	if (!as_bwrap && strcmp(value[0], "off") == 0) {
		o->syscalls_off = true;
		return 0;
	}
	if (o->has_program && !as_bwrap)
		return fail(why, 0, "--seccomp is given two filters; --add-seccomp-fd adds more");
	if (o->has_program)
		o->n_filters--;
	o->has_program = true;
	return add_program(o, row, value, why);
}

SETTER(add_policy)
{
	struct plan_filter *filter = add_filter(o, row, value[0], why);

	if (filter == NULL)
		return -1;
	filter->source = FILTER_FILE;
	filter->path = value[0];
	return 0;
}

SETTER(change_syscalls)
{
	return filters_read_list(o, value[0], row->word == '+', why);
}

static const struct option_row seccomp[] = {
	{ "seccomp", { "FD" }, set_seccomp, 0, "add the filter that FD holds" },
	{ "add-seccomp-fd", { "FD" }, add_program, 0, "add one more filter" },
};

static const struct option_row seccomp_croft[] = {
	{ "allow-syscalls", { "LIST" }, change_syscalls, '+',
	  "let calls or @groups through, with commas between" },
	{ "deny-syscalls", { "LIST" }, change_syscalls, '-', "refuse calls or @groups" },
	{ "allow-ptrace", { NULL }, option_set_flag, FLAG(allow_ptrace), "let debuggers work" },
	{ "seccomp-policy", { "FILE" }, add_policy, 0, "add a policy in the JSON of containers" },
	{ "seccomp-log", { NULL }, option_set_flag, FLAG(syscalls_only_log),
	  "only log what would be refused" },
};

const struct option_section seccomp_options = SECTION("System calls", seccomp);
const struct option_section seccomp_croft_options =
	SECTION_FOR(FOR_CROFT, "System calls", seccomp_croft);
