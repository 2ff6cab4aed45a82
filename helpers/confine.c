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
 * with our own checks (map_write()); without CAP_SETFCAP it refuses outside
 * user ID 0 (verify_root_map(), Linux 5.12).
 *
 * The capability stays permitted to the end.  While a process exits, its
 * dumpable flag is gone before its descriptors are (CVE-2026-46333), and then
 * this alone keeps the caller from tracing it: who traces must hold at least as
 * much (cap_ptrace_access_check()).
 */
#include "helpers/steps.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DEADLINE = 2 };		/* seconds, for all that a helper does */

static uint32_t permitted;	/* the capability's bit, or none */

static void must(bool holds)
{
	if (!holds)
		refuse(VERDICT_CANNOT_CONFINE);
}

/* No tracer, no core file, /proc/PID is root's.  1 is the only value that allows them. */
static void hide(void)
{
	must(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 1);
}

/* ---- surroundings -------------------------------------------------------------------------- */

void confine_descriptors(void)
{
	must(syscall(SYS_close_range, TARGET_FD + 1U, ~0U, 0U) == 0);
}

/* A closed descriptor among the first three would be the next file we open. */
static void sort_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR | O_CLOEXEC) != fd)
			refuse(VERDICT_BAD_START);
	confine_descriptors();
	if (fcntl(STDIN_FILENO, F_GETPIPE_SZ) <= 0 || fcntl(STDOUT_FILENO, F_GETPIPE_SZ) <= 0)
		refuse(VERDICT_BAD_START);
}

/*
 * To ignore a signal discards what is pending of it, and with it what the
 * caller's timers may still send.  SIGALRM keeps its deadly default, since a
 * handler would not wake us from a file system that does not answer.
 */
static void sort_signals(void)
{
	static const sigset_t none;	/* zeroed, it is empty */

	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_IGN);	/* SIGKILL and SIGSTOP say no */
	must(signal(SIGALRM, SIG_DFL) != SIG_ERR && sigprocmask(SIG_SETMASK, &none, NULL) == 0);
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
	must(chdir("/") == 0);
}

/* ---- privilege ----------------------------------------------------------------------------- */

static struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };

/* Nothing inheritable means nothing ambient (cap_capset(), Linux 4.3). */
void confine_effective(bool effective)
{
	struct __user_cap_data_struct want[2] = { { effective ? permitted : 0, permitted, 0 } };
	struct __user_cap_data_struct now[2];

	memset(now, 0xff, sizeof(now));
	must(syscall(SYS_capset, &head, want) == 0 && syscall(SYS_capget, &head, now) == 0 &&
	     memcmp(now, want, sizeof(now)) == 0);
}

/*
 * With no capability in effect one can become only who one is already.  That
 * sheds root, and is refused where 65534 stands for an ID that is not mapped in
 * this namespace: no number names the caller there.
 */
static void become(uid_t uid, gid_t gid)
{
	uid_t user[3];
	gid_t group[3];

	must(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0);
	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		refuse(VERDICT_OTHER_IDENTITY);
	must(prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) == 0);
	must(getresuid(&user[0], &user[1], &user[2]) == 0);
	must(getresgid(&group[0], &group[1], &group[2]) == 0);
	for (int i = 0; i < 3; i++)
		must(user[i] == uid && group[i] == gid);
	must(uid == 0 || setresuid((uid_t)-1, 0, (uid_t)-1) < 0);
}

struct caller confine_to(int capability)
{
	struct caller caller = { .uid = getuid(), .gid = getgid() };
	struct __user_cap_data_struct now[2];

	/* Set-user-ID root or nothing; another group was lent by a set-group-ID program. */
	if ((geteuid() != 0 && geteuid() != caller.uid) || getegid() != caller.gid)
		refuse(VERDICT_OTHER_IDENTITY);
	must(syscall(SYS_capget, &head, now) == 0);
	permitted = now[0].permitted & (1U << capability);
	caller.privileged = permitted != 0;
	confine_effective(false);
	become(caller.uid, caller.gid);
	confine_effective(false);	/* still so */
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	     prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	hide();				/* another user ID can undo it (commit_creds()) */
	return caller;
}
