/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capabilities - sets of capabilities by name, as bits (capabilities(7)) */
#ifndef SANDBOX_CAPABILITIES_H
#define SANDBOX_CAPABILITIES_H

#include "sandbox/failure.h"

#include <stdint.h>

/* What a package manager needs, and what `croft shell` gives root inside. */
extern const uint64_t capabilities_of_shell;

/*
 * Reads a capability's name, with or without "cap_" and in any case, or "all".
 * Returns 0, or -1 with why filled in for a name that does not exist, here or
 * in the running kernel.
 */
int capabilities_read(const char *name, uint64_t *set, struct failure *why);

/* Writes the names of the set, separated by blanks, cut to size; returns text. */
const char *capabilities_print(uint64_t set, char *text, size_t size);

/* The highest capability that the running kernel has (PR_CAPBSET_READ). */
int capabilities_last(void);

#endif
