/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Terminals: who may push characters into one, what the kernel reads of an
 * ioctl's number, and a private pty made in a namespace with one mapped ID.
 */
#include "tests/kernel/stage.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int master = -1, peer = -1;

static void open_pair(int ptmx)
{
	int unlocked = 0;

	master = ptmx;
	must(ioctl(master, TIOCSPTLCK, &unlocked));
	peer = must(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
}

/* The host's own pty: its place differs between a full system and a container. */
static void open_host_pair(void)
{
	int ptmx = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (ptmx < 0)
		ptmx = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (ptmx < 0)
		skip_scene("no pty can be opened here: %s", strerrorname_np(errno));
	open_pair(ptmx);
}

static void own_terminal(void)
{
	open_host_pair();
	must(setsid());
	must(ioctl(peer, TIOCSCTTY, 0));
}

static bool push_is_allowed(void)
{
	char text[8];

	if (access("/proc/sys/dev/tty/legacy_tiocsti", R_OK))
		return true;
	read_text("/proc/sys/dev/tty/legacy_tiocsti", text, sizeof(text));
	return text[0] == '1';
}

static unsigned int waiting_characters(void)
{
	int count = 0;
	struct termios settings;

	must(tcgetattr(peer, &settings));
	settings.c_lflag &= ~(tcflag_t)ICANON;
	must(tcsetattr(peer, TCSANOW, &settings));
	must(ioctl(peer, FIONREAD, &count));
	return (unsigned int)count;
}

static void pushing_follows_the_sysctl(void)
{
	own_terminal();
	if (push_is_allowed()) {
		must(ioctl(peer, TIOCSTI, "x"));
		claim(waiting_characters() == 1);
	} else {
		refused(EIO, ioctl(peer, TIOCSTI, "x"));
		claim(waiting_characters() == 0);
	}
}

/* A filter that compares 64 bits is passed by: the kernel looks at 32. */
static void upper_bits_of_the_command_are_ignored(void)
{
	struct winsize size = { 0 };

	own_terminal();
	must(syscall(SYS_ioctl, peer, TIOCGWINSZ | UINT64_C(1) << 32, &size));
	if (!push_is_allowed())
		skip_scene("dev.tty.legacy_tiocsti is 0: TIOCSTI itself cannot be asked");
	must(syscall(SYS_ioctl, peer, TIOCSTI | UINT64_C(1) << 32, "x"));
	claim(waiting_characters() == 1);
}

static void push_into_anothers(void)
{
	must(setsid());
	refused(EPERM, ioctl(peer, TIOCSTI, "x"));
}

/* A new session alone keeps an unprivileged process from the old terminal. */
static void pushing_into_anothers_terminal(void)
{
	if (!push_is_allowed())
		skip_scene("dev.tty.legacy_tiocsti is 0: the answer is EIO for everybody");
	own_terminal();
	play_in_child(push_into_anothers);
	claim(waiting_characters() == 0);
}

/* CAP_SYS_ADMIN in a namespace of one's own is not what the ioctl asks for. */
static void push_as_root_of_a_namespace(void)
{
	must(setsid());
	enter_alone(0, 0, 0);
	refused(EPERM, ioctl(peer, TIOCSTI, "x"));
}

static void pushing_as_root_of_a_namespace(void)
{
	if (!push_is_allowed())
		skip_scene("dev.tty.legacy_tiocsti is 0: the answer is EIO for everybody");
	own_terminal();
	play_in_child(push_as_root_of_a_namespace);
	claim(waiting_characters() == 0);
}

static int private_ptmx(int *devpts)
{
	const struct mount_option options[] = {
		{ "newinstance", NULL }, { "ptmxmode", "0666" }, { "mode", "620" }, { NULL, NULL },
	};

	*devpts = must(new_mount("devpts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, options));
	return must(openat(*devpts, "ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
}

static void be_the_payload(void)
{
	char name[64];

	must(setsid());
	must(ioctl(peer, TIOCSCTTY, 0));
	must(dup2(peer, STDIN_FILENO));
	claim(ttyname_r(STDIN_FILENO, name, sizeof(name)) == 0);
	claim(strcmp(name, "/dev/pts/0") == 0);
	close(must(open("/dev/tty", O_RDWR | O_CLOEXEC)));
	must(write(STDIN_FILENO, "hello", 5));
}

static void private_pty_works_with_one_id(void)
{
	struct stat status;
	char text[8];
	int devpts, ptmx;

	enter_alone(CLONE_NEWNS, player_uid(), player_gid());
	ptmx = private_ptmx(&devpts);
	open_pair(ptmx);
	must(attach(devpts, AT_FDCWD, "/dev/pts"));
	must(fstat(peer, &status));
	claim(status.st_uid == player_uid() && (status.st_mode & 0777) == 0620);
	play_in_child(be_the_payload);
	claim(must(read(master, text, sizeof(text))) == 5);
	claim(memcmp(text, "hello", 5) == 0);
}

static int channel[2];

static void send_master(void)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
				  .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	char text[1] = { 0 };
	struct iovec byte = { .iov_base = text, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &byte, .msg_iovlen = 1,
				  .msg_control = &control, .msg_controllen = sizeof(control) };
	int devpts, ptmx;

	enter_alone(CLONE_NEWNS, player_uid(), player_gid());
	ptmx = private_ptmx(&devpts);
	memcpy(CMSG_DATA(&control.header), &ptmx, sizeof(ptmx));
	must(sendmsg(channel[1], &message, 0));
}

static int receive_master(void)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	char text[1];
	struct iovec byte = { .iov_base = text, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &byte, .msg_iovlen = 1,
				  .msg_control = &control, .msg_controllen = sizeof(control) };
	int received;

	must(recvmsg(channel[0], &message, MSG_CMSG_CLOEXEC));
	claim(message.msg_controllen > 0);
	memcpy(&received, CMSG_DATA(&control.header), sizeof(received));
	return received;
}

/* The launcher outside holds the master of a pty whose devpts nobody mounts any more. */
static void master_works_outside(void)
{
	struct winsize set = { .ws_row = 33, .ws_col = 77 }, got = { 0 };

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel));
	play_in_child(send_master);
	open_pair(receive_master());
	must(ioctl(master, TIOCSWINSZ, &set));
	must(ioctl(peer, TIOCGWINSZ, &got));
	claim(got.ws_row == 33 && got.ws_col == 77);
}

static const struct scene scenes[] = {
	{ "pushing into one's own terminal follows the sysctl", pushing_follows_the_sysctl },
	{ "the upper 32 bits of a command are ignored", upper_bits_of_the_command_are_ignored },
	{ "pushing into another's terminal: EPERM", pushing_into_anothers_terminal },
	{ "the same as root of a namespace: EPERM", pushing_as_root_of_a_namespace },
	{ "a private pty works with one mapped ID", private_pty_works_with_one_id },
	{ "its master works outside", master_works_outside },
};

int main(void)
{
	return play_scenes("terminal", SCENES(scenes));
}
