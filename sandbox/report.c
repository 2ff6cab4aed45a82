/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report - documents in JSON, for programs, on descriptors that the caller named */
#include "sandbox/report.h"

#include "sandbox/cleanup.h"
#include "sandbox/handshake.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* By enum report_namespace.  The mount namespace is always new. */
static const struct { const char *name; int flag; } namespaces[REPORT_NAMESPACES] = {
	[REPORT_CGROUP] = { "cgroup", CLONE_NEWCGROUP },
	[REPORT_IPC]    = { "ipc",    CLONE_NEWIPC },
	[REPORT_MNT]    = { "mnt",    CLONE_NEWNS },
	[REPORT_NET]    = { "net",    CLONE_NEWNET },
	[REPORT_PID]    = { "pid",    CLONE_NEWPID },
	[REPORT_UTS]    = { "uts",    CLONE_NEWUTS },
};

bool report_wanted(const struct plan *plan)
{
	return plan->info_fd >= 0 || plan->status_fd >= 0;
}

static bool shows_network(const struct plan *plan)
{
	return report_wanted(plan) && (plan->namespaces & CLONE_NEWNET) != 0;
}

/* ---- the descriptors ----------------------------------------------------------------------- */

static int claim(const char *option, int fd, struct failure *why)
{
	if (fd >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return fail(why, errno, "%s %d", option, fd);
	return 0;
}

int report_open(struct report *report, const struct plan *plan, struct failure *why)
{
	*report = (struct report){ .info = plan->info_fd, .status = plan->status_fd };
	if (claim("--info-fd", report->info, why) < 0)
		return -1;
	return claim("--json-status-fd", report->status, why);
}

/* Of 0 to 2 nothing is closed before exec: what is opened next would lie there. */
static void let_go(int fd)
{
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

void report_leave(const struct plan *plan)
{
	let_go(plan->info_fd);
	let_go(plan->status_fd);
}

/* ---- the namespaces ------------------------------------------------------------------------ */

int report_look(struct report *report, const struct plan *plan, pid_t child, struct failure *why)
{
	char path[64];
	struct stat status;

	report->child = child;
	for (int i = 0; report_wanted(plan) && i < REPORT_NAMESPACES; i++) {
		if ((plan->namespaces & namespaces[i].flag) == 0 || i == REPORT_NET)
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)child, namespaces[i].name);
		if (stat(path, &status) < 0)
			return fail(why, errno, "look at the namespace %s", path);
		report->id[i] = status.st_ino;
	}
	return 0;
}

int report_network(const struct plan *plan, int proc, int launcher, struct failure *why)
{
	auto_close network = -1;

	if (!shows_network(plan))
		return 0;
	network = openat(proc, "self/ns/net", O_RDONLY | O_CLOEXEC);
	if (network < 0 || handshake_send(launcher, MESSAGE_NETWORK, 0, network) < 0)
		return fail(why, errno, "show the network namespace to the launcher");
	return 0;
}

static int await_network(struct report *report, int socket, struct failure *why)
{
	auto_close network = -1;
	struct stat status;

	if (handshake_expect(socket, MESSAGE_NETWORK, NULL, &network, why) < 0)
		return -1;
	if (fstat(network, &status) < 0)
		return fail(why, errno, "look at the network namespace");
	report->id[REPORT_NET] = status.st_ino;
	return 0;
}

/* ---- the documents ------------------------------------------------------------------------- */

static void append(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void append(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text + used, size - used, format, args);
	va_end(args);
}

void report_print(const struct report *report, bool one_line, char *text, size_t size)
{
	const char *between = one_line ? ", " : ",\n    ";

	text[0] = '\0';
	append(text, size, "{%s\"child-pid\": %d", one_line ? " " : "\n    ", (int)report->child);
	for (int i = 0; i < REPORT_NAMESPACES; i++)
		if (report->id[i] != 0)
			append(text, size, "%s\"%s-namespace\": %llu", between, namespaces[i].name,
			       (unsigned long long)report->id[i]);
	append(text, size, one_line ? " }\n" : "\n}\n");
}

/* SIGPIPE is blocked, as every signal is in the launcher: a reader who is gone is EPIPE. */
static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t written = write(fd, text, left);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0) {
			text += written;
			left -= (size_t)written;
		}
	}
	return 0;
}

static int write_document(const struct report *report, const char *option, int fd, bool one_line,
			  struct failure *why)
{
	char text[REPORT_SIZE];

	if (fd < 0)
		return 0;
	report_print(report, one_line, text, sizeof(text));
	return write_all(fd, text) == 0 ? 0 : fail(why, errno, "write to %s %d", option, fd);
}

int report_begin(struct report *report, const struct plan *plan, int socket, struct failure *why)
{
	if (shows_network(plan) && await_network(report, socket, why) < 0)
		return -1;
	if (write_document(report, "--info-fd", report->info, false, why) < 0)
		return -1;
	let_go(take_fd(&report->info));
	return write_document(report, "--json-status-fd", report->status, true, why);
}

void report_end(struct report *report, bool ran, int status)
{
	char text[64];

	if (report->status < 0 || !ran)
		return;
	(void)snprintf(text, sizeof(text), "{ \"exit-code\": %d }\n", status);
	(void)write_all(report->status, text);
}
