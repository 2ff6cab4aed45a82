/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan - what is going to be done, as plain data
 *
 * Options and facts become one plan; contradictions are refused while it is
 * made; launch and setup carry it out without deciding anything, and
 * `croft explain` prints it.
 */
#ifndef SANDBOX_PLAN_H
#define SANDBOX_PLAN_H

#include "idmap/map.h"
#include "idmap/request.h"
#include "sandbox/confine/filter.h"
#include "sandbox/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

struct facts;
struct options;

enum step_kind {
	STEP_BIND, STEP_BIND_FD, STEP_DATA, STEP_TMPFS, STEP_DIR, STEP_FILE, STEP_TEXT,
	STEP_SYMLINK, STEP_PROC, STEP_DEV, STEP_SYS, STEP_MQUEUE, STEP_OVERLAY, STEP_REMOUNT_RO,
	STEP_CHMOD,
	STEP_KINDS
};

/* One act on the new root.  Targets are inside; sources outside, as the caller names them. */
struct step {
	enum step_kind kind;
	const char *source;	/* bind: path; overlay: upper or NULL; symlink, text: content */
	const char *target;
	const char *work;	/* overlay: work directory */
	const char **layers;	/* overlay: lower directories, bottom first, ended by NULL */
	uint64_t size;		/* tmpfs: bytes, 0 for the kernel's default */
	uint32_t mode;		/* permission bits, where has_mode */
	int fd;			/* file, data: what is read; bind-fd: what is bound */
	bool has_mode;
	bool read_only;
	bool devices;		/* bind: device nodes work */
	bool optional;		/* bind: a source that does not exist is passed over;
				 * sys: likewise where there is none to be had */
	bool temporary;		/* overlay: changes go to memory and are lost */
	bool payloads;		/* dir: it belongs to the payload, whoever makes it */
	bool socket;		/* bind: a socket or a FIFO, and nothing else */
	bool by_default;	/* the layout's, not the user's */
};

struct steps {
	struct step *step;
	size_t n;
	size_t room;
};

/* Returns a zeroed step at the end of the list.  Dies when memory is out (nothing was begun). */
struct step *steps_add(struct steps *steps, enum step_kind kind, const char *target);

/* A text that lives as long as the plan.  Dies when memory is out. */
const char *plan_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The word for a kind in messages and in `croft explain`. */
const char *step_kind_name(enum step_kind kind);

/* NONE: no user namespace is made.  CALLER: whoever answers --userns-block-fd. */
enum map_source {
	SOURCE_AUTO, SOURCE_CROFT, SOURCE_NEWUIDMAP, SOURCE_KERNEL, SOURCE_NONE, SOURCE_CALLER,
};

/* An ID of the payload: whichever the process has by then. */
#define ID_AS_IT_IS UINT32_MAX

/*
 * What stays the caller's way.  croft lets nothing of it; bubblewrap, whose
 * clients count on it, all.
 */
struct customs {
	bool user_namespace;	/* one is made, unasked, only for a caller who is not root */
	bool identity;		/* a number is all: no account is looked up inside */
	bool capabilities;	/* root keeps its own; what is asked for is given in every set */
	bool environment;	/* the caller's variables, HOME among them */
	bool descriptors;	/* what has no close-on-exec stays open, but for options' own */
	bool directory;		/* the caller's directory counts by its name */
	bool furniture;		/* /dev: code, no group of terminals, own shm; /proc/sys: left */
	bool limits;		/* core dumps included */
	bool links;		/* those that the command may have laid lead to sources, too */
	bool signals;		/* nobody passes them on, or stops when the payload does */
	bool leftovers;		/* what the payload leaves running goes on */
	bool propagation;	/* mounts that the host gets later come in */
	bool documents;		/* on --json-status-fd nothing but bubblewrap's */
	bool in_view;		/* whoever owns the namespaces may look into the first process */
	const char *reaper;	/* its name; it stays only where it is of use */
};

enum environment_act { ENVIRONMENT_SET, ENVIRONMENT_UNSET, ENVIRONMENT_CLEAR };

struct environment_change {
	enum environment_act act;
	const char *name;
	const char *value;
};

struct limit {
	bool set;
	struct rlimit value;
};

enum landlock_mode { LANDLOCK_ON, LANDLOCK_TRY, LANDLOCK_OFF };

/* What the second wall leaves open at a path inside, and below it. */
struct landlock_rule {
	const char *path;
	uint64_t rights;	/* LANDLOCK_ACCESS_FS_* */
};

struct ports {
	bool set;		/* only these; otherwise every one */
	uint16_t *port;
	size_t n;
};

struct landlock {
	enum landlock_mode asked;
	int abi;				/* the kernel's; 0: it has no Landlock */
	uint64_t files, network, scopes;	/* what is in force; all 0: nothing is */
	struct landlock_rule *rules;
	size_t n_rules;
	struct ports connect, bind;
};

