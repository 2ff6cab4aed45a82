/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keyring - a session keyring of the payload's own (session-keyring(7)) */
#include "sandbox/confine/keyring.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static long session_keyring(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
}

/* Asked twice: one answer may be a fault. */
static bool kernel_has_no_keys(void)
{
	return errno == ENOSYS && session_keyring() < 0 && errno == ENOSYS;
}

int keyring_join_new(struct failure *why)
{
	long joined = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);

	if (joined < 0 && kernel_has_no_keys())
		return 0;
	if (joined < 0) {
		(void)fail(why, errno, "join a new session keyring");
		return errno == EDQUOT ? hint(why, "each sandbox has one; the sysctl "
					      "kernel.keys.maxkeys says how many a user may have") :
					 hint(why, "--share-keyring keeps the caller's");
	}
	if (joined == 0 || session_keyring() != joined)
		return fail(why, 0, "the new session keyring that was joined did not hold");
	return 0;
}
