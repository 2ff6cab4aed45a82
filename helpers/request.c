/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request - what the caller wants, from the pipe
 *
 * The caller is to have written it all before it starts us, so a second is
 * plenty; a caller that trickles or floods is cut off with nothing granted.
 */
#include "helpers/steps.h"

#include <poll.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* Half a second of silence, or the first of the two seconds that confine.c gave us, is late. */
static void wait_for_bytes(void)
{
	struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };
	struct itimerval left = { .it_value.tv_sec = 0 };

	if (poll(&ready, 1, 500) <= 0 || getitimer(ITIMER_REAL, &left) < 0 ||
	    left.it_value.tv_sec == 0)
		refuse(VERDICT_REQUEST_LATE);
}

void request_read(struct idrequest *request)
{
	char bytes[sizeof(*request) + 1];		/* with one too many */
	enum idverdict_code verdict;
	size_t length = 0;
	ssize_t got;

	do {
		wait_for_bytes();
		got = read(STDIN_FILENO, bytes + length, sizeof(bytes) - length);
		if (got < 0)
			refuse(VERDICT_REQUEST_SHORT);
		length += (size_t)got;
	} while (got > 0 && length < sizeof(bytes));
	memcpy(request, bytes, sizeof(*request));
	verdict = idrequest_check(request, length);
	if (verdict != VERDICT_GRANTED)
		refuse(verdict);
}
