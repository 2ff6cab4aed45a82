/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mapping - who installs the ID maps, and whether they are what was asked for
 *
 * Three sources, chosen by the plan: croft's helpers, the distribution's
 * newuidmap and newgidmap, or the kernel's own rules for a process that maps
 * itself alone or is privileged where it stands (user_namespaces(7)).
 */
#ifndef SANDBOX_MAPPING_H
#define SANDBOX_MAPPING_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <sys/types.h>

/*
 * Launcher: has the maps of target, an unreaped child in a new user namespace,
 * installed by the plan's source; what others wrote is read back and compared.
 * Returns 0 only if both maps and setgroups are what the plan says.
 */
int mapping_install(const struct plan *plan, pid_t target, struct failure *why);

/* Where someone else maps, who was told of the target: waits for a byte, or the end of the file. */
int mapping_await(const struct plan *plan, struct failure *why);

/* Reads one of the kernel's ID maps, name beneath directory.  Returns 0, or -1 with errno. */
int mapping_read(int directory, const char *name, struct idmap *map);

/*
 * Setup: gives the new user namespace of a child, whose /proc directory is
 * process, the same IDs as ours.  Returns 0, or -1 with why filled in.
 */
int mapping_repeat(const struct plan *plan, int process, struct failure *why);

#endif
