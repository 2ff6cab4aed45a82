/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report - documents in JSON, for programs, on descriptors that the caller named
 *
 *     --info-fd          one object over several lines, then the end of file
 *     --json-status-fd   the same object on one line; when the command has run
 *                        and ended, another line: { "exit-code": N }
 *
 * Both are bubblewrap's, to the byte: its clients read them with JSON parsers,
 * with grep, and from files that they look at again and again.  They pass over
 * lines with other keys, which are croft's own, and each a whole document:
 *
 *     { "in-force": { ... } }    before the command begins
 *     { "end": { ... } }         why it ended, before the exit code
 *     { "failure": { ... } }     the sandbox was not made, or the command not run
 */
#ifndef SANDBOX_REPORT_H
#define SANDBOX_REPORT_H

#include "sandbox/confine/privileges.h"
#include "sandbox/failure.h"
#include "sandbox/plan.h"
#include "sandbox/supervise.h"

#include <stdbool.h>
#include <sys/types.h>

/* In the order of the documents. */
enum report_namespace {
	REPORT_CGROUP, REPORT_IPC, REPORT_MNT, REPORT_NET, REPORT_PID, REPORT_UTS,
	REPORT_NAMESPACES
};

struct report {
	int info, status;		/* the descriptors, or -1 */
	bool more;			/* croft's own documents, too */
	pid_t child;			/* the first process inside, as seen from here */
	ino_t id[REPORT_NAMESPACES];	/* of a new namespace; 0: the caller's */
};

/* Does the plan ask for any of them? */
bool report_wanted(const struct plan *plan);

/*
 * Launcher, before anything is opened: sees that the descriptors are open, and
 * keeps them from whatever is started.  Returns 0, or -1 with why filled in.
 */
int report_open(struct report *report, const struct plan *plan, struct failure *why);

/* Whoever was forked, and writes no document: lets go of them. */
void report_leave(const struct plan *plan);

/*
 * Launcher: looks at the namespaces of the first process inside.  It must be
 * called before that one changes its identity: then no one may look any more.
 */
int report_look(struct report *report, const struct plan *plan, pid_t child, struct failure *why);

/* Whoever made the network namespace inside: shows it to the launcher. */
int report_network(const struct plan *plan, int proc, int launcher, struct failure *why);

/*
 * Launcher: waits for the network namespace, if there is a new one, and writes
 * both documents.  A write that fails is a failure.
 */
int report_begin(struct report *report, const struct plan *plan, int socket, struct failure *why);

/*
 * Launcher: what the command begins with; how it ended, if it ever began; what
 * failed.  Like bubblewrap's exit code they are lost where nobody reads any more.
 */
void report_command(const struct report *report, const struct plan *plan,
		    const struct privileges *held);
void report_end(const struct report *report, const struct ending *ending, int status);
void report_failure(const struct report *report, const struct failure *why);

/* The documents; each ends in a newline, and fits into REPORT_SIZE. */
enum { REPORT_SIZE = 8192 };
void report_print(const struct report *report, bool one_line, char *text, size_t size);
void report_print_command(const struct plan *plan, const struct privileges *held, char *text,
			  size_t size);
void report_print_end(const struct ending *ending, char *text, size_t size);
void report_print_failure(const struct failure *why, char *text, size_t size);

#endif
