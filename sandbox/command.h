/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command - becoming the user's command: where it is found, and what runs it */
#ifndef SANDBOX_COMMAND_H
#define SANDBOX_COMMAND_H

#include "sandbox/failure.h"

/*
 * Becomes the program, looked for in PATH, or in usual where PATH is not set,
 * unless its name has a slash; a text that names no interpreter is run by /bin/sh.  Returns -1 with
 * why filled in.
 */
int command_become(const char *file, const char *usual, char **words, struct failure *why);

#endif
