/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report - documents in JSON, for programs, on descriptors that the caller named
 *
 *     --info-fd          one object over several lines, then the end of file
 *     --json-status-fd   the same object on one line; when the command has run
 *                        and ended, another line: { "exit-code": N }
 *
 * Both are bubblewrap's, to the byte: its clients read them with JSON parsers,
 * with grep, and from files that they look at again and again.
 */
#ifndef SANDBOX_REPORT_H
#define SANDBOX_REPORT_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <stdbool.h>
#include <sys/types.h>

/* In the order of the documents. */
enum report_namespace {
	REPORT_CGROUP, REPORT_IPC, REPORT_MNT, REPORT_NET, REPORT_PID, REPORT_UTS,
	REPORT_NAMESPACES
};

struct report {
	int info, status;		/* the descriptors, or -1 */
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

/* Launcher: how the command ended, if it ever ran.  Nobody is left to whom a failure could matter. */
void report_end(struct report *report, bool ran, int status);

/* The first document, on one line or over several; both end in a newline.  size is REPORT_SIZE. */
enum { REPORT_SIZE = 512 };
void report_print(const struct report *report, bool one_line, char *text, size_t size);

#endif
