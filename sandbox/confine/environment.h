/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * environment - the payload's variables, from an allow list and the plan
 *
 * Nothing of the caller's environment is passed on by default but what names a
 * language, a terminal or a time zone (DESIGN: "environment from an allow list").
 */
#ifndef SANDBOX_ENVIRONMENT_H
#define SANDBOX_ENVIRONMENT_H

#include "sandbox/plan.h"

/* Who the payload is inside, as its passwd file or the plan says. */
struct identity {
	const char *name;
	const char *home;
	const char *shell;
};

/*
 * Makes the payload's environment: the allow list out of callers, then HOME,
 * USER, LOGNAME and SHELL from identity and a sensible PATH for this uid (sbin
 * too for 0), or all of callers where that is the plan's custom; then the plan's
 * changes in order.  Returns an array ended by NULL that lives until exec, or
 * NULL with errno ENOMEM.
 */
char **environment_make(const struct plan *plan, uint32_t uid, const struct identity *identity,
			char **callers);

#endif
