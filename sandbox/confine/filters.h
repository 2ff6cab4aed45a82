/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filters - which seccomp filters the payload gets, and how they come into force */
#ifndef SANDBOX_FILTERS_H
#define SANDBOX_FILTERS_H

#include "sandbox/options/options.h"
#include "sandbox/plan.h"

/*
 * Decides plan->syscalls from the options and the plan's capabilities; pure.
 * Returns 0, or -1 with why filled in when the options contradict each other.
 */
int filters_choose(const struct options *options, struct plan *plan, struct failure *why);

/*
 * Reads the filters that come from outside: programs from descriptors, policies
 * by way of seccomp-compile; and joins all of them where their kills are to be told.
 * Returns 0, or -1 with why filled in.
 */
int filters_load(struct plan *plan, struct failure *why);

/*
 * Opens what filters_install() reads afterwards, and notes what is in force
 * already; proc is an O_PATH descriptor of a /proc mount that shows this
 * process.  Returns the descriptor, or -1 with why filled in.
 */
int filters_open_status(int proc, int *in_force, struct failure *why);

/*
 * Installs the filters in their order, all of them or fails, and reads from status
 * that they are in force, on top of in_force; as one, and with a listener for the reaper
 * at the other end of gate, where the plan says so.  Returns 0, or -1 with why filled in.
 */
int filters_install(const struct plan *plan, int gate, int status, int in_force,
		    struct failure *why);

/* Why a closed group of system calls is open: a capability, an option, or NULL if it is not. */
const char *filters_opened_by(const struct plan *plan, enum syscall_group group);

/* Reads the names of a comma-separated list into changes; for the options.  Returns 0 or -1. */
int filters_read_list(struct options *options, const char *list, bool allow, struct failure *why);

#endif
