/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report - documents in JSON, for programs, on descriptors that the caller named */
#include "sandbox/report.h"

#include "sandbox/cleanup.h"
#include "sandbox/confine/capabilities.h"
#include "sandbox/confine/landlock_rules.h"
#include "sandbox/confine/policy.h"
#include "sandbox/handshake.h"
#include "sandbox/quote.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <sched.h>
#include <signal.h>
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
	if (fd < 0)
		return 0;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return fail(why, errno, "%s %d", option, fd);
	return fcntl(fd, F_GETFD) == FD_CLOEXEC ? 0 :
	       fail(why, 0, "%s %d is not kept from programs", option, fd);
}

int report_open(struct report *report, const struct plan *plan, struct failure *why)
{
	*report = (struct report){
		.info = plan->info_fd, .status = plan->status_fd,
		.more = !plan->customs.documents && plan->status_fd >= 0,
	};
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
		(void)snprintf(path, sizeof(path), "/proc/%d/ns/%s",
			       (int)child, namespaces[i].name);
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

/* ---- croft's own --------------------------------------------------------------------------- */

static void append_string(char *text, size_t size, const char *name, const char *value)
{
	char quoted[QUOTED_SIZE(sizeof(((struct failure *)NULL)->what))];

	append(text, size, ", \"%s\": \"%s\"", name, quote_json(value, quoted, sizeof(quoted)));
}

static void append_set(char *text, size_t size, const char *name, uint64_t set)
{
	char names[1024];

	append(text, size, "\"%s\": \"%s\"", name, capabilities_print(set, names, sizeof(names)));
}

static void append_capabilities(char *text, size_t size, const struct privileges *held)
{
	const struct { const char *name; uint64_t set; } rows[] = {
		{ "effective", held->effective }, { "permitted", held->permitted },
		{ "inheritable", held->inheritable }, { "bounding", held->bounding },
		{ "ambient", held->ambient },
	};

	append(text, size, ", \"capabilities\": { ");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		append(text, size, i > 0 ? ", " : "");
		append_set(text, size, rows[i].name, rows[i].set);
	}
	append(text, size, " }");
}

static const char *boolean(bool value)
{
	return value ? "true" : "false";
}

static void append_namespaces(char *text, size_t size, int flags)
{
	static const struct { const char *name; int flag; } rows[] = {
		{ "cgroup", CLONE_NEWCGROUP }, { "ipc", CLONE_NEWIPC }, { "mnt", CLONE_NEWNS },
		{ "net", CLONE_NEWNET }, { "pid", CLONE_NEWPID }, { "time", CLONE_NEWTIME },
		{ "user", CLONE_NEWUSER }, { "uts", CLONE_NEWUTS },
	};
	const char *between = "";

	append(text, size, "\"namespaces\": [");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((flags & rows[i].flag) != 0) {
			append(text, size, "%s\"%s\"", between, rows[i].name);
			between = ", ";
		}
	append(text, size, "]");
}

/* The rights taken away but for what the rules give back, as LANDLOCK_ACCESS_* and scopes. */
static void append_landlock(char *text, size_t size, const struct landlock *landlock)
{
	append(text, size, ", \"landlock\": { \"asked\": \"%s\", \"abi\": %d, \"files\": %llu, "
	       "\"network\": %llu, \"scopes\": %llu }", landlock_mode_name(landlock->asked),
	       landlock->abi, (unsigned long long)landlock->files,
	       (unsigned long long)landlock->network, (unsigned long long)landlock->scopes);
}

void report_print_command(const struct plan *plan, const struct privileges *held, char *text,
			  size_t size)
{
	text[0] = '\0';
	append(text, size, "{ \"in-force\": { ");
	append_namespaces(text, size, plan->namespaces);
	append(text, size, ", \"second-user-and-mount\": %s", boolean(plan->inner != 0));
	append(text, size, ", \"no-new-privs\": %s", boolean(held->no_new_privs));
	append_capabilities(text, size, held);
	append_landlock(text, size, &plan->landlock);
	append(text, size, ", \"seccomp-filters\": %zu", plan->syscalls.n_filters);
	if (plan->exec_label != NULL)
		append_string(text, size, "selinux", plan->exec_label);
	if (plan->profile != NULL)
		append_string(text, size, "apparmor", plan->profile);
	append(text, size, " } }\n");
}

