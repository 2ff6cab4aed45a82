/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keyring - a session keyring of the payload's own (session-keyring(7)) */
#ifndef SANDBOX_KEYRING_H
#define SANDBOX_KEYRING_H

#include "sandbox/failure.h"

/*
 * Lets go of the caller's session keyring, which links to keys that whoever
 * possesses it may read, and joins a new one without a name.  Reads it back.
 * Returns 0, or -1 with why filled in.
 */
int keyring_join_new(struct failure *why);

#endif
