/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exchange A B - lets two names change places, over and over, until it is killed */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

int main(int argc, char **argv)
{
	if (argc != 3 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return 2;
	while (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) == 0)
		;
	(void)fprintf(stderr, "exchange %s and %s: %s\n", argv[1], argv[2], strerror(errno));
	return 1;
}
