/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limits - resource limits by name (setrlimit(2)) */
#ifndef SANDBOX_LIMITS_H
#define SANDBOX_LIMITS_H

#include "sandbox/plan.h"

/*
 * Reads "NAME=SOFT[:HARD]" into limits[RLIMIT_NAME]: names as in prlimit(1),
 * values in setrlimit's units or "unlimited"; without HARD both are SOFT.
 * Returns 0, or -1 with why filled in.
 */
int limits_read(const char *text, struct limit limits[RLIM_NLIMITS], struct failure *why);

/* The name of a limit's number, or NULL. */
const char *limits_name(int resource);

enum { LIMIT_TEXT = 2 * sizeof("18446744073709551615") };

/* Writes "SOFT:HARD", as limits_read() takes it; returns text. */
const char *limits_print(const struct rlimit *value, char text[LIMIT_TEXT]);

#endif
