/* SPDX-License-Identifier: GPL-2.0-or-later */
/* target - the process whose namespace is mapped, as a descriptor of its /proc/PID */
#ifndef HELPERS_TARGET_H
#define HELPERS_TARGET_H

#include "helpers/confine.h"
#include "idmap/map.h"

/*
 * Refuses all but the directory of a process of the caller's, in a user
 * namespace that the caller made as a child of ours, whose map is still empty.
 */
void target_check(int directory, const struct caller *caller, const char *map_file);

/* The target's number, as its own /proc shows it, or 0.  For the log alone. */
uint32_t target_number(int directory);

/* Needs no capability: to own the namespace is enough.  Only before gid_map is written. */
void target_deny_setgroups(int directory);

/* Writes the map, all of it in one call; the kernel takes it whole or not at all. */
void target_write_map(int directory, const char *map_file, const struct idmap *map);

#endif
