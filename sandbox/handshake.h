/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handshake - how the launcher and the processes inside keep step
 *
 *     launcher                              setup, later the reaper
 *       |------- MAPPED ---------------------->|   its IDs are mapped, and were read back
 *       |<------ TERMINAL (descriptor) --------|   the private pty's master, if one is wanted
 *       |------- SIGNAL n -------------------->|   the launcher was sent one
 *       |<------ STOPPED n, EXITED status -----|   as waitpid(2) tells of the payload
 *
 * One SOCK_SEQPACKET pair, a message a packet.  In place of any message from
 * inside, FAILED may come with a struct failure.  An end of file anywhere but
 * after EXITED means that the peer died, and is a failure: silence is never
 * taken for consent.  (With --as-pid-1 there is no reaper, exec closes the
 * inner end, and the launcher waits for the payload itself.)
 */
#ifndef SANDBOX_HANDSHAKE_H
#define SANDBOX_HANDSHAKE_H

#include "sandbox/failure.h"

enum message_kind {
	MESSAGE_MAPPED = 1, MESSAGE_TERMINAL, MESSAGE_SIGNAL, MESSAGE_STOPPED, MESSAGE_EXITED,
	MESSAGE_FAILED,
};

struct message {
	enum message_kind kind;
	int value;			/* a signal or a wait status */
};

/* Makes the pair, both ends close-on-exec.  Returns 0, or -1 with why filled in. */
int handshake_open(int ends[2], struct failure *why);

/* Sends a message, with a descriptor unless fd is -1.  Returns 0, or -1 with errno. */
int handshake_send(int end, enum message_kind kind, int value, int fd);

/* Sends FAILED.  No result: if it cannot be sent, the end of file says enough. */
void handshake_send_failure(int end, const struct failure *why);

/*
 * Waits for the next message.  Returns 1; 0 at end of file; -1 with why filled
 * in for FAILED and for whatever is no message.  *fd, if not NULL, is the
 * descriptor that came with it, or -1.
 */
int handshake_receive(int end, struct message *message, int *fd, struct failure *why);

/* Waits for this very message; anything else, and the end of file, is a failure. */
int handshake_expect(int end, enum message_kind kind, int *fd, struct failure *why);

#endif
