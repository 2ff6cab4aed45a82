/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * terminal - a private pty between the caller's terminal and the payload
 *
 * Theory of the relay.  Two flows with a bounded buffer each: keys from the
 * caller's terminal to the master, output from the master to the caller's
 * terminal.  A source is waited for only while its buffer has room, a sink
 * only while it has bytes, so a payload that floods, or that never reads,
 * comes to wait itself, in the kernel.
 *
 * Nothing here may wait for the terminal.  O_NONBLOCK on descriptor 0 or 1
 * would reach everyone who shares the open file, the caller's shell among
 * them, so the terminal is opened once more for us alone.
 *
 * The launcher keeps the peer open: else the master would report a hang-up,
 * again and again, whenever the payload has no descriptor of it for a while.
 */
#include "sandbox/terminal.h"

#include "sandbox/cleanup.h"
#include "sandbox/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* It never comes back, and does nothing (hung_up_tty_fops); so it is like a pipe that ended. */
static bool has_hung_up(int fd)
{
	struct pollfd look = { .fd = fd };

	return poll(&look, 1, 0) == 1 && (look.revents & POLLHUP) != 0;
}

/* Not isatty(3), which calls whatever fails no terminal: then the payload kept the caller's. */
int terminal_look(int fd)
{
	struct termios settings;
	int err;

	if (tcgetattr(fd, &settings) == 0)
		return 1;
	err = errno;
	if (err == ENOTTY || err == EINVAL || err == EBADF || (err == EIO && has_hung_up(fd)))
		return 0;
	errno = err;
	return -1;
}

/* ---- setup's side -------------------------------------------------------------------------- */