/* A descriptor of the caller's that the payload gets, under its number. */
struct passed {
	int fd;
	bool directory;		/* it may be one, and so lead out of the sandbox */
};

enum filter_source { FILTER_POLICY, FILTER_PROGRAM, FILTER_FILE };

/* A filter for system calls; those from outside are read before anything is begun. */
struct plan_filter {
	enum filter_source source;
	const char *name;		/* for messages: the option and its value */
	const char *path;		/* FILTER_FILE */
	int fd;				/* FILTER_PROGRAM */
	struct filter filter;
};

struct syscall_change {
	const char *name;		/* a call, or "@group" */
	bool allow;
};

enum { OPTION_FILTERS = 15, PLAN_FILTERS = OPTION_FILTERS + 1 };

/* Which system calls the payload may make: croft's policy, changes to it, filters beside it. */
struct syscalls {
	bool off;			/* without croft's policy */
	bool only_log;			/* what croft's policy refuses goes through, into the log */
	bool ptrace;			/* the group of that name is open */
	bool namespaces;		/* the payload can make namespaces of its own */
	bool tell_kills;		/* the reaper does it, if it can (confine/listener.h) */
	struct filter for_listener;	/* all filters as one, then; or of no instructions */
	const struct syscall_change *changes;
	size_t n_changes;
	struct plan_filter filter[PLAN_FILTERS];	/* in the order of their installation */
	size_t n_filters;
};

enum { MAX_WARNINGS = 8 };

struct plan {
	/* what is true and stops nothing; for main to print */
	const char *warning[MAX_WARNINGS];
	size_t n_warnings;

	/* identity */
	struct idmap uid_map, gid_map;
	enum map_source source;
	bool single;			/* each map is the caller's own ID alone */
	enum idrequest_setgroups setgroups;
	const char *user;		/* name inside, or NULL for uid and gid */
	uint32_t uid, gid;		/* the payload's, inside */
	uint32_t root_uid, root_gid;	/* whom setup works as: 0 where it is mapped */

	/* namespaces */
	int namespaces;			/* CLONE_NEW* to make, the user namespace included */
	int inner;			/* CLONE_NEW* to make again, for the payload alone, or 0 */
	int userns, userns2, pidns;	/* namespaces to join: first, last, for processes; or -1 */
	bool disable_userns;		/* no user namespace can be made below the payload's */
	bool assert_userns_disabled;	/* see that none can */
	const char *hostname;
	int64_t boottime_offset, monotonic_offset;	/* seconds */

	struct steps steps;

	struct landlock landlock;
	const char *exec_label, *file_label;	/* SELinux's, or NULL */
	const char *profile;			/* AppArmor's, or NULL */
	bool nesting;			/* sandboxes can be made inside */
	bool mounts;			/* mounts can be made inside: by nesting or a capability */
	bool sockets;			/* of what is bound, who listens there can be talked to */
	const char *runtime_directory;	/* the caller's, as systemd makes it */
	bool own_keyring;		/* a new session keyring, the caller's keys out of sight */

	/* payload */
	char **command;			/* NULL: the user's login shell */
	const char *argv0;
	const char *console;		/* the caller's terminal, to be /dev/console; or NULL */
	const char *directory;		/* NULL: where the caller is, if that is visible inside */
	struct environment_change *environment;
	size_t n_environment;
	uint64_t capabilities;		/* the bounding set, and what root inside holds */
	uint64_t ambient;		/* of these, what a user who is not root holds, too */
	bool keep_capabilities;		/* those of the process stay as they are */
	bool keep_bounding;		/* likewise the bounding set */
	struct limit limits[RLIM_NLIMITS];
	struct syscalls syscalls;
	bool login_shell;
	bool private_terminal;		/* a pty of its own between the caller's terminal and it */
	bool shared_terminal;		/* the caller's session and terminal are its, too */
	bool new_session;
	bool die_with_parent;
	bool as_pid_1;
	bool reaper;			/* setup stays, and the payload is a child of its own */
	struct customs customs;

	/* descriptors of the caller's: what is waited for, held, and not to reach the payload */
	int userns_block, block, sync;	/* or -1 */
	const char **lock_files;	/* paths inside, for the reaper to lock */
	size_t n_lock_files;
	int *taken;
	size_t n_taken;

	struct passed *passed;		/* beside 0 to 2; by number, each once */
	size_t n_passed;
	uint32_t time_limit, grace;	/* seconds until SIGTERM, or 0; then until SIGKILL */

	/* for programs that watch */
	int info_fd, status_fd;		/* where documents are written, or -1 (report.h) */
};

/*
 * Makes the plan.  Pure: touches nothing but its arguments.  Returns 0, or -1
 * with why filled in when the options contradict each other or the facts.
 */
int plan_make(const struct options *options, const struct facts *facts, struct plan *plan,
	      struct failure *why);

/* Adds a warning; what is more than MAX_WARNINGS is not told. */
void plan_warn(struct plan *plan, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
