/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain - the plan as text or as JSON, without doing anything */
#ifndef SANDBOX_EXPLAIN_H
#define SANDBOX_EXPLAIN_H

#include "sandbox/plan.h"

/* Writes the plan to standard output.  Returns 0, or -1 with why filled in if that failed. */
int explain(const struct plan *plan, bool json, struct failure *why);

#endif
