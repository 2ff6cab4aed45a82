/* SPDX-License-Identifier: GPL-2.0-or-later */
/* phase - a thing that setup or the payload's process does, by name: the order is the table */
#include "sandbox/phase.h"

#include "sandbox/handshake.h"

#include <stdio.h>
#include <unistd.h>

int phases_run(const struct phase *phase, size_t n, struct setup *setup, struct failure *why)
{
	for (; n > 0; n--, phase++)
		if (phase->run(setup, why) < 0) {
			(void)snprintf(why->phase, sizeof(why->phase), "%s", phase->name);
			return -1;
		}
	return 0;
}

_Noreturn void phase_failed(const struct setup *setup, const struct failure *why)
{
	handshake_send_failure(setup->from.launcher, why);
	_exit(EXIT_SANDBOX);
}
