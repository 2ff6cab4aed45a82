/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * option_rows - what the parts of the option table share
 *
 * Each part is a file: setters, rows, and the section that shows them.  A new
 * option is a row, and a setter if none of those that are there serves it.
 */
#ifndef SANDBOX_OPTION_ROWS_H
#define SANDBOX_OPTION_ROWS_H

#include "sandbox/options/options.h"

#include <stddef.h>

#define UNUSED __attribute__((unused))
#define FLAG(member) offsetof(struct options, member)
#define SETTER(name) \
	static int name(struct options *o UNUSED, const struct option_row *row UNUSED, \
			char **value UNUSED, struct failure *why UNUSED)
#define SECTION_FOR(audience, title, rows) \
	{ title, rows, sizeof(rows) / sizeof((rows)[0]), audience }
#define SECTION(title, rows) SECTION_FOR(FOR_BOTH, title, rows)

extern const struct option_section identity_options, namespaces_options, root_file_system_options,
	payload_options, identity_bwrap_options, namespaces_bwrap_options, root_croft_options,
	payload_croft_options, seccomp_options, seccomp_croft_options, confinement_options,
	label_options, label_bwrap_options, descriptors_options, status_options,
	other_bwrap_options;

/* A setter: true for the bool whose place in struct options, FLAG(), is the row's word. */
int option_set_flag(struct options *options, const struct option_row *row, char **values,
		    struct failure *why);

/* Fails with "--NAME takes WANTED, not 'VALUE'". */
int option_bad_value(const struct option_row *row, const char *value, const char *wanted,
		     struct failure *why);

/* Reads the number of a descriptor, which may be any but must not be croft's own. */
int option_read_fd(const struct option_row *row, const char *text, int *fd, struct failure *why);

/* A setter: the descriptor whose place in struct options, FLAG(), is the row's word. */
int option_set_fd(struct options *options, const struct option_row *row, char **values,
		  struct failure *why);

/* Grows an array of n elements by a zeroed one.  Dies when memory is out (nothing was begun). */
void *option_grow(void *array, size_t n, size_t size);

#endif
