/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - one line in the system log for each request: numbers and fixed words */
#ifndef HELPERS_LOG_H
#define HELPERS_LOG_H

#include "idmap/map.h"

/* What the line will say, filled in as it becomes known.  Without an ident there is no line. */
extern struct log_facts {
	const char *ident;
	uint32_t uid;
	uint32_t target;		/* a process ID */
	const struct idmap *map;
} log_facts;

/* Sends the line.  Never waits, and does not mind if no one listens. */
void log_verdict(uint32_t code);

#endif
