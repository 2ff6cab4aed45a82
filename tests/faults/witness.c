/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness - a payload that tells, by one write to standard output, all that can
 * be seen from inside of what confines it
 *
 *     witness CALLERS      the caller's namespaces and session keyring, as sweep.c has them
 *
 * Two runs with the same options tell the same, byte for byte: numbers that the
 * kernel gives out anew each time are left out, or named by what they refer to.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static char text[1 << 18];
static size_t length;

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text + length, sizeof(text) - length, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text) - length)
		abort();
	length += (size_t)n;
}

static const char *outcome(long result)
{
	return result >= 0 ? "done" : strerrorname_np(errno);
}

/* ---- whose it is --------------------------------------------------------------------------- */

static const char *const kinds[] = { "user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time" };

static void tell_namespaces(const char *callers)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char path[32], name[64] = "";

		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		if (readlink(path, name, sizeof(name) - 1) < 0)
			tell("namespace %s: %s\n", kinds[i], outcome(-1));
		else
			tell("namespace %s: %s\n", kinds[i],
			     strstr(callers, name) ? "the caller's" : "new");
	}
}

static void tell_keyring(const char *callers)
{
	long serial = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
	char name[32];

	snprintf(name, sizeof(name), "key:[%ld]", serial);
	tell("keyring: %s\n", serial < 0 ? outcome(-1) :
	     strstr(callers, name) ? "the caller's" : "new");
}

/* ---- files of the kernel's ----------------------------------------------------------------- */

static void tell_file(const char *path)
{
	char line[1024];
	FILE *file = fopen(path, "re");

	if (file == NULL)
		tell("%s: %s\n", path, outcome(-1));
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		tell("%s: %s", path, line);
	if (file != NULL)
		fclose(file);
}

static void tell_status(void)
{
	static const char *const left_out[] = {
		"Vm", "Rss", "Hugetlb", "voluntary_", "nonvoluntary_", "Cpus_", "Mems_",
		"State", "FDSize", "TracerPid", "Threads", "CoreDumping", "SigQ",
		"untag_mask", "x86_", "Pid", "Tgid", "THP_"
	};
	char line[512];
	FILE *file = fopen("/proc/self/status", "re");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		bool out = false;

		for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
			out |= strncmp(line, left_out[i], strlen(left_out[i])) == 0;
		if (!out)
			tell("status %s", line);
	}
	if (file != NULL)
		fclose(file);
}

/* A mount's own number, and its device's, are given out anew; where its parent is says as much. */
static void tell_mounts(void)
{
	static struct { int id; char place[256]; } seen[512];
	size_t n = 0;
	char line[2048], root[512], place[256], flags[256], rest[1024];
	int id, parent;
	FILE *file = fopen("/proc/self/mountinfo", "re");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL && n < 512) {
		const char *on = "outside";

		if (sscanf(line, "%d %d %*s %511s %255s %255s %1023[^\n]", &id, &parent, root,
			   place, flags, rest) != 6)
			continue;
		for (size_t i = 0; i < n; i++)
			if (seen[i].id == parent)
				on = seen[i].place;
		seen[n].id = id;
		strcpy(seen[n++].place, place);
		for (char *number = rest; (number = strstr(number, "/fd/")) != NULL;)
			for (number += 4; *number >= '0' && *number <= '9';)
				memmove(number, number + 1, strlen(number));
		for (char *tag = strchr(rest, ':'); tag != NULL && tag < strstr(rest, "- ");
		     tag = strchr(tag, ':'))
			while (*++tag >= '0' && *tag <= '9')
				*tag = 'N';
		tell("mount %s on %s in %s: %s %s\n", root, place, on, flags, rest);
	}
	if (file != NULL)
		fclose(file);
}

/* ---- what it holds ------------------------------------------------------------------------- */

static void tell_descriptors(void)
{
	for (int fd = 0; fd < 1024; fd++) {
		char path[32], name[256] = "";
		struct stat status;

		if (fstat(fd, &status) < 0)
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (fd > STDERR_FILENO && readlink(path, name, sizeof(name) - 1) < 0)
			strcpy(name, "?");
		tell("descriptor %d: type %o flags %x %x%s %s\n", fd, status.st_mode & S_IFMT,
		     fcntl(fd, F_GETFL), fcntl(fd, F_GETFD), isatty(fd) ? " terminal" : "", name);
	}
}

