/* SPDX-License-Identifier: GPL-2.0-or-later */
/* handshake - how the processes keep step */
#include "sandbox/handshake.h"

#include "sandbox/cleanup.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* What a packet holds: the message, and behind FAILED alone a struct failure. */
struct packet {
	struct message message;
	struct failure failure;
};

union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

int handshake_open(int ends[2], struct failure *why)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return fail(why, errno, "make a socket between the processes");
	return 0;
}

static void attach_descriptor(struct msghdr *head, union control *control, int fd)
{
	struct cmsghdr *part;

	*control = (union control){ 0 };
	head->msg_control = control->room;
	head->msg_controllen = sizeof(control->room);
	part = CMSG_FIRSTHDR(head);
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(part), &fd, sizeof(fd));
}

static int send_packet(int end, void *packet, size_t size, int fd)
{
	struct iovec bytes = { .iov_base = packet, .iov_len = size };
	struct msghdr head = { .msg_iov = &bytes, .msg_iovlen = 1 };
	union control control;
	ssize_t sent;

	if (fd >= 0)
		attach_descriptor(&head, &control, fd);
	do
		sent = sendmsg(end, &head, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)size ? 0 : -1;
}

int handshake_send(int end, enum message_kind kind, int value, int fd)
{
	struct message message = { .kind = kind, .value = value };

	return send_packet(end, &message, sizeof(message), fd);
}

int handshake_send_command(int end, const struct privileges *held)
{
	struct message message = { .kind = MESSAGE_COMMAND, .held = *held };

	return send_packet(end, &message, sizeof(message), -1);
}

int handshake_send_end(int end, int how, const struct kills *kills)
{
	struct message message = { .kind = MESSAGE_ENDED, .value = how, .kills = *kills };

	return send_packet(end, &message, sizeof(message), -1);
}

void handshake_send_failure(int end, const struct failure *why)
{
	struct packet packet = { .message = { .kind = MESSAGE_FAILED }, .failure = *why };

	(void)send_packet(end, &packet, sizeof(packet), -1);
}

static int taken_descriptor(struct msghdr *head)
{
	struct cmsghdr *part = CMSG_FIRSTHDR(head);
	int fd = -1;

	if (part != NULL && part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS &&
	    part->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(part), sizeof(fd));
	return fd;
}

/* The failure comes from a process of ours, but is treated as bytes all the same. */
static int take_failure(const struct packet *packet, ssize_t got, struct failure *why)
{
	if (got != sizeof(*packet))
		return fail(why, 0, "a report of a failure was cut off");
	*why = packet->failure;
	why->told = true;
	why->phase[sizeof(why->phase) - 1] = '\0';
	why->what[sizeof(why->what) - 1] = '\0';
	why->hint[sizeof(why->hint) - 1] = '\0';
	why->familiar[sizeof(why->familiar) - 1] = '\0';
	return -1;
}

int handshake_receive(int end, struct message *message, int *fd, struct failure *why)
{
	struct packet packet;
	struct iovec bytes = { .iov_base = &packet, .iov_len = sizeof(packet) };
	union control control;
	struct msghdr head = {
		.msg_iov = &bytes, .msg_iovlen = 1,
		.msg_control = control.room, .msg_controllen = sizeof(control.room),
	};
	auto_close taken = -1;
	ssize_t got;

	/* ECONNRESET, told once: the peer left unread what we sent; its last words come after. */
	do
		got = recvmsg(end, &head, MSG_CMSG_CLOEXEC);
	while (got < 0 && (errno == EINTR || errno == ECONNRESET));
	if (got < 0)
		return fail(why, errno, "hear from the other process");
	taken = got > 0 ? taken_descriptor(&head) : -1;
	if (fd != NULL)
		*fd = take_fd(&taken);
	if (got <= 0)
		return 0;
	if (got < (ssize_t)sizeof(packet.message))
		return fail(why, 0, "the other process sent no message");
	*message = packet.message;
	return message->kind == MESSAGE_FAILED ? take_failure(&packet, got, why) : 1;
}

int handshake_expect(int end, enum message_kind kind, int *value, int *fd, struct failure *why)
{
	struct message message;
	int got = handshake_receive(end, &message, fd, why);

	if (got < 0)
		return -1;
	if (got == 0)
		return fail(why, 0, "the other process died before its message %d", (int)kind);
	if (message.kind != kind)
		return fail(why, 0, "the other process sent message %d where %d was due",
			    (int)message.kind, (int)kind);
	if (value != NULL)
		*value = message.value;
	return 0;
}
