/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sockets - sources of binds that lead to whoever listens outside
 *
 * To connect is neither to read nor to write: a read-only mount does not stop
 * it.  So one socket is shown by its own option, and the directories that exist
 * for sockets are not bound by accident.
 */
#ifndef SANDBOX_SOCKETS_H
#define SANDBOX_SOCKETS_H

#include "sandbox/failure.h"
#include "sandbox/plan.h"

#include <sys/stat.h>

/*
 * May the step bind a source of this kind?  Runs while the root is the caller's.
 * Returns 0, or -1 with why filled in.
 */
int sockets_check(const struct plan *plan, const struct step *step, const struct stat *source,
		  struct failure *why);

#endif
