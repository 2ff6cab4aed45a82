/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verdict - the only two ways a helper ends
 *
 * The answer is eight bytes that the caller had no hand in, and they go to a
 * pipe or nowhere: a descriptor of the caller's choice may be a file whose
 * writer the kernel judges by (CVE-2012-0056), so nothing is written to any
 * other, and nothing at all to standard error.
 */
#include "helpers/verdict.h"

#include "helpers/log.h"

#include <fcntl.h>
#include <unistd.h>

_Static_assert(__builtin_popcount(IDVERDICT_YES ^ IDVERDICT_NO) >= 24,
	       "yes and no are too much alike");

static _Noreturn void answer(const struct idverdict *verdict)
{
	log_verdict(verdict->code);
	/* Pipes alone answer this, and it asks no file system (a FUSE server can hang fstat). */
	if (fcntl(STDOUT_FILENO, F_GETPIPE_SZ) > 0)
		(void)!write(STDOUT_FILENO, verdict, sizeof(*verdict));	/* the status says it, too */
	_exit((int)verdict->code);
}

void refuse(enum idverdict_code code)
{
	const struct idverdict verdict = { IDVERDICT_NO, code };

	answer(&verdict);
}

void confirm(void)
{
	const struct idverdict verdict = { IDVERDICT_YES, VERDICT_GRANTED };

	answer(&verdict);
}
