/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup - the process that makes the sandbox from within, and becomes its reaper
 *
 * It is the first process in the new namespaces.  When the root is made it
 * forks the payload's process and stays behind, as PID 1 where there is a PID
 * namespace; with --as-pid-1 it becomes the payload itself.
 */
#ifndef SANDBOX_SETUP_H
#define SANDBOX_SETUP_H

#include "sandbox/plan.h"
#include "sandbox/rootfs.h"
#include "sandbox/user.h"

#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* What the launcher hands over. */
struct inheritance {
	const struct plan *plan;
	int launcher;			/* our end of the handshake */
	sigset_t signals;		/* the mask that croft was started with */
	char *arguments;		/* croft's own command line, as /proc/PID/cmdline shows it */
	size_t arguments_size;
};

struct setup {
	struct inheritance from;
	const struct plan *plan;
	struct rootfs rootfs;
	int proc;			/* the caller's /proc, O_PATH */
	int gate;			/* between the reaper and the payload's process (inner.h) */
	int peer;			/* the private terminal's end for the payload, or -1 */
	pid_t parent;			/* the reaper, for the payload's process */
	mode_t umask;
	struct rlimit files;		/* RLIMIT_NOFILE as the caller had it */
	char directory[PATH_MAX];	/* the caller's; "" if it has no path */
	struct stat directory_status;
	struct user user;
};

_Noreturn void setup_run(const struct inheritance *from);

#endif
