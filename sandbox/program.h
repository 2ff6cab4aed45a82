/* SPDX-License-Identifier: GPL-2.0-or-later */
/* program - what main() calls: options, facts, plan, and then to do it */
#ifndef SANDBOX_PROGRAM_H
#define SANDBOX_PROGRAM_H

#include "sandbox/personality.h"

/* Returns the exit status, with whatever went wrong printed. */
int program_run(const struct personality *personality, int argc, char **argv);

#endif
