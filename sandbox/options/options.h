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

enum { LAST_COUNTS = 32, REPEATS = 8 };	/* of options; more repeats than this are not told */

struct personality;

struct options {
	enum command command;
	const struct personality *personality;	/* after explain --bwrap, bubblewrap's */
	bool explain;			/* print the plan, do nothing */
	bool json;
	bool help;
	bool version;

	enum map_mode map;
	struct idmap uid_map, gid_map;	/* MAP_EXPLICIT */
	enum map_source source;
	int setgroups;			/* enum idrequest_setgroups or UNSAID */
	const char *user;
	int64_t uid, gid;		/* inside, or UNSAID */

	int shared;			/* CLONE_NEW* that are not to be made */
	int tried;			/* of the others, those that need not be had */
	int userns, userns2, pidns;	/* descriptors of namespaces to join, or -1 */
	bool disable_userns, assert_userns_disabled;
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

	enum landlock_mode landlock;
	const char *exec_label, *file_label, *profile;
	bool mcs;			/* categories of its own */
	struct ports tcp_connect, tcp_bind;
	bool share_abstract_sockets;
	bool allow_nesting;
	bool share_keyring;
	bool allow_sockets;

	const char *directory;
	const char *argv0;
	struct environment_change *environment;
	size_t n_environment;
	uint64_t capabilities_added, capabilities_dropped;
	struct limit limits[RLIM_NLIMITS];
	bool syscalls_off, syscalls_only_log;
	bool allow_ptrace;
	bool has_program;		/* --seccomp FD was given */
	struct syscall_change *syscall_changes;
	size_t n_syscall_changes;
	struct plan_filter filter[OPTION_FILTERS];
	size_t n_filters;
	bool shared_terminal;
	bool new_session;
	bool outlive;
	bool as_pid_1;
	struct passed *passed;		/* as they were said */
	size_t n_passed;
	uint32_t time_limit, grace;
	int info_fd, status_fd;		/* or UNSAID */
	struct customs customs;

	/* descriptors that something is waited for on, or -1 */
	int userns_block, block, sync;
	const char **lock_files;
	size_t n_lock_files;

	bool level_prefix;
	bool not_a_boundary;		/* said, and of no consequence here */
	const char *repeated[REPEATS];	/* for a warning: only the last of these counts */
	size_t n_repeated;
	uint32_t given;			/* of the personality's last_counts, one bit each */
	size_t n_words;			/* --args counts, too */
	bool in_args;			/* the words come from --args */
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

/* Whose options a section holds. */
enum { FOR_CROFT = 1, FOR_BWRAP = 2, FOR_BOTH = FOR_CROFT | FOR_BWRAP };

/* Sections of one title stand together, and are shown as one. */
struct option_section {
	const char *title;
	const struct option_row *rows;
	size_t n;
	unsigned audience;
};

extern const struct option_section *const option_sections[];
extern const size_t n_option_sections;

/*
 * Reads the command line, argv[0] being the program's name, from the
 * personality's preset on.  Returns 0, or -1 with why filled in at the first
 * word that is not understood.
 */
int options_parse(struct options *options, const struct personality *personality, char **argv,
		  struct failure *why);

/* Reads words as if they stood in place of the option that is at hand (--args). */
int options_insert(struct options *options, char **words, size_t n, struct failure *why);

/* Returns how many words follow the option. */
size_t option_arity(const struct option_row *row);

#endif
