/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verdict - the words for what a helper answered */
#ifndef SANDBOX_VERDICT_H
#define SANDBOX_VERDICT_H

#include "idmap/request.h"
#include "sandbox/failure.h"

/*
 * Fills in why with the words for a helper's refusal and what the user can do
 * about it.  helper is "uidmap" or "gidmap".  Returns -1.
 */
int verdict_fail(const char *helper, uint32_t code, struct failure *why);

#endif