int terminal_open_master(int directory, const char *path)
{
	auto_close master = openat(directory, path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	int locked = 0;

	if (master < 0 || ioctl(master, TIOCSPTLCK, &locked) < 0)
		return -1;
	return take_fd(&master);
}

static int open_peer(int master)
{
	return ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

/* Whichever of the standard descriptors is a terminal. */
static int find_ours(void)
{
	static const int order[] = { STDOUT_FILENO, STDERR_FILENO, STDIN_FILENO };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (isatty(order[i]))
			return order[i];
	return -1;
}

/* TIOCGDEV sees through names such as /dev/tty. */
static bool same_terminal(int a, int b)
{
	unsigned device_a, device_b;

	return ioctl(a, IOCTL_REQUEST(TIOCGDEV), &device_a) == 0 &&
	       ioctl(b, IOCTL_REQUEST(TIOCGDEV), &device_b) == 0 &&
	       device_a == device_b;
}

static bool is_full(void)
{
	return same_terminal(STDIN_FILENO, STDOUT_FILENO);
}

static int copy_size(int from, int to)
{
	struct winsize size;

	return ioctl(from, TIOCGWINSZ, &size) < 0 || ioctl(to, TIOCSWINSZ, &size) < 0 ? -1 : 0;
}

/*
 * The private one starts as ours is.  In part mode ours goes on echoing and
 * writing line ends, which must not be done twice.
 */
static int copy_settings(int from, int to)
{
	struct termios settings;

	if (tcgetattr(from, &settings) < 0)
		return -1;
	if (!is_full()) {
		settings.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
		settings.c_oflag &= ~(tcflag_t)OPOST;
	}
	return tcsetattr(to, TCSANOW, &settings);
}

/* Here and not in the launcher: the payload must not start before it is done. */
int terminal_open_peer(int master)
{
	auto_close peer = open_peer(master);
	int ours;

	if (peer < 0)
		return -1;
	ours = find_ours();
	if (ours >= 0 && (copy_settings(ours, peer) < 0 || copy_size(ours, peer) < 0))
		return -1;
	return take_fd(&peer);
}

/* ---- flows --------------------------------------------------------------------------------- */

static bool has_bytes(const struct terminal_flow *flow)
{
	return flow->begin < flow->end;
}

/* One byte is kept free for the end-of-file character. */
static bool has_room(const struct terminal_flow *flow)
{
	return flow->end - flow->begin < sizeof(flow->bytes) - 1;
}

/* An interrupted or untimely call moved nothing; the next poll tells when to try again. */
static bool comes_again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* Reads what there is.  Returns how much, 0 at the end, or -1. */
static ssize_t fill(struct terminal_flow *flow, int source)
{
	ssize_t n;

	memmove(flow->bytes, flow->bytes + flow->begin, flow->end - flow->begin);
	flow->end -= flow->begin;
	flow->begin = 0;
	n = read(source, flow->bytes + flow->end, sizeof(flow->bytes) - 1 - flow->end);
	if (n > 0)
		flow->end += (size_t)n;
	return n;
}

/* Writes what the sink takes.  What a broken sink will never take is dropped, as by a terminal. */
static void drain(struct terminal_flow *flow, int sink)
{
	ssize_t n = write(sink, flow->bytes + flow->begin, flow->end - flow->begin);

	if (n > 0)
		flow->begin += (size_t)n;
	else if (n < 0 && !comes_again())
		flow->begin = flow->end;
}

/* ---- the caller's terminal ----------------------------------------------------------------- */

/*
 * Whoever is in the background must leave the terminal alone.  ENOTTY: it is
 * not our controlling terminal, so job control does not speak of us at all.
 */
static bool in_foreground(int tty)
{
	pid_t group = tcgetpgrp(tty);

	return group == getpgrp() || (group < 0 && errno == ENOTTY);
}

/*
 * The same terminal, as an open file of our own.  Refused where its node is
 * another user's, after su for example; then the caller's serves, and a
 * terminal that takes no output makes the launcher wait.
 */
static int open_own(int tty)
{
	char path[32];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", tty);
	fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd >= 0 ? fd : fcntl(tty, F_DUPFD_CLOEXEC, 0);
}

/* Did a read end where the caller pressed the end-of-file key?  Raw keys have no such meaning. */
static bool was_ended(const struct terminal *terminal, ssize_t n, bool had_room)
{
	const struct terminal_flow *in = &terminal->in;
	struct termios settings;

	if (n == 0)
		return true;
	return had_room && in->bytes[in->end - 1] != '\n' &&
	       tcgetattr(terminal->reader, &settings) == 0 && (settings.c_lflag & ICANON) != 0;
}

/* The private terminal's key for it, which the payload may have changed. */
static void end_line(struct terminal *terminal)
{
	struct termios settings;

	if (tcgetattr(terminal->peer, &settings) == 0 && settings.c_cc[VEOF] != _POSIX_VDISABLE)
		terminal->in.bytes[terminal->in.end++] = (char)settings.c_cc[VEOF];
}

/*
 * What was typed ahead as whole lines.  The change to raw mode would make zero bytes of the
 * end-of-file keys among it (n_tty_receive_char_special() keeps them as __DISABLED_CHAR),
 * and a payload that waits for its input to end would never see that.
 */
static void take_typed_ahead(struct terminal *terminal)
{
	struct terminal_flow *in = &terminal->in;
	struct pollfd keys = { .fd = terminal->reader, .events = POLLIN };

	while (!in->closed && has_room(in) && poll(&keys, 1, 0) == 1) {
		bool gone = (keys.revents & (POLLHUP | POLLERR)) != 0;
		ssize_t n = gone ? -1 : fill(in, terminal->reader);

		if (n < 0)
			return;			/* who comes to the keys later finds out why */
		if (was_ended(terminal, n, has_room(in)))
			end_line(terminal);
	}
}

/* TCSANOW throughout: to wait until output has left could take forever. */
static void begin_raw(struct terminal *terminal)
{
	struct termios settings;

	if (!terminal->full || !in_foreground(terminal->ours))
		return;
	if (!terminal->raw && tcgetattr(terminal->ours, &terminal->saved) < 0)
		return;		/* it is gone: nothing to set, nothing to restore */
	if (!terminal->raw && (terminal->saved.c_lflag & ICANON) != 0)
		take_typed_ahead(terminal);
	settings = terminal->saved;
	cfmakeraw(&settings);
	terminal->raw = tcsetattr(terminal->ours, TCSANOW, &settings) == 0;
}

static void end_raw(struct terminal *terminal)
{
	if (terminal->raw && in_foreground(terminal->ours))
		(void)tcsetattr(terminal->ours, TCSANOW, &terminal->saved);	/* or it is gone */
	terminal->raw = false;
}

/* ---- the launcher's side ------------------------------------------------------------------- */

static int open_all(struct terminal *terminal)
{
	int flags = fcntl(terminal->master, F_GETFL);

	/* The master's open file is shared with setup alone, which is done with it. */
	if (flags < 0 || fcntl(terminal->master, F_SETFL, flags | O_NONBLOCK) < 0)
		return -1;
	terminal->peer = open_peer(terminal->master);
	terminal->writer = open_own(terminal->ours);
	if (terminal->peer < 0 || terminal->writer < 0)
		return -1;
	if (!terminal->reads)
		return 0;
	terminal->reader = open_own(STDIN_FILENO);
	return terminal->reader < 0 ? -1 : 0;
}

int terminal_begin(struct terminal *terminal, int master, struct failure *why)
{
	memset(terminal, 0, sizeof(*terminal));
	terminal->master = master;
	terminal->peer = terminal->reader = terminal->writer = -1;
	terminal->ours = find_ours();
	terminal->reads = isatty(STDIN_FILENO);
	terminal->full = is_full();
	terminal->in.closed = !terminal->reads;
	if (terminal->ours < 0)
		return fail(why, ENOTTY, "relay a terminal: none of descriptors 0 to 2");
	if (open_all(terminal) < 0)
		return fail(why, errno, "take up the private terminal");
	terminal_resume(terminal);
	return 0;
}

void terminal_resume(struct terminal *terminal)
{
	if (terminal->master < 0)
		return;
	(void)copy_size(terminal->ours, terminal->master);	/* the old one will do */
	begin_raw(terminal);
}

/* ---- moving -------------------------------------------------------------------------------- */

enum { KEYS, TO_PAYLOAD, FROM_PAYLOAD, SCREEN };

static void want(struct pollfd *poll, bool wanted, int fd, short events)
{
	/* An unwanted descriptor is left out, or its hang-up would wake us forever. */
	*poll = (struct pollfd){ .fd = wanted ? fd : -1, .events = events };
}

void terminal_want(const struct terminal *terminal, struct pollfd polls[TERMINAL_POLLS])
{
	const struct terminal_flow *in = &terminal->in, *out = &terminal->out;
	bool open = terminal->master >= 0;

	want(&polls[KEYS], open && !in->closed && has_room(in) && in_foreground(terminal->reader),
	     terminal->reader, POLLIN);
	want(&polls[TO_PAYLOAD], open && has_bytes(in), terminal->master, POLLOUT);
	want(&polls[FROM_PAYLOAD], open && !out->closed && has_room(out), terminal->master, POLLIN);
	want(&polls[SCREEN], open && has_bytes(out), terminal->writer, POLLOUT);
}

static void read_keys(struct terminal *terminal, short events)
{
	struct terminal_flow *in = &terminal->in;
	ssize_t n = fill(in, terminal->reader);

	if (n < 0) {
		/* EIO also comes to who was put in the background just now (tty_check_change()). */
		in->closed = !comes_again() && in_foreground(terminal->reader);
		return;
	}
	/* A terminal that hung up, or a raw one that reports an end, never gives anything again. */
	if (n == 0 && (terminal->full || (events & (POLLHUP | POLLERR)) != 0))
		in->closed = true;
	if (!terminal->full && was_ended(terminal, n, has_room(in)))
		end_line(terminal);
}

/* We hold the peer, so an end or an error here is final. */
static void read_output(struct terminal *terminal)
{
	ssize_t n = fill(&terminal->out, terminal->master);

	terminal->out.closed = n == 0 || (n < 0 && !comes_again());
}

void terminal_move(struct terminal *terminal, const struct pollfd polls[TERMINAL_POLLS])
{
	if (terminal->master < 0)
		return;
	if (polls[SCREEN].revents != 0)
		drain(&terminal->out, terminal->writer);
	if (polls[TO_PAYLOAD].revents != 0)
		drain(&terminal->in, terminal->master);
	if (polls[KEYS].revents != 0)
		read_keys(terminal, polls[KEYS].revents);
	if (polls[FROM_PAYLOAD].revents != 0)
		read_output(terminal);
}

/* ---- stopping and ending ------------------------------------------------------------------- */

enum {
	/* More than the kernel holds of a pty's output: 64 KiB, and 4 of the line discipline. */
	LAST_OUTPUT = 128 * 1024,
	PATIENCE = 10 * 1000,		/* milliseconds without any progress */
};

/* Waits until the screen takes something. */
static bool screen_is_ready(const struct terminal *terminal)
{
	struct pollfd screen = { .fd = terminal->writer, .events = POLLOUT };
	int ready;

	do
		ready = poll(&screen, 1, PATIENCE);
	while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/*
 * Writes out what the payload wrote until now.  A read that would wait has
 * first made the kernel hand over all that was written (n_tty_read(), Linux
 * 4.5), so nothing is on its way when there is nothing left.
 */
static void finish_output(struct terminal *terminal)
{
	struct terminal_flow *out = &terminal->out;
	size_t left = LAST_OUTPUT;

	for (;;) {
		ssize_t n;

		while (has_bytes(out) && screen_is_ready(terminal))
			drain(out, terminal->writer);
		if (has_bytes(out) || left == 0)
			return;
		n = fill(out, terminal->master);
		if (n <= 0)
			return;
		left -= (size_t)n < left ? (size_t)n : left;
	}
}

void terminal_suspend(struct terminal *terminal)
{
	if (terminal->master < 0)
		return;
	if (terminal->writer >= 0)	/* it began */
		finish_output(terminal);
	end_raw(terminal);
}

void terminal_end(struct terminal *terminal)
{
	if (terminal->master < 0)
		return;
	terminal_suspend(terminal);
	put_fd(&terminal->reader, -1);
	put_fd(&terminal->writer, -1);
	put_fd(&terminal->peer, -1);
	put_fd(&terminal->master, -1);
}
