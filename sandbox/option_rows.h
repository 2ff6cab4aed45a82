/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * option_rows - what the parts of the option table share
 *
 * Each part is a file: setters, rows, and the section that shows them.  A new
 * option is a row, and a setter if none of those that are there serves it.
 */
#ifndef SANDBOX_OPTION_ROWS_H
#define SANDBOX_OPTION_ROWS_H

#include "sandbox/options.h"

#include <stddef.h>

#define UNUSED __attribute__((unused))
#define FLAG(member) offsetof(struct options, member)
#define SETTER(name) \
	static int name(struct options *o UNUSED, const struct option_row *row UNUSED, \
			char **value UNUSED, struct failure *why UNUSED)
#define SECTION(title, rows) { title, rows, sizeof(rows) / sizeof((rows)[0]) }

extern const struct option_section identity_options, namespaces_options, root_file_system_options,
	payload_options, status_options;

/* A setter: true for the bool whose place in struct options, FLAG(), is the row's word. */
int option_set_flag(struct options *options, const struct option_row *row, char **values,
		    struct failure *why);

/* Fails with "--NAME takes WANTED, not 'VALUE'". */
int option_bad_value(const struct option_row *row, const char *value, const char *wanted,
		     struct failure *why);

/* Grows an array of n elements by one zeroed element.  Dies when memory is out (nothing was begun). */
void *option_grow(void *array, size_t n, size_t size);

#endif
