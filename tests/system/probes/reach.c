/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reach - tries what a sandbox should refuse, a thing a line: its name, and "ok" or an error's name
 *
 *     reach NAME…
 *
 * Each is the harmless beginning of what would do harm, with arguments that work
 * where nothing refuses it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btrfs.h>
#include <linux/fscrypt.h>
#include <linux/perf_event.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

/* Tries it in a child, so that whatever it made ends with that. */
static int in_child(int (*act)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(act() < 0 ? errno : 0);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

/* ---- namespaces ---------------------------------------------------------------------------- */

static int user_by_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}

static int net_by_unshare(void)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

static int time_by_unshare(void)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWTIME);
}

static int end_child(long pid)
{
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		(void)waitpid((pid_t)pid, NULL, 0);
	return pid < 0 ? -1 : 0;
}

static int user_by_clone(void)
{
	return end_child(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

/* The kernel takes the lower half of the flags. */
static int user_by_long_clone(void)
{
	return end_child(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD | 1UL << 32, 0, 0, 0, 0));
}

static int user_by_clone3(void)
{
	uint64_t args[8] = { [0] = CLONE_NEWUSER, [4] = SIGCHLD };

	return end_child(syscall(SYS_clone3, args, sizeof(args)));
}

static int plain_clone(void)
{
	return end_child(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static int own_by_setns(void)
{
	return setns(open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC), CLONE_NEWUTS);
}

static int ask_namespace(void)
{
	return ioctl(open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC), _IO(0xb7, 4), &(uid_t){ 0 });
}

/* ---- other processes ----------------------------------------------------------------------- */

static int trace_me(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int read_memory(void)
{
	char from[8] = "memory", to[8];
	struct iovec local = { to, 8 }, remote = { from, 8 };

	return (int)process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
}

static int write_memory(void)
{
	char from[8] = "memory", to[8];
	struct iovec local = { from, 8 }, remote = { to, 8 };

	return (int)process_vm_writev(getpid(), &local, 1, &remote, 1, 0);
}

static int compare_files(void)
{
	return syscall(SYS_kcmp, getpid(), getpid(), 0, 1, 1) < 0 ? -1 : 0;
}

static int copy_descriptor(void)
{
	return (int)syscall(SYS_pidfd_getfd, (int)syscall(SYS_pidfd_open, getpid(), 0), 0, 0);
}

static int advise_memory(void)
{
	static char page[8192];
	struct iovec range = { (void *)(((uintptr_t)page + 4095) & ~UINT64_C(4095)), 4096 };

	return (int)syscall(SYS_process_madvise, (int)syscall(SYS_pidfd_open, getpid(), 0), &range,
			    1, 20 /* MADV_COLD */, 0);
}

static int odd_personality(void)
{
	return personality(ADDR_NO_RANDOMIZE);
}

/* ---- mounts and files ---------------------------------------------------------------------- */

static int mount_tmpfs(void)
{
	return mount("tmpfs", "/tmp", "tmpfs", 0, NULL);
}

static int unmount_tmp(void)
{
	return umount2("/tmp", MNT_DETACH);
}

static int open_filesystem(void)
{
	return (int)syscall(SYS_fsopen, "tmpfs", 0);
}

static int open_tree_plain(void)
{
	return (int)syscall(SYS_open_tree, AT_FDCWD, "/", O_CLOEXEC);
}

static int file_handle(void)
{
	struct {
		struct file_handle handle;
		char room[128];
	} handle = { .handle = { .handle_bytes = 128 } };
	int mount_id;

	return name_to_handle_at(AT_FDCWD, "/usr", &handle.handle, &mount_id, 0);
}

static int watch_all(void)
{
	return fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY);
}

static int change_root(void)
{
	return chroot("/");
}

/* ---- the kernel ---------------------------------------------------------------------------- */

static int ring(void)
{
	static char parameters[256];

	return (int)syscall(SYS_io_uring_setup, 1, parameters);
}

static int fault_handler(void)
{
	return (int)syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* UFFD_USER_MODE_ONLY */);
}

/* All commands; a single one that is not refused counts. */
static int programs(void)
{
	static union bpf_attr attr;

	for (int command = 0; command < 40; command++)
		if (syscall(SYS_bpf, command, &attr, sizeof(attr)) >= 0 || errno != EPERM)
			return 0;
	return -1;
}

