/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlock_rules - the second wall, derived from the same plan; pure
 *
 * The mounts say what is there and what can be written; the rules say it once
 * more, to another part of the kernel.  Rules add up on the way down and take
 * nothing away: a right given at "/" is a right at every mount below.  So all
 * can be read from "/" on, and writing begins at each place that the plan makes
 * writable.
 */
#ifndef SANDBOX_LANDLOCK_RULES_H
#define SANDBOX_LANDLOCK_RULES_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

struct facts;
struct options;

/* What can be done to a file, as opposed to a directory. */
extern const uint64_t landlock_file_rights;

/* The word for a mode, as the option has it. */
const char *landlock_mode_name(enum landlock_mode mode);

/*
 * Fills in plan->landlock from its steps and namespaces.  Returns 0, or -1 with
 * why filled in where the kernel cannot do what is asked for.
 */
int landlock_decide(const struct options *options, const struct facts *facts, struct plan *plan,
		    struct failure *why);

#endif
