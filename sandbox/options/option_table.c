/* SPDX-License-Identifier: GPL-2.0-or-later */
/* option_table - the only list of options, in the order that --help shows them */
#include "sandbox/options/option_rows.h"

#include "sandbox/number.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int option_bad_value(const struct option_row *row, const char *value, const char *wanted,
		     struct failure *why)
{
	return fail(why, 0, "--%s takes %s, not '%s'", row->name, wanted, value);
}

void *option_grow(void *array, size_t n, size_t size)
{
	char *grown = reallocarray(array, n + 1, size);

	if (grown == NULL) {
		perror("croft");
		exit(EXIT_SANDBOX);
	}
	memset(grown + n * size, 0, size);
	return grown;
}

int option_set_flag(struct options *o, const struct option_row *row, char **values UNUSED,
		    struct failure *why UNUSED)
{
	*(bool *)((char *)o + row->word) = true;
	return 0;
}

int option_read_fd(const struct option_row *row, const char *text, int *fd, struct failure *why)
{
	uint64_t number;

	if (number_whole(text, INT_MAX, &number)) {
		*fd = (int)number;
		return 0;
	}
	(void)option_bad_value(row, text, "the number of a descriptor", why);
	return familiar(why, "Invalid fd: %s", text);
}

int option_set_fd(struct options *o, const struct option_row *row, char **value,
		  struct failure *why)
{
	return option_read_fd(row, value[0], (int *)((char *)o + row->word), why);
}

static const struct option_row other[] = {
	{ "help", { NULL }, option_set_flag, FLAG(help), "print this and stop" },
	{ "version", { NULL }, option_set_flag, FLAG(version), "print the version and stop" },
};

static const struct option_section other_options = SECTION("Other", other);

const struct option_section *const option_sections[] = {
	&identity_options, &identity_bwrap_options, &namespaces_options, &namespaces_bwrap_options,
	&root_croft_options, &root_file_system_options, &payload_options, &payload_croft_options,
	&seccomp_options, &seccomp_croft_options, &confinement_options, &label_options,
	&label_bwrap_options, &descriptors_options, &status_options, &other_options,
	&other_bwrap_options,
};

const size_t n_option_sections = sizeof(option_sections) / sizeof(option_sections[0]);
