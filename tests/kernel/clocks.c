/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When an offset of a time namespace begins to count, and until when it can
 * be written.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { OFFSET = 1000000, TOLERANCE = 1000 };

static const char offsets[] = "/proc/self/timens_offsets";
static time_t start;

static time_t boottime(void)
{
	struct timespec now;

	must(clock_gettime(CLOCK_BOOTTIME, &now));
	return now.tv_sec;
}

static bool shifted(void)
{
	time_t difference = boottime() - start;

	claim(difference < TOLERANCE || (difference >= OFFSET && difference < OFFSET + TOLERANCE));
	return difference >= OFFSET;
}

static void unshare_time(void)
{
	start = boottime();
	must(unshare(CLONE_NEWUSER | CLONE_NEWTIME));
}

static void offsets_wait_for_a_child(void)
{
	unshare_time();
	must(write_text(offsets, "boottime 1000000 0\n"));
	claim(!shifted());
}

static void claim_shifted(void)
{
	claim(shifted());
}

static void forked_child_is_in_the_new_namespace(void)
{
	unshare_time();
	must(write_text(offsets, "boottime 1000000 0\n"));
	play_in_child(claim_shifted);
	claim(!shifted());
	refused(EACCES, write_text(offsets, "boottime 5 0\n"));
}

static void setns_counts_at_once(void)
{
	int children;

	unshare_time();
	must(write_text(offsets, "boottime 1000000 0\nmonotonic 5 0\n"));
	children = must(open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC));
	must(setns(children, CLONE_NEWTIME));
	claim(shifted());
	refused(EACCES, write_text(offsets, "boottime 5 0\n"));
}

static void exec_counts(void)
{
	char text[32];

	unshare_time();
	must(write_text(offsets, "boottime 1000000 0\n"));
	snprintf(text, sizeof(text), "%lld", (long long)start);
	must(setenv("CLOCKS_START", text, 1));
	must(execl("/proc/self/exe", "shifted", (char *)NULL));
}

static void clone3_leaves_no_time_for_offsets(void)
{
	struct clone_args arguments = {
		.flags = CLONE_NEWUSER | CLONE_NEWTIME,
		.exit_signal = SIGCHLD,
	};
	pid_t child = must(syscall(SYS_clone3, &arguments, sizeof(arguments)));

	if (child == 0) {
		refused(EACCES, write_text(offsets, "boottime 5 0\n"));
		_exit(0);
	}
	join_child(child);
}

static void bad_offsets_are_refused(void)
{
	unshare_time();
	refused(ERANGE, write_text(offsets, "boottime -999999999 0\n"));
	refused(ERANGE, write_text(offsets, "boottime 9999999999999 0\n"));
	refused(EINVAL, write_text(offsets, "realtime 5 0\n"));
	refused(EINVAL, write_text(offsets, "boottime 5\n"));
	refused(EINVAL, write_text(offsets, "boottime 5 1000000000\n"));
	must(write_text(offsets, "boottime 5 0\n"));
}

static const struct scene scenes[] = {
	{ "offsets do not touch the writer", offsets_wait_for_a_child },
	{ "a forked child has them, and they are final", forked_child_is_in_the_new_namespace },
	{ "setns to time_for_children counts at once", setns_counts_at_once },
	{ "exec counts", exec_counts },
	{ "clone3 makes a namespace whose offsets are final", clone3_leaves_no_time_for_offsets },
	{ "bad offsets are told apart", bad_offsets_are_refused },
};

int main(int argc, char **argv)
{
	const char *text = getenv("CLOCKS_START");

	if (argc == 1 && strcmp(argv[0], "shifted") == 0 && text) {
		start = (time_t)strtoll(text, NULL, 10);
		return !shifted();
	}
	return play_scenes("clocks", SCENES(scenes));
}
