/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * evade - makes a call that a filter kills for, and tries not to be killed
 *
 *     evade i386|native plainly|thread|storm|answer|listener|orphan
 *
 * The call is getpid(2) by the table of another machine (int 0x80), or, for a machine that
 * has one table only, getpriority(2) by its own, which whoever runs this gives a filter
 * for.  If it is ever made, that is said, and the status is 1.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static bool foreign;

static int call(void)
{
	int result = -ENOSYS;

#ifdef __x86_64__
	if (foreign) {
		__asm__ volatile ("int $0x80" : "=a"(result) : "a"(20)
				  : "memory", "r8", "r9", "r10", "r11");
		return result;
	}
#endif
	result = (int)syscall(SYS_getpriority, 0, 0);	/* never 0 */
	return result < 0 ? -errno : result;
}

static int tell(int result)
{
	if (result > 0) {
		printf("made\n");
		return 1;
	}
	printf("%s\n", strerrorname_np(-result));
	return 0;
}

static int plainly(void)
{
	return tell(call());
}

static void *in_thread(void *unused)
{
	(void)unused;
	exit(tell(call()));
}

static int thread(void)
{
	pthread_t other;

	if (pthread_create(&other, NULL, in_thread, NULL) != 0)
		return 2;
	for (;;)
		pause();
}

/* Signals with a handler, so many that the call is hardly ever waited for. */
static void handler(int number)
{
	(void)number;
}

static int storm(void)
{
	const struct itimerval often = { { 0, 20 }, { 0, 20 } };
	struct sigaction action = { .sa_handler = handler };

	(void)sigaction(SIGALRM, &action, NULL);
	(void)setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 20000; i++)
		if (call() > 0)
			return tell(1);
	return tell(-EINTR);
}

/* A filter of its own for that call. */
static long install(unsigned flags, unsigned answer)
{
	const unsigned what = foreign ? offsetof(struct seccomp_data, arch) :
					offsetof(struct seccomp_data, nr);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, what),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			 foreign ? AUDIT_ARCH_I386 : SYS_getpriority, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);

	return result < 0 ? -errno : result;
}

static int answer(void)
{
	return install(0, SECCOMP_RET_ERRNO | E2BIG) < 0 ? 2 : tell(call());
}

/* Lets everything through that it hears of. */
static _Noreturn void let_through(int listener)
{
	struct seccomp_notif heard;
	struct seccomp_notif_resp let = { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);	/* its call may never come */
	memset(&heard, 0, sizeof(heard));
	while (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &heard) < 0)
		if (errno != EINTR)
			_exit(1);
	let.id = heard.id;
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &let);
	_exit(0);
}

static int listener(void)
{
	long heard = install(SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_RET_USER_NOTIF);

	printf("listener %s\n", heard < 0 ? strerrorname_np((int)-heard) : "ok");
	(void)fflush(stdout);
	if (heard >= 0 && fork() == 0)
		let_through((int)heard);
	return tell(call());
}

/* Whoever listens is killed first: without a PID namespace the parent can be. */
static int orphan(void)
{
	pid_t parent = getppid();

	if (kill(parent, SIGKILL) < 0)
		return 2;
	while (getppid() == parent)
		(void)usleep(1000);
	return listener();
}

static const struct { const char *name; int (*way)(void); } ways[] = {
	{ "plainly", plainly }, { "thread", thread }, { "storm", storm }, { "answer", answer },
	{ "listener", listener }, { "orphan", orphan },
};

int main(int argc, char **argv)
{
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);	/* to be tried without croft, too */
	foreign = argc > 1 && strcmp(argv[1], "i386") == 0;
	for (size_t i = 0; argc == 3 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(argv[2], ways[i].name) == 0)
			return ways[i].way();
	fprintf(stderr, "evade: no such way\n");
	return 2;
}
