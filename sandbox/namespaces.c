/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespaces - making them, and saying why they cannot be made */
#include "sandbox/namespaces.h"

#include "sandbox/cleanup.h"
#include "sandbox/diagnosis.h"
#include "sandbox/handshake.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static bool moves_clocks(const struct plan *plan)
{
	return plan->boottime_offset != 0 || plan->monotonic_offset != 0;
}

/* A clock can be moved only while nobody is in its namespace (timens_offsets: EACCES). */
static int made_by_fork(const struct plan *plan)
{
	return plan->namespaces & ~(CLONE_NEWNET | (moves_clocks(plan) ? CLONE_NEWTIME : 0));
}

/* Set when clone(2) made setup: it has no flag for a time namespace, and setup makes its own. */
static bool lacks_time;

/*
 * Filters answer ENOSYS to clone3(2), whose arguments they cannot see, to have
 * clone(2) used.  There the bit of CLONE_NEWTIME is a part of the exit signal.
 */
static pid_t fork_by_clone(int namespaces, int *pidfd)
{
	int flags = (namespaces & ~CLONE_NEWTIME) | (pidfd != NULL ? CLONE_PIDFD : 0) | SIGCHLD;
#ifdef __s390__
	pid_t pid = (pid_t)syscall(SYS_clone, NULL, flags, pidfd, NULL, 0);
#else
	pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, pidfd, NULL, 0);
#endif

	if ((namespaces & CLONE_NEWTIME) != 0)
		lacks_time = true;
	return pid;
}

/*
 * The raw call: glibc's fork() runs handlers and takes locks that a fork of one thread has no
 * use for.  With CLONE_PARENT the child's signal is its parent's, and may not be named.
 */
static pid_t fork_into(int namespaces, int *pidfd)
{
	struct clone_args args = {
		.flags = (uint64_t)(unsigned)namespaces | (pidfd != NULL ? CLONE_PIDFD : 0),
		.pidfd = (uint64_t)(uintptr_t)pidfd,
		.exit_signal = (namespaces & CLONE_PARENT) == 0 ? SIGCHLD : 0,
	};
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

	return pid < 0 && errno == ENOSYS ? fork_by_clone(namespaces, pidfd) : pid;
}

static pid_t fork_setup(const struct plan *plan, int more, int *pidfd, struct failure *why)
{
	int first = made_by_fork(plan);
	pid_t pid = fork_into(first | more, pidfd);

	return pid < 0 ? diagnosis_of_namespaces(first, errno, why) : pid;
}

/* ---- a PID namespace below one that was joined --------------------------------------------- */

/* Between the launcher and setup: its work is done when setup is there, the launcher's child. */
static pid_t fork_from_within(const struct plan *plan, int gate, struct failure *why)
{
	auto_close pidfd = -1;
	pid_t pid = fork_setup(plan, CLONE_PARENT, &pidfd, why);

	if (pid == 0)
		return 0;
	if (pid < 0)
		handshake_send_failure(gate, why);
	else if (handshake_send(gate, MESSAGE_SETUP, lacks_time, pidfd) < 0)
		(void)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	_exit(0);
}

/* Its number here; the process that forked it knows another (pidfd_show_fdinfo()). */
static pid_t number_of(int pidfd, struct failure *why)
{
	char path[40], line[64];
	FILE *file;
	int pid = -1;

	(void)snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL &&
	       sscanf(line, "Pid: %d", &pid) != 1)
		;
	if (file != NULL)
		(void)fclose(file);		/* only read */
	return pid > 0 ? pid : fail(why, 0, "%s tells no number of the process inside", path);
}

static pid_t hear_of_setup(pid_t between, int gate, int *pidfd, struct failure *why)
{
	int by_clone = 0;
	int result = handshake_expect(gate, MESSAGE_SETUP, &by_clone, pidfd, why);

	while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
		;
	lacks_time = by_clone != 0;
	return result < 0 ? -1 : number_of(*pidfd, why);
}

/*
 * A PID namespace is made only by who is in the one above it (copy_pid_ns()), and
 * setns(2) puts there not the caller but its children: the first of them makes setup.
 */
static pid_t fork_below(const struct plan *plan, int *pidfd, struct failure *why)
{
	int gates[2];
	pid_t between;

	if (handshake_open(gates, why) < 0)
		return -1;
	between = namespaces_fork_within(why);
	if (between == 0) {
		auto_close gate = gates[1];

		(void)close(gates[0]);
		return fork_from_within(plan, gate, why);
	}
	(void)close(gates[1]);
	if (between > 0)
		between = hear_of_setup(between, gates[0], pidfd, why);
	(void)close(gates[0]);
	return between;
}

