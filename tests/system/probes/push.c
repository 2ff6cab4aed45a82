/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * push - pushes a character into every terminal that it can reach (TIOCSTI), the
 * request also as the kernel reads it, by its lower 32 bits; says how many took it
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int push(int fd)
{
	const unsigned long requests[] = { TIOCSTI, TIOCSTI | 1UL << 32 };
	int taken = 0;

	for (int i = 0; i < 2; i++)
		taken += syscall(SYS_ioctl, fd, requests[i], "!") == 0;
	return taken;
}

int main(void)
{
	int taken = push(open("/dev/tty", O_RDWR | O_CLOEXEC));

	for (int fd = 0; fd <= 2; fd++)
		taken += push(fd);
	printf("pushed %d\n", taken);
	return 0;
}
