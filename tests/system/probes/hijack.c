/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hijack - a library that is loaded into croft by a tree that croft is to run
 *
 * In a process whose program is called croft it takes hold of that program,
 * leaves a child behind with it, and the child tries to write there as long
 * as it lives.  HIJACK_LOG is where it tells.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_croft(void)
{
	char program[4096];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	program[length > 0 ? length : 0] = '\0';
	return strstr(program, "/croft") != NULL;
}

static void tell(const char *text)
{
	const char *log = getenv("HIJACK_LOG");
	int fd = log != NULL ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		_exit(2);
	(void)close(fd);
}

/* As another program: the kernel lets nobody write to one that is executed (ETXTBSY). */
static void overwrite(int held)
{
	static const char script[] =
		"for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do\n"
		"	(echo overwritten >/proc/self/fd/9) 2>/dev/null && echo opened "
		">>\"$HIJACK_LOG\" && exit\n	sleep 0.1\n"
		"done";

	(void)setsid();
	(void)unsetenv("LD_PRELOAD");
	if (dup2(held, 9) == 9)
		(void)execl("/bin/sh", "sh", "-c", script, (char *)NULL);
	_exit(2);
}

static void __attribute__((constructor)) hijack(void)
{
	int held;

	if (!is_croft())
		return;
	held = open("/proc/self/exe", O_RDONLY);
	if (held < 0)
		_exit(2);
	tell("held\n");
	if (fork() == 0)
		overwrite(held);
	(void)usleep(500000);
	_exit(0);
}