static int counters(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK,
		.exclude_kernel = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static int add_key(void)
{
	return (int)syscall(SYS_add_key, "user", "croft-test", "x", 1, -1 /* the thread's */);
}

static int ask_keyring(void)
{
	return (int)syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -3 /* the session's */, 0);
}

static int request_key(void)
{
	if (syscall(SYS_request_key, "user", "no-such-key", NULL, 0) < 0 && errno == ENOKEY)
		return 0;
	return -1;
}

static int secret_memory(void)
{
	return (int)syscall(SYS_memfd_secret, 0);
}

static int kernel_log(void)
{
	return (int)syscall(SYS_syslog, 10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0);
}

static int read_clock_discipline(void)
{
	static char timex[512];

	return syscall(SYS_adjtimex, timex) < 0 ? -1 : 0;
}

static int moved_pages(void)
{
	void *page = (void *)((uintptr_t)&moved_pages & ~UINT64_C(4095));
	int status;

	return syscall(SYS_move_pages, 0, 1UL, &page, NULL, &status, 0) < 0 ? -1 : 0;
}

/* ---- terminals ----------------------------------------------------------------------------- */

static int with_terminal(unsigned long request, void *argument)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;

	(void)setsid();
	if (master < 0 || unlockpt(master) < 0)
		return 0;
	slave = open(ptsname(master), O_RDWR | O_CLOEXEC);
	(void)ioctl(slave, TIOCSCTTY, 0);
	return (int)syscall(SYS_ioctl, slave, request, argument);
}

/* Where the kernel itself refuses (dev.tty.legacy_tiocsti = 0), it is EIO. */
static int type_character(void)
{
	return with_terminal(TIOCSTI, (void *)"x");
}

static int type_with_high_bit(void)
{
	return with_terminal(TIOCSTI | 1UL << 32, (void *)"x");
}

static int paste(void)
{
	return with_terminal(TIOCLINUX, (char[]){ 3, 0 });
}

static int paste_with_high_bit(void)
{
	return with_terminal(TIOCLINUX | 1UL << 63, (char[]){ 3, 0 });
}

/* Asks a console on standard input for its shift keys, and changes nothing; ENOTTY elsewhere. */
static int ask_console(void)
{
	return (int)syscall(SYS_ioctl, STDIN_FILENO, TIOCLINUX,
			    (char[]){ 6 /* TIOCL_GETSHIFTSTATE */ });
}

static int ask_console_with_high_bit(void)
{
	return (int)syscall(SYS_ioctl, STDIN_FILENO, TIOCLINUX | 1UL << 32, (char[]){ 6 });
}

static int change_discipline(void)
{
	return with_terminal(TIOCSETD, &(int){ 0 });
}

/* ---- keys, and modules ---------------------------------------------------------------------- */

/* Of a key that nobody has, on whatever file system. */
static int forget_key(unsigned long request)
{
	struct fscrypt_remove_key_arg key = { .key_spec.type = FSCRYPT_KEY_SPEC_TYPE_IDENTIFIER };

	return (int)syscall(SYS_ioctl, open("/", O_RDONLY | O_CLOEXEC), request, &key);
}

static int take_key(void)
{
	return forget_key(FS_IOC_REMOVE_ENCRYPTION_KEY);
}

static int take_key_with_high_bit(void)
{
	return forget_key(FS_IOC_REMOVE_ENCRYPTION_KEY | 1UL << 40);
}

static int take_key_of_all(void)
{
	return forget_key(FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS);
}

/* Any file system but btrfs has no such question: ENOTTY. */
static int ask_directory(unsigned long request)
{
	char words[4096] = "";		/* a struct btrfs_ioctl_vol_args, or less */

	return ioctl(open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC), request, words);
}

static int snapshot(void)
{
	return ask_directory(BTRFS_IOC_SNAP_CREATE);
}

static int snapshot_by_flags(void)
{
	return ask_directory(BTRFS_IOC_SNAP_CREATE_V2);
}

static int close_subvolume(void)
{
	return ask_directory(BTRFS_IOC_SUBVOL_SETFLAGS);
}

static int sync_subvolume(void)
{
	return ask_directory(BTRFS_IOC_SYNC);
}

