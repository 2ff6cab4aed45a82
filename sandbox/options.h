/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options - what the user said, from one table
 *
 * The table of rows is the only list of options: --help, the manual's lists
 * and the completions are printed from it.
 */
#ifndef SANDBOX_OPTIONS_H
#define SANDBOX_OPTIONS_H

#include "sandbox/plan.h"

enum command { COMMAND_NONE, COMMAND_RUN, COMMAND_SHELL };

enum map_mode { MAP_DEFAULT, MAP_AUTO, MAP_SUB, MAP_KEEP, MAP_SELF, MAP_ROOT, MAP_EXPLICIT };

enum { UNSAID = -1 };			/* a setting that no option touched */

struct options {
	enum command command;
	bool explain;			/* print the plan, do nothing */
	bool json;
	bool help;
	bool version;

	enum map_mode map;
	struct idmap uid_map, gid_map;	/* MAP_EXPLICIT */
	enum map_source source;
	int setgroups;			/* enum idrequest_setgroups or UNSAID */
	const char *user;

	int shared;			/* CLONE_NEW* that are not to be made */
	const char *hostname;
	int64_t boottime_offset, monotonic_offset;

	const char *rootfs;
	bool rootfs_read_only;
	bool empty_root;
	struct steps steps;

	/* what --perms, --size and --overlay-src left for the next operation */
	const char *pending;		/* the last such option, NULL if none waits */
	bool has_mode;
	uint32_t mode;
	uint64_t size;
	const char **layers;
	size_t n_layers;

	const char *directory;
	const char *argv0;
	struct environment_change *environment;
	size_t n_environment;
	uint64_t capabilities_added, capabilities_dropped;
	struct limit limits[RLIM_NLIMITS];
	bool shared_terminal;
	bool new_session;
	bool outlive;
	bool as_pid_1;
	int info_fd, status_fd;		/* or UNSAID */
	char **arguments;		/* the command and its arguments; [0] is NULL if none */
};

enum { MAX_VALUES = 3 };

struct option_row {
	const char *name;
	const char *values[MAX_VALUES];	/* what follows, for --help; NULL ends */
	int (*set)(struct options *options, const struct option_row *row, char **values,
		   struct failure *why);
	int word;			/* for setters that serve several rows */
	const char *help;
};

struct option_section {
	const char *title;
	const struct option_row *rows;
	size_t n;
};

extern const struct option_section *const option_sections[];
extern const size_t n_option_sections;

/*
 * Reads the command line, argv[0] being croft's name.  Returns 0, or -1 with
 * why filled in at the first word that is not understood.
 */
int options_parse(struct options *options, char **argv, struct failure *why);

/* Returns how many words follow the option. */
size_t option_arity(const struct option_row *row);

#endif
