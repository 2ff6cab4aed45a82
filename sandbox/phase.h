/* SPDX-License-Identifier: GPL-2.0-or-later */
/* phase - a thing that setup or the payload's process does, by name: the order is the table */
#ifndef SANDBOX_PHASE_H
#define SANDBOX_PHASE_H

#include "sandbox/setup.h"

struct phase {
	const char *name;
	int (*run)(struct setup *setup, struct failure *why);
};

/* Runs them in order; the first that fails has its name put into why.  Returns 0 or -1. */
int phases_run(const struct phase *phase, size_t n, struct setup *setup, struct failure *why);

/* Reports a failure to the launcher, and ends. */
_Noreturn void phase_failed(const struct setup *setup, const struct failure *why);

#endif
