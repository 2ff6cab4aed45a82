/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inner - IDs for the payload's second user namespace */
#include "sandbox/identity/inner.h"

#include "sandbox/cleanup.h"
#include "sandbox/handshake.h"
#include "sandbox/identity/mapping.h"
#include "sandbox/namespaces.h"
#include "sandbox/number.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

/* Our number as this /proc has it: it may be the caller's, of another PID namespace. */
static int number_in(int proc, uint64_t *number)
{
	char text[16];
	ssize_t length = readlinkat(proc, "self", text, sizeof(text) - 1);

	if (length < 0)
		return -1;
	text[length] = '\0';
	return number_whole(text, INT_MAX, number) ? 0 : -1;
}

int inner_enter(int gate, int proc, const struct plan *plan, struct failure *why)
{
	uint64_t number;

	if (namespaces_enter_inner(plan, proc, why) < 0)
		return -1;
	if (number_in(proc, &number) < 0 ||
	    handshake_send(gate, MESSAGE_NUMBER, (int)number, -1) < 0)
		return fail(why, errno, "ask for the IDs of the second user namespace");
	return handshake_expect(gate, MESSAGE_MAPPED, NULL, NULL, why);
}

int inner_map(int gate, int proc, const struct plan *plan, struct failure *why)
{
	auto_close process = -1;
	char number[16];
	int value;

	if (handshake_expect(gate, MESSAGE_NUMBER, &value, NULL, why) < 0)
		return -1;
	(void)snprintf(number, sizeof(number), "%d", value);
	process = openat(proc, number, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (process < 0)
		return fail(why, errno, "open /proc/%s", number);
	if (mapping_repeat(plan, process, why) < 0)
		return -1;
	if (handshake_send(gate, MESSAGE_MAPPED, 0, -1) < 0)
		return fail(why, errno, "tell the payload's process that it is mapped");
	return 0;
}
