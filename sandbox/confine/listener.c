/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listener - the kills of filters, done by the reaper, so that it can tell which call it was
 *
 * A call that is left to a listener waits until the listener answers, and the reaper
 * never does: it ends the process.  So the call is never made; nor is it when nobody
 * listens any more (ENOSYS, seccomp_do_user_notification()).  Only whoever holds the
 * listener could let a call through, and the payload does not: it is close-on-exec.
 *
 * Whoever installs the filters gets the listener, and may be unable to hand it over: the
 * filters may forbid that.  A thread without them does it (seccomp(2) is about threads),
 * and exec ends it before the command's first instruction (de_thread()).
 */
#include "sandbox/confine/listener.h"

#include "sandbox/cleanup.h"
#include "sandbox/handshake.h"
#include "sandbox/kernel.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Linux 5.19: who was heard can only die, and not go on by way of a signal's handler. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* ---- the payload's process ----------------------------------------------------------------- */

enum { NOT_YET = -2, NONE = -1 };

static struct {
	int gate;
	atomic_int listener;
	jmp_buf home;
} courier;

/*
 * Its clue that there is a listener must not be a call of the other thread's, who may be
 * free to make none.
 */
static int carry(void *unused)
{
	int listener;

	(void)unused;
	if (syscall(SYS_gettid) == getpid())
		longjmp(courier.home, 1);	/* clone(2) made nothing, and said that we are it */
	while ((listener = atomic_load(&courier.listener)) == NOT_YET)
		(void)usleep(50);
	if (listener != NONE && handshake_send(courier.gate, MESSAGE_LISTENER, 0, listener) < 0)
		(void)shutdown(courier.gate, SHUT_RDWR);	/* whoever waits is told */
	return 0;
}

static int start_courier(void)
{
	static _Alignas(16) char stack[1 << 15];

	if (setjmp(courier.home) != 0)
		return -1;
	return clone(carry, stack + sizeof(stack),
		     CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		     CLONE_THREAD | CLONE_SYSVSEM, NULL);
}

/* By read(2), which every filter must let through. */
static int await_reaper(int gate, struct failure *why)
{
	struct message message = { 0 };
	ssize_t got;

	do
		got = read(gate, &message, sizeof(message));
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fail(why, errno, "read under the filters whether the reaper listens");
	if (got != sizeof(message) || message.kind != MESSAGE_LISTENER)
		return fail(why, 0, "the reaper does not listen to the filters");
	return 1;
}

int listener_install(const struct filter *filter, int gate, struct failure *why)
{
	const struct sock_fprog program = {
		.len = (unsigned short)filter->n, .filter = (struct sock_filter *)filter->code,
	};
	long listener;

	courier.gate = gate;
	atomic_store(&courier.listener, NOT_YET);
	if (start_courier() < 0)
		return 0;
	listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER |
			   SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
	atomic_store(&courier.listener, listener < 0 ? NONE : (int)listener);
	return listener < 0 ? 0 : await_reaper(gate, why);
}

/* ---- the reaper ----------------------------------------------------------------------------- */

/* The kernel writes as much as its own structure has, which may have grown. */
union notification {
	struct seccomp_notif of;
	char room[512];
};

static void note(struct kills *kills, const struct seccomp_data *call, bool payload)
{
	if (kills->n++ > 0 && (kills->payload || !payload))
		return;
	kills->payload = payload;
	kills->table = call->arch;
	kills->number = call->nr;
}

/* A thread's SIGKILL is its process's.  Only the payload's own threads are found by its number. */
static bool end_thread(pid_t payload, pid_t thread)
{
	if (syscall(SYS_tgkill, payload, thread, SIGKILL) == 0)
		return true;
	(void)syscall(SYS_tkill, thread, SIGKILL);	/* it may be dead */
	return false;
}

/* While the call waits, the number is nobody else's. */
static bool is_gone(int listener, uint64_t id)
{
	return ioctl(listener, IOCTL_REQUEST(SECCOMP_IOCTL_NOTIF_ID_VALID), &id) < 0 &&
	       errno == ENOENT;
}

bool listener_hear(int listener, pid_t payload, struct kills *kills)
{
	union notification it;

	memset(&it, 0, sizeof(it));		/* or EINVAL */
	if (ioctl(listener, IOCTL_REQUEST(SECCOMP_IOCTL_NOTIF_RECV), &it) < 0)
		return errno == ENOENT || errno == EINTR;	/* killed or interrupted: no call */
	if (!is_gone(listener, it.of.id))
		note(kills, &it.of.data, end_thread(payload, (pid_t)it.of.pid));
	return true;
}