static void tell_process(void)
{
	struct utsname host;
	char directory[4096];
	int signal_at_death = -1, adopts = -1;
	gid_t groups[64];
	int n = getgroups(64, groups);

	prctl(PR_GET_PDEATHSIG, &signal_at_death);
	prctl(PR_GET_CHILD_SUBREAPER, &adopts);
	uname(&host);
	tell("host %s\ndirectory %s\n", host.nodename,
	     getcwd(directory, sizeof(directory)) ? directory : "?");
	tell("dumpable %d, killed with its parent %d, adopts %d, securebits %x, priority %d\n",
	     prctl(PR_GET_DUMPABLE), signal_at_death, adopts, (unsigned)prctl(PR_GET_SECUREBITS),
	     getpriority(PRIO_PROCESS, 0));
	tell("pid %d parent %d session %d group %d foreground %d\n", getpid(), getppid(), getsid(0),
	     getpgrp(), tcgetpgrp(0));
	for (int i = 0; i < n; i++)
		tell("group %u\n", groups[i]);
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		struct rlimit limit = { 0 };

		getrlimit(i, &limit);
		tell("limit %d: %lx %lx\n", i, (unsigned long)limit.rlim_cur,
		     (unsigned long)limit.rlim_max);
	}
	for (int i = 0; i <= 63; i++)
		if (prctl(PR_CAPBSET_READ, i) == 1)
			tell("may get capability %d\n", i);
	for (char **variable = environ; *variable != NULL; variable++)
		tell("variable %s\n", *variable);
}

/* ---- what it sees -------------------------------------------------------------------------- */

enum { DEEP = 3, MANY = 60 };

static bool is_the_hosts(const char *path)
{
	static const char *const hosts[] = {
		"/proc", "/sys", "/usr", "/etc/ssl", "/etc/alternatives"
	};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strcmp(path, hosts[i]) == 0)
			return true;
	return false;
}

static int visible(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
	       strncmp(entry->d_name, ".witness", strlen(".witness")) != 0;
}

static void tell_tree(const char *directory, int depth)
{
	struct dirent **entries;
	int n = scandir(directory, &entries, visible, alphasort);

	if (n < 0)
		tell("in %s: %s\n", directory, outcome(-1));
	for (int i = 0; i < n && i < MANY; i++) {
		char path[1024], link[256] = "";
		struct stat status;

		snprintf(path, sizeof(path), "%s/%s", directory[1] != '\0' ? directory : "",
			 entries[i]->d_name);
		if (lstat(path, &status) < 0) {
			tell("%s: %s\n", path, outcome(-1));
			continue;
		}
		if (S_ISLNK(status.st_mode) && readlink(path, link, sizeof(link) - 1) < 0)
			strcpy(link, "?");
		tell("%s: %o %u:%u %lx %s\n", path, status.st_mode, status.st_uid, status.st_gid,
		     (unsigned long)status.st_rdev, link);
		if (S_ISDIR(status.st_mode) && depth < DEEP && !is_the_hosts(path))
			tell_tree(path, depth + 1);
	}
}

/* ---- what it may do ------------------------------------------------------------------------ */

/* What it makes goes at once: the place may be the caller's, and another witness in it, too. */
static long makes(const char *directory, mode_t type)
{
	struct timespec time;
	char path[64];
	int result, err;

	clock_gettime(CLOCK_MONOTONIC, &time);
	snprintf(path, sizeof(path), "%s/.witness-%ld", directory,
		 time.tv_sec * 1000000000 + time.tv_nsec);
	result = mknod(path, type | 0600, 0);
	err = errno;
	unlink(path);
	errno = err;
	return result;
}

