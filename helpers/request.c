/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request - what the caller wants, from the pipe
 *
 * The caller is to have written it all before it starts us, so a second is
 * plenty; a caller that trickles or floods is cut off with nothing granted.
 */
#include "helpers/request.h"

#include "helpers/verdict.h"

#include <poll.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 1000 };	/* milliseconds, less than the deadline that kills */

static int64_t milliseconds(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		refuse(VERDICT_CANNOT_CONFINE);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* As read(2), but not after the deadline. */
static size_t read_until(int fd, void *bytes, size_t size, int64_t deadline)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int64_t left = deadline - milliseconds();
	ssize_t got;

	if (left <= 0 || poll(&ready, 1, (int)left) <= 0)
		refuse(VERDICT_REQUEST_LATE);
	got = read(fd, bytes, size);
	if (got < 0)
		refuse(VERDICT_REQUEST_SHORT);
	return (size_t)got;
}

void request_read(int fd, struct idrequest *request)
{
	int64_t deadline = milliseconds() + PATIENCE;
	enum idverdict_code verdict;
	size_t length = 0, got;
	char beyond;

	do {
		bool full = length == sizeof(*request);

		got = read_until(fd, full ? &beyond : (char *)request + length,
				 full ? 1 : sizeof(*request) - length, deadline);
		length += got;
	} while (got > 0 && length <= sizeof(*request));
	verdict = idrequest_check(request, length);
	if (verdict != VERDICT_GRANTED)
		refuse(verdict);
}
