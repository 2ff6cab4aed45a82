/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a user namespace cannot be made: each cause the launcher tells apart,
 * with the errno that it alone must not be told apart by.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void chrooted(void)
{
	enter_alone(CLONE_NEWNS, 0, 0);
	must(unshare(CLONE_NEWUSER));
	must(write_text("/proc/self/uid_map", "0 0 1\n"));
	must(write_text("/proc/self/gid_map", "0 0 1\n"));
	must(chroot("/usr"));
	refused(EPERM, unshare(CLONE_NEWUSER));
}

static void unmapped_caller(void)
{
	must(unshare(CLONE_NEWUSER));
	refused(EPERM, unshare(CLONE_NEWUSER));
}

static void caller_without_a_mapped_group(void)
{
	char text[32];

	must(unshare(CLONE_NEWUSER));
	snprintf(text, sizeof(text), "0 %u 1\n", player_uid());
	must(write_text("/proc/self/uid_map", text));
	refused(EPERM, unshare(CLONE_NEWUSER));
}

static void *wait_forever(void *nothing)
{
	pause();
	return nothing;
}

static void with_a_second_thread(void)
{
	pthread_t thread;

	claim(pthread_create(&thread, NULL, wait_forever, NULL) == 0);
	refused(EINVAL, unshare(CLONE_NEWUSER));
	must(unshare(CLONE_FS));
}

/* The root of a namespace sets the limit for those below it. */
static void limit_reached(void)
{
	enter_alone(0, 0, 0);
	must(write_text("/proc/sys/user/max_user_namespaces", "0\n"));
	refused(ENOSPC, unshare(CLONE_NEWUSER));
	must(write_text("/proc/sys/user/max_user_namespaces", "10\n"));
	must(unshare(CLONE_NEWUSER));
}

static void limit_of_another_kind_reached(void)
{
	enter_alone(0, 0, 0);
	must(write_text("/proc/sys/user/max_net_namespaces", "0\n"));
	refused(ENOSPC, unshare(CLONE_NEWUSER | CLONE_NEWNET));
	must(unshare(CLONE_NEWUSER | CLONE_NEWIPC));
}

static bool descend(void)
{
	if (unshare(CLONE_NEWUSER))
		return false;
	must(write_text("/proc/self/uid_map", "0 0 1\n"));
	must(write_text("/proc/self/gid_map", "0 0 1\n"));
	return true;
}

/* Counted from the initial namespace; how deep this test began cannot be known. */
static void too_deep(void)
{
	int depth = 1;

	enter_alone(0, 0, 0);
	while (depth < 40 && descend())
		depth++;
	claim(errno == ENOSPC);
	claim(depth <= 33);
}

static void filter_unshare(unsigned int answer)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0));
}

/* No other cause is visible then: what tells it is Seccomp: 2 in one's own status. */
static void filtered(void)
{
	char text[8192];

	filter_unshare(EPERM);
	refused(EPERM, unshare(CLONE_NEWUSER));
	read_text("/proc/self/status", text, sizeof(text));
	claim(strstr(text, "\nSeccomp:\t2\n") != NULL);
}

static void no_new_privs_does_not_matter(void)
{
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must(unshare(CLONE_NEWUSER));
}

static void other_namespaces_need_the_user_namespace(void)
{
	static const int kinds[] = {
		CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC,
		CLONE_NEWUTS, CLONE_NEWCGROUP, CLONE_NEWTIME,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		refused(EPERM, unshare(kinds[i]));
	must(unshare(CLONE_NEWUSER));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		must(unshare(kinds[i]));
}

static const struct scene scenes[] = {
	{ "chrooted: EPERM", chrooted },
	{ "caller not mapped: EPERM", unmapped_caller },
	{ "caller's group not mapped: EPERM", caller_without_a_mapped_group },
	{ "a second thread: EINVAL", with_a_second_thread },
	{ "limit of user namespaces: ENOSPC", limit_reached },
	{ "limit of another kind: ENOSPC", limit_of_another_kind_reached },
	{ "34th level: ENOSPC", too_deep },
	{ "a filter around us: its errno, and Seccomp: 2", filtered },
	{ "no_new_privs does not matter", no_new_privs_does_not_matter },
	{ "the other kinds need the user namespace", other_namespaces_need_the_user_namespace },
};

int main(void)
{
	return play_scenes("creation", SCENES(scenes));
}