static long can_signal(void) { return kill(1, 0); }
static long can_trace(void) { return ptrace(PTRACE_SEIZE, 1, 0, 0); }
static long can_make_device(void) { return makes("/tmp", S_IFBLK); }
static long can_write_root(void) { return makes("", S_IFREG); }
static long can_write_usr(void) { return makes("/usr", S_IFREG); }
static long can_write_tmp(void) { return makes("/tmp", S_IFREG); }
static long can_write_memory(void) { return makes("/dev/shm", S_IFREG); }
static long can_write_here(void) { return makes(".", S_IFREG); }
static long can_write_data(void) { return makes("/data", S_IFREG); }
static long can_write_null(void) { return open("/dev/null", O_WRONLY | O_CLOEXEC); }
static long can_write_limit(void)
{
	return open("/proc/sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC);
}

static long can_open_terminal(void) { return open("/dev/tty", O_RDWR | O_CLOEXEC); }
static long can_unmount(void) { return umount2("/proc", MNT_DETACH); }
static long can_unmount_tmp(void) { return umount2("/tmp", MNT_DETACH); }
static long can_mount(void) { return mount("none", "/tmp", "tmpfs", 0, NULL); }
static long can_remount(void) { return mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL); }
static long can_remount_usr(void) { return mount(NULL, "/usr", NULL, MS_REMOUNT | MS_BIND, NULL); }
static long can_pivot(void) { return syscall(SYS_pivot_root, ".", "."); }
static long can_chroot(void) { return chroot("/"); }
static long can_name_host(void) { return sethostname("witness", 7); }
static long can_become_root(void) { return setuid(0); }
static long can_change_groups(void) { return setgroups(0, NULL); }
static long can_use_rings(void) { return syscall(SYS_io_uring_setup, 1, NULL); }
static long can_enter_mounts(void) { return unshare(CLONE_NEWNS); }
static long can_enter_user(void) { return unshare(CLONE_NEWUSER); }

static long can_see_keys(void)
{
	int fd = open("/proc/keys", O_RDONLY | O_CLOEXEC);
	char byte;

	errno = ENODATA;
	return fd >= 0 && read(fd, &byte, 1) == 1 ? 0 : -1;
}

static long can_insert_input(void)
{
	return ioctl(0, TIOCSTI, "");
}

static long can_connect(void)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(1),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&there, sizeof(there));
}

static long can_bind_low_port(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(81),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&here, sizeof(here));
}

/* Whether a mount covers what "/" was: then its parent is another directory. */
static long can_climb(void)
{
	struct stat root, above;

	if (stat("/", &root) < 0 || stat("/..", &above) < 0)
		return -1;
	errno = EXDEV;
	return root.st_ino == above.st_ino && root.st_dev == above.st_dev ? -1 : 0;
}

/* What changes something for the others stands below them. */
static const struct {
	const char *what;
	long (*try)(void);
} acts[] = {
	{ "climb out of /", can_climb },
	{ "signal the reaper", can_signal },
	{ "trace the reaper", can_trace },
	{ "make a block device", can_make_device },
	{ "write in /", can_write_root },
	{ "write in /usr", can_write_usr },
	{ "write in /tmp", can_write_tmp },
	{ "write in /dev/shm", can_write_memory },
	{ "write in /data", can_write_data },
	{ "write here", can_write_here },
	{ "write to /dev/null", can_write_null },
	{ "raise the limit of user namespaces", can_write_limit },
	{ "open its terminal", can_open_terminal },
	{ "see keys", can_see_keys },
	{ "put input into its terminal", can_insert_input },
	{ "connect to the loopback device", can_connect },
	{ "bind a low port", can_bind_low_port },
	{ "use rings", can_use_rings },
	{ "name the host", can_name_host },
	{ "change its groups", can_change_groups },
	{ "become root", can_become_root },
	{ "remount /", can_remount },
	{ "remount /usr", can_remount_usr },
	{ "mount", can_mount },
	{ "unmount /tmp", can_unmount_tmp },
	{ "unmount /proc", can_unmount },
	{ "change the root", can_pivot },
	{ "change its own root", can_chroot },
	{ "make a mount namespace", can_enter_mounts },
	{ "make a user namespace", can_enter_user },
};

int main(int argc, char **argv)
{
	const char *callers = argc > 1 ? argv[1] : "";

	tell_namespaces(callers);
	tell_keyring(callers);
	tell_status();
	tell_process();
	tell_descriptors();
	tell_mounts();
	tell_tree("/", 1);
	tell_file("/proc/self/uid_map");
	tell_file("/proc/self/gid_map");
	tell_file("/proc/self/setgroups");
	tell_file("/proc/self/timens_offsets");
	tell_file("/etc/passwd");
	tell_file("/etc/group");
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		errno = 0;
		tell("can %s: %s\n", acts[i].what, outcome(acts[i].try()));
	}
	tell("end\n");
	return write(STDOUT_FILENO, text, length) == (ssize_t)length ? 0 : 1;
}
