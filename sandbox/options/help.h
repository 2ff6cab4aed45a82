/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help - what --help and --version print, from the table of options */
#ifndef SANDBOX_HELP_H
#define SANDBOX_HELP_H

#include "sandbox/failure.h"
#include "sandbox/personality.h"

/*
 * Help is of the program as it was called, for one command, or for all of them with COMMAND_NONE.
 * Both write to standard output and return 0, or -1 with why filled in if that failed.
 */
int help_print(const struct personality *personality, const char *called, enum command asked,
	       struct failure *why);
int help_print_version(const struct personality *personality, struct failure *why);

#endif