/* A signal that a filter sends looks like any other; but hardly anybody else sends this one. */
static const char *reason(const struct ending *ending)
{
	if (ending->timed_out)
		return "time-limit";
	if (ending->orphaned)
		return "parent";
	if (!ending->known || ending->how >= 0)
		return "exit";
	return ending->how == -SIGSYS ? "seccomp" : "signal";
}

/* x32's numbers are x86-64's, with a bit (__X32_SYSCALL_BIT); names are known of croft's two. */
static const struct abi {
	uint32_t table;
	int32_t least;
	const char *name;
	enum machine machine;
} abis[] = {
	{ AUDIT_ARCH_X86_64,  0x40000000, "x32",    MACHINES },
	{ AUDIT_ARCH_X86_64,  INT32_MIN,  "x86-64", MACHINE_X86_64 },
	{ AUDIT_ARCH_AARCH64, INT32_MIN,  "arm64",  MACHINE_ARM64 },
	{ AUDIT_ARCH_I386,    INT32_MIN,  "i386",   MACHINES },
	{ AUDIT_ARCH_ARM,     INT32_MIN,  "arm",    MACHINES },
};

static void append_call(char *text, size_t size, uint32_t table, int32_t number)
{
	for (size_t i = 0; i < sizeof(abis) / sizeof(abis[0]); i++)
		if (abis[i].table == table && number >= abis[i].least) {
			const char *name = policy_call_name(abis[i].machine, number);

			append(text, size, "\"abi\": \"%s\", \"number\": %d", abis[i].name,
			       number - (abis[i].least > 0 ? abis[i].least : 0));
			if (name != NULL)
				append(text, size, ", \"call\": \"%s\"", name);
			return;
		}
	append(text, size, "\"abi\": \"0x%x\", \"number\": %d", table, number);
}

static void append_kills(char *text, size_t size, const struct kills *kills)
{
	if (kills->n == 0)
		return;
	append(text, size, ", \"seccomp\": { ");
	append_call(text, size, kills->table, kills->number);
	append(text, size, ", \"kills\": %u }", kills->n);
}

void report_print_end(const struct ending *ending, char *text, size_t size)
{
	text[0] = '\0';
	append(text, size, "{ \"end\": { \"reason\": \"%s\"", reason(ending));
	if (ending->known)
		append(text, size, ", \"%s\": %d", ending->how < 0 ? "signal" : "status",
		       ending->how < 0 ? -ending->how : ending->how);
	append_kills(text, size, &ending->kills);
	append(text, size, " } }\n");
}

void report_print_failure(const struct failure *why, char *text, size_t size)
{
	text[0] = '\0';
	append(text, size, "{ \"failure\": { \"status\": %d", why->status);
	append_string(text, size, "phase", why->phase);
	append_string(text, size, "what", why->what);
	append(text, size, ", \"errno\": %d", why->err);
	append_string(text, size, "error", why->err != 0 ? failure_words(why->err) : "");
	append_string(text, size, "hint", why->hint);
	append(text, size, " } }\n");
}

void report_command(const struct report *report, const struct plan *plan,
		    const struct privileges *held)
{
	char text[REPORT_SIZE];

	if (!report->more)
		return;
	report_print_command(plan, held, text, sizeof(text));
	(void)write_all(report->status, text);
}

void report_failure(const struct report *report, const struct failure *why)
{
	char text[REPORT_SIZE];

	if (!report->more)
		return;
	report_print_failure(why, text, sizeof(text));
	(void)write_all(report->status, text);
}

void report_end(const struct report *report, const struct ending *ending, int status)
{
	char text[REPORT_SIZE];

	if (report->more) {
		report_print_end(ending, text, sizeof(text));
		(void)write_all(report->status, text);
	}
	if (report->status < 0 || !ending->ran)
		return;
	(void)snprintf(text, sizeof(text), "{ \"exit-code\": %d }\n", status);
	(void)write_all(report->status, text);
}
