/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request - what the caller wants, from the pipe
 *
 * The caller is to have written it all before it starts us, so a second is
 * plenty; a caller that trickles or floods is cut off with nothing granted.
 */
#include "helpers/steps.h"

#include <string.h>
#include <sys/select.h>
#include <unistd.h>

void request_read(struct idrequest *request)
{
	struct timeval left = { .tv_sec = 1 };		/* Linux counts it down (select(2)) */
	char bytes[sizeof(*request) + 1];		/* with one too many */
	enum idverdict_code verdict;
	size_t length = 0;
	ssize_t got;

	do {
		fd_set ready;

		FD_ZERO(&ready);
		FD_SET(STDIN_FILENO, &ready);
		if (select(STDIN_FILENO + 1, &ready, NULL, NULL, &left) <= 0)
			refuse(VERDICT_REQUEST_LATE);
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
