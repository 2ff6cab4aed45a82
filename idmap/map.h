/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map - ranges of IDs: what one user or group ID map of a user namespace holds; pure */
#ifndef IDMAP_MAP_H
#define IDMAP_MAP_H

#include <stddef.h>
#include <stdint.h>

/* UID_GID_MAP_MAX_EXTENTS: the kernel's limit of lines in a map, since Linux 4.15. */
enum { IDMAP_MAX = 340 };

/* Room for a map as text: lines of three numbers of ten digits.  The kernel takes less. */
enum { IDMAP_TEXT = IDMAP_MAX * 33 };

struct idrange {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

struct idmap {
	uint32_t n;
	struct idrange range[IDMAP_MAX];
};

enum idmap_fault {
	IDMAP_GOOD, IDMAP_EMPTY,
	IDMAP_TOO_MANY,		/* more than IDMAP_MAX ranges */
	IDMAP_WRAPS,		/* a count of 0, or an ID beyond 4294967294 */
	IDMAP_OVERLAPS_INSIDE, IDMAP_OVERLAPS_OUTSIDE,
	IDMAP_TOO_LONG,		/* as text, it needs a page or more */
};

/* Which ranges a fault is about: two for an overlap, else a alone. */
struct idmap_clash {
	uint32_t a, b;
};

/*
 * Would the kernel take this map, whoever asks?  (map_write(), Linux 4.15:
 * every rule that does not depend on the writer.)  Fills in *at, if not NULL.
 */
enum idmap_fault idmap_check(const struct idmap *map, struct idmap_clash *at);

/*
 * Writes the map as the kernel reads it, a line for each range, without a NUL
 * behind it.  Returns the length, or 0 if it is more than the kernel takes.
 */
size_t idmap_print(const struct idmap *map, char text[IDMAP_TEXT]);

#endif
