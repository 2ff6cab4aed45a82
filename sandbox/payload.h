/* SPDX-License-Identifier: GPL-2.0-or-later */
/* payload - from a process inside the finished sandbox to the user's command */
#ifndef SANDBOX_PAYLOAD_H
#define SANDBOX_PAYLOAD_H

#include "sandbox/setup.h"

/*
 * The payload's process, from the fork on: makes the network namespace while
 * setup makes the root, waits for BEGIN, and goes on as payload_run().
 */
_Noreturn void payload_prepare(struct setup *setup);

/* Sheds what the payload shall not have, and becomes it.  A failure goes to the launcher. */
_Noreturn void payload_run(struct setup *setup);

#endif