pid_t namespaces_fork(const struct plan *plan, int *pidfd, struct failure *why)
{
	if (plan->pidns >= 0 && (plan->namespaces & CLONE_NEWPID) != 0)
		return fork_below(plan, pidfd, why);
	return fork_setup(plan, 0, pidfd, why);
}

pid_t namespaces_fork_within(struct failure *why)
{
	pid_t pid = fork_into(0, NULL);

	return pid < 0 ? fail(why, errno, "fork") : pid;
}

/* ---- read back ----------------------------------------------------------------------------- */

static const struct {
	int flag;
	const char *name;
} kinds[] = {
	{ CLONE_NEWUSER, "user" }, { CLONE_NEWNS, "mnt" }, { CLONE_NEWPID, "pid" },
	{ CLONE_NEWIPC, "ipc" }, { CLONE_NEWUTS, "uts" }, { CLONE_NEWCGROUP, "cgroup" },
	{ CLONE_NEWTIME, "time" }, { CLONE_NEWNET, "net" },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct identities {
	ino_t of[KINDS];
};

/* Those of a process in a /proc, by its name there. */
static int identify(int proc, const char *process, int wanted, struct identities *id,
		    struct failure *why)
{
	char path[48];
	struct stat status;

	for (int i = 0; i < KINDS; i++) {
		if ((wanted & kinds[i].flag) == 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/ns/%s", process, kinds[i].name);
		if (fstatat(proc, path, &status, 0) < 0)
			return fail(why, errno, "look at the namespace /proc/%s", path);
		id->of[i] = status.st_ino;
	}
	return 0;
}

static int compare(int wanted, const struct identities *before, const struct identities *now,
		   struct failure *why)
{
	for (int i = 0; i < KINDS; i++)
		if ((wanted & kinds[i].flag) != 0 && before->of[i] == now->of[i])
			return fail(why, 0, "the new %s namespace is the one from before",
				    kinds[i].name);
	return 0;
}

int namespaces_check(const struct plan *plan, pid_t child, struct failure *why)
{
	int made = made_by_fork(plan) & ~(lacks_time ? CLONE_NEWTIME : 0);
	auto_close proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct identities ours, theirs;
	char name[16];

	(void)snprintf(name, sizeof(name), "%d", (int)child);
	if (identify(proc, "self", made, &ours, why) < 0 ||
	    identify(proc, name, made, &theirs, why) < 0)
		return -1;
	return compare(made, &ours, &theirs, why);
}

/* unshare(2), believed only when the namespaces are others than before. */
static int leave(int namespaces, int proc, struct failure *why)
{
	struct identities before, now;

	if (identify(proc, "self", namespaces, &before, why) < 0)
		return -1;
	if (unshare(namespaces) < 0)
		return diagnosis_of_namespaces(namespaces, errno, why);
	if (identify(proc, "self", namespaces, &now, why) < 0)
		return -1;
	return compare(namespaces, &before, &now, why);
}

int namespaces_enter_inner(const struct plan *plan, int proc, struct failure *why)
{
	return leave(plan->inner, proc, why);
}

/* ---- joining ------------------------------------------------------------------------------- */

static int join(int fd, int kind, const char *option, struct failure *why)
{
	if (fd < 0 || setns(fd, kind) == 0)
		return 0;
	(void)fail(why, errno, "join the namespace that --%s %d names", option, fd);
	(void)familiar(why, "Setting %s failed", option);
	if (errno == EINVAL && kind == CLONE_NEWUSER)
		return hint(why, "it must be a user namespace, and one below the caller's own");
	return errno == EPERM ? hint(why, "its owner, or root in it, may join it") : -1;
}

int namespaces_join(const struct plan *plan, struct failure *why)
{
	if (join(plan->userns, CLONE_NEWUSER, "userns", why) < 0)
		return -1;
	return join(plan->pidns, CLONE_NEWPID, "pidns", why);
}

int namespaces_join_last(const struct plan *plan, struct failure *why)
{
	return join(plan->userns2, CLONE_NEWUSER, "userns2", why);
}

/* The limit is of the opener's user namespace (set_lookup()), and counts those below it. */
static int limit_namespaces(int proc, const char *kind, const char *count, struct failure *why)
{
	char path[48];
	auto_close fd = -1;

	(void)snprintf(path, sizeof(path), "sys/user/max_%s_namespaces", kind);
	fd = openat(proc, path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, count, 1) != 1)
		return fail(why, errno, "limit %s namespaces (/proc/%s)", kind, path);
	return 0;
}

static int limit_user_namespaces(int proc, bool second, struct failure *why)
{
	return limit_namespaces(proc, "user", second ? "1" : "0", why);
}

int namespaces_forbid_more(int proc, struct failure *why)
{
	return limit_user_namespaces(proc, true, why);
}

/*
 * Whoever owns a cgroup namespace mounts the tree of control groups (cgroup_do_get_tree());
 * and where its root is the caller's, kills and freezes all that is in it, the caller's
 * shell, too (cgroup_kill_write()).  The one that croft makes is the first user namespace's.
 */
static int limit_groups(const struct plan *plan, int proc, struct failure *why)
{
	return plan->mounts ? limit_namespaces(proc, "cgroup", "0", why) : 0;
}

/* One level above the payload's, where there are two; else it lacks the capability to raise it. */
int namespaces_forbid_inside(const struct plan *plan, int proc, struct failure *why)
{
	if (plan->nesting || (plan->namespaces & CLONE_NEWUSER) == 0)
		return 0;
	if (limit_user_namespaces(proc, (plan->inner & CLONE_NEWUSER) != 0, why) == 0)
		return limit_groups(plan, proc, why);
	if (why->err == EROFS)
		return hint(why, "/proc/sys is read-only here, as in most containers; "
				 "--allow-nesting goes without that limit, and with "
				 "--deny-syscalls @namespaces the filter still refuses what it "
				 "is for; a new /proc may be refused, too: "
				 "--share-pid shows the caller's");
	return hint(why, "--allow-nesting goes without that limit");
}

int namespaces_none_can_be_made(struct failure *why)
{
	if (unshare(CLONE_NEWUSER) < 0)
		return 0;
	(void)fail(why, 0, "a user namespace could be made inside, in spite of --disable-userns");
	return familiar(why, "creation of new user namespaces was not disabled as requested");
}

/* ---- furnishing ---------------------------------------------------------------------------- */

/* The kernel gives the loopback device its addresses when it goes up (inetdev_event()). */
static int raise_loopback(struct failure *why)
{
	auto_close fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return fail(why, errno, "bring up the loopback device");
	return 0;
}

static int write_offsets(const struct plan *plan, struct failure *why)
{
	auto_close fd = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
	char text[96];
	int length = snprintf(text, sizeof(text), "monotonic %lld 0\nboottime %lld 0\n",
			      (long long)plan->monotonic_offset, (long long)plan->boottime_offset);

	if (fd >= 0 && write(fd, text, (size_t)length) == length)
		return 0;
	(void)fail(why, errno, "move the clocks by %lld and %lld seconds",
		   (long long)plan->monotonic_offset, (long long)plan->boottime_offset);
	return errno == ERANGE ? hint(why, "a clock cannot go below zero") : -1;
}

/* unshare(2) prepares a time namespace for children; setns(2) moves this process, too. */
static int enter_time(const struct plan *plan, struct failure *why)
{
	auto_close fd = -1;

	if (unshare(CLONE_NEWTIME) < 0)
		return diagnosis_of_namespaces(CLONE_NEWTIME, errno, why);
	if (moves_clocks(plan) && write_offsets(plan, why) < 0)
		return -1;
	fd = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWTIME) < 0)
		return fail(why, errno, "enter the time namespace");
	return 0;
}

