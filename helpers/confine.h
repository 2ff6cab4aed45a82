/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confine - what the caller left around us goes, and one capability stays, at rest */
#ifndef HELPERS_CONFINE_H
#define HELPERS_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

enum { TARGET_FD = 3 };		/* what the caller hands over, beside the two pipes */

struct caller {
	uint32_t uid, gid;
	bool privileged;	/* the capability is there to be raised */
};

/*
 * Checks how we were started and puts in order what exec(2) inherits.  Opens
 * nothing but /dev/null, and must not yet look at what the caller handed over.
 */
void confine_surroundings(int argc, char *const argv[]);

/*
 * Becomes the caller in all three user IDs, with at most this capability
 * permitted and none effective, and proves it.
 */
struct caller confine_to(int capability);

/* The capability is in effect from one to the other, and nowhere else. */
void confine_raise(void);
void confine_lower(void);

#endif