static int ask_socket(unsigned long request)
{
	unsigned long question[16] = { 0 };	/* BRCTL_GET_VERSION; or ADD_VLAN_CMD */

	return ioctl(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), request, question);
}

static int ask_for_bridges(void)
{
	return ask_socket(SIOCGIFBR);
}

static int ask_for_vlans(void)
{
	return ask_socket(SIOCGIFVLAN);
}

/* A name that no kernel has: ENOENT. */
static int layer_on_tcp(void)
{
	return setsockopt(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), IPPROTO_TCP, TCP_ULP,
			  "croft", 5);
}

static int plain_option(void)
{
	return setsockopt(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), IPPROTO_TCP, TCP_NODELAY,
			  &(int){ 1 }, sizeof(int));
}

/* ---- sockets: what can be made, in one line ------------------------------------------------ */

static void print_sockets(void)
{
	printf("families");
	for (int family = 0; family <= 45; family++)
		for (int type = 1; type <= 10; type++)
			if (socket(family, type, 0) >= 0) {
				printf(" %d", family);
				break;
			}
	printf("\nnetlink");
	for (int protocol = 0; protocol < 32; protocol++)
		if (socket(AF_NETLINK, SOCK_RAW, protocol) >= 0)
			printf(" %d", protocol);
	printf("\npairs");
	for (int family = 0; family <= 45; family++)
		for (int type = 1; type <= 10; type++)
			if (socketpair(family, type, 0, (int[2]){ 0 }) == 0) {
				printf(" %d", family);
				break;
			}
	printf("\nlong family %s\n",
	       syscall(SYS_socket, AF_PACKET | 1UL << 32, SOCK_DGRAM, 0) >= 0 ? "ok" :
	       strerrorname_np(errno));
}

static const struct { const char *name; int (*act)(void); } acts[] = {
	{ "unshare-user", user_by_unshare }, { "unshare-net", net_by_unshare },
	{ "unshare-time", time_by_unshare }, { "clone-user", user_by_clone },
	{ "clone-user-long", user_by_long_clone }, { "clone3-user", user_by_clone3 },
	{ "clone", plain_clone }, { "setns", own_by_setns },
	{ "ask-namespace", ask_namespace }, { "traceme", trace_me },
	{ "read-memory", read_memory }, { "write-memory", write_memory },
	{ "kcmp", compare_files }, { "copy-descriptor", copy_descriptor },
	{ "advise", advise_memory }, { "personality", odd_personality },
	{ "mount", mount_tmpfs }, { "umount", unmount_tmp }, { "fsopen", open_filesystem },
	{ "open-tree", open_tree_plain }, { "handle", file_handle },
	{ "fanotify", watch_all }, { "chroot", change_root }, { "io-uring", ring },
	{ "userfaultfd", fault_handler }, { "bpf", programs }, { "perf", counters },
	{ "add-key", add_key }, { "keyctl", ask_keyring }, { "request-key", request_key },
	{ "memfd-secret", secret_memory }, { "syslog", kernel_log },
	{ "adjtimex", read_clock_discipline }, { "move-pages", moved_pages },
	{ "tiocsti", type_character }, { "tiocsti-long", type_with_high_bit },
	{ "tioclinux", paste }, { "tioclinux-long", paste_with_high_bit },
	{ "tiocsetd", change_discipline }, { "take-key", take_key },
	{ "take-key-long", take_key_with_high_bit }, { "take-key-of-all", take_key_of_all },
	{ "tcp-layer", layer_on_tcp }, { "tcp-option", plain_option },
	{ "snapshot", snapshot }, { "snapshot-by-flags", snapshot_by_flags },
	{ "close-subvolume", close_subvolume }, { "sync-subvolume", sync_subvolume },
	{ "bridges", ask_for_bridges }, { "vlans", ask_for_vlans },
	{ "console", ask_console }, { "console-long", ask_console_with_high_bit },
};

static void try(const char *name)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].name, name) == 0) {
			int result = in_child(acts[i].act);

			printf("%s %s\n", name, result < 0 ? strerrorname_np(-result) : "ok");
			return;
		}
	printf("%s is not known\n", name);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "sockets") == 0)
			print_sockets();
		else
			try(argv[i]);
		(void)fflush(stdout);
	}
	return 0;
}