static bool has_name(const char *name)
{
	struct utsname host;

	return uname(&host) == 0 && strcmp(host.nodename, name) == 0;
}

int namespaces_furnish(const struct plan *plan, struct failure *why)
{
	if ((moves_clocks(plan) || lacks_time) && enter_time(plan, why) < 0)
		return -1;
	if (plan->hostname != NULL && sethostname(plan->hostname, strlen(plan->hostname)) < 0)
		return fail(why, errno, "set the host name to %s", plan->hostname);
	if (plan->hostname != NULL && !has_name(plan->hostname))
		return fail(why, 0, "the host name %s that was set did not hold", plan->hostname);
	return 0;
}

/*
 * The payload's capabilities are of the second user namespace, and this network
 * namespace belongs to the first (ns_capable()): CAP_NET_BIND_SERVICE is given
 * by letting everyone inside bind every port of it.  By the /proc that was there
 * at the start: whether the new root is in place by now, and what it has at that
 * path, is not to be counted on.
 */
static int open_low_ports(int proc, struct failure *why)
{
	static const char path[] = "sys/net/ipv4/ip_unprivileged_port_start";
	auto_close fd = openat(proc, path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "0", 1) != 1)
		return fail(why, errno, "let ports below 1024 be bound (/proc/%s)", path);
	return 0;
}

int namespaces_enter_network(const struct plan *plan, int proc, struct failure *why)
{
	if ((plan->namespaces & CLONE_NEWNET) == 0)
		return 0;
	if (leave(CLONE_NEWNET, proc, why) < 0 || raise_loopback(why) < 0)
		return -1;
	if ((plan->capabilities >> CAP_NET_BIND_SERVICE & 1) != 0)
		return open_low_ports(proc, why);
	return 0;
}
