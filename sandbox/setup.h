/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup - the process that makes the sandbox from within, and becomes its reaper
 *
 * It is the first process in the new namespaces.  It forks the payload's
 * process at once, makes the root while that one makes the network namespace,
 * lets it begin, and stays behind, as PID 1 where there is a PID namespace.
 * Where no reaper is to stay it does both parts, and becomes the payload itself.
 */
#ifndef SANDBOX_SETUP_H
#define SANDBOX_SETUP_H

#include "sandbox/identity/user.h"
#include "sandbox/plan.h"
#include "sandbox/rootfs/rootfs.h"

#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* What the launcher hands over. */
struct inheritance {
	const struct plan *plan;
	int launcher;			/* our end of the handshake */
	sigset_t signals;		/* the mask that croft was started with */
	char *arguments;		/* croft's command line, as /proc/PID/cmdline shows it */
	size_t arguments_size;
};

/* What both processes inside work with; each has its own copy from the fork on. */
struct setup {
	struct inheritance from;
	const struct plan *plan;
	struct rootfs rootfs;
	int proc;			/* the caller's /proc, O_PATH */
	int gate;			/* between setup and the payload's process (handshake.h) */
	int status;			/* the payload's /proc/self/status, for filters_install() */
	int block;			/* what the payload waits for (--block-fd), or -1 */
	int filters_before;		/* filters around croft */
	int peer;			/* the private terminal's end for the payload, or -1 */
	pid_t reaper;			/* in the payload's process: its parent */
	pid_t payload;			/* in the reaper: its child */
	bool mapped;			/* the launcher said that the maps are in */
	bool in_network;		/* this process is in the new network namespace, if any */
	mode_t umask;
	struct rlimit files;		/* RLIMIT_NOFILE as the caller had it */
	char directory[PATH_MAX];	/* the caller's; "" if it has no path */
	struct stat directory_status;
	struct user user;
	int *held;			/* what the reaper keeps open while anyone is inside */
	size_t n_held;
};

_Noreturn void setup_run(const struct inheritance *from);

#endif
