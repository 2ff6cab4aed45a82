/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * withhold ERROR CALL COMMAND… - runs a command for which one system call does
 * not exist, or is not permitted
 *
 * It is started by root, who may install a filter without no_new_privs: so
 * set-user-ID helpers still work below it.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct row {
	const char *name;
	unsigned number;
} errors[] = {
	{ "ENOSYS", ENOSYS },
	{ "EPERM", EPERM },
}, calls[] = {
	{ "capset", SYS_capset },
	{ "clone", SYS_clone },
	{ "clone3", SYS_clone3 },
	{ "close_range", SYS_close_range },
	{ "faccessat2", SYS_faccessat2 },
	{ "fsconfig", SYS_fsconfig },
	{ "fsmount", SYS_fsmount },
	{ "fsopen", SYS_fsopen },
	{ "mount_setattr", SYS_mount_setattr },
	{ "move_mount", SYS_move_mount },
	{ "open_tree", SYS_open_tree },
	{ "openat2", SYS_openat2 },
	{ "pidfd_open", SYS_pidfd_open },
	{ "pidfd_send_signal", SYS_pidfd_send_signal },
	{ "pivot_root", SYS_pivot_root },
	{ "prctl", SYS_prctl },
	{ "sethostname", SYS_sethostname },
	{ "setns", SYS_setns },
	{ "signalfd4", SYS_signalfd4 },
	{ "statx", SYS_statx },
	{ "unshare", SYS_unshare },
};

static const struct row *find(const struct row *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

#define FIND(rows, name) find(rows, sizeof(rows) / sizeof(rows[0]), name)

static int install(uint32_t call, uint32_t error)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(program) / sizeof(program[0]), program };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

int main(int argc, char **argv)
{
	const struct row *error, *call;

	if (argc < 4)
		return 2;
	error = FIND(errors, argv[1]);
	call = FIND(calls, argv[2]);
	if (error == NULL || call == NULL || install(call->number, error->number) < 0) {
		perror("withhold");
		return 2;
	}
	(void)execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 127;
}
