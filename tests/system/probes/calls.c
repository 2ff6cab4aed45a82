/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls - tries every system call number from 0 to 1023, or LAST, and says what came of it
 *
 *     calls native|int80|x32 [LAST]
 *
 * Each is tried in a process of its own, with arguments that the kernel knows how
 * to refuse: all of them -1.  A line is a number and "ok", an error's name, "ended",
 * or "signal N"; a call that waits gets SIGALRM.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile long *answer;
enum { NONE = 1L << 40 };

static long call_native(long number)
{
	long result = syscall(number, -1L, -1L, -1L, -1L, -1L, -1L);

	return result == -1 ? -errno : result;
}

#ifdef __x86_64__

static long call_x32(long number)
{
	return call_native(number | 0x40000000);
}

/* The sixth argument would be the frame pointer; five are enough. */
static long call_int80(long number)
{
	int result;

	__asm__ volatile ("int $0x80" : "=a"(result)
			  : "a"((int)number), "b"(-1), "c"(-1), "d"(-1), "S"(-1), "D"(-1)
			  : "memory", "r8", "r9", "r10", "r11");
	return result;
}

#endif

static const struct { const char *name; long (*call)(long number); } ways[] = {
	{ "native", call_native },
#ifdef __x86_64__
	{ "int80", call_int80 },
	{ "x32", call_x32 },
#endif
};

static _Noreturn void child(long (*call)(long), long number)
{
	const struct itimerval soon = { .it_value = { .tv_usec = 300000 } };
	pid_t self = getpid();
	long result;

	(void)signal(SIGALRM, SIG_DFL);
	(void)setitimer(ITIMER_REAL, &soon, NULL);
	result = call(number);
	if (syscall(SYS_getpid) != self)	/* fork and its like */
		_exit(0);
	*answer = result;
	_exit(0);
}

static void try(long (*call)(long), long number)
{
	int status;
	pid_t pid;

	*answer = NONE;
	pid = fork();
	if (pid == 0)
		child(call, number);
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("calls");
		_exit(1);
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	if (WIFSIGNALED(status))
		printf("%ld signal %d\n", number, WTERMSIG(status));
	else if (*answer == NONE)
		printf("%ld ended\n", number);
	else if (*answer < 0 && *answer > -4096)
		printf("%ld %s\n", number, strerrorname_np((int)-*answer));
	else
		printf("%ld ok\n", number);
}

int main(int argc, char **argv)
{
	const struct rlimit none = { 0, 0 };
	long last = argc == 3 ? strtol(argv[2], NULL, 10) : 1023;

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);	/* a child must have nothing to write twice */
	answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (answer == MAP_FAILED)
		return 1;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (argc >= 2 && strcmp(argv[1], ways[i].name) == 0) {
			for (long number = 0; number <= last; number++)
				try(ways[i].call, number);
			return 0;
		}
	fprintf(stderr, "calls: no such way of calling here\n");
	return 2;
}
