/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the payload sees of the process that stays beside it as PID 1: forked
 * from the launcher and never exec'd, in the same user namespace, while the
 * payload holds every capability of that namespace.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char secret[] = "of the launcher";

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd;
}

static int open_for_writing(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd;
}

static long follow(const char *path)
{
	char text[256];

	return readlink(path, text, sizeof(text));
}

static long steal_descriptor(void)
{
	int pidfd = must(syscall(SYS_pidfd_open, 1, 0));

	return syscall(SYS_pidfd_getfd, pidfd, STDERR_FILENO, 0);
}

static long read_memory(void *address)
{
	char text[sizeof(secret)];
	struct iovec local = { .iov_base = text, .iov_len = sizeof(text) };
	struct iovec remote = { .iov_base = address, .iov_len = sizeof(text) };

	return process_vm_readv(1, &local, 1, &remote, 1, 0);
}

static long compare_files(void)
{
	return syscall(SYS_kcmp, 1, getpid(), KCMP_FILES, 0, 0);
}

/* The payload, after its exec; the address of the secret comes as its argument. */
static void find_it_opaque(void *address)
{
	static const char *const files[] = {
		"/proc/1/mem", "/proc/1/environ", "/proc/1/maps", "/proc/1/auxv", "/proc/1/fd",
		"/proc/1/exe", "/proc/1/root", "/proc/1/map_files", "/proc/1/syscall",
		"/proc/1/stack", "/proc/1/ns/user",
	};
	static const char *const controls[] = {
		"/proc/1/mem", "/proc/1/comm", "/proc/1/oom_score_adj", "/proc/1/uid_map",
		"/proc/1/timens_offsets",
	};
	static const char *const links[] = {
		"/proc/1/exe", "/proc/1/cwd", "/proc/1/root", "/proc/1/ns/mnt",
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		refused(EACCES, open_file(files[i]));
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		refused(EACCES, open_for_writing(controls[i]));
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		refused(EACCES, follow(links[i]));
	refused(EPERM, ptrace(PTRACE_ATTACH, 1, NULL, NULL));
	refused(EPERM, ptrace(PTRACE_SEIZE, 1, NULL, NULL));
	refused(EPERM, steal_descriptor());
	refused(EPERM, read_memory(address));
	refused(EPERM, compare_files());
}

/* The same questions to a dumpable PID 1: what the flag is for. */
static void find_it_open(void *address)
{
	must(open_file("/proc/1/mem"));
	must(open_for_writing("/proc/1/mem"));
	must(open_file("/proc/1/environ"));
	must(follow("/proc/1/exe"));
	must(follow("/proc/1/cwd"));
	must(steal_descriptor());
	must(read_memory(address));
	must(ptrace(PTRACE_SEIZE, 1, NULL, NULL));
}

/* cmdline stays readable: the launcher's arguments have to be wiped, not hidden. */
static void find_its_arguments(void *address)
{
	char text[256];

	(void)address;
	claim(read_text("/proc/1/cmdline", text, sizeof(text)) > 0);
	claim(strstr(text, "reaper") != NULL);
}

static const struct {
	const char *name;
	void (*play)(void *address);
} payloads[] = {
	{ "opaque", find_it_opaque },
	{ "open", find_it_open },
	{ "arguments", find_its_arguments },
};

static bool reaper_hides;
static const char *payload_name;
static int program = -1;

/* PID 1: mounts its proc, hides if it is told to, and runs this program as the payload. */
static void be_first(void)
{
	char address[32];
	int status = 0;
	pid_t payload;

	must(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
	if (reaper_hides)
		must(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
	snprintf(address, sizeof(address), "%p", (void *)secret);
	payload = must(fork());
	if (payload == 0) {
		char *const arguments[] = { (char *)(uintptr_t)payload_name, address, NULL };

		fexecve(program, arguments, environ);
		_exit(126);
	}
	must(waitpid(payload, &status, 0));
	claim(WIFEXITED(status));
	_exit(WEXITSTATUS(status));
}

static void run_payload(const char *name, bool hides)
{
	/* Once hidden, a process cannot follow even its own /proc/self/exe. */
	program = must(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
	payload_name = name;
	reaper_hides = hides;
	enter_alone(CLONE_NEWNS | CLONE_NEWPID, 0, 0);
	play_in_child(be_first);
}

static void hidden_reaper_is_opaque(void)
{
	run_payload("opaque", true);
}

static void dumpable_reaper_is_open(void)
{
	run_payload("open", false);
}

static void arguments_are_not_hidden(void)
{
	run_payload("arguments", true);
}

/* Hidden too early, the process can neither map itself nor be mapped by its owner. */
static void hiding_before_the_maps_is_too_early(void)
{
	must(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
	must(unshare(CLONE_NEWUSER));
	refused(EACCES, write_text("/proc/self/setgroups", "deny"));
	refused(EACCES, write_text("/proc/self/uid_map", "0 0 1\n"));
}

/* A change of credentials sets the flag to fs.suid_dumpable, so hiding comes after the last. */
static void credentials_reset_the_flag(void)
{
	char text[8];
	int reset;

	read_text("/proc/sys/fs/suid_dumpable", text, sizeof(text));
	reset = text[0] - '0';
	enter_delegated(0);
	claim(must(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)) == 1);
	must(setresuid(5, 5, 5));
	claim(must(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)) == reset);
}

static void signal_first(void)
{
	static const int harmless[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGKILL, SIGSTOP };

	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		must(kill(1, harmless[i]));
}

static void survive_signals(void)
{
	play_in_child(signal_first);
}

/* Without a handler no signal from inside reaches PID 1, not even SIGKILL. */
static void first_process_is_deaf(void)
{
	enter_alone(CLONE_NEWPID, 0, 0);
	play_in_child(survive_signals);
}

static int alive[2];

static void stay(void)
{
	close(alive[0]);
	pause();
}

static void leave_a_child_behind(void)
{
	start_child(stay);
}

static void nobody_survives_the_first_process(void)
{
	char byte;

	must(pipe2(alive, O_CLOEXEC));
	enter_alone(CLONE_NEWPID, 0, 0);
	play_in_child(leave_a_child_behind);
	close(alive[1]);
	claim(read(alive[0], &byte, 1) == 0);
	refused(ENOMEM, fork());
}

static const struct scene scenes[] = {
	{ "a hidden PID 1 is opaque to a payload with all capabilities", hidden_reaper_is_opaque },
	{ "a dumpable one is open", dumpable_reaper_is_open },
	{ "its arguments are not hidden", arguments_are_not_hidden },
	{ "hiding before the maps is too early: EACCES", hiding_before_the_maps_is_too_early },
	{ "a change of credentials resets the flag", credentials_reset_the_flag },
	{ "PID 1 without handlers is deaf to those inside", first_process_is_deaf },
	{ "nobody survives PID 1", nobody_survives_the_first_process },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		if (strcmp(argv[0], payloads[i].name))
			continue;
		payloads[i].play((void *)(uintptr_t)strtoull(argv[1], NULL, 16));
		return 0;
	}
	return play_scenes("reaper", SCENES(scenes));
}
