/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * confine - what the caller left around us goes, and one capability stays, at rest
 *
 *	started as		set-user-ID root	file capability =p	neither
 *	user IDs (r, e, s)	caller, 0, 0		caller thrice		caller thrice
 *	permitted		all			the one			none
 *
 * From here on the three are alike: the caller's IDs, the one capability
 * permitted (or none), nothing effective, nothing inheritable.
 *
 * With the caller's IDs and without CAP_SYS_ADMIN and CAP_DAC_OVERRIDE it is
 * the kernel that refuses a namespace which is not the caller's, whatever races
 * with our own checks (map_write() and proc_pid_permission()); without
 * CAP_SETFCAP it refuses outside user ID 0 (verify_root_map(), Linux 5.12).
 *
 * The capability stays permitted to the end.  While a process exits, its
 * dumpable flag is gone before its descriptors are (CVE-2026-46333), and then
 * this alone keeps the caller from tracing it: who traces must hold at least as
 * much (cap_ptrace_access_check()).
 */
#include "helpers/confine.h"

#include "helpers/verdict.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DEADLINE = 2 };		/* seconds, for all that a helper does */

static uint32_t permitted;	/* a bit, or none */

/* ---- surroundings ------------------------------------------------------------------------ */

/* No tracer, no core file, /proc/PID is root's.  1 is the only value that allows them. */
static void hide(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1)
		refuse(VERDICT_CANNOT_CONFINE);
}

/* A closed descriptor among the first three would be the next file we open. */
static void sort_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR | O_CLOEXEC) != fd)
			refuse(VERDICT_BAD_START);
	if (syscall(SYS_close_range, TARGET_FD + 1U, ~0U, 0U) < 0)
		refuse(VERDICT_CANNOT_CONFINE);
	if (fcntl(STDIN_FILENO, F_GETPIPE_SZ) < 0 || fcntl(STDOUT_FILENO, F_GETPIPE_SZ) < 0)
		refuse(VERDICT_BAD_START);
}

/*
 * To ignore a signal discards what is pending of it, and with it what the
 * caller's timers may still send.  SIGALRM keeps its deadly default, since a
 * handler would not wake us from a file system that does not answer.
 */
static void sort_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		(void)sigaction(number, &action, NULL);	/* SIGKILL and SIGSTOP say no */
	action.sa_handler = SIG_DFL;
	(void)sigemptyset(&none);
	if (sigaction(SIGALRM, &action, NULL) < 0 || sigprocmask(SIG_SETMASK, &none, NULL) < 0)
		refuse(VERDICT_CANNOT_CONFINE);
	(void)alarm(DEADLINE);		/* takes the place of a timer of the caller's */
}

/* Since Linux 5.18 an empty argument stands in for none at all (CVE-2021-4034). */
void confine_surroundings(int argc, char *const argv[])
{
	if (argc != 1 || argv[0][0] == '\0')
		refuse(VERDICT_BAD_START);
	hide();
	environ = NULL;
	sort_descriptors();
	sort_signals();
	(void)umask(077);
	if (chdir("/") < 0)
		refuse(VERDICT_CANNOT_CONFINE);
}

/* ---- privilege --------------------------------------------------------------------------- */

static uint32_t permitted_now(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct now[2] = { 0 };

	if (syscall(SYS_capget, &head, now) < 0)
		refuse(VERDICT_CANNOT_CONFINE);
	return now[0].permitted;
}

/* Nothing inheritable means nothing ambient (cap_capset(), Linux 4.3). */
static void set_capabilities(uint32_t effective)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct want[2] = { { effective, permitted, 0 } };
	struct __user_cap_data_struct now[2];

	memset(now, 0xff, sizeof(now));
	if (syscall(SYS_capset, &head, want) < 0 || syscall(SYS_capget, &head, now) < 0 ||
	    memcmp(now, want, sizeof(now)) != 0)
		refuse(VERDICT_CANNOT_CONFINE);
}

/* Set-user-ID root or nothing; another group was lent by a set-group-ID program. */
static struct caller identify(void)
{
	struct caller caller = { .uid = getuid(), .gid = getgid() };
	uid_t effective = geteuid();

	if ((effective != 0 && effective != caller.uid) || getegid() != caller.gid)
		refuse(VERDICT_OTHER_IDENTITY);
	return caller;
}

/*
 * With no capability in effect one can become only who one is already.  That
 * sheds root, and is refused where 65534 stands for an ID that is not mapped in
 * this namespace: no number names the caller there.
 */
static void become(const struct caller *caller)
{
	uid_t uid[3] = { 0, 0, 0 };
	gid_t gid[3] = { 0, 0, 0 };

	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		refuse(VERDICT_CANNOT_CONFINE);
	if (setresgid(caller->gid, caller->gid, caller->gid) < 0 ||
	    setresuid(caller->uid, caller->uid, caller->uid) < 0)
		refuse(VERDICT_OTHER_IDENTITY);
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0 ||
	    getresuid(&uid[0], &uid[1], &uid[2]) < 0 || getresgid(&gid[0], &gid[1], &gid[2]) < 0)
		refuse(VERDICT_CANNOT_CONFINE);
	for (int i = 0; i < 3; i++)
		if (uid[i] != caller->uid || gid[i] != caller->gid)
			refuse(VERDICT_CANNOT_CONFINE);
	if (caller->uid != 0 && setresuid((uid_t)-1, 0, (uid_t)-1) == 0)
		refuse(VERDICT_CANNOT_CONFINE);
}

static void forgo_new_privileges(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		refuse(VERDICT_CANNOT_CONFINE);
}

struct caller confine_to(int capability)
{
	struct caller caller = identify();

	permitted = permitted_now() & 1U << capability;
	caller.privileged = permitted != 0;
	set_capabilities(0);
	become(&caller);
	set_capabilities(0);		/* as it was, for KEEPCAPS may have been faked */
	forgo_new_privileges();
	hide();				/* another user ID can undo it (commit_creds()) */
	return caller;
}

void confine_raise(void)
{
	set_capabilities(permitted);
}

void confine_lower(void)
{
	set_capabilities(0);
}
